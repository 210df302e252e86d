/* What a run will cost, from its settings alone: used to deal the longest runs first and by
 * `check`. */
#ifndef SUPERPOSE_EXPERIMENT_COST_H
#define SUPERPOSE_EXPERIMENT_COST_H

#include "sim/experiment/experiment.h"

/** Seconds of one processor for training a run: steps x (draws + products + update), with
 *     draws    = min(0.16 B n, 1.56 B n p) ns
 *     products = R (2 nnz m + n m + 2 n m) / 50 GMAC/s, R = non-empty samples of the batch, nnz =
 * active features of one update   = 1 ns a parameter for batch B, n features, m hidden dimensions,
 * p = mean probability; rates of one AVX2 core at 3 GHz. Untied kinds cost the same products. */
double cost_seconds(const Run *run);

/** About how many bytes training a run takes: parameters, gradient, the optimizer's states, two
 * copies of the weights that kernels keep, and gradients of chunks. */
double cost_bytes(const Run *run);

#endif
