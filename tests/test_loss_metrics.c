/* metric: the loss of single outputs, the exact terms of the expected loss. Expected numbers are
 * closed forms, and the definition itself, sample by sample. */
#include "tests/measured.h"

/* All weights 0 and b = 0: output i costs I_i E|x|^q, p / (q + 1), with E|x|^2q = p / (2q + 1). */
Test(loss_by_feature, is_the_closed_form_within_its_error) {
    for (int q = 1; q <= 4; q *= 2) {
        Setting s;
        setting_init(&s, 5, 0.2, "{kind: identity, importance: {decay: 0.5}}",
                     "{kind: relu_output, n_hidden: 2}");
        s.input.loss_exponent = q;
        for (int i = 0; i < 5; i++) {
            double mean = 0.2 / (q + 1), square = 0.2 / (2 * q + 1), importance = pow(0.5, i);
            double se = importance * sqrt((square - mean * mean) / 65536);
            double loss = value(&s, "loss_by_feature", "loss_by_feature", i);
            double found_se = value(&s, "loss_by_feature", "loss_by_feature_se", i);
            cr_assert_float_eq(loss, importance * mean, 4 * se, "%d: %g ± %g", i, loss, se);
            cr_assert_float_eq(found_se, se, 0.03 * se);
        }
        arena_release(&s.arena);
    }
}

/* Of every kind and task: the sum over features is the loss, as the kernels have it. */
Test(loss_by_feature, adds_up_to_the_loss) {
    static const char *const kinds[] = {"{kind: relu_output, n_hidden: 3}",
                                        "{kind: linear, n_hidden: 3, hidden_bias: true}",
                                        "{kind: relu_hidden, n_hidden: 5}",
                                        "{kind: two_layer, n_hidden: 4}",
                                        ("{kind: two_layer, n_hidden: 9, hidden_activation: gelu, "
                                         "output_activation: gelu}"),
                                        "{kind: residual, n_hidden: 2}"};
    Rng rng;
    rng_init(&rng, 32, 0, 0);
    for (int trial = 0; trial < 24; trial++) {
        Setting s;
        setting_init(&s, 8, trial % 2 ? 0.05 : 0.6,
                     trial % 4 < 2 ? "{kind: identity, importance: {decay: 0.7}}"
                                   : "absolute_value",
                     kinds[trial / 4]);
        for (int64_t k = 0; k < s.model.n_parameters; k++)
            s.model.parameters[k] = (float)(0.5 * rng_normal(&rng));
        s.input.loss_samples = 5000;
        double sum = 0, loss = value(&s, "loss", "loss", 0);
        for (int i = 0; i < 8; i++)
            sum += value(&s, "loss_by_feature", "loss_by_feature", i);
        cr_assert_float_eq(sum, loss, 1e-5 * loss, "%g, %g", sum, loss);
        arena_release(&s.arena);
    }
}

Test(loss_by_feature, refuses_no_samples) {
    static const char *const metrics[] = {"loss_by_feature", "adversarial_vulnerability"};
    for (int k = 0; k < 2; k++) {
        Setting s;
        setting_init(&s, 3, 0.5, "identity", "{kind: relu_output, n_hidden: 2}");
        const MetricKind *kind = (const MetricKind *)kind_find(&metric_table, metrics[k]);
        Measurements out = {.arena = &s.arena};
        Error error = {0};
        s.input.loss_samples = 0;
        cr_assert_not(kind->measure(&s.input, &out, &error));
        cr_assert_str_eq(error.text, "0 samples is not in [1, 2147483647]");
        arena_release(&s.arena);
    }
}

/* W = 0 and b = 0: a sample of k active features costs 1/3 for each of them, and there are
 * C(n, k) p^k (1 - p)^(n - k) such samples. */
Test(expected_loss, terms_of_a_silent_model) {
    Setting s;
    double p = 0.1;
    setting_init(&s, 5, p, "identity", "{kind: relu_output, n_hidden: 2}");
    static const double pairs[] = {1, 5, 10, 10};
    for (int k = 0; k < 4; k++) {
        double probability = pairs[k] * pow(p, k) * pow(1 - p, 5 - k);
        double term = value(&s, "expected_loss", "expected_loss", k);
        cr_assert_float_eq(term, probability * k / 3, 1e-12);
        cr_assert_float_eq(value(&s, "expected_loss", "expected_loss_probability", k), probability,
                           1e-12);
    }
    arena_release(&s.arena);
}

/* Random models and probabilities: the loss of samples lies between total and total + bound; with
 * p = 0.01 or less the bound is smaller than the error. */
