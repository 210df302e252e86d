/* A batch of samples: what Data draws, a Task completes, and a kernel reads.
 *
 * Samples without an active feature (x = 0 in every feature) are counted, not listed: a kernel runs
 * one all-zero sample and weighs it n_empty times, which is exactly the same law. (Rows of a form
 * that is not sparse may be all zero where that is rare: looking for them would cost more than it
 * saves.) Which form a batch has is a function of the data's settings, never of what was drawn. */
#ifndef SUPERPOSE_DATA_BATCH_H
#define SUPERPOSE_DATA_BATCH_H

#include "sim/base/arena.h"

#include <stdbool.h>

/* Samplers write whole groups of numbers: the last one may reach this far past the end of index and
 * x. */
enum { BATCH_SLACK = 32 };

/* Samples next to each other in BATCH_LANES: as many as the widest vectors have numbers. */
enum { BATCH_GROUP = 16 };

typedef enum BatchForm {
    BATCH_SPARSE, /* for each row its active features, in increasing order */
    BATCH_ROWS,   /* x [n_rows][n_features] */
    BATCH_LANES   /* x [group][n_features][BATCH_GROUP] of rows BATCH_GROUP * group …: ready for
                     vectors of samples. n_rows / BATCH_GROUP + 1 groups: what follows the last row
                     is 0, and there is always such a sample, for the empty ones */
} BatchForm;

typedef struct Batch {
    int n_features;
    int capacity; /* rows that fit */
    BatchForm form;
    int n_rows;  /* samples listed here */
    int n_empty; /* samples that are all zero and not listed */
    int *start;  /* sparse [n_rows + 1]: entries of row r are start[r] … start[r+1]-1 */
    int *index;  /* sparse [start[n_rows]]: the feature of an entry */
    float *x;    /* sparse [start[n_rows]]; else as the form says */
    float *y; /* the targets, laid out as x; the same array as x where the task is the identity */
    float *y_own; /* room for y where it differs */
} Batch;

/** Room for `capacity` rows in the worst case (all active); pages that stay unused cost nothing.
 * NULL arrays and false where memory is short. */
bool batch_init(Batch *batch, int n_features, int capacity, Arena *arena);

/** Number of all samples: n_rows + n_empty. */
int batch_size(const Batch *batch);

/** Numbers that x (and y) hold, with what follows the last row. */
int batch_n_values(const Batch *batch);

/** Where feature i of row r stands in x and y of a batch that is not sparse. */
static inline int batch_place(const Batch *batch, int row, int i) {
    if (batch->form == BATCH_ROWS)
        return row * batch->n_features + i;
    return (row / BATCH_GROUP * batch->n_features + i) * BATCH_GROUP + row % BATCH_GROUP;
}

/** Row r as dense numbers; out [n_features]. `values` is batch->x or batch->y. */
void batch_row(const Batch *batch, const float *values, int row, float *out);

#endif
