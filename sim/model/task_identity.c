/* y = x: give the features back. */
#include "sim/model/task.h"

static void complete(const Task *task, Batch *batch) {
    (void)task;
    batch->y = batch->x;
}

const TaskKind task_identity = {
    .kind = {.name = "identity",
             .summary = "y = x: give the features back",
             .source = "Elhage et al. 2022, Demonstrating Superposition, Experiment Setup"},
    .complete = complete};
