/* Summary: what needs several runs, made from their stored results alone. Its measurements are one
 * number for each run, stored as the run's own, or numbers and arrays of the whole experiment.
 *
 * To add one: one file here with one SummaryKind, one line in summary.c's table. Its settings begin
 * with SummarySettings. Runs are read by column (sim/store/column.h); settings that name one are
 * listed in `uses`, so that configs are checked and what they need is measured. */
#ifndef SUPERPOSE_SUMMARY_SUMMARY_H
#define SUPERPOSE_SUMMARY_SUMMARY_H

#include "sim/config/kind.h"
#include "sim/store/column.h"

/* What every kind's settings begin with. */
typedef struct SummarySettings {
    const char *name; /* of its measurements; once a config is read, never "auto" */
    const Yaml *at;   /* map of axis → value: only the runs there; NULL: all */
} SummarySettings;

typedef struct SummaryInput {
    Store *store;
    const void *settings;  /* the kind's */
    const StoredRun *runs; /* [n_runs]: done, of the config last run, chosen by `at`; by number */
    int64_t n_runs;
    int64_t n_points; /* 1 + the largest point of any run: some may have no done run */
    Arena *arena;
} SummaryInput;

/* What the text of a setting names. */
typedef enum SummaryRole {
    SUMMARY_AXIS,   /* an axis of the sweep; auto: its only one */
    SUMMARY_X,      /* an axis, or a column; auto: the only axis */
    SUMMARY_COLUMN, /* one value a run, as in sim/store/column.h; none: nothing */
    SUMMARY_VALUES, /* a list (FIELD_TREE) of values that the setting `by`, a column, has */
} SummaryRole;

typedef struct SummaryUse {
    const char *setting; /* a field of the kind */
    SummaryRole role;
} SummaryUse;

/* One of the measurements that a kind makes: NAME, or NAME_ending. */
typedef struct SummaryPart {
    const char *ending; /* NULL: the first, called NAME alone */
    const char *help;   /* with its shape; one line */
    bool is_text;       /* codes with labels */
} SummaryPart;

typedef struct SummaryKind {
    Kind kind;
    bool is_per_run;          /* one number for each run of the input: all its parts are [n_runs] */
    const SummaryPart *parts; /* [n_parts], n_parts > 0 */
    int n_parts;
    const SummaryUse *uses; /* [n_uses] */
    int n_uses;
    const char *const *needs; /* measurements that it reads in any case, NULL-ended; NULL: none */
    const char *const *over_time; /* those that it reads at all snapshots, likewise */
    /** Adds a problem, at `place`, where settings do not go together. NULL: they always do. */
    void (*check)(const void *settings, Place place, Problems *problems);
    /** Adds its parts (summary_add). Runs that it cannot use are left out; what it cannot tell from
     * the rest is NaN. Fails where the store does, or a column is not there. */
    bool (*summarize)(const SummaryInput *input, Measurements *measurements, Error *error);
} SummaryKind;

extern const KindTable summary_table;

/** Adds a part, called NAME or NAME_ending, as measurement_add does. */
double *summary_add(const SummaryInput *input, Measurements *measurements, const char *ending,
                    int rank, const int64_t *shape);
void summary_add_scalar(const SummaryInput *input, Measurements *measurements, const char *ending,
                        double value);

/** The setting `discard`, of a point's runs sorted by loss. */
#define SUMMARY_DISCARD_FIELD(Settings)                                                            \
    {                                                                                              \
        .name = "discard", .type = FIELD_INTEGER, .offset = offsetof(Settings, discard),           \
        .fallback = "1", .minimum = 0, .maximum = 1e6, .unit = "runs",                             \
        .help = "how many of a point are left out, those of highest loss; one is kept in any case" \
    }

/** How many of a point's n runs are not left out: n - discard, at least one of those there are. */
int64_t summary_kept(int64_t n, int64_t discard);

/** Whether run i has, in this column, what a config says: a number within 1e-9, a label, a list. */
bool summary_is_value(const StoreColumn *column, int64_t i, const Yaml *wanted);

/** The name of a row of `summaries`: that of its first measurement. */
const char *summary_name(const Choice *row);

/** The part of a row that makes the measurement of that name; NULL: none does. */
const SummaryPart *summary_part(const Choice *row, const char *name);

/** What a kind makes, one part a line, for help. */
void summary_parts_print(const SummaryKind *kind, Text *text);

/** Makes the summaries in their order where their settings, or any result that a run of the config
 * has, differ from those under which they were made; and drops measurements of the experiment that
 * none of them makes. Stored: numbers of runs at their final step, those of the experiment at step
 * 0. The store is open for writing. */
bool summaries_make(const Choices *rows, Store *store, Error *error);

#endif
