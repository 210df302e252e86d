/* (sum_k v_k)^2 / sum_k v_k^2 for the eigenvalues v of W^T W, which are the variances of the hidden
 * code's principal components where features have equal variance: trace^2 over the sum of squares
 * of the matrix, so no eigenvalue is computed. m where the code is spread evenly: then its
 * principal components are arbitrary. */
#include "sim/metric/metric.h"
#include "sim/metric/overlap.h"

static double ratio_of(const SmallerGram *gram) {
    double trace = 0, squares = 0;
    for (int k = 0; k < gram->size; k++)
        trace += gram->values[(size_t)k * gram->size + k];
    for (size_t i = 0; i < (size_t)gram->size * gram->size; i++)
        squares += gram->values[i] * gram->values[i];
    return squares > 0 ? trace * trace / squares : 0;
}

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    Arena scratch = {0};
    SmallerGram gram;
    bool good = overlap_smaller(input->model, NULL, &scratch, &gram, error);
    if (good)
        measurement_add_scalar(measurements, "participation_ratio", ratio_of(&gram));
    arena_release(&scratch);
    return good;
}

const MetricKind metric_participation_ratio = {
    .kind = {.name = "participation_ratio",
             .summary = "dimensions the hidden code spreads over, (sum v)^2 / sum v^2 for the "
                        "eigenvalues v of W^T W, in [1, min(n_features, n_hidden)]; 0 where W = 0",
             .source = "Gao et al. 2017, A theory of multineuronal dimensionality"},
    .measure = measure,
    .needs_model_only = true,
};
