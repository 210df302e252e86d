/* A batch's arrays, and rows of it as dense numbers. */
#include "sim/data/batch.h"

#include <string.h>

bool batch_init(Batch *batch, int n_features, int capacity, Arena *arena) {
    size_t n = (size_t)n_features * (size_t)capacity + BATCH_SLACK;
    *batch = (Batch){.n_features = n_features, .capacity = capacity};
    batch->start = ARENA_TRY(arena, int, (size_t)capacity + 1);
    batch->index = ARENA_TRY(arena, int, n);
    batch->x = ARENA_TRY(arena, float, n);
    batch->y_own = ARENA_TRY(arena, float, n);
    if (!batch->start || !batch->index || !batch->x || !batch->y_own) {
        *batch = (Batch){.n_features = n_features};
        return false;
    }
    batch->y = batch->x;
    return true;
}

int batch_size(const Batch *batch) {
    return batch->n_rows + batch->n_empty;
}

void batch_row(const Batch *batch, const float *values, int row, float *out) {
    size_t n = (size_t)batch->n_features;
    if (batch->is_dense) {
        memcpy(out, values + (size_t)row * n, n * sizeof *out);
        return;
    }
    memset(out, 0, n * sizeof *out);
    for (int e = batch->start[row]; e < batch->start[row + 1]; e++)
        out[batch->index[e]] = values[e];
}
