/* Parameters are gathered in memory, step by step, and written at the end: a trace is small, or
 * refused. Samples are a pure function of the step and drawn again for the file. */
#include "sim/experiment/trace.h"

#include "sim/base/npz.h"
#include "sim/experiment/init_from.h"

#include <math.h>
#include <string.h>

static const double MAX_BYTES = 1024.0 * 1024.0 * 1024.0;

/* What is gathered while a run trains. */
typedef struct Trace {
    Training *training;
    int64_t n_steps, batch, n_features;
    float *x, *y;                /* [batch][n_features]: one batch at a time */
    double *rates, *losses;      /* [n_steps] */
    float *first;                /* [n_parameters] */
    float *tensors[MAX_TENSORS]; /* [n_steps][…]: each tensor after each step; NULL: it is fixed */
} Trace;

static int64_t tensor_size(const Tensor *tensor) {
    return (int64_t)tensor->n_rows * (tensor->is_vector ? 1 : tensor->n_columns);
}

static double effective_decay(const TrainSettings *train) {
    const OptimizerKind *optimizer = (const OptimizerKind *)train->optimizer.kind;
    return isnan(train->weight_decay) ? optimizer->weight_decay : train->weight_decay;
}

static double hidden_penalty(const Settings *settings) {
    return ((const ModelSettings *)settings->model.settings)->hidden_penalty;
}

static bool check_size(const Settings *settings, int64_t steps, Error *error) {
    double n_features = (double)((const DataSettings *)settings->data.settings)->n_features;
    Model model;
    model_sizes(&model, &settings->model, (int)n_features);
    double n_parameters = (double)model.n_parameters, n_moving = (double)model_count_moving(&model);
    double bytes = sizeof(float) * (n_parameters + (double)steps * n_moving +
                                    2 * (double)steps * (double)settings->train.batch * n_features);
    return bytes <= MAX_BYTES ||
           error_set(error,
                     "a trace of %lld steps would take %.3g GiB, more than the 1 GiB it may: "
                     "take fewer --steps or a smaller train.batch",
                     (long long)steps, bytes / MAX_BYTES);
}

/* What stands in the file once must hold for all steps, and X has one batch. Learning rates and
 * data may change. */
static bool check_changes(const Run *run, int64_t steps, Error *error) {
    const TrainSettings *first = &run->phases[0].settings->train;
    for (int i = 1; i < run->n_phases && run->phases[i].step < steps; i++) {
        const TrainSettings *train = &run->phases[i].settings->train;
        double penalty = hidden_penalty(run->phases[i].settings);
        const char *what = train->batch != first->batch                   ? "train.batch"
                           : train->loss_exponent != first->loss_exponent ? "train.loss_exponent"
                           : train->momentum != first->momentum           ? "train.momentum"
                           : effective_decay(train) != effective_decay(first) ? "train.weight_decay"
                           : penalty != hidden_penalty(run->phases[0].settings)
                               ? "model.hidden_penalty"
                               : NULL;
        if (what)
            return error_set(error, "%s changes at step %lld: trace at most %lld steps", what,
                             (long long)run->phases[i].step, (long long)run->phases[i].step);
    }
    return true;
}

static bool check_importance(const Trace *trace, const double *importance, int64_t step,
                             Error *error) {
    const Task *task = training_task(trace->training);
    size_t n_bytes = (size_t)task->n_outputs * sizeof *importance;
    return memcmp(task->importance, importance, n_bytes) == 0 ||
           error_set(error, "task.importance changes at step %lld: trace at most %lld steps",
                     (long long)step, (long long)step);
}

