/* Samples one at a time, for metrics that look at single outputs. Metrics of the whole loss leave
 * the batches to the kernels. */
#ifndef SUPERPOSE_METRIC_SAMPLES_H
#define SUPERPOSE_METRIC_SAMPLES_H

#include "sim/metric/metric.h"

/* What is done with a sample x [n_features] and its target y [n_features], which counts `weight`
 * times: all-zero samples come together. */
typedef void SampleVisit(void *context, const float *x, const float *y, int64_t weight);

/** Visits the first n_samples evaluation samples, the same as the metric loss has. Fails where
 * n_samples is not in [1, INT_MAX], and where memory is short. */
bool samples_visit(const MetricInput *input, int64_t n_samples, SampleVisit *visit, void *context,
                   Error *error);

#endif
