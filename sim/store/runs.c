/* Runs: added whole, renumbered when the config changes, read in order with the best of each point
 * marked. */
#include "sim/store/internal.h"

#include <math.h>
#include <string.h>

static const char *const status_names[] = {
    [RUN_DONE] = "done", [RUN_FAILED] = "failed", [RUN_INTERRUPTED] = "interrupted"};

enum { N_STATUS = sizeof status_names / sizeof *status_names };

static bool insert_run(Store *store, StoredRun *run, Error *error) {
    bool good = store_execute(
        store, error,
        "INSERT INTO run (number, point, restart, seed, status, steps, loss, wall_s, cpu_s, axes, "
        "settings, identity, error) "
        "VALUES (nullif(?, -1), nullif(?, -1), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "iiiitidddtttt", run->number, run->point, run->restart, run->seed,
        status_names[run->status], run->steps, run->loss, run->wall_s, run->cpu_s, run->axes,
        run->settings, run->identity, run->error);
    run->id = good ? sqlite3_last_insert_rowid(store->db) : 0;
    return good;
}

bool store_add_run(Store *store, StoredRun *run, const StoredTensor *tensors, int n_tensors,
                   const StoredMeasurement *measurements, int n_measurements, Error *error) {
    if (!store_enter(store, error))
        return false;
    bool good =
        store_execute(store, error, "DELETE FROM run WHERE identity = ?", "t", run->identity) &&
        insert_run(store, run, error);
    for (int i = 0; i < n_tensors && good; i++)
        good = store_add_tensor(store, run->id, &tensors[i], error);
    for (int i = 0; i < n_measurements && good; i++)
        good = store_add_measurement(store, run->id, &measurements[i], error);
    good = good && store_execute(store, error, "DELETE FROM checkpoint WHERE identity = ?", "t",
                                 run->identity);
    return store_leave(store, good, error);
}

bool store_clear_numbers(Store *store, Error *error) {
    return store_execute(store, error, "UPDATE run SET number = NULL, point = NULL", "");
}

bool store_set_number(Store *store, int64_t id, int64_t number, int64_t point, const char *axes,
                      Error *error) {
    return store_execute(store, error,
                         "UPDATE run SET number = nullif(?, -1), point = nullif(?, -1), axes = ? "
                         "WHERE id = ?",
                         "iiti", number, point, axes, id);
}

bool store_set_loss(Store *store, int64_t id, double loss, Error *error) {
    return store_execute(store, error, "UPDATE run SET loss = ? WHERE id = ?", "di", loss, id);
}

static double real_or_nan(sqlite3_stmt *row, int column) {
    return sqlite3_column_type(row, column) == SQLITE_NULL ? (double)NAN
                                                           : sqlite3_column_double(row, column);
}

static int64_t number_or_none(sqlite3_stmt *row, int column) {
    return sqlite3_column_type(row, column) == SQLITE_NULL ? -1 : sqlite3_column_int64(row, column);
}

static bool read_run(const Store *store, sqlite3_stmt *row, StoredRun *run, Arena *arena,
                     Error *error) {
    *run = (StoredRun){.id = sqlite3_column_int64(row, 0),
                       .number = number_or_none(row, 1),
                       .point = number_or_none(row, 2),
                       .restart = sqlite3_column_int64(row, 3),
                       .seed = sqlite3_column_int64(row, 4),
                       .steps = sqlite3_column_int64(row, 6),
                       .loss = real_or_nan(row, 7),
                       .wall_s = real_or_nan(row, 8),
                       .cpu_s = real_or_nan(row, 9),
                       .axes = store_text(row, 10, arena),
                       .settings = store_text(row, 11, arena),
                       .identity = store_text(row, 12, arena),
                       .error = store_text(row, 13, arena)};
    const char *status = (const char *)sqlite3_column_text(row, 5);
    for (int i = 0; i < N_STATUS && status; i++) {
        run->status = (RunStatus)i;
        if (strcmp(status, status_names[i]) == 0)
            return true;
    }
    return error_set(error, "%s: is damaged: run %lld has status %s", store->path,
                     (long long)run->id, status ? status : "none");
}

static bool is_better(const StoredRun *a, const StoredRun *b) {
    return a->loss < b->loss || (!isnan(a->loss) && isnan(b->loss));
}

/* Runs of a point stand side by side; the first of equals wins. */
static void mark_best(StoredRun *runs, int64_t n) {
    StoredRun *best = NULL;
    for (int64_t i = 0; i < n && runs[i].number >= 0; i++) {
        if (i == 0 || runs[i].point != runs[i - 1].point)
            best = NULL;
        if (runs[i].status != RUN_DONE || (best && !is_better(&runs[i], best)))
            continue;
        if (best)
            best->is_best = false;
        best = &runs[i];
        best->is_best = true;
    }
}

bool store_runs(Store *store, Arena *arena, StoredRun **runs, int64_t *n, Error *error) {
    sqlite3_stmt *query = store_query(
        store, error,
        "SELECT id, number, point, restart, seed, status, steps, loss, wall_s, cpu_s, axes, "
        "settings, identity, error FROM run ORDER BY number IS NULL, number, id",
        "");
    int got = query ? 1 : -1;
    *runs = NULL;
    *n = 0;
    while (got > 0 && (got = store_next(store, query, error)) > 0) {
        *runs = store_grow(arena, *runs, *n, sizeof **runs);
        if (!*runs)
            error_set(error, "%s: out of memory", store->path);
        if (!*runs || !read_run(store, query, &(*runs)[*n], arena, error)) {
            sqlite3_reset(query);
            return false;
        }
        ++*n;
    }
    mark_best(*runs, *n);
    return got == 0;
}
