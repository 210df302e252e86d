/* The mean of an objective over fresh samples, by the kernels, for the metrics that are losses. */
#ifndef SUPERPOSE_METRIC_LOSS_H
#define SUPERPOSE_METRIC_LOSS_H

#include "sim/metric/metric.h"

/* A mean over samples and its standard error. */
typedef struct MeanLoss {
    double mean, se;
} MeanLoss;

/** The mean of the objective over the first input->loss_samples evaluation samples, the same for
 * every objective. Fails where these are not in [1, INT_MAX], and where memory is short. */
bool mean_loss(const MetricInput *input, const Objective *objective, MeanLoss *found, Error *error);

#endif
