/* Projections: how models of more than three hidden dimensions are seen in three, or two. A frame
 * is vectors at right angles of length 1, rows in the axes of W. */
#ifndef SUPERPOSE_RENDER_SCENE_PROJECTION_H
#define SUPERPOSE_RENDER_SCENE_PROJECTION_H

#include "render/scene/history.h"

/** The three directions that hold most of ||W||^2 at a moment (eigenvectors of W^T W) into frame
 * [3][n_hidden], with the share that they hold. Within the space that they span they lie as much as
 * they can as when this was last asked of the history, so that pictures do not jump. Found once a
 * moment, in time growing with min(n_features, n_hidden)^3. Fails where memory is short. */
bool projection_pca(History *history, int moment, double *frame, double *share, Error *error);

/** The plane of hidden dimensions k and k + 1 for some seconds, then, turning, that of k + 1 and k
 * + 2, and so on, from the last to the first: frame [2][n_hidden] at this time >= 0. Returns k
 * while it rests there, -1 - k on the way to the next. */
int projection_pair(int n_hidden, double time, double *frame);

/** A space that wanders through all hidden dimensions, smoothly and never twice the same: frame
 * [3][n_hidden] at this time (a grand tour, after Asimov 1985). The first three axes turn in planes
 * that mix all dimensions alike, at speeds without a common period, 0.1 to 0.3 radians a second. */
void projection_tour(int n_hidden, double time, double *frame);

/** W times the frame, n_axes of them: points [n_features][n_axes]. */
void projection_apply(const Model *model, const double *frame, int n_axes, float *points);

#endif
