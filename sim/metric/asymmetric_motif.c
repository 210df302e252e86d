/* The asymmetric superposition motif: one unit stores feature i with a large W and a small W2, and
 * feature j the other way round (the paper's W = [2, -1/2], W2 = [1/2, 2]), so that j hardly
 * disturbs i while i would drive output j up. Units that fire with x_i too inhibit that: with them
 * x_i no longer raises output j, and the output's ReLU hides what is below 0. */
#include "sim/metric/metric.h"
#include "sim/metric/neurons.h"

#include <math.h>

/* Of the paper's weights both ratios are 4. */
static const double least_ratio = 2;

/* Of the unit's own part: as much may be left of it, and so much is an inhibition. */
static const double rest_share = 0.1, inhibition_share = 0.25;

typedef enum MotifRole { ROLE_OTHER, ROLE_ASYMMETRIC, ROLE_INHIBITING, N_ROLES } MotifRole;

static const char *const roles[N_ROLES + 1] = {"other", "asymmetric", "inhibiting", NULL};

/* What unit l adds to output j for an x_i of size 1 that fires unit k. */
static double crossing(const Model *model, int i, int j, int k, int l) {
    int m = model->n_hidden;
    double sign = model->W[(size_t)i * m + k] > 0 ? 1 : -1;
    return fmax(sign * (double)model->W[(size_t)i * m + l], 0) *
           (double)model->W2[(size_t)j * m + l];
}

static bool is_asymmetric(const Model *model, const Neurons *neurons, int i, int j, int k) {
    size_t at_i = (size_t)i * model->n_hidden + k, at_j = (size_t)j * model->n_hidden + k;
    if (i == j || !neurons->stores[at_i] || !neurons->stores[at_j])
        return false;
    double in_i = fabs((double)model->W[at_i]), in_j = fabs((double)model->W[at_j]);
    double out_i = (double)model->W2[at_i], out_j = (double)model->W2[at_j];
    return in_i >= least_ratio * in_j && out_j >= least_ratio * out_i;
}

/* Marks the units of the motif of i and j at unit k, where x_i does not raise output j. */
static bool mark(const Model *model, int i, int j, int k, double *codes) {
    double own = crossing(model, i, j, k, k), sum = 0;
    for (int l = 0; l < model->n_hidden; l++)
        sum += crossing(model, i, j, k, l);
    if (sum > rest_share * own)
        return false;
    for (int l = 0; l < model->n_hidden; l++)
        if (codes[l] == ROLE_OTHER && crossing(model, i, j, k, l) < -inhibition_share * own)
            codes[l] = ROLE_INHIBITING;
    codes[k] = ROLE_ASYMMETRIC;
    return true;
}

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    const Model *model = input->model;
    int n = model->n_features;
    int64_t m = model->n_hidden;
    double *codes = measurement_add(measurements, "asymmetric_motif", 1, &m);
    Measurement *added = &measurements->items[measurements->n - 1];
    added->labels = roles;
    added->n_labels = N_ROLES;
    Arena scratch = {0};
    Neurons neurons;
    bool good = neurons_find(model, &scratch, &neurons, error);
    int n_motifs = 0;
    for (int k = 0; good && k < m; k++) {
        bool is_motif = false;
        for (int i = 0; neurons.features[k] > 1 && i < n; i++)
            for (int j = 0; j < n; j++)
                is_motif |= is_asymmetric(model, &neurons, i, j, k) && mark(model, i, j, k, codes);
        n_motifs += is_motif;
    }
    measurement_add_scalar(measurements, "asymmetric_motifs", n_motifs);
    arena_release(&scratch);
    return good;
}

static const char *const more[] = {"asymmetric_motifs", NULL};
static const char *const texts[] = {"asymmetric_motif", NULL};

const MetricKind metric_asymmetric_motif = {
    .kind = {.name = "asymmetric_motif",
             .summary = "each hidden unit's role in asymmetric superposition with inhibition: "
                        "asymmetric, inhibiting or other [n_hidden]; asymmetric_motifs: how many "
                        "asymmetric units there are",
             .source = "Elhage et al. 2022, The asymmetric superposition motif"},
    .measure = measure,
    .needs_model_only = true,
    .more = more,
    .texts = texts,
    .labels = roles,
};
