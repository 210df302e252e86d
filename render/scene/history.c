/* Moments lie in slots of one block; dropping one gives its slot to the next. */
#include "render/scene/history.h"

#include "sim/base/memory.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_MOMENTS = 64, MOST_MOMENTS = 2048 };

/* A measurement of one moment. */
typedef struct Kept {
    const MetricKind *metric;
    uint64_t serial; /* of which moment */
    Measurements made;
    Arena arena;
    Error error;
    bool is_good;
} Kept;

/* What a scene remembers. */
typedef struct Memory {
    const char *name;
    void *bytes;
    struct Memory *next;
} Memory;

struct History {
    Arena arena;
    const char *name;
    RunState state;
    Error why;
    Model model; /* with parameters of its own, filled for the moment asked last */
    Moment *moments;
    int n_moments, capacity;
    uint64_t n_added;
    int64_t gap; /* steps between moments that are kept; the newest may be nearer */
    World *worlds;
    int n_worlds, world_capacity;
    TimeMark *marks;
    int n_marks, mark_capacity;
    Kept *kept; /* [metric_table.n_rows] */
    Memory *memories;
};

static int64_t slot_floats(const History *history) {
    int n = history->model.n_features;
    return history->model.n_parameters + n + (n <= MOST_FOLLOWED ? n : 0);
}

static bool open_slots(History *history, size_t most_bytes, Error *error) {
    int64_t n = slot_floats(history);
    double fit = (double)most_bytes / ((double)n * sizeof(float));
    history->capacity = (int)fmin(fmax(fit, LEAST_MOMENTS), MOST_MOMENTS);
    history->moments = ARENA_NEW(&history->arena, Moment, history->capacity);
    float *floats = ARENA_TRY(&history->arena, float, n * history->capacity);
    if (!floats)
        return error_set(error, "no memory for %d snapshots of %lld parameters", history->capacity,
                         (long long)history->model.n_parameters);
    for (int i = 0; i < history->capacity; i++)
        history->moments[i].parameters = floats + i * n;
    return true;
}

bool history_open(History **out, const char *name, const Choice *model, int n_features,
                  size_t most_bytes, Error *error) {
    Arena arena = {0};
    History *history = ARENA_NEW(&arena, History, 1);
    history->arena = arena;
    history->name = arena_copy(&history->arena, name);
    history->gap = 1;
    history->kept = ARENA_NEW(&history->arena, Kept, metric_table.n_rows);
    *out = history;
    if (model_open(&history->model, model, n_features, &history->arena, error) &&
        open_slots(history, most_bytes, error))
        return true;
    history_close(history);
    *out = NULL;
    return false;
}

int history_capacity(const History *history) {
    return history->capacity;
}

void history_close(History *history) {
    if (!history)
        return;
    for (int i = 0; i < metric_table.n_rows; i++)
        arena_release(&history->kept[i].arena);
    Arena arena = history->arena; /* which the history lies in */
    arena_release(&arena);
}

/* Room for one more of what grows. */
static void *grown(History *history, void *items, int n, int *capacity, size_t size) {
    if (n < *capacity)
        return items;
    *capacity = *capacity ? 2 * *capacity : 16;
    void *longer = arena_alloc(&history->arena, (size_t)*capacity, size);
    if (n)
        memcpy(longer, items, (size_t)n * size);
    return longer;
}

void history_add_world(History *history, const World *world) {
    int n = history->n_worlds;
    if (n && history->worlds[n - 1].step == world->step) {
        history->worlds[n - 1] = *world;
        return;
    }
    assert(!n || history->worlds[n - 1].step < world->step);
    history->worlds =
        grown(history, history->worlds, n, &history->world_capacity, sizeof *history->worlds);
    history->worlds[history->n_worlds++] = *world;
}

/* ---- moments ---- */

/* Drops every second moment but the first and the last. */
static void thin(History *history) {
    int n = 1;
    Moment *moments = history->moments;
    for (int i = 1; i < history->n_moments; i++) {
        if (i % 2 && i + 1 < history->n_moments)
            continue;
        Moment kept = moments[i];
        moments[i] = moments[n]; /* its slot goes on living behind the others */
        moments[n++] = kept;
    }
    history->n_moments = n;
}

/* Where the next one goes: a free place, or that of the newest where this is nearer to the one
 * before it than moments are kept. */
static Moment *next_place(History *history, int64_t step) {
    Moment *moments = history->moments;
    int n = history->n_moments;
    if (n && moments[n - 1].step == step)
        return &moments[n - 1];
    if (n > 1 && moments[n - 1].step - moments[n - 2].step < history->gap)
        return &moments[n - 1];
    if (n && n == history->capacity) {
        thin(history);
        n = history->n_moments;
        history->gap = 2 * (step - moments[0].step) / history->capacity;
        history->gap = history->gap > 1 ? history->gap : 1;
    }
    history->n_moments = n + 1;
    return &moments[n];
}

static void load(History *history, const float *parameters) {
    memcpy(history->model.parameters, parameters,
           (size_t)history->model.n_parameters * sizeof *parameters);
}

static bool measure_one(const History *history, const char *name, Arena *arena,
                        const double **values, Error *error) {
    MetricInput input = {.model = &history->model};
    Measurements made = {.arena = arena};
    if (!metric_making(name)->measure(&input, &made, error))
        return false;
    *values = measurement_find(&made, name)->values;
    return true;
}

