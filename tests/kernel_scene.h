/* A model, an objective and batches for tests of the kernels: drawn from a seed, or written down.
 */
#ifndef SUPERPOSE_TESTS_KERNEL_SCENE_H
#define SUPERPOSE_TESTS_KERNEL_SCENE_H

#include "sim/base/rng.h"
#include "sim/model/kernel/path.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BLOCKS = 8, MAX_PARAMETERS = 512, MAX_N = 40 };

/* What is computed: a model, an objective, and how its batches look. */
typedef struct Case {
    const Kind *model, *task;
    Activation hidden, output; /* of kinds that choose */
    int n_features, n_hidden;
    bool hidden_bias;
    double exponent, hidden_penalty;
    BatchForm form;
    double p;          /* a listed sample's feature is active with this probability */
    int batch_size;    /* in blocks of data_block */
    double empty_part; /* of a block's samples */
    double bias;       /* added to the outputs' biases, which are in [-0.3, 0.3] */
    double n_active;   /* what the workspace is told of active features; 0: nothing */
    bool as_large;     /* vector levels go the way of models too large for chunk gradients */
    bool mixes;        /* a residual model has a mixing matrix, with numbers in [-0.3, 0.3] */
} Case;

typedef struct Scene {
    Arena arena;
    Model model;
    double *importance;
    Objective objective;
    int n_blocks;
    Batch blocks[MAX_BLOCKS];
} Scene;

static inline const Kind *row_of(const KindTable *table, const char *name) {
    for (int i = 0; i < table->n_rows; i++)
        if (!strcmp(table->rows[i]->name, name))
            return table->rows[i];
    cr_assert_fail("no %s named %s", table->noun, name);
    return NULL;
}

/* Row t of the tasks, around the corner; the identity where it refuses so many features. */
static inline const Kind *task_row(int t, int n_features) {
    const Kind *row = task_table.rows[t % task_table.n_rows];
    Task task = {.kind = (const TaskKind *)row, .n_outputs = n_features};
    Error error = {0};
    return !task.kind->open || task.kind->open(&task, &error) ? row
                                                              : row_of(&task_table, "identity");
}

/* A number below n that belongs to this turn of a test, to be used for one purpose: what turns
 * differ in does not move in step. */
static inline int pick(uint64_t turn, uint64_t purpose, int n) {
    Rng rng;
    rng_init(&rng, turn, 0, purpose);
    return (int)(n * rng_uniform(&rng));
}

static inline const Kind *pick_model(uint64_t turn) {
    return model_table.rows[pick(turn, 0, model_table.n_rows)];
}

static inline Activation pick_hidden(uint64_t turn) {
    return (Activation)pick(turn, 2, 3);
}

static inline Activation pick_output(uint64_t turn) {
    return (Activation)pick(turn, 3, 3);
}

/* Of every second turn there is one. */
static inline double pick_penalty(uint64_t turn) {
    return pick(turn, 1, 2) ? 0.3 : 0;
}

/* Of every second residual model there is a mixing matrix. */
static inline bool pick_mixing(const Kind *model, uint64_t turn) {
    return ((const ModelKind *)model)->adds_input && pick(turn, 4, 2);
}

static inline float uniform(Rng *rng, double low, double high) {
    return (float)(low + (high - low) * rng_uniform(rng));
}

/* Values in [-1, 1]; listed rows may happen to be all zero. */
static inline void draw(const Case *c, Rng *rng, int n_samples, Batch *batch) {
    int n_entries = 0;
    batch->form = c->form;
    batch->n_empty = (int)(c->empty_part * n_samples);
    batch->n_rows = n_samples - batch->n_empty;
    for (int row = 0; row < batch->n_rows; row++) {
        batch->start[row] = n_entries;
        for (int i = 0; i < c->n_features; i++) {
            bool is_active = rng_uniform(rng) < c->p;
            float value = uniform(rng, -1, 1);
            if (c->form != BATCH_SPARSE)
                batch->x[batch_place(batch, row, i)] = is_active ? value : 0;
            else if (is_active) {
                batch->index[n_entries] = i;
                batch->x[n_entries++] = value;
            }
        }
    }
    batch->start[batch->n_rows] = n_entries;
    Task task = {.kind = (const TaskKind *)c->task};
    task.kind->complete(&task, batch);
}

