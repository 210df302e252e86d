/* The analytic attack on feature i of a tied model with a linear hidden layer: the input moves by
 * eps (W W^T)_i / ||(W W^T)_i||, which of all moves of that length raises the pre-activation of
 * output i most (Elhage et al. 2022, "Superposition and adversarial robustness"). Pre-activation j
 * moves by eps s_j, s = W W^T (W W^T)_i / ||(W W^T)_i||, whatever the sample, so the attacked model
 * is the model with another bias. The target stays that of the input before the attack. */
#ifndef SUPERPOSE_METRIC_ATTACK_H
#define SUPERPOSE_METRIC_ATTACK_H

#include "sim/metric/metric.h"

/** Whether the loss under attack is computed for the model and loss: tied, hidden layer linear,
 * output linear or ReLU, squared error. */
bool attack_is_defined(const MetricInput *input);

/** ||(W W^T)_i|| into norms [n_features]: what an attack of length 1 on output i moves it by. */
bool attack_norms(const Model *model, double *norms, Error *error);

/** s of the attack on a feature with this norm into shifts [n_features]; all 0 where the norm is.
 * Costs 2 n m. */
void attack_shifts(const Model *model, int feature, double norm, double *shifts);

/** The feature whose attack of length `epsilon` raises the loss of n_samples samples most. All n
 * attacks together cost 3 n^2 m + n (n + n_samples) log n_samples: the loss of an output under any
 * shift is read from sums over its sorted pre-activations. */
bool attack_worst(const MetricInput *input, double epsilon, int n_samples, const double *norms,
                  int *worst, Error *error);

#endif
