/* y = |x|: two ReLU neurons could do it for one feature, ReLU(x) + ReLU(-x). */
#include "sim/model/task.h"

#include <math.h>

static void complete(const Task *task, Batch *batch) {
    (void)task;
    int n = batch_n_values(batch);
    for (int i = 0; i < n; i++)
        batch->y_own[i] = fabsf(batch->x[i]);
    batch->y = batch->y_own;
}

const TaskKind task_absolute_value = {
    .kind = {.name = "absolute_value",
             .summary = "y = |x|, wanted of signed features",
             .source = "Elhage et al. 2022, Computing in Superposition, Experiment Setup"},
    .complete = complete};
