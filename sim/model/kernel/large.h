/* What vector_large.c keeps, and where: a round's samples in workspace->prepared, a panel's numbers
 * in a worker's scratch. Sizes are functions of the model's and of the batch: panels and rounds as
 * large as the caches and a few MiB for each range ask for. */
#ifndef SUPERPOSE_MODEL_KERNEL_LARGE_H
#define SUPERPOSE_MODEL_KERNEL_LARGE_H

#include "sim/model/kernel/product.h"

#include <assert.h>
#include <string.h>

enum {
    N_RANGES = 6,       /* of features, a task each */
    N_PIECES = 8,       /* tasks of join */
    MAX_PANEL = 120,    /* features; in whole tiles */
    PANEL_STEP = 24,    /* panels of wide models are multiples of it */
    LISTED = 4 * LANES, /* columns of sums of a list that stay in registers */
    K_BLOCK = 128,      /* of a product's sums at a time: so much of B fits the first-level cache */
    LIST_BLOCK = 128    /* samples of a list, for the same reason */
};

/* Most floats of a panel's weights, of one D, and of a round's samples. */
static const int64_t PANEL_FLOATS = 128 << 10, SUM_FLOATS = 512 << 10, ROUND_FLOATS = 8 << 20;

/* Sizes. */
typedef struct Sizes {
    int n, m;        /* features, hidden dimensions */
    int step;        /* of rows of m: whole lists of sums, and never a power of two of bytes */
    int panel;       /* features of a panel */
    int slot;        /* samples of a draw block */
    int n_slots;     /* of a round */
    int n_samples;   /* of a round: n_slots * slot */
    int sample_step; /* n_samples, in whole tiles */
} Sizes;

/* A round, in workspace->prepared. */
typedef struct Round {
    double *loss;  /* [N_RANGES][n_samples] */
    Batch *blocks; /* [n_slots] */
    float *weight; /* [n_samples]: how often a row counts */
    float *H;      /* [n_samples][step] */
    float *HT;     /* [n_samples / TILE_COLUMNS][m][TILE_COLUMNS] */
    float *D;      /* [N_RANGES][sample_step][step] */
    float *values; /* of the blocks */
} Round;

/* A worker's scratch. */
typedef struct Scratch {
    double *loss;        /* [n_samples] */
    float *W2;           /* [panel][step] */
    float *sum;          /* [panel][step]: gradient of W2; also its weights [panel][m] */
    float *g;            /* [panel][sample_step]: z, then dloss/dz */
    float *y;            /* [panel][sample_step]: targets, left 0 in sparse batches; also x */
    float *row_loss;     /* [n_samples] */
    float *h;            /* [slot in whole tiles][step] */
    float *HT;           /* of one block */
    float *weight;       /* [slot] */
    float *room;         /* [LIST_BLOCK][LISTED]: a part of an operand in one piece */
    int *start, *end;    /* lists of a panel: [panel][n_samples / LIST_BLOCK] */
    int *index;          /* [panel][n_samples] */
    float *value;        /* the same */
    int *first, *last;   /* lists of a sample: [n_samples] */
    int *sample_index;   /* [n_samples][panel] */
    float *sample_value; /* the same */
} Scratch;

/* A part of the features, [first, end), and what it is held against. */
typedef struct Panel {
    int first, n;
    int n_active;          /* numbers of G that are not 0 */
    int active[MAX_PANEL]; /* of each feature */
} Panel;

/* Samples to run: those of a round, or of one block. */
typedef struct Samples {
    const Batch *blocks;
    int n; /* all blocks' slots */
    const float *HT, *weight;
} Samples;

