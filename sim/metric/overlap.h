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

/* W^T W [m][m] or W W^T [n][n], whichever is smaller: they have the same trace, the same sum of
 * squares and the same eigenvalues but for zeros, which are the squared singular values of W. */
typedef struct SmallerGram {
    bool of_columns; /* W^T W */
    int size;        /* min(n_features, n_hidden) */
    double *values;  /* [size][size] */
} SmallerGram;

/** The smaller Gram matrix of the rows scale_i W_i (NULL: of W itself), in the arena. Costs
 * n m min(n, m) / 2 multiplications. */
bool overlap_smaller(const Model *model, const double *scale, Arena *arena, SmallerGram *gram,
                     Error *error);

/** W_i C W_i^T for a symmetric C [n_hidden][n_hidden] into out [n_features]. */
bool overlap_forms(const Model *model, const double *C, double *out, Error *error);

/** 1 / ||W_i|| for represented features, 0 for the others, into scale [n_features]: rows times
 * these are unit directions. Returns how many are represented. */
int overlap_unit_scales(const Model *model, double *scale);

#endif
