/* The exact expected loss against the integral formulas themselves, by GSL's adaptive quadrature; a
 * closed form by truncated powers; hand-made models whose loss is known; and samples. */
#include "sim/base/rng.h"
#include "sim/theory/expected_loss.h"

#include <criterion/criterion.h>
#include <gsl/gsl_integration.h>
#include <math.h>
#include <string.h>

typedef struct Integrand {
    int k, level, target;
    const double *c;
    double b;
    double x[MAX_ACTIVE];
    gsl_integration_cquad_workspace *rooms[MAX_ACTIVE];
} Integrand;

/* The integral over coordinates 0 … level-1, given those above. */
static double nested(double x, void *context) {
    Integrand *f = context;
    int level = f->level;
    f->x[level] = x;
    if (level == 0) {
        double z = f->b, t = f->target < 0 ? 0 : f->x[f->target];
        for (int j = 0; j < f->k; j++)
            z += f->c[j] * f->x[j];
        double error = t - fmax(z, 0);
        return error * error;
    }
    double result;
    f->level = level - 1;
    gsl_function function = {nested, f};
    int code =
        gsl_integration_cquad(&function, 0, 1, 1e-12, 0, f->rooms[level - 1], &result, NULL, NULL);
    cr_assert_eq(code, 0);
    f->level = level;
    return result;
}

static double quadrature(int k, const double *c, double b, int target) {
    Integrand f = {.k = k, .level = k - 1, .target = target, .c = c, .b = b};
    for (int j = 0; j < k; j++)
        f.rooms[j] = gsl_integration_cquad_workspace_alloc(200);
    double result;
    gsl_function function = {nested, &f};
    int code =
        gsl_integration_cquad(&function, 0, 1, 1e-11, 0, f.rooms[k - 1], &result, NULL, NULL);
    cr_assert_eq(code, 0);
    for (int j = 0; j < k; j++)
        gsl_integration_cquad_workspace_free(f.rooms[j]);
    return result;
}

/* Coefficients of every sign and size, some of them 0 or nearly. */
static double coefficient(Rng *rng) {
    double u = rng_uniform(rng);
    if (u < 0.1)
        return 0;
    return (u < 0.2 ? 1e-7 : u < 0.3 ? 5 : 1) * rng_normal(rng);
}

static void check_quadrature(int k, int n_cases) {
    Rng rng;
    rng_init(&rng, 31, k, 0);
    for (int i = 0; i < n_cases; i++) {
        double c[MAX_ACTIVE], b = 0.7 * rng_normal(&rng);
        for (int j = 0; j < k; j++)
            c[j] = coefficient(&rng);
        for (int target = -1; target < k; target++)
            cr_expect_float_eq(relu_integral(k, c, b, target, NULL), quadrature(k, c, b, target),
                               1e-9, "case %d, target %d: c %g %g %g, b %g", i, target, c[0],
                               k > 1 ? c[1] : 0, k > 2 ? c[2] : 0, b);
    }
}

Test(relu_integral, of_one_feature_is_the_quadrature) {
    check_quadrature(1, 300);
}

Test(relu_integral, of_two_features_is_the_quadrature) {
    check_quadrature(2, 40);
}

Test(relu_integral, of_three_features_is_the_quadrature) {
    check_quadrature(3, 3);
}

/* int ReLU(z)^2 = sum over corners s of the cube of (-1)^(k - |s|) (b + c.s)_+^(k+2)
 * / (prod c_j (k + 2)! / 2): each integration of a truncated power is the next one over c_j. */
static double truncated_powers(int k, const double *c, double b) {
    double sum = 0, scale = 1;
    for (int s = 0; s < 1 << k; s++) {
        double z = b, sign = 1;
        for (int j = 0; j < k; j++) {
            z += s >> j & 1 ? c[j] : 0;
            sign *= s >> j & 1 ? 1 : -1;
        }
        sum += sign * pow(fmax(z, 0), k + 2);
    }
    for (int j = 0; j < k; j++)
        scale *= c[j] * (j + 3);
    return sum / scale;
}

Test(relu_integral, is_the_closed_form_by_truncated_powers) {
    Rng rng;
    rng_init(&rng, 32, 0, 0);
    for (int i = 0; i < 2000; i++) {
        int k = i % (MAX_ACTIVE + 1);
        double c[MAX_ACTIVE], b = rng_normal(&rng);
        for (int j = 0; j < k; j++)
            c[j] = copysign(0.3 + rng_uniform(&rng), rng_normal(&rng));
        cr_expect_float_eq(relu_integral(k, c, b, -1, NULL), truncated_powers(k, c, b), 1e-12,
                           "case %d, k %d", i, k);
    }
}