/** The sizes of a workspace whose batch is known. */
static inline Sizes sizes_of(const Workspace *workspace) {
    Sizes s = {.n = workspace->n_features, .m = workspace->n_hidden};
    s.step = round_up(s.m, 2 * TILE_COLUMNS) + LANES;
    s.slot = data_block(s.n);
    int64_t panel = PANEL_FLOATS / s.step / PANEL_STEP * PANEL_STEP;
    s.panel = panel < PANEL_STEP ? PANEL_STEP : panel > MAX_PANEL ? MAX_PANEL : (int)panel;
    int64_t most =
        SUM_FLOATS / s.step < ROUND_FLOATS / s.n ? SUM_FLOATS / s.step : ROUND_FLOATS / s.n;
    int n_slots = most < s.slot ? 1 : (int)(most / s.slot);
    s.n_slots = n_slots < workspace->n_blocks ? n_slots : workspace->n_blocks;
    s.n_samples = s.n_slots * s.slot;
    s.sample_step = round_up(s.n_samples, TILE_ROWS) + LANES;
    return s;
}

/* Memory that is handed out in whole cache lines, or (at NULL) only counted. */
typedef struct Carver {
    char *at;
    int64_t n_bytes;
} Carver;

/** The next n numbers of 4 bytes. */
static inline void *carve(Carver *carver, int64_t n) {
    void *start = carver->at ? carver->at + carver->n_bytes : NULL;
    carver->n_bytes += (n * 4 + 63) / 64 * 64;
    return start;
}

/** Numbers of a block whose features are all active. */
static inline int64_t block_floats(const Sizes *s) {
    return (int64_t)s->slot * s->n;
}

/** Places of a round in that memory, and what they come to; NULL only counts. */
static inline Round round_of(const Sizes *s, void *memory, int64_t *n_bytes) {
    Carver at = {memory, 0};
    int64_t strips = (int64_t)s->sample_step * s->step;
    Round round = {.loss = carve(&at, 2LL * N_RANGES * s->n_samples)};
    round.blocks = carve(&at, s->n_slots * (int64_t)(sizeof(Batch) / 4));
    round.weight = carve(&at, s->n_samples);
    round.H = carve(&at, strips);
    round.HT = carve(&at, (int64_t)s->n_samples * s->m);
    round.D = carve(&at, N_RANGES * strips);
    round.values = carve(&at, s->n_slots * (3 * block_floats(s) + s->slot + 1));
    *n_bytes = at.n_bytes;
    return round;
}

/** The same for a worker's scratch. */
static inline Scratch scratch_of(const Sizes *s, void *memory, int64_t *n_bytes) {
    Carver at = {memory, 0};
    int64_t weights = (int64_t)s->panel * s->step, numbers = (int64_t)s->panel * s->sample_step;
    int64_t n_lists = (int64_t)s->panel * (s->n_samples / LIST_BLOCK);
    Scratch scratch = {.loss = carve(&at, 2 * s->n_samples)};
    scratch.W2 = carve(&at, weights);
    scratch.sum = carve(&at, weights);
    scratch.g = carve(&at, numbers);
    scratch.y = carve(&at, numbers);
    scratch.row_loss = carve(&at, s->n_samples);
    scratch.h = carve(&at, (int64_t)round_up(s->slot, TILE_ROWS) * s->step);
    scratch.HT = carve(&at, (int64_t)s->slot * s->m);
    scratch.weight = carve(&at, s->slot);
    scratch.room = carve(&at, LIST_BLOCK * LISTED);
    scratch.start = carve(&at, n_lists);
    scratch.end = carve(&at, n_lists);
    scratch.index = carve(&at, numbers);
    scratch.value = carve(&at, numbers);
    scratch.first = carve(&at, s->n_samples);
    scratch.last = carve(&at, s->n_samples);
    scratch.sample_index = carve(&at, numbers);
    scratch.sample_value = carve(&at, numbers);
    *n_bytes = at.n_bytes;
    return scratch;
}

/** The round of an open workspace. */
static inline Round workspace_round(const Workspace *workspace, const Sizes *s) {
    int64_t n_bytes;
    assert(workspace->prepared);
    return round_of(s, workspace->prepared, &n_bytes);
}

/** The scratch that a path gets. */
static inline Scratch worker_scratch(const Sizes *s, void *scratch) {
    int64_t n_bytes;
    assert(scratch);
    return scratch_of(s, scratch, &n_bytes);
}

/** The panel that begins at that feature, nothing known of its outputs. */
static inline Panel panel_at(const Sizes *s, int first) {
    return (Panel){.first = first, .n = s->n - first < s->panel ? s->n - first : s->panel};
}

#endif
