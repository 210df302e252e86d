/* kernel: the same bits in any order of chunks by any worker; batches without an active feature;
 * what memory asks for. */
#include "tests/kernel_scene.h"

/* A case of the identity under the squared loss. */
static Case case_of(const char *model, int n_features, int n_hidden, int batch_size) {
    return (Case){.model = model_named(model),
                  .task = task_named("identity"),
                  .n_features = n_features,
                  .n_hidden = n_hidden,
                  .exponent = 2,
                  .batch_size = batch_size};
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
Test(kernel_chunks, gradients_of_ranges_are_parts_of_the_whole) {
    static Scene scene;
    Case c = case_of("two_layer", 40, 9, 300);
    c.hidden = c.output = ACTIVATION_RELU;
    c.hidden_bias = true;
    c.p = 0.1;
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

Test(kernel_chunks, same_bits_in_any_order_by_any_worker) {
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
Test(kernel_chunks, empty_samples_count_as_zero_rows) {
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
Test(kernel_chunks, a_batch_of_empty_samples_has_the_closed_form) {
    static Scene scene;
    Case c = case_of("two_layer", 30, 10, 1000);
    c.hidden = c.output = ACTIVATION_RELU;
    c.empty_part = 1;
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
Test(kernel_chunks, gelu_is_the_exact_one) {
    static Scene scene;
    Case c = case_of("two_layer", 40, 2, 10);
    c.output = ACTIVATION_GELU;
    c.empty_part = 1;
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
Test(kernel_chunks, residuals_of_zero_have_no_gradient) {
    static const double exponents[] = {0.5, 1, 1.5, 2, 3, 4};
    static const int sizes[][2] = {{5, 2}, {40, 3}};
    static Scene scene;
    for (int e = 0; e < 12; e++) {
        Case c = case_of("linear", sizes[e % 2][0], sizes[e % 2][1], 50);
        c.exponent = exponents[e / 2];
        c.empty_part = 0.5;
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
Test(kernel_chunks, large_models_take_the_batch_in_rounds) {
    static Scene scene;
    Case c = case_of("relu_output", 4000, 2100, 129);
    c.p = 0.01;
    c.empty_part = 0.98;
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
Test(kernel_chunks, chunks_have_as_many_blocks_as_memory_asks_for) {
    static const int sizes[][3] = {{4000, 2100, 129}, {4000, 1500, 300}};
    for (int i = 0; i < 2; i++) {
        static Scene scene;
        Case c = case_of("relu_output", sizes[i][0], sizes[i][1], sizes[i][2]);
        c.empty_part = 1;
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

Test(kernel_chunks, memory_that_there_is_not_is_refused) {
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
