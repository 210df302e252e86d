/* The exact optimum of the phase-change problems: the least expected loss over all W and b of
 * y' = ReLU(W W^T x + b), for 2 features in 1 dimension and 3 in 2. Up to three features are
 * active, so all terms of the expected loss are there and there is no sampling; minimisation is
 * from many fixed starts, so the result is a number, not a draw. Trained models follow it, not the
 * idealised candidates of phase.h. */
#ifndef SUPERPOSE_THEORY_PHASE_OPTIMUM_H
#define SUPERPOSE_THEORY_PHASE_OPTIMUM_H

#include "sim/theory/phase.h"

#include <stdatomic.h>
#include <stdbool.h>

enum { PHASE_MAX_FEATURES = 3 };

typedef struct PhaseOptimum {
    double W[PHASE_MAX_FEATURES * (PHASE_MAX_FEATURES - 1)]; /* [n_features][n_features - 1] */
    double b[PHASE_MAX_FEATURES];                            /* [n_features] */
    double loss;
    double norm;         /* of the last feature: ||W_i|| */
    double interference; /* of the last feature; 0 where it has no direction */
    PhaseClass class;    /* phase_class_of the two */
    double ideal_ratio;  /* loss over that of the best idealised candidate: at most 1 */
} PhaseOptimum;

/** The exact loss of such a model: W [n_features][n_features - 1], b [n_features]. */
double phase_loss(int n_features, double s, double r, const double *W, const double *b);

/** The optimum at density s in (0, 1] and importance r > 0. */
void phase_optimum(int n_features, double s, double r, PhaseOptimum *out);

/** The optima on a grid: out [n_s][n_r] for densities s [n_s] and importances r [n_r], where it
 * pays to have neighbours of about equal s and r: of those within a factor of 1.5 one is searched
 * as by itself, and the others start from their neighbours' optima, until none helps another. 50 x
 * 50 cells over two decades take half a second (2->1) or 5 s (3->2) of one thread: another one may
 * set *stop (NULL: none does), and it returns false soon after, with nothing in out that counts. */
bool phase_optimum_grid(int n_features, const double *s, int n_s, const double *r, int n_r,
                        const atomic_bool *stop, PhaseOptimum *out);

/** The density between s_low and s_high, to a relative `tolerance`, where the optimum's class stops
 * being what it is at s_low; s_high where it is the same there. For 2->1 and r = 1 that is 0.713,
 * against 4/7 of the idealised models. For 3->2 and r = 1 it means little: all three features are
 * alike, and any of them may be the one that shares. */
double phase_optimum_boundary(int n_features, double r, double s_low, double s_high,
                              double tolerance);

#endif
