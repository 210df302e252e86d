/* The metric loss against closed forms. A feature is active with probability p and then uniform on
 * [0, 1]: E[x] = p/2, E[x^2] = p/3, E[x^4] = p/5; so is |x| for values on [-1, 1]. */
#include "sim/metric/metric.h"
#include "tests/measured.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { N = 5, M = 3, N_SAMPLES = 65536 };

/* Sizes of all loss rows: 5 features in 3 dimensions, importance 0.5^i. */
typedef struct Row {
    const char *data, *task, *model;
    double exponent;
    double bias;         /* of every output */
    double mean, square; /* of one feature's |y - y'|^exponent: E and E of its square */
} Row;

static double importance_sum(int power) {
    double sum = 0;
    for (int i = 0; i < N; i++)
        sum += pow(0.5, power * i);
    return sum;
}

static void row_open(Setting *s, const Row *row, Isa isa) {
    setting_open(s, N, row->data, row->task, row->model);
    for (int i = 0; i < N; i++)
        s->model.b[i] = (float)row->bias;
    s->input.loss_exponent = row->exponent;
    s->input.loss_samples = N_SAMPLES;
    s->input.isa = isa;
}

static void measure(const MetricInput *input, Arena *arena, double *loss, double *se) {
    const MetricKind *kind = (const MetricKind *)kind_find(&metric_table, "loss");
    Measurements out = {.arena = arena};
    Error error = {0};
    cr_assert(kind->measure(input, &out, &error), "%s", error.text);
    cr_assert_str_eq(out.items[0].name, "loss");
    *loss = out.items[0].values[0];
    *se = measurement_find(&out, "loss_se")->values[0];
}

#define SPARSE "{n_features: 5, feature_probability: 0.05}"
#define HALF "{n_features: 5, feature_probability: 0.5}"
#define SIGNED "{n_features: 5, feature_probability: 0.5, value: signed_uniform}"
#define COPY "{kind: identity, importance: {decay: 0.5}}"
#define ABSOLUTE "{kind: absolute_value, importance: {decay: 0.5}}"

/* All weights are 0, so y' = b (ReLU: where it is positive), and x more in the residual model. With
 * b = p/2 a linear output is the mean: E = p/3 - p^2/4, and of the square of (x - c)^2 with c = p/2
 * E (x - c)^4 = p/5 - 4 c p/4 + 6 c^2 p/3 - 4 c^3 p/2 + c^4. */
static const Row rows[] = {
    {SPARSE, COPY, "{kind: relu_output, n_hidden: 3}", 2, 0, 0.05 / 3, 0.05 / 5},
    {HALF, COPY, "{kind: relu_output, n_hidden: 3}", 2, 0, 0.5 / 3, 0.5 / 5},
    {HALF, COPY, "{kind: relu_output, n_hidden: 3}", 2, -1, 0.5 / 3, 0.5 / 5},
    {HALF, COPY, "{kind: relu_output, n_hidden: 3}", 4, 0, 0.5 / 5, 0.5 / 9},
    {HALF, COPY, "{kind: relu_output, n_hidden: 3}", 1, 0, 0.5 / 2, 0.5 / 3},
    {SIGNED, ABSOLUTE, "{kind: two_layer, n_hidden: 3}", 2, 0, 0.5 / 3, 0.5 / 5},
    {SIGNED, "{kind: residual_relu, importance: {decay: 0.5}}", "{kind: residual, n_hidden: 3}", 2,
     0, 0.25 / 3, 0.25 / 5},
    {HALF, COPY, "{kind: linear, n_hidden: 3}", 2, 0.25, 0.5 / 3 - 0.25 / 4,
     0.5 / 5 - 0.25 * 0.5 + 6 * 0.0625 * 0.5 / 3 - 2 * 0.015625 * 0.5 + 0.00390625},
};

/* The mean is held to five of its closed-form standard errors, at a fixed seed. So is the standard
 * error: the variance of the losses is estimated to a relative sqrt((kurtosis - 1) / n), at most
 * 0.0223 here (kurtosis 34 at p = 0.05: that of x^2 is 54, and 3 + 51 * 0.6 that of the weighted
 * sum), and its root to half of that. */
Test(loss, is_the_closed_form_within_its_error) {
    const Isa levels[] = {ISA_PLAIN, isa_best()};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        for (int l = 0; l < 2; l++) {
            Setting s;
            double loss, se;
            row_open(&s, &rows[r], levels[l]);
            measure(&s.input, &s.arena, &loss, &se);
            double mean = rows[r].mean * importance_sum(1);
            double variance = (rows[r].square - rows[r].mean * rows[r].mean) * importance_sum(2);
            double expected_se = sqrt(variance / N_SAMPLES);
            cr_expect_float_eq(loss, mean, 5 * expected_se, "row %zu: %g, not %g ± %g", r, loss,
                               mean, expected_se);
            cr_expect_float_eq(se, expected_se, 5 * 0.0112 * expected_se, "row %zu: %g, not %g", r,
                               se, expected_se);
            arena_release(&s.arena);
        }
}

