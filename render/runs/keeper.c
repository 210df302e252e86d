#include "render/runs/keeper.h"

#include "render/runs/marks.h"
#include "sim/base/clock.h"

#include <math.h>
#include <pthread.h>
#include <string.h>
#include <xxhash.h>

static const double FIRST_SECONDS = 10, SECONDS = 30, MOST_SECONDS = 600;
/* Writing may take this part of the time, but for what takes longer than that of MOST_SECONDS. */
static const double MOST_OF_TIME = 0.03;
/* The drawing thread copies so much in a frame, 0.3 ms, and so much altogether while runs train;
 * all that is kept at the end need not be copied. */
static const double FRAME_BYTES = 1e6, MOST_BYTES = 32e6, MOST_BYTES_AT_END = 256e6;

typedef enum KeeperState { KEEPER_RESTS, KEEPER_ASKS, KEEPER_COPIES, KEEPER_WRITES } KeeperState;

struct Keeper {
    const char *path;
    const Experiment *experiment;
    Isa isa;
    Live *live;
    KeeperState state;
    double due;               /* < 0: no tick has been */
    bool is_leaving, is_last; /* what is kept next is the last; what is kept now */
    bool has_left;            /* and was */
    bool has_told;            /* that it cannot be written */
    bool has_told_last;       /* that the last of it cannot */
    bool has_ends;            /* of all runs: nothing more is to be kept */
    uint64_t kept;            /* a hash of what was kept last */
    /* what is being copied: of this run, from this moment on */
    const History *histories[LIVE_MOST_RUNS + 1];
    int at_run, at_moment;
    /* what is being written: the writing thread's until is_written */
    pthread_t thread;
    bool has_thread; /* else it was written on the spot */
    atomic_bool is_written;
    Arena arena;
    LeftRun runs[LIVE_MOST_RUNS + 1]; /* with the guest */
    struct {
        int64_t number;
        char name[KEEP_NAME];
    } kept_as[LIVE_MOST_RUNS + 1]; /* of each run of the Live */
    int n;
    double seconds;
    bool is_good;
    Error error;
};

static bool is_training(const Live *live) {
    for (int i = 0; i < live_n(live); i++)
        if (history_state(live_history(live, i)) == STATE_TRAINING)
            return true;
    return false;
}

/* What has ended when it opens was kept. */
Keeper *keeper_open(const char *path, const Experiment *experiment, Isa isa, Live *live,
                    Arena *arena) {
    Keeper *keeper = ARENA_NEW(arena, Keeper, 1);
    keeper->path = path;
    keeper->experiment = experiment;
    keeper->isa = isa;
    keeper->live = live;
    keeper->due = -1;
    keeper->has_ends = !is_training(live);
    return keeper;
}

/* ---- what is to be written ---- */

/* The loss of a run that was only just gone on with is not the training's to know. */
static void add_moments(LeftRun *left, const History *history, KeepLimit limit, Arena *arena) {
    int n;
    const Moment *all = history_moments(history, &n);
    if (isnan(left->now.loss) && n && all[n - 1].step == left->now.step)
        left->now.loss = all[n - 1].loss;
    left->moments = keep_choose(history, left, limit, arena, &left->n_moments);
    left->bookmarks = marks_print(history, TIME_BOOKMARK, arena);
    left->changes = marks_print(history, TIME_CHANGE, arena);
}

/* Runs that have begun. */
static void choose_runs(Keeper *keeper, const LeftRun *left, double most_bytes) {
    keeper->n = 0;
    for (int i = 0; i < live_n(keeper->live); i++)
        keeper->n += left[i].now.step > 0;
    KeepLimit limit = {keeper->n, most_bytes};
    for (int i = 0, n = 0; i < live_n(keeper->live); i++) {
        if (left[i].now.step == 0)
            continue;
        keeper->runs[n] = left[i];
        if (keeper->kept_as[i].number != left[i].number) /* another guest */
            keeper->kept_as[i].name[0] = 0;
        keeper->kept_as[i].number = left[i].number;
        keeper->runs[n].kept_as = keeper->kept_as[i].name;
        keeper->histories[n] = live_history(keeper->live, i);
        add_moments(&keeper->runs[n], keeper->histories[n], limit, &keeper->arena);
        n++;
    }
}

