/* Features of one set, two by two: correlated ones prefer right angles and, where there is no room
 * for these, lie side by side; anticorrelated ones prefer to be opposite, at 180 degrees. */
#include "sim/metric/metric.h"
#include "sim/metric/overlap.h"

#include <math.h>

static double angle(const Model *model, const double *norms, int i, int j) {
    if (!(norms[i] > REPRESENTED_NORM && norms[j] > REPRESENTED_NORM))
        return (double)NAN;
    double cosine = overlap_dot(model, i, j) / (norms[i] * norms[j]);
    return acos(fmax(fmin(cosine, 1), -1)) * 180 / M_PI;
}

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    (void)error;
    const Model *model = input->model;
    int n = model->n_features, size = input->data->set_size, n_others = size > 1 ? size - 1 : 1;
    double *values = measurement_add(measurements, "set_angle", 2, (int64_t[]){n, n_others});
    double *norms = ARENA_NEW(measurements->arena, double, n);
    overlap_norms(model, norms);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < n_others; k++) {
            int other = i / size * size + k;
            values[i * n_others + k] =
                size > 1 ? angle(model, norms, i, other + (other >= i)) : (double)NAN;
        }
    return true;
}

const MetricKind metric_set_angle = {
    .kind = {.name = "set_angle",
             .summary = "degrees between the directions of each feature and the others of its set, "
                        "in their order; NaN where ||W_i|| <= 0.5 for one of the two, or features "
                        "are in no sets [n_features][set_size - 1]",
             .source = "Elhage et al. 2022, The geometry of superposition (correlated features)"},
    .measure = measure,
    .needs_model_only = true,
};
