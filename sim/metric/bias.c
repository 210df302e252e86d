/* The output bias b. */
#include "sim/metric/metric.h"

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    (void)error;
    int64_t n = input->model->n_features;
    double *values = measurement_add(measurements, "bias", 1, &n);
    for (int i = 0; i < n; i++)
        values[i] = (double)input->model->b[i];
    return true;
}

const MetricKind metric_bias = {
    .kind = {.name = "bias",
             .summary = "output bias b_i of each feature [n_features]",
             .source = "Elhage et al. 2022, Demonstrating superposition"},
    .measure = measure,
    .needs_model_only = true,
};
