/* The partner of a feature is the one most opposite to it: in a digon W_i.W_j = -||W_i||^2, and
 * nothing else overlaps. What the others leave tells a set of digons (an octahedron has three, each
 * at right angles to the others) from shapes in which everything overlaps. */
#include "sim/metric/metric.h"
#include "sim/metric/overlap.h"

#include <math.h>

/* n^2 m products: 2000 features in 200 dimensions take a second. */
enum { MAX_PARTNERED = 2000 };

static void find(const Model *model, int i, double *partner, double *others) {
    *partner = *others = (double)NAN;
    for (int j = 0; j < model->n_features; j++) {
        if (j == i)
            continue;
        double dot = overlap_dot(model, i, j), rest = dot;
        if (isnan(*partner) || dot < *partner) {
            rest = *partner;
            *partner = dot;
        }
        *others = fmax(*others, fabs(rest)); /* of NaN and a number: the number */
    }
}

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    int64_t n = input->model->n_features;
    if (n > MAX_PARTNERED)
        return error_set(error, "it is measured up to %d features, not %lld", MAX_PARTNERED,
                         (long long)n);
    double *partners = measurement_add(measurements, "partner_overlap", 1, &n);
    double *others = measurement_add(measurements, "other_overlap", 1, &n);
    for (int i = 0; i < n; i++)
        find(input->model, i, &partners[i], &others[i]);
    return true;
}

static const char *const more[] = {"other_overlap", NULL};

const MetricKind metric_partner_overlap = {
    .kind = {.name = "partner_overlap",
             .summary = "W_i.W_j of each feature and the one most opposite to it, min_{j != i}, "
                        "and other_overlap, the largest |W_i.W_j| of all others; NaN where there "
                        "are no others; up to 2000 features [n_features]",
             .source = "Elhage et al. 2022, Superposition and learning dynamics"},
    .measure = measure,
    .max_features = MAX_PARTNERED,
    .needs_model_only = true,
    .more = more,
};