static inline void scene_open(const Case *c, uint64_t seed, Scene *scene) {
    *scene = (Scene){0};
    Error error;
    Rng rng;
    rng_init(&rng, seed, 0, 0);
    ResidualSettings settings = {.chosen = {.common = {.n_hidden = c->n_hidden,
                                                       .init_std = (double)NAN,
                                                       .hidden_bias = c->hidden_bias},
                                            .hidden_activation = (int)c->hidden,
                                            .output_activation = (int)c->output}};
    Choice choice = {.kind = c->model, .settings = &settings};
    cr_assert(model_open(&scene->model, &choice, c->n_features, &scene->arena, &error));
    model_init(&scene->model, &choice, seed);
    for (int i = 0; i < c->n_features; i++)
        scene->model.b[i] = uniform(&rng, -0.3, 0.3) + (float)c->bias;
    for (int k = 0; c->hidden_bias && k < c->n_hidden; k++)
        scene->model.b_hidden[k] = uniform(&rng, -0.3, 0.3);
    int n_mixed = c->mixes ? c->n_features * c->n_features : 0;
    scene->model.M = c->mixes ? ARENA_NEW(&scene->arena, float, n_mixed) : NULL;
    for (int i = 0; i < n_mixed; i++)
        scene->model.M[i] = uniform(&rng, -0.3, 0.3);
    scene->importance = ARENA_NEW(&scene->arena, double, c->n_features);
    for (int i = 0; i < c->n_features; i++)
        scene->importance[i] = 0.2 + rng_uniform(&rng);
    scene->objective = (Objective){scene->importance, c->exponent, c->hidden_penalty};
    int size = data_block(c->n_features);
    for (int left = c->batch_size; left > 0; left -= size) {
        Batch *batch = &scene->blocks[scene->n_blocks++];
        int n_samples = left < size ? left : size;
        cr_assert(batch_init(batch, c->n_features, n_samples, &scene->arena));
        draw(c, &rng, n_samples, batch);
    }
}

static inline Workspace *open_workspace(Scene *scene, const Case *c, int n_workers, Isa isa) {
    Workspace *workspace;
    Error error = {""};
    Model of_size = scene->model;
    if (c->as_large)
        of_size.n_features = 10000, of_size.n_hidden = 1000;
    cr_assert(workspace_open_path(&workspace, path_choose(isa, &of_size), &scene->model,
                                  &scene->objective, c->batch_size, n_workers, &scene->arena,
                                  &error),
              "%s", error.text);
    if (c->n_active > 0)
        workspace_set_active(workspace, c->n_active);
    return workspace;
}

/* The tasks of all stages, of each stage in a stride through their numbers, workers in turn. */
static inline void run_stages(Scene *scene, Workspace *workspace, int n_workers, int stride) {
    workspace_prepare(workspace, &scene->model);
    for (int stage = 0, turn = 0; stage < workspace_n_stages(workspace); stage++) {
        int n_tasks = workspace_n_tasks(workspace, stage), task = 0, first, end;
        cr_assert(n_tasks == 1 || stride == 1 || n_tasks % stride,
                  "the stride must meet all tasks");
        for (int i = 0; i < n_tasks; i++, turn++) {
            task = (task + stride) % n_tasks;
            if (!workspace_blocks(workspace, stage, task, &first, &end))
                workspace_run(workspace, &scene->model, stage, task, turn % n_workers);
            else
                for (int block = first; block < end; block++)
                    workspace_add(workspace, &scene->model, &scene->blocks[block], block,
                                  turn % n_workers);
        }
    }
}

/* Asked for in ranges of 7777 parameters. */
static inline void take_gradient(Scene *scene, const Workspace *workspace, float *gradient) {
    enum { RANGE = 7777 };
    float room[RANGE];
    int64_t n_all = scene->model.n_parameters;
    for (int64_t begin = 0; begin < n_all; begin += RANGE) {
        int64_t n = n_all - begin < RANGE ? n_all - begin : RANGE;
        memcpy(gradient + begin, workspace_gradient(workspace, begin, n, room),
               (size_t)n * sizeof(float));
    }
}

