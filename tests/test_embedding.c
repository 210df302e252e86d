/* embedding: W_E and what follows from it, the gradient that is pulled back through it, and models
 * whose loss or twin without an embedding is known. tests/trace_replay.py holds whole trainings to
 * the papers' form of the model. */
#include "sim/model/embedding.h"
#include "sim/base/rng.h"
#include "sim/metric/metric.h"
#include "tests/settings.h"

#include <math.h>
#include <stdio.h>

static Model open_model(const char *yaml, int n_features, Choice *choice, Arena *arena) {
    char *text = arena_print(arena, "{data: {n_features: %d, feature_probability: 1}, model: %s}",
                             n_features, yaml);
    *choice = settings_read(text, arena).model;
    Model model = {0};
    Error error = {0};
    cr_assert(model_open(&model, choice, n_features, arena, &error), "%s", error.text);
    return model;
}

/* n = 7 features, m = 3, d = 5: 7 * 3 * 2 + 7 numbers follow, 5 * 3 * 2 + 3 + 5 are trained. */
Test(embedding, trained_tensors_lie_side_by_side) {
    Arena arena = {0};
    Choice choice;
    char names[64] = "";
    const char *const settings = "{kind: residual, n_hidden: 3, output_activation: linear, "
                                 "hidden_bias: true, embedding: 5, bias: ";
    Model model = open_model(arena_print(&arena, "%strue}", settings), 7, &choice, &arena);
    for (int i = 0; i < model.n_tensors; i++)
        strcat(strcat(names, i ? " " : ""), model.tensors[i].name);
    cr_assert_str_eq(names, "W W2 b W_in W_out b_hidden b_out M W_E");
    cr_assert_eq(model.trained_at, 49);
    cr_assert_eq(model_count_trained(&model, &choice), 38);
    cr_assert_eq(model_count_effective(&model), 52, "7 * 3 * 2 + 3 + 7");
    cr_assert_eq(model_count_moving(&model), 87);
    cr_assert_eq(model.n_parameters, 87 + 49 + 35);
    cr_assert(model.W == model.parameters && model.W_in == model.parameters + 49 &&
              model.W_E == model.parameters + 87 + 49);
    model = open_model(arena_print(&arena, "%sfalse}", settings), 7, &choice, &arena);
    cr_assert_eq(model_count_trained(&model, &choice), 33);
    model = open_model("{kind: residual, n_hidden: 3}", 7, &choice, &arena);
    cr_assert(!model.M && !model.W_E && model.trained_at == 0);
    cr_assert_eq(model_count_effective(&model), model.n_parameters);
    cr_assert_eq(model_count_moving(&model), model.n_parameters);
    arena_release(&arena);
}

static double row_product(const float *a, const float *b, int n) {
    double sum = 0;
    for (int k = 0; k < n; k++)
        sum += (double)a[k] * (double)b[k];
    return sum;
}

/* Directions of d dimensions have (u . v)^2 = 1/d on average, of variance 2 (d-1) / (d^2 (d+2)),
 * and pairs of independent ones are uncorrelated. */
Test(embedding, rows_are_random_directions) {
    enum { N = 60, D = 40, N_PAIRS = N * (N - 1) / 2 };
    Arena arena = {0};
    Choice choice;
    Model model = open_model("{kind: residual, n_hidden: 20, output_activation: linear, "
                             "embedding: 40}",
                             N, &choice, &arena);
    model_init(&model, &choice, rng_key(3, 0, PURPOSE_INIT));
    double squares = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            double product = row_product(model.W_E + i * D, model.W_E + j * D, D);
            cr_assert_float_eq((double)model.M[i * N + j], product - (i == j), 1e-7);
            cr_assert_float_eq((double)model.M[i * N + i], 0, 1e-6, "norm 1");
            squares += j < i ? product * product : 0;
        }
    double se = sqrt(2.0 * (D - 1) / ((double)D * D * (D + 2)) / N_PAIRS);
    cr_assert_float_eq(squares / N_PAIRS, 1.0 / D, 4 * se);
    double weights = 0; /* xavier: 2 / (40 + 20); D * 20 squares of deviation sqrt(2) each */
    for (int k = 0; k < D * 20; k++)
        weights += (double)model.W_in[k] * (double)model.W_in[k] / (D * 20);
    cr_assert_float_eq(weights, 2.0 / 60, 4 * sqrt(2.0 / (D * 20)) * 2 / 60);
    arena_release(&arena);
}

