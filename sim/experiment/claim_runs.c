#include "sim/experiment/claim_runs.h"

#include <string.h>

bool claim_runs_read(const Experiment *experiment, Store *store, Arena *arena, ClaimRuns *runs,
                     Error *error) {
    StoredRun *stored;
    int64_t n;
    *runs = (ClaimRuns){experiment, store, ARENA_NEW(arena, const StoredRun *, experiment->n_runs)};
    if (!store_runs(store, arena, &stored, &n, error))
        return false;
    for (int64_t i = 0; i < n; i++)
        if (stored[i].number >= 0 && stored[i].number < experiment->n_runs)
            runs->by_number[stored[i].number] = &stored[i];
    return true;
}

/* The value a key has at a point; NULL where it is no axis. The last axis counts fastest. */
static const Yaml *axis_value(const Experiment *experiment, int64_t point, const char *key) {
    for (int a = experiment->n_axes - 1; a >= 0; a--) {
        const Axis *axis = &experiment->axes[a];
        int64_t digit = point % axis->n_values;
        for (int k = 0; k < axis->n_keys; k++)
            if (strcmp(axis->keys[k], key) == 0)
                return axis->values[digit * axis->n_keys + k].value;
        point /= axis->n_values;
    }
    return NULL;
}

static bool is_at(const Experiment *experiment, const Claim *claim, int64_t point) {
    for (int i = 0; claim->at && i < claim->at->n; i++) {
        const Yaml *value = axis_value(experiment, point, claim->at->pairs[i].key);
        if (!value || !yaml_same(value, claim->at->pairs[i].value))
            return false;
    }
    return true;
}

/* Why a stored run has no measurements to speak of; NULL: it has. */
static const char *run_trouble(const ClaimRuns *runs, const StoredRun *stored, Arena *arena) {
    Error error;
    StoredRun copy = *stored, *run = &copy;
    if (run->status == RUN_DONE)
        return NULL;
    if (run->status == RUN_INTERRUPTED)
        return arena_print(arena, "run %lld was interrupted", (long long)run->number);
    return arena_print(arena, "run %lld failed: %s", (long long)run->number,
                       store_run_texts(runs->store, run, arena, &error) && run->error ? run->error
                                                                                      : "unknown");
}

static void select_point(const ClaimRuns *runs, const Claim *claim, int64_t point, Arena *arena,
                         Selection *selection) {
    int64_t restarts = runs->experiment->restarts;
    const StoredRun *best = NULL;
    for (int64_t number = point * restarts; number < (point + 1) * restarts; number++) {
        const StoredRun *run = runs->by_number[number];
        if (!run) {
            selection->why = arena_print(arena, "run %lld is not stored", (long long)number);
            return;
        }
        if (claim->is_best) {
            best = run->is_best ? run : best;
            continue;
        }
        selection->runs[selection->n++] = run;
        if (!selection->why)
            selection->why = run_trouble(runs, run, arena);
    }
    if (best)
        selection->runs[selection->n++] = best;
    else if (claim->is_best)
        selection->why = arena_print(arena, "no run of point %lld is done", (long long)point);
}

bool claim_measurement(const ClaimRuns *runs, const StoredRun *run, const char *name, Arena *arena,
                       Measurement *measurement, bool *found, Error *error) {
    StoredMeasurement stored;
    if (!store_measurement(runs->store, run->id, name, run->steps, arena, &stored, found, error))
        return false;
    if (*found)
        *measurement = stored.measurement;
    return true;
}

const char *claim_label(const Measurement *measurement, double code) {
    bool is_label = measurement->labels && code >= 0 && code < measurement->n_labels;
    return is_label ? measurement->labels[(int)code] : NULL;
}

/* Whether a single value is what a scalar of the config says. */
static bool value_is_one(const Measurement *measurement, const Yaml *wanted) {
    double number;
    const char *label = claim_label(measurement, measurement->values[0]);
    if (label)
        return wanted->text && strcmp(wanted->text, label) == 0;
    return yaml_is_real(wanted, &number) && measurement->values[0] == number;
}

/* The same for a scalar, or any scalar of a list. */
static bool value_is(const Measurement *measurement, const Yaml *wanted) {
    if (wanted->type == YAML_SCALAR)
        return value_is_one(measurement, wanted);
    for (int i = 0; wanted->type == YAML_LIST && i < wanted->n; i++)
        if (value_is_one(measurement, wanted->items[i]))
            return true;
    return false;
}

/* Whether one run has what `where` wants; sets `why` where that cannot be told. */
static bool run_is(const ClaimRuns *runs, const StoredRun *run, const YamlPair *pair, Arena *arena,
                   bool *is, const char **why, Error *error) {
    Measurement measurement;
    bool found;
    if (!claim_measurement(runs, run, pair->key, arena, &measurement, &found, error))
        return false;
    bool is_single = found && measurement_count(&measurement) == 1;
    *is = is_single && value_is(&measurement, pair->value);
    if (!found)
        *why =
            arena_print(arena, "%s is not recorded (run %lld)", pair->key, (long long)run->number);
    else if (!is_single)
        *why = arena_print(arena, "%s is not one value for each run", pair->key);
    return true;
}

static bool keep_where(const ClaimRuns *runs, const Claim *claim, Arena *arena,
                       Selection *selection, Error *error) {
    int64_t n = 0;
    for (int64_t r = 0; r < selection->n && !selection->why; r++) {
        bool is = true;
        for (int i = 0; is && i < claim->where->n; i++)
            if (!run_is(runs, selection->runs[r], &claim->where->pairs[i], arena, &is,
                        &selection->why, error))
                return false;
        if (is)
            selection->runs[n++] = selection->runs[r];
    }
    selection->n = n;
    return true;
}

bool claim_runs_select(const ClaimRuns *runs, const Claim *claim, Arena *arena,
                       Selection *selection, Error *error) {
    const Experiment *experiment = runs->experiment;
    *selection = (Selection){.runs = ARENA_NEW(arena, const StoredRun *, experiment->n_runs)};
    for (int64_t point = 0; point < experiment->n_points && !selection->why; point++)
        if (is_at(experiment, claim, point))
            select_point(runs, claim, point, arena, selection);
    if (!selection->why && selection->n == 0)
        selection->why = "no run of the experiment is there";
    return selection->why || !claim->where || keep_where(runs, claim, arena, selection, error);
}
