#include "sim/metric/samples.h"

#include <limits.h>
#include <string.h>

/* Room for a block, and for one sample of it. */
typedef struct Room {
    Batch batch;
    float *x, *y; /* [n_features] */
} Room;

static bool room_init(Room *room, int n_features, Arena *scratch, Error *error) {
    room->x = ARENA_TRY(scratch, float, n_features);
    room->y = ARENA_TRY(scratch, float, n_features);
    if (room->x && room->y && batch_init(&room->batch, n_features, data_block(n_features), scratch))
        return true;
    return error_set(error, "not enough memory for samples of %d features", n_features);
}

static void visit_block(Room *room, SampleVisit *visit, void *context) {
    const Batch *batch = &room->batch;
    for (int row = 0; row < batch->n_rows; row++) {
        batch_row(batch, batch->x, row, room->x);
        batch_row(batch, batch->y, row, room->y);
        visit(context, room->x, room->y, 1);
    }
    if (!batch->n_empty)
        return;
    memset(room->x, 0, (size_t)batch->n_features * sizeof(float));
    visit(context, room->x, room->x, batch->n_empty);
}

bool samples_visit(const MetricInput *input, int64_t n_samples, SampleVisit *visit, void *context,
                   Error *error) {
    if (n_samples < 1 || n_samples > INT_MAX)
        return error_set(error, "%lld samples is not in [1, %d]", (long long)n_samples, INT_MAX);
    int n_features = input->model->n_features, block = data_block(n_features);
    Arena scratch = {0};
    Room room;
    bool good = room_init(&room, n_features, &scratch, error);
    for (int b = 0; good && (int64_t)b * block < n_samples; b++) {
        task_draw(input->task, input->data, input->key, 0, (uint64_t)b, (int)n_samples,
                  &room.batch);
        visit_block(&room, visit, context);
    }
    arena_release(&scratch);
    return good;
}
