/* Column: one value for each of some runs, by the name that a config or a user would give it:
 *
 *     loss, seed, restart, point      of the run itself
 *     data.feature_probability        an axis of the sweep
 *     dimensions_per_feature          a measurement at the final step that is one number
 *     feature_norm[0], feature_norm[-1], gram[0,1]
 *                                     an entry of one that is an array, from 0; negative: from its
 *                                     end
 *     1/dimensions_per_feature        the reciprocal of any of these
 *
 * Summaries and figures read their runs through it. It takes one statement for all runs, not one a
 * run: 25,000 of them in a fraction of a second. */
#ifndef SUPERPOSE_STORE_COLUMN_H
#define SUPERPOSE_STORE_COLUMN_H

#include "sim/store/store.h"

typedef struct StoreColumn {
    double *values;      /* [n_runs]; NaN: the run has none. Where there are labels, numbers of the
                            different labels from 0, in the order in which the runs have them */
    const char **labels; /* [n_runs]: the text of a code, or of an axis whose values are no numbers,
                            NULL: the run has none; NULL: the values are plain numbers */
} StoreColumn;

/* Which entry of an array a name means. */
typedef struct StoreEntry {
    int rank; /* how many indices; 0: no brackets, the whole */
    int64_t index[MAX_RANK];
} StoreEntry;

/** Takes a name apart: "gram[0,-1]" is the measurement gram and its entry. Fails on brackets that
 * are no indices. */
bool store_entry_read(const char *text, Arena *arena, const char **measurement, StoreEntry *entry,
                      Error *error);

/** Where the entry's value stands in an array; -1: the array has another rank, or no such entry. */
int64_t store_entry_find(const StoreEntry *entry, int rank, const int64_t *shape);

/** The name behind 1/, or the name itself. */
const char *store_column_name(const char *name);

/** Reads the column `name` of runs [n_runs], which are the store's, in any order. Fails where
 * nothing has that name, telling what there is, where a text should have a reciprocal, and where an
 * array is named without the entry, or with one that it has in no run. */
bool store_column(Store *store, const StoredRun *runs, int64_t n_runs, const char *name,
                  Arena *arena, StoreColumn *column, Error *error);

/** The whole measurement of each run at its final step into measurements [n_runs]; its values are
 * NULL where the run has none. Fails where no run has one of that name. */
bool store_column_arrays(Store *store, const StoredRun *runs, int64_t n_runs, const char *name,
                         Arena *arena, Measurement **measurements, Error *error);

#endif
