/* Snapshots of a run that is stored to its end: what one maker puts there takes the place of what
 * it has put there before, and stands beside what is others'. */
#include "sim/store/internal.h"

#include <stdlib.h>
#include <string.h>

/* A maker's snapshots are those with a measurement of it that has this name. */
static bool drop_own(Store *store, int64_t run_id, const StoredPast *past, Error *error) {
    return store_execute(store, error,
                         "DELETE FROM tensor WHERE run_id = ?1 AND step IN (SELECT step FROM "
                         "measurement WHERE run_id = ?1 AND maker = ?2 AND name = ?3 AND step <= "
                         "?4 AND step < (SELECT steps FROM run WHERE id = ?1))",
                         "itti", run_id, past->maker, past->sign, past->until) &&
           store_execute(store, error,
                         "DELETE FROM measurement WHERE run_id = ?1 AND maker = ?2 AND step <= ?3 "
                         "AND step < (SELECT steps FROM run WHERE id = ?1)",
                         "iti", run_id, past->maker, past->until);
}

static int by_step(const void *a, const void *b) {
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool has_step(const int64_t *steps, int n, int64_t step) {
    return n && bsearch(&step, steps, (size_t)n, sizeof *steps, by_step);
}

static bool add_beside(Store *store, int64_t run_id, const StoredPast *past, Error *error) {
    Arena scratch = {0};
    int64_t *steps; /* at which the run has tensors of others, the last of them its end */
    int n;
    bool good = store_steps(store, run_id, &scratch, &steps, &n, error);
    int64_t end = good && n ? steps[n - 1] : 0;
    for (int i = 0; i < past->n_tensors && good; i++)
        good = past->tensors[i].step >= end || has_step(steps, n, past->tensors[i].step) ||
               store_add_tensor(store, run_id, &past->tensors[i], error);
    for (int i = 0; i < past->n_measurements && good; i++) {
        const StoredMeasurement *made = &past->measurements[i];
        bool is_sign = strcmp(made->measurement.name, past->sign) == 0;
        good = made->step >= end || (is_sign && has_step(steps, n, made->step)) ||
               store_add_measurement(store, run_id, made, error);
    }
    arena_release(&scratch);
    return good;
}

bool store_put_past(Store *store, int64_t run_id, const StoredPast *past, Error *error) {
    if (!store_enter(store, error))
        return false;
    bool good = drop_own(store, run_id, past, error) && add_beside(store, run_id, past, error);
    return store_leave(store, good, error);
}
