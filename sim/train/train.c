/* The training loop. A step is: chunks of the batch drawn and run by any worker in any order, their
 * gradients summed in the kernel's fixed order, one update.
 *
 * Data, task and objective of every phase are opened at the start, so that a change of settings
 * while a run trains costs nothing and cannot fail, and the loop allocates nothing. The update is
 * elementwise, so that it may be cut into ranges for the workers without touching a bit. */
#include "sim/train/train.h"

#include "sim/base/memory.h"
#include "sim/base/rng.h"

#include <assert.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

/* A pool round costs a few microseconds and an update about 1 ns a parameter: below this length a
 * range is not worth handing over, and a model of one range is updated by the caller alone. */
enum { RANGE = 16384 };

/* A phase with all that its settings open. */
typedef struct OpenPhase {
    int64_t step;
    const Settings *settings;
    const TrainSettings *train; /* of the settings */
    Data data;
    Task task;
    Objective objective;
    double weight_decay;
} OpenPhase;

struct Training {
    OpenPhase *phases; /* [n_phases] */
    int n_phases;
    const OpenPhase *phase; /* of the next step */
    const OptimizerKind *optimizer;
    Model model;
    float *gradient; /* [n_parameters] */
    float *states;   /* [n_states][n_parameters] */
    Workspace *workspace;
    Batch *batches; /* [n_workers]: a draw block for each */
    int n_workers;
    int batch_size;
    uint64_t key; /* the stream of batches */
    int64_t step, n_steps;
    double loss;
    Factors factors;       /* of the present update */
    atomic_bool is_broken; /* the update made a parameter NaN or infinite */
};

static bool open_phase(OpenPhase *phase, const Phase *from, Arena *arena, Error *error) {
    const Settings *settings = from->settings;
    const OptimizerKind *optimizer = (const OptimizerKind *)settings->train.optimizer.kind;
    double decay = settings->train.weight_decay;
    phase->step = from->step;
    phase->settings = settings;
    phase->train = &settings->train;
    phase->weight_decay = isnan(decay) ? optimizer->weight_decay : decay;
    if (!data_open(&phase->data, &settings->data, arena, error) ||
        !task_open(&phase->task, &settings->task, phase->data.n_features, arena, error))
        return false;
    phase->objective = (Objective){.importance = phase->task.importance,
                                   .exponent = settings->train.loss_exponent};
    return true;
}

static bool open_phases(Training *training, const Phase *phases, int n_phases, Arena *arena,
                        Error *error) {
    training->phases = ARENA_NEW(arena, OpenPhase, n_phases);
    training->n_phases = n_phases;
    for (int i = 0; i < n_phases; i++)
        if (!open_phase(&training->phases[i], &phases[i], arena, error))
            return error_prefix(error, "from step %lld: ", (long long)phases[i].step);
    training->phase = &training->phases[0];
    return true;
}

static bool open_arrays(Training *training, Arena *arena, Error *error) {
    int n_states = training->optimizer->n_states, n_features = training->model.n_features;
    int64_t n = training->model.n_parameters;
    training->gradient = ARENA_TRY(arena, float, n);
    training->states = n_states > 0 ? ARENA_TRY(arena, float, n *n_states) : NULL;
    if (!training->gradient || (n_states > 0 && !training->states))
        return error_set(error,
                         "no memory for training %lld parameters: gradient and optimizer "
                         "need %.3g GB",
                         (long long)n, (double)n * (1 + n_states) * sizeof(float) / 1e9);
    training->batches = ARENA_NEW(arena, Batch, training->n_workers);
    for (int i = 0; i < training->n_workers; i++)
        if (!batch_init(&training->batches[i], n_features, data_block(n_features), arena))
            return error_set(error, "no memory for samples of %d features", n_features);
    return true;
}

/* Everything at once, before any page is touched: arrays that are only promised cannot fail later.
 */
static bool check_memory(const Training *training, Isa isa, Error *error) {
    const Model *model = &training->model;
    double n_arrays = 2 + training->optimizer->n_states; /* parameters, gradient, states */
    double need = n_arrays * (double)model->n_parameters * sizeof(float) +
                  workspace_need(model, training->batch_size, training->n_workers, isa);
    return memory_suffices(need) ||
           error_set(error,
                     "training %d features in %d hidden dimensions needs %.3g GiB; %.3g GiB are "
                     "available",
                     model->n_features, model->n_hidden, need * 0x1p-30,
                     (double)memory_available() * 0x1p-30);
}

