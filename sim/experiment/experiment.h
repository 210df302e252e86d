/* Experiment: a config as read: axes → run number → the settings of one training. A single run is a
 * sweep of one.
 *
 * Run number = point * restarts + restart (counted from train.restart); points count through the
 * axes as written, the last axis fastest. */
#ifndef SUPERPOSE_EXPERIMENT_EXPERIMENT_H
#define SUPERPOSE_EXPERIMENT_EXPERIMENT_H

#include "sim/store/column.h"
#include "sim/summary/summary.h"
#include "sim/train/train.h"

/* One axis of the sweep; `zip` gives it several keys that move together. */
typedef struct Axis {
    int n_keys, n_values;
    const char *const *keys; /* [n_keys] */
    const YamlPair *values;  /* [n_values][n_keys]: key, where it was written, value */
} Axis;

/* The section `record`. */
typedef struct RecordSettings {
    Cadence snapshots;
    Choices metrics, metrics_over_time;
    int64_t loss_samples, loss_samples_over_time;
} RecordSettings;

extern const Field record_fields[];
extern const int n_record_fields;

/* Claim.feature, where it is no feature's number. */
enum { FEATURES_ALL = -1, FEATURES_REPRESENTED = -2 };

typedef enum ClaimReduce {
    REDUCE_EACH,
    REDUCE_MEAN,
    REDUCE_MEDIAN,
    REDUCE_MIN,
    REDUCE_MAX,
    REDUCE_SUM,
    REDUCE_COUNT, /* of those above a value or inside a range */
    REDUCE_SHARE  /* theirs of all */
} ClaimReduce;
typedef enum ClaimTest { CLAIM_BETWEEN, CLAIM_EQUALS, CLAIM_IS } ClaimTest;

/* An `expect` row. */
typedef struct Claim {
    Place place;
    const char *maker;       /* "metric", "instrument", "summary" */
    const char *name;        /* as written */
    const char *measurement; /* of a summary: the name without its entry */
    StoreEntry entry;        /* of it; rank 0: all */
    bool is_whole;           /* of the experiment, not of runs */
    const Yaml *at;          /* map of axis key → value, or NULL: all points */
    const Yaml *where; /* map of measurement → label, number or a list of them: only the runs that
                          have it; NULL: all */
    bool is_best;      /* runs: best (else all) */
    int64_t feature;   /* its number, or FEATURES_ALL, FEATURES_REPRESENTED */
    ClaimReduce reduce;
    double above;     /* REDUCE_COUNT, REDUCE_SHARE: counts values > above, */
    bool is_within;   /* or else */
    double within[2]; /* those from within[0] to within[1] */
    ClaimTest test;
    double low, high;         /* between; equals: both the value */
    const char *const *names; /* is: one of these labels [n_names] */
    int n_names;
    const char *source, *known; /* or NULL */
    const char *says;           /* shown instead of the generated text, or NULL */
    const char *figure;         /* shown under this row of `figures` alone, or NULL */
} Claim;

typedef struct Experiment {
    const char *path, *name; /* configs/intro.yaml, intro */
    const char *beside;      /* the file whose folder its files lie in: path, but of a store's the
                                config that was run */
    bool is_stored; /* a store's: model.init_from has led to what is stored, and need not be
                       there any more */
    const char *title;
    const Yaml *tree;             /* the whole config after include and overrides */
    const char *const *overrides; /* KEY=VALUE as given [n_overrides] */
    int n_overrides;
    bool changes_runs; /* an override touches data, task, model, train, changes or sweep: claims are
                          skipped */
    const Axis *axes;  /* [n_axes] */
    int n_axes;
    int64_t n_points, n_runs, restarts, first_restart;
    RecordSettings record;
    Choices summaries;   /* named rows; those of kinds that claims name come last */
    Choices left_out;    /* rows whose axis an override took away: claims may name them */
    const Yaml *figures; /* list of rows, or NULL; their kinds belong to superpose-render */
    const Claim *claims; /* [n_claims] */
    int n_claims;
    struct Resolver *resolver; /* how runs are resolved */
    Arena *arena;
} Experiment;

/* One training of the experiment. */
typedef struct Run {
    int64_t number, point, restart;
    const Phase *phases; /* [n_phases]; phases[0].settings is the run's start */
    int n_phases;
    char identity[33];         /* hash of data, task, model and train (kinds, and what is not at its
                                  default: run_text.c), changes and the restart; 32 hex digits */
    const char *settings_text; /* all of them, defaults too: YAML in flow form */
    const char *axes_json;     /* {"data.feature_probability": 0.05} */
} Run;

/** Reads a config with its includes and overrides, and checks all of it: the base, every axis
 * value, and that every run can be opened. NULL, with problems added, where anything is wrong. */
Experiment *experiment_load(const char *path, const char *const *overrides, int n_overrides,
                            Arena *arena, Problems *problems);

/** The same for a text that is in no file: `path` names it in messages; it cannot include. */
Experiment *experiment_parse(const char *path, const char *text, size_t n,
                             const char *const *overrides, int n_overrides, Arena *arena,
                             Problems *problems);

/** The same for the config of a store at `path`; its files lie beside `beside`. */
Experiment *experiment_parse_stored(const char *path, const char *beside, const char *text,
                                    size_t n, Arena *arena, Problems *problems);

/** Run `number`, resolved; everything it needs lives in `arena`. Cannot fail on an experiment that
 * loaded. */
Run experiment_run(const Experiment *experiment, int64_t number, Arena *arena);

/** The first run that run `number` can train in step with: they draw the same batches and have
 * models of the same kind and sizes; importance, optimizer, learning rate and the like may differ.
 */
int64_t experiment_twin(const Experiment *experiment, int64_t number);

/** The row of summaries that makes the measurement of that name, and which part of it; NULL: none.
 */
const Choice *summary_making(const Experiment *experiment, const char *name,
                             const SummaryPart **part);

/** Names of the measurements of runs that a row reads: [n]. Some may be no metric's (axes, loss,
 * none). */
const char *const *summary_reads(const Choice *row, Arena *arena, int *n);

/** The name of a row of `figures`, and so of its files: its kind's where it has none. NULL: the row
 * is none, which a config that loaded does not have. */
const char *experiment_figure(const Yaml *row);

/** The resolved config as a YAML file: every setting of every section with its value, the sweep's
 * axes as lists. Reading it back gives the same runs. */
void experiment_print(const Experiment *experiment, Text *text);

/** results/<name>.db, or results/<name>@<8 hex digits of the overrides' hash>.db. */
const char *experiment_store_path(const Experiment *experiment, Arena *arena);

#endif
