/* metric: what the worst analytic attack adds to the loss. Expected numbers are closed forms,
 * integrals over a grid, and the definition itself, sample by sample. */
#include "tests/measured.h"

static double attacked(Setting *s, const char *name) {
    return value(s, "adversarial_vulnerability", name, 0);
}

/* Unit directions: a k-gon's W W^T is k/2 times a projection, so ||(W W^T)_i||^2 = k/2. */
Test(adversarial, shifts_of_dedicated_digon_and_pentagon) {
    static const struct {
        int n, m;
        double shift;
    } rows[] = {{2, 2, 1}, {2, 1, 1.4142135623730951}, {5, 2, 1.5811388300841898}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        int n = rows[r].n, m = rows[r].m;
        Setting s;
        setting_init(&s, n, 0.1, "identity",
                     m == 1 ? "{kind: relu_output, n_hidden: 1}"
                            : "{kind: relu_output, n_hidden: 2}");
        for (int i = 0; i < n; i++) {
            double angle = n == 5 ? 2 * M_PI * i / 5 : m == 1 ? M_PI * i : M_PI_2 * i;
            s.model.W[i * m] = (float)cos(angle);
            if (m == 2)
                s.model.W[i * m + 1] = (float)sin(angle);
        }
        double norms[5], shifts[5];
        Error error = {0};
        cr_assert(attack_norms(&s.model, norms, &error));
        for (int i = 0; i < n; i++) {
            double stored = value(&s, "adversarial_vulnerability", "adversarial_shift", i);
            attack_shifts(&s.model, i, norms[i], shifts);
            cr_assert_float_eq(stored, rows[r].shift, 1e-6);
            cr_assert_float_eq(shifts[i], rows[r].shift, 1e-6, "its own output");
        }
        arena_release(&s.arena);
    }
}

/* A dimension each and no bias: the attack moves one output by epsilon, which costs epsilon^2, on
 * the most important feature. A sample of one feature has mean norm p/2. */
Test(adversarial, dedicated_features_are_the_reference) {
    static const char *const kinds[] = {"{kind: relu_output, n_hidden: 4}",
                                        "{kind: linear, n_hidden: 4}"};
    for (int k = 0; k < 2; k++) {
        Setting s;
        setting_init(&s, 4, 0.3, "{kind: identity, importance: {decay: 0.5}}", kinds[k]);
        for (int i = 0; i < 4; i++)
            s.model.W[i * 4 + i] = 1;
        double epsilon = attacked(&s, "adversarial_epsilon");
        cr_assert_float_eq(attacked(&s, "adversarial_vulnerability"), epsilon * epsilon, 1e-6);
        cr_assert_float_eq(attacked(&s, "adversarial_ratio"), 1, 1e-5);
        for (int size = 0; size < 3; size++)
            cr_assert_float_eq(
                value(&s, "adversarial_vulnerability", "adversarial_ratio_by_size", size), 1, 1e-5);
        cr_assert_eq(attacked(&s, "adversarial_feature"), 0);
        arena_release(&s.arena);
    }
    Setting one;
    setting_init(&one, 1, 0.3, "identity", "{kind: relu_output, n_hidden: 1}");
    one.model.W[0] = 1;
    double se = sqrt((0.3 / 3 - 0.15 * 0.15) / 65536);
    cr_assert_float_eq(attacked(&one, "adversarial_epsilon"), 0.015, 5 * 0.1 * se);
    arena_release(&one.arena);
}

/* Loss of the digon under moves s and -s of its outputs, features u and v. */
static double digon_loss(double u, double v, double s) {
    double first = u - fmax(u - v + s, 0), second = v - fmax(v - u - s, 0);
    return first * first + second * second;
}

/* The mean of the change, or of its square, over samples: none active, one, both; means over the
 * unit interval and square by the midpoint rule, 1e-6 off at most. */
static double digon_moment(double p, double s, int power) {
    enum { GRID = 1000 };
    double one = 0, both = 0;
    for (int a = 0; a < GRID; a++) {
        double u = (a + 0.5) / GRID;
        one += pow(digon_loss(u, 0, s) - digon_loss(u, 0, 0), power);
        one += pow(digon_loss(0, u, s) - digon_loss(0, u, 0), power);
        for (int c = 0; c < GRID; c++) {
            double v = (c + 0.5) / GRID;
            both += pow(digon_loss(u, v, s) - digon_loss(u, v, 0), power);
        }
    }
    return (1 - p) * (1 - p) * pow(digon_loss(0, 0, s), power) + p * (1 - p) * one / GRID +
           p * p * both / GRID / GRID;
}

/* The standard error comes from 64 groups, so it is known to 1 / sqrt(126) = 9%; but at
 * p = 0.01 six samples of 65,536 have most of the variance. */
