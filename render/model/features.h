/* Features: what pictures of a model say of each of them, as plain arrays for panels: how heavy its
 * colour is, which set and which polygon it belongs to. Figures have the models from a store,
 * scenes from a History. */
#ifndef SUPERPOSE_RENDER_MODEL_FEATURES_H
#define SUPERPOSE_RENDER_MODEL_FEATURES_H

#include "sim/metric/measurement.h"

/** Importances [n] as weights [n] of colours in [0, 1], from the least to the most of a page:
 * evenly, or by the logarithm where these lie decades apart; 0.8 where they are the same. */
void features_weigh(const double *importance, int n, double least, double most, double *weight);

/** The number of the set of each of n features, in sets of set_size (<= 1: in none); NULL where
 * they are in no sets, there is one set only, or there are more than colours. */
const int *features_in_sets(int n, int set_size, Arena *arena);

/** What each feature is a corner of, into polygon [n]: a number for each kind of polygon that the
 * measurement `geometry` [n] names, -1 for all else: only in the plane do corners have an outline.
 */
void features_in_polygons(const Measurement *geometry, int *polygon);

#endif
