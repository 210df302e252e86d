/* y = x^2: a smooth function of one feature that no single ReLU neuron has. */
#include "sim/model/task.h"

static void complete(const Task *task, Batch *batch) {
    (void)task;
    int n = batch_n_values(batch);
    for (int i = 0; i < n; i++)
        batch->y_own[i] = batch->x[i] * batch->x[i];
    batch->y = batch->y_own;
}

const TaskKind task_square = {.kind = {.name = "square", .summary = "y = x^2"},
                              .complete = complete};
