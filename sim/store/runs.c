/* Runs: added whole, renumbered when the config changes, read in order with the best of each point
 * marked. */
#include "sim/store/internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const status_names[] = {
    [RUN_DONE] = "done", [RUN_FAILED] = "failed", [RUN_INTERRUPTED] = "interrupted"};

enum { N_STATUS = sizeof status_names / sizeof *status_names };

/* The row, unless one of this identity is there; run->id is 0 then. */
static bool insert_run(Store *store, StoredRun *run, Error *error) {
    bool good =
        store_execute(store, error,
                      "INSERT OR IGNORE INTO run (number, point, restart, seed, status, steps, "
                      "loss, wall_s, cpu_s, axes, "
                      "settings, identity, error) "
                      "VALUES (nullif(?, -1), nullif(?, -1), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      "iiiitidddtttt", run->number, run->point, run->restart, run->seed,
                      status_names[run->status], run->steps, run->loss, run->wall_s, run->cpu_s,
                      run->axes, run->settings, run->identity, run->error);
    run->id = good && sqlite3_changes(store->db) ? sqlite3_last_insert_rowid(store->db) : 0;
    return good;
}

static bool replace_run(Store *store, StoredRun *run, Error *error) {
    return store_execute(store, error, "DELETE FROM run WHERE identity = ?", "t", run->identity) &&
           insert_run(store, run, error) &&
           (run->id ||
            error_set(error, "%s: run %lld cannot be stored", store->path, (long long)run->number));
}

/* Within a transaction a savepoint for each run would copy every page that it touches. */
static bool undo_run(Store *store, int64_t id) {
    Error second;
    if (!store_execute(store, &second, "DELETE FROM run WHERE id = ?", "i", id))
        store_execute(store, &second, "ROLLBACK", "");
    return false;
}

bool store_add_run(Store *store, StoredRun *run, const StoredTensor *tensors, int n_tensors,
                   const StoredMeasurement *measurements, int n_measurements, Error *error) {
    bool is_alone = sqlite3_get_autocommit(store->db);
    if (is_alone && !store_enter(store, error))
        return false;
    bool good = insert_run(store, run, error) && (run->id || replace_run(store, run, error));
    for (int i = 0; i < n_tensors && good; i++)
        good = store_add_tensor(store, run->id, &tensors[i], error);
    for (int i = 0; i < n_measurements && good; i++)
        good = store_add_measurement(store, run->id, &measurements[i], error);
    good = good && store_drop_checkpoint(store, run->identity, error);
    if (is_alone)
        return store_leave(store, good, error);
    return good || undo_run(store, run->id);
}

bool store_drop_interrupted(Store *store, const char *identity, Error *error) {
    return store_execute(store, error, "DELETE FROM run WHERE identity = ? AND status = ?", "tt",
                         identity, status_names[RUN_INTERRUPTED]);
}

bool store_set_number(Store *store, int64_t id, int64_t number, int64_t point, const char *axes,
                      Error *error) {
    return store_execute(store, error,
                         "UPDATE run SET number = ?1, point = ?2, axes = ?3 WHERE id = ?4 AND "
                         "(number IS NOT ?1 OR point IS NOT ?2 OR axes IS NOT ?3)",
                         "iiti", number, point, axes, id);
}

