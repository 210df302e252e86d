/* The larger of two features: max(a, b) = b + ReLU(a - b). */
#include "sim/model/task_pairs.h"

static float larger(float a, float b) {
    return a > b ? a : b;
}

static void complete(const Task *task, Batch *batch) {
    (void)task;
    pairs_complete(larger, batch);
}

const TaskKind task_max = {
    .kind = {.name = "max", .summary = "y_i = max(x_i, x_j) of the pairs {0, 1}, {2, 3}, …"},
    .open = pairs_open,
    .complete = complete};
