#include "sim/experiment/runner.h"

#include "sim/base/clock.h"
#include "sim/base/memory.h"
#include "sim/experiment/cost.h"
#include "sim/experiment/init_from.h"
#include "sim/experiment/recorder.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

static const double COMMIT_SECONDS = 0.5, SLICE_SECONDS = 0.05;

/* A run's first checkpoint comes this early, each further one after twice as long, at most. */
static const double CHECKPOINT_SECONDS = 3, MOST_CHECKPOINT_SECONDS = 30;

/* What the threads of a session share. `lock` guards the store, the report and the error. */
typedef struct Session {
    const Experiment *experiment;
    const Plan *plan;
    Store *store;
    Pool *inner; /* for the chunks of one run; NULL where runs go side by side */
    Isa isa;
    const atomic_int *stop;
    Progress *progress;
    RunReport *report;
    double *wall_s; /* [workers]: in training loops */
    pthread_mutex_t lock;
    double committed_at;
    atomic_bool is_broken; /* the store failed: nobody starts anything new */
    Error *error;
} Session;

/* One run while it trains. */
typedef struct Trainee {
    Session *session;
    Arena *arena;
    Run run;
    Training *training;
    Recording recording;
    const int64_t *snapshots; /* [n_snapshots] */
    int n_snapshots, n_taken;
    int64_t slice;                          /* steps between looks at the clock */
    double checkpoint_at, checkpoint_after; /* when the last one was, seconds to the next */
    double wall_s, cpu_s;
    int64_t n_steps; /* in this session */
} Trainee;

static double training_cpu(const Session *session) {
    return session->inner ? clock_cpu() : clock_thread_cpu();
}

static const TrainSettings *train_settings(const Trainee *trainee) {
    return &trainee->run.phases[0].settings->train;
}

static MetricInput metric_input(const Trainee *trainee, int64_t loss_samples) {
    Training *training = trainee->training;
    return recorder_input(training_settings(training), training_model(training),
                          training_data(training), training_task(training), loss_samples,
                          trainee->session->isa);
}

/* Says, under the lock, that the session cannot go on; the first reason stays. */
static void break_off(Session *session, const Error *error) {
    if (!session->is_broken)
        *session->error = *error;
    session->is_broken = true;
}

/* Keeps the parameters, and measures them unless the end does. */
static bool take_snapshot(Trainee *trainee, Error *error) {
    const Experiment *experiment = trainee->session->experiment;
    int64_t step = training_step(trainee->training);
    MetricInput input = metric_input(trainee, experiment->record.loss_samples_over_time);
    trainee->n_taken++;
    if (!recorder_copy(&trainee->recording, input.model, step, error))
        return false;
    return step == train_settings(trainee)->steps ||
           recorder_measure(&trainee->recording,
                            recorder_snapshot_metrics(experiment, trainee->arena), &input, step,
                            error);
}

/* Makes what was stored last through a kill; under the lock. */
static bool commit(Session *session, Error *error) {
    session->committed_at = clock_wall();
    return store_commit(session->store, error) && store_begin(session->store, error);
}

/* A checkpoint is the training's state, then the parameters of every snapshot taken so far: what
 * the snapshots measured is measured again from them. */
static void leave_checkpoint(Trainee *trainee) {
    Session *session = trainee->session;
    Arena scratch = {0};
    int64_t n_state = training_state_count(trainee->training);
    int64_t n_parameters = training_model(trainee->training)->n_parameters;
    int64_t n = n_state + trainee->n_taken * n_parameters;
    float *state = ARENA_TRY(&scratch, float, n);
    Error error = {0};
    if (state) {
        training_get_state(trainee->training, state);
        int n_tensors = training_model(trainee->training)->n_tensors;
        for (int i = 0; i < trainee->n_taken;
             i++) /* the tensors of a snapshot lie one after another */
            memcpy(state + n_state + i * n_parameters,
                   trainee->recording.tensors[i * n_tensors].values,
                   (size_t)n_parameters * sizeof *state);
        pthread_mutex_lock(&session->lock);
        if (!store_put_checkpoint(session->store, trainee->run.identity,
                                  training_step(trainee->training), isa_name(session->isa), state,
                                  n, &error) ||
            !commit(session, &error))
            break_off(session, &error);
        pthread_mutex_unlock(&session->lock);
    }
    arena_release(&scratch);
    trainee->checkpoint_at = clock_wall();
    trainee->checkpoint_after = fmin(2 * trainee->checkpoint_after, MOST_CHECKPOINT_SECONDS);
}

