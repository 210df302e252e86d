/* Overlaps of feature directions: inner products of the rows of W, in double. In untied kinds W is
 * what the hidden layer reads a feature by; W2 does not enter. */
#ifndef SUPERPOSE_METRIC_OVERLAP_H
#define SUPERPOSE_METRIC_OVERLAP_H

#include "sim/model/model.h"

/* A feature with a longer W_i is represented (Elhage et al. 2022, "Demonstrating superposition":
 * norms are near 0 or near 1). */
#define REPRESENTED_NORM 0.5

/* What is shorter has no direction: quotients by its norm are set to 0. */
#define NORM_FLOOR 1e-6

/** W_i . W_j */
double overlap_dot(const Model *model, int i, int j);

/** ||W_i|| into norms [n_features]. */
void overlap_norms(const Model *model, double *norms);

/** sum_j (W_i . W_j)^2 into sums [n_features], all j, i too. Costs n m min(n, m) multiplications
 * for n features in m dimensions: from W W^T, or from W^T W by W_i (W^T W) W_i^T, whichever is
 * smaller. */
bool overlap_squares(const Model *model, double *sums, Error *error);

#endif
