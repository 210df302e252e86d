/* Expected loss: the loss of a model with a linear hidden layer on independent features, exactly,
 * by number of active features. A feature is active with its probability p_i and then uniform on
 * [0, 1]; the target is x itself.
 *
 *   L = sum_k L_k,  L_k = sum over sets A of k features of P(A) E[loss | A active]
 *
 * (Elhage et al. 2022, "Mathematical understanding", where p_i are equal and C(n,k) p^k (1-p)^(n-k)
 * stands outside.) Sparse data have almost all of it in the first terms, where samples would be
 * few: at p = 0.001 and 20 features 0.02% of samples have two. */
#ifndef SUPERPOSE_THEORY_EXPECTED_LOSS_H
#define SUPERPOSE_THEORY_EXPECTED_LOSS_H

#include "sim/model/model.h"
#include "sim/theory/relu_integral.h"

/* A model with a linear hidden layer is y' = act(G x + b), and the data and importances. */
typedef struct ExpectedLossInput {
    int n_features;
    Activation output;
    const double *G;           /* [n_features][n_features]: G[i][j] is what x_j adds to output i */
    const double *b;           /* [n_features] */
    const double *probability; /* [n_features], in [0, 1] */
    const double *importance;  /* [n_features] */
} ExpectedLossInput;

typedef struct ExpectedLoss {
    int max_active;
    double probability[MAX_ACTIVE + 1]; /* P(k): of k active features */
    double terms[MAX_ACTIVE + 1];       /* L_k; L_k / P(k) is the mean loss of such samples */
    double total;                       /* of the terms: a lower bound of the loss */
    double left_out; /* probability of more than max_active features, exact to rounding */
    double bound;    /* the loss is at most total + bound: left_out times the worst sample's loss */
} ExpectedLoss;

/** The input for a model with these probabilities and importances [n_features], which are kept, not
 * copied. G = W2 W^T and b (with W2 b_hidden) are made in the arena. Fails where the hidden layer
 * is not linear, the output a GELU, or x is added to it, and where there is no memory for
 * n_features^2 doubles. */
bool expected_loss_input(const Model *model, const double *probability, const double *importance,
                         Arena *arena, ExpectedLossInput *input, Error *error);

/** The terms 0 … max_active (at most MAX_ACTIVE). Each is exact to rounding: piecewise polynomials,
 * integrated piece by piece. L_k costs n^(k+1) / k! integrals: at n = 200 L_1 takes 1 ms, L_2
 * a quarter of a second (n = 400: under 2 s), L_3 minutes (n = 30: 50 ms). `feature_terms`
 * [max_active + 1][n_features] gets what each output adds to each term; NULL: not wanted. */
void expected_loss_terms(const ExpectedLossInput *input, int max_active, double *feature_terms,
                         ExpectedLoss *out);

/** The sum of the terms 0 … max_active, and its derivatives by each G[i][j] (as if all were free)
 * into dG [n_features][n_features] and by b into db [n_features]. Costs about twice the terms. */
double expected_loss_gradient(const ExpectedLossInput *input, int max_active, double *dG,
                              double *db);

#endif