Test(expected_loss, is_what_samples_have) {
    Rng rng;
    rng_init(&rng, 33, 0, 0);
    for (int trial = 0; trial < 8; trial++) {
        Setting s;
        setting_init(&s, 6, trial % 2 ? 0.003 : 0.01, "{kind: identity, importance: {decay: 0.8}}",
                     trial % 4 < 2 ? "{kind: relu_output, n_hidden: 3}"
                                   : "{kind: linear, n_hidden: 2, hidden_bias: true}");
        for (int64_t k = 0; k < s.model.n_parameters; k++)
            s.model.parameters[k] = (float)(0.4 * rng_normal(&rng));
        s.input.loss_samples = 1 << 20;
        double loss = value(&s, "loss", "loss", 0), se = value(&s, "loss", "loss_se", 0);
        double total = value(&s, "expected_loss", "expected_loss_total", 0);
        double bound = value(&s, "expected_loss", "expected_loss_bound", 0), sum = 0;
        for (int k = 0; k < 4; k++)
            sum += value(&s, "expected_loss", "expected_loss", k);
        cr_assert_float_eq(sum, total, 1e-12 * total);
        cr_assert(loss > total - 3 * se && loss < total + bound + 3 * se, "%g ± %g, not %g", loss,
                  se, total);
        arena_release(&s.arena);
    }
}

/* Up to three features nothing is left out, however dense they are. */
Test(expected_loss, is_all_of_the_loss_of_three_features) {
    Rng rng;
    rng_init(&rng, 34, 0, 0);
    for (int n = 2; n <= 3; n++) {
        Setting s;
        setting_init(&s, n, 0.8, "{kind: identity, importance: {last: 3}}",
                     "{kind: relu_output, n_hidden: 2}");
        for (int64_t k = 0; k < s.model.n_parameters; k++)
            s.model.parameters[k] = (float)(0.6 * rng_normal(&rng));
        s.input.loss_samples = 1 << 20;
        double loss = value(&s, "loss", "loss", 0), se = value(&s, "loss", "loss_se", 0);
        double total = value(&s, "expected_loss", "expected_loss_total", 0);
        cr_assert_float_eq(total, loss, 4 * se, "%d: %g ± %g, not %g", n, loss, se, total);
        cr_assert_lt(se, 1e-3 * loss);
        cr_assert_lt(value(&s, "expected_loss", "expected_loss_bound", 0), 1e-15);
        arena_release(&s.arena);
    }
}

/* What the closed form is not of has no number, and larger models lack the later terms. */
Test(expected_loss, is_not_defined_elsewhere) {
    static const char *const settings[][2] = {
        {"identity", "{kind: two_layer, n_hidden: 2}"},
        {"identity", "{kind: relu_hidden, n_hidden: 2}"},
        {"identity", "{kind: residual, n_hidden: 2, hidden_activation: linear}"},
        {"identity", "{kind: two_layer, n_hidden: 2, hidden_activation: linear, "
                     "output_activation: gelu}"},
        {"absolute_value", "{kind: linear, n_hidden: 2}"}};
    for (size_t k = 0; k < sizeof settings / sizeof *settings; k++) {
        Setting s;
        setting_init(&s, 3, 0.1, settings[k][0], settings[k][1]);
        cr_assert(isnan(value(&s, "expected_loss", "expected_loss", 0)));
        cr_assert(isnan(value(&s, "expected_loss", "expected_loss_total", 0)));
        arena_release(&s.arena);
    }
    Setting penalized;
    setting_init(&penalized, 3, 0.1, "identity", "{kind: linear, n_hidden: 2}");
    penalized.input.hidden_penalty = 0.1;
    cr_assert(isnan(value(&penalized, "expected_loss", "expected_loss", 0)));
    arena_release(&penalized.arena);
    static const char *const data[] = {"{n_features: 3, feature_probability: 0.1}",
                                       "{n_features: 3, feature_probability: 0.1, value: binary}",
                                       "{n_features: 3, feature_probability: 0.1, value_scale: 2}",
                                       "{n_features: 3, feature_probability: 0.1, unit_norm: true}",
                                       "{kind: one_hot, n_features: 3}"};
    for (size_t k = 0; k < sizeof data / sizeof *data; k++) {
        Setting s;
        Error error = {0};
        setting_init(&s, 3, 0.1, "identity", "{kind: linear, n_hidden: 2}");
        Choice choice = choose(&data_table, data[k], &s.arena);
        cr_assert(data_open(&s.data, &choice, &s.arena, &error), "%s", error.text);
        cr_assert_eq(isnan(value(&s, "expected_loss", "expected_loss", 0)), k > 0, "%s", data[k]);
        arena_release(&s.arena);
    }
    Setting larger;
    setting_init(&larger, 21, 0.001, "identity", "{kind: linear, n_hidden: 2}");
    cr_assert_not(isnan(value(&larger, "expected_loss", "expected_loss", 2)));
    cr_assert(isnan(value(&larger, "expected_loss", "expected_loss", 3)));
    arena_release(&larger.arena);
    Setting large;
    setting_init(&large, 201, 0.001, "identity", "{kind: linear, n_hidden: 2}");
    cr_assert_float_eq(value(&large, "expected_loss", "expected_loss", 1),
                       201 * 0.001 * pow(0.999, 200) / 3, 1e-12);
    cr_assert(isnan(value(&large, "expected_loss", "expected_loss", 2)));
    arena_release(&large.arena);
}