/* In place of the history's, if that still has it: it goes on meanwhile. */
static bool copy_moment(Moment *moment, const History *history, size_t n, Arena *arena) {
    int n_all;
    const Moment *all = history_moments(history, &n_all);
    int at = history_moment_at(history, moment->step);
    if (at < 0 || all[at].serial != moment->serial)
        return false;
    float *copy = ARENA_TRY(arena, float, n);
    if (copy)
        moment->parameters = memcpy(copy, all[at].parameters, n * sizeof *copy);
    return copy != NULL;
}

/* For a frame; true when all is copied. */
static bool copy_some(Keeper *keeper) {
    double left_bytes = FRAME_BYTES;
    for (; keeper->at_run < keeper->n; keeper->at_run++) {
        LeftRun *left = &keeper->runs[keeper->at_run];
        Moment *moments = (Moment *)(uintptr_t)left->moments; /* our arena's */
        size_t n = (size_t)left->now.n_parameters;
        while (keeper->at_moment < left->n_moments) {
            if (left_bytes <= 0)
                return false;
            left_bytes -= (double)(n * sizeof(float));
            if (copy_moment(&moments[keeper->at_moment], keeper->histories[keeper->at_run], n,
                            &keeper->arena))
                keeper->at_moment++;
            else
                memmove(&moments[keeper->at_moment], &moments[keeper->at_moment + 1],
                        (size_t)(--left->n_moments - keeper->at_moment) * sizeof *moments);
        }
        keeper->at_moment = 0;
    }
    return true;
}

/* What differs where there is something to keep. */
static uint64_t hash_of(const Keeper *keeper) {
    uint64_t hash = 1;
    for (int i = 0; i < keeper->n; i++) {
        const LeftRun *left = &keeper->runs[i];
        uint64_t run[] = {hash,
                          (uint64_t)left->number,
                          (uint64_t)left->now.step,
                          (uint64_t)left->state,
                          XXH3_64bits(left->bookmarks, strlen(left->bookmarks)),
                          left->config ? XXH3_64bits(left->config, strlen(left->config)) : 0};
        hash = XXH3_64bits(run, sizeof run);
    }
    return hash;
}

static bool have_all_ended(const LeftRun *runs, int n) {
    for (int i = 0; i < n; i++)
        if (runs[i].state == STATE_TRAINING)
            return false;
    return true;
}

/* ---- now and then ---- */

/* pthread_create */
static void *write_runs(void *context) {
    Keeper *keeper = context;
    double begun = clock_wall();
    keeper->error = (Error){0};
    keeper->is_good = keep_write(keeper->path, keeper->experiment, keeper->isa, keeper->runs,
                                 keeper->n, &keeper->error);
    keeper->seconds = clock_wall() - begun;
    atomic_store(&keeper->is_written, true);
    return NULL;
}

/* What is to be the last is kept as soon as it can be; where that fails, again like all else. */
static void rest(Keeper *keeper, double now) {
    bool is_in_haste = keeper->is_leaving && !keeper->is_last;
    arena_release(&keeper->arena);
    keeper->state = KEEPER_RESTS;
    keeper->due =
        is_in_haste ? now : now + fmin(fmax(SECONDS, keeper->seconds / MOST_OF_TIME), MOST_SECONDS);
}

static void write_all(Keeper *keeper) {
    atomic_store(&keeper->is_written, false);
    keeper->state = KEEPER_WRITES;
    keeper->has_thread = pthread_create(&keeper->thread, NULL, write_runs, keeper) == 0;
    if (!keeper->has_thread)
        write_runs(keeper);
}

static void end_writing(Keeper *keeper) {
    if (keeper->has_thread)
        pthread_join(keeper->thread, NULL);
    keeper->has_thread = false;
}