bool store_clear_numbers(Store *store, const unsigned char *kept, Error *error) {
    sqlite3_stmt *query =
        store_query(store, error, "SELECT id FROM run WHERE number IS NOT NULL", "");
    int got = query ? 1 : -1;
    while (got > 0 && (got = store_next(store, query, error)) > 0) {
        int64_t id = sqlite3_column_int64(query, 0);
        if (!(kept[id / 8] >> id % 8 & 1) &&
            !store_execute(store, error, "UPDATE run SET number = NULL, point = NULL WHERE id = ?",
                           "i", id)) {
            sqlite3_reset(query);
            return false;
        }
    }
    return got == 0;
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

static bool read_status(const Store *store, sqlite3_stmt *row, int column, int64_t id,
                        RunStatus *read, Error *error) {
    const char *status = (const char *)sqlite3_column_text(row, column);
    for (int i = 0; i < N_STATUS && status; i++)
        if (strcmp(status, status_names[i]) == 0) {
            *read = (RunStatus)i;
            return true;
        }
    return error_set(error, "%s: is damaged: run %lld has status %s", store->path, (long long)id,
                     status ? status : "none");
}

static bool read_run(const Store *store, sqlite3_stmt *row, StoredRun *run, Error *error) {
    *run = (StoredRun){.id = sqlite3_column_int64(row, 0),
                       .number = number_or_none(row, 1),
                       .point = number_or_none(row, 2),
                       .restart = sqlite3_column_int64(row, 3),
                       .seed = sqlite3_column_int64(row, 4),
                       .steps = sqlite3_column_int64(row, 6),
                       .loss = real_or_nan(row, 7),
                       .wall_s = real_or_nan(row, 8),
                       .cpu_s = real_or_nan(row, 9)};
    return read_status(store, row, 5, run->id, &run->status, error);
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

/* By number, those without one last, then by id. */
static int by_number(const void *a, const void *b) {
    const StoredRun *x = a, *y = b;
    if ((x->number < 0) != (y->number < 0))
        return x->number < 0 ? 1 : -1;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

bool store_count_runs(Store *store, int64_t *n, int64_t *largest_id, Error *error) {
    sqlite3_stmt *query =
        store_query(store, error, "SELECT count(*), ifnull(max(id), 0) FROM run", "");
    if (!query || store_next(store, query, error) <= 0)
        return false;
    *n = sqlite3_column_int64(query, 0);
    if (largest_id)
        *largest_id = sqlite3_column_int64(query, 1);
    sqlite3_reset(query);
    return true;
}

/* SQLite's own sorter would hold every row a second time. */
bool store_runs(Store *store, Arena *arena, StoredRun **runs, int64_t *n, Error *error) {
    int64_t capacity;
    *n = 0;
    if (!store_count_runs(store, &capacity, NULL, error))
        return false;
    *runs = ARENA_TRY(arena, StoredRun, capacity + 1);
    if (!*runs)
        return error_set(error, "%s: %lld runs do not fit into memory", store->path,
                         (long long)capacity);
    sqlite3_stmt *query = store_query(
        store, error,
        "SELECT id, number, point, restart, seed, status, steps, loss, wall_s, cpu_s FROM run", "");
    int got = query ? 1 : -1;
    while (got > 0 && *n < capacity && (got = store_next(store, query, error)) > 0)
        if (!read_run(store, query, &(*runs)[(*n)++], error)) {
            sqlite3_reset(query);
            return false;
        }
    if (got > 0)
        sqlite3_reset(query); /* another process adds runs: those that were counted are whole */
    if (*n)
        qsort(*runs, (size_t)*n, sizeof **runs, by_number);
    mark_best(*runs, *n);
    return got >= 0;
}

bool store_run_texts(Store *store, StoredRun *run, Arena *arena, Error *error) {
    sqlite3_stmt *query = store_query(
        store, error, "SELECT axes, settings, identity, error FROM run WHERE id = ?", "i", run->id);
    int got = query ? store_next(store, query, error) : -1;
    if (got <= 0)
        return got == 0 &&
               error_set(error, "%s: run %lld is gone", store->path, (long long)run->id);
    run->axes = store_text(query, 0, arena);
    run->settings = store_text(query, 1, arena);
    run->identity = store_text(query, 2, arena);
    run->error = store_text(query, 3, arena);
    sqlite3_reset(query);
    return true;
}

bool store_find_run(Store *store, const char *identity, int64_t *id, RunStatus *status,
                    Error *error) {
    *id = 0;
    sqlite3_stmt *query =
        store_query(store, error, "SELECT id, status FROM run WHERE identity = ?", "t", identity);
    int got = query ? store_next(store, query, error) : -1;
    if (got <= 0)
        return got == 0;
    *id = sqlite3_column_int64(query, 0);
    bool good = read_status(store, query, 1, *id, status, error);
    sqlite3_reset(query);
    return good;
}
