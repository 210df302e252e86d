/* Neurons: which hidden units store which features, read from what each unit adds to each output.
 *
 * While x_i alone moves from 0 to 1 or -1, whichever raises output i more, a unit adds its part of
 * feature i: without a bias |W_ik| W2_ik, where that is positive, of a ReLU; of tied kinds W_ik^2
 * for a positive weight, as a negative one only inhibits. That is blind to what training is blind
 * to, the scale that W and W2 share, and it does not take what disturbs for what is stored. */
#ifndef SUPERPOSE_METRIC_NEURONS_H
#define SUPERPOSE_METRIC_NEURONS_H

#include "sim/model/model.h"

/* A feature is stored where its units' positive parts sum to more: the square of the norm from
 * which a feature counts as represented. */
#define STORED_SUM 0.25

/* A unit stores it where its part is more than this share of the largest. Trained models leave a
 * gap there: with tied weights 0.1 is a weight of 0.32 of the largest, and what a binary code needs
 * is 0.4 or more, what leaks 0.25 or less. */
#define STORED_SHARE 0.1

typedef struct Neurons {
    int n_features, n_hidden;
    bool *stores;  /* [n_features][n_hidden] */
    int *features; /* [n_hidden]: how many features the unit stores */
    int *units;    /* [n_features]: how many units store the feature */
} Neurons;

/** What unit k adds to output i: the larger of (act(b_hidden_k + x W_ik) - act(b_hidden_k)) W2_ik
 * for x = 1 and -1, act a ReLU (which a GELU is taken for); of linear units W_ik W2_ik. */
double neuron_part(const Model *model, int i, int k);

/** Which units store which features. Fails where memory is short. */
bool neurons_find(const Model *model, Arena *arena, Neurons *neurons, Error *error);

#endif
