#include "sim/model/task_pairs.h"

bool pairs_open(const Task *task, Error *error) {
    return task->n_outputs % 2 == 0 ||
           error_set(error, "task.kind: %s takes pairs of features, and data.n_features is %d, odd",
                     task->kind->kind.name, task->n_outputs);
}

/* Whether the entry before e, of the same row, is of the same pair. */
static bool is_second(const Batch *batch, int e, int start) {
    return e > start && batch->index[e - 1] / 2 == batch->index[e] / 2;
}

static int count_pairs(const Batch *batch) {
    int n = 0;
    for (int row = 0; row < batch->n_rows; row++)
        for (int e = batch->start[row]; e < batch->start[row + 1]; e++)
            n += !is_second(batch, e, batch->start[row]);
    return n;
}

/* Makes room from the end on: an entry never moves down, as no pair has more than two. */
static void complete_pairs(Batch *batch) {
    int to = 2 * count_pairs(batch), end = batch->start[batch->n_rows];
    batch->start[batch->n_rows] = to;
    for (int row = batch->n_rows - 1; row >= 0; row--) {
        int start = batch->start[row];
        for (int e = end - 1; e >= start; e--) {
            int i = batch->index[e], first = i & ~1;
            float other = 0, value = batch->x[e];
            if (is_second(batch, e, start))
                other = batch->x[--e];
            to -= 2;
            batch->index[to] = first;
            batch->index[to + 1] = first + 1;
            batch->x[to] = i == first ? value : other;
            batch->x[to + 1] = i == first ? other : value;
        }
        end = start;
        batch->start[row] = to;
    }
}

void pairs_complete(PairFunction *function, Batch *batch) {
    if (batch->form == BATCH_SPARSE)
        complete_pairs(batch);
    int step = batch->form == BATCH_LANES ? BATCH_GROUP : 1, n = batch_n_values(batch);
    batch->y = batch->y_own;
    for (int first = 0; first < n; first += 2 * step)
        for (int i = first; i < first + step; i++)
            batch->y[i] = batch->y[i + step] = function(batch->x[i], batch->x[i + step]);
}
