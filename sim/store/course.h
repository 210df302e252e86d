/* Course: one measurement of one run over the steps of its training (metrics_over_time), where a
 * column is one value of many runs at their end. */
#ifndef SUPERPOSE_STORE_COURSE_H
#define SUPERPOSE_STORE_COURSE_H

#include "sim/store/store.h"

typedef struct StoreCourse {
    int64_t n;      /* steps at which it was measured */
    int64_t *steps; /* [n], increasing */
    int64_t n_each; /* values at a step */
    double *values; /* [n][n_each] */
} StoreCourse;

/** Reads it into the arena; n is 0 where the run has no measurement of that name. The one at the
 * final step is left out where it was made under other settings than those before, such as a loss
 * on other samples: among the others it would look like an event. Fails where its size changes. */
bool store_course(Store *store, const StoredRun *run, const char *name, Arena *arena,
                  StoreCourse *course, Error *error);

#endif
