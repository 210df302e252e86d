/* ||W_i||: how strongly a feature is represented. */
#include "sim/metric/metric.h"
#include "sim/metric/overlap.h"

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    (void)error;
    int64_t n = input->model->n_features;
    overlap_norms(input->model, measurement_add(measurements, "feature_norm", 1, &n));
    return true;
}

const MetricKind metric_feature_norm = {
    .kind = {.name = "feature_norm",
             .summary = "length of each feature's direction, ||W_i|| (untied kinds: of the "
                        "direction it is read by) [n_features]",
             .source = "Elhage et al. 2022, Demonstrating superposition"},
    .measure = measure,
    .needs_model_only = true,
};
