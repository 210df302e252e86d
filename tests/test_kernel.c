/* kernel: gradients against central differences, every instruction-set level against the plain
 * reference, and the same bits in any order of chunks. */
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

static const Kind *row_of(const KindTable *table, const char *name) {
    for (int i = 0; i < table->n_rows; i++)
        if (!strcmp(table->rows[i]->name, name))
            return table->rows[i];
    cr_assert_fail("no %s named %s", table->noun, name);
    return NULL;
}

/* Row t of the tasks, around the corner; the identity where it refuses so many features. */
static const Kind *task_row(int t, int n_features) {
    const Kind *row = task_table.rows[t % task_table.n_rows];
    Task task = {.kind = (const TaskKind *)row, .n_outputs = n_features};
    Error error = {0};
    return !task.kind->open || task.kind->open(&task, &error) ? row
                                                              : row_of(&task_table, "identity");
}

/* A number below n that belongs to this turn of a test, to be used for one purpose: what turns
 * differ in does not move in step. */
static int pick(uint64_t turn, uint64_t purpose, int n) {
    Rng rng;
    rng_init(&rng, turn, 0, purpose);
    return (int)(n * rng_uniform(&rng));
}

static const Kind *pick_model(uint64_t turn) {
    return model_table.rows[pick(turn, 0, model_table.n_rows)];
}

static Activation pick_hidden(uint64_t turn) {
    return (Activation)pick(turn, 2, 3);
}

static Activation pick_output(uint64_t turn) {
    return (Activation)pick(turn, 3, 3);
}

/* Of every second turn there is one. */
static double pick_penalty(uint64_t turn) {
    return pick(turn, 1, 2) ? 0.3 : 0;
}

/* Of every second residual model there is a mixing matrix. */
static bool pick_mixing(const Kind *model, uint64_t turn) {
    return ((const ModelKind *)model)->adds_input && pick(turn, 4, 2);
}

static float uniform(Rng *rng, double low, double high) {
    return (float)(low + (high - low) * rng_uniform(rng));
}

