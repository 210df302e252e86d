/* W W^T [n][n], the paper's W^T W: what comes back out, before bias and activation. */
#include "sim/metric/metric.h"
#include "sim/metric/overlap.h"

/* 2000 x 2000 doubles are 32 MB in the store for every time it is measured. */
enum { MAX_GRAM = 2000 };

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    int64_t n = input->model->n_features;
    if (n > MAX_GRAM)
        return error_set(error, "it is measured up to %d features, not %lld", MAX_GRAM,
                         (long long)n);
    double *values = measurement_add(measurements, "gram", 2, (int64_t[]){n, n});
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++)
            values[i * n + j] = values[j * n + i] = overlap_dot(input->model, i, j);
    return true;
}

const MetricKind metric_gram = {
    .kind = {.name = "gram",
             .summary = "all inner products W_i.W_j, up to 2000 features [n_features][n_features]",
             .source = "Elhage et al. 2022, Demonstrating superposition (W^T W)"},
    .measure = measure,
    .max_features = MAX_GRAM,
    .needs_model_only = true,
};