static bool replay_snapshots(Trainee *trainee, int64_t step, const float *parameters,
                             Error *error) {
    int64_t n_parameters = training_model(trainee->training)->n_parameters;
    float *state = ARENA_NEW(trainee->arena, float, training_state_count(trainee->training));
    for (int i = 0; i < trainee->n_snapshots && trainee->snapshots[i] <= step; i++) {
        memcpy(state, parameters + i * n_parameters, (size_t)n_parameters * sizeof *state);
        training_set_state(trainee->training, trainee->snapshots[i], state);
        if (!take_snapshot(trainee, error))
            return false;
    }
    return true;
}

/* Goes on from the run's checkpoint, where there is one of this instruction set that fits. */
static bool resume(Trainee *trainee, Error *error) {
    Session *session = trainee->session;
    int64_t step, n, n_state = training_state_count(trainee->training);
    float *state;
    bool found;
    pthread_mutex_lock(&session->lock);
    bool ok = store_checkpoint(session->store, trainee->run.identity, isa_name(session->isa),
                               trainee->arena, &step, &state, &n, &found, error);
    pthread_mutex_unlock(&session->lock);
    if (!ok || !found)
        return ok;
    int n_taken = 0;
    while (n_taken < trainee->n_snapshots && trainee->snapshots[n_taken] <= step)
        n_taken++;
    if (n != n_state + n_taken * training_model(trainee->training)->n_parameters)
        return true; /* left under another cadence of snapshots: train from the start */
    if (!replay_snapshots(trainee, step, state + n_state, error))
        return false;
    training_set_state(trainee->training, step, state);
    atomic_fetch_sub(&session->progress->steps, step); /* the speed is of steps made now */
    return true;
}

static bool is_stopped(const Session *session) {
    return atomic_load(session->stop) != 0 || session->is_broken;
}

/* Trains until `step`, in slices short enough to show progress and to leave checkpoints. */
static bool train_until(Trainee *trainee, int64_t step, Error *error) {
    Session *session = trainee->session;
    while (training_step(trainee->training) < step && !is_stopped(session)) {
        int64_t from = training_step(trainee->training);
        int64_t until = step - from < trainee->slice ? step : from + trainee->slice;
        double wall = clock_wall(), cpu = training_cpu(session);
        bool ok = training_advance(trainee->training, until, session->inner, session->stop, error);
        wall = clock_wall() - wall;
        trainee->wall_s += wall;
        trainee->cpu_s += training_cpu(session) - cpu;
        trainee->n_steps += training_step(trainee->training) - from;
        atomic_fetch_add(&session->progress->steps_done, training_step(trainee->training) - from);
        if (!ok)
            return false;
        if (wall < SLICE_SECONDS / 2)
            trainee->slice *= 2;
        else if (wall > SLICE_SECONDS && trainee->slice > 1)
            trainee->slice /= 2;
        if (clock_wall() - trainee->checkpoint_at > trainee->checkpoint_after)
            leave_checkpoint(trainee);
    }
    return true;
}

