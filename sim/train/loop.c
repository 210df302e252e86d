/* The training loop. A step is: the stages of the kernel (kernel.h), whose tasks any worker draws
 * for and runs in any order; then one update, which asks for the gradient range by range.
 *
 * Trainings of the same seed and data see the same batches, so several may go in step: a block is
 * drawn once and added to each of them. What a training computes does not depend on its company.
 * The update is elementwise, so that it may be cut into ranges for the workers without touching a
 * bit. */
#include "sim/train/training.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Trainings that go in step. */
typedef struct Cohort {
    Training *const *trainings; /* [n] */
    int n;
    int stage;
    Training *lead; /* the first that has not failed: its settings draw, into its room */
} Cohort;

/* ---- failure ---- */

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

static void fail(Training *training, int64_t step, const char *what, double value) {
    char number[32], rate[32];
    training->has_failed = true;
    error_set(
        &training->error, "step %lld: %s is %s (learning_rate %s, optimizer %s)",
        (long long)training->step, what, text_number(number, isnan(value) ? (double)NAN : value),
        text_number(rate, training_learning_rate(training, step)), training->optimizer->kind.name);
}

/* Names the first parameter that is NaN or infinite; `step` is the update whose learning rate is
 * told. */
static void fail_parameters(Training *training, int64_t step) {
    char name[64];
    int64_t i = model_find_nonfinite(&training->model);
    name_parameter(&training->model, i, name);
    fail(training, step, name, (double)training->model.parameters[i]);
}

/* The gradient with respect to trained parameters begin … begin + n - 1, as workspace_gradient. */
static const float *gradient_at(const Training *training, int64_t begin, int64_t n, float *room) {
    return training->pulled ? training->pulled + begin
                            : workspace_gradient(training->phase->workspace, begin, n, room);
}

/* With that of a bias that is not trained. */
static int64_t count_gradient(const Training *training) {
    const Model *model = &training->model;
    return model_count_moving(model) - model->trained_at;
}

/* The loss of this step is NaN or infinite: says where that comes from. */
static void fail_loss(Training *training) {
    char name[64], what[128];
    if (model_find_nonfinite(&training->model) >= 0) {
        fail_parameters(training, training->step);
        return;
    }
    stream_pull(training, NULL);
    for (int64_t i = 0; i < count_gradient(training); i++) {
        float value = *gradient_at(training, i, 1, training->room);
        if (!isfinite(value)) {
            name_parameter(&training->model, training->model.trained_at + i, name);
            snprintf(what, sizeof what, "the gradient of %s", name);
            fail(training, training->step, what, (double)value);
            return;
        }
    }
    fail(training, training->step, "the loss", training->loss);
}

/* ---- a step ---- */

static void enter_phase(Training *training) {
    const OpenPhase *phase = phase_at(training, training->step);
    if (phase == training->phase)
        return;
    training->phase = phase;
    workspace_set_objective(phase->workspace, &phase->objective);
    workspace_set_active(phase->workspace, data_active_features(&phase->data));
}

/* Draws the blocks and adds them for all. */
static void add_blocks(const Cohort *cohort, int first, int end, int worker) {
    const Training *lead = cohort->lead;
    const OpenPhase *phase = lead->phase;
    Batch *batch = &lead->batches[worker];
    for (int block = first; block < end; block++) {
        task_draw(&phase->task, &phase->data, lead->key, (uint64_t)lead->step, (uint64_t)block,
                  phase->batch_size, batch);
        for (int i = 0; i < cohort->n; i++) {
            Training *training = cohort->trainings[i];
            if (!training->has_failed)
                workspace_add(training->phase->workspace, &training->model, batch, block, worker);
        }
    }
}

