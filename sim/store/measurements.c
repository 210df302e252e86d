/* Measurements: doubles with their shape, a checksum, and labels as a JSON list. */
#include "sim/store/internal.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST = 1000000000 }; /* bytes SQLite takes in one value */

static int64_t count_values(int rank, const int64_t *shape) {
    int64_t n = 1;
    for (int i = 0; i < rank; i++)
        if (__builtin_mul_overflow(n, shape[i], &n))
            return -1;
    return n;
}

/* The labels as JSON, freed by the caller; NULL where there are none. */
static char *print_labels(const Measurement *measurement) {
    if (!measurement->labels)
        return NULL;
    json_t *list = json_array();
    for (int i = 0; i < measurement->n_labels; i++)
        json_array_append_new(list, json_string(measurement->labels[i]));
    char *text = json_dumps(list, JSON_COMPACT);
    json_decref(list);
    return text;
}

bool store_parse_labels(const char *text, Measurement *measurement, Arena *arena) {
    json_error_t why;
    json_t *list = json_loads(text, 0, &why);
    bool good = json_is_array(list);
    size_t n = json_array_size(list);
    const char **labels = ARENA_NEW(arena, const char *, n);
    for (size_t i = 0; i < n && good; i++) {
        const char *label = json_string_value(json_array_get(list, i));
        good = label != NULL;
        labels[i] = label ? arena_copy(arena, label) : NULL;
    }
    json_decref(list);
    measurement->labels = labels;
    measurement->n_labels = (int)n;
    return good;
}

/* run_id of the experiment's own is NULL in SQL, which the foreign key leaves alone. */
bool store_add_measurement(Store *store, int64_t run_id, const StoredMeasurement *stored,
                           Error *error) {
    const Measurement *measurement = &stored->measurement;
    char shape[STORE_SHAPE], *labels = print_labels(measurement);
    int64_t n_bytes = count_values(measurement->rank, measurement->shape);
    if (n_bytes < 0 || n_bytes > LARGEST / 8 - 4096) {
        free(labels);
        return error_set(error, "%s: measurement %s is too large to be stored (at most 10^9 bytes)",
                         store->path, measurement->name);
    }
    n_bytes *= (int64_t)sizeof(double);
    bool good = store_execute(
        store, error,
        "INSERT INTO measurement (run_id, step, name, maker, settings, shape, labels, value, "
        "checksum, data) VALUES (nullif(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "iitttttdib", run_id, stored->step, measurement->name, stored->maker, stored->settings,
        store_print_shape(shape, measurement->rank, measurement->shape), labels,
        measurement->rank ? (double)NAN : measurement->values[0],
        store_checksum(measurement->values, n_bytes), measurement->values, n_bytes);
    free(labels);
    return good;
}

bool store_put_measurement(Store *store, int64_t run_id, const StoredMeasurement *measurement,
                           Error *error) {
    if (!store_enter(store, error))
        return false;
    bool good = store_drop_measurement(store, run_id, measurement->measurement.name,
                                       measurement->step, error) &&
                store_add_measurement(store, run_id, measurement, error);
    return store_leave(store, good, error);
}

bool store_drop_measurement(Store *store, int64_t run_id, const char *name, int64_t step,
                            Error *error) {
    return store_execute(store, error,
                         "DELETE FROM measurement WHERE run_id IS nullif(?, 0) AND step = ? AND "
                         "name = ?",
                         "iit", run_id, step, name);
}

static bool is_sound(sqlite3_stmt *row, const Measurement *measurement) {
    int64_t n = count_values(measurement->rank, measurement->shape);
    int64_t n_bytes = sqlite3_column_bytes(row, 5);
    return measurement->rank >= 0 && n >= 0 && n <= LARGEST && n * 8 == n_bytes &&
           store_checksum(sqlite3_column_blob(row, 5), n_bytes) == sqlite3_column_int64(row, 4);
}

static bool read_measurement(sqlite3_stmt *row, StoredMeasurement *stored, Arena *arena) {
    Measurement *measurement = &stored->measurement;
    const char *labels = (const char *)sqlite3_column_text(row, 3);
    stored->maker = store_text(row, 0, arena);
    stored->settings = store_text(row, 1, arena);
    measurement->rank =
        store_parse_shape((const char *)sqlite3_column_text(row, 2), measurement->shape, MAX_RANK);
    if (!is_sound(row, measurement) || (labels && !store_parse_labels(labels, measurement, arena)))
        return false;
    size_t n_bytes = (size_t)sqlite3_column_bytes(row, 5);
    measurement->values = arena_try(arena, n_bytes, 1);
    if (measurement->values && n_bytes)
        memcpy(measurement->values, sqlite3_column_blob(row, 5), n_bytes);
    return measurement->values != NULL;
}

bool store_has_measurement(Store *store, int64_t run_id, const char *name, int64_t step,
                           const char *settings, bool *has, Error *error) {
    sqlite3_stmt *query = store_query(store, error,
                                      "SELECT 1 FROM measurement WHERE run_id IS nullif(?, 0) AND "
                                      "step = ? AND name = ? AND settings = ?",
                                      "iitt", run_id, step, name, settings);
    int got = query ? store_next(store, query, error) : -1;
    *has = got > 0;
    if (*has)
        sqlite3_reset(query);
    return got >= 0;
}

bool store_measurement(Store *store, int64_t run_id, const char *name, int64_t step, Arena *arena,
                       StoredMeasurement *measurement, bool *found, Error *error) {
    *found = false;
    sqlite3_stmt *query = store_query(store, error,
                                      "SELECT maker, settings, shape, labels, checksum, data FROM "
                                      "measurement WHERE run_id IS nullif(?, 0) AND step = ? AND "
                                      "name = ?",
                                      "iit", run_id, step, name);
    int got = query ? store_next(store, query, error) : -1;
    if (got <= 0)
        return got == 0;
    *measurement = (StoredMeasurement){.step = step};
    *found = read_measurement(query, measurement, arena);
    measurement->measurement.name = arena_copy(arena, name);
    sqlite3_reset(query);
    return *found ||
           error_set(error,
                     "%s: is damaged: measurement %s of run %lld at step %lld has a wrong "
                     "checksum or shape",
                     store->path, name, (long long)run_id, (long long)step);
}

static sqlite3_stmt *query_names(Store *store, bool of_runs, bool over_time, Error *error) {
    if (over_time)
        return store_query(store, error,
                           "SELECT name FROM measurement JOIN run ON run.id = run_id WHERE "
                           "measurement.step < run.steps GROUP BY name ORDER BY "
                           "min(measurement.rowid)",
                           "");
    return store_query(store, error,
                       "SELECT name FROM measurement WHERE (run_id IS NOT NULL) = ? GROUP BY name "
                       "ORDER BY min(rowid)",
                       "i", (int64_t)of_runs);
}

bool store_measurement_names(Store *store, bool of_runs, bool over_time, Arena *arena,
                             const char ***names, int *n, Error *error) {
    sqlite3_stmt *query = query_names(store, of_runs, over_time, error);
    int got = query ? 1 : -1;
    *names = NULL;
    *n = 0;
    while (got > 0 && (got = store_next(store, query, error)) > 0) {
        *names = store_grow(arena, (void *)*names, *n, sizeof **names);
        if (!*names) {
            sqlite3_reset(query);
            return error_set(error, "%s: out of memory", store->path);
        }
        (*names)[(*n)++] = store_text(query, 0, arena);
    }
    return got == 0;
}
