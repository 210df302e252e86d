/* Trace: everything needed to replay the first steps of a run elsewhere, as one .npz. */
#ifndef SUPERPOSE_EXPERIMENT_TRACE_H
#define SUPERPOSE_EXPERIMENT_TRACE_H

#include "sim/experiment/experiment.h"

/** Trains run `number` for `steps` steps and writes to `path`, float32 unless said otherwise:
 *     W0 [n_features][n_hidden], b0 [n_features], W2_0 (untied kinds), b_hidden_0 (where it is on);
 *     X, Y [steps][batch][n_features] as trained on;
 *     importance [n_features], learning_rate [steps], loss_t [steps] (of the batch, before its
 *     update), float64; beta1, beta2, epsilon, momentum (0 where the optimizer has none),
 *     weight_decay, loss_exponent, float64; model, optimizer, texts;
 *     W_t, b_t, W2_t, b_hidden_t [steps][…]: after each update.
 * With an embedding (sim/model/embedding.h) also W_E [n_features][embedding] and M
 * [n_features][n_features], which stay; W_in_0, W_out_0 [embedding][n_hidden], b_out_0 [embedding],
 * and W_in_t, W_out_t, b_out_t, which are trained, and W, W2 and b follow.
 * Fails where the run has not so many steps, where `changes` alter within them what is written only
 * once, or above 1 GiB, saying how large it would be. */
bool trace_write(const Experiment *experiment, int64_t number, int64_t steps, Isa isa,
                 const char *path, Error *error);

#endif
