/* Summary: what needs several runs, made from their stored results alone.
 *
 * To add one: one file here with one SummaryKind, one line in summary.c's table. */
#ifndef SUPERPOSE_SUMMARY_SUMMARY_H
#define SUPERPOSE_SUMMARY_SUMMARY_H

#include "sim/config/kind.h"
#include "sim/store/store.h"

typedef struct SummaryInput {
    Store *store;
    const StoredRun *runs; /* [n_runs], those the config last run has, by their number */
    int64_t n_runs;
    int64_t n_numbers; /* 1 + the largest number: runs may be missing in between */
} SummaryInput;

typedef struct SummaryKind {
    Kind kind;
    /** Adds its measurements, each with one value for every run number [n_numbers] (NaN: not
     * defined); the first has the summary's name. */
    bool (*summarize)(const SummaryInput *input, Measurements *measurements, Error *error);
} SummaryKind;

extern const KindTable summary_table;

/** Makes a summary anew and stores its measurements as those of the whole experiment, at step 0.
 * The store is open for writing. */
bool summary_make(const SummaryKind *kind, Store *store, Error *error);

#endif
