/* What a run will cost, from its settings alone: used to deal the longest runs first and by
 * `check`.
 *
 * Training a run is steps x (draws + products + update), for batch B, n features, m hidden
 * dimensions, p the mean probability, R = B (1 - (1-p)^n) samples that are not empty:
 *     draws     min(uniform B n, gap B n p)
 *     products  multiply_add R (2 nnz m + 3 n m), nnz = n p B / R active features a sample
 *     update    parameter (n m + n) */
#ifndef SUPERPOSE_EXPERIMENT_COST_H
#define SUPERPOSE_EXPERIMENT_COST_H

#include "sim/experiment/experiment.h"

/* What the pieces of a step take, in ns of one processor. */
typedef struct CostRates {
    double uniform;      /* a feature, where every feature is drawn */
    double gap;          /* an active feature, where only these are drawn */
    double multiply_add; /* of a product */
    double parameter;    /* of the update */
} CostRates;

/** Rates that a machine could reach whose core does peak_gflops GFLOP/s of fused multiply-adds:
 * products at that speed, draws and updates as a loop of nothing else does them, in proportion. */
CostRates cost_limit_rates(double peak_gflops);

/** Seconds of one processor for training a run, at the program's own rates on an AVX2 core at 3
 * GHz. */
double cost_seconds(const Run *run);

/** The same at other rates. */
double cost_seconds_at(const Run *run, const CostRates *rates);

/** About how many bytes training a run takes: parameters, gradient, the optimizer's states, two
 * copies of the weights that kernels keep, and gradients of chunks. */
double cost_bytes(const Run *run);

#endif