/* Mean loss and its gradient [n_parameters], in the arena. */
static inline double gradient_of(Scene *scene, const Case *c, Isa isa, float **gradient) {
    Workspace *workspace = open_workspace(scene, c, 1, isa);
    *gradient = ARENA_NEW(&scene->arena, float, scene->model.n_parameters);
    run_stages(scene, workspace, 1, 1);
    take_gradient(scene, workspace, *gradient);
    return workspace_loss(workspace);
}

static inline double norm(const float *values, int64_t n) {
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += (double)values[i] * (double)values[i];
    return sqrt(sum);
}

static const char *const form_names[] = {"sparse", "rows", "lanes"};

static inline const char *case_name(const Case *c, Isa isa) {
    static const char *const activations[] = {"linear", "relu", "gelu"};
    static char name[256];
    snprintf(name, sizeof name,
             "%s %s%s (%s, %s) %s %dx%d%s, exponent %g, penalty %g, %s, batch %d, %g empty",
             isa_name(isa), c->mixes ? "mixing " : "", c->model->name, activations[c->hidden],
             activations[c->output], c->task->name, c->n_features, c->n_hidden,
             c->hidden_bias ? " with hidden bias" : "", c->exponent, c->hidden_penalty,
             form_names[c->form], c->batch_size, c->empty_part);
    return name;
}

/* How far the mean over samples of loss^power may be off in float, power 1 or 2. Outputs below 2 in
 * magnitude, computed from a few rounded sums, are off by at most d = 4 * 2^-23; then a sample's
 * loss L is off by sum_i I_i q |r_i|^(q-1) d <= q (sum_i I_i)^(1/q) L^(1-1/q) d (Hoelder), its
 * square by 2 L times that, and means of L^a are at most (mean L^power)^(a/power). So is each of
 * the m numbers of the hidden code that the penalty multiplies. To this comes the rounding of the
 * float sum itself, 1e-6. */
static inline double loss_tolerance(const Scene *scene, double mean, int power) {
    double q = scene->objective.exponent, sum = 0;
    for (int i = 0; i < scene->model.n_features; i++)
        sum += scene->importance[i];
    double slope = power * q * pow(sum, 1 / q) * pow(mean, (power - 1 / q) / power);
    double of_code = power * scene->objective.hidden_penalty * scene->model.n_hidden *
                     pow(mean, (power - 1.0) / power);
    return (slope + of_code) * 0x1p-21 + power * 1e-6 * mean;
}

/* Every element is a sum of at most 1024 * (n + m) float products, in lanes and blocks: its error
 * stays below 1e-5 of the largest element, and that of all below 1e-5 of the norm. */
static inline void compare_gradients(Scene *scene, const Case *c, const float *plain,
                                     double plain_loss, Isa isa) {
    float *gradient;
    int64_t n = scene->model.n_parameters;
    double loss = gradient_of(scene, c, isa, &gradient);
    cr_assert_float_eq(loss, plain_loss, loss_tolerance(scene, plain_loss, 1),
                       "%s: loss %.9g, plain %.9g", case_name(c, isa), loss, plain_loss);
    double largest = 0, worst = 0;
    for (int64_t i = 0; i < n; i++) {
        largest = fmax(largest, fabs((double)plain[i]));
        worst = fmax(worst, fabs((double)gradient[i] - (double)plain[i]));
        gradient[i] -= plain[i];
    }
    cr_assert_leq(worst, 1e-5 * largest, "%s: an element differs by %g of %g", case_name(c, isa),
                  worst, largest);
    double difference = norm(gradient, n), scale = norm(plain, n);
    cr_assert_leq(difference, 1e-5 * scale, "%s: gradients differ by %g of %g", case_name(c, isa),
                  difference, scale);
}

static inline LossSums losses_of(Scene *scene, const Case *c, Isa isa) {
    LossSums sums = {0};
    Workspace *workspace = open_workspace(scene, c, 1, isa);
    workspace_prepare(workspace, &scene->model);
    for (int block = 0; block < scene->n_blocks; block++)
        workspace_losses(workspace, &scene->model, &scene->blocks[block], 0, &sums);
    return sums;
}

static inline const Kind *model_named(const char *name) {
    return row_of(&model_table, name);
}

static inline const Kind *task_named(const char *name) {
    return row_of(&task_table, name);
}

#endif
