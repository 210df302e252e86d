#include "render/view/live.h"

#include "sim/base/clock.h"
#include "sim/base/pool.h"
#include "sim/experiment/init_from.h"
#include "sim/experiment/recorder.h"
#include "sim/train/mailbox.h"

#include <pthread.h>
#include <stdatomic.h>

/* Long enough that a slice costs more than handing it over, short enough that a frame never waits
 * for news. */
static const double SLICE_SECONDS = 0.004;

/* A run. The training thread has `training` and posts; the drawing thread has `history` and takes.
 */
typedef struct LiveRun {
    Run run;
    Arena arena; /* of the training */
    Training *training;
    Mailbox *mailbox;
    atomic_llong step;
    atomic_bool is_wanted; /* the reader has taken what was posted */
    atomic_bool has_failed;
    int64_t slice; /* steps that take SLICE_SECONDS */
    History *history;
    Arena worlds; /* data and tasks of the history */
} LiveRun;

struct Live {
    Arena arena;
    const Experiment *experiment;
    Isa isa;
    LiveRun *runs; /* [n] */
    int n;
    Pool *pool;
    pthread_t thread;
    bool has_thread;
    pthread_mutex_t lock;
    pthread_cond_t wake, rested; /* there may be work; there is none left */
    atomic_llong allowed;
    atomic_int is_closing; /* also ends a slice */
    bool is_resting;       /* under the lock */
};

/* ---- the training thread ---- */

static int64_t goal_of(const Live *live, const LiveRun *run) {
    int64_t allowed = atomic_load(&live->allowed), end = run->run.phases[0].settings->train.steps;
    return allowed < end ? allowed : end;
}

static bool has_work(const Live *live, const LiveRun *run) {
    return !atomic_load(&run->has_failed) && atomic_load(&run->step) < goal_of(live, run);
}

/* Copies where somebody waits for it, and always where the run comes to rest. */
static void post(const Live *live, LiveRun *run) {
    if (atomic_exchange(&run->is_wanted, false) || !has_work(live, run))
        mailbox_post(run->mailbox, run->training);
}

/* Trains for a slice. `pool` is for the parts of a step. */
static void advance(const Live *live, LiveRun *run, Pool *pool) {
    int64_t from = training_step(run->training), goal = goal_of(live, run);
    int64_t until = goal - from < run->slice ? goal : from + run->slice;
    double begun = clock_wall();
    Error error;
    if (!training_advance(run->training, until, pool, &live->is_closing, &error))
        atomic_store(&run->has_failed, true);
    double taken = clock_wall() - begun;
    if (taken < SLICE_SECONDS / 2 && until - from == run->slice)
        run->slice *= 2;
    else if (taken > SLICE_SECONDS && run->slice > 1)
        run->slice /= 2;
    atomic_store(&run->step, training_step(run->training));
    post(live, run);
}

/* PoolTask: one of many runs. */
static void advance_one(void *context, int task, int worker) {
    const Live *live = context;
    (void)worker;
    if (has_work(live, &live->runs[task]))
        advance(live, &live->runs[task], NULL);
}

static bool any_has_work(const Live *live) {
    for (int i = 0; i < live->n; i++)
        if (has_work(live, &live->runs[i]))
            return true;
    return false;
}

static void *train(void *context) {
    Live *live = context;
    pthread_mutex_lock(&live->lock);
    while (!atomic_load(&live->is_closing)) {
        if (!any_has_work(live)) {
            live->is_resting = true;
            pthread_cond_broadcast(&live->rested);
            pthread_cond_wait(&live->wake, &live->lock);
            live->is_resting = false;
            continue;
        }
        pthread_mutex_unlock(&live->lock);
        if (live->n == 1)
            advance(live, &live->runs[0], live->pool);
        else
            pool_run(live->pool, live->n, advance_one, live);
        pthread_mutex_lock(&live->lock);
    }
    live->is_resting = true;
    pthread_cond_broadcast(&live->rested);
    pthread_mutex_unlock(&live->lock);
    return NULL;
}

/* ---- opening ---- */

static const ModelSettings *model_settings(const Run *run) {
    return run->phases[0].settings->model.settings;
}

static bool open_training(const Live *live, LiveRun *run, Error *error) {
    int n_workers = live->n == 1 ? pool_size(live->pool) : 1;
    if (!training_open(&run->training, run->run.phases, run->run.n_phases, run->run.restart,
                       n_workers, live->isa, NULL, &run->arena, error) ||
        !init_from_load(model_settings(&run->run)->init_from, live->experiment->path,
                        training_model(run->training), &run->arena, error))
        return false;
    run->mailbox = mailbox_open(training_model(run->training)->n_parameters, &run->arena);
    if (!run->mailbox)
        return error_set(error, "no memory for copies of the model");
    run->slice = 1;
    atomic_store(&run->is_wanted, true);
    mailbox_post(run->mailbox, run->training); /* the untrained model */
    return true;
}

/* Data and task of a phase as scenes ask for them: their own, since the training's belong to its
 * thread. */
