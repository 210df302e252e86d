/* One run of a session. Its checkpoints hold what its training holds and what its snapshots kept,
 * so that a run goes on to the same bits. */
#include "sim/experiment/trainee.h"

#include "sim/base/clock.h"
#include "sim/experiment/init_from.h"

#include <math.h>
#include <string.h>

static const double COMMIT_SECONDS = 0.5;

static const TrainSettings *train_settings(const Trainee *trainee) {
    return &trainee->run.phases[0].settings->train;
}

static MetricInput metric_input(const Trainee *trainee, int64_t loss_samples) {
    Training *training = trainee->training;
    return recorder_input(training_settings(training), training_model(training),
                          training_data(training), training_task(training), loss_samples,
                          trainee->session->isa);
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

/* A checkpoint is the training's state, then the parameters of every snapshot taken so far: what
 * the snapshots measured is measured again from them. */
void trainee_leave_checkpoint(Trainee *trainee) {
    Session *session = trainee->session;
    Arena scratch = {0};
    const Model *model = training_model(trainee->training);
    StatePart *parts = ARENA_NEW(&scratch, StatePart, 2 + trainee->n_taken);
    Error error = {0};
    parts[0] = (StatePart){model->parameters, model->n_parameters};
    parts[1].values = training_states(trainee->training, &parts[1].n);
    for (int i = 0; i < trainee->n_taken; i++) /* a snapshot's tensors lie side by side */
        parts[2 + i] = (StatePart){trainee->recording.tensors[i * model->n_tensors].values,
                                   model->n_parameters};
    pthread_mutex_lock(&session->lock);
    if (!store_put_checkpoint(session->store, trainee->run.identity,
                              training_step(trainee->training), isa_name(session->isa), parts,
                              2 + trainee->n_taken, &error) ||
        !session_commit(session, &error))
        session_break_off(session, &error);
    pthread_mutex_unlock(&session->lock);
    arena_release(&scratch);
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

/* Goes on from that state, where it fits. */
static bool go_on(Trainee *trainee, int64_t step, const float *state, int64_t n, Error *error) {
    Session *session = trainee->session;
    int64_t n_state = training_state_count(trainee->training);
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

/* Goes on from the run's checkpoint, where there is one of this instruction set. */
static bool resume(Trainee *trainee, Error *error) {
    Session *session = trainee->session;
    Arena scratch = {0};
    int64_t step, n;
    float *state;
    bool found;
    pthread_mutex_lock(&session->lock);
    bool ok = store_checkpoint(session->store, trainee->run.identity, isa_name(session->isa),
                               &scratch, &step, &state, &n, &found, error);
    pthread_mutex_unlock(&session->lock);
    if (ok && found)
        ok = go_on(trainee, step, state, n, error);
    arena_release(&scratch);
    return ok;
}

static bool open_training(Trainee *trainee, const Training *company, Error *error) {
    Session *session = trainee->session;
    const Run *run = &trainee->run;
    if (!training_open(&trainee->training, run->phases, run->n_phases, run->restart,
                       pool_size(session->inner), session->isa, company, trainee->arena, error))
        return false;
    const ModelSettings *model = run->phases[0].settings->model.settings;
    if (!init_from_load(model->init_from, session->experiment->beside,
                        training_model(trainee->training), trainee->arena, error))
        return false;
    trainee->snapshots =
        cadence_steps(session->experiment->record.snapshots, train_settings(trainee)->steps,
                      trainee->arena, &trainee->n_snapshots);
    return resume(trainee, error);
}

void trainee_open(Trainee *trainee, Session *session, int64_t number, const Training *company,
                  Arena *arena) {
    *trainee = (Trainee){.session = session, .arena = arena, .recording.arena = arena};
    trainee->run = experiment_run(session->experiment, number, arena);
    if (!open_training(trainee, company, &trainee->why))
        trainee->outcome = OUTCOME_FAILED;
}

int64_t trainee_next(const Trainee *trainee) {
    return trainee->n_taken < trainee->n_snapshots ? trainee->snapshots[trainee->n_taken]
                                                   : train_settings(trainee)->steps;
}

/* Measures the trained model. */
static bool finish(Trainee *trainee, Error *error) {
    const Experiment *experiment = trainee->session->experiment;
    int64_t step = training_step(trainee->training);
    MetricInput input = metric_input(trainee, experiment->record.loss_samples);
    bool is_copied = trainee->n_taken && trainee->snapshots[trainee->n_taken - 1] == step;
    if (!is_copied) /* the training ends here, and is released after its run is stored */
        recorder_take(&trainee->recording, input.model, step);
    return recorder_measure(&trainee->recording, recorder_final_metrics(experiment, trainee->arena),
                            &input, step, error);
}

void trainee_visit(Trainee *trainee) {
    int64_t step = training_step(trainee->training), n_steps = train_settings(trainee)->steps;
    const Error *failure = training_failure(trainee->training);
    bool ok = !failure;
    if (failure)
        trainee->why = *failure;
    if (ok && trainee->n_taken < trainee->n_snapshots &&
        trainee->snapshots[trainee->n_taken] == step)
        ok = take_snapshot(trainee, &trainee->why);
    if (ok && step == n_steps) {
        ok = finish(trainee, &trainee->why);
        trainee->outcome = OUTCOME_DONE;
    }
    if (!ok)
        trainee->outcome = OUTCOME_FAILED;
}

static void note_loss(Progress *progress, double loss) {
    double best = atomic_load(&progress->best_loss);
    if (!isnan(loss) && !(best <= loss))
        atomic_store(&progress->best_loss, loss);
}

/* A failed run keeps its settings and the reason only. */
static void store_run(Trainee *trainee) {
    Session *session = trainee->session;
    const Run *run = &trainee->run;
    Recording kept = trainee->outcome == OUTCOME_DONE ? trainee->recording : (Recording){0};
    int64_t step = trainee->training ? training_step(trainee->training) : 0;
    StoredRun stored = {.number = run->number,
                        .point = run->point,
                        .restart = run->restart,
                        .seed = train_settings(trainee)->seed,
                        .identity = run->identity,
                        .settings = run->settings_text,
                        .axes = run->axes_json,
                        .status = trainee->outcome == OUTCOME_DONE ? RUN_DONE : RUN_FAILED,
                        .steps = step,
                        .wall_s = trainee->wall_s,
                        .cpu_s = trainee->cpu_s,
                        .loss = recorder_scalar(&kept, "loss", step),
                        .error = trainee->outcome == OUTCOME_DONE ? NULL : trainee->why.text};
    Error error = {0};
    if (!store_add_run(session->store, &stored, kept.tensors, kept.n_tensors, kept.measurements,
                       kept.n_measurements, &error) ||
        (clock_wall() - session->committed_at >= COMMIT_SECONDS &&
         !session_commit(session, &error)))
        session_break_off(session, &error);
    note_loss(session->progress, stored.loss);
}

static void count_run(Trainee *trainee, int worker) {
    Outcome outcome = trainee->outcome;
    RunReport *report = trainee->session->report;
    report->n_trained += outcome != OUTCOME_STOPPED;
    report->n_failed += outcome == OUTCOME_FAILED;
    report->steps += trainee->n_steps;
    report->samples += trainee->n_samples;
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

void trainee_keep(Trainee *trainee, int worker) {
    if (trainee->outcome != OUTCOME_STOPPED)
        store_run(trainee);
    count_run(trainee, worker);
}
