#include "sim/command/report.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MAX_ROWS = 40, MAX_FAILURES = 10 };

/* The single numbers that runs have, besides the loss. */
typedef struct Scalars {
    const char **names; /* [n] */
    int n;
} Scalars;

/* Names of the single-number measurements of a run's end; the loss comes from the run itself. */
static bool find_scalars(Store *store, const StoredRun *run, Arena *arena, Scalars *scalars,
                         Error *error) {
    const char **names;
    int n;
    *scalars = (Scalars){0};
    if (!store_measurement_names(store, true, false, arena, &names, &n, error))
        return false;
    scalars->names = ARENA_NEW(arena, const char *, n);
    for (int i = 0; i < n; i++) {
        StoredMeasurement kept;
        bool found;
        if (!store_measurement(store, run->id, names[i], run->steps, arena, &kept, &found, error))
            return false;
        if (found && kept.measurement.rank == 0 && strcmp(names[i], "loss") != 0)
            scalars->names[scalars->n++] = names[i];
    }
    return true;
}

static bool find_scalar(Store *store, const StoredRun *run, const char *name, Arena *arena,
                        double *value, const char **label, Error *error) {
    StoredMeasurement kept;
    bool found;
    *value = (double)NAN;
    *label = NULL;
    if (!store_measurement(store, run->id, name, run->steps, arena, &kept, &found, error))
        return false;
    if (!found || kept.measurement.rank != 0)
        return true;
    *value = kept.measurement.values[0];
    if (kept.measurement.labels && *value >= 0 && *value < kept.measurement.n_labels)
        *label = kept.measurement.labels[(int)*value];
    return true;
}

/* A table of texts, printed in columns. */
typedef struct Grid {
    Arena *arena;
    int n_columns, n_rows;
    const char *cells[MAX_ROWS + 1][24];
} Grid;

static void grid_print(const Grid *grid) {
    int widths[24] = {0};
    for (int row = 0; row < grid->n_rows; row++)
        for (int i = 0; i < grid->n_columns; i++)
            widths[i] = (int)strlen(grid->cells[row][i]) > widths[i]
                            ? (int)strlen(grid->cells[row][i])
                            : widths[i];
    for (int row = 0; row < grid->n_rows; row++)
        for (int i = 0; i < grid->n_columns; i++)
            printf("%-*s%s", i + 1 < grid->n_columns ? widths[i] : 0, grid->cells[row][i],
                   i + 1 < grid->n_columns ? "  " : "\n");
}

/* The last word of a dotted key is enough for a column's head. */
static const char *short_key(const char *key) {
    const char *dot = strrchr(key, '.');
    return dot ? dot + 1 : key;
}

static const char *number_text(Arena *arena, double value) {
    return isnan(value) ? "–" : arena_print(arena, "%.5g", value);
}

static const char *json_text(Arena *arena, const json_t *value) {
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_number(value))
        return arena_print(arena, "%.4g", json_number_value(value));
    char *text = json_dumps(value, JSON_ENCODE_ANY);
    const char *copy = arena_copy(arena, text ? text : "");
    free(text);
    return copy;
}

static bool add_row(Grid *grid, Store *store, StoredRun *run, const Scalars *scalars,
                    Error *error) {
    if (!store_run_texts(store, run, grid->arena, error))
        return false;
    json_t *axes = json_loads(run->axes, 0, NULL), *value;
    const char *key;
    int column = 0;
    const char **cells = grid->cells[grid->n_rows++];
    json_object_foreach(axes, key, value) if (column < 12) {
        grid->cells[0][column] = arena_copy(grid->arena, short_key(key));
        cells[column++] = arena_copy(grid->arena, json_text(grid->arena, value));
    }
    json_decref(axes);
    grid->cells[0][column] = "loss";
    cells[column++] = number_text(grid->arena, run->loss);
    for (int i = 0; i < scalars->n && column < 24; i++) {
        double number;
        const char *label;
        if (!find_scalar(store, run, scalars->names[i], grid->arena, &number, &label, error))
            return false;
        grid->cells[0][column] = scalars->names[i];
        cells[column++] = label ? label : number_text(grid->arena, number);
    }
    grid->n_columns = column;
    return true;
}

bool report_table(Store *store, Error *error) {
    Arena arena = {0};
    Grid grid = {.arena = &arena, .n_rows = 1};
    StoredRun *runs;
    Scalars scalars = {0};
    int64_t n, n_points = 0;
    bool ok = store_runs(store, &arena, &runs, &n, error), has_restarts = false;
    for (int64_t i = 0; ok && i < n && runs[i].number >= 0; i++) {
        has_restarts = has_restarts || runs[i].restart > 0;
        if (!runs[i].is_best || n_points++ >= MAX_ROWS)
            continue;
        ok = (scalars.names || find_scalars(store, &runs[i], &arena, &scalars, error)) &&
             add_row(&grid, store, &runs[i], &scalars, error);
    }
    if (ok && n_points) {
        if (has_restarts)
            puts("best restart of each point:");
        grid_print(&grid);
        if (n_points > MAX_ROWS)
            printf("… and %lld more points; `superpose export` gives all of them\n",
                   (long long)(n_points - MAX_ROWS));
    }
    arena_release(&arena);
    return ok;
}

