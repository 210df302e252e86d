/* The loss without the penalty on the hidden code, and what the penalty is on: with a
 * hidden_penalty, loss = task_loss + hidden_penalty hidden_l1, on the same samples. */
#include "sim/metric/loss.h"

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    int n = input->model->n_features;
    Arena scratch = {0};
    Objective task = {input->task->importance, input->loss_exponent, 0};
    Objective code = {ARENA_NEW(&scratch, double, n), input->loss_exponent, 1}; /* nothing else */
    MeanLoss task_loss, hidden_l1;
    bool good =
        mean_loss(input, &task, &task_loss, error) && mean_loss(input, &code, &hidden_l1, error);
    arena_release(&scratch);
    if (!good)
        return false;
    measurement_add_scalar(measurements, "task_loss", task_loss.mean);
    measurement_add_scalar(measurements, "task_loss_se", task_loss.se);
    measurement_add_scalar(measurements, "hidden_l1", hidden_l1.mean);
    return true;
}

static const char *const more[] = {"task_loss_se", "hidden_l1", NULL};

const MetricKind metric_task_loss = {
    .kind = {.name = "task_loss",
             .summary = "the loss without model.hidden_penalty: mean over the samples of loss of "
                        "sum_i I_i |y_i - y'_i|^exponent, with task_loss_se, its standard error, "
                        "and hidden_l1, the mean of sum_k |h_k|, which the penalty multiplies",
             .source = "Elhage et al. 2022, The Strategic Picture of Superposition (models "
                       "without superposition)"},
    .measure = measure,
    .more = more,
};
