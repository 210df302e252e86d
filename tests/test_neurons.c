/* metric: what hidden units store, how often they fire, and the asymmetric motif. Expected numbers
 * are counted by hand on constructed weights, or closed forms. */
#include "sim/base/rng.h"
#include "sim/metric/metric.h"
#include "sim/metric/neurons.h"
#include "tests/choose.h"

#include <criterion/criterion.h>
#include <math.h>

typedef struct Made {
    Arena arena;
    Measurements all;
} Made;

static void make(const MetricInput *input, const char *metric, Made *made) {
    const MetricKind *kind = (const MetricKind *)kind_find(&metric_table, metric);
    Error error = {0};
    *made = (Made){.arena = {0}};
    made->all.arena = &made->arena;
    cr_assert(kind->measure(input, &made->all, &error), "%s", error.text);
    cr_assert_str_eq(made->all.items[0].name, metric);
}

static Made measure(const Model *model, const char *metric) {
    Made made;
    make(&(MetricInput){.model = model}, metric, &made);
    made.all.arena = NULL; /* it moves with the return */
    return made;
}

static const double *values(const Made *made, const char *name) {
    const Measurement *found = measurement_find(&made->all, name);
    cr_assert_not_null(found, "%s", name);
    return found->values;
}

static const char *label(const Made *made, const char *name, int i) {
    const Measurement *found = measurement_find(&made->all, name);
    return found->labels[(int)found->values[i]];
}

static Model relu_model(int n, int m, float *W, float *W2) {
    return (Model){.n_features = n, .n_hidden = m, .hidden = ACTIVATION_RELU, .W = W, .W2 = W2};
}

static void check_values(const double *found, const double *expected, int n, const char *name) {
    for (int i = 0; i < n; i++)
        cr_assert(found[i] == expected[i] || (isnan(found[i]) && isnan(expected[i])),
                  "%s[%d]: %g, not %g", name, i, found[i], expected[i]);
}

/* Feature 0 has unit 2; 1, 2 and 3 are (1, 1), (1, -1) and (-1, 1) on units 0 and 1; feature 4 is
 * too short to be stored (0.3^2 < 0.25), and unit 3 stores nothing. */
Test(neurons, a_binary_code_beside_a_feature_alone) {
    float W[] = {0, 0, 1,     0,    /**/ 0.9f, 0.9f, 0,          0, /**/ 0.8f, -0.8f,
                 0, 0, -0.8f, 0.8f, 0,         0,    /**/ 0.05f, 0, 0.1f,      0.3f};
    Model model = relu_model(5, 4, W, W);
    Made made = measure(&model, "neuron_code");
    cr_assert_str_eq(label(&made, "neuron_code", 0), "1 alone + 3 in 2");
    check_values(values(&made, "neuron_group"), (double[]){1, 1, 0, (double)NAN}, 4, "group");
    check_values(values(&made, "neuron_features"), (double[]){2, 2, 1, 0}, 4, "features");
    check_values(values(&made, "feature_neurons"), (double[]){1, 2, 1, 1, 0}, 5, "neurons");
    cr_assert_eq(values(&made, "neurons_monosemantic")[0], 1);
    cr_assert_eq(values(&made, "neurons_polysemantic")[0], 2);
    arena_release(&made.arena);
}

/* All ten pairs of five units, each feature inhibiting the other three. */
Test(neurons, pairs_are_one_group) {
    float W[50];
    int i = 0;
    for (int a = 0; a < 5; a++)
        for (int b = a + 1; b < 5; b++, i++)
            for (int k = 0; k < 5; k++)
                W[i * 5 + k] = k == a || k == b ? 0.7f : -1.4f;
    Model model = relu_model(10, 5, W, W);
    Made made = measure(&model, "neuron_code");
    cr_assert_str_eq(label(&made, "neuron_code", 0), "10 in 5");
    for (i = 0; i < 10; i++)
        cr_assert_eq(values(&made, "feature_neurons")[i], 2);
    for (int k = 0; k < 5; k++)
        cr_assert_eq(values(&made, "neuron_features")[k], 4);
    arena_release(&made.arena);
}