/* The numbers of each feature that every scene wants, into the moment's slot. */
static bool measure_features(const History *history, Moment *moment, float *floats, Error *error) {
    int n = history->model.n_features;
    Arena scratch = {0};
    const double *norm, *share = NULL;
    bool ok = measure_one(history, "feature_norm", &scratch, &norm, error) &&
              (n > MOST_FOLLOWED ||
               measure_one(history, "feature_dimensionality", &scratch, &share, error));
    double sum = 0;
    moment->features_represented = 0;
    for (int i = 0; ok && i < n; i++) {
        floats[i] = (float)norm[i];
        sum += norm[i] * norm[i];
        moment->features_represented += norm[i] > 0.5;
        if (share)
            floats[n + i] = (float)share[i];
    }
    moment->feature_norm = floats;
    moment->dimensionality = share ? floats + n : NULL;
    moment->dimensions_per_feature = sum > 0 ? history->model.n_hidden / sum : (double)NAN;
    arena_release(&scratch);
    return ok;
}

bool history_add(History *history, int64_t step, double loss, double learning_rate,
                 const float *parameters, Error *error) {
    int64_t n = history->model.n_parameters;
    Moment *moment = next_place(history, step);
    float *slot = (float *)(uintptr_t)moment->parameters; /* ours: other readers only look */
    memcpy(slot, parameters, (size_t)n * sizeof *slot);
    load(history, parameters);
    moment->step = step;
    moment->serial = ++history->n_added;
    moment->loss = loss;
    moment->learning_rate = learning_rate;
    return measure_features(history, moment, slot + n, error);
}

const Moment *history_moments(const History *history, int *n) {
    *n = history->n_moments;
    return history->moments;
}

int history_moment_at(const History *history, int64_t step) {
    int low = 0, high = history->n_moments; /* the first that is later lies in low … high */
    while (low < high) {
        int middle = (low + high) / 2;
        if (history->moments[middle].step <= step)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? low - 1 : history->n_moments ? 0 : -1;
}

const Model *history_model(History *history, int moment) {
    assert(moment >= 0 && moment < history->n_moments);
    load(history, history->moments[moment].parameters);
    return &history->model;
}

/* ---- worlds and marks ---- */

const World *history_world(const History *history, int64_t step) {
    int i = history->n_worlds - 1;
    while (i > 0 && history->worlds[i].step > step)
        i--;
    return &history->worlds[i];
}

const World *history_worlds(const History *history, int *n) {
    *n = history->n_worlds;
    return history->worlds;
}

void history_add_mark(History *history, int64_t step, TimeMarkKind kind, const char *text) {
    history->marks = grown(history, history->marks, history->n_marks, &history->mark_capacity,
                           sizeof *history->marks);
    int at = history->n_marks++;
    for (; at > 0 && history->marks[at - 1].step > step; at--)
        history->marks[at] = history->marks[at - 1];
    history->marks[at] = (TimeMark){step, kind, arena_copy(&history->arena, text)};
}

bool history_change_mark(History *history, TimeMarkKind kind, int64_t step, const char *text) {
    for (int i = history->n_marks - 1; i >= 0; i--)
        if (history->marks[i].kind == kind && history->marks[i].step <= step) {
            history->marks[i].text = arena_copy(&history->arena, text);
            return true;
        }
    return false;
}

bool history_drop_bookmark(History *history, int64_t step, int64_t reach) {
    int best = -1;
    int64_t least = reach;
    for (int i = 0; i < history->n_marks; i++) {
        int64_t far = llabs(history->marks[i].step - step);
        if (history->marks[i].kind == TIME_BOOKMARK && far <= least) {
            best = i;
            least = far;
        }
    }
    if (best < 0)
        return false;
    history->n_marks--;
    memmove(history->marks + best, history->marks + best + 1,
            (size_t)(history->n_marks - best) * sizeof *history->marks);
    return true;
}

const TimeMark *history_marks(const History *history, int *n) {
    *n = history->n_marks;
    return history->marks;
}

/* ---- the run ---- */

void history_set_state(History *history, RunState state, const char *why) {
    history->state = state;
    history->why = (Error){0};
    if (why)
        error_set(&history->why, "%s", why);
}

RunState history_state(const History *history) {
    return history->state;
}

const char *history_why(const History *history) {
    return history->why.text;
}

const char *history_name(const History *history) {
    return history->name;
}

/* ---- measurements ---- */

/* What is kept of that metric, made anew where it is of another moment. */
static Kept *kept_of(History *history, const MetricKind *metric, const Moment *moment) {
    int row = 0;
    while (metric_table.rows[row] != &metric->kind)
        row++;
    Kept *kept = &history->kept[row];
    if (kept->metric && kept->serial == moment->serial)
        return kept;
    arena_release(&kept->arena);
    *kept = (Kept){.metric = metric, .serial = moment->serial};
    kept->made.arena = &kept->arena;
    MetricInput input = history_world(history, moment->step)->input;
    load(history, moment->parameters);
    input.model = &history->model;
    kept->is_good = metric->measure(&input, &kept->made, &kept->error);
    return kept;
}

const Measurement *history_measure(History *history, int moment, const char *name,
                                   const char **why) {
    assert(moment >= 0 && moment < history->n_moments && history->n_worlds > 0);
    const MetricKind *metric = metric_making(name);
    assert(metric);
    Kept *kept = kept_of(history, metric, &history->moments[moment]);
    if (why)
        *why = kept->error.text;
    return kept->is_good ? measurement_find(&kept->made, name) : NULL;
}

void *history_remember(History *history, const char *name, size_t size) {
    for (Memory *memory = history->memories; memory; memory = memory->next)
        if (strcmp(memory->name, name) == 0)
            return memory->bytes;
    Memory *memory = ARENA_NEW(&history->arena, Memory, 1);
    *memory = (Memory){name, arena_alloc(&history->arena, size, 1), history->memories};
    history->memories = memory;
    return memory->bytes;
}