/* Continuously differentiable, so a central difference of step h errs by O(h^2). */
Test(relu_integral, has_the_derivatives_of_its_values) {
    Rng rng;
    rng_init(&rng, 33, 0, 0);
    for (int i = 0; i < 600; i++) {
        int k = i % (MAX_ACTIVE + 1), target = i / (MAX_ACTIVE + 1) % (k + 1) - 1;
        double c[MAX_ACTIVE + 1], gradient[MAX_ACTIVE + 1], b = rng_normal(&rng);
        for (int j = 0; j < k; j++)
            c[j] = rng_normal(&rng);
        for (int is_linear = 0; is_linear < 2; is_linear++) {
            double (*value)(int, const double *, double, int, double *) =
                is_linear ? linear_integral : relu_integral;
            value(k, c, b, target, gradient);
            for (int j = 0; j <= k; j++) {
                double h = 1e-5, *moved = j < k ? &c[j] : &b, at = *moved;
                *moved = at + h;
                double above = value(k, c, b, target, NULL);
                *moved = at - h;
                double below = value(k, c, b, target, NULL);
                *moved = at;
                cr_expect_float_eq(gradient[j], (above - below) / (2 * h), 1e-8, "case %d by %d", i,
                                   j);
            }
        }
    }
}

/* Elhage et al. 2022, "Superposition as a phase change": with W = [1, -1], b = 0 only two active
 * features err, by their minimum, E min(x, y)^2 = 1/6. */
Test(expected_loss, of_an_antipodal_pair_is_its_closed_form) {
    static const double G[] = {1, -1, -1, 1}, b[2], importance[] = {1, 3};
    static const double densities[] = {0, 0.01, 0.4, 1};
    for (int d = 0; d < 4; d++) {
        double s = densities[d], p[] = {s, s};
        ExpectedLossInput input = {2, ACTIVATION_RELU, G, b, p, importance};
        ExpectedLoss loss;
        expected_loss_terms(&input, 2, NULL, &loss);
        cr_expect_float_eq(loss.total, (1 + 3) * s * s / 6, 1e-15);
        cr_expect_eq(loss.terms[0], 0);
        cr_expect_float_eq(loss.terms[1], 0, 1e-15);
        cr_expect_float_eq(loss.probability[1], 2 * s * (1 - s), 1e-15);
        cr_expect_eq(loss.left_out, 0);
        cr_expect_eq(loss.bound, 0);
    }
}

/* Dropped features with y' = b err by E (x - b)^2 = p/3 - p b + b^2: every output by itself, so all
 * terms of three features add up to it. Probabilities differ; one feature is always active, one
 * never. */
Test(expected_loss, of_constant_outputs_is_its_closed_form) {
    static const double G[9], b[] = {0.2, 0, 0.5}, p[] = {1, 0.3, 0};
    static const double importance[] = {1, 0.5, 2};
    for (int a = 0; a < 2; a++) {
        ExpectedLossInput input = {3, a ? ACTIVATION_RELU : ACTIVATION_LINEAR, G, b, p, importance};
        ExpectedLoss loss;
        double by_feature[4 * 3];
        expected_loss_terms(&input, 3, by_feature, &loss);
        double total = 0;
        for (int i = 0; i < 3; i++) {
            double expected = importance[i] * (p[i] / 3 - p[i] * b[i] + b[i] * b[i]), sum = 0;
            for (int k = 0; k <= 3; k++)
                sum += by_feature[k * 3 + i];
            cr_expect_float_eq(sum, expected, 1e-15, "output %d", i);
            total += expected;
        }
        cr_expect_float_eq(loss.total, total, 1e-15);
        cr_expect_eq(loss.terms[0], 0, "one is always active");
        cr_expect_eq(loss.terms[3], 0, "one never is");
        cr_expect_float_eq(loss.probability[2], 0.3, 1e-15);
    }
}

typedef struct Sized {
    int n, m, max_active;
    double p;
    Activation output;
} Sized;

enum { MAX_N = 20 };

typedef struct Case {
    int n;
    double G[MAX_N * MAX_N], b[MAX_N], p[MAX_N], importance[MAX_N];
    ExpectedLossInput input;
} Case;

