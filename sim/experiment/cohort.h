/* Cohort: pending runs of like models that draw the same batches at every step, and so can train in
 * step and draw each only once: the points of a sweep over importance or learning rate, say. */
#ifndef SUPERPOSE_EXPERIMENT_COHORT_H
#define SUPERPOSE_EXPERIMENT_COHORT_H

#include "sim/experiment/plan.h"

typedef struct Cohort {
    const PlannedRun *runs; /* [n] */
    int n;
    double seconds; /* expected, of all together */
} Cohort;

typedef struct Cohorts {
    const Cohort *items; /* [n]: longest first */
    int64_t n;
} Cohorts;

/** How many runs go in step at most where each takes so many bytes: 1 or more. */
int cohort_most(double bytes);

/** Puts the plan's pending runs into cohorts, as large as is of use: with several threads there are
 * some for each, and the state of all models stays in a processor's own cache. Of no influence on
 * results. */
Cohorts cohorts_make(const Plan *plan, int n_threads, Arena *arena);

#endif
