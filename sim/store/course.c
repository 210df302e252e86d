/* The steps first, then the measurement at each. */
#include "sim/store/course.h"

#include "sim/store/internal.h"

#include <string.h>

static bool read_steps(Store *store, int64_t run_id, const char *name, Arena *arena,
                       StoreCourse *course, Error *error) {
    sqlite3_stmt *query = store_query(
        store, error, "SELECT step FROM measurement WHERE run_id = ? AND name = ? ORDER BY step",
        "it", run_id, name);
    int got = query ? 1 : -1;
    while (got > 0 && (got = store_next(store, query, error)) > 0) {
        course->steps = store_grow(arena, course->steps, course->n, sizeof *course->steps);
        if (!course->steps) {
            sqlite3_reset(query);
            return error_set(error, "%s: out of memory", store->path);
        }
        course->steps[course->n++] = sqlite3_column_int64(query, 0);
    }
    return got == 0;
}

static bool read_at(Store *store, const StoredRun *run, const char *name, int64_t step,
                    Arena *scratch, StoredMeasurement *stored, Error *error) {
    bool is_found;
    return store_measurement(store, run->id, name, step, scratch, stored, &is_found, error) &&
           (is_found || error_set(error, "%s: %s of run %lld at step %lld has gone", store->path,
                                  name, (long long)run->number, (long long)step));
}

/* `settings`: those of the first, in the course's arena. */
static bool add_values(const StoredRun *run, const StoredMeasurement *stored, int64_t k,
                       Arena *arena, StoreCourse *course, Error *error) {
    int64_t n_each = measurement_count(&stored->measurement);
    if (k == 0) {
        course->n_each = n_each;
        course->values = ARENA_TRY(arena, double, course->n *n_each);
        if (!course->values)
            return error_set(error, "no memory for %lld steps of %s", (long long)course->n,
                             stored->measurement.name);
    }
    if (n_each != course->n_each)
        return error_set(error, "%s of run %lld has %lld values at step %lld, and %lld before",
                         stored->measurement.name, (long long)run->number, (long long)n_each,
                         (long long)stored->step, (long long)course->n_each);
    memcpy(course->values + k * n_each, stored->measurement.values,
           (size_t)n_each * sizeof *course->values);
    return true;
}

bool store_course(Store *store, const StoredRun *run, const char *name, Arena *arena,
                  StoreCourse *course, Error *error) {
    *course = (StoreCourse){0};
    Arena first = {0};
    const char *settings = NULL;
    bool good = read_steps(store, run->id, name, arena, course, error);
    for (int64_t k = 0, n = course->n; good && k < n; k++) {
        Arena scratch = {0};
        StoredMeasurement stored;
        good = read_at(store, run, name, course->steps[k], &scratch, &stored, error);
        settings = good && k == 0 ? arena_copy(&first, stored.settings) : settings;
        if (good && k && course->steps[k] == run->steps && strcmp(stored.settings, settings) != 0)
            course->n = k;
        else
            good = good && add_values(run, &stored, k, arena, course, error);
        arena_release(&scratch);
    }
    arena_release(&first);
    return good;
}