/* W random with rows of length about 1, biases below 0, probabilities between p/2 and 3p/2. */
static void case_init(Case *c, const Sized *sized, Rng *rng) {
    int n = c->n = sized->n, m = sized->m;
    double W[MAX_N * MAX_N];
    for (int i = 0; i < n * m; i++)
        W[i] = rng_normal(rng) / sqrt(m);
    for (int i = 0; i < n; i++) {
        c->b[i] = 0.1 * rng_normal(rng) - 0.1;
        c->p[i] = sized->p * (0.5 + rng_uniform(rng));
        c->importance[i] = pow(0.9, i);
        for (int j = 0; j < n; j++) {
            c->G[i * n + j] = 0;
            for (int k = 0; k < m; k++)
                c->G[i * n + j] += W[i * m + k] * W[j * m + k];
        }
    }
    c->input = (ExpectedLossInput){n, sized->output, c->G, c->b, c->p, c->importance};
}

static double sample_loss(const Case *c, Rng *rng, int *n_active) {
    double x[MAX_N], loss = 0;
    *n_active = 0;
    for (int i = 0; i < c->n; i++) {
        bool is_active = rng_uniform(rng) < c->p[i];
        x[i] = is_active ? rng_uniform(rng) : 0;
        *n_active += is_active;
    }
    for (int i = 0; i < c->n; i++) {
        double z = c->b[i];
        for (int j = 0; j < c->n; j++)
            z += c->G[i * c->n + j] * x[j];
        double error = x[i] - (c->input.output == ACTIVATION_RELU ? fmax(z, 0) : z);
        loss += c->importance[i] * error * error;
    }
    return loss;
}

/* 3 sigma of the samples' own spread at a fixed seed; samples of more features than the terms go to
 * are left out of the mean, and hold to the bound. */
Test(expected_loss, is_the_mean_of_samples) {
    static const Sized cases[] = {
        {5, 2, 2, 0.02, ACTIVATION_RELU},    {20, 5, 2, 0.01, ACTIVATION_RELU},
        {20, 5, 3, 0.05, ACTIVATION_RELU},   {3, 2, 3, 0.6, ACTIVATION_RELU},
        {20, 5, 2, 0.02, ACTIVATION_LINEAR}, {2, 1, 1, 0.5, ACTIVATION_RELU}};
    enum { N_SAMPLES = 400000 };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Rng rng;
        rng_init(&rng, 34, i, 0);
        Case c;
        case_init(&c, &cases[i], &rng);
        ExpectedLoss loss;
        expected_loss_terms(&c.input, cases[i].max_active, NULL, &loss);
        double sum = 0, squares = 0, rest = 0;
        int n_rest = 0;
        for (int s = 0; s < N_SAMPLES; s++) {
            int n_active;
            double value = sample_loss(&c, &rng, &n_active);
            if (n_active > cases[i].max_active) {
                n_rest++;
                rest += value;
                continue;
            }
            sum += value;
            squares += value * value;
        }
        double mean = sum / N_SAMPLES;
        double sigma = sqrt((squares / N_SAMPLES - mean * mean) / N_SAMPLES);
        cr_expect_float_eq(loss.total, mean, 3 * sigma, "case %zu: %g, samples %g ± %g", i,
                           loss.total, mean, sigma);
        double q = loss.left_out;
        cr_expect_float_eq(q, n_rest / (double)N_SAMPLES, 3 * sqrt(q * (1 - q) / N_SAMPLES));
        cr_expect_leq(rest / N_SAMPLES, loss.bound);
        cr_expect(n_rest == 0 || loss.bound > 0);
    }
}

/* C(400, 3) 0.02^3 0.98^397, and so on: the binomial distribution. */
Test(expected_loss, has_the_binomial_probabilities) {
    enum { N = 400 };
    static double G[N * N], b[N], p[N], importance[N];
    for (int i = 0; i < N; i++) {
        p[i] = 0.02;
        importance[i] = 1;
    }
    ExpectedLossInput input = {N, ACTIVATION_RELU, G, b, p, importance};
    ExpectedLoss loss;
    expected_loss_terms(&input, 1, NULL, &loss);
    double none = pow(0.98, N), one = N * 0.02 / 0.98 * none;
    cr_expect_float_eq(loss.probability[0], none, 1e-12 * none);
    cr_expect_float_eq(loss.probability[1], one, 1e-12 * one);
    cr_expect_float_eq(loss.left_out, 1 - none - one, 1e-12);
    cr_expect_float_eq(loss.terms[1], one / 3, 1e-12, "y' = 0 errs by x, E x^2 = 1/3");
    cr_expect_float_eq(loss.bound, N * loss.left_out, 1e-9, "at worst every feature is 1");
}

