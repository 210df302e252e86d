/* What each output adds to the loss: the mean over fresh samples of I_i |y_i - y'_i|^exponent, with
 * its standard error. The samples are those of the metric loss, which is the sum.
 *
 * Outputs come from plain code: n m products a sample that is not empty. */
#include "sim/metric/metric.h"
#include "sim/metric/samples.h"

#include <math.h>

typedef struct Sums {
    const MetricInput *input;
    double *loss, *squares; /* [n_features] */
    float *out;             /* [n_features] */
} Sums;

static void add_sample(void *context, const float *x, const float *y, int64_t weight) {
    Sums *sums = context;
    const Model *model = sums->input->model;
    const double *importance = sums->input->task->importance;
    double exponent = sums->input->loss_exponent;
    model_forward(model, x, NULL, sums->out);
    for (int i = 0; i < model->n_features; i++) {
        double error = fabs((double)y[i] - (double)sums->out[i]);
        double loss = importance[i] * (exponent == 2 ? error * error : pow(error, exponent));
        sums->loss[i] += (double)weight * loss;
        sums->squares[i] += (double)weight * loss * loss;
    }
}

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    int64_t n = input->model->n_features;
    Arena scratch = {0};
    Sums sums = {.input = input,
                 .loss = measurement_add(measurements, "loss_by_feature", 1, &n),
                 .squares = measurement_add(measurements, "loss_by_feature_se", 1, &n),
                 .out = ARENA_NEW(&scratch, float, n)};
    bool good = samples_visit(input, input->loss_samples, add_sample, &sums, error);
    double n_samples = (double)input->loss_samples;
    for (int i = 0; good && i < n; i++) {
        double mean = sums.loss[i] / n_samples;
        double variance = fmax(sums.squares[i] / n_samples - mean * mean, 0);
        sums.loss[i] = mean;
        sums.squares[i] = sqrt(variance / (n_samples - 1));
    }
    arena_release(&scratch);
    return good;
}

static const char *const more[] = {"loss_by_feature_se", NULL};

const MetricKind metric_loss_by_feature = {
    .kind = {.name = "loss_by_feature",
             .summary = "what each output adds to the loss, the mean of I_i |y_i - y'_i|^exponent, "
                        "and loss_by_feature_se, its standard error [n_features]",
             .source = "Elhage et al. 2022, Demonstrating superposition (the loss is a sum over "
                       "features)"},
    .measure = measure,
    .more = more,
};
