/* A session is what `superpose run` does: a plan, which numbers what is stored and says what is
 * missing, and a runner. The store is open to write as long as a session lasts, and no longer. */
#include "render/runs/sweeper.h"

#include "render/runs/follow.h"
#include "render/runs/live.h"
#include "sim/base/version.h"
#include "sim/experiment/runner.h"

#include <math.h>
#include <pthread.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { NICE = 10 };

struct Sweeper {
    Arena arena;
    SweeperOptions options;
    pthread_t thread;
    bool has_thread;
    pthread_mutex_t lock;
    pthread_cond_t wake, rested;
    /* under the lock */
    bool goes_on, is_closing; /* what is wanted of the thread */
    bool is_resting, is_over; /* what it does: nothing now; nothing any more */
    Store *reading;           /* opened for `follow`, when numbers in the store are right */
    Error trouble;
    bool has_opened;                  /* what `follow` is to read */
    int64_t last[LIVE_MOST_RUNS + 1]; /* [n_last] to be trained after all others */
    int n_last;
    atomic_int stop; /* ends a session; set by who wants that, cleared before the next */
    /* the drawing thread's */
    Follow *follow; /* NULL: there is nothing to be read yet */
    bool is_held;
};

/* ---- the thread ---- */

/* The window and what it watches come before the training here. On Linux a thread has a niceness of
 * its own, which the threads that it starts inherit; elsewhere it would be the whole program's. */
static void give_way(void) {
#ifdef __linux__
    setpriority(PRIO_PROCESS, 0, NICE);
#endif
}

/* Whether it was the same sweep that numbered the runs last: then there is no need to wait for a
 * plan, which looks at each of them. */
static bool has_right_numbers(const Sweeper *sweeper, Store *store) {
    Arena scratch = {0};
    Text config = {0};
    experiment_print(sweeper->options.experiment, &config);
    const char *stored = store_fact(store, "config", &scratch);
    bool is_same = stored && strcmp(stored, text_of(&config)) == 0;
    text_release(&config);
    arena_release(&scratch);
    return is_same;
}

static void hand_over(Sweeper *sweeper, Store *reading) {
    pthread_mutex_lock(&sweeper->lock);
    sweeper->reading = reading;
    sweeper->has_opened = reading != NULL;
    pthread_mutex_unlock(&sweeper->lock);
}

static bool has_opened(Sweeper *sweeper) {
    pthread_mutex_lock(&sweeper->lock);
    bool has_opened = sweeper->has_opened;
    pthread_mutex_unlock(&sweeper->lock);
    return has_opened;
}

/* The map's reader gets a store of its own, looked through here, where nobody waits for it. */
static bool open_reading(Sweeper *sweeper, Error *error) {
    Store *reading = NULL;
    if (has_opened(sweeper))
        return true;
    bool ok = store_open(&reading, sweeper->options.path, STORE_READ, error);
    hand_over(sweeper, reading);
    return ok;
}

/* Where another window trains the same sweep, the map has at least what that one stores. */
static void read_along(Sweeper *sweeper) {
    Store *reading;
    Error ignored;
    if (has_opened(sweeper) || !store_open(&reading, sweeper->options.path, STORE_READ, &ignored))
        return;
    if (has_right_numbers(sweeper, reading))
        hand_over(sweeper, reading);
    else
        store_close(reading, &ignored);
}

static bool is_among(const int64_t *numbers, int n, int64_t number) {
    bool is_there = false;
    for (int i = 0; i < n; i++)
        is_there |= numbers[i] == number;
    return is_there;
}

/* What the window trains itself may well have come to its end when all others have: it waits for a
 * session of its own. Whether anything does. */
