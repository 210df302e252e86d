/* The frame potential of represented features: how far their directions are from a tight frame,
 * which shares the dimensions out evenly. */
#ifndef SUPERPOSE_METRIC_FRAME_H
#define SUPERPOSE_METRIC_FRAME_H

#include "sim/model/model.h"

/** sum_ij cos(W_i, W_j)^2 over represented features, i = j too, and their number: from the smaller
 * of the two Gram matrices of their unit directions, so it costs n m min(n, m) / 2 for n features
 * in m dimensions. Fails where memory is short. */
bool frame_potential(const Model *model, double *potential, int *n, Error *error);

#endif
