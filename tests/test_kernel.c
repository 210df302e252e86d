/* kernel: gradients against central differences of the loss as it is defined, the forward pass
 * against its definition. */
#include "tests/kernel_scene.h"

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
