/* What is stacked above each hidden unit in the paper's pictures of neurons: the weight W_ik of
 * every feature onto it. In untied kinds the unit's weights are divided by their largest size: a
 * rectifier does not see that scale, as W2 can undo it. */
#include "sim/metric/metric.h"
#include "sim/metric/overlap.h"

#include <math.h>

/* 4 million doubles are 32 MB in the store for every time it is measured. */
enum { MAX_WEIGHTS = 4000000, MAX_UNIT_FEATURES = 2000 };

static double largest_weight(const Model *model, int64_t k) {
    double largest = 0;
    for (int64_t i = 0; i < model->n_features; i++)
        largest = fmax(largest, fabs((double)model->W[i * model->n_hidden + k]));
    return largest;
}

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    const Model *model = input->model;
    int64_t n = model->n_features, m = model->n_hidden;
    if (n * m > MAX_WEIGHTS || n > MAX_UNIT_FEATURES)
        return error_set(error,
                         "it is measured up to %d features and %d weights, not %lld features in "
                         "%lld dimensions",
                         MAX_UNIT_FEATURES, MAX_WEIGHTS, (long long)n, (long long)m);
    double *values = measurement_add(measurements, "neuron_weights", 2, (int64_t[]){m, n});
    for (int64_t k = 0; k < m; k++) {
        double scale = model->kind->is_tied ? 1 : largest_weight(model, k);
        for (int64_t i = 0; i < n; i++)
            values[k * n + i] = scale < NORM_FLOOR ? 0 : (double)model->W[i * m + k] / scale;
    }
    return true;
}

const MetricKind metric_neuron_weights = {
    .kind = {.name = "neuron_weights",
             .summary = "weight of each feature onto each hidden unit, W_ik (untied kinds: over "
                        "the unit's largest |W_ik|), up to 2000 features and 4 million weights "
                        "[n_hidden][n_features]",
             .source = "Elhage et al. 2022, Superposition in a privileged basis (stack plots)"},
    .measure = measure,
    .max_features = MAX_UNIT_FEATURES,
    .needs_model_only = true,
};