static bool put_off_last(Sweeper *sweeper, Plan *plan) {
    int64_t n = 0, last[LIVE_MOST_RUNS + 1];
    Arena scratch = {0};
    PlannedRun *first = ARENA_NEW(&scratch, PlannedRun, plan->n_pending);
    pthread_mutex_lock(&sweeper->lock); /* not for as long as a million runs take */
    int n_last = sweeper->n_last;
    memcpy(last, sweeper->last, sizeof last);
    pthread_mutex_unlock(&sweeper->lock);
    for (int64_t i = 0; i < plan->n_pending; i++)
        if (!is_among(last, n_last, plan->pending[i].number))
            first[n++] = plan->pending[i];
    bool waits = n && n < plan->n_pending;
    if (waits) {
        memcpy(plan->pending, first, (size_t)n * sizeof *first);
        plan->n_pending = n;
    }
    arena_release(&scratch);
    return waits;
}

static bool train(Sweeper *sweeper, Store *store, bool *is_over, Error *error) {
    const SweeperOptions *options = &sweeper->options;
    const RunChoice choice = {.n_shards = 1, .only_run = -1, .keeps_others = true};
    Arena arena = {0};
    Plan plan;
    RunReport report = {0};
    Progress progress = {.best_loss = (double)NAN};
    bool waits = false;
    bool ok = (!has_right_numbers(sweeper, store) || open_reading(sweeper, error)) &&
              plan_make(options->experiment, store, isa_name(options->isa), &choice, &arena, &plan,
                        error) &&
              store_set_fact(store, "program", "superpose " SUPERPOSE_VERSION, error) &&
              open_reading(sweeper, error);
    if (ok) {
        waits = put_off_last(sweeper, &plan);
        give_way();
        ok = runner_train(options->experiment, &plan, store, options->n_threads, options->isa,
                          &sweeper->stop, &progress, &report, error);
    }
    *is_over = !ok || (!waits && report.n_trained == plan.n_pending);
    arena_release(&arena);
    return ok;
}

/* From opening the store to closing it; false: there is nothing more that it can do. */
static bool hold_session(Sweeper *sweeper, Error *error) {
    Store *store;
    Error closing = {0};
    bool is_over = true;
    mkdir("results", 0777); /* where it fails, so does the file in it, and says why */
    if (!store_open(&store, sweeper->options.path, STORE_WRITE, error)) {
        read_along(sweeper);
        return false;
    }
    bool ok = train(sweeper, store, &is_over, error);
    if (!store_close(store, &closing) && ok)
        *error = closing;
    return ok && !closing.text[0] && !is_over;
}

/* Under the lock. */
static bool may_go_on(const Sweeper *sweeper) {
    return sweeper->goes_on && !sweeper->is_over;
}

static void *sweep(void *context) {
    Sweeper *sweeper = context;
    pthread_mutex_lock(&sweeper->lock);
    while (!sweeper->is_closing) {
        if (!may_go_on(sweeper)) {
            sweeper->is_resting = true;
            pthread_cond_broadcast(&sweeper->rested);
            pthread_cond_wait(&sweeper->wake, &sweeper->lock);
            continue;
        }
        Error error = {0};
        sweeper->is_resting = false;
        atomic_store(&sweeper->stop, 0);
        pthread_mutex_unlock(&sweeper->lock);
        bool has_more = hold_session(sweeper, &error);
        pthread_mutex_lock(&sweeper->lock);
        sweeper->is_over = !has_more;
        sweeper->trouble = error;
    }
    sweeper->is_resting = true;
    pthread_mutex_unlock(&sweeper->lock);
    return NULL;
}

/* ---- the drawing thread ---- */

bool sweeper_open(Sweeper **out, const SweeperOptions *options, Error *error) {
    Arena arena = {0};
    Sweeper *sweeper = ARENA_NEW(&arena, Sweeper, 1);
    sweeper->arena = arena;
    sweeper->options = *options;
    sweeper->is_resting = true;
    pthread_mutex_init(&sweeper->lock, NULL);
    pthread_cond_init(&sweeper->wake, NULL);
    pthread_cond_init(&sweeper->rested, NULL);
    sweeper->has_thread = pthread_create(&sweeper->thread, NULL, sweep, sweeper) == 0;
    *out = sweeper;
    if (sweeper->has_thread)
        return true;
    sweeper_close(sweeper);
    *out = NULL;
    return error_set(error, "no thread for the sweep");
}

