/* kernel: every instruction-set level against the plain reference. */
#include "tests/kernel_scene.h"

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
Test(kernel_levels, levels_agree_with_plain) {
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
Test(kernel_levels, tiny_models_agree_with_plain_at_every_size, .timeout = 120) {
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
Test(kernel_levels, levels_agree_with_plain_where_few_outputs_are_active) {
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
Test(kernel_levels, levels_agree_with_plain_on_sparse_rows) {
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
Test(kernel_levels, sparse_rows_pay_by_formula) {
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
Test(kernel_levels, levels_agree_with_plain_the_way_of_large_models) {
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