/* Of what has stopped nothing need be copied. */
static void begin(Keeper *keeper, const LeftRun *left, double now) {
    choose_runs(keeper, left, keeper->is_leaving ? MOST_BYTES_AT_END : MOST_BYTES);
    uint64_t hash = hash_of(keeper);
    bool is_new = keeper->n && (keeper->is_leaving || hash != keeper->kept);
    keeper->kept = hash;
    keeper->is_last = keeper->is_leaving;
    keeper->has_ends = have_all_ended(left, live_n(keeper->live));
    keeper->at_run = keeper->at_moment = 0;
    keeper->has_left = keeper->is_last && !is_new;
    if (!is_new)
        rest(keeper, now);
    else if (keeper->is_leaving)
        write_all(keeper);
    else
        keeper->state = KEEPER_COPIES;
}

/* It was not written. */
static void forget(Keeper *keeper) {
    keeper->kept = 0;
    keeper->has_ends = false;
}

/* What was written, or could not be: told once, and of the last in any case. */
static bool finish(Keeper *keeper, double now, Error *error) {
    bool *has_told = keeper->is_last ? &keeper->has_told_last : &keeper->has_told;
    bool is_told = *has_told;
    end_writing(keeper);
    rest(keeper, now);
    *has_told = !keeper->is_good;
    keeper->has_left = keeper->is_last && keeper->is_good;
    if (keeper->is_good)
        return true;
    forget(keeper);
    return is_told ||
           error_set(error, "%s: %.900s",
                     keeper->is_last ? "what was left is not kept yet" : "not kept for now",
                     keeper->error.text);
}

/* Whether all have ended since they were kept last. */
static bool has_new_end(Keeper *keeper) {
    bool has_begun = false;
    for (int i = 0; i < live_n(keeper->live); i++)
        has_begun |= live_step(keeper->live, i) > 0;
    if (is_training(keeper->live))
        keeper->has_ends = false;
    return has_begun && !keeper->has_ends && !is_training(keeper->live);
}

/* An end is kept at once, but where that has failed it is tried again in due time. */
static bool is_due(Keeper *keeper, double now) {
    if (keeper->is_leaving)
        return !keeper->has_left && now >= keeper->due;
    bool has_end = has_new_end(keeper);
    return (has_end && !keeper->has_told) || (now >= keeper->due && !keeper->has_ends);
}

static bool ask(Keeper *keeper, double now, Error *error) {
    bool ok = keeper->is_leaving || live_ask_left(keeper->live, error);
    if (ok)
        keeper->state = KEEPER_ASKS;
    else
        rest(keeper, now);
    return ok;
}

bool keeper_tick(Keeper *keeper, double now, Error *error) {
    const LeftRun *left;
    if (keeper->due < 0)
        keeper->due = now + FIRST_SECONDS;
    switch (keeper->state) {
    case KEEPER_RESTS:
        return !is_due(keeper, now) || ask(keeper, now, error);
    case KEEPER_ASKS:
        if ((left = live_left(keeper->live)))
            begin(keeper, left, now);
        return true;
    case KEEPER_COPIES:
        if (copy_some(keeper))
            write_all(keeper);
        return true;
    case KEEPER_WRITES:
    default:
        return !atomic_load(&keeper->is_written) || finish(keeper, now, error);
    }
}

bool keeper_is_writing(const Keeper *keeper) {
    return keeper->state == KEEPER_WRITES && !atomic_load(&keeper->is_written);
}

void keeper_leave(Keeper *keeper) {
    keeper->is_leaving = true;
    keeper->due = 0;
}

bool keeper_has_left(const Keeper *keeper) {
    return keeper->has_left;
}

bool keeper_is_resting(const Keeper *keeper) {
    return keeper->state == KEEPER_RESTS;
}

/* ---- the end ---- */

bool keeper_end(Keeper *keeper, Error *error) {
    keeper_close(keeper);
    live_stop(keeper->live);
    choose_runs(keeper, live_left(keeper->live), MOST_BYTES_AT_END);
    bool ok = !keeper->n || keep_write(keeper->path, keeper->experiment, keeper->isa, keeper->runs,
                                       keeper->n, error);
    arena_release(&keeper->arena);
    return ok;
}

void keeper_close(Keeper *keeper) {
    if (!keeper)
        return;
    if (keeper->state == KEEPER_WRITES)
        end_writing(keeper);
    if (keeper->state == KEEPER_COPIES || (keeper->state == KEEPER_WRITES && !keeper->is_good))
        forget(keeper);
    arena_release(&keeper->arena);
    keeper->state = KEEPER_RESTS;
}
