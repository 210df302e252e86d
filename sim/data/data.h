/* Data: a distribution of feature vectors. A sample x [n_features] has few active (non-zero)
 * features; with sparsity S in the paper's words a feature is active with feature_probability p = 1
 * - S.
 *
 * To add a distribution: one file here with one DataKind, one line in data.c's table. */
#ifndef SUPERPOSE_DATA_DATA_H
#define SUPERPOSE_DATA_DATA_H

#include "sim/base/error.h"
#include "sim/config/kind.h"
#include "sim/data/batch.h"
#include "sim/data/values.h"

#include <stdint.h>

typedef struct Data Data;

/* What every kind's settings begin with. */
typedef struct DataSettings {
    int64_t n_features;
    const char *config_path; /* no setting: the config that says this, beside which files lie; or
                                NULL */
} DataSettings;

/* Where a block stands among a run's draws: the stream's key, the step, and the block of a batch of
 * batch_size samples. */
typedef struct DrawPlace {
    uint64_t key, step, block;
    int batch_size;
} DrawPlace;

/* What drawing a sample takes beside vector code, on average. */
typedef struct DrawWork {
    double numbers; /* random numbers drawn one by one */
    double choices; /* of them: branches that cannot be predicted */
    double logs;    /* logarithms: of gaps, and of laws on the condition that something is active */
    bool is_listed; /* samples come as lists of active features */
} DrawWork;

typedef struct DataKind {
    Kind kind;
    /** Checks the settings against each other and makes `state` in the arena. */
    bool (*open)(Data *data, Arena *arena, Error *error);
    /** Draws the n_samples samples at a place into an emptied batch (x, not y): a pure function of
     * the settings and the place. All but stored samples ignore the size of the batch. */
    void (*draw)(const Data *data, const DrawPlace *place, int n_samples, Batch *batch);
    /** Marginal probability that feature i is active. */
    double (*probability)(const Data *data, int i);
    /** Probability that a sample has no active feature; NULL: every sample has some. */
    double (*empty)(const Data *data);
    /** What `draw` does one by one, for the expected cost; NULL: it is vector code throughout. */
    DrawWork (*work)(const Data *data);
    /** How many consecutive features form a set, >= 1; NULL: features are in no sets. */
    int (*set_size)(const void *settings);
    /** How many features there are where the settings (a map as written) leave it out; 0: they do
     * not say enough. A failure is put at `place`. NULL: they must say it. */
    bool (*count_features)(const Yaml *settings, const char *config_path, int64_t *n_features,
                           Place *place, Error *error);
    /** What the data are beside the settings, for a run's identity: a text in the arena. NULL: the
     * settings say all. */
    const char *(*content)(const DataSettings *settings, Arena *arena);
} DataKind;

struct Data {
    const DataKind *kind;
    const void *settings; /* the kind's struct */
    int n_features;
    int set_size;                /* consecutive features form a set; 1: features are in no sets */
    const ValueSettings *values; /* set by `open`: the law of values; NULL where there is none, or
                                    they are finished already */
    void *state;                 /* what `open` prepared */
    bool has_targets;            /* set by `open`: draws come with y, too */
};

extern const KindTable data_table;

enum { MAX_FEATURES = 100000 };

/** What the settings alone say (kind, sizes, sets), without reading or making anything: nothing can
 * be drawn from it. */
void data_describe(Data *data, const Choice *choice);

/** Opens the chosen distribution. Its settings must stay where they are. */
bool data_open(Data *data, const Choice *choice, Arena *arena, Error *error);

/** Samples in a draw block: a batch is drawn in blocks of this many samples (the last may be
 * shorter), each from its own place in the stream. A function of the number of features alone, so
 * that runs of one seed see the same batches. */
int data_block(int n_features);

/** Draws block `block` (from 0) of a batch of `batch_size` samples at `step`. */
void data_draw(const Data *data, uint64_t key, uint64_t step, uint64_t block, int batch_size,
               Batch *batch);

/** Expected number of active features of a sample: sum of the marginal probabilities. */
double data_active_features(const Data *data);

/** Probability that a sample has no active feature. */
double data_empty(const Data *data);

#endif
