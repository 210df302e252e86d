/* A training: what it holds, how it is opened, and what is asked of it. The loop is in loop.c.
 *
 * Data, task, objective and workspace of every phase are opened at the start, so that a change of
 * settings while a run trains costs nothing and cannot fail, and the loop allocates nothing. */
#include "sim/train/training.h"

#include "sim/base/memory.h"
#include "sim/base/rng.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static bool open_phase(OpenPhase *phase, const Phase *from, Arena *arena, Error *error) {
    const Settings *settings = from->settings;
    const OptimizerKind *optimizer = (const OptimizerKind *)settings->train.optimizer.kind;
    double decay = settings->train.weight_decay;
    phase->step = from->step;
    phase->settings = settings;
    phase->train = &settings->train;
    phase->weight_decay = isnan(decay) ? optimizer->weight_decay : decay;
    phase->batch_size = (int)settings->train.batch;
    if (!data_open(&phase->data, &settings->data, arena, error) ||
        !task_open(&phase->task, &settings->task, phase->data.n_features, arena, error) ||
        !task_suits(&phase->task, &phase->data, error))
        return false;
    phase->objective = (Objective){
        .importance = phase->task.importance,
        .exponent = settings->train.loss_exponent,
        .hidden_penalty = ((const ModelSettings *)settings->model.settings)->hidden_penalty};
    return true;
}

/* NULL where one of them cannot be opened. */
static OpenPhase *open_phases(const Phase *phases, int n_phases, Arena *arena, Error *error) {
    OpenPhase *opened = ARENA_NEW(arena, OpenPhase, n_phases);
    for (int i = 0; i < n_phases; i++)
        if (!open_phase(&opened[i], &phases[i], arena, error)) {
            error_prefix(error, "from step %lld: ", (long long)phases[i].step);
            return NULL;
        }
    return opened;
}

/* The first of the phases that has this batch size; n where none has. */
static int find_batch(const OpenPhase *phases, int n, int batch_size) {
    int i = 0;
    while (i < n && phases[i].batch_size != batch_size)
        i++;
    return i;
}

/* Only one phase trains at a time, so those of the same batch share their workspace. */
static bool open_workspaces(const Training *training, OpenPhase *phases, int n_phases, Arena *arena,
                            Error *error) {
    int n_first = training->n_first_phases;
    for (int i = 0; i < n_phases; i++) {
        OpenPhase *phase = &phases[i];
        int before = find_batch(phases, i, phase->batch_size);
        int first = find_batch(training->first_phases, n_first, phase->batch_size);
        if (first < n_first)
            phase->workspace = training->first_phases[first].workspace;
        else if (before < i)
            phase->workspace = phases[before].workspace;
        else if (!workspace_open(&phase->workspace, &training->model, &phase->objective,
                                 phase->batch_size, training->n_workers, training->isa, arena,
                                 error))
            return false;
    }
    return true;
}

static bool open_arrays(Training *training, const Training *company, Arena *arena, Error *error) {
    int n_states = training->optimizer->n_states, n_features = training->model.n_features;
    int64_t n = training->model.n_parameters;
    training->room_size = n < UPDATE_RANGE ? n : UPDATE_RANGE;
    training->room = ARENA_TRY(arena, float, training->room_size * training->n_workers);
    training->states = n_states > 0 ? ARENA_TRY(arena, float, n *n_states) : NULL;
    if (training->model.n_embedding > 0) {
        int64_t n_moving = model_count_moving(&training->model) - training->model.trained_at;
        training->effective = ARENA_TRY(arena, float, model_count_effective(&training->model));
        training->pulled = ARENA_TRY(arena, float, n_moving);
    }
    bool has_gradient =
        training->model.n_embedding == 0 || (training->effective && training->pulled);
    if (!training->room || !has_gradient || (n_states > 0 && !training->states))
        return error_set(error,
                         "no memory for training %lld parameters: the optimizer needs %.3g GB",
                         (long long)n, (double)n * n_states * sizeof(float) / 1e9);
    if (company) {
        training->batches = company->batches;
        return true;
    }
    training->batches = ARENA_NEW(arena, Batch, training->n_workers);
    for (int i = 0; i < training->n_workers; i++)
        if (!batch_init(&training->batches[i], n_features, data_block(n_features), arena))
            return error_set(error, "no memory for samples of %d features", n_features);
    return true;
}

/* Everything at once, before any page is touched: arrays that are only promised cannot fail later.
 */
static bool check_memory(const Training *training, const OpenPhase *phases, int n_phases,
                         Error *error) {
    const Model *model = &training->model;
    double n_arrays = 1 + training->optimizer->n_states; /* parameters, states */
    if (model->n_embedding > 0)
        n_arrays++; /* the gradient with respect to W, W2 and b, and to what is trained */
    double need = n_arrays * (double)model->n_parameters * sizeof(float);
    for (int i = 0; i < n_phases; i++)
        if (find_batch(phases, i, phases[i].batch_size) == i)
            need += workspace_need(model, phases[i].batch_size, training->n_workers, training->isa);
    return memory_suffices(need) ||
           error_set(error,
                     "training %d features in %d hidden dimensions needs %.3g GiB; %.3g GiB are "
                     "available",
                     model->n_features, model->n_hidden, need * 0x1p-30,
                     (double)memory_available() * 0x1p-30);
}

