/* Store: one experiment's results in one SQLite 3 file. `superpose help store` prints the schema.
 *
 * A run is there whole or not at all: store_add_run is one transaction (several may share one, see
 * store_begin). Floats are float32 and doubles float64, little-endian; tensors lie in pieces of at
 * most 1 MiB, each with an XXH3 checksum that is verified when read. From the
 * first change on a store is in WAL mode; store_close leaves one plain file. A store belongs to one
 * thread at a time. */
#ifndef SUPERPOSE_STORE_STORE_H
#define SUPERPOSE_STORE_STORE_H

#include "sim/base/error.h"
#include "sim/metric/measurement.h"
#include "sim/model/model.h"

#include <stdint.h>

typedef struct Store Store;

typedef enum StoreMode { STORE_READ, STORE_WRITE } StoreMode;

typedef enum RunStatus { RUN_DONE, RUN_FAILED, RUN_INTERRUPTED } RunStatus;

/* Its texts are given when it is added. A reader gets them one run at a time, with
 * store_run_texts: of 100,000 runs the numbers take 13 MB, the texts 100. */
typedef struct StoredRun {
    int64_t id;     /* fixed name of the row; 0: not stored yet */
    int64_t number; /* in the config last run: point * restarts + restart; -1: that config does not
                       have it */
    int64_t point;  /* of the grid; -1 likewise */
    int64_t restart;
    int64_t seed;
    const char *identity; /* 32 hex digits: hash of what is not at its default in data, task, model
                             and train, of their kinds, changes, restart */
    const char *settings; /* those with all defaults, as YAML in flow form */
    const char *axes;     /* JSON object: sweep key → value (number or text) */
    RunStatus status;
    int64_t steps;        /* done */
    double wall_s, cpu_s; /* of its training loop */
    double loss;          /* final loss; NaN where it failed or is not measured */
    const char *error;    /* RUN_FAILED: why; else NULL */
    bool is_best; /* lowest loss of the done runs of its point (the first of equals); computed when
                     read */
} StoredRun;

/* A tensor at a step: the final one has step = StoredRun.steps. */
typedef struct StoredTensor {
    int64_t step;
    Tensor tensor;
    const float *values; /* [n_rows][n_columns] */
} StoredTensor;

typedef struct StoredMeasurement {
    int64_t step;
    const char *maker;    /* the metric, instrument or summary that made it */
    const char *settings; /* what else it depends on ("loss_samples: 65536"), or ""; another text:
                             to be made anew */
    Measurement measurement;
} StoredMeasurement;

/** Opens a file. STORE_WRITE makes it where there is none. Refuses, naming the file and the reason:
 * another program's file, a newer schema, damage, a store that another process is writing
 * (STORE_WRITE). Never writes to what it refuses. */
bool store_open(Store **store, const char *path, StoreMode mode, Error *error);

/** The same to write; where another one writes it, waits up to so many seconds for its end. */
bool store_open_when_free(Store **store, const char *path, double seconds, Error *error);

/** Ends it; in STORE_WRITE mode the rest is committed and the WAL folded in. NULL is allowed. */
bool store_close(Store *store, Error *error);

/** A reader lets go of the file between two looks, so that who writes it can leave one plain file;
 * nothing may be asked of it until store_resume. */
bool store_pause(Store *store, Error *error);

/** Takes the file up again; *is_new tells whether it may have been written since it was opened or
 * last resumed. Fails where it has gone, or another file has taken its place. */
bool store_resume(Store *store, bool *is_new, Error *error);

/** Renames a store, with what a killed writer left beside it, to another path, over what is there.
 * Without a file there is nothing to do; a damaged store is renamed too. Refuses another program's
 * file, a newer schema, and a store that another process is writing. */
bool store_set_aside(const char *path, const char *to, Error *error);

/** Facts about the whole file: name, title, config (resolved YAML), axes (JSON list of sweep keys
 * in order), restarts, program, isa, created, folder (that the config was run from, from the root).
 * store_fact gives NULL where there is none. */
bool store_set_fact(Store *store, const char *key, const char *value, Error *error);
const char *store_fact(Store *store, const char *key, Arena *arena);

/** Groups what follows into one transaction, until store_commit, or until store_roll_back leaves
 * the store as it was before. */
bool store_begin(Store *store, Error *error);
bool store_commit(Store *store, Error *error);
void store_roll_back(Store *store);

/** Adds a run with all its tensors and measurements, replacing one of the same identity, and drops
 * its checkpoint. Sets run->id. */
bool store_add_run(Store *store, StoredRun *run, const StoredTensor *tensors, int n_tensors,
                   const StoredMeasurement *measurements, int n_measurements, Error *error);

/** Drops the run of that identity with all it has, where it is there and interrupted. */
bool store_drop_interrupted(Store *store, const char *identity, Error *error);

/* What a maker knows of a run's way to a step: snapshots, each with a measurement called `sign`. */
typedef struct StoredPast {
    const char *maker, *sign;
    int64_t until;
    const StoredTensor *tensors;
    int n_tensors;
    const StoredMeasurement *measurements; /* all by this maker */
    int n_measurements;
} StoredPast;

