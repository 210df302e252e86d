/* Report: what a session shows of its results: a table of the sweep's points, or one JSON object.
 */
#ifndef SUPERPOSE_COMMAND_REPORT_H
#define SUPERPOSE_COMMAND_REPORT_H

#include "sim/experiment/runner.h"

#include <stdio.h>

/** Prints one row a point (at most 40): axis values, loss of the best run, and its single-number
 * metrics. */
bool report_table(Store *store, Error *error);

/** Prints to stderr which runs failed, and why: at most 10. */
bool report_failures(Store *store, Error *error);

/** Prints the claims, one a line: mark, what was claimed, what was found. */
bool report_claims(Store *store, Error *error);

/** Prints the summaries of the whole experiment, one a line. */
bool report_summaries(Store *store, Error *error);

/** The same as a JSON object, {name: nested lists}. */
bool report_summaries_json(Store *store, FILE *file, Error *error);

/* Times of a session, beside what the runner says. */
typedef struct SessionTimes {
    double wall_s, cpu_s;
} SessionTimes;

/** Prints the JSON object of `run --json`. `n_asked` runs were to be there at the end; "runs"
 * counts them, or all that are stored where those are more (a single run of a store that has
 * others). */
bool report_json(Store *store, const char *store_path, int64_t n_asked, const RunReport *report,
                 const SessionTimes *times, Error *error);

#endif
