/* y = max(0, x): what one ReLU neuron computes for one feature. */
#include "sim/model/task.h"

static void complete(const Task *task, Batch *batch) {
    (void)task;
    int n = batch_n_values(batch);
    for (int i = 0; i < n; i++)
        batch->y_own[i] = batch->x[i] > 0 ? batch->x[i] : 0;
    batch->y = batch->y_own;
}

const TaskKind task_relu = {
    .kind = {.name = "relu",
             .summary = "y = max(0, x), wanted of signed features",
             .source = "Braun et al. 2025, Interpretability in Parameter Space, section 3.2"},
    .complete = complete};
