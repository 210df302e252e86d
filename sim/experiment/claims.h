/* Claims: evaluates the `expect` rows of an experiment on what its store holds.
 *
 * A claim selects runs (`at`, `where`, `runs`), takes from each the values of one measurement at
 * its final step (`feature`: one, or the represented ones), reduces them and tests them. An array
 * is reduced run by run, and every run must pass; one number for each run is reduced over the runs.
 * What cannot be evaluated (a run failed or is missing, the measurement was not recorded, a value
 * is NaN) does not hold, and says why. */
#ifndef SUPERPOSE_EXPERIMENT_CLAIMS_H
#define SUPERPOSE_EXPERIMENT_CLAIMS_H

#include "sim/experiment/experiment.h"
#include "sim/store/store.h"

/** Makes the experiment's summaries and stores them, so the store is open for writing; then
 * evaluates all claims in their order. Results into claims [n], all in the arena, with the state
 * "held"; "not held"
 * (*n_failed counts these); "known" where it does not hold and says why; or "skipped" where `where`
 * selects no run, and for all where overrides changed the runs, unless is_forced. Fails only where
 * the store does. */
bool claims_check(const Experiment *experiment, Store *store, bool is_forced, Arena *arena,
                  StoredClaim **claims, int *n, int *n_failed, Error *error);

/** The claim in words: "feature_dimensionality at data.feature_probability 0.05, best, each in
 * [0.39, 0.41]". */
const char *claim_text(const Claim *claim, Arena *arena);

/** Whether a number is within the claim's bounds. */
bool claim_allows(const Claim *claim, double value);

/** A number as it is found: whole ones in full, others to four digits, or to so many more that it
 * reads as within the bounds exactly if it is. */
const char *claim_number(const Claim *claim, double value, Arena *arena);

#endif