static bool open_trainee(Trainee *trainee, Error *error) {
    Session *session = trainee->session;
    const Run *run = &trainee->run;
    if (!training_open(&trainee->training, run->phases, run->n_phases, run->restart,
                       pool_size(session->inner), session->isa, NULL, trainee->arena, error))
        return false;
    const ModelSettings *model = run->phases[0].settings->model.settings;
    if (!init_from_load(model->init_from, session->experiment->path,
                        training_model(trainee->training), trainee->arena, error))
        return false;
    trainee->snapshots =
        cadence_steps(session->experiment->record.snapshots, train_settings(trainee)->steps,
                      trainee->arena, &trainee->n_snapshots);
    return resume(trainee, error);
}

/* What happened to a run. */
typedef enum Outcome { OUTCOME_DONE, OUTCOME_FAILED, OUTCOME_STOPPED } Outcome;

static Outcome finish(Trainee *trainee, Error *error) {
    const Experiment *experiment = trainee->session->experiment;
    int64_t step = training_step(trainee->training);
    MetricInput input = metric_input(trainee, experiment->record.loss_samples);
    bool is_copied = trainee->n_taken && trainee->snapshots[trainee->n_taken - 1] == step;
    bool ok =
        (is_copied || recorder_copy(&trainee->recording, input.model, step, error)) &&
        recorder_measure(&trainee->recording, recorder_final_metrics(experiment, trainee->arena),
                         &input, step, error);
    return ok ? OUTCOME_DONE : OUTCOME_FAILED;
}

/* The whole of one run. A stopped one leaves a checkpoint and is not stored. */
static Outcome train_run(Trainee *trainee, Error *error) {
    if (!open_trainee(trainee, error))
        return OUTCOME_FAILED;
    int64_t n_steps = train_settings(trainee)->steps;
    for (int i = trainee->n_taken; i <= trainee->n_snapshots; i++) {
        int64_t until = i < trainee->n_snapshots ? trainee->snapshots[i] : n_steps;
        if (!train_until(trainee, until, error))
            return OUTCOME_FAILED;
        if (training_step(trainee->training) < until) {
            leave_checkpoint(trainee);
            return OUTCOME_STOPPED;
        }
        if (i < trainee->n_snapshots && !take_snapshot(trainee, error))
            return OUTCOME_FAILED;
    }
    return finish(trainee, error);
}

static void note_loss(Progress *progress, double loss) {
    double best = atomic_load(&progress->best_loss);
    if (!isnan(loss) && !(best <= loss))
        atomic_store(&progress->best_loss, loss);
}

/* Stores a run that is done or failed; under the lock. A failed one keeps its settings and the
 * reason only. */
static void keep_run(Trainee *trainee, Outcome outcome, const Error *why) {
    Session *session = trainee->session;
    const Run *run = &trainee->run;
    Recording kept = outcome == OUTCOME_DONE ? trainee->recording : (Recording){0};
    int64_t step = trainee->training ? training_step(trainee->training) : 0;
    StoredRun stored = {.number = run->number,
                        .point = run->point,
                        .restart = run->restart,
                        .seed = train_settings(trainee)->seed,
                        .identity = run->identity,
                        .settings = run->settings_text,
                        .axes = run->axes_json,
                        .status = outcome == OUTCOME_DONE ? RUN_DONE : RUN_FAILED,
                        .steps = step,
                        .wall_s = trainee->wall_s,
                        .cpu_s = trainee->cpu_s,
                        .loss = recorder_scalar(&kept, "loss", step),
                        .error = outcome == OUTCOME_DONE ? NULL : why->text};
    Error error = {0};
    if (!store_add_run(session->store, &stored, kept.tensors, kept.n_tensors, kept.measurements,
                       kept.n_measurements, &error) ||
        (clock_wall() - session->committed_at >= COMMIT_SECONDS && !commit(session, &error)))
        break_off(session, &error);
    note_loss(session->progress, stored.loss);
}