static bool open_trace(Trace *trace, const Experiment *experiment, const Run *run, Isa isa,
                       Arena *arena, Error *error) {
    const Settings *settings = run->phases[0].settings;
    const ModelSettings *model_settings = settings->model.settings;
    if (!training_open(&trace->training, run->phases, run->n_phases, run->restart, 1, isa, NULL,
                       arena, error) ||
        !init_from_load(model_settings->init_from, experiment->beside,
                        training_model(trace->training), arena, error))
        return false;
    const Model *model = training_model(trace->training);
    int64_t n_steps = trace->n_steps;
    trace->batch = settings->train.batch;
    trace->n_features = model->n_features;
    trace->x = ARENA_TRY(arena, float, trace->batch * trace->n_features);
    trace->y = ARENA_TRY(arena, float, trace->batch * trace->n_features);
    trace->rates = ARENA_TRY(arena, double, n_steps);
    trace->losses = ARENA_TRY(arena, double, n_steps);
    trace->first = ARENA_TRY(arena, float, model->n_parameters);
    float *tensors = ARENA_TRY(arena, float, n_steps *model_count_moving(model));
    if (!trace->x || !trace->y || !trace->rates || !trace->losses || !trace->first || !tensors)
        return error_set(error, "no memory for a trace of %lld steps", (long long)n_steps);
    memcpy(trace->first, model->parameters, (size_t)model->n_parameters * sizeof(float));
    for (int i = 0; i < model->n_tensors; i++)
        trace->tensors[i] =
            model->tensors[i].is_fixed ? NULL : tensors + n_steps * model->tensors[i].offset;
    return true;
}

static bool trace_step(Trace *trace, int64_t step, Error *error) {
    const Model *model = training_model(trace->training);
    trace->rates[step] = training_learning_rate(trace->training, step);
    if (!training_advance(trace->training, step + 1, NULL, NULL, error))
        return false;
    trace->losses[step] = training_loss(trace->training);
    for (int i = 0; i < model->n_tensors; i++) {
        int64_t n = tensor_size(&model->tensors[i]);
        if (!trace->tensors[i])
            continue;
        memcpy(trace->tensors[i] + step * n, model->parameters + model->tensors[i].offset,
               (size_t)n * sizeof(float));
    }
    return true;
}

static bool record_steps(Trace *trace, const double *importance, Error *error) {
    for (int64_t step = 0; step < trace->n_steps; step++)
        if (!check_importance(trace, importance, step, error) || !trace_step(trace, step, error))
            return false;
    return true;
}

/* W0, b0, W2_0, b_hidden_0, and W_t, b_t, …: names of one letter take the 0 without a dash. Fixed
 * tensors, M and W_E, stand there once, by their names. */
static bool add_tensors(NpzWriter *writer, const Trace *trace, Arena *arena, Error *error) {
    const Model *model = training_model(trace->training);
    for (int i = 0; i < model->n_tensors; i++) {
        const Tensor *tensor = &model->tensors[i];
        const char *dash = strlen(tensor->name) > 1 ? "_" : "";
        int rank = tensor->is_vector ? 1 : 2;
        NpzArray first = {.name = tensor->is_fixed
                                      ? tensor->name
                                      : arena_print(arena, "%s%s0", tensor->name, dash),
                          .rank = rank,
                          .shape = {tensor->n_rows, tensor->n_columns},
                          .values = trace->first + tensor->offset};
        NpzArray all = {.name = arena_print(arena, "%s_t", tensor->name),
                        .rank = rank + 1,
                        .shape = {trace->n_steps, tensor->n_rows, tensor->n_columns},
                        .values = trace->tensors[i]};
        if (!npz_add(writer, &first, error) || (!tensor->is_fixed && !npz_add(writer, &all, error)))
            return false;
    }
    return true;
}

