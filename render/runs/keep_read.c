/* What was left of runs is read back, and what writing and reading have in common. */
#include "render/runs/keep_internal.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

const char *keep_fact(const char *what, const Experiment *experiment, int64_t number,
                      Arena *arena) {
    return arena_print(arena, "%s %s", what, experiment_run(experiment, number, arena).identity);
}

const char *keep_state_key(const char *identity, Arena *arena) {
    return arena_print(arena, "%s.view", identity);
}

const Experiment *keep_read_config(const char *name, const char *config, Arena *arena,
                                   Error *error) {
    Problems problems = {.arena = arena};
    Text why = {0};
    const Experiment *experiment =
        experiment_parse(name, config, strlen(config), NULL, 0, arena, &problems);
    if (!experiment) {
        problems_print(&problems, &why);
        error_set(error, "%.*s", (int)strcspn(text_of(&why), "\n"), text_of(&why));
        text_release(&why);
    }
    return experiment;
}

static double read_scalar(Store *store, int64_t id, const char *name, int64_t step, Arena *arena) {
    StoredMeasurement stored;
    bool found;
    Error error = {0};
    bool ok = store_measurement(store, id, name, step, arena, &stored, &found, &error);
    return ok && found ? stored.measurement.values[0] : (double)NAN;
}

/* One snapshot: its tensors lie in the model's order, as parameters do. */
static bool read_moment(Store *store, int64_t id, int64_t step, Arena *arena, Moment *moment,
                        Error *error) {
    StoredTensor *tensors;
    int n;
    int64_t n_parameters = 0;
    if (!store_tensors(store, id, step, arena, &tensors, &n, error))
        return false;
    for (int i = 0; i < n; i++)
        n_parameters += (int64_t)tensors[i].tensor.n_rows * tensors[i].tensor.n_columns;
    float *parameters = ARENA_NEW(arena, float, n_parameters), *next = parameters;
    for (int i = 0; i < n; i++) {
        size_t count = (size_t)tensors[i].tensor.n_rows * (size_t)tensors[i].tensor.n_columns;
        memcpy(next, tensors[i].values, count * sizeof *next);
        next += count;
    }
    double loss = read_scalar(store, id, "batch_loss", step, arena);
    if (isnan(loss)) /* stored without a window */
        loss = read_scalar(store, id, "loss", step, arena);
    *moment = (Moment){.step = step,
                       .loss = loss,
                       .learning_rate = read_scalar(store, id, "learning_rate", step, arena),
                       .parameters = parameters};
    return true;
}

/* Those before it was left: it may be stored to its end meanwhile. */
static bool read_moments(Store *store, int64_t id, Arena *arena, KeptRun *kept, Error *error) {
    int64_t *steps;
    int n;
    if (!store_steps(store, id, arena, &steps, &n, error))
        return false;
    kept->moments = ARENA_NEW(arena, Moment, n);
    for (int i = 0; i < n && steps[i] <= kept->step; i++)
        if (!read_moment(store, id, steps[i], arena, &kept->moments[kept->n_moments++], error))
            return false;
    return true;
}

/* Stores of older programs have it under the identity itself. */
static bool read_state(Store *store, const char *identity, Isa isa, Arena *arena, KeptRun *kept,
                       bool *found, Error *error) {
    const char *keys[] = {keep_state_key(identity, arena), identity};
    bool ok = true;
    *found = false;
    for (int i = 0; ok && !*found && i < 2; i++) {
        int64_t n;
        float *state = NULL;
        ok = store_checkpoint(store, keys[i], isa_name(isa), arena, &kept->step, &state, &n, found,
                              error);
        kept->state = state;
    }
    return ok;
}

static bool read_left(Store *store, const char *config, Isa isa, const Experiment *base,
                      int64_t number, Arena *arena, KeptRun **out, Error *error) {
    int64_t id;
    RunStatus status;
    bool found = false;
    KeptRun *kept = ARENA_NEW(arena, KeptRun, 1);
    bool is_touched = strcmp(config, KEEP_UNTOUCHED) != 0;
    kept->number = is_touched ? 0 : number;
    kept->experiment = is_touched ? keep_read_config(base->path, config, arena, error) : base;
    if (!kept->experiment)
        return false;
    Run run = experiment_run(kept->experiment, kept->number, arena);
    if (!store_find_run(store, run.identity, &id, &status, error))
        return false;
    if (!id || status == RUN_FAILED)
        return true;
    if (!read_state(store, run.identity, isa, arena, kept, &found, error) ||
        (found && !read_moments(store, id, arena, kept, error)))
        return false;
    *out = found ? kept : NULL;
    return true;
}

static void read_marks(Store *store, const Experiment *experiment, int64_t number, Arena *arena,
                       KeptRun *kept) {
    kept->bookmarks = store_fact(store, keep_fact("bookmarks", experiment, number, arena), arena);
    kept->changes = store_fact(store, keep_fact("changes", experiment, number, arena), arena);
}

bool keep_read(const char *path, const Experiment *experiment, const int64_t *numbers, int n,
               Isa isa, Arena *arena, KeptRun **kept, Error *error) {
    Store *store;
    memset(kept, 0, (size_t)n * sizeof *kept);
    if (access(path, F_OK) != 0)
        return true;
    if (!store_open(&store, path, STORE_READ, error))
        return false;
    bool ok = true;
    for (int i = 0; i < n; i++) {
        Error why = {0};
        const char *config =
            store_fact(store, keep_fact("left", experiment, numbers[i], arena), arena);
        if (config && *config &&
            !read_left(store, config, isa, experiment, numbers[i], arena, &kept[i], &why))
            ok = error_set(error, "run %lld begins anew: %.900s", (long long)numbers[i], why.text);
        if (kept[i])
            read_marks(store, experiment, numbers[i], arena, kept[i]);
    }
    Error second;
    return store_close(store, ok ? error : &second) && ok;
}
