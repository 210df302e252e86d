/* D_i = ||W_i||^2 / sum_j (What_i . W_j)^2: the fraction of a hidden dimension that a feature has
 * to itself. Digon 1/2, triangle 2/3, tetrahedron 3/4, k-gon 2/k; at most 1, and the sum over
 * features is at most the rank of W. */
#include "sim/metric/metric.h"
#include "sim/metric/overlap.h"

#include <math.h>

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    const Model *model = input->model;
    int64_t n = model->n_features;
    double *values = measurement_add(measurements, "feature_dimensionality", 1, &n);
    if (!overlap_squares(model, values, error))
        return false;
    for (int i = 0; i < n; i++) {
        double square = overlap_dot(model, i, i);
        values[i] = sqrt(square) < NORM_FLOOR ? 0 : square * square / values[i];
    }
    return true;
}

const MetricKind metric_feature_dimensionality = {
    .kind = {.name = "feature_dimensionality",
             .summary = "fraction of a dimension each feature has, ||W_i||^4 / sum_j (W_i.W_j)^2; "
                        "0 where ||W_i|| < 1e-6 [n_features]",
             .source = "Elhage et al. 2022, The geometry of superposition; capacity C_i of "
                       "Scherlis et al. 2022"},
    .measure = measure,
    .needs_model_only = true,
};
