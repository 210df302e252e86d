/* And of two features: the smaller one, where both are positive. Of binary features it is the
 * logical and. */
#include "sim/model/task_pairs.h"

static float smaller(float a, float b) {
    float least = a < b ? a : b;
    return least > 0 ? least : 0;
}

static void complete(const Task *task, Batch *batch) {
    (void)task;
    pairs_complete(smaller, batch);
}

const TaskKind task_and = {
    .kind = {.name = "and",
             .summary =
                 "y_i = max(0, min(x_i, x_j)) of the pairs {0, 1}, {2, 3}, …: and, if binary",
             .source = "Hänni et al. 2024, Mathematical Models of Computation in Superposition"},
    .open = pairs_open,
    .complete = complete};
