/* The mean of cos(W_i, W_j)^2 over pairs of represented features: (F - n) / (n (n - 1)) for their
 * frame potential F. At least the square of Welch's bound, (n - m) / (m (n - 1)), which is near
 * 1 / m where n is much larger than m; random directions have 1 / m. */
#include "sim/metric/frame.h"
#include "sim/metric/metric.h"

#include <math.h>

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    double potential;
    int n;
    if (!frame_potential(input->model, &potential, &n, error))
        return false;
    /* Orthogonal directions may come out a rounding below 0. */
    double mean = n > 1 ? fmax(potential - n, 0) / ((double)n * (n - 1)) : (double)NAN;
    measurement_add_scalar(measurements, "mean_squared_overlap", mean);
    return true;
}

const MetricKind metric_mean_squared_overlap = {
    .kind = {.name = "mean_squared_overlap",
             .summary = "mean of cos(W_i, W_j)^2 over pairs of represented features, in [0, 1], at "
                        "least welch_bound^2; NaN where fewer than two are represented",
             .source = "Liu, Liu and Gore 2025, Superposition yields robust neural scaling"},
    .measure = measure,
    .needs_model_only = true,
};
