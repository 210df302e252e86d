/* A model with an embedding is trained in its residual stream: before the update the gradient is
 * pulled back there, after it W, W2 and b follow. Rows go to the workers as the pool has them; each
 * is computed alone. */
#include "sim/model/embedding.h"
#include "sim/train/training.h"

#include <string.h>

/* Rows of `cost` multiplications each that are worth handing over. */
static int rows_of_task(int64_t cost) {
    return cost < UPDATE_RANGE ? (int)(UPDATE_RANGE / cost) : 1;
}

static int coordinates_of_task(const Model *model) {
    return rows_of_task((int64_t)model->n_features * model->n_hidden);
}

static int features_of_task(const Model *model) {
    return rows_of_task((int64_t)model->n_embedding * model->n_hidden);
}

static int count_tasks(int n, int n_each) {
    return n / n_each + (n % n_each > 0);
}

static int end_of_task(int task, int n_each, int n) {
    return n - task * n_each < n_each ? n : (task + 1) * n_each;
}

/* PoolTask: a range of the workspace's gradient. */
static void take_range(void *context, int range, int worker) {
    (void)worker;
    const Training *training = context;
    int64_t begin = (int64_t)range * UPDATE_RANGE;
    int64_t n_left = model_count_effective(&training->model) - begin;
    int64_t n = n_left < UPDATE_RANGE ? n_left : UPDATE_RANGE;
    float *to = training->effective + begin;
    const float *from = workspace_gradient(training->phase->workspace, begin, n, to);
    if (from != to)
        memcpy(to, from, (size_t)n * sizeof *to);
}

/* PoolTask */
static void pull_coordinates(void *context, int task, int worker) {
    (void)worker;
    const Training *training = context;
    const Model *model = &training->model;
    int n_each = coordinates_of_task(model);
    embedding_pull(model, training->effective, task * n_each,
                   end_of_task(task, n_each, model->n_embedding), training->pulled);
}

/* PoolTask */
static void push_features(void *context, int task, int worker) {
    (void)worker;
    Model *model = &((Training *)context)->model;
    int n_each = features_of_task(model);
    embedding_derive_features(model, task * n_each, end_of_task(task, n_each, model->n_features));
}

void stream_pull(Training *training, Pool *pool) {
    const Model *model = &training->model;
    if (model->n_embedding == 0)
        return;
    int64_t n = model_count_effective(model);
    pool_run(pool, (int)((n + UPDATE_RANGE - 1) / UPDATE_RANGE), take_range, training);
    pool_run(pool, count_tasks(model->n_embedding, coordinates_of_task(model)), pull_coordinates,
             training);
}

void stream_push(Training *training, Pool *pool) {
    const Model *model = &training->model;
    if (model->n_embedding > 0)
        pool_run(pool, count_tasks(model->n_features, features_of_task(model)), push_features,
                 training);
}
