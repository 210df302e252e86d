/* The values that a claim is tested on. */
#ifndef SUPERPOSE_EXPERIMENT_CLAIM_VALUES_H
#define SUPERPOSE_EXPERIMENT_CLAIM_VALUES_H

#include "sim/experiment/claim_runs.h"

/* What a claim takes from one run, or from the whole experiment. */
typedef struct Series {
    const StoredRun *run; /* NULL: of the whole experiment */
    int64_t n;
    double *values;          /* [n]: of the features that the claim is about */
    Measurement measurement; /* where they come from; its labels name them */
    bool is_single;          /* one number a run: reduced over the runs */
} Series;

/* All of a claim's values; `why`: it does not hold, because … */
typedef struct Evidence {
    Series *series; /* [n] */
    int64_t n;
    const char *why;
} Evidence;

/** The values of the claim's measurement for each selected run; of all features, one, or those
 * whose feature_norm is above 0.5. Of the whole experiment: one series, of all values or the
 * entry's. */
bool claim_values_take(const ClaimRuns *runs, const Claim *claim, const Selection *selection,
                       Arena *arena, Evidence *evidence, Error *error);

#endif
