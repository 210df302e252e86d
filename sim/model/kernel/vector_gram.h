/* The gradient of the tiniest models by the Gram matrix of their weights (vector_gram.c). */
#ifndef SUPERPOSE_MODEL_KERNEL_VECTOR_GRAM_H
#define SUPERPOSE_MODEL_KERNEL_VECTOR_GRAM_H

#include "sim/model/kernel/vector.h"

/** Whether it can be taken: tied weights, a linear hidden code that bears no penalty, squared
 * errors, samples in lanes. */
INLINE bool gram_suits(const Workspace *workspace, const Batch *batch) {
    return workspace->n_features <= GRAM_FEATURES && workspace->is_tied &&
           workspace->hidden == ACTIVATION_LINEAR && workspace->hidden_penalty == 0 &&
           workspace->power == POWER_2 && batch->form == BATCH_LANES;
}

/** Adds the batch's gradient to `gradient` (with rows of n_hidden floats), and its loss, not its
 * square, to `sums`. */
void LEVEL_NAME(gram_add)(const Workspace *workspace, const Model *model, const Batch *batch,
                          float *gradient, LossSums *sums);

/** out[i] = the sum of the lanes of vector i, of n_sums, a multiple of 4, at `from`. */
INLINE void sum_lanes(const float *from, int n_sums, float *out) {
    for (int i = 0; i < n_sums; i += 4, from += 4 * LANES) {
        Four a = fold(load(from)), b = fold(load(from + LANES));
        Four c = fold(load(from + 2 * LANES)), d = fold(load(from + 3 * LANES));
        Four ab =
            __builtin_shufflevector(a, b, 0, 4, 1, 5) + __builtin_shufflevector(a, b, 2, 6, 3, 7);
        Four cd =
            __builtin_shufflevector(c, d, 0, 4, 1, 5) + __builtin_shufflevector(c, d, 2, 6, 3, 7);
        store_four(out + i, __builtin_shufflevector(ab, cd, 0, 1, 4, 5) +
                                __builtin_shufflevector(ab, cd, 2, 3, 6, 7));
    }
}

#endif