bool training_open(Training **out, const Phase *phases, int n_phases, int64_t restart,
                   int n_workers, Isa isa, Arena *arena, Error *error) {
    assert(n_phases > 0 && phases[0].step == 0 && n_workers > 0);
    const Settings *first = phases[0].settings;
    uint64_t seed = (uint64_t)first->train.seed;
    Training *training = ARENA_NEW(arena, Training, 1);
    *training = (Training){
        .optimizer = (const OptimizerKind *)first->train.optimizer.kind,
        .n_workers = n_workers,
        .batch_size = (int)first->train.batch,
        .key = rng_key(seed, (uint64_t)restart, PURPOSE_TRAIN),
        .n_steps = first->train.steps,
        .loss = (double)NAN,
    };
    if (!open_phases(training, phases, n_phases, arena, error) ||
        !model_open(&training->model, &first->model, training->phases[0].data.n_features, arena,
                    error) ||
        !check_memory(training, isa, error) || !open_arrays(training, arena, error) ||
        !workspace_open(&training->workspace, &training->model, &training->phases[0].objective,
                        training->batch_size, n_workers, isa, arena, error))
        return false;
    model_init(&training->model, &first->model, rng_key(seed, (uint64_t)restart, PURPOSE_INIT));
    *out = training;
    return true;
}

/* The last phase that has begun by that step. */
static const OpenPhase *phase_at(const Training *training, int64_t step) {
    int i = training->n_phases - 1;
    while (i > 0 && training->phases[i].step > step)
        i--;
    return &training->phases[i];
}

static void enter_phase(Training *training) {
    const OpenPhase *phase = phase_at(training, training->step);
    if (phase == training->phase)
        return;
    training->phase = phase;
    workspace_set_objective(training->workspace, &phase->objective);
}

/* PoolTask: draws and runs a chunk of the batch. */
static void run_chunk(void *context, int chunk, int worker) {
    Training *training = context;
    const OpenPhase *phase = training->phase;
    Batch *batch = &training->batches[worker];
    int first, end;
    workspace_blocks(training->workspace, chunk, &first, &end);
    workspace_begin(training->workspace, chunk);
    for (int block = first; block < end; block++) {
        task_draw(&phase->task, &phase->data, training->key, (uint64_t)training->step,
                  (uint64_t)block, training->batch_size, batch);
        workspace_add(training->workspace, &training->model, batch, chunk, worker);
    }
}

/* Whether no number is NaN or infinite, which is an exponent of all ones. ReLU can hide a NaN from
 * the loss for ever, so every update is looked at while it is in the cache. */
static bool all_finite(const float *values, int64_t n) {
    int n_bad = 0;
    for (int64_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        n_bad += (bits & 0x7f800000) == 0x7f800000;
    }
    return n_bad == 0;
}

/* PoolTask: updates a range of the parameters. */
static void update_range(void *context, int range, int worker) {
    (void)worker;
    Training *training = context;
    int64_t n_all = training->model.n_parameters, begin = (int64_t)range * RANGE;
    int64_t n = n_all - begin < RANGE ? n_all - begin : RANGE;
    float *parameters = training->model.parameters + begin;
    float *states[MAX_OPTIMIZER_STATES] = {NULL};
    for (int i = 0; i < training->optimizer->n_states; i++)
        states[i] = training->states + i * n_all + begin;
    training->optimizer->step(&training->factors, n, parameters, training->gradient + begin,
                              states);
    if (!all_finite(parameters, n))
        atomic_store_explicit(&training->is_broken, true, memory_order_relaxed);
}

static void update_parameters(Training *training, Pool *pool) {
    const OpenPhase *phase = training->phase;
    Update update = {
        .step = training->step + 1,
        .learning_rate = training_learning_rate(training, training->step),
        .weight_decay = phase->weight_decay,
        .momentum = phase->train->momentum,
    };
    training->factors = training->optimizer->factors(phase->train->optimizer.settings, &update);
    atomic_store_explicit(&training->is_broken, false, memory_order_relaxed);
    int64_t n_ranges = (training->model.n_parameters + RANGE - 1) / RANGE;
    pool_run(pool, (int)n_ranges, update_range, training);
}

/* "W[3][1]" */
static void name_parameter(const Model *model, int64_t parameter, char name[64]) {
    const Tensor *tensor = model_tensor_at(model, parameter);
    int64_t i = parameter - tensor->offset;
    if (tensor->is_vector)
        snprintf(name, 64, "%s[%lld]", tensor->name, (long long)i);
    else
        snprintf(name, 64, "%s[%lld][%lld]", tensor->name, (long long)(i / tensor->n_columns),
                 (long long)(i % tensor->n_columns));
}

