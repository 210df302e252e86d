#include "render/view/keeper.h"

#include "sim/base/clock.h"

#include <math.h>
#include <pthread.h>
#include <string.h>
#include <xxhash.h>

static const double FIRST_SECONDS = 10, SECONDS = 30, MOST_SECONDS = 600;
/* Writing may take this part of the time, but for what takes longer than that of MOST_SECONDS. */
static const double MOST_OF_TIME = 0.03;
/* The drawing thread copies the one within a frame; the other is all that a window takes along. */
static const double MOST_BYTES = 8e6, MOST_BYTES_AT_END = 256e6;

typedef enum KeeperState { KEEPER_RESTS, KEEPER_ASKS, KEEPER_WRITES } KeeperState;

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
    bool has_ends;            /* of all runs: nothing more is to be kept */
    uint64_t kept;            /* a hash of what was kept last */
    /* what is being written: the writing thread's until is_written */
    pthread_t thread;
    atomic_bool is_written;
    Arena arena;
    LeftRun runs[LIVE_MOST_RUNS + 1]; /* with the guest */
    int n;
    double seconds;
    bool is_good;
    Error error;
};

Keeper *keeper_open(const char *path, const Experiment *experiment, Isa isa, Live *live,
                    Arena *arena) {
    Keeper *keeper = ARENA_NEW(arena, Keeper, 1);
    keeper->path = path;
    keeper->experiment = experiment;
    keeper->isa = isa;
    keeper->live = live;
    keeper->due = -1;
    return keeper;
}

/* ---- what is to be written ---- */

static const char *bookmarks_of(const History *history, Arena *arena) {
    int n;
    const TimeMark *marks = history_marks(history, &n);
    const char *steps = "";
    for (int i = 0; i < n; i++)
        if (marks[i].kind == TIME_BOOKMARK)
            steps =
                arena_print(arena, "%s%s%lld", steps, *steps ? " " : "", (long long)marks[i].step);
    return steps;
}

/* The loss of a run that was only just gone on with is not the training's to know. */
static void add_moments(LeftRun *left, const History *history, KeepLimit limit, Arena *arena) {
    int n;
    const Moment *all = history_moments(history, &n);
    if (isnan(left->now.loss) && n && all[n - 1].step == left->now.step)
        left->now.loss = all[n - 1].loss;
    left->moments = keep_choose(history, left, limit, arena, &left->n_moments);
    left->bookmarks = bookmarks_of(history, arena);
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
        add_moments(&keeper->runs[n++], live_history(keeper->live, i), limit, &keeper->arena);
    }
}

/* The histories go on meanwhile. */
static bool copy_moments(LeftRun *left, Arena *arena) {
    size_t n = (size_t)left->now.n_parameters;
    float *floats = ARENA_TRY(arena, float, (size_t)left->n_moments *n);
    if (!floats)
        return false;
    for (int k = 0; k < left->n_moments; k++) {
        Moment *moment = (Moment *)(uintptr_t)&left->moments[k]; /* the arena's */
        moment->parameters = memcpy(floats + (size_t)k * n, moment->parameters, n * sizeof *floats);
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

static void rest(Keeper *keeper, double now) {
    arena_release(&keeper->arena);
    keeper->state = KEEPER_RESTS;
    keeper->due = now + fmin(fmax(SECONDS, keeper->seconds / MOST_OF_TIME), MOST_SECONDS);
    keeper->has_left = keeper->is_last;
}

/* Of what has stopped nothing need be copied. */
static bool take_runs(Keeper *keeper, const LeftRun *left) {
    choose_runs(keeper, left, keeper->is_leaving ? MOST_BYTES_AT_END : MOST_BYTES);
    for (int i = 0; !keeper->is_leaving && i < keeper->n; i++)
        if (!copy_moments(&keeper->runs[i], &keeper->arena))
            return false;
    return true;
}

static void begin(Keeper *keeper, const LeftRun *left, double now) {
    bool is_good = take_runs(keeper, left);
    uint64_t hash = hash_of(keeper);
    bool is_new = keeper->n && (keeper->is_leaving || hash != keeper->kept);
    keeper->is_last = keeper->is_leaving;
    keeper->has_ends = have_all_ended(left, live_n(keeper->live));
    atomic_store(&keeper->is_written, false);
    keeper->state = KEEPER_WRITES;
    if (is_good && is_new && pthread_create(&keeper->thread, NULL, write_runs, keeper) == 0)
        keeper->kept = hash;
    else
        rest(keeper, now);
}

/* What was written, or could not be: told once. */
static bool finish(Keeper *keeper, double now, Error *error) {
    pthread_join(keeper->thread, NULL);
    rest(keeper, now);
    bool is_told = keeper->has_told;
    keeper->has_told = !keeper->is_good;
    if (keeper->is_good)
        return true;
    keeper->kept = 0;
    keeper->has_ends = false;
    return is_told || error_set(error, "not kept for now: %.900s", keeper->error.text);
}

/* Whether all have ended since they were kept last. */
static bool has_new_end(Keeper *keeper) {
    bool is_training = false, has_begun = false;
    for (int i = 0; i < live_n(keeper->live); i++) {
        is_training |= history_state(live_history(keeper->live, i)) == STATE_TRAINING;
        has_begun |= live_step(keeper->live, i) > 0;
    }
    keeper->has_ends = keeper->has_ends && !is_training;
    return has_begun && !is_training && !keeper->has_ends;
}

static bool is_due(Keeper *keeper, double now) {
    if (keeper->is_leaving)
        return !keeper->has_left;
    bool has_end = has_new_end(keeper);
    return has_end || (now >= keeper->due && !keeper->has_ends);
}

bool keeper_tick(Keeper *keeper, double now, Error *error) {
    const LeftRun *left;
    if (keeper->due < 0)
        keeper->due = now + FIRST_SECONDS;
    switch (keeper->state) {
    case KEEPER_RESTS:
        if (!is_due(keeper, now))
            return true;
        keeper->state = KEEPER_ASKS;
        return keeper->is_leaving || live_ask_left(keeper->live, error);
    case KEEPER_ASKS:
        if ((left = live_left(keeper->live)))
            begin(keeper, left, now);
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
        pthread_join(keeper->thread, NULL);
    arena_release(&keeper->arena);
    keeper->state = KEEPER_RESTS;
}