Test(expected_loss, has_the_derivatives_of_its_values) {
    static const Sized cases[] = {{4, 2, 3, 0.3, ACTIVATION_RELU},
                                  {5, 2, 2, 0.3, ACTIVATION_LINEAR}};
    for (int i = 0; i < 2; i++) {
        Rng rng;
        rng_init(&rng, 35, i, 0);
        Case c;
        case_init(&c, &cases[i], &rng);
        double dG[MAX_N * MAX_N], db[MAX_N];
        ExpectedLoss loss;
        double total = expected_loss_gradient(&c.input, cases[i].max_active, dG, db);
        expected_loss_terms(&c.input, cases[i].max_active, NULL, &loss);
        cr_expect_float_eq(total, loss.total, 1e-14);
        for (int j = 0; j < c.n * (c.n + 1); j++) {
            double h = 1e-5, *moved = j < c.n * c.n ? &c.G[j] : &c.b[j - c.n * c.n], at = *moved;
            *moved = at + h;
            expected_loss_terms(&c.input, cases[i].max_active, NULL, &loss);
            double above = loss.total;
            *moved = at - h;
            expected_loss_terms(&c.input, cases[i].max_active, NULL, &loss);
            *moved = at;
            double slope = (above - loss.total) / (2 * h);
            cr_expect_float_eq(j < c.n * c.n ? dG[j] : db[j - c.n * c.n], slope, 1e-8, "case %d",
                               i);
        }
    }
}

static Choice model_choice(const char *text, Arena *arena) {
    Problems problems = {.arena = arena};
    const Yaml *yaml = yaml_parse("test", text, strlen(text), arena, &problems);
    Choice choice;
    bool is_read = choice_read(&model_table, yaml, (Place){0}, NULL, 0, &choice, arena, &problems);
    cr_assert(is_read && problems.n == 0, "%s", text);
    return choice;
}

static void open_model(Model *model, const char *text, int n, Arena *arena) {
    Error error = {0};
    Choice choice = model_choice(text, arena);
    cr_assert(model_open(model, &choice, n, arena, &error), "%s", error.text);
    for (int64_t i = 0; i < model->n_parameters; i++)
        model->parameters[i] = (float)(i % 7) / 4 - 0.5f;
}

Test(expected_loss, takes_models_with_a_linear_hidden_layer) {
    Arena arena = {0};
    Error error = {0};
    Model model;
    ExpectedLossInput input;
    static const double ones[] = {1, 1, 1};
    open_model(&model, "{kind: relu_output, n_hidden: 2}", 3, &arena);
    cr_assert(expected_loss_input(&model, ones, ones, &arena, &input, &error));
    cr_expect_eq(input.output, ACTIVATION_RELU);
    cr_expect_float_eq(input.G[2 * 3 + 1],
                       (double)(model.W[4] * model.W[2] + model.W[5] * model.W[3]), 1e-7);
    cr_expect_eq(input.b[2], (double)model.b[2]);
    open_model(&model, "{kind: linear, n_hidden: 2}", 3, &arena);
    cr_assert(expected_loss_input(&model, ones, ones, &arena, &input, &error));
    cr_expect_eq(input.output, ACTIVATION_LINEAR);
    open_model(&model, "{kind: two_layer, n_hidden: 2}", 3, &arena);
    cr_assert_not(expected_loss_input(&model, ones, ones, &arena, &input, &error));
    cr_expect_str_eq(error.text,
                     "expected loss: no closed form but for a linear hidden layer and outputs that "
                     "are linear or have a ReLU, without a residual path (two_layer)");
    open_model(&model, "{kind: residual, n_hidden: 2, hidden_activation: linear}", 3, &arena);
    cr_assert_not(expected_loss_input(&model, ones, ones, &arena, &input, &error));
    open_model(&model,
               "{kind: two_layer, n_hidden: 2, hidden_activation: linear, output_activation: gelu}",
               3, &arena);
    cr_assert_not(expected_loss_input(&model, ones, ones, &arena, &input, &error));
    open_model(&model, "{kind: two_layer, n_hidden: 2, hidden_activation: linear}", 3, &arena);
    cr_assert(expected_loss_input(&model, ones, ones, &arena, &input, &error));
    cr_expect_eq(input.output, ACTIVATION_RELU);
    arena_release(&arena);
}
