/* Correlated features that share one direction: the model keeps their sum, the first principal
 * component of the set, and gives up telling them apart. Of a set of k features, the part of its
 * weights that lies along that sum is ||sum_i W_i||^2 / (k sum_i ||W_i||^2): 1 for equal vectors, 1
 * / k for orthogonal ones of one length, 0 for opposite ones. */
#include "sim/metric/metric.h"
#include "sim/metric/overlap.h"

#include <math.h>

/* Two features of one length are within 26 degrees. Trained pairs of 6 features in 2 dimensions are
 * within 10 degrees or apart by 60 at least: collapse is a jump. */
static const double collapsed_alignment = 0.95;

typedef struct SetWeights {
    double squares;   /* sum_i ||W_i||^2 */
    double alignment; /* 0 where there are no weights */
} SetWeights;

static SetWeights weigh(const Model *model, int first, int size) {
    SetWeights weights = {0, 0};
    double along = 0;
    for (int k = 0; k < model->n_hidden; k++) {
        double sum = 0;
        for (int i = first; i < first + size; i++) {
            double w = (double)model->W[(int64_t)i * model->n_hidden + k];
            sum += w;
            weights.squares += w * w;
        }
        along += sum * sum;
    }
    if (sqrt(weights.squares) >= NORM_FLOOR)
        weights.alignment = along / (size * weights.squares);
    return weights;
}

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    (void)error;
    const Model *model = input->model;
    int size = input->data->set_size;
    int64_t n_sets = model->n_features / size;
    double n_collapsed = 0;
    measurement_add_scalar(measurements, "collapsed_sets", 0);
    double *alignment = measurement_add(measurements, "set_alignment", 1, &n_sets);
    for (int set = 0; set < n_sets; set++) {
        SetWeights weights = weigh(model, set * size, size);
        bool is_there = sqrt(weights.squares) > REPRESENTED_NORM;
        n_collapsed += is_there && weights.alignment > collapsed_alignment;
        alignment[set] = size > 1 ? weights.alignment : (double)NAN;
    }
    measurements->items[measurements->n - 2].values[0] = size > 1 ? n_collapsed : (double)NAN;
    return true;
}

static const char *const more[] = {"set_alignment", NULL};

const MetricKind metric_collapsed_sets = {
    .kind =
        {.name = "collapsed_sets",
         .summary =
             "number of sets whose features share one direction: set_alignment, ||sum_i W_i||^2 "
             "/ (set_size sum_i ||W_i||^2) over a set [n_sets], is above 0.95, and sum_i "
             "||W_i||^2 above 0.25; NaN where features are in no sets",
         .source = "Elhage et al. 2022, The geometry of superposition (collapsing of correlated "
                   "features into their principal component)"},
    .measure = measure,
    .needs_model_only = true,
    .more = more,
};
