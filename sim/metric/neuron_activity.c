/* How often hidden units fire. Where all fire for nearly all samples the hidden layer is linear in
 * effect, and its basis is no longer privileged. */
#include "sim/metric/metric.h"
#include "sim/metric/samples.h"

typedef struct Activity {
    const Model *model;
    double *fired; /* [n_hidden] */
    float *h, *out;
} Activity;

static void add_sample(void *context, const float *x, const float *y, int64_t weight) {
    (void)y;
    Activity *activity = context;
    model_forward(activity->model, x, activity->h, activity->out);
    for (int k = 0; k < activity->model->n_hidden; k++)
        activity->fired[k] += activity->h[k] > 0 ? (double)weight : 0;
}

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    int64_t m = input->model->n_hidden;
    Arena scratch = {0};
    Activity activity = {.model = input->model,
                         .fired = measurement_add(measurements, "neuron_activity", 1, &m),
                         .h = ARENA_NEW(&scratch, float, m),
                         .out = ARENA_NEW(&scratch, float, input->model->n_features)};
    bool good = samples_visit(input, input->loss_samples, add_sample, &activity, error);
    for (int64_t k = 0; good && k < m; k++)
        activity.fired[k] /= (double)input->loss_samples;
    arena_release(&scratch);
    return good;
}

const MetricKind metric_neuron_activity = {
    .kind = {.name = "neuron_activity",
             .summary = "share of samples for which each hidden unit is above 0 [n_hidden]",
             .source = "Elhage et al. 2022, Superposition in a privileged basis (limitations)"},
    .measure = measure,
};
