/* W W^T between features of one set. Where it is near 0, a set has an almost orthogonal basis of
 * its own, and what superposition there is lies between sets. */
#include "sim/metric/metric.h"
#include "sim/metric/overlap.h"

#include <math.h>

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    (void)error;
    const Model *model = input->model;
    int n = model->n_features, size = input->data->set_size, n_others = size > 1 ? size - 1 : 1;
    double *values = measurement_add(measurements, "set_overlap", 2, (int64_t[]){n, n_others});
    for (int i = 0; i < n; i++)
        for (int k = 0; k < n_others; k++) {
            int other = i / size * size + k;
            values[i * n_others + k] =
                size > 1 ? fabs(overlap_dot(model, i, other + (other >= i))) : (double)NAN;
        }
    return true;
}

const MetricKind metric_set_overlap = {
    .kind = {.name = "set_overlap",
             .summary = "|W_i.W_j| of each feature and the others of its set, in their order; NaN "
                        "where features are in no sets [n_features][set_size - 1]",
             .source = "Elhage et al. 2022, The geometry of superposition (local almost-orthogonal "
                       "bases)"},
    .measure = measure,
    .needs_model_only = true,
};