/* Where W_E is the identity, W is W_in and so on; 17 hidden dimensions are a group and one more. */
static void make_identity(Model *model) {
    memset(model->W_E, 0, (size_t)model->n_features * (size_t)model->n_embedding * sizeof(float));
    for (int i = 0; i < model->n_features; i++)
        model->W_E[i * model->n_embedding + i] = 1;
    embedding_derive(model);
}

static Training *open_training(const char *yaml, Isa isa, Arena *arena) {
    Settings *settings = ARENA_NEW(arena, Settings, 1);
    Phase phase = {.settings = settings};
    Training *training = NULL;
    Error error = {0};
    *settings = settings_read(yaml, arena);
    cr_assert(training_open(&training, &phase, 1, 0, 1, isa, NULL, arena, &error), "%s",
              error.text);
    return training;
}

static void assert_same(const float *a, const float *b, int64_t n) {
    cr_assert_eq(memcmp(a, b, (size_t)n * sizeof *a), 0);
}

/* The same sums of the same numbers, so the same bits: by the plain reference, and by vector code
 * where samples are not sparse. */
Test(embedding, an_identity_is_no_embedding) {
    static const struct {
        const char *data;
        Isa isa;
    } rows[] = {{"n_features: 40, feature_probability: 0.05", ISA_PLAIN},
                {"n_features: 40, feature_probability: 0.5", ISA_PLAIN},
                {"n_features: 40, feature_probability: 0.5", N_ISA},
                {"n_features: 9, feature_probability: 0.3", N_ISA}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        Arena arena = {0};
        Training *pair[2];
        Error error = {0};
        for (int k = 0; k < 2; k++)
            pair[k] = open_training(
                arena_print(&arena,
                            "{data: {%s, value: signed_uniform}, task: {kind: residual_relu},"
                            " model: {kind: residual, n_hidden: 17, output_activation: linear,"
                            " hidden_bias: true, embedding: %d},"
                            " train: {batch: 300, steps: 30, learning_rate: 0.01}}",
                            rows[r].data,
                            !k      ? 0
                            : r < 3 ? 40
                                    : 9),
                rows[r].isa == N_ISA ? isa_best() : rows[r].isa, &arena);
        const Model *plain = training_model(pair[0]);
        Model *embedded = training_model(pair[1]);
        make_identity(embedded);
        int64_t n = plain->n_features, m = plain->n_hidden;
        assert_same(plain->W, embedded->W, n * m);
        for (int k = 0; k < 2; k++)
            cr_assert(training_advance(pair[k], 30, NULL, NULL, &error), "%s", error.text);
        assert_same(plain->W, embedded->W_in, n * m);
        assert_same(plain->W, embedded->W, n * m);
        assert_same(plain->W2, embedded->W2, n * m);
        assert_same(plain->b_hidden, embedded->b_hidden, m);
        assert_same(plain->b, embedded->b, n);
        cr_assert_eq(training_loss(pair[0]), training_loss(pair[1]));
        arena_release(&arena);
    }
}

/* W_E^T times the gradient, from numbers that are not near each other; in two parts. */
Test(embedding, gradients_are_pulled_back_by_the_transpose) {
    enum { N = 11, M = 18, D = 6, EFFECTIVE = 2 * N * M + M + N, TRAINED = 2 * D * M + M + D };
    Arena arena = {0};
    Choice choice;
    Rng rng;
    Model model = open_model("{kind: residual, n_hidden: 18, output_activation: linear, "
                             "embedding: 6, hidden_bias: true}",
                             N, &choice, &arena);
    float effective[EFFECTIVE], pulled[TRAINED];
    rng_init(&rng, 5, 0, 0);
    embedding_init(&model, 4);
    for (int i = 0; i < EFFECTIVE; i++)
        effective[i] = (float)rng_normal(&rng);
    embedding_pull(&model, effective, 4, D, pulled);
    embedding_pull(&model, effective, 0, 4, pulled);
    for (int j = 0; j < D; j++) {
        double b = 0;
        for (int k = 0; k < M; k++) {
            double in = 0, out = 0;
            for (int i = 0; i < N; i++) {
                in += (double)model.W_E[i * D + j] * (double)effective[i * M + k];
                out += (double)model.W_E[i * D + j] * (double)effective[N * M + i * M + k];
            }
            cr_assert_float_eq((double)pulled[j * M + k], in, 1e-6);
            cr_assert_float_eq((double)pulled[D * M + j * M + k], out, 1e-6);
        }
        for (int i = 0; i < N; i++)
            b += (double)model.W_E[i * D + j] * (double)effective[2 * N * M + M + i];
        cr_assert_float_eq((double)pulled[2 * D * M + M + j], b, 1e-6);
    }
    assert_same(pulled + 2 * D * M, effective + 2 * N * M, M);
    arena_release(&arena);
}

