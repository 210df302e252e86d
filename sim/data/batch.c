/* A batch's arrays, and rows of it as dense numbers. */
#include "sim/data/batch.h"

#include <string.h>

bool batch_init(Batch *batch, int n_features, int capacity, Arena *arena) {
    size_t n = (size_t)n_features * ((size_t)capacity + BATCH_GROUP) + BATCH_SLACK;
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

int batch_n_values(const Batch *batch) {
    switch (batch->form) {
    case BATCH_ROWS:
        return batch->n_rows * batch->n_features;
    case BATCH_LANES:
        return (batch->n_rows / BATCH_GROUP + 1) * BATCH_GROUP * batch->n_features;
    case BATCH_SPARSE:
        break;
    }
    return batch->start[batch->n_rows];
}

int batch_size(const Batch *batch) {
    return batch->n_rows + batch->n_empty;
}

void batch_row(const Batch *batch, const float *values, int row, float *out) {
    if (batch->form != BATCH_SPARSE) {
        for (int i = 0; i < batch->n_features; i++)
            out[i] = values[batch_place(batch, row, i)];
        return;
    }
    memset(out, 0, (size_t)batch->n_features * sizeof *out);
    for (int e = batch->start[row]; e < batch->start[row + 1]; e++)
        out[batch->index[e]] = values[e];
}
