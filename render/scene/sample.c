#include "render/scene/sample.h"

#include <math.h>
#include <stdlib.h>

typedef struct Ranked {
    double size;
    int number;
} Ranked;

static int by_size(const void *a, const void *b) {
    const Ranked *left = a, *right = b;
    if (left->size != right->size)
        return left->size > right->size ? -1 : 1;
    return (left->number > right->number) - (left->number < right->number);
}

static int count_nonzero(const float *values, int n) {
    int n_found = 0;
    for (int i = 0; i < n; i++)
        n_found += values[i] != 0;
    return n_found;
}

/* The first row of the batch with an active feature, or zeros. */
static void take_row(const Batch *batch, Sample *sample) {
    int n = batch->n_features;
    for (int row = 0; row < batch->n_rows && !sample->n_active; row++) {
        batch_row(batch, batch->x, row, sample->x);
        batch_row(batch, batch->y, row, sample->y);
        sample->n_active = count_nonzero(sample->x, n);
    }
}

/* The numbers of what is not 0 among values [n], the largest first. */
static void rank_parts(const float *values, int n, Arena *arena, Sample *sample) {
    Ranked *ranked = ARENA_NEW(arena, Ranked, n);
    sample->parts = ARENA_NEW(arena, int, n);
    for (int i = 0; i < n; i++)
        if (values[i] != 0)
            ranked[sample->n_parts++] = (Ranked){fabs((double)values[i]), i};
    qsort(ranked, (size_t)sample->n_parts, sizeof *ranked, by_size);
    for (int p = 0; p < sample->n_parts; p++)
        sample->parts[p] = ranked[p].number;
}

bool sample_of(const SceneInput *input, Sample *sample) {
    const Model *model = history_model(input->history, input->moment);
    const MetricInput *world = &history_world(input->history, input->step)->input;
    int n = model->n_features, m = model->n_hidden, block = data_block(n);
    Arena *arena = input->arena, scratch = {0};
    Batch batch;
    *sample = (Sample){.model = model, .by_feature = model->hidden == ACTIVATION_LINEAR};
    sample->x = ARENA_NEW(arena, float, n);
    sample->y = ARENA_NEW(arena, float, n);
    sample->h = ARENA_NEW(arena, float, m);
    sample->out = ARENA_NEW(arena, float, n);
    bool is_good = batch_init(&batch, n, block, &scratch);
    if (is_good) {
        uint64_t key = rng_key(0, 0, PURPOSE_INSTRUMENT);
        task_draw(world->task, world->data, key, (uint64_t)input->state->sample, 0, block, &batch);
        take_row(&batch, sample);
        model_forward(model, sample->x, sample->h, sample->out);
        for (int i = 0; i < n; i++)
            sample->error +=
                world->task->importance[i] *
                pow(fabs((double)sample->y[i] - (double)sample->out[i]), world->loss_exponent);
    }
    if (sample->by_feature)
        rank_parts(sample->x, n, arena, sample);
    else
        rank_parts(sample->h, m, arena, sample);
    arena_release(&scratch);
    return is_good;
}

double sample_adds(const Sample *sample, int part, int i) {
    const Model *model = sample->model;
    int m = model->n_hidden, number = sample->parts[part];
    const float *W2 = model->W2 + (size_t)i * m, *W = model->W + (size_t)number * m;
    if (!sample->by_feature)
        return (double)sample->h[number] * (double)W2[number];
    double sum = 0;
    for (int k = 0; k < m; k++)
        sum += (double)W[k] * (double)W2[k];
    return (double)sample->x[number] * sum;
}

double sample_gives(const Sample *sample, int part, int k) {
    int feature = sample->parts[part];
    return (double)sample->x[feature] *
           (double)sample->model->W[(size_t)feature * sample->model->n_hidden + k];
}

double sample_bias(const Sample *sample, int i) {
    const Model *model = sample->model;
    double sum = (double)model->b[i];
    for (int k = 0; sample->by_feature && model->b_hidden && k < model->n_hidden; k++)
        sum += (double)model->b_hidden[k] * (double)model->W2[(size_t)i * model->n_hidden + k];
    return sum;
}
