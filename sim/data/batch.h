/* A batch of samples: what Data draws, a Task completes, and a kernel reads.
 *
 * Samples without an active feature (x = 0 in every feature) are counted, not listed: a kernel runs
 * one all-zero sample and weighs it n_empty times, which is exactly the same law. (Dense rows may
 * be all zero where that is rare: looking for them would cost more than it saves.) Rows are either
 * sparse (for each row its active features, in increasing order) or dense [n_rows][n_features];
 * which one is a function of the data's settings, never of what was drawn. */
#ifndef SUPERPOSE_DATA_BATCH_H
#define SUPERPOSE_DATA_BATCH_H

#include "sim/base/arena.h"

#include <stdbool.h>

/* Samplers write whole groups of numbers: the last one may reach this far past the end of index and
 * x. */
enum { BATCH_SLACK = 32 };

typedef struct Batch {
    int n_features;
    int capacity; /* rows that fit */
    bool is_dense;
    int n_rows;  /* samples listed here */
    int n_empty; /* samples that are all zero and not listed */
    int *start;  /* sparse [n_rows + 1]: entries of row r are start[r] … start[r+1]-1 */
    int *index;  /* sparse [start[n_rows]]: the feature of an entry */
    float *x;    /* sparse [start[n_rows]]; dense [n_rows][n_features] */
    float *y; /* the targets, laid out as x; the same array as x where the task is the identity */
    float *y_own; /* room for y where it differs */
} Batch;

/** Room for `capacity` rows in the worst case (all active); pages that stay unused cost nothing.
 * NULL arrays and false where memory is short. */
bool batch_init(Batch *batch, int n_features, int capacity, Arena *arena);

/** Number of all samples: n_rows + n_empty. */
int batch_size(const Batch *batch);

/** Row r as dense numbers; out [n_features]. `values` is batch->x or batch->y. */
void batch_row(const Batch *batch, const float *values, int row, float *out);

#endif
