/* exp(-sum_k q_k ln q_k) with q_k = s_k / sum s for the singular values s of W: how many hidden
 * dimensions are in use, as a number that moves smoothly. m where all are used alike. */
#include "sim/base/linalg.h"
#include "sim/metric/metric.h"
#include "sim/metric/overlap.h"

#include <math.h>

/* Eigenvalues cost some 2 size^3: 1000 take 1 s. */
enum { MAX_SIZE = 2000 };

static double exp_entropy(const double *squares, int n) {
    double sum = 0, entropy = 0;
    for (int k = 0; k < n; k++)
        sum += sqrt(fmax(squares[k], 0));
    for (int k = 0; k < n && squares[k] > 0; k++) {
        double share = sqrt(squares[k]) / sum;
        entropy -= share * log(share);
    }
    return sum > 0 ? exp(entropy) : 0;
}

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    const Model *model = input->model;
    int n = model->n_features, m = model->n_hidden, size = n < m ? n : m;
    if (size > MAX_SIZE)
        return error_set(error, "it is measured up to %d features or hidden dimensions, not %d",
                         MAX_SIZE, size);
    Arena scratch = {0};
    SmallerGram gram;
    double *squares = ARENA_NEW(&scratch, double, size);
    bool good = overlap_smaller(model, NULL, &scratch, &gram, error) &&
                linalg_eigen(gram.values, size, squares, NULL, error);
    if (good)
        measurement_add_scalar(measurements, "effective_rank", exp_entropy(squares, size));
    arena_release(&scratch);
    return good;
}

const MetricKind metric_effective_rank = {
    .kind = {.name = "effective_rank",
             .summary = "dimensions in use, exp of the entropy of the singular values of W, in [1, "
                        "min(n_features, n_hidden)], 0 where W = 0; up to 2000 features or hidden "
                        "dimensions",
             .source = "Roy and Vetterli 2007, The effective rank"},
    .measure = measure,
    .max_rank = MAX_SIZE,
    .needs_model_only = true,
};