static bool add_settings(NpzWriter *writer, const Settings *settings, const Model *model,
                         Error *error) {
    const TrainSettings *train = &settings->train;
    const OptimizerKind *optimizer = (const OptimizerKind *)train->optimizer.kind;
    double constants[3] = {0, 0, 0}, decay = effective_decay(train);
    double penalty = hidden_penalty(settings);
    double bias = ((const ModelSettings *)settings->model.settings)->bias;
    double momentum = strcmp(optimizer->kind.name, "momentum") == 0 ? train->momentum : 0;
    if (optimizer->constants)
        optimizer->constants(train->optimizer.settings, constants);
    const NpzArray arrays[] = {
        {"beta1", NPZ_FLOAT64, 0, {0}, &constants[0]},
        {"beta2", NPZ_FLOAT64, 0, {0}, &constants[1]},
        {"epsilon", NPZ_FLOAT64, 0, {0}, &constants[2]},
        {"momentum", NPZ_FLOAT64, 0, {0}, &momentum},
        {"weight_decay", NPZ_FLOAT64, 0, {0}, &decay},
        {"loss_exponent", NPZ_FLOAT64, 0, {0}, &train->loss_exponent},
        {"hidden_penalty", NPZ_FLOAT64, 0, {0}, &penalty},
        {"bias", NPZ_FLOAT64, 0, {0}, &bias},
        {"model", NPZ_TEXT, 0, {0}, &settings->model.kind->name},
        {"hidden_activation", NPZ_TEXT, 0, {0}, &activation_words[model->hidden]},
        {"output_activation", NPZ_TEXT, 0, {0}, &activation_words[model->output]},
        {"optimizer", NPZ_TEXT, 0, {0}, &optimizer->kind.name},
    };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        if (!npz_add(writer, &arrays[i], error))
            return false;
    return true;
}

/* X or Y, whichever `values` is: trace->x or trace->y. */
static bool add_samples(NpzWriter *writer, const Trace *trace, const char *name,
                        const float *values, Error *error) {
    int64_t n = trace->batch * trace->n_features;
    const NpzArray array = {
        .name = name, .rank = 3, .shape = {trace->n_steps, trace->batch, trace->n_features}};
    if (!npz_begin(writer, &array, error))
        return false;
    for (int64_t step = 0; step < trace->n_steps; step++) {
        training_batch(trace->training, step, trace->x, trace->y);
        if (!npz_append(writer, values, n, error))
            return false;
    }
    return true;
}

static bool add_vectors(NpzWriter *writer, const Trace *trace, const double *importance,
                        Error *error) {
    const NpzArray arrays[] = {
        {"importance", NPZ_FLOAT64, 1, {trace->n_features}, importance},
        {"learning_rate", NPZ_FLOAT64, 1, {trace->n_steps}, trace->rates},
        {"loss_t", NPZ_FLOAT64, 1, {trace->n_steps}, trace->losses},
    };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        if (!npz_add(writer, &arrays[i], error))
            return false;
    return true;
}

static bool write_trace(const Trace *trace, const Settings *settings, const double *importance,
                        const char *path, Arena *arena, Error *error) {
    NpzWriter *writer;
    if (!npz_create(&writer, path, error))
        return false;
    if (!add_tensors(writer, trace, arena, error) ||
        !add_samples(writer, trace, "X", trace->x, error) ||
        !add_samples(writer, trace, "Y", trace->y, error) ||
        !add_vectors(writer, trace, importance, error) ||
        !add_settings(writer, settings, training_model(trace->training), error)) {
        npz_cancel(writer);
        return false;
    }
    return npz_close(writer, error);
}

static bool trace_run(const Experiment *experiment, const Run *run, int64_t steps, Isa isa,
                      const char *path, Arena *arena, Error *error) {
    const Settings *settings = run->phases[0].settings;
    if (steps < 1 || steps > settings->train.steps)
        return error_set(error, "run %lld has %lld steps: a trace of %lld is not possible",
                         (long long)run->number, (long long)settings->train.steps,
                         (long long)steps);
    Trace trace = {.n_steps = steps};
    if (!check_size(settings, steps, error) || !check_changes(run, steps, error) ||
        !open_trace(&trace, experiment, run, isa, arena, error))
        return false;
    const double *importance = training_task(trace.training)->importance;
    return record_steps(&trace, importance, error) &&
           write_trace(&trace, settings, importance, path, arena, error);
}

bool trace_write(const Experiment *experiment, int64_t number, int64_t steps, Isa isa,
                 const char *path, Error *error) {
    if (number < 0 || number >= experiment->n_runs)
        return error_set(error, "there is no run %lld: runs are 0 … %lld", (long long)number,
                         (long long)experiment->n_runs - 1);
    Arena arena = {0};
    Run run = experiment_run(experiment, number, &arena);
    bool ok = trace_run(experiment, &run, steps, isa, path, &arena, error);
    arena_release(&arena);
    return ok;
}
