/* The drawing thread's half of Live: opens the runs, says what they may do, and brings what they
 * have become into histories. */
#include "render/runs/live_internal.h"

#include "render/runs/marks.h"
#include "render/runs/survey.h"
#include "sim/experiment/init_from.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Frames that a guest takes to its end at least. */
enum { GUEST_STRIDES = 128 };

/* Has the training thread look up. */
static void wake(Live *live) {
    pthread_mutex_lock(&live->lock);
    pthread_cond_signal(&live->wake);
    pthread_mutex_unlock(&live->lock);
}

/* ---- opening ---- */

static const ModelSettings *model_settings(const Run *run) {
    return run->phases[0].settings->model.settings;
}

static bool open_training(const Live *live, LiveRun *run, Error *error) {
    int n_workers = live->n == 1 ? pool_size(live->pool) : 1;
    if (!training_open(&run->training, run->followed.phases, run->followed.n_phases,
                       run->followed.restart, n_workers, live->isa, NULL, &run->arena, error) ||
        !init_from_load(model_settings(&run->followed)->init_from, live->experiment->beside,
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

/* Data and task as scenes ask for them are their own: the training's belong to its thread. */
static bool add_world(const Live *live, LiveRun *run, int64_t step, const Settings *settings,
                      Error *error) {
    Settings *kept = ARENA_NEW(&run->worlds, Settings, 1); /* data and task point into it */
    World world;
    *kept = *settings;
    if (!survey_world(live->experiment, step, kept, live->isa, &run->worlds, &world, error))
        return false;
    history_add_world(run->history, &world);
    run->now = *settings;
    return true;
}

static bool open_history(const Live *live, LiveRun *run, const char *name, const KeptRun *kept,
                         Error *error) {
    const Settings *first = run->followed.phases[0].settings;
    int n_features = training_model(run->training)->n_features;
    if (!history_open(&run->history, name, &first->model, n_features, live->most_bytes, error))
        return false;
    live_mark_changes(run, kept ? kept->changes : NULL);
    history_set_state(run->history, STATE_TRAINING, NULL);
    run->first = *first;
    run->last_drag = -1;
    return add_world(live, run, 0, first, error);
}

bool live_go_on(Live *live, Error *error) {
    if (live->has_thread)
        return true;
    atomic_store(&live->is_closing, false);
    live->has_thread = pthread_create(&live->thread, NULL, live_train, live) == 0;
    return live->has_thread || error_set(error, "no thread for the training");
}

/* Puts a run where it was left. */
static bool go_on(const Live *live, LiveRun *run, const KeptRun *kept, Error *error) {
    training_set_state(run->training, kept->step, kept->state);
    atomic_store(&run->step, kept->step);
    for (int i = 1; i < run->followed.n_phases; i++) {
        const Phase *phase = &run->followed.phases[i];
        if (phase->step > kept->step)
            break;
        if (!add_world(live, run, phase->step, phase->settings, error))
            return false;
        run->told = i;
    }
    for (int i = 0; i < kept->n_moments; i++) {
        const Moment *moment = &kept->moments[i];
        double rate = moment->learning_rate;
        if (isnan(rate)) /* stored without a window */
            rate = training_learning_rate(run->training, moment->step > 0 ? moment->step - 1 : 0);
        if (!history_add(run->history, moment->step, moment->loss, rate, moment->parameters, error))
            return false;
    }
    if (kept->step >= atomic_load(&run->n_steps))
        history_set_state(run->history, STATE_DONE, NULL);
    marks_add_bookmarks(run->history, kept->bookmarks);
    mailbox_take(run->mailbox); /* the untrained model is behind it */
    if (kept->n_moments && kept->moments[kept->n_moments - 1].step == kept->step)
        return true;
    return history_add(run->history, kept->step, (double)NAN,
                       training_learning_rate(run->training, kept->step - 1), kept->state, error);
}

static bool open_run(const Live *live, LiveRun *run, int64_t number, const char *name,
                     const KeptRun *kept, Error *error) {
    const Experiment *experiment = kept ? kept->experiment : live->experiment;
    int64_t number_there = kept ? kept->number : number;
    atomic_init(&run->is_touched, kept && kept->experiment != live->experiment);
    run->number = number;
    run->followed = experiment_run(experiment, number_there, &run->arena);
    run->touched = touched_open(experiment, number_there, &run->arena);
    atomic_init(&run->n_steps, run->followed.phases[0].settings->train.steps);
    return open_training(live, run, error) && open_history(live, run, name, kept, error) &&
           (!kept || go_on(live, run, kept, error));
}

static void close_run(LiveRun *run) {
    history_close(run->history);
    text_release(&run->config);
    arena_release(&run->worlds);
    arena_release(&run->phases);
    arena_release(&run->arena);
    memset(run, 0, sizeof *run);
}

bool live_open(Live **out, const LiveRuns *runs, Error *error) {
    Arena arena = {0};
    Live *live = ARENA_NEW(&arena, Live, 1);
    live->arena = arena;
    live->experiment = runs->experiment;
    live->isa = runs->isa;
    live->n = live->n_watched = runs->n;
    live->most_bytes = runs->most_bytes / (size_t)(runs->n + 1);
    live->runs = ARENA_NEW(&live->arena, LiveRun, runs->n + 1);
    live->left = ARENA_NEW(&live->arena, LeftRun, runs->n + 1);
    pthread_mutex_init(&live->lock, NULL);
    pthread_cond_init(&live->wake, NULL);
    pthread_cond_init(&live->rested, NULL);
    pthread_mutex_init(&live->touch_lock, NULL);
    touches_init(&live->touches);
    bool ok = pool_open(&live->pool, runs->n_threads, error);
    for (int i = 0; ok && i < runs->n; i++)
        ok = open_run(live, &live->runs[i], runs->numbers[i], runs->names[i],
                      runs->kept ? runs->kept[i] : NULL, error);
    *out = live;
    if (ok && live_go_on(live, error))
        return true;
    live_close(live);
    *out = NULL;
    return false;
}

void live_stop(Live *live) {
    bool is_new;
    Error error = {0};
    if (!live->has_thread)
        return;
    atomic_store(&live->is_closing, true);
    atomic_store(&live->interrupt, 1);
    wake(live);
    pthread_join(live->thread, NULL);
    live->has_thread = false;
    for (int i = 0; i < live->n; i++) /* the thread is gone: its side is ours */
        if (training_step(live->runs[i].training) > 0)
            mailbox_post(live->runs[i].mailbox, live->runs[i].training);
    live_collect(live, &is_new, &error);
}

bool live_invite(Live *live, int64_t number, const char *name, const KeptRun *kept, Error *error) {
    bool is_new;
    Error second = {0};
    LiveRun *guest = &live->runs[live->n_watched];
    live_stop(live);
    if (live->n > live->n_watched)
        close_run(guest);
    touches_forget(&live->touches, live->n_watched);
    atomic_store(&live->left_state, LEFT_NONE);
    atomic_store(&live->guest_allowed, 0);
    live->n = live->n_watched + 1;
    if (open_run(live, guest, number, name, kept, error) && live_go_on(live, error)) {
        live_collect(live, &is_new, &second); /* it has a first moment to be shown */
        return true;
    }
    close_run(guest);
    live->n = live->n_watched;
    live_go_on(live, &second);
    return false;
}

int live_n(const Live *live) {
    return live->n;
}

bool live_ask_left(Live *live, Error *error) {
    for (int i = 0; i < live->n; i++) {
        LiveRun *run = &live->runs[i];
        int64_t n = training_state_count(run->training);
        if (!run->copy && !(run->copy = ARENA_TRY(&run->worlds, float, n)))
            return error_set(error, "no memory for a copy of the training");
    }
    atomic_store(&live->left_state, LEFT_WANTED);
    wake(live);
    return true;
}

const LeftRun *live_left(Live *live) {
    if (live->has_thread)
        return atomic_load(&live->left_state) == LEFT_READY ? live->left : NULL;
    for (int i = 0; i < live->n; i++)
        live_leave(live, i, false);
    return live->left;
}

void live_close(Live *live) {
    if (!live)
        return;
    live_stop(live);
    pool_close(live->pool);
    for (int i = 0; i < live->n; i++)
        close_run(&live->runs[i]);
    touches_release(&live->touches);
    pthread_mutex_destroy(&live->touch_lock);
    pthread_cond_destroy(&live->rested);
    pthread_cond_destroy(&live->wake);
    pthread_mutex_destroy(&live->lock);
    Arena arena = live->arena; /* which it lies in */
    arena_release(&arena);
}

/* ---- the drawing thread ---- */

const Settings *live_settings_first(const Live *live, int i) {
    return &live->runs[i].first;
}

const Settings *live_settings_now(const Live *live, int i) {
    return &live->runs[i].now;
}

bool live_is_touched(const Live *live, int i) {
    return atomic_load(&live->runs[i].is_touched);
}

History *live_history(const Live *live, int i) {
    return live->runs[i].history;
}

int64_t live_step(const Live *live, int i) {
    return atomic_load(&live->runs[i].step);
}

int64_t live_n_steps(const Live *live, int i) {
    return atomic_load(&live->runs[i].n_steps);
}

/* A guest that comes to where the others are does so in strides, so that it has a past. */
static int64_t allowed_of_guest(const Live *live, int64_t step) {
    const LiveRun *guest = &live->runs[live->n_watched];
    int64_t stride = atomic_load(&guest->n_steps) / GUEST_STRIDES + 1;
    int64_t next = atomic_load(&guest->step) + stride;
    return next < step ? next : step;
}

void live_allow(Live *live, int64_t step) {
    int64_t guest = live->n > live->n_watched ? allowed_of_guest(live, step) : 0;
    bool is_more = atomic_exchange(&live->allowed, step) < step;
    if (atomic_exchange(&live->guest_allowed, guest) < guest || is_more)
        wake(live);
}

void live_wait(Live *live) {
    pthread_mutex_lock(&live->lock);
    while (!live->is_resting || atomic_load(&live->interrupt) || live_has_work(live))
        pthread_cond_wait(&live->rested, &live->lock);
    pthread_mutex_unlock(&live->lock);
}

/* Has the training thread look at what is asked. */
static void ask_again(Live *live) {
    atomic_store(&live->interrupt, 1);
    wake(live);
}

static void ask(Live *live, const Touch *touch) {
    if (!touches_ask(&live->touches, touch))
        error_set(&live->trouble, "too many changes at once");
    ask_again(live);
}

void live_touch(Live *live, int i, const LiveTouch *wanted) {
    Touch touch = {.run = i, .drag = wanted->drag, .n_steps = wanted->n_steps};
    snprintf(touch.key, sizeof touch.key, "%s", wanted->key);
    snprintf(touch.value, sizeof touch.value, "%s", wanted->value);
    ask(live, &touch);
}

void live_extend(Live *live, int i, int64_t n_steps) {
    Touch touch = {.run = i, .n_steps = n_steps};
    ask(live, &touch);
}

bool live_trouble(Live *live, Error *trouble) {
    *trouble = live->trouble;
    live->trouble = (Error){0};
    return trouble->text[0] != 0;
}

void live_print(Live *live, int i, int64_t step, Text *text) {
    pthread_mutex_lock(&live->touch_lock);
    touched_print(live->runs[i].touched, step, text);
    pthread_mutex_unlock(&live->touch_lock);
}

/* ---- bringing news ---- */

/* What was before the drag began, and what it is now: one mark for all that one hand does. */
static void mark(LiveRun *run, const Touching *touching) {
    Arena scratch = {0};
    bool goes_on = run->last_drag == touching->touch.drag;
    if (!goes_on)
        run->before = run->now;
    run->last_drag = touching->touch.drag;
    const char *text = survey_change(&run->before, &touching->settings, &scratch);
    if (!goes_on || !history_change_mark(run->history, TIME_CHANGE, touching->step, text))
        history_add_mark(run->history, touching->step, TIME_CHANGE, text);
    arena_release(&scratch);
}

static bool tell_touch(Live *live, const Touching *touching, Error *error) {
    int i = touching->touch.run;
    LiveRun *run = &live->runs[i];
    if (touching->error.text[0]) {
        live->trouble = touching->error;
        return true;
    }
    if (!atomic_load(&run->has_failed) && live_step(live, i) < live_n_steps(live, i))
        history_set_state(run->history, STATE_TRAINING, NULL);
    if (*touching->touch.key)
        mark(run, touching);
    return add_world(live, run, touching->step, &touching->settings, error);
}

static bool add_snapshot(const Live *live, int i, const Snapshot *snapshot, bool has_failed,
                         Error *error) {
    LiveRun *run = &live->runs[i];
    if (has_failed)
        history_set_state(run->history, STATE_FAILED, training_failure(run->training)->text);
    else if (snapshot->step >= live_n_steps(live, i))
        history_set_state(run->history, STATE_DONE, NULL);
    atomic_store(&run->is_wanted, true);
    return history_add(run->history, snapshot->step, snapshot->loss, snapshot->learning_rate,
                       snapshot->parameters, error);
}

static bool collect_touches(Live *live, bool *is_new, Error *error) {
    Touching touching;
    int n = 0;
    bool ok = true;
    for (; ok && touches_take(&live->touches, &touching); n++)
        ok = tell_touch(live, &touching, error);
    *is_new |= n > 0;
    if (n >= MOST_TOUCHINGS || touches_is_waiting(&live->touches))
        ask_again(live); /* there was no room for more */
    return ok;
}

/* Takes before it looks: what was answered before a run was at its end is known when that is told,
 * and a failure is known to whoever has taken the last of the run. */
bool live_collect(Live *live, bool *is_new, Error *error) {
    const Snapshot *snapshots[LIVE_MOST_RUNS + 1];
    bool have_failed[LIVE_MOST_RUNS + 1];
    int n = live->n;
    *is_new = false;
    for (int i = 0; i < n; i++) {
        snapshots[i] = mailbox_take(live->runs[i].mailbox);
        have_failed[i] = atomic_load(&live->runs[i].has_failed);
        *is_new |= snapshots[i] != NULL;
    }
    bool ok = collect_touches(live, is_new, error);
    for (int i = 0; ok && i < n; i++)
        ok = !snapshots[i] || add_snapshot(live, i, snapshots[i], have_failed[i], error);
    return ok;
}
