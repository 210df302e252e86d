/* The loss on fresh samples: an estimate of what training minimises, free of what was trained on.
 * All restarts of a point are judged on the same samples. */
#include "sim/metric/loss.h"

#include <limits.h>
#include <math.h>

/* Draws loss_samples in blocks and adds their losses up. */
static bool add_losses(const MetricInput *input, const Objective *objective, Arena *scratch,
                       LossSums *sums, Error *error) {
    const Model *model = input->model;
    if (input->loss_samples < 1 || input->loss_samples > INT_MAX)
        return error_set(error, "loss: %lld samples is not in [1, %d]",
                         (long long)input->loss_samples, INT_MAX);
    int n_samples = (int)input->loss_samples, block = data_block(model->n_features);
    if (block > n_samples)
        block = n_samples;
    Workspace *workspace;
    Batch batch;
    if (!workspace_open(&workspace, model, objective, block, 1, input->isa, scratch, error))
        return false;
    if (!batch_init(&batch, model->n_features, block, scratch))
        return error_set(error, "not enough memory for a batch of %d x %d samples", block,
                         model->n_features);
    workspace_prepare(workspace, model);
    int n_blocks = (n_samples + block - 1) / block;
    for (int b = 0; b < n_blocks; b++) {
        task_draw(input->task, input->data, input->key, 0, (uint64_t)b, n_samples, &batch);
        workspace_losses(workspace, model, &batch, 0, sums);
    }
    return true;
}

bool mean_loss(const MetricInput *input, const Objective *objective, MeanLoss *found,
               Error *error) {
    Arena scratch = {0};
    LossSums sums = {0};
    bool good = add_losses(input, objective, &scratch, &sums, error);
    arena_release(&scratch);
    if (!good)
        return false;
    double n = (double)sums.n_samples, mean = sums.loss / n;
    double variance = fmax(sums.loss_squared / n - mean * mean, 0);
    *found = (MeanLoss){mean, sqrt(variance / (n - 1))};
    return true;
}

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    Objective objective = {input->task->importance, input->loss_exponent, input->hidden_penalty};
    MeanLoss loss;
    if (!mean_loss(input, &objective, &loss, error))
        return false;
    measurement_add_scalar(measurements, "loss", loss.mean);
    measurement_add_scalar(measurements, "loss_se", loss.se);
    return true;
}

static const char *const more[] = {"loss_se", NULL};

const MetricKind metric_loss = {
    .kind = {.name = "loss",
             .summary = "mean over fresh samples of sum_i I_i |y_i - y'_i|^exponent + "
                        "hidden_penalty sum_k |h_k|, and loss_se, its standard error "
                        "(record.loss_samples of them)",
             .source = "Elhage et al. 2022, Demonstrating superposition"},
    .measure = measure,
    .more = more,
};
