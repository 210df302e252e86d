/* The training thread of Live: slices, what was asked of runs meanwhile, and rest. */
#include "render/runs/live_internal.h"
#include "sim/base/clock.h"

#include <string.h>

/* Long enough that a slice costs more than handing it over, short enough that a frame never waits
 * for news. */
static const double SLICE_SECONDS = 0.004;

static int64_t goal_of(const Live *live, const LiveRun *run) {
    bool is_guest = run == &live->runs[live->n_watched];
    int64_t allowed = atomic_load(is_guest ? &live->guest_allowed : &live->allowed);
    int64_t end = atomic_load(&run->n_steps);
    return allowed < end ? allowed : end;
}

static bool has_work(const Live *live, const LiveRun *run) {
    return !atomic_load(&run->has_failed) && atomic_load(&run->step) < goal_of(live, run);
}

/* The phase that holds at the next step. */
static int phase_now(const LiveRun *run) {
    int i = run->followed.n_phases - 1;
    while (i > 0 && run->followed.phases[i].step > training_step(run->training))
        i--;
    return i;
}

/* Tells of the phase that has begun, where the training came to one that its config has. */
static void tell_phase(Live *live, LiveRun *run) {
    int i = phase_now(run);
    if (i > run->told &&
        touches_answer(&live->touches, &(Touching){.touch = {.run = (int)(run - live->runs)},
                                                   .step = run->followed.phases[i].step,
                                                   .settings = *run->followed.phases[i].settings}))
        run->told = i;
}

/* Again of all that there was no room for. */
static void tell_phases(Live *live) {
    for (int i = 0; i < live->n; i++)
        tell_phase(live, &live->runs[i]);
}

/* Copies where somebody waits for it, and always where the run comes to rest. */
static void post(const Live *live, LiveRun *run) {
    if (atomic_exchange(&run->is_wanted, false) || !has_work(live, run))
        mailbox_post(run->mailbox, run->training);
}

int64_t live_next_slice(int64_t slice, int64_t n_done, double seconds) {
    if (seconds > SLICE_SECONDS && slice > 1)
        return slice / 2;
    return seconds < SLICE_SECONDS / 2 && n_done == slice ? 2 * slice : slice;
}

/* Trains for a slice. `pool` is for the parts of a step. */
static void advance(Live *live, LiveRun *run, Pool *pool) {
    int64_t from = training_step(run->training), goal = goal_of(live, run);
    int64_t until = goal - from < run->slice ? goal : from + run->slice;
    double begun = clock_wall();
    Error error = {0};
    if (!training_advance(run->training, until, pool, &live->interrupt, &error))
        atomic_store(&run->has_failed, true);
    int64_t step = training_step(run->training);
    run->slice = live_next_slice(run->slice, step - from, clock_wall() - begun);
    atomic_store(&run->step, step);
    tell_phase(live, run);
    post(live, run);
}

/* PoolTask: one of many runs. */
static void advance_one(void *context, int task, int worker) {
    Live *live = context;
    (void)worker;
    if (has_work(live, &live->runs[task]))
        advance(live, &live->runs[task], NULL);
}

bool live_has_work(const Live *live) {
    for (int i = 0; i < live->n; i++)
        if (has_work(live, &live->runs[i]))
            return true;
    return false;
}

/* What is wrong with the touch, in one line. */
static void tell_problem(const Problems *problems, Error *error) {
    Text text = {0};
    problems_print(problems, &text);
    error_set(error, "%.*s", (int)strcspn(text_of(&text), "\n"), text_of(&text));
    text_release(&text);
}

/* Sets what was asked; the run then has these phases and steps. */
static bool set_touch(Live *live, const Touch *touch, int64_t step, int64_t n_steps, Arena *phases,
                      Run *touched, Error *error) {
    LiveRun *run = &live->runs[touch->run];
    Arena scratch = {0};
    Problems problems = {.arena = &scratch};
    pthread_mutex_lock(&live->touch_lock);
    bool ok = !*touch->key || touched_set(run->touched, step, touch->key, touch->value, &problems);
    *touched = touched_run(run->touched, n_steps, phases);
    pthread_mutex_unlock(&live->touch_lock);
    if (!ok)
        tell_problem(&problems, error);
    arena_release(&scratch);
    return ok;
}

