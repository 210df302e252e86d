/* sum_ij cos(W_i, W_j)^2 over represented features, i = j too. At least max(n, n^2 / m); equality
 * where the unit directions are a tight frame: orthogonal ones, every regular polygon, simplex and
 * cross polytope. */
#include "sim/metric/frame.h"
#include "sim/metric/metric.h"
#include "sim/metric/overlap.h"

#include <math.h>

bool frame_potential(const Model *model, double *potential, int *n, Error *error) {
    Arena scratch = {0};
    SmallerGram gram;
    double *scale = ARENA_NEW(&scratch, double, model->n_features);
    *n = overlap_unit_scales(model, scale);
    *potential = 0;
    bool good = overlap_smaller(model, scale, &scratch, &gram, error);
    for (size_t i = 0; good && i < (size_t)gram.size * gram.size; i++)
        *potential += gram.values[i] * gram.values[i];
    arena_release(&scratch);
    return good;
}

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    double potential;
    int n;
    if (!frame_potential(input->model, &potential, &n, error))
        return false;
    measurement_add_scalar(measurements, "frame_potential", potential);
    measurement_add_scalar(measurements, "frame_potential_bound",
                           fmax(n, (double)n * n / input->model->n_hidden));
    return true;
}

static const char *const more[] = {"frame_potential_bound", NULL};

const MetricKind metric_frame_potential = {
    .kind = {.name = "frame_potential",
             .summary = "sum_ij cos(W_i, W_j)^2 over represented features, and "
                        "frame_potential_bound, the least that n of them in m dimensions can "
                        "have, max(n, n^2 / m): that of a tight frame",
             .source = "Benedetto and Fickus 2003, Finite normalized tight frames"},
    .measure = measure,
    .needs_model_only = true,
    .more = more,
};