Test(adversarial, digon_is_the_integral) {
    static const double probabilities[] = {0.01, 0.3, 0.8};
    for (size_t r = 0; r < sizeof probabilities / sizeof *probabilities; r++) {
        Setting s;
        double p = probabilities[r];
        setting_init(&s, 2, p, "identity", "{kind: relu_output, n_hidden: 1}");
        s.model.W[0] = 1;
        s.model.W[1] = -1;
        double epsilon = attacked(&s, "adversarial_epsilon");
        double change = attacked(&s, "adversarial_vulnerability");
        double se = attacked(&s, "adversarial_vulnerability_se");
        double expected = digon_moment(p, sqrt(2) * epsilon, 1);
        double square = digon_moment(p, sqrt(2) * epsilon, 2);
        double expected_se = sqrt((square - expected * expected) / 65536);
        cr_assert_float_eq(change, expected, 4 * se + 2e-6, "p = %g: %g ± %g, not %g", p, change,
                           se, expected);
        cr_assert_float_eq(attacked(&s, "adversarial_ratio"), change / (epsilon * epsilon), 1e-5);
        for (int size = 0; size < 3; size++) {
            double by_size =
                value(&s, "adversarial_vulnerability", "adversarial_ratio_by_size", size);
            double length = epsilon * (1 << size);
            double exact = digon_moment(p, sqrt(2) * length, 1) / (length * length);
            double spread = sqrt(digon_moment(p, sqrt(2) * length, 2) / 65536) / (length * length);
            cr_assert_float_eq(by_size, exact, 4 * spread + 1e-4, "p = %g, size %d: %g, not %g", p,
                               size, by_size, exact);
        }
        if (p > 0.1)
            cr_assert_float_eq(se, expected_se, 0.36 * expected_se, "%g, not %g", se, expected_se);
        arena_release(&s.arena);
    }
}

/* The definition: for each attack, x and x + delta through the whole model. */
typedef struct Direct {
    const Model *model;
    double epsilon, norms[MAX_N], changes[MAX_N];
} Direct;

static void attack_directly(void *context, const float *x, const float *y, int64_t weight) {
    Direct *direct = context;
    int n = direct->model->n_features, m = direct->model->n_hidden;
    for (int i = 0; i < n; i++) {
        float moved[MAX_N], before[MAX_N], after[MAX_N];
        for (int j = 0; j < n; j++) {
            double dot = 0;
            for (int k = 0; k < m; k++)
                dot += (double)direct->model->W[i * m + k] * (double)direct->model->W[j * m + k];
            moved[j] = x[j] + (float)(direct->epsilon * dot / direct->norms[i]);
        }
        model_forward(direct->model, x, NULL, before);
        model_forward(direct->model, moved, NULL, after);
        for (int j = 0; j < n; j++)
            direct->changes[i] += (double)weight * (pow((double)y[j] - (double)after[j], 2) -
                                                    pow((double)y[j] - (double)before[j], 2));
    }
}

Test(adversarial, random_models_keep_the_definition) {
    Rng rng;
    rng_init(&rng, 31, 0, 0);
    for (int trial = 0; trial < 12; trial++) {
        Setting s;
        setting_init(&s, 7, trial % 2 ? 0.1 : 0.5, "identity",
                     trial % 3 ? "{kind: relu_output, n_hidden: 3}"
                               : "{kind: linear, n_hidden: 3, hidden_bias: true}");
        for (int64_t k = 0; k < s.model.n_parameters; k++)
            s.model.parameters[k] = (float)(0.6 * rng_normal(&rng));
        Direct direct = {.model = &s.model, .epsilon = attacked(&s, "adversarial_epsilon")};
        Error error = {0};
        int worst;
        cr_assert(attack_norms(&s.model, direct.norms, &error));
        cr_assert(attack_worst(&s.input, direct.epsilon, 2048, direct.norms, &worst, &error));
        cr_assert(samples_visit(&s.input, 2048, attack_directly, &direct, &error));
        for (int i = 0; i < 7; i++)
            cr_assert(direct.changes[i] <= direct.changes[worst] + 1e-2, "the same samples");
        memset(direct.changes, 0, sizeof direct.changes);
        cr_assert(samples_visit(&s.input, 65536, attack_directly, &direct, &error));
        double change = attacked(&s, "adversarial_vulnerability");
        double se = attacked(&s, "adversarial_vulnerability_se");
        cr_assert_eq(attacked(&s, "adversarial_feature"), worst);
        cr_assert_float_eq(change, direct.changes[worst] / 65536, 6 * se, "%g ± %g, not %g", change,
                           se, direct.changes[worst] / 65536);
        arena_release(&s.arena);
    }
}

Test(adversarial, is_not_defined_for_other_models) {
    static const char *const others[] = {"{kind: two_layer, n_hidden: 3}",
                                         "{kind: relu_hidden, n_hidden: 3}"};
    Setting s;
    for (int k = 0; k < 2; k++) {
        setting_init(&s, 3, 0.5, "identity", others[k]);
        cr_assert(isnan(attacked(&s, "adversarial_vulnerability")));
        cr_assert(isnan(attacked(&s, "adversarial_shift")));
        cr_assert(isnan(attacked(&s, "adversarial_ratio_by_size")));
        arena_release(&s.arena);
    }
    setting_init(&s, 3, 0.5, "identity", "{kind: relu_output, n_hidden: 3}");
    cr_assert_not(isnan(attacked(&s, "adversarial_vulnerability")));
    s.input.loss_exponent = 4;
    cr_assert(isnan(attacked(&s, "adversarial_vulnerability")));
    arena_release(&s.arena);
}