bool training_open(Training **out, const Phase *phases, int n_phases, int64_t restart,
                   int n_workers, Isa isa, const Training *company, Arena *arena, Error *error) {
    assert(n_phases > 0 && phases[0].step == 0 && n_workers > 0);
    const Settings *first = phases[0].settings;
    uint64_t seed = (uint64_t)first->train.seed;
    Training *training = ARENA_NEW(arena, Training, 1);
    *training = (Training){
        .optimizer = (const OptimizerKind *)first->train.optimizer.kind,
        .isa = isa,
        .n_workers = n_workers,
        .key = rng_key(seed, (uint64_t)restart, PURPOSE_TRAIN),
        .n_steps = first->train.steps,
        .loss = (double)NAN,
    };
    OpenPhase *opened = open_phases(phases, n_phases, arena, error);
    if (!opened ||
        !model_open(&training->model, &first->model, opened->data.n_features, arena, error) ||
        !check_memory(training, opened, n_phases, error) ||
        !open_arrays(training, company, arena, error) ||
        !open_workspaces(training, opened, n_phases, arena, error))
        return false;
    training->phases = training->first_phases = opened;
    training->n_phases = training->n_first_phases = n_phases;
    training->n_trained = model_count_trained(&training->model, &first->model);
    model_init(&training->model, &first->model, rng_key(seed, (uint64_t)restart, PURPOSE_INIT));
    assert(!company || training_is_like(training, company));
    *out = training;
    return true;
}

bool training_set_phases(Training *training, const Phase *phases, int n_phases, Arena *arena,
                         Error *error) {
    assert(n_phases > 0);
    while (n_phases > 1 && phases[1].step <= training->step) {
        phases++;
        n_phases--;
    }
    OpenPhase *opened = open_phases(phases, n_phases, arena, error);
    if (!opened || !open_workspaces(training, opened, n_phases, arena, error))
        return false;
    assert(opened->data.n_features == training->model.n_features);
    training->phases = opened;
    training->n_phases = n_phases;
    training->phase = NULL; /* the next step enters it, wherever it lies */
    training->n_steps = phases->settings->train.steps;
    return true;
}

bool training_is_like(const Training *training, const Training *other) {
    bool same = training->key == other->key && training->n_phases == other->n_phases &&
                training->model.kind == other->model.kind &&
                training->model.n_parameters == other->model.n_parameters;
    for (int i = 0; same && i < training->n_phases; i++) {
        const OpenPhase *a = &training->phases[i], *b = &other->phases[i];
        same = a->step == b->step && a->batch_size == b->batch_size &&
               a->data.kind == b->data.kind && a->data.n_features == b->data.n_features &&
               a->task.kind == b->task.kind;
    }
    return same;
}

const Error *training_failure(const Training *training) {
    return training->has_failed ? &training->error : NULL;
}

const OpenPhase *phase_at(const Training *training, int64_t step) {
    int i = training->n_phases - 1;
    while (i > 0 && training->phases[i].step > step)
        i--;
    return &training->phases[i];
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
    size_t n_written = 0, n_all = (size_t)phase->batch_size;
    for (int first = 0, i = 0; first < phase->batch_size; first += block, i++) {
        task_draw(&phase->task, &phase->data, training->key, (uint64_t)step, (uint64_t)i,
                  phase->batch_size, batch);
        for (int row = 0; row < batch->n_rows; row++, n_written++) {
            batch_row(batch, batch->x, row, x + n_written * (size_t)n);
            batch_row(batch, batch->y, row, y + n_written * (size_t)n);
        }
    }
    memset(x + n_written * (size_t)n, 0, (n_all - n_written) * (size_t)n * sizeof *x);
    memset(y + n_written * (size_t)n, 0, (n_all - n_written) * (size_t)n * sizeof *y);
}

int64_t training_samples(const Training *training, int64_t from, int64_t to) {
    int64_t n = 0;
    for (int i = 0; i < training->n_phases; i++) {
        const OpenPhase *phase = &training->phases[i];
        int64_t begin = i == 0 || phase->step < from ? from : phase->step;
        int64_t end = i + 1 < training->n_phases && phase[1].step < to ? phase[1].step : to;
        if (end > begin)
            n += (end - begin) * phase->batch_size;
    }
    return n;
}

/* Parameters, then optimizer states. */
int64_t training_state_count(const Training *training) {
    return training->model.n_parameters * (1 + training->optimizer->n_states);
}

const float *training_states(const Training *training, int64_t *n) {
    *n = training->model.n_parameters * training->optimizer->n_states;
    return training->states;
}

void training_set_state(Training *training, int64_t step, const float *state) {
    size_t n = (size_t)training->model.n_parameters, n_states = training->optimizer->n_states;
    memcpy(training->model.parameters, state, n * sizeof *state);
    if (n_states > 0)
        memcpy(training->states, state + n, n * n_states * sizeof *state);
    training->step = step;
    training->loss = (double)NAN;
}
