/* Directions: the represented features as unit vectors, for what compares all pairs of them. */
#ifndef SUPERPOSE_METRIC_DIRECTIONS_H
#define SUPERPOSE_METRIC_DIRECTIONS_H

#include "sim/model/model.h"

typedef struct Directions {
    int n, m;
    int *feature; /* [n]: index in the model, increasing */
    double *norm; /* [n]: ||W_i|| */
    double *unit; /* [n][m]: W_i / ||W_i|| */
} Directions;

/** The features with REPRESENTED_NORM < ||W_i|| < infinity, in the arena; fails where memory is
 * short. */
bool directions_find(const Model *model, Arena *arena, Directions *directions, Error *error);

/** cos(W_i, W_j) of the directions with indices a and b. */
double directions_cosine(const Directions *directions, int a, int b);

#endif