static bool add_world(const Live *live, LiveRun *run, const Phase *phase, Error *error) {
    const Settings *settings = phase->settings;
    Data *data = ARENA_NEW(&run->worlds, Data, 1);
    Task *task = ARENA_NEW(&run->worlds, Task, 1);
    if (!data_open(data, &settings->data, &run->worlds, error) ||
        !task_open(task, &settings->task, data->n_features, &run->worlds, error))
        return false;
    World world = {phase->step,
                   recorder_input(settings, NULL, data, task,
                                  live->experiment->record.loss_samples_over_time, live->isa)};
    history_add_world(run->history, &world);
    return true;
}

static bool open_history(const Live *live, LiveRun *run, const char *name, size_t most_bytes,
                         Error *error) {
    const Choice *model = &run->run.phases[0].settings->model;
    int n_features = training_model(run->training)->n_features;
    if (!history_open(&run->history, name, model, n_features, most_bytes, error))
        return false;
    for (int i = 0; i < run->run.n_phases; i++)
        if (!add_world(live, run, &run->run.phases[i], error))
            return false;
    history_set_state(run->history, STATE_TRAINING, NULL);
    return true;
}

static bool start(Live *live, Error *error) {
    live->has_thread = pthread_create(&live->thread, NULL, train, live) == 0;
    return live->has_thread || error_set(error, "no thread for the training");
}

static bool open_run(const Live *live, LiveRun *run, int64_t number, const char *name,
                     size_t most_bytes, Error *error) {
    run->run = experiment_run(live->experiment, number, &run->arena);
    return open_training(live, run, error) && open_history(live, run, name, most_bytes, error);
}

bool live_open(Live **out, const LiveRuns *runs, Error *error) {
    Arena arena = {0};
    Live *live = ARENA_NEW(&arena, Live, 1);
    live->arena = arena;
    live->experiment = runs->experiment;
    live->isa = runs->isa;
    live->n = runs->n;
    live->runs = ARENA_NEW(&live->arena, LiveRun, runs->n);
    pthread_mutex_init(&live->lock, NULL);
    pthread_cond_init(&live->wake, NULL);
    pthread_cond_init(&live->rested, NULL);
    bool ok = pool_open(&live->pool, runs->n_threads, error);
    for (int i = 0; ok && i < runs->n; i++)
        ok = open_run(live, &live->runs[i], runs->numbers[i], runs->names[i],
                      runs->most_bytes / (size_t)runs->n, error);
    *out = live;
    if (ok && start(live, error))
        return true;
    live_close(live);
    *out = NULL;
    return false;
}

void live_close(Live *live) {
    if (!live)
        return;
    atomic_store(&live->is_closing, 1);
    pthread_mutex_lock(&live->lock);
    pthread_cond_signal(&live->wake);
    pthread_mutex_unlock(&live->lock);
    if (live->has_thread)
        pthread_join(live->thread, NULL);
    pool_close(live->pool);
    for (int i = 0; i < live->n; i++) {
        history_close(live->runs[i].history);
        arena_release(&live->runs[i].worlds);
        arena_release(&live->runs[i].arena);
    }
    pthread_cond_destroy(&live->rested);
    pthread_cond_destroy(&live->wake);
    pthread_mutex_destroy(&live->lock);
    Arena arena = live->arena; /* which it lies in */
    arena_release(&arena);
}

/* ---- the drawing thread ---- */

const Run *live_run(const Live *live, int i) {
    return &live->runs[i].run;
}

History *live_history(const Live *live, int i) {
    return live->runs[i].history;
}

int64_t live_step(const Live *live, int i) {
    return atomic_load(&live->runs[i].step);
}

int64_t live_n_steps(const Live *live, int i) {
    return live->runs[i].run.phases[0].settings->train.steps;
}

void live_allow(Live *live, int64_t step) {
    if (atomic_exchange(&live->allowed, step) >= step)
        return;
    pthread_mutex_lock(&live->lock);
    pthread_cond_signal(&live->wake);
    pthread_mutex_unlock(&live->lock);
}

void live_wait(Live *live) {
    pthread_mutex_lock(&live->lock);
    while (!live->is_resting || (any_has_work(live) && !atomic_load(&live->is_closing)))
        pthread_cond_wait(&live->rested, &live->lock);
    pthread_mutex_unlock(&live->lock);
}

static bool collect_one(const Live *live, int i, bool *is_new, Error *error) {
    LiveRun *run = &live->runs[i];
    bool has_failed = atomic_load(&run->has_failed);
    const Snapshot *snapshot = mailbox_take(run->mailbox);
    if (!snapshot)
        return true;
    *is_new = true;
    atomic_store(&run->is_wanted, true);
    if (has_failed)
        history_set_state(run->history, STATE_FAILED, training_failure(run->training)->text);
    else if (snapshot->step >= live_n_steps(live, i))
        history_set_state(run->history, STATE_DONE, NULL);
    return history_add(run->history, snapshot->step, snapshot->loss, snapshot->learning_rate,
                       snapshot->parameters, error);
}

bool live_collect(Live *live, bool *is_new, Error *error) {
    *is_new = false;
    for (int i = 0; i < live->n; i++)
        if (!collect_one(live, i, is_new, error))
            return false;
    return true;
}