static bool fail(const Training *training, int64_t step, const char *what, double value,
                 Error *error) {
    char number[32], rate[32];
    return error_set(
        error, "step %lld: %s is %s (learning_rate %s, optimizer %s)", (long long)training->step,
        what, text_number(number, isnan(value) ? (double)NAN : value),
        text_number(rate, training_learning_rate(training, step)), training->optimizer->kind.name);
}

/* Names the first parameter that is NaN or infinite; `step` is the update whose learning rate is
 * told. */
static bool fail_parameters(const Training *training, int64_t step, Error *error) {
    char name[64];
    int64_t i = model_find_nonfinite(&training->model);
    name_parameter(&training->model, i, name);
    return fail(training, step, name, (double)training->model.parameters[i], error);
}

/* The loss of this step is NaN or infinite: says where that comes from. */
static bool fail_loss(const Training *training, Error *error) {
    char name[64], what[128];
    int64_t step = training->step;
    if (model_find_nonfinite(&training->model) >= 0)
        return fail_parameters(training, step, error);
    for (int64_t i = 0; i < training->model.n_parameters; i++)
        if (!isfinite(training->gradient[i])) {
            name_parameter(&training->model, i, name);
            snprintf(what, sizeof what, "the gradient of %s", name);
            return fail(training, step, what, (double)training->gradient[i], error);
        }
    return fail(training, step, "the loss", training->loss, error);
}

static bool train_step(Training *training, Pool *pool, Error *error) {
    Workspace *workspace = training->workspace;
    enter_phase(training);
    workspace_prepare(workspace, &training->model);
    pool_run(pool, workspace_n_chunks(workspace), run_chunk, training);
    training->loss = workspace_gather(workspace, training->gradient);
    if (!isfinite(training->loss))
        return fail_loss(training, error);
    update_parameters(training, pool);
    training->step++;
    return !atomic_load_explicit(&training->is_broken, memory_order_relaxed) ||
           fail_parameters(training, training->step - 1, error);
}

bool training_advance(Training *training, int64_t step, Pool *pool, const atomic_int *stop,
                      Error *error) {
    assert(pool_size(pool) <= training->n_workers);
    if (step > training->n_steps)
        step = training->n_steps;
    while (training->step < step && !(stop && *stop))
        if (!train_step(training, pool, error))
            return false;
    return true;
}

int64_t training_step(const Training *training) {
    return training->step;
}

Model *training_model(Training *training) {
    return &training->model;
}

double training_loss(const Training *training) {
    return training->loss;
}

const Data *training_data(const Training *training) {
    return &phase_at(training, training->step)->data;
}

const Settings *training_settings(const Training *training) {
    return phase_at(training, training->step)->settings;
}

const Task *training_task(const Training *training) {
    return &phase_at(training, training->step)->task;
}

double training_learning_rate(const Training *training, int64_t step) {
    const TrainSettings *train = phase_at(training, step)->train;
    return train->learning_rate * schedule_factor(&train->schedule, step, training->n_steps);
}

void training_batch(Training *training, int64_t step, float *x, float *y) {
    const OpenPhase *phase = phase_at(training, step);
    Batch *batch = &training->batches[0];
    int n = training->model.n_features, block = data_block(n);
    size_t n_written = 0, n_all = (size_t)training->batch_size;
    for (int first = 0, i = 0; first < training->batch_size; first += block, i++) {
        task_draw(&phase->task, &phase->data, training->key, (uint64_t)step, (uint64_t)i,
                  training->batch_size, batch);
        for (int row = 0; row < batch->n_rows; row++, n_written++) {
            batch_row(batch, batch->x, row, x + n_written * (size_t)n);
            batch_row(batch, batch->y, row, y + n_written * (size_t)n);
        }
    }
    memset(x + n_written * (size_t)n, 0, (n_all - n_written) * (size_t)n * sizeof *x);
    memset(y + n_written * (size_t)n, 0, (n_all - n_written) * (size_t)n * sizeof *y);
}

/* Parameters, then optimizer states. */
int64_t training_state_count(const Training *training) {
    return training->model.n_parameters * (1 + training->optimizer->n_states);
}

void training_get_state(const Training *training, float *state) {
    size_t n = (size_t)training->model.n_parameters, n_states = training->optimizer->n_states;
    memcpy(state, training->model.parameters, n * sizeof *state);
    if (n_states > 0)
        memcpy(state + n, training->states, n * n_states * sizeof *state);
}

void training_set_state(Training *training, int64_t step, const float *state) {
    size_t n = (size_t)training->model.n_parameters, n_states = training->optimizer->n_states;
    memcpy(training->model.parameters, state, n * sizeof *state);
    if (n_states > 0)
        memcpy(training->states, state + n, n * n_states * sizeof *state);
    training->step = step;
    training->loss = (double)NAN;
}
