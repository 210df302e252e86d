/* y as it comes with the data. */
#include "sim/model/task.h"

/* The draw has left y where it is. */
static void complete(const Task *task, Batch *batch) {
    (void)task, (void)batch;
}

const TaskKind task_given = {.kind = {.name = "given",
                                      .summary = "y = Y, the array that data of kind file have "
                                                 "beside X"},
                             .complete = complete,
                             .needs_targets = true};
