/* (sum_i W_ik^2)^2 / sum_i W_ik^4: how many features hidden unit k carries, 1 for a unit of one
 * feature, j for one of j equal weights. It means most where hidden units are a basis of their own:
 * where the hidden layer has an activation. */
#include "sim/metric/metric.h"
#include "sim/metric/overlap.h"

#include <math.h>

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    (void)error;
    const Model *model = input->model;
    int64_t m = model->n_hidden;
    double *values = measurement_add(measurements, "polysemanticity", 1, &m);
    Arena scratch = {0};
    double *squares = ARENA_NEW(&scratch, double, m), *fourths = ARENA_NEW(&scratch, double, m);
    for (int64_t i = 0; i < model->n_features; i++)
        for (int64_t k = 0; k < m; k++) {
            double square = (double)model->W[i * m + k] * (double)model->W[i * m + k];
            squares[k] += square;
            fourths[k] += square * square;
        }
    for (int64_t k = 0; k < m; k++)
        values[k] = sqrt(squares[k]) < NORM_FLOOR ? 0 : squares[k] * squares[k] / fourths[k];
    arena_release(&scratch);
    return true;
}

const MetricKind metric_polysemanticity = {
    .kind = {.name = "polysemanticity",
             .summary = "number of features each hidden unit carries, (sum_i W_ik^2)^2 / sum_i "
                        "W_ik^4: 1 is monosemantic; 0 where all weights are < 1e-6 [n_hidden]",
             .source = "Elhage et al. 2022, Superposition in a privileged basis"},
    .measure = measure,
    .needs_model_only = true,
};
