/* Which runs a claim is about. */
#ifndef SUPERPOSE_EXPERIMENT_CLAIM_RUNS_H
#define SUPERPOSE_EXPERIMENT_CLAIM_RUNS_H

#include "sim/experiment/experiment.h"
#include "sim/store/store.h"

/* The experiment's runs as stored. */
typedef struct ClaimRuns {
    const Experiment *experiment;
    Store *store;
    const StoredRun **by_number; /* [experiment->n_runs]; NULL: not stored */
} ClaimRuns;

typedef struct Selection {
    const StoredRun **runs; /* [n] */
    int64_t n;
    const char *why; /* the claim cannot hold, because …; NULL: it can be tested */
} Selection;

/** Reads the runs. */
bool claim_runs_read(const Experiment *experiment, Store *store, Arena *arena, ClaimRuns *runs,
                     Error *error);

/** The runs that the claim is about: at its points, all or the best of each, `where` their
 * measurements say so. A missing run, a failed one (all) or a point without any done run (best)
 * gives `why`; so does an empty selection, unless `where` emptied it. */
bool claim_runs_select(const ClaimRuns *runs, const Claim *claim, Arena *arena,
                       Selection *selection, Error *error);

/** The measurement of a run at its final step; found = false where it was not recorded. */
bool claim_measurement(const ClaimRuns *runs, const StoredRun *run, const char *name, Arena *arena,
                       Measurement *measurement, bool *found, Error *error);

/** The label of a code; NULL where the number is none, or there are no labels. */
const char *claim_label(const Measurement *measurement, double code);

#endif
