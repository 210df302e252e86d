/* The interference of a feature in two parts that add up to it: from features of its own set, which
 * are there when it is (correlated sets) or never (anticorrelated ones), and from all others. */
#include "sim/metric/metric.h"
#include "sim/metric/overlap.h"

#include <math.h>

/* The sum over its set of (W_i . W_j)^2, j != i. */
static double sum_of_set(const Model *model, int i, int size) {
    double sum = 0;
    for (int j = i / size * size; j < i / size * size + size; j++) {
        double dot = j == i ? 0 : overlap_dot(model, i, j);
        sum += dot * dot;
    }
    return sum;
}

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    const Model *model = input->model;
    int64_t n = model->n_features;
    int size = input->data->set_size;
    double *within = measurement_add(measurements, "set_interference", 1, &n);
    double *across = measurement_add(measurements, "cross_set_interference", 1, &n);
    if (!overlap_squares(model, across, error))
        return false;
    for (int i = 0; i < n; i++) {
        double square = overlap_dot(model, i, i), inside = sum_of_set(model, i, size);
        bool is_short = sqrt(square) < NORM_FLOOR;
        double outside = is_short ? 0 : fmax((across[i] - inside) / square - square, 0);
        within[i] = size < 2 ? (double)NAN : is_short ? 0 : inside / square;
        across[i] = size < 2 ? (double)NAN : outside;
    }
    return true;
}

static const char *const more[] = {"cross_set_interference", NULL};

const MetricKind metric_set_interference = {
    .kind = {.name = "set_interference",
             .summary = "the part of each feature's interference that comes from its own set, sum "
                        "over j != i of the set of (W_i.W_j)^2 / ||W_i||^2, and "
                        "cross_set_interference, the rest; NaN where features are in no sets "
                        "[n_features]",
             .source = "Elhage et al. 2022, The geometry of superposition (local almost-orthogonal "
                       "bases)"},
    .measure = measure,
    .needs_model_only = true,
    .more = more,
};