/* |x| of three features: two neurons each, whatever scale W and W2 share. */
Test(neurons, absolute_values_take_two_units_at_any_scale) {
    float W[18] = {0}, W2[18] = {0};
    for (int i = 0; i < 3; i++)
        for (int s = 0; s < 2; s++) {
            float scale = i == 1 ? 100 : s ? 0.01f : 1;
            W[i * 6 + 2 * i + s] = (s ? -1 : 1) * scale;
            W2[i * 6 + 2 * i + s] = 1 / scale;
        }
    Model model = relu_model(3, 6, W, W2);
    Made made = measure(&model, "neuron_code");
    cr_assert_str_eq(label(&made, "neuron_code", 0), "3 x 1 in 2");
    cr_assert_eq(values(&made, "neurons_monosemantic")[0], 6);
    arena_release(&made.arena);
}

Test(neurons, nothing_is_stored_in_nothing) {
    float W[6] = {0};
    Model model = relu_model(3, 2, W, W);
    Made made = measure(&model, "neuron_code");
    cr_assert_str_eq(label(&made, "neuron_code", 0), "nothing is stored");
    check_values(values(&made, "neuron_group"), (double[]){(double)NAN, (double)NAN}, 2, "group");
    arena_release(&made.arena);
}

/* A bias above |W| makes a unit linear: its parts are W W2, as of one without activation. */
Test(neurons, parts_of_lifted_units_are_those_of_linear_ones) {
    float W[] = {0.5f, -0.5f, -0.2f}, W2[] = {2, -2, 3}, lifted[] = {1, 1, 1};
    Model model = relu_model(1, 3, W, W2);
    static const double relu[] = {1, 0, 0.6}, biased[] = {1, 1, 0.6}, linear[] = {1, 1, -0.6};
    for (int k = 0; k < 3; k++) {
        cr_assert_float_eq(neuron_part(&model, 0, k), relu[k], 1e-6);
        model.b_hidden = lifted;
        cr_assert_float_eq(neuron_part(&model, 0, k), biased[k], 1e-6);
        model.b_hidden = NULL;
        model.hidden = ACTIVATION_LINEAR;
        cr_assert_float_eq(neuron_part(&model, 0, k), linear[k], 1e-6);
        model.hidden = ACTIVATION_RELU;
    }
}

/* Both ways of counting agree, a unit has a group where it stores something, and who stores what
 * does not depend on the units' order or scales. */
Test(neurons, random_models_are_counted_alike_from_both_sides) {
    Rng rng;
    rng_init(&rng, 5, 0, 0);
    for (int repeat = 0; repeat < 100; repeat++) {
        int n = 1 + (int)(rng_uniform(&rng) * 12), m = 1 + (int)(rng_uniform(&rng) * 8);
        float W[96], W2[96], other[96], other2[96];
        for (int i = 0; i < n; i++)
            for (int k = 0; k < m; k++) {
                float scale = (float)(k + 1);
                W[i * m + k] = (float)rng_normal(&rng) * (rng_uniform(&rng) < 0.4);
                W2[i * m + k] = (float)rng_normal(&rng);
                other[i * m + m - 1 - k] = W[i * m + k] * scale;
                other2[i * m + m - 1 - k] = W2[i * m + k] / scale;
            }
        Model model = relu_model(n, m, W, W2), turned = relu_model(n, m, other, other2);
        Made a = measure(&model, "neuron_code"), b = measure(&turned, "neuron_code");
        const double *features = values(&a, "neuron_features");
        double sum = 0, n_storing = 0;
        for (int k = 0; k < m; k++) {
            sum += features[k];
            n_storing += features[k] > 0;
            cr_assert_eq(features[k] > 0, !isnan(values(&a, "neuron_group")[k]));
            cr_assert_eq(features[k], values(&b, "neuron_features")[m - 1 - k]);
        }
        for (int i = 0; i < n; i++)
            sum -= values(&a, "feature_neurons")[i];
        cr_assert_eq(sum, 0);
        cr_assert_eq(n_storing,
                     values(&a, "neurons_monosemantic")[0] + values(&a, "neurons_polysemantic")[0]);
        cr_assert_str_eq(label(&a, "neuron_code", 0), label(&b, "neuron_code", 0));
        arena_release(&a.arena);
        arena_release(&b.arena);
    }
}

