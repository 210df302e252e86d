/* D* = n_hidden / ||W||_F^2: hidden dimensions for each represented feature, whose ||W_i||^2 is
 * near 1. */
#include "sim/metric/metric.h"
#include "sim/metric/overlap.h"

#include <math.h>

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    (void)error;
    double sum = 0;
    for (int i = 0; i < input->model->n_features; i++)
        sum += overlap_dot(input->model, i, i);
    measurement_add_scalar(measurements, "dimensions_per_feature",
                           sum > 0 ? input->model->n_hidden / sum : (double)NAN);
    return true;
}

const MetricKind metric_dimensions_per_feature = {
    .kind = {.name = "dimensions_per_feature",
             .summary = "hidden dimensions for each feature, n_hidden / ||W||_F^2; not defined "
                        "(NaN) where W = 0",
             .source = "Elhage et al. 2022, The geometry of superposition"},
    .measure = measure,
    .needs_model_only = true,
};
