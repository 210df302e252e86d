/* mu = max_{i != j} |cos(W_i, W_j)| over represented features: how much the two most alike of them
 * share. n directions in m < n dimensions cannot do better than Welch's bound,
 * sqrt((n - m) / (m (n - 1))), which regular simplices reach (triangle 1/2, tetrahedron 1/3). A
 * sparse code of fewer than (1 + 1/mu) / 2 active features can be decoded exactly.
 *
 * All n^2 m / 2 products: 400 features in 30 dimensions take 1 ms, 10,000 in 100 some seconds. */
#include "sim/metric/directions.h"
#include "sim/metric/metric.h"

#include <math.h>

enum { MAX_COHERENCE = 20000 };

static double largest_cosine(const Directions *directions) {
    double largest = directions->n > 1 ? 0 : (double)NAN;
    for (int a = 0; a < directions->n; a++)
        for (int b = 0; b < a; b++)
            largest = fmax(largest, fabs(directions_cosine(directions, a, b)));
    return largest;
}

static double welch_bound(double n, double m) {
    if (n < 2)
        return (double)NAN;
    return n > m ? sqrt((n - m) / (m * (n - 1))) : 0;
}

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    if (input->model->n_features > MAX_COHERENCE)
        return error_set(error, "it is measured up to %d features, not %d", MAX_COHERENCE,
                         input->model->n_features);
    Arena scratch = {0};
    Directions directions;
    bool good = directions_find(input->model, &scratch, &directions, error);
    if (good) {
        measurement_add_scalar(measurements, "coherence", largest_cosine(&directions));
        measurement_add_scalar(measurements, "welch_bound",
                               welch_bound(directions.n, directions.m));
    }
    arena_release(&scratch);
    return good;
}

static const char *const more[] = {"welch_bound", NULL};

const MetricKind metric_coherence = {
    .kind = {.name = "coherence",
             .summary = "largest |cos(W_i, W_j)| of two represented features, in [0, 1], and "
                        "welch_bound, the least that n of them in m dimensions can have, "
                        "sqrt((n - m) / (m (n - 1))); NaN where fewer than two are represented",
             .source = "Welch 1974, Lower bounds on the maximum cross correlation of signals"},
    .measure = measure,
    .max_features = MAX_COHERENCE,
    .needs_model_only = true,
    .more = more,
};
