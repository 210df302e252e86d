/* Embedding of the kind residual: features are directions in a residual stream of n_embedding
 * dimensions d, which a fixed random matrix W_E [n_features][d] lays down, rows of norm 1 (Braun et
 * al. 2025, section 3.2). The layer reads the stream and adds to it; W_in, W_out [d][n_hidden], row
 * j: what coordinate j gives to the hidden code and what it reads of it, and b_out [d]:
 *
 *   r = x W_E    r' = r + act(r W_in + b_hidden) W_out^T + b_out    y' = r' W_E^T
 *
 * In the coordinates of the features that is a residual model of
 *
 *   W = W_E W_in    W2 = W_E W_out    b = W_E b_out    and    y' = h W2^T + b + x + x M
 *
 * where M = W_E W_E^T - 1 mixes features that are not orthogonal on their way past the layer
 * (the mixing matrix of Bhagat et al. 2026, arXiv 2606.14673). A Model holds both: what is trained
 * lives in the stream, and the kernel, metrics and figures see W, W2, b and M. */
#ifndef SUPERPOSE_MODEL_EMBEDDING_H
#define SUPERPOSE_MODEL_EMBEDDING_H

#include "sim/model/model.h"

/** Draws W_E from the stream `key`: rows of normal numbers, scaled to norm 1. Then all that
 * follows (embedding_derive). */
void embedding_init(Model *model, uint64_t key);

/** W, W2, b and M from W_E, W_in, W_out and b_out. */
void embedding_derive(Model *model);

/** Of these W, W2 and b of features first … end - 1; what is made of a feature does not depend on
 * the others. */
void embedding_derive_features(Model *model, int first, int end);

/** Coordinates first … end - 1 of the gradient with respect to what is trained, by the chain rule:
 * W_E^T times the gradient with respect to W, W2 and b. `effective` [model_count_effective] is that
 * one, in the kernel's order W, W2, b_hidden, b; `gradient`, in the order W_in, W_out, b_hidden,
 * b_out, is as long as they are, and b_hidden's is copied with coordinate 0. */
void embedding_pull(const Model *model, const float *effective, int first, int end,
                    float *gradient);

#endif
