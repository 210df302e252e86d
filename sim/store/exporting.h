/* What the files of the exporter share and nobody else includes: the runs, their axes, and which
 * measurements they have. */
#ifndef SUPERPOSE_STORE_EXPORTING_H
#define SUPERPOSE_STORE_EXPORTING_H

#include "sim/store/axis_value.h"
#include "sim/store/export.h"
#include "sim/store/internal.h"

#include <math.h>
#include <stdio.h>

typedef struct ExportAxis {
    const char *key;
    AxisType type;     /* AXIS_TEXT where the runs' types differ */
    AxisValue *values; /* [n_runs] */
} ExportAxis;

typedef struct Export {
    Store *store;
    const char *path;
    const ExportOptions *options;
    Text *report;
    Arena arena;     /* lives as long as the export */
    Arena scratch;   /* see export_tidy */
    StoredRun *runs; /* [n_runs]: the done runs of the config last run, by number */
    int64_t n_runs;
    ExportAxis *axes; /* [n_axes] */
    int n_axes;
} Export;

/* The smallest box that all arrays of a name fit into. */
typedef struct Extent {
    int rank; /* -1: there is none; -2: ranks differ */
    int64_t shape[MAX_RANK];
} Extent;

/* A measurement that some of the runs have. */
typedef struct Column {
    const char *name;
    Extent last;       /* of the arrays at the end of the runs */
    Extent all;        /* of these and all earlier ones */
    bool has_early;    /* measured before the end too */
    bool is_text;      /* its numbers are codes of labels */
    bool has_scalar;   /* one number in at least one run, at its end */
    bool has_features; /* one number a feature in at least one run, at its end */
} Column;

typedef struct Columns {
    Column *items; /* [n], by name */
    int n;
} Columns;

/** Which measurements the runs have; rows [n] are indices of runs. over_time: also those before the
 * end. Results in the export's arena. */
bool export_columns(Export *export, const int64_t *rows, int64_t n, bool over_time,
                    Columns *columns, Error *error);

/** The column of that name, or NULL. */
const Column *export_column(const Columns *columns, const char *name);

/** The number of features of a run: rows of its first tensor; 0 where it has none. */
bool export_n_features(Export *export, const StoredRun *run, int64_t *n_features, Error *error);

/** A measurement of a run at a step, in scratch; found = false where there is none. */
bool export_measurement(Export *export, const StoredRun *run, const char *name, int64_t step,
                        Measurement *measurement, bool *found, Error *error);

/** The measurements of the whole experiment (summaries), by name, in the export's arena. */
bool export_whole(Export *export, Measurement **measurements, int *n, Error *error);

/** Frees scratch once it is large: to be called where nothing in it is needed. */
void export_tidy(Export *export);

/* Runs that go to the same .npz. */
typedef struct Group {
    const char *key; /* what they share, as text */
    int64_t *rows;   /* [n_rows]: indices of runs */
    int64_t n_rows;
    Tensor *tensors; /* [n_tensors] */
    int n_tensors;
    int64_t *steps; /* [n_steps], with --snapshots */
    int n_steps;
    const char *path; /* of its file */
} Group;

typedef struct Groups {
    Group *items;
    int n;
} Groups;

/** Sorts the runs into groups, in the order of their first runs. Results in the export's arena. */
bool export_groups(Export *export, Groups *groups, Error *error);

/* A text file that appears under its name when it is complete. */
typedef struct OutFile {
    FILE *file;
    const char *path;
    char *temporary;
} OutFile;

/** Opens a file beside `path` under another name. */
bool export_open_file(OutFile *out, const char *path, Error *error);

/** Renames it if all went well so far and it can be written to its end; removes it otherwise.
 * Returns whether it is there. */
bool export_close_file(OutFile *out, bool is_good, Error *error);

/* One for each ending. */
bool export_npz(Export *export, Error *error);
bool export_csv(Export *export, Error *error);
bool export_json(Export *export, Error *error);

#endif