static void count_run(Trainee *trainee, Outcome outcome, int worker) {
    RunReport *report = trainee->session->report;
    report->n_trained += outcome != OUTCOME_STOPPED;
    report->n_failed += outcome == OUTCOME_FAILED;
    report->steps += trainee->n_steps;
    report->samples += trainee->n_steps * train_settings(trainee)->batch;
    report->train_cpu_s += trainee->cpu_s;
    trainee->session->wall_s[worker] += trainee->wall_s;
    if (outcome == OUTCOME_STOPPED)
        return;
    /* a run that failed early still counts with all its steps */
    Progress *progress = trainee->session->progress;
    int64_t step = trainee->training ? training_step(trainee->training) : 0;
    atomic_fetch_add(&progress->steps_done, train_settings(trainee)->steps - step);
    atomic_fetch_add(&progress->n_failed, outcome == OUTCOME_FAILED);
    atomic_fetch_add(&progress->n_done, 1);
}

static void run_task(void *context, int task, int worker) {
    Session *session = context;
    if (is_stopped(session))
        return;
    Arena arena = {0};
    Error why = {0};
    Trainee trainee = {.session = session, .arena = &arena, .recording.arena = &arena, .slice = 16};
    trainee.checkpoint_at = clock_wall();
    trainee.checkpoint_after = CHECKPOINT_SECONDS;
    trainee.run = experiment_run(session->experiment, session->plan->pending[task].number, &arena);
    Outcome outcome = train_run(&trainee, &why);
    pthread_mutex_lock(&session->lock);
    if (outcome != OUTCOME_STOPPED)
        keep_run(&trainee, outcome, &why);
    count_run(&trainee, outcome, worker);
    pthread_mutex_unlock(&session->lock);
    arena_release(&arena);
}

/* Whether runs go side by side: where there are enough for all threads, or a run's batch is a
 * single chunk, and memory holds as many of the longest as there are threads. */
static bool goes_side_by_side(const Experiment *experiment, const Plan *plan, int n_threads) {
    Arena scratch = {0};
    Run longest = experiment_run(experiment, plan->pending[0].number, &scratch);
    const Settings *settings = longest.phases[0].settings;
    const DataSettings *data = settings->data.settings;
    bool is_one_chunk = settings->train.batch <= data_block((int)data->n_features);
    bool fits = memory_suffices(n_threads * cost_bytes(&longest));
    arena_release(&scratch);
    return fits && (plan->n_pending >= n_threads || is_one_chunk);
}

static bool train_pending(Session *session, Pool *pool, int n_threads) {
    bool side_by_side = goes_side_by_side(session->experiment, session->plan, n_threads);
    session->inner = side_by_side ? NULL : pool;
    if (!store_begin(session->store, session->error))
        return false;
    pool_run(side_by_side ? pool : NULL, (int)session->plan->n_pending, run_task, session);
    for (int i = 0; i < n_threads; i++)
        session->report->train_wall_s = fmax(session->report->train_wall_s, session->wall_s[i]);
    session->report->was_stopped = atomic_load(session->stop) != 0;
    return !session->is_broken && store_commit(session->store, session->error);
}

bool runner_train(const Experiment *experiment, const Plan *plan, Store *store, int n_threads,
                  Isa isa, const atomic_int *stop, Progress *progress, RunReport *report,
                  Error *error) {
    Pool *pool;
    Arena arena = {0};
    *report = (RunReport){0};
    atomic_store(&progress->n_runs, plan->n_pending);
    atomic_store(&progress->steps, plan->steps_pending);
    atomic_store(&progress->best_loss, (double)NAN);
    if (plan->n_pending == 0)
        return true;
    if (!pool_open(&pool, n_threads, error))
        return false;
    Session session = {.experiment = experiment,
                       .plan = plan,
                       .store = store,
                       .isa = isa,
                       .stop = stop,
                       .progress = progress,
                       .report = report,
                       .wall_s = ARENA_NEW(&arena, double, n_threads),
                       .committed_at = clock_wall(),
                       .error = error};
    pthread_mutex_init(&session.lock, NULL);
    bool ok = train_pending(&session, pool, n_threads);
    pthread_mutex_destroy(&session.lock);
    arena_release(&arena);
    pool_close(pool);
    return ok;
}
