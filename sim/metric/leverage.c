/* l_i = W_i (W^T W)^+ W_i^T: how well feature i could be read from the hidden layer by the best
 * linear map, R^2 for features of equal variance. In [0, 1]; they sum to the rank of W; D_i <= l_i
 * with equality where W_i is an eigenvector of W^T W. */
#include "sim/base/linalg.h"
#include "sim/metric/metric.h"
#include "sim/metric/overlap.h"

#include <math.h>

/* The decomposition costs some 10 size^3: 1000 take 10 s. */
enum { MAX_SIZE = 1000 };

/* Singular values below 1e-5 of the largest are a float's rounding, not directions. */
static const double eigenvalue_tolerance = 1e-10;

/* Where the Gram matrix is that of the rows: the diagonal of G G^+. */
static void of_rows(const SmallerGram *gram, const double *inverse, double *values) {
    int n = gram->size;
    for (int i = 0; i < n; i++) {
        values[i] = 0;
        for (int j = 0; j < n; j++)
            values[i] += gram->values[(size_t)i * n + j] * inverse[(size_t)j * n + i];
    }
}

static bool find(const Model *model, double *values, Arena *scratch, Error *error) {
    SmallerGram gram;
    int n = model->n_features, m = model->n_hidden, size = n < m ? n : m;
    if (size > MAX_SIZE)
        return error_set(error, "it is measured up to %d features or hidden dimensions, not %d",
                         MAX_SIZE, size);
    double *inverse = ARENA_TRY(scratch, double, (size_t)size *size);
    if (!inverse)
        return error_set(error, "not enough memory for a %d x %d matrix", size, size);
    if (!overlap_smaller(model, NULL, scratch, &gram, error) ||
        !linalg_pseudo_inverse(gram.values, size, eigenvalue_tolerance, inverse, error))
        return false;
    if (gram.of_columns)
        return overlap_forms(model, inverse, values, error);
    of_rows(&gram, inverse, values);
    return true;
}

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    Arena scratch = {0};
    int64_t n = input->model->n_features;
    double *values = measurement_add(measurements, "leverage", 1, &n);
    bool good = find(input->model, values, &scratch, error);
    for (int i = 0; good && i < n; i++)
        values[i] = fmin(fmax(values[i], 0), 1);
    arena_release(&scratch);
    return good;
}

const MetricKind metric_leverage = {
    .kind = {.name = "leverage",
             .summary = "how well the best linear map reads each feature from the hidden layer, "
                        "W_i (W^T W)^+ W_i^T, in [D_i, 1]; the sum is the rank of W; up to 1000 "
                        "features or hidden dimensions [n_features]",
             .source = "Scherlis et al. 2022, Polysemanticity and capacity (D_i <= l_i)"},
    .measure = measure,
    .max_rank = MAX_SIZE,
    .needs_model_only = true,
};