/* The training does not have it: neither may a config that is saved. */
static void take_back(Live *live, const Touch *touch) {
    pthread_mutex_lock(&live->touch_lock);
    if (*touch->key)
        touched_take_back(live->runs[touch->run].touched);
    pthread_mutex_unlock(&live->touch_lock);
}

/* Sets what was asked, and the training's phases. */
static bool set_phases(Live *live, const Touch *touch, int64_t n_steps, Arena *phases, Run *touched,
                       Error *error) {
    Training *training = live->runs[touch->run].training;
    if (!set_touch(live, touch, training_step(training), n_steps, phases, touched, error))
        return false;
    if (training_set_phases(training, touched->phases, touched->n_phases, phases, error))
        return true;
    take_back(live, touch);
    return false;
}

/* Puts what was asked into the run, from its next step on. */
static void follow_touch(Live *live, const Touch *touch) {
    LiveRun *run = &live->runs[touch->run];
    Arena phases = {0};
    Run touched;
    Touching touching = {.touch = *touch, .step = training_step(run->training)};
    int64_t n_steps = touch->n_steps ? touch->n_steps : atomic_load(&run->n_steps);
    if (training_failure(run->training))
        error_set(&touching.error, "the run has failed; R starts it again");
    else if (set_phases(live, touch, n_steps, &phases, &touched, &touching.error)) {
        Arena old = run->phases;
        run->phases = phases;
        phases = old;
        run->followed = touched;
        atomic_store(&run->is_touched, true);
        run->told = phase_now(run);
        atomic_store(&run->n_steps, n_steps);
        touching.settings = *training_settings(run->training);
    }
    touches_answer(&live->touches, &touching);
    arena_release(&phases);
}

static void follow_touches(Live *live) {
    Touch touch;
    atomic_store(&live->interrupt, 0);
    tell_phases(live); /* before what comes after them */
    while (touches_next(&live->touches, &touch))
        follow_touch(live, &touch);
}

/* Into the run's room for it. */
static void copy_left(LeftRun *left, float *room) {
    size_t n = (size_t)left->now.n_parameters;
    left->now.parameters = memcpy(room, left->now.parameters, n * sizeof *room);
    if (left->n_states)
        left->states = memcpy(room + n, left->states, (size_t)left->n_states * sizeof *room);
}

void live_leave(Live *live, int i, bool is_copied) {
    LiveRun *run = &live->runs[i];
    LeftRun *left = &live->left[i];
    Model *model = training_model(run->training);
    int64_t step = training_step(run->training), n_steps = atomic_load(&run->n_steps);
    const Error *failure = training_failure(run->training);
    double rate = training_learning_rate(run->training, step > 0 ? step - 1 : 0);
    *left = (LeftRun){
        .number = run->number,
        .state = failure           ? STATE_FAILED
                 : step >= n_steps ? STATE_DONE
                                   : STATE_TRAINING,
        .why = failure ? failure->text : NULL,
        .now = {step, training_loss(run->training), rate, model->n_parameters, model->parameters}};
    left->states = training_states(run->training, &left->n_states);
    if (is_copied)
        copy_left(left, run->copy);
    if (!run->is_touched)
        return;
    text_release(&run->config);
    live_print(live, i, n_steps, &run->config);
    left->config = text_of(&run->config);
}

/* Between two slices nobody else is at the runs. */
static void leave_all(Live *live) {
    for (int i = 0; i < live->n; i++)
        live_leave(live, i, true);
    atomic_store(&live->left_state, LEFT_READY);
}

void *live_train(void *context) {
    Live *live = context;
    pthread_mutex_lock(&live->lock);
    while (!atomic_load(&live->is_closing)) {
        if (atomic_load(&live->left_state) == LEFT_WANTED) {
            pthread_mutex_unlock(&live->lock);
            leave_all(live);
            pthread_mutex_lock(&live->lock);
            continue;
        }
        if (atomic_load(&live->interrupt)) {
            pthread_mutex_unlock(&live->lock);
            follow_touches(live);
            pthread_mutex_lock(&live->lock);
            continue;
        }
        if (!live_has_work(live)) {
            tell_phases(live);
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