static Measurements measured(const MetricInput *input, const char *metric, Arena *arena) {
    const MetricKind *kind = (const MetricKind *)kind_find(&metric_table, metric);
    Measurements out = {.arena = arena};
    Error error = {0};
    cr_assert(kind->measure(input, &out, &error), "%s", error.text);
    return out;
}

/* A layer of zeros gives y' = x + x M for y = x + ReLU(x). With x signed uniform, E x^2 = p/3 and
 * E x ReLU(x) = E ReLU(x)^2 = p/6, output i costs p/6 - M_ii p/3 + sum_j M_ji^2 p/3. */
Test(embedding, a_layer_of_zeros_leaves_the_mixing) {
    static const struct {
        int n, d;
        double p;
    } rows[] = {{8, 5, 0.3}, {50, 20, 0.02}, {50, 100, 0.5}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        Arena arena = {0};
        int n = rows[r].n;
        double p = rows[r].p, loss = 0;
        Training *training = open_training(
            arena_print(&arena,
                        "{data: {n_features: %d, feature_probability: %g, value: signed_uniform},"
                        " task: {kind: residual_relu}, model: {kind: residual, n_hidden: 9,"
                        " output_activation: linear, init_std: 0, embedding: %d}, train: {}}",
                        n, p, rows[r].d),
            isa_best(), &arena);
        const Model *model = training_model(training);
        MetricInput input = {.model = model,
                             .data = training_data(training),
                             .task = training_task(training),
                             .loss_exponent = 2,
                             .loss_samples = 65536,
                             .key = rng_key(7, 0, PURPOSE_EVALUATE),
                             .isa = isa_best()};
        Measurements all = measured(&input, "loss_by_feature", &arena);
        const double *found = measurement_find(&all, "loss_by_feature")->values;
        const double *se = measurement_find(&all, "loss_by_feature_se")->values;
        for (int i = 0; i < n; i++) {
            double output = p / 6 - (double)model->M[i * n + i] * p / 3;
            for (int j = 0; j < n; j++)
                output += pow((double)model->M[j * n + i], 2) * p / 3;
            cr_assert_float_eq(found[i], output, 5 * se[i], "%d: %g ± %g", i, found[i], se[i]);
            loss += output;
        }
        Measurements sum = measured(&input, "loss", &arena);
        found = measurement_find(&sum, "loss")->values;
        se = measurement_find(&sum, "loss_se")->values;
        cr_assert_float_eq(found[0], loss, 4 * se[0], "%g ± %g, not %g", found[0], se[0], loss);
        arena_release(&arena);
    }
}

/* The tensor that is trained is named, not what follows from it. */
Test(embedding, failures_name_what_is_trained) {
    Arena arena = {0};
    Error error = {0};
    Training *training = open_training(
        "{data: {n_features: 5, feature_probability: 0.5}, model: {kind: residual, n_hidden: 3,"
        " output_activation: linear, embedding: 4}, train: {optimizer: sgd, batch: 64, steps: 9,"
        " learning_rate: 1e39}}",
        isa_best(), &arena);
    cr_assert_not(training_advance(training, 9, NULL, NULL, &error));
    cr_assert_eq(strncmp(error.text, "step 1: W_in[0][", 16), 0, "%s", error.text);
    arena_release(&arena);
}

Test(embedding, wants_a_linear_output) {
    Arena arena = {0};
    Error error = {0};
    Model model;
    Choice choice = settings_read("{data: {n_features: 3, feature_probability: 1}, model: {kind: "
                                  "residual, n_hidden: 3, embedding: 4}}",
                                  &arena)
                        .model;
    cr_assert_not(model_open(&model, &choice, 3, &arena, &error));
    cr_assert_eq(strncmp(error.text, "model.embedding wants model.output_activation linear", 52), 0,
                 "%s", error.text);
    arena_release(&arena);
}