/* The paper's weights: W = [2, -1/2], W2 = [1/2, 2] in unit 0, and unit 1 that takes from output 1
 * what feature 0 would add to it there, 2 * 2 for x = 1. */
Test(motif, is_the_papers) {
    float W[] = {2, 1, /**/ -0.5f, 0}, W2[] = {0.5f, 0, /**/ 2, -4};
    static const struct {
        int entry; /* of both, changed to: */
        float W, W2;
        int n;
    } rows[] = {
        {1, 1, 0, 1},       {1, 3, 0, 1}, /* the sum is 0, or below */
        {1, 0.5f, 0, 0},                  /* half of it is left */
        {1, -1, 0, 0},                    /* fires for the other sign of x_0 */
        {0, 0.9f, 1.1f, 0},               /* [0.9, -0.5]: too even */
        {0, -2, 0.5f, 0},                 /* now x_0 < 0 fires unit 0, and unit 1 does not follow */
        {2, -0.5f, -2, 0},                /* feature 1 is not stored */
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        float changed[4], changed2[4];
        for (int e = 0; e < 4; e++) {
            changed[e] = e == rows[r].entry ? rows[r].W : W[e];
            changed2[e] = e == rows[r].entry ? rows[r].W2 : W2[e];
        }
        Model model = relu_model(2, 2, changed, changed2);
        Made made = measure(&model, "asymmetric_motif");
        cr_assert_eq(values(&made, "asymmetric_motifs")[0], rows[r].n, "row %zu", r);
        cr_assert_str_eq(label(&made, "asymmetric_motif", 0), rows[r].n ? "asymmetric" : "other",
                         "row %zu", r);
        cr_assert_str_eq(label(&made, "asymmetric_motif", 1), rows[r].n ? "inhibiting" : "other",
                         "row %zu", r);
        arena_release(&made.arena);
    }
}

/* Features 0 and 1 active with p = 0.4, values uniform. Unit 0 fires when feature 0 is active: p;
 * unit 1 when x_0 > x_1: p (1 - p) + p^2 / 2; unit 2 never; unit 3 always, by its bias. */
Test(activity, is_the_share_of_samples_in_closed_form) {
    const double p = 0.4;
    Arena arena = {0};
    Error error = {0};
    Choice data_choice = choose(&data_table, "{n_features: 2, feature_probability: 0.4}", &arena);
    Choice task_choice = choose(&task_table, "identity", &arena);
    Choice model_choice =
        choose(&model_table, "{kind: two_layer, n_hidden: 4, hidden_bias: true}", &arena);
    Data data;
    Task task;
    Model model;
    cr_assert(data_open(&data, &data_choice, &arena, &error), "%s", error.text);
    cr_assert(task_open(&task, &task_choice, 2, &arena, &error), "%s", error.text);
    cr_assert(model_open(&model, &model_choice, 2, &arena, &error), "%s", error.text);
    const float W[] = {1, 1, -1, -1, /**/ 0, -1, -1, -1};
    for (int i = 0; i < 8; i++)
        model.W[i] = W[i];
    model.b_hidden[3] = 2.5f;
    MetricInput input = {.model = &model,
                         .data = &data,
                         .task = &task,
                         .loss_exponent = 2,
                         .loss_samples = 65536,
                         .key = rng_key(7, 0, PURPOSE_EVALUATE),
                         .isa = isa_best()};
    Made made;
    make(&input, "neuron_activity", &made);
    const double *share = values(&made, "neuron_activity"), first = p,
                 second = p * (1 - p) + p * p / 2;
    cr_assert_float_eq(share[0], first, 4 * sqrt(first * (1 - first) / 65536));
    cr_assert_float_eq(share[1], second, 4 * sqrt(second * (1 - second) / 65536));
    cr_assert_eq(share[2], 0);
    cr_assert_eq(share[3], 1);
    arena_release(&made.arena);
    arena_release(&arena);
}
