/* How many features have a direction: ||W_i|| > 0.5. */
#include "sim/metric/metric.h"
#include "sim/metric/overlap.h"

#include <math.h>

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    (void)error;
    int n = 0;
    for (int i = 0; i < input->model->n_features; i++)
        n += sqrt(overlap_dot(input->model, i, i)) > REPRESENTED_NORM;
    measurement_add_scalar(measurements, "features_represented", n);
    return true;
}

const MetricKind metric_features_represented = {
    .kind = {.name = "features_represented",
             .summary = "number of features with ||W_i|| > 0.5",
             .source = "Elhage et al. 2022, Demonstrating superposition"},
    .measure = measure,
    .needs_model_only = true,
};
