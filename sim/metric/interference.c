/* sum_{j != i} (What_i . W_j)^2: how much the others write along a feature's direction. 1 or more:
 * together they activate it as strongly as it does itself. */
#include "sim/metric/metric.h"
#include "sim/metric/overlap.h"

#include <math.h>

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    const Model *model = input->model;
    int64_t n = model->n_features;
    double *values = measurement_add(measurements, "interference", 1, &n);
    if (!overlap_squares(model, values, error))
        return false;
    for (int i = 0; i < n; i++) {
        double square = overlap_dot(model, i, i);
        /* A feature alone may come out a rounding below 0. */
        values[i] = sqrt(square) < NORM_FLOOR ? 0 : fmax(values[i] / square - square, 0);
    }
    return true;
}

const MetricKind metric_interference = {
    .kind = {.name = "interference",
             .summary = "overlap of each feature with all others, sum_{j != i} (W_i.W_j)^2 / "
                        "||W_i||^2; 0 where ||W_i|| < 1e-6 [n_features]",
             .source = "Elhage et al. 2022, Demonstrating superposition (\"superposition\" of a "
                       "feature)"},
    .measure = measure,
    .needs_model_only = true,
};