/* PoolTask: a task of the stage, for all. */
static void run_task(void *context, int task, int worker) {
    const Cohort *cohort = context;
    int first, end;
    if (workspace_blocks(cohort->lead->phase->workspace, cohort->stage, task, &first, &end)) {
        add_blocks(cohort, first, end, worker);
        return;
    }
    for (int i = 0; i < cohort->n; i++) {
        Training *training = cohort->trainings[i];
        if (!training->has_failed)
            workspace_run(training->phase->workspace, &training->model, cohort->stage, task,
                          worker);
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
    Training *training = context;
    int64_t n_all = training->model.n_parameters, begin = (int64_t)range * UPDATE_RANGE;
    int64_t n_left = training->n_trained - begin, n = n_left < UPDATE_RANGE ? n_left : UPDATE_RANGE;
    float *room = training->room + worker * training->room_size;
    float *parameters = training->model.parameters + training->model.trained_at + begin;
    float *states[MAX_OPTIMIZER_STATES] = {NULL};
    for (int i = 0; i < training->optimizer->n_states; i++)
        states[i] = training->states + i * n_all + begin;
    training->optimizer->step(&training->factors, n, parameters,
                              gradient_at(training, begin, n, room), states);
    if (!all_finite(parameters, n))
        atomic_store_explicit(&training->is_broken, true, memory_order_relaxed);
}

static bool makes_same_update(const Training *training, const Training *other) {
    const Update *a = &training->update, *b = &other->update;
    const Choice *optimizer = &training->phase->train->optimizer;
    size_t n_bytes = optimizer->kind->settings_size;
    return training->optimizer == other->optimizer && a->step == b->step &&
           a->learning_rate == b->learning_rate && a->weight_decay == b->weight_decay &&
           a->momentum == b->momentum &&
           (n_bytes == 0 ||
            memcmp(optimizer->settings, other->phase->train->optimizer.settings, n_bytes) == 0);
}

/* The factors of this update; those of `other` (NULL: none) where it makes the same one. */
static void set_factors(Training *training, const Training *other) {
    const TrainSettings *train = training->phase->train;
    const Choice *optimizer = &train->optimizer;
    training->update = (Update){
        .step = training->step + 1,
        .learning_rate = train->learning_rate *
                         schedule_factor(&train->schedule, training->step, training->n_steps),
        .weight_decay = training->phase->weight_decay,
        .momentum = train->momentum,
    };
    training->factors = other && makes_same_update(training, other)
                            ? other->factors
                            : training->optimizer->factors(optimizer->settings, &training->update);
}

static void update_parameters(Training *training, Pool *pool) {
    atomic_store_explicit(&training->is_broken, false, memory_order_relaxed);
    int64_t n_ranges = (training->n_trained + UPDATE_RANGE - 1) / UPDATE_RANGE;
    stream_pull(training, pool);
    pool_run(pool, (int)n_ranges, update_range, training);
    training->step++;
    if (atomic_load_explicit(&training->is_broken, memory_order_relaxed))
        fail_parameters(training, training->step - 1);
    else
        stream_push(training, pool);
}

static void train_step(Cohort *cohort, Pool *pool) {
    const Training *before = NULL;
    for (int i = 0; i < cohort->n; i++) {
        Training *training = cohort->trainings[i];
        if (training->has_failed)
            continue;
        enter_phase(training);
        workspace_prepare(training->phase->workspace, &training->model);
    }
    const Workspace *lead = cohort->lead->phase->workspace;
    for (cohort->stage = 0; cohort->stage < workspace_n_stages(lead); cohort->stage++)
        pool_run(pool, workspace_n_tasks(lead, cohort->stage), run_task, cohort);
    for (int i = 0; i < cohort->n; i++) {
        Training *training = cohort->trainings[i];
        if (training->has_failed)
            continue;
        training->loss = workspace_loss(training->phase->workspace);
        if (!isfinite(training->loss)) {
            fail_loss(training);
            continue;
        }
        set_factors(training, before);
        update_parameters(training, pool);
        before = training;
    }
}

/* ---- many steps ---- */

static Training *first_going(Training *const *trainings, int n) {
    for (int i = 0; i < n; i++)
        if (!trainings[i]->has_failed)
            return trainings[i];
    return NULL;
}

void training_advance_all(Training *const *trainings, int n, int64_t step, Pool *pool,
                          const atomic_int *stop) {
    Cohort cohort = {.trainings = trainings, .n = n, .lead = first_going(trainings, n)};
    for (int i = 0; i < n; i++)
        assert(trainings[i]->has_failed || (training_is_like(trainings[i], cohort.lead) &&
                                            trainings[i]->step == cohort.lead->step &&
                                            pool_size(pool) <= trainings[i]->n_workers));
    while (cohort.lead && cohort.lead->step < step && cohort.lead->step < cohort.lead->n_steps &&
           !(stop && *stop)) {
        train_step(&cohort, pool);
        cohort.lead = first_going(trainings, n);
    }
}

bool training_advance(Training *training, int64_t step, Pool *pool, const atomic_int *stop,
                      Error *error) {
    training_advance_all(&training, 1, step, pool, stop);
    if (training->has_failed)
        *error = training->error;
    return !training->has_failed;
}
