/* y = x + max(0, x): a residual stream with what one ReLU neuron for each feature adds to it. */
#include "sim/model/task.h"

static void complete(const Task *task, Batch *batch) {
    (void)task;
    int n = batch_n_values(batch);
    for (int i = 0; i < n; i++)
        batch->y_own[i] = batch->x[i] > 0 ? 2 * batch->x[i] : batch->x[i];
    batch->y = batch->y_own;
}

const TaskKind task_residual_relu = {
    .kind = {.name = "residual_relu",
             .summary = "y = x + max(0, x), wanted of signed features and a residual model",
             .source = "Braun et al. 2025, Interpretability in Parameter Space, section 3.2"},
    .complete = complete};