/* Values in [-1, 1]; listed rows may happen to be all zero. */
static void draw(const Case *c, Rng *rng, int n_samples, Batch *batch) {
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

static void scene_open(const Case *c, uint64_t seed, Scene *scene) {
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

static Workspace *open_workspace(Scene *scene, const Case *c, int n_workers, Isa isa) {
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
static void run_stages(Scene *scene, Workspace *workspace, int n_workers, int stride) {
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
static void take_gradient(Scene *scene, const Workspace *workspace, float *gradient) {
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
static double gradient_of(Scene *scene, const Case *c, Isa isa, float **gradient) {
    Workspace *workspace = open_workspace(scene, c, 1, isa);
    *gradient = ARENA_NEW(&scene->arena, float, scene->model.n_parameters);
    run_stages(scene, workspace, 1, 1);
    take_gradient(scene, workspace, *gradient);
    return workspace_loss(workspace);
}

static double norm(const float *values, int64_t n) {
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += (double)values[i] * (double)values[i];
    return sqrt(sum);
}

static const char *const form_names[] = {"sparse", "rows", "lanes"};

static const char *case_name(const Case *c, Isa isa) {
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

/* ---- the loss once more, from its definition, with parameters in double ---- */

typedef struct Definition {
    const Scene *scene;
    double parameters[MAX_PARAMETERS];
    double margin; /* least distance of a number from a kink it could cross */
} Definition;

static double *tensor_in(Definition *definition, const char *name) {
    const Tensor *tensor = model_tensor(&definition->scene->model, name);
    return tensor ? definition->parameters + tensor->offset : NULL;
}

static double bent(Definition *definition, Activation activation, double z) {
    if (activation == ACTIVATION_LINEAR)
        return z;
    if (activation == ACTIVATION_GELU) /* another form of Phi than the kernels have */
        return z * (1 + erf(z / sqrt(2))) / 2;
    definition->margin = fmin(definition->margin, z == 0 ? 1 : fabs(z));
    return fmax(z, 0);
}

static double sample_loss(Definition *definition, const float *x, const float *y, double *out) {
    const Model *model = &definition->scene->model;
    const double *W = tensor_in(definition, "W"), *W2 = tensor_in(definition, "W2");
    const double *b_hidden = tensor_in(definition, "b_hidden"), *b = tensor_in(definition, "b");
    int n = model->n_features, m = model->n_hidden;
    double h[MAX_N], loss = 0;
    for (int k = 0; k < m; k++) {
        h[k] = b_hidden ? b_hidden[k] : 0;
        for (int i = 0; i < n; i++)
            h[k] += (double)x[i] * W[i * m + k];
        h[k] = bent(definition, model->hidden, h[k]);
        loss += definition->scene->objective.hidden_penalty * fabs(h[k]);
        if (definition->scene->objective.hidden_penalty > 0)
            definition->margin = fmin(definition->margin, h[k] == 0 ? 1 : fabs(h[k]));
    }
    for (int i = 0; i < n; i++) {
        double z = b[i];
        for (int k = 0; k < m; k++)
            z += h[k] * (W2 ? W2 : W)[i * m + k];
        out[i] = bent(definition, model->output, z) + (model->kind->adds_input ? (double)x[i] : 0);
        for (int j = 0; model->M && j < n; j++)
            out[i] += (double)x[j] * (double)model->M[j * n + i];
        double r = fabs((double)y[i] - out[i]);
        if (definition->scene->objective.exponent < 2)
            definition->margin = fmin(definition->margin, r == 0 ? 1 : r);
        loss += definition->scene->importance[i] * pow(r, definition->scene->objective.exponent);
    }
    return loss;
}

static double defined_loss(Definition *definition) {
    double sum = 0, out[MAX_N];
    int n_samples = 0;
    definition->margin = 1;
    for (int block = 0; block < definition->scene->n_blocks; block++) {
        const Batch *batch = &definition->scene->blocks[block];
        for (int row = 0; row < batch_size(batch); row++, n_samples++) {
            float x[MAX_N] = {0}, y[MAX_N] = {0};
            if (row < batch->n_rows) {
                batch_row(batch, batch->x, row, x);
                batch_row(batch, batch->y, row, y);
            }
            sum += sample_loss(definition, x, y, out);
        }
    }
    return sum / n_samples;
}

static void define(const Scene *scene, Definition *definition) {
    definition->scene = scene;
    cr_assert(scene->model.n_parameters <= MAX_PARAMETERS && scene->model.n_features <= MAX_N);
    for (int64_t i = 0; i < scene->model.n_parameters; i++)
        definition->parameters[i] = (double)scene->model.parameters[i];
}

static const double STEP = 1e-6;

/* False where they would say little: a kink is near, or the gradient is close to 0. */
static bool differences_of(Definition *definition, double *differences) {
    double sum = 0;
    defined_loss(definition);
    if (definition->margin <= 10 * STEP)
        return false;
    for (int64_t i = 0; i < definition->scene->model.n_parameters; i++) {
        double *parameter = &definition->parameters[i], before = *parameter;
        *parameter = before + STEP;
        double above = defined_loss(definition);
        *parameter = before - STEP;
        differences[i] = (above - defined_loss(definition)) / (2 * STEP);
        *parameter = before;
        sum += differences[i] * differences[i];
    }
    return sqrt(sum) > 0.011;
}

/* Central differences with step s = 1e-6 err by loss * 2^-53 / s = 1e-10 and by s^2 times the third
 * derivative: largest for exponent 1.5 at the margin of 1e-5, (1e-5)^-1.5 * 1e-12 = 3e-5 of one
 * residual among the batch's 60 and more, where the step changes that residual at all. The plain
 * kernel sums in double and rounds to float a few times, 2^-24 = 6e-8 each: 1e-6 of the norm. The
 * vector kernels compute in float with sums of at most 24 terms: 24 * 2^-24 = 1.4e-6 of the sum of
 * magnitudes, which exceeds the norm by a small factor: 1e-5. */
static void check_gradient(Scene *scene, const Case *c, const Definition *definition,
                           const double *differences, double loss, Isa isa) {
    float *gradient;
    double tolerance = isa == ISA_PLAIN ? 1e-6 : 1e-5;
    double mean = gradient_of(scene, c, isa, &gradient);
    int64_t n = definition->scene->model.n_parameters;
    cr_assert_float_eq(mean, loss, tolerance * loss, "%s: loss %.9g, defined %.9g",
                       case_name(c, isa), mean, loss);
    double scale = norm(gradient, n);
    cr_assert_gt(scale, 0.01);
    for (int64_t i = 0; i < n; i++)
        cr_assert_float_eq((double)gradient[i], differences[i], tolerance * scale,
                           "%s: parameter %d: %.9g, differences %.9g, norm %g", case_name(c, isa),
                           (int)i, (double)gradient[i], differences[i], scale);
}

static void check_differences(const Case *c, uint64_t seed) {
    static Scene scene;
    static Definition definition;
    double differences[MAX_PARAMETERS];
    scene_open(c, seed, &scene);
    define(&scene, &definition);
    for (int other = 1; !differences_of(&definition, differences); other++) {
        cr_assert_lt(other, 10, "no scene of this case is fit");
        arena_release(&scene.arena);
        scene_open(c, seed + 100000 * (uint64_t)other, &scene);
        define(&scene, &definition);
    }
    double loss = defined_loss(&definition);
    for (Isa isa = ISA_PLAIN; isa <= isa_best(); isa++)
        check_gradient(&scene, c, &definition, differences, loss, isa);
    arena_release(&scene.arena);
}

/* Sizes for both vector paths: 6x3 goes with samples across lanes, 10x9 in blocks. */
Test(kernel, gradients_are_the_differences_of_the_loss) {
    static const double exponents[] = {1.5, 2, 3, 4, 1};
    static const int sizes[][2] = {{6, 3}, {10, 9}};
    uint64_t seed = 1;
    for (int m = 0; m < model_table.n_rows; m++)
        for (int t = 0; t < task_table.n_rows; t++)
            for (int e = 0; e < 5; e++)
                for (int form = 0; form < 8; form++)
                    for (int s = 0; s < 2; s++) {
                        Case c = {.model = model_table.rows[m],
                                  .hidden = pick_hidden(seed),
                                  .output = pick_output(seed),
                                  .task = task_table.rows[t],
                                  .n_features = sizes[s][0],
                                  .n_hidden = sizes[s][1],
                                  .hidden_bias = form & 1,
                                  .exponent = exponents[e],
                                  .hidden_penalty = pick_penalty(seed),
                                  .form = form & 2 ? BATCH_ROWS : BATCH_SPARSE,
                                  .p = 0.6,
                                  .batch_size = 11,
                                  .empty_part = form & 4 ? 0.4 : 0,
                                  .mixes = pick_mixing(model_table.rows[m], seed)};
                        check_differences(&c, seed);
                        if (c.form == BATCH_ROWS) {
                            c.form = BATCH_LANES;
                            check_differences(&c, seed);
                        }
                        seed++;
                    }
}

/* 40 features are drawn in blocks of 128: three chunks, the last of another size. */
Test(kernel, chunks_add_up_to_the_differences) {
    for (int form = 0; form < 4; form++) {
        Case c = {.model = row_of(&model_table, form & 1 ? "two_layer" : "linear"),
                  .hidden = pick_hidden((uint64_t)form),
                  .output = pick_output((uint64_t)form),
                  .task = row_of(&task_table, "identity"),
                  .n_features = 40,
                  .n_hidden = 2,
                  .hidden_bias = true,
                  .exponent = 2,
                  .form = form & 2 ? BATCH_ROWS : BATCH_SPARSE,
                  .p = 0.2,
                  .batch_size = 300,
                  .empty_part = 0.1};
        check_differences(&c, 500 + (uint64_t)form);
    }
}

/* ---- vector kernels against the plain reference ---- */

/* How far the mean over samples of loss^power may be off in float, power 1 or 2. Outputs below 2 in
 * magnitude, computed from a few rounded sums, are off by at most d = 4 * 2^-23; then a sample's
 * loss L is off by sum_i I_i q |r_i|^(q-1) d <= q (sum_i I_i)^(1/q) L^(1-1/q) d (Hoelder), its
 * square by 2 L times that, and means of L^a are at most (mean L^power)^(a/power). So is each of
 * the m numbers of the hidden code that the penalty multiplies. To this comes the rounding of the
 * float sum itself, 1e-6. */
static double loss_tolerance(const Scene *scene, double mean, int power) {
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
static void compare_gradients(Scene *scene, const Case *c, const float *plain, double plain_loss,
                              Isa isa) {
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

static LossSums losses_of(Scene *scene, const Case *c, Isa isa) {
    LossSums sums = {0};
    Workspace *workspace = open_workspace(scene, c, 1, isa);
    workspace_prepare(workspace, &scene->model);
    for (int block = 0; block < scene->n_blocks; block++)
        workspace_losses(workspace, &scene->model, &scene->blocks[block], 0, &sums);
    return sums;
}

static void compare_losses(Scene *scene, const Case *c, LossSums plain, Isa isa) {
    LossSums sums = losses_of(scene, c, isa);
    double n = c->batch_size;
    cr_assert_eq(sums.n_samples, c->batch_size);
    cr_assert_float_eq(sums.loss / n, plain.loss / n, loss_tolerance(scene, plain.loss / n, 1),
                       "%s: %.9g, plain %.9g", case_name(c, isa), sums.loss, plain.loss);
    cr_assert_float_eq(sums.loss_squared / n, plain.loss_squared / n,
                       loss_tolerance(scene, plain.loss_squared / n, 2),
                       "%s: squares %.9g, plain %.9g", case_name(c, isa), sums.loss_squared,
                       plain.loss_squared);
}

static void compare_levels(const Case *c, uint64_t seed) {
    static Scene scene;
    scene_open(c, seed, &scene);
    float *plain;
    double plain_loss = gradient_of(&scene, c, ISA_PLAIN, &plain);
    LossSums plain_sums = losses_of(&scene, c, ISA_PLAIN);
    cr_assert_eq(plain_sums.n_samples, c->batch_size);
    cr_assert_float_eq(plain_sums.loss / c->batch_size, plain_loss, 1e-12 * plain_loss);
    for (Isa isa = ISA_BASELINE; isa <= isa_best(); isa++) {
        compare_gradients(&scene, c, plain, plain_loss, isa);
        compare_losses(&scene, c, plain_sums, isa);
    }
    arena_release(&scene.arena);
}

/* Kinds, exponents and forms take turns over the table: all of them meet all sizes that are cheap.
 */
Test(kernel, levels_agree_with_plain) {
    static const int sizes[][2] = {{1, 1},  {2, 1},    {5, 2},    {20, 5},  {32, 8},
                                   {3, 8},  {33, 9},   {9, 20},   {129, 1}, {80, 20},
                                   {33, 3}, {100, 40}, {400, 30}, {7, 100}};
    static const int batches[] = {1, 7, 129, 1024};
    static const double exponents[] = {2, 3, 1.5, 4, 2, 1};
    static const double densities[] = {1, 0.3, 0.05};
    int turn = 0;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (int b = 0; b < 4; b++) {
            bool is_cheap = sizes[s][0] * sizes[s][1] * batches[b] < 100000;
            for (int repeat = 0; repeat < (is_cheap ? 12 : 2); repeat++, turn++) {
                Case c = {.model = pick_model((uint64_t)turn),
                          .hidden = pick_hidden((uint64_t)turn),
                          .output = pick_output((uint64_t)turn),
                          .task = task_row(turn / 3, sizes[s][0]),
                          .n_features = sizes[s][0],
                          .n_hidden = sizes[s][1],
                          .hidden_bias = turn / 2 % 2,
                          .exponent = exponents[turn / 2 % 6],
                          .hidden_penalty = pick_penalty((uint64_t)turn),
                          .form = turn % 2 ? BATCH_ROWS : BATCH_SPARSE,
                          .p = densities[turn % 3],
                          .batch_size = batches[b],
                          .empty_part = turn % 5 ? 0 : 0.3};
                c.mixes = pick_mixing(c.model, (uint64_t)turn);
                compare_levels(&c, 1000 + (uint64_t)turn);
                c.form = BATCH_LANES;
                if (turn % 2 && c.n_features <= 32)
                    compare_levels(&c, 1000 + (uint64_t)turn);
            }
        }
}

/* Each build of the tiny models' paths: both sizes, kind, exponent and form. Exponents and batches,
 * which end in all ways a group of 16 can, take turns. */
Test(kernel, tiny_models_agree_with_plain_at_every_size, .timeout = 120) {
    static const int batches[] = {1, 15, 16, 17, 64, 65, 129, 333};
    static const double exponents[] = {2, 3, 2, 1.5, 2}, densities[] = {0.05, 0.3, 1};
    static const int features[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 32};
    int turn = 0;
    for (size_t i = 0; i < sizeof features / sizeof *features; i++)
        for (int m = 1; m <= 8; m++)
            for (int kind = 0; kind < model_table.n_rows; kind++)
                for (int form = BATCH_SPARSE; form <= BATCH_LANES; form++)
                    for (int repeat = 0; repeat < 2; repeat++, turn++) {
                        Case c = {.model = model_table.rows[kind],
                                  .hidden = pick_hidden((uint64_t)turn),
                                  .output = pick_output((uint64_t)turn),
                                  .task = task_table.rows[turn % 2],
                                  .n_features = features[i],
                                  .n_hidden = m,
                                  .hidden_bias = turn / 2 % 2,
                                  .exponent = repeat ? exponents[turn / 2 % 5] : 2,
                                  .hidden_penalty = pick_penalty((uint64_t)turn),
                                  .form = (BatchForm)form,
                                  .p = densities[turn % 3],
                                  .batch_size = batches[turn % 8],
                                  .empty_part = turn % 5 ? 0 : 0.3};
                        c.mixes = pick_mixing(c.model, (uint64_t)turn);
                        compare_levels(&c, 5000 + (uint64_t)turn);
                    }
}

/* Biases in [-0.58, 0.02] leave less than a quarter of the outputs active, and only these are gone
 * through on the way back; in [-0.9, -0.3] hardly any is. */
Test(kernel, levels_agree_with_plain_where_few_outputs_are_active) {
    static const int sizes[][2] = {{33, 9}, {129, 20}, {100, 40}, {400, 30}};
    for (uint64_t form = 0; form < 16; form++) {
        Case c = {.model = row_of(&model_table, form & 1 ? "two_layer" : "relu_output"),
                  .hidden = ACTIVATION_RELU,
                  .output = ACTIVATION_RELU,
                  .task = task_table.rows[form / 2 % 2],
                  .n_features = sizes[form / 4][0],
                  .n_hidden = sizes[form / 4][1],
                  .hidden_bias = form & 1,
                  .exponent = form & 2 ? 3 : 2,
                  .hidden_penalty = pick_penalty(form),
                  .form = form & 1 ? BATCH_ROWS : BATCH_SPARSE,
                  .p = form & 1 ? 0.3 : 0.05,
                  .batch_size = 300,
                  .empty_part = form & 2 ? 0.3 : 0,
                  .bias = form & 4 ? -0.6 : -0.28};
        compare_levels(&c, 3000 + form);
    }
}

/* Outputs of the first block's listed samples that are not 0, as a part of all. */
static double active_part(const Scene *scene) {
    const Model *model = &scene->model;
    const Batch *batch = &scene->blocks[0];
    int n = model->n_features, n_active = 0;
    float *x = malloc(2 * (size_t)n * sizeof *x), *out = x + n;
    for (int row = 0; row < batch->n_rows; row++) {
        batch_row(batch, batch->x, row, x);
        model_forward(model, x, NULL, out);
        for (int i = 0; i < n; i++)
            n_active += out[i] > 0;
    }
    free(x);
    return (double)n_active / (batch->n_rows * n);
}

/* Sizes with whole and with part vectors, bands and groups; p = 1/50 of the features; biases that
 * leave few outputs active, so that all rows are sparse ones, or most, so that all but the first
 * rows of a block go by products. */
Test(kernel, levels_agree_with_plain_on_sparse_rows) {
    static const int sizes[][2] = {{50, 9}, {129, 20}, {100, 40}, {400, 30}, {401, 70}};
    static Scene scene;
    for (uint64_t form = 0; form < 40; form++) {
        int n = sizes[form / 8][0];
        bool are_few = form & 4;
        Case c = {.model = row_of(&model_table, form & 1 ? "two_layer" : "relu_output"),
                  .output = ACTIVATION_RELU,
                  .task = task_table.rows[form / 2 % 2],
                  .n_features = n,
                  .n_hidden = sizes[form / 8][1],
                  .hidden_bias = form & 1,
                  .exponent = form & 2 ? 3 : 2,
                  .form = form % 8 == 5 ? BATCH_ROWS : BATCH_SPARSE,
                  .p = 0.02,
                  .n_active = 0.02 * n,
                  .batch_size = 500,
                  .empty_part = form & 2 ? 0.3 : 0,
                  .bias = are_few ? -0.28 : 0.28};
        scene_open(&c, 4000 + form, &scene);
        Workspace *workspace = open_workspace(&scene, &c, 1, isa_best());
        cr_assert(rows_pay(workspace), "%s", case_name(&c, isa_best()));
        double part = active_part(&scene);
        cr_assert(are_few ? part < 0.2 : part > 0.5, "%s: %g", case_name(&c, isa_best()), part);
        arena_release(&scene.arena);
        compare_levels(&c, 4000 + form);
    }
}

/* The formula at its edges; the model's part does not change with the data. */
Test(kernel, sparse_rows_pay_by_formula) {
    Workspace w = {.n_features = 400,
                   .n_hidden = 30,
                   .is_tied = true,
                   .hidden = ACTIVATION_LINEAR,
                   .output = ACTIVATION_RELU,
                   .n_active = 4,
                   .batch_size = 1024};
    cr_assert(rows_pay(&w));
    w.n_active = 12.5;
    cr_assert(rows_pay(&w));
    w.n_active = 12.6;
    cr_assert(rows_may_pay(&w) && !rows_pay(&w));
    w.n_active = 0.2; /* a fifth of 1024 samples are rows: more than half the features */
    cr_assert(rows_pay(&w));
    w.is_tied = false;
    cr_assert(!rows_pay(&w));
    w.is_tied = true, w.n_active = 4, w.hidden_penalty = 0.1F;
    cr_assert(rows_may_pay(&w) && !rows_pay(&w));
    w.hidden_penalty = 0, w.n_hidden = 7;
    cr_assert(!rows_pay(&w));
    w.n_hidden = 30, w.hidden = ACTIVATION_RELU;
    cr_assert(!rows_may_pay(&w) && !rows_pay(&w));
    w.hidden = ACTIVATION_LINEAR, w.output = ACTIVATION_LINEAR;
    cr_assert(!rows_may_pay(&w));
    cr_assert(rows_fit(&w));
    w.output = ACTIVATION_RELU, w.n_features = 2049;
    cr_assert(!rows_fit(&w) && !rows_may_pay(&w));
    w.n_features = 32;
    cr_assert(!rows_fit(&w) && !rows_may_pay(&w));
}

/* Small models the way of those of millions of weights: one gradient, rounds of several blocks.
 * With 2000 hidden dimensions a round is two blocks; 250 features are several panels, the last of
 * them not in whole tiles. Biases of 0, -0.25 and -0.5 more leave most, few and hardly any outputs
 * active. */
Test(kernel, levels_agree_with_plain_the_way_of_large_models) {
    static const int sizes[][2] = {{40, 37}, {33, 9}, {129, 20}, {250, 61}, {34, 2000}, {9, 4}};
    for (int turn = 0; turn < 108; turn++) {
        Case c = {.model = pick_model((uint64_t)turn),
                  .hidden = pick_hidden((uint64_t)turn),
                  .output = pick_output((uint64_t)turn),
                  .task = task_table.rows[turn / 3 % 2],
                  .n_features = sizes[turn / 18][0],
                  .n_hidden = sizes[turn / 18][1],
                  .hidden_bias = turn / 2 % 2,
                  .exponent = turn % 5 ? 2 : 3,
                  .hidden_penalty = pick_penalty((uint64_t)turn),
                  .form = turn % 4 < 3 ? BATCH_SPARSE : BATCH_ROWS,
                  .p = turn / 5 % 2 ? 0.3 : 0.05,
                  .batch_size = turn % 7 ? 300 : 60,
                  .empty_part = turn % 8 < 3 ? 0.3 : 0,
                  .bias = turn / 6 % 3 * -0.25,
                  .as_large = true};
        c.mixes = pick_mixing(c.model, (uint64_t)turn);
        compare_levels(&c, 4000 + (uint64_t)turn);
    }
}

/* ---- chunks, workers, empties ---- */

static const Kind *model_named(const char *name) {
    return row_of(&model_table, name);
}

static const Kind *task_named(const char *name) {
    return row_of(&task_table, name);
}

/* Twice: the second time over scratch in use. */
static void run_in_order(Scene *scene, const Case *c, Isa isa, int n_workers, int stride,
                         float *gradient, double *loss) {
    Workspace *workspace = open_workspace(scene, c, n_workers, isa);
    for (int repeat = 0; repeat < 2; repeat++)
        run_stages(scene, workspace, n_workers, stride);
    *loss = workspace_loss(workspace);
    take_gradient(scene, workspace, gradient);
}

/* The gradient of any range of parameters is that part of the whole. */
Test(kernel, gradients_of_ranges_are_parts_of_the_whole) {
    static Scene scene;
    Case c = {.model = model_named("two_layer"),
              .hidden = ACTIVATION_RELU,
              .output = ACTIVATION_RELU,
              .task = task_named("identity"),
              .n_features = 40,
              .n_hidden = 9,
              .hidden_bias = true,
              .exponent = 2,
              .p = 0.1,
              .batch_size = 300};
    scene_open(&c, 4, &scene);
    for (Isa isa = ISA_PLAIN; isa <= isa_best(); isa++) {
        Workspace *workspace = open_workspace(&scene, &c, 1, isa);
        run_stages(&scene, workspace, 1, 1);
        int64_t n = scene.model.n_parameters;
        float whole[1024], part[1024];
        cr_assert(n == 769 && workspace_gradient(workspace, 0, n, whole));
        for (int64_t begin = 0; begin < n; begin += 13)
            for (int64_t length = 1; length <= n - begin; length += 31) {
                const float *found = workspace_gradient(workspace, begin, length, part);
                cr_assert_arr_eq(found, whole + begin, (size_t)length * sizeof(float));
            }
    }
    arena_release(&scene.arena);
}

Test(kernel, same_bits_in_any_order_by_any_worker) {
    static const struct { int n_workers, stride; } orders[] = {{1, 1}, {2, 7}, {4, 11}};
    static Scene scene;
    Case cases[] = {
        {.n_features = 40, .n_hidden = 6, .form = BATCH_ROWS, .p = 0.5, .exponent = 2},
        {.n_features = 100, .n_hidden = 33, .p = 0.1, .exponent = 3},
        {.n_features = 20, .n_hidden = 5, .p = 0.1, .exponent = 2},
        {.n_features = 200, .n_hidden = 20, .p = 0.02, .n_active = 4, .exponent = 2},
        {.n_features = 140, .n_hidden = 2100, .p = 0.1, .exponent = 2, .as_large = true},
        {.n_features = 90,
         .n_hidden = 50,
         .form = BATCH_ROWS,
         .p = 0.5,
         .exponent = 2,
         .as_large = true},
        {.n_features = 100, .n_hidden = 33, .p = 0.1, .exponent = 2, .mixes = true}};
    for (int i = 0; i < 7; i++) {
        Case *c = &cases[i];
        c->model = model_named(i == 3 ? "relu_output" : i == 6 ? "residual" : "two_layer");
        c->hidden = c->output = i == 2 ? ACTIVATION_GELU : ACTIVATION_RELU;
        c->task = task_named("identity");
        c->batch_size = 1000, c->empty_part = 0.1, c->hidden_bias = true;
        c->hidden_penalty = i % 2 ? 0 : 0.2;
        scene_open(c, 77 + (uint64_t)i, &scene);
        size_t n_bytes = (size_t)scene.model.n_parameters * sizeof(float);
        float *first = ARENA_NEW(&scene.arena, float, scene.model.n_parameters);
        float *other = ARENA_NEW(&scene.arena, float, scene.model.n_parameters);
        for (Isa isa = ISA_PLAIN; isa <= isa_best(); isa++) {
            double first_loss, loss;
            run_in_order(&scene, c, isa, 1, 1, first, &first_loss);
            for (int order = 0; order < 3; order++) {
                run_in_order(&scene, c, isa, orders[order].n_workers, orders[order].stride, other,
                             &loss);
                cr_assert_eq(loss, first_loss, "%s", case_name(c, isa));
                cr_assert_arr_eq(first, other, n_bytes, "%s", case_name(c, isa));
            }
        }
        arena_release(&scene.arena);
    }
}

/* The batch with its empty samples listed, without entries. */
static void list_empties(Batch *batch) {
    for (int row = batch->n_rows; row < batch_size(batch); row++)
        batch->start[row + 1] = batch->start[row];
    batch->n_rows = batch_size(batch);
    batch->n_empty = 0;
}

/* Listed and counted ones differ by rounding only: a float product with their number instead of a
 * float sum over them, 1e-6 of the norm. */
Test(kernel, empty_samples_count_as_zero_rows) {
    static const int sizes[][2] = {{8, 3}, {50, 12}};
    static Scene scene;
    for (int form = 0; form < 12; form++) {
        Case c = {.model = pick_model((uint64_t)form),
                  .hidden = pick_hidden((uint64_t)form),
                  .output = pick_output((uint64_t)form),
                  .task = task_named("absolute_value"),
                  .n_features = sizes[form / 3 % 2][0],
                  .n_hidden = sizes[form / 3 % 2][1],
                  .hidden_bias = form >= 6,
                  .exponent = 2,
                  .hidden_penalty = pick_penalty((uint64_t)form),
                  .p = 0.3,
                  .batch_size = 100,
                  .empty_part = 0.7};
        scene_open(&c, 5 + (uint64_t)form, &scene);
        for (Isa isa = ISA_PLAIN; isa <= isa_best(); isa++) {
            float *counted, *listed;
            Batch batch = scene.blocks[0];
            double loss = gradient_of(&scene, &c, isa, &counted);
            LossSums sums = losses_of(&scene, &c, isa);
            list_empties(&scene.blocks[0]);
            cr_assert_eq(scene.blocks[0].n_rows, 100);
            double listed_loss = gradient_of(&scene, &c, isa, &listed);
            LossSums listed_sums = losses_of(&scene, &c, isa);
            scene.blocks[0] = batch;
            cr_assert_float_eq(loss, listed_loss, 1e-12 * loss, "%s", case_name(&c, isa));
            cr_assert_float_eq(sums.loss_squared, listed_sums.loss_squared,
                               1e-12 * sums.loss_squared, "%s", case_name(&c, isa));
            cr_assert_eq(sums.n_samples, listed_sums.n_samples);
            double scale = norm(listed, scene.model.n_parameters);
            for (int64_t i = 0; i < scene.model.n_parameters; i++)
                cr_assert_float_eq((double)counted[i], (double)listed[i], 1e-6 * scale, "%s",
                                   case_name(&c, isa));
        }
        arena_release(&scene.arena);
    }
}

/* All samples empty, two_layer without hidden bias: y' = ReLU(b) in every one, so the loss is
 * sum I ReLU(b)^2, db = 2 I ReLU(b), and nothing else has a gradient. */
Test(kernel, a_batch_of_empty_samples_has_the_closed_form) {
    static Scene scene;
    Case c = {.model = model_named("two_layer"),
              .hidden = ACTIVATION_RELU,
              .output = ACTIVATION_RELU,
              .task = task_named("identity"),
              .n_features = 30,
              .n_hidden = 10,
              .exponent = 2,
              .batch_size = 1000,
              .empty_part = 1};
    scene_open(&c, 3, &scene);
    const Model *model = &scene.model;
    int64_t first_b = model_tensor(model, "b")->offset;
    for (Isa isa = ISA_PLAIN; isa <= isa_best(); isa++) {
        float *gradient;
        double loss = gradient_of(&scene, &c, isa, &gradient), expected = 0;
        for (int i = 0; i < c.n_features; i++) {
            double out = fmax((double)model->b[i], 0), importance = scene.importance[i];
            expected += importance * out * out;
            cr_assert_float_eq((double)gradient[first_b + i], 2 * importance * out, 1e-6);
        }
        for (int64_t i = 0; i < first_b; i++)
            cr_assert_eq(gradient[i], 0);
        cr_assert_float_eq(loss, expected, 1e-6 * expected);
    }
    arena_release(&scene.arena);
}

/* Empty samples of a model without weights: y' = b Phi(b), so db = 2 y' (Phi(b) + b phi(b)), where
 * the second factor is at most 1.13. The kernels' Phi is good to 1e-7, so y' to |b| of that, and db
 * to 2 (1.13 + 1) |b| of it; four roundings come to it, 2^-24 of db each. Phi from erf: for b < 0
 * to 2^-53 of 1. */
Test(kernel, gelu_is_the_exact_one) {
    static Scene scene;
    Case c = {.model = model_named("two_layer"),
              .task = task_named("identity"),
              .output = ACTIVATION_GELU,
              .n_features = 40,
              .n_hidden = 2,
              .exponent = 2,
              .batch_size = 10,
              .empty_part = 1};
    scene_open(&c, 3, &scene);
    memset(scene.model.parameters, 0, (size_t)scene.model.n_parameters * sizeof(float));
    for (int i = 0; i < c.n_features; i++)
        scene.model.b[i] = (float)(0.35 * i - 7), scene.importance[i] = 1;
    int64_t first_b = model_tensor(&scene.model, "b")->offset;
    for (Isa isa = ISA_PLAIN; isa <= isa_best(); isa++) {
        float *gradient;
        gradient_of(&scene, &c, isa, &gradient);
        for (int i = 0; i < c.n_features; i++) {
            double b = (double)scene.model.b[i], below = (1 + erf(b / sqrt(2))) / 2;
            double slope = below + b * exp(-b * b / 2) / sqrt(2 * acos(-1));
            double expected = 2 * b * below * slope;
            cr_assert_float_eq((double)gradient[first_b + i], expected,
                               4.3e-7 * fabs(b) + 0x1p-22 * fabs(expected), "%s: at %g, %g",
                               isa_name(isa), b, (double)gradient[first_b + i]);
        }
    }
    arena_release(&scene.arena);
}

/* A model without weights reproduces empty samples exactly: the loss is 0, and at r = 0 every
 * exponent's gradient is taken as 0, also where |r|^q has a corner or an infinite slope. */
Test(kernel, residuals_of_zero_have_no_gradient) {
    static const double exponents[] = {0.5, 1, 1.5, 2, 3, 4};
    static const int sizes[][2] = {{5, 2}, {40, 3}};
    static Scene scene;
    for (int e = 0; e < 12; e++) {
        Case c = {.model = model_named("linear"),
                  .task = task_named("identity"),
                  .n_features = sizes[e % 2][0],
                  .n_hidden = sizes[e % 2][1],
                  .exponent = exponents[e / 2],
                  .batch_size = 50,
                  .empty_part = 0.5};
        scene_open(&c, 1, &scene);
        memset(scene.model.parameters, 0, (size_t)scene.model.n_parameters * sizeof(float));
        for (Isa isa = ISA_PLAIN; isa <= isa_best(); isa++) {
            float *gradient;
            cr_assert_eq(gradient_of(&scene, &c, isa, &gradient), 0, "%s", case_name(&c, isa));
            for (int64_t i = 0; i < scene.model.n_parameters; i++)
                cr_assert_eq(gradient[i], 0, "%s: %g", case_name(&c, isa), (double)gradient[i]);
        }
        arena_release(&scene.arena);
    }
}

/* A round's D of 2100 hidden dimensions has room for one block of 128 samples. */
Test(kernel, large_models_take_the_batch_in_rounds) {
    static Scene scene;
    Case c = {.model = model_named("relu_output"),
              .task = task_named("identity"),
              .n_features = 4000,
              .n_hidden = 2100,
              .exponent = 2,
              .p = 0.01,
              .batch_size = 129,
              .empty_part = 0.98};
    scene_open(&c, 9, &scene);
    Workspace *workspace = open_workspace(&scene, &c, 2, isa_best());
    int first, end, n_blocks = 0;
    for (int stage = 0; stage < workspace_n_stages(workspace); stage++)
        for (int task = 0; task < workspace_n_tasks(workspace, stage); task++)
            if (workspace_blocks(workspace, stage, task, &first, &end)) {
                cr_assert(first == n_blocks && end == n_blocks + 1);
                n_blocks++;
            }
    cr_assert_eq(n_blocks, 2);
    float *plain;
    double loss = gradient_of(&scene, &c, ISA_PLAIN, &plain);
    compare_gradients(&scene, &c, plain, loss, isa_best());
    arena_release(&scene.arena);
}

/* 2 blocks of 8.4 million parameters are 67 MB of gradients: one chunk. So are 3 blocks of 6
 * million, of which two fit: two chunks, of two blocks and of one. */
Test(kernel, chunks_have_as_many_blocks_as_memory_asks_for) {
    static const int sizes[][3] = {{4000, 2100, 129}, {4000, 1500, 300}};
    for (int i = 0; i < 2; i++) {
        static Scene scene;
        Case c = {.model = model_named("relu_output"),
                  .task = task_named("identity"),
                  .n_features = sizes[i][0],
                  .n_hidden = sizes[i][1],
                  .exponent = 2,
                  .batch_size = sizes[i][2],
                  .empty_part = 1};
        scene_open(&c, 9, &scene);
        Workspace *workspace = open_workspace(&scene, &c, 2, ISA_PLAIN);
        int first, end;
        cr_assert_eq(workspace_n_stages(workspace), 1);
        cr_assert_eq(workspace_n_tasks(workspace, 0), i + 1);
        for (int task = 0; task < i + 1; task++) {
            cr_assert(workspace_blocks(workspace, 0, task, &first, &end));
            cr_assert(first == 2 * task && end == (task ? 3 : 2));
        }
        arena_release(&scene.arena);
    }
}

Test(kernel, memory_that_there_is_not_is_refused) {
    Arena arena = {0};
    Error error = {""};
    Workspace *workspace = NULL;
    double importance = 1;
    Objective objective = {&importance, 2, 0};
    Model model = {.kind = (const ModelKind *)model_named("relu_output"),
                   .n_features = MAX_FEATURES,
                   .n_hidden = 100000000,
                   .n_parameters = MAX_FEATURES * 100000000LL};
    for (Isa isa = ISA_PLAIN; isa <= isa_best(); isa++) {
        cr_assert_not(workspace_open(&workspace, &model, &objective, 1024, 1, isa, &arena, &error));
        cr_assert(strstr(error.text, "training 100000 features in 100000000 hidden dimensions"),
                  "%s", error.text);
        cr_assert(strstr(error.text, "GiB are available"), "%s", error.text);
    }
    arena_release(&arena);
}

/* ---- the forward pass, and the levels' names ---- */

/* 17 hidden dimensions are more than model_forward takes at a time. Sums of 17 terms below 1 in
 * float: 17 * 2^-24 = 1e-6. */
Test(kernel, forward_is_the_definition) {
    static Scene scene;
    static Definition definition;
    for (int i = 0; i < model_table.n_rows; i++) {
        Case c = {.model = model_table.rows[i],
                  .hidden = pick_hidden((uint64_t)i),
                  .output = pick_output((uint64_t)i),
                  .task = task_named("identity"),
                  .n_features = 14,
                  .n_hidden = 17,
                  .hidden_bias = true,
                  .exponent = 2,
                  .form = BATCH_ROWS,
                  .p = 0.5,
                  .batch_size = 20,
                  .mixes = ((const ModelKind *)model_table.rows[i])->adds_input};
        scene_open(&c, 60 + (uint64_t)i, &scene);
        define(&scene, &definition);
        for (int row = 0; row < 20; row++) {
            const float *x = scene.blocks[0].x + row * c.n_features;
            float h[17], out[14], without_h[14];
            double expected[MAX_N];
            sample_loss(&definition, x, x, expected);
            model_forward(&scene.model, x, h, out);
            model_forward(&scene.model, x, NULL, without_h);
            for (int j = 0; j < c.n_features; j++)
                cr_assert_float_eq((double)out[j], expected[j], 1e-6);
            cr_assert_arr_eq(out, without_h, sizeof out);
        }
        arena_release(&scene.arena);
    }
}

Test(kernel, levels_are_found_by_name) {
    for (Isa isa = ISA_PLAIN; isa <= isa_best(); isa++) {
        Isa found;
        Error error = {""};
        cr_assert(isa_find(isa_name(isa), &found, &error), "%s", error.text);
        cr_assert_eq(found, isa);
    }
    Isa found = ISA_PLAIN;
    Error error;
    cr_assert_not(isa_find("avx22", &found, &error));
    cr_assert_str_eq(error.text, "no instruction set is called 'avx22'; did you mean avx2?");
    cr_assert_not(isa_find("sse", &found, &error));
    cr_assert_str_eq(error.text, "no instruction set is called 'sse'; there are plain, baseline, "
                                 "avx2, avx512");
}