void sweeper_put_last(Sweeper *sweeper, const int64_t *numbers, int n) {
    pthread_mutex_lock(&sweeper->lock);
    sweeper->n_last = n;
    for (int i = 0; i < n; i++)
        sweeper->last[i] = numbers[i];
    pthread_mutex_unlock(&sweeper->lock);
}

void sweeper_let(Sweeper *sweeper, bool goes_on) {
    pthread_mutex_lock(&sweeper->lock);
    bool is_other = sweeper->goes_on != goes_on;
    sweeper->goes_on = goes_on;
    if (is_other && !goes_on)
        atomic_store(&sweeper->stop, 1);
    if (is_other)
        pthread_cond_signal(&sweeper->wake);
    pthread_mutex_unlock(&sweeper->lock);
    if (goes_on && sweeper->is_held)
        follow_go_on(sweeper->follow);
    sweeper->is_held &= !goes_on;
}

void sweeper_stop(Sweeper *sweeper) {
    Error ignored;
    if (sweeper->follow && !sweeper->is_held)
        follow_hold(sweeper->follow); /* first: a reader would keep the writer's log alive */
    sweeper->is_held = sweeper->follow != NULL;
    sweeper_let(sweeper, false);
    pthread_mutex_lock(&sweeper->lock);
    while (!sweeper->is_resting)
        pthread_cond_wait(&sweeper->rested, &sweeper->lock);
    if (sweeper->reading) { /* opened just now: later, then */
        store_close(sweeper->reading, &ignored);
        sweeper->reading = NULL;
        sweeper->has_opened = false;
    }
    pthread_mutex_unlock(&sweeper->lock);
}

void sweeper_close(Sweeper *sweeper) {
    Error ignored;
    if (!sweeper)
        return;
    follow_close(sweeper->follow);
    sweeper->follow = NULL;
    sweeper->is_held = false;
    if (sweeper->has_thread) {
        sweeper_let(sweeper, false);
        pthread_mutex_lock(&sweeper->lock);
        sweeper->is_closing = true;
        pthread_cond_signal(&sweeper->wake);
        pthread_mutex_unlock(&sweeper->lock);
        pthread_join(sweeper->thread, NULL);
    }
    store_close(sweeper->reading, &ignored); /* it only read */
    pthread_cond_destroy(&sweeper->rested);
    pthread_cond_destroy(&sweeper->wake);
    pthread_mutex_destroy(&sweeper->lock);
    Arena arena = sweeper->arena; /* which it lies in */
    arena_release(&arena);
}

bool sweeper_is_resting(Sweeper *sweeper) {
    pthread_mutex_lock(&sweeper->lock);
    bool is_resting = sweeper->is_resting && !(sweeper->goes_on && !sweeper->is_over);
    pthread_mutex_unlock(&sweeper->lock);
    return is_resting;
}

bool sweeper_has_work(Sweeper *sweeper) {
    pthread_mutex_lock(&sweeper->lock);
    bool has_work = !sweeper->is_over;
    pthread_mutex_unlock(&sweeper->lock);
    return has_work;
}

/* Begins to read the store, when it is there. */
static bool begin_to_read(Sweeper *sweeper, Store *reading, Error *error) {
    const FollowOptions options = {.store = reading,
                                   .experiment = sweeper->options.experiment,
                                   .map = sweeper->options.map,
                                   .isa = sweeper->options.isa};
    return follow_open(&sweeper->follow, &options, error);
}

bool sweeper_collect(Sweeper *sweeper, bool *is_new, Error *error) {
    *is_new = false;
    pthread_mutex_lock(&sweeper->lock);
    Store *reading = sweeper->reading;
    sweeper->reading = NULL;
    Error trouble = sweeper->trouble;
    sweeper->trouble = (Error){0};
    pthread_mutex_unlock(&sweeper->lock);
    if (reading && !begin_to_read(sweeper, reading, error))
        return false;
    if (trouble.text[0])
        return error_set(error, "the rest of the sweep is not trained here: %s", trouble.text);
    return !sweeper->follow || follow_collect(sweeper->follow, is_new, error);
}