bool report_failures(Store *store, Error *error) {
    Arena arena = {0};
    StoredRun *runs;
    int64_t n, n_failed = 0;
    bool ok = store_runs(store, &arena, &runs, &n, error);
    for (int64_t i = 0; ok && i < n && runs[i].number >= 0; i++)
        if (runs[i].status == RUN_FAILED && n_failed++ < MAX_FAILURES &&
            (ok = store_run_texts(store, &runs[i], &arena, error)))
            fprintf(stderr, "run %lld failed: %s\n", (long long)runs[i].number, runs[i].error);
    if (n_failed > MAX_FAILURES)
        fprintf(stderr, "… and %lld more; `superpose info` shows all of them\n",
                (long long)(n_failed - MAX_FAILURES));
    arena_release(&arena);
    return ok;
}

bool report_claims(Store *store, Error *error) {
    Arena arena = {0};
    StoredClaim *claims;
    int n;
    bool ok = store_claims(store, &arena, &claims, &n, error);
    if (ok && n)
        puts("claims:");
    for (int i = 0; ok && i < n; i++) {
        const char *verb = strcmp(claims[i].state, "skipped") == 0 ? "" : "found ";
        printf("  %-8s %s: %s%s\n", claims[i].state, claims[i].text, verb, claims[i].found);
        if (claims[i].known)
            printf("           %s\n", claims[i].known);
    }
    arena_release(&arena);
    return ok;
}

static json_t *real_or_null(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *run_object(Store *store, StoredRun *run, const Scalars *scalars, Arena *arena,
                          Error *error) {
    if (!store_run_texts(store, run, arena, error))
        return NULL;
    static const char *const states[] = {"done", "failed", "interrupted"};
    json_t *object = json_pack(
        "{s:I, s:I, s:I, s:I, s:s, s:b, s:I}", "run", (json_int_t)run->number, "point",
        (json_int_t)run->point, "restart", (json_int_t)run->restart, "seed", (json_int_t)run->seed,
        "status", states[run->status], "best", (int)run->is_best, "steps", (json_int_t)run->steps);
    json_t *axes = json_loads(run->axes, 0, NULL);
    json_object_update(object, axes);
    json_decref(axes);
    json_object_set_new(object, "loss", real_or_null(run->loss));
    if (run->error)
        json_object_set_new(object, "error", json_string(run->error));
    for (int i = 0; i < scalars->n; i++) {
        double value;
        const char *label;
        if (!find_scalar(store, run, scalars->names[i], arena, &value, &label, error)) {
            json_decref(object);
            return NULL;
        }
        json_object_set_new(object, scalars->names[i],
                            label ? json_string(label) : real_or_null(value));
    }
    return object;
}

static json_t *claims_array(Store *store, Arena *arena, Error *error) {
    StoredClaim *claims;
    int n;
    if (!store_claims(store, arena, &claims, &n, error))
        return NULL;
    json_t *array = json_array();
    for (int i = 0; i < n; i++)
        json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:s?, s:s?, s:s?}", "claim",
                                               claims[i].text, "found", claims[i].found, "state",
                                               claims[i].state, "source", claims[i].source, "known",
                                               claims[i].known, "figure", claims[i].figure));
    return array;
}

/* Prints the results, one a line: a sweep may have a million. */
static bool print_results(Store *store, StoredRun *runs, int64_t n, Error *error) {
    Arena arena = {0};
    Scalars scalars = {0};
    bool ok = true;
    for (int64_t i = 0; ok && i < n; i++) {
        Arena scratch = {0};
        if (!scalars.names && runs[i].status == RUN_DONE)
            ok = find_scalars(store, &runs[i], &arena, &scalars, error);
        json_t *object = ok ? run_object(store, &runs[i], &scalars, &scratch, error) : NULL;
        ok = object != NULL;
        if (ok) {
            fputs(i ? ",\n  " : "\n  ", stdout);
            json_dumpf(object, stdout, JSON_REAL_PRECISION(17));
        }
        json_decref(object);
        arena_release(&scratch);
    }
    arena_release(&arena);
    return ok;
}

bool report_json(Store *store, const char *store_path, int64_t n_asked, const RunReport *report,
                 const SessionTimes *times, Error *error) {
    Arena arena = {0};
    StoredRun *runs;
    int64_t n, done = 0, failed = 0;
    bool ok = store_runs(store, &arena, &runs, &n, error);
    while (ok && n && runs[n - 1].number < 0)
        n--;
    for (int64_t i = 0; ok && i < n; i++) {
        done += runs[i].status == RUN_DONE;
        failed += runs[i].status == RUN_FAILED;
    }
    json_t *claims = ok ? claims_array(store, &arena, error) : NULL;
    ok = claims != NULL;
    if (ok) {
        json_t *object =
            json_pack("{s:I, s:I, s:I, s:I, s:I, s:f, s:f, s:f, s:f, s:s, s:O}", "runs",
                      (json_int_t)(n_asked > n ? n_asked : n), "done", (json_int_t)done, "failed",
                      (json_int_t)failed, "steps", (json_int_t)report->steps, "samples",
                      (json_int_t)report->samples, "wall_s", times->wall_s, "cpu_s", times->cpu_s,
                      "train_wall_s", report->train_wall_s, "train_cpu_s", report->train_cpu_s,
                      "store", store_path, "expect", claims);
        fputs("{", stdout);
        json_dumpf(object, stdout, JSON_INDENT(1) | JSON_EMBED | JSON_REAL_PRECISION(17));
        json_decref(object);
        fputs(",\n \"summaries\": ", stdout);
        ok = report_summaries_json(store, stdout, error);
        fputs(",\n \"results\": [", stdout);
        ok = ok && print_results(store, runs, n, error);
        if (ok)
            puts("\n ]\n}");
    }
    json_decref(claims);
    arena_release(&arena);
    return ok;
}
