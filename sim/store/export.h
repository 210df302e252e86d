/* Export: a store's results for other tools, as the README describes. */
#ifndef SUPERPOSE_STORE_EXPORT_H
#define SUPERPOSE_STORE_EXPORT_H

#include "sim/base/text.h"
#include "sim/store/store.h"

typedef struct ExportOptions {
    bool snapshots; /* npz: also step, W_t, b_t, <metric>_t */
    bool long_rows; /* csv: one row a run x feature */
} ExportOptions;

/** Whether the path's ending names a format, and one that the options go with. */
bool export_check(const char *path, const ExportOptions *options, Error *error);

/** Writes all done runs of the config last run to `path`, whose ending (.npz, .csv, .json) says
 * how; .npz and .json also have the measurements of the whole experiment. The file appears whole or
 * not at all. Runs of different shapes go to files of their own
 * (x.npz, x-20x5.npz, …). `report` gets one line for each file written. */
bool export_store(Store *store, const char *path, const ExportOptions *options, Text *report,
                  Error *error);

#endif
