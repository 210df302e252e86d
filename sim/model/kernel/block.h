/* What vector_block.c and vector_rows.c share: the weights in their own order. */
#ifndef SUPERPOSE_MODEL_KERNEL_BLOCK_H
#define SUPERPOSE_MODEL_KERNEL_BLOCK_H

#include "sim/model/kernel/product.h"

/* The weights inside workspace->prepared; m: n_hidden in whole vectors and half a
 * one (padded_hidden). */
typedef struct Weights {
    float *W, *W2;   /* [n_rows][m], tied: the same */
    float *W2T;      /* strip of TILE_COLUMNS after strip: [strip][n_hidden][TILE_COLUMNS], the last
                        one may be a single vector wide */
    float *b_hidden; /* [m], 0 where the model has none */
    float *b;        /* [n_rows] */
    float *gram;     /* [n_rows][columns of whole vectors]: W W2^T, where rows_may_pay */
    float *z_empty;  /* [n_rows]: b + W2 b_hidden, what an empty sample's outputs are before ReLU */
} Weights;

/** Rows of a matrix that goes with the features: whole tiles, and what they reach over. */
INLINE int padded_rows(const Workspace *workspace) {
    return round_up(workspace->n_features, LANES) + 16;
}

/** Numbers of a row of a matrix that goes with the hidden dimensions. */
INLINE int padded_hidden(const Workspace *workspace) {
    return round_up(workspace->n_hidden, LEAST);
}

/** to += factor * from, n numbers: whole vectors, and half a one. */
INLINE void add_scaled(float *to, float factor, const float *from, int n) {
    Vec scale = splat(factor);
    int k = 0;
    for (; k + LANES <= n; k += LANES)
        store(to + k, load(to + k) + scale * load(from + k));
    if (k < n)
        store_half(to + k, load_half(to + k) + lower_half(scale) * load_half(from + k));
}

/* vector_rows.c, of this level. */
#define rows_scratch LEVEL_NAME(rows_scratch)
#define rows_prepare LEVEL_NAME(rows_prepare)
#define rows_run LEVEL_NAME(rows_run)
#define gram_tasks LEVEL_NAME(gram_tasks)
#define gram_run LEVEL_NAME(gram_run)

/** Bytes of scratch. */
int64_t rows_scratch(const Workspace *workspace);

/** Fills weights->z_empty. */
void rows_prepare(const Workspace *workspace, const Weights *weights);

/** Tasks that make the Gram matrix, and one of them. */
int gram_tasks(const Workspace *workspace);
void gram_run(const Workspace *workspace, const Weights *weights, int band);

/* What comes of some rows, beside the gradient. */
typedef struct RowsResult {
    LossSums sums;
    int64_t n_active; /* outputs that are not 0 */
} RowsResult;

/** Adds the loss and the gradient of samples first … end - 1, of which the last may be the empty
 * one; scratch must be all zero the first time. Needs the Gram matrix. */
void rows_run(const Workspace *workspace, const Weights *weights, const Batch *batch, int first,
              int end, void *scratch, float *gradient, RowsResult *result);

#endif