/* W copies the first three features, whose code is x itself, and gives 0 for the other two: the
 * task costs (0.5^3 + 0.5^4) p / 3, the code 3 p / 2. These two parts have different features, so
 * their variances add up: of x^2 p / 5 - (p / 3)^2, of |x| p / 3 - (p / 2)^2. Kurtoses are below
 * those of the rows above. */
Test(task_loss, and_the_penalty_on_the_code_are_the_loss) {
    static const char *const data[] = {HALF, SIGNED};
    const double p = 0.5, of_two = 0.125 * 0.125 + 0.0625 * 0.0625;
    const MetricKind *kind = (const MetricKind *)kind_find(&metric_table, "task_loss");
    for (int d = 0; d < 2; d++) {
        Row row = {data[d], COPY, "{kind: linear, n_hidden: 3}", 2, 0, 0, 0};
        Setting s;
        double loss, se;
        row_open(&s, &row, isa_best());
        for (int k = 0; k < M; k++)
            s.model.W[k * M + k] = 1;
        s.input.hidden_penalty = 0.1;
        measure(&s.input, &s.arena, &loss, &se);
        Measurements out = {.arena = &s.arena};
        Error error = {0};
        cr_assert(kind->measure(&s.input, &out, &error), "%s", error.text);
        double task_loss = measurement_find(&out, "task_loss")->values[0];
        double task_se = measurement_find(&out, "task_loss_se")->values[0];
        double code = measurement_find(&out, "hidden_l1")->values[0];
        double of_task = (p / 5 - p * p / 9) * of_two / N_SAMPLES;
        double of_code = 3 * (p / 3 - p * p / 4) / N_SAMPLES;
        cr_expect_float_eq(task_loss, 0.1875 * p / 3, 5 * sqrt(of_task), "%g", task_loss);
        cr_expect_float_eq(code, 3 * p / 2, 5 * sqrt(of_code), "%g", code);
        cr_expect_float_eq(loss, task_loss + 0.1 * code, 1e-6 * loss, "%g", loss);
        cr_expect_float_eq(task_se, sqrt(of_task), 0.056 * sqrt(of_task), "%g", task_se);
        cr_expect_float_eq(se, sqrt(of_task + 0.01 * of_code), 0.056 * se, "%g", se);
        arena_release(&s.arena);
    }
}

/* Nothing beside the residual path gives y' = x, and so does W with orthonormal rows: no loss. */
Test(loss, of_a_model_that_copies_is_zero) {
    static const char *const models[] = {"{kind: relu_output, n_hidden: 5}",
                                         "{kind: residual, n_hidden: 5}"};
    for (int k = 0; k < 4; k++) {
        Row row = {HALF, COPY, models[k / 2], 2, 0, 0, 0};
        Setting s;
        double loss, se;
        row_open(&s, &row, k % 2 ? isa_best() : ISA_PLAIN);
        for (int i = 0; i < N && k < 2; i++)
            s.model.W[i * N + i] = 1;
        measure(&s.input, &s.arena, &loss, &se);
        cr_assert_eq(loss, 0);
        cr_assert_eq(se, 0);
        arena_release(&s.arena);
    }
}

/* The same stream gives the same loss, another one another; any number of samples will do. */
Test(loss, is_a_function_of_stream_and_samples) {
    Setting s;
    double loss, again, other, se;
    row_open(&s, &rows[1], isa_best());
    static const int64_t samples[] = {1, 2, 1000, 5000};
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        s.input.loss_samples = samples[i];
        s.input.key = 1;
        measure(&s.input, &s.arena, &loss, &se);
        measure(&s.input, &s.arena, &again, &se);
        s.input.key = 2;
        measure(&s.input, &s.arena, &other, &se);
        cr_assert_eq(loss, again);
        cr_assert_neq(loss, other);
        cr_assert_eq(isnan(se), samples[i] == 1, "one sample tells no error");
    }
    arena_release(&s.arena);
}

Test(loss, refuses_no_samples) {
    Setting s;
    row_open(&s, &rows[1], ISA_PLAIN);
    Measurements out = {.arena = &s.arena};
    Error error = {0};
    const MetricKind *kind = (const MetricKind *)kind_find(&metric_table, "loss");
    s.input.loss_samples = 0;
    cr_assert_not(kind->measure(&s.input, &out, &error));
    cr_assert_str_eq(error.text, "loss: 0 samples is not in [1, 2147483647]");
    arena_release(&s.arena);
}