/** Puts it into a run that is stored to its end, which stays as it is, in place of what the maker
 * has put there before up to that step. Where a snapshot of others is, that stays: it gets the
 * measurements, but for `sign`. */
bool store_put_past(Store *store, int64_t run_id, const StoredPast *past, Error *error);

/** All runs without their texts (NULL), ordered by number, those without one last; *n tells how
 * many. */
bool store_runs(Store *store, Arena *arena, StoredRun **runs, int64_t *n, Error *error);

/** The texts of a run that store_runs gave: identity, settings, axes, error. */
bool store_run_texts(Store *store, StoredRun *run, Arena *arena, Error *error);

/** How many runs are stored, and, or NULL, the largest id of any. */
bool store_count_runs(Store *store, int64_t *n, int64_t *largest_id, Error *error);

/** The run of that identity: its id (0: there is none) and its status. */
bool store_find_run(Store *store, const char *identity, int64_t *id, RunStatus *status,
                    Error *error);

/** Renumbers for a new config: set each of its runs, which writes nothing where the run has this
 * number, point and axes already; then take the number from all others: `kept` has bit id % 8 of
 * byte id / 8 set for those that were given one, and covers every id. `axes` as in StoredRun. */
bool store_set_number(Store *store, int64_t id, int64_t number, int64_t point, const char *axes,
                      Error *error);
bool store_clear_numbers(Store *store, const unsigned char *kept, Error *error);

/** The final loss of a run, measured anew. */
bool store_set_loss(Store *store, int64_t id, double loss, Error *error);

/** Steps at which the run has tensors, increasing; the last is the final one. */
bool store_steps(Store *store, int64_t run_id, Arena *arena, int64_t **steps, int *n, Error *error);

/** The tensors of a run at a step, in the model's order, with names and shapes; fails where one is
 * missing or a checksum is wrong. */
bool store_tensors(Store *store, int64_t run_id, int64_t step, Arena *arena, StoredTensor **tensors,
                   int *n, Error *error);

/** Adds or replaces one measurement; run_id 0: of the whole experiment (summaries). */
bool store_put_measurement(Store *store, int64_t run_id, const StoredMeasurement *measurement,
                           Error *error);

/** Drops a measurement; nothing happens where there is none. */
bool store_drop_measurement(Store *store, int64_t run_id, const char *name, int64_t step,
                            Error *error);

/** A hash of all that summaries can be made from: the runs of the config last run with their axes,
 * status and loss, and their measurements at the final step, but for those by makers of this list
 * ("loss_ratio, crossing"). */
bool store_results_hash(Store *store, const char *but_by, uint64_t *hash, Error *error);

/** Whether the run has the measurement of that name, made under these settings. */
bool store_has_measurement(Store *store, int64_t run_id, const char *name, int64_t step,
                           const char *settings, bool *has, Error *error);

/** The measurement of that name; found = false, and success, where there is none. */
bool store_measurement(Store *store, int64_t run_id, const char *name, int64_t step, Arena *arena,
                       StoredMeasurement *measurement, bool *found, Error *error);

/** Names of all measurements that runs (of_runs) or the experiment have, in the order first stored,
 * each once; `over_time` asks for those at steps before the last. */
bool store_measurement_names(Store *store, bool of_runs, bool over_time, Arena *arena,
                             const char ***names, int *n, Error *error);

/* Some of the numbers of a state, which are its parts one after another. */
typedef struct StatePart {
    const float *values;
    int64_t n;
} StatePart;

/** A long run's state, under its identity: replaced by the next, dropped by store_add_run. */
bool store_put_checkpoint(Store *store, const char *identity, int64_t step, const char *isa,
                          const StatePart *parts, int n_parts, Error *error);
bool store_checkpoint(Store *store, const char *identity, const char *isa, Arena *arena,
                      int64_t *step, float **state, int64_t *n, bool *found, Error *error);

/** Drops a run's state, where there is one. */
bool store_drop_checkpoint(Store *store, const char *identity, Error *error);

/** Claims as last checked, in their order; `found` is what was found, as text. */
typedef struct StoredClaim {
    const char *text;   /* what the config says, or "feature_dimensionality at
                           data.feature_probability 0.05, best, each in [0.39, 0.41]" */
    const char *found;  /* "0.3996 … 0.4003" */
    const char *state;  /* "held", "not held", "known", "skipped" */
    const char *source; /* or NULL */
    const char *known;  /* why it does not hold, or NULL */
    const char *figure; /* the row of `figures:` that it stands under; NULL: all of them */
} StoredClaim;
bool store_set_claims(Store *store, const StoredClaim *claims, int n, Error *error);
bool store_claims(Store *store, Arena *arena, StoredClaim **claims, int *n, Error *error);

/** The schema with a comment for each column, as printed by `help store`. */
const char *store_schema(void);

#endif
