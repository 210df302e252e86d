/* The cost formula's shape, as its definition in cost.h has it: linear in steps, batch and models,
 * falling with the feature probability down to what every step costs, growing with features and
 * hidden dimensions. No clock is read: tests/bench/bench_cost.c holds it to measured times. */
#include "sim/experiment/cost.h"
#include "tests/configured.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Expected seconds of all runs of the base under these settings. */
static double cost_under(const char *const *settings, int n) {
    static const char base[] = "data: {n_features: 400, feature_probability: 0.1}\n"
                               "model: {kind: relu_output, n_hidden: 30}\n"
                               "train: {steps: 20000, learning_rate: 1e-3}\n";
    Arena arena = {0};
    Experiment *experiment = read_config_with(base, settings, n, &arena);
    double seconds = cost_experiment(experiment, &cost_rates);
    arena_release(&arena);
    return seconds;
}

static double cost_with(const char *setting) {
    return cost_under(&setting, 1);
}

static double cost_of_shape(int n, int m, double p) {
    char features[40], hidden[40], probability[60];
    snprintf(features, sizeof features, "data.n_features=%d", n);
    snprintf(hidden, sizeof hidden, "model.n_hidden=%d", m);
    snprintf(probability, sizeof probability, "data.feature_probability=%g", p);
    const char *settings[] = {features, hidden, probability};
    return cost_under(settings, 3);
}

static void expect_near(double value, double expected, const char *what) {
    cr_expect(fabs(value - expected) <= 1e-9 * fabs(expected), "%s: %.12g, expected %.12g", what,
              value, expected);
}

/* Outputs settle after 0.1 / learning_rate = 100 steps; from there on a step costs the same. */
Test(cost, is_linear_in_steps) {
    double first = cost_with("train.steps=100"), half = cost_with("train.steps=50");
    double some = cost_with("train.steps=10100"), more = cost_with("train.steps=20100");
    expect_near(first, 2 * half, "before outputs settle");
    expect_near(more - first, 2 * (some - first), "after");
    cr_expect_eq(cost_with("train.steps=0"), 0);
}

Test(cost, is_linear_in_the_batch) {
    double one = cost_with("train.batch=1024"), two = cost_with("train.batch=2048");
    expect_near(cost_with("train.batch=8192"), one + 7 * (two - one), "eight batches");
    cr_expect_gt(one, 0.5 * two, "what does not depend on the batch is paid once");
}

Test(cost, doubles_with_the_models) {
    double one = cost_with("train.seed=1");
    expect_near(cost_with("sweep.train.seed=[1, 2]"), 2 * one, "two seeds");
    expect_near(cost_with("sweep.train.seed={range: [0, 8]}"), 8 * one, "eight seeds");
    expect_near(cost_with("train.restarts=3"), 3 * one, "three restarts");
}

/* Four learning rates see the same batches: draws once, everything else four times. 5 features:
 * four models that go in step fit a cache. Rates this large settle at once, so that all four cost
 * the same. */
Test(cost, shares_draws_where_runs_do) {
    const char *alone[] = {"data.n_features=5", "model.n_hidden=2", "train.learning_rate=1"};
    const char *swept[] = {"data.n_features=5", "model.n_hidden=2",
                           "sweep.train.learning_rate=[1, 2, 3, 4]"};
    const char *seeds[] = {"data.n_features=5", "model.n_hidden=2", "train.learning_rate=1",
                           "sweep.train.seed=[1, 2, 3, 4]"};
    double one = cost_under(alone, 3), all = cost_under(swept, 3);
    double draws = 1e-9 * 20000 *
                   (fmin(cost_rates.uniform * 5, cost_rates.gap * 0.5) * 1024 + cost_rates.block);
    expect_near(all, 4 * one - 3 * draws, "four learning rates");
    expect_near(cost_under(seeds, 4), 4 * one, "four seeds");
}

/* The floor: every step updates 400 x 30 + 400 parameters. */
Test(cost, falls_with_the_probability_to_a_floor) {
    static const double probabilities[] = {1, 0.5, 0.2, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0001};
    double before = INFINITY, least = 1e-9 * 20000 * cost_rates.parameter * 12400;
    for (size_t i = 0; i < sizeof probabilities / sizeof *probabilities; i++) {
        double cost = cost_of_shape(400, 30, probabilities[i]);
        cr_expect_leq(cost, before, "p = %g costs %g s, more than the p before: %g",
                      probabilities[i], cost, before);
        cr_expect_gt(cost, least);
        before = cost;
    }
    cr_expect_lt(before, 5 * least, "p = 0.0001 costs %g s, the floor is %g", before, least);
}

Test(cost, grows_with_features_and_hidden_dimensions) {
    static const int features[] = {2, 6, 7, 20, 32, 33, 80, 200, 400, 1000},
                     hidden[] = {1, 2, 8, 9, 30, 100, 200};
    static const double probabilities[] = {1, 0.1};
    for (int k = 0; k < 2; k++) {
        double p = probabilities[k], before = 0;
        for (size_t i = 0; i < sizeof features / sizeof *features; i++) {
            double cost = cost_of_shape(features[i], 2, p);
            cr_expect_gt(cost, before, "%d features, p = %g: %g s, not more than %g", features[i],
                         p, cost, before);
            before = cost;
        }
        before = 0;
        for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
            double cost = cost_of_shape(20, hidden[i], p);
            cr_expect_gt(cost, before, "%d hidden, p = %g: %g s, not more than %g", hidden[i], p,
                         cost, before);
            before = cost;
        }
    }
}

/* Drawn one by one, a feature's place and its value; and put into its lane. Otherwise as features
 * that are always active: min(uniform 5, gap n_active) is the same, and no sample is empty. */
Test(cost, knows_what_is_not_drawn_in_lanes) {
    const char *always[] = {"data.n_features=5", "data.feature_probability=1", "model.n_hidden=2"};
    const char *one_hot[] = {"data={kind: one_hot, n_features: 5}", "model.n_hidden=2"};
    double more = 1e-9 * 20000 * 1024 * (2 * cost_rates.number + cost_rates.placed);
    expect_near(cost_under(one_hot, 2), cost_under(always, 3) + more, "one active feature");
}

/* Two sets that are active with chance p, or have an active feature with 1 - (1 - p)^2 where each
 * is on its own. A set costs as much whatever it holds; coins for both where more than half of the
 * samples have them; the first of two features on their own is told from the other by four
 * logarithms, and is the first one half of the time: then the other has a coin. */
Test(cost, counts_what_sets_draw) {
    static const struct {
        const char *data;
        double numbers, choices, logs;
    } rows[] = {
        {"{kind: correlated, n_features: 6, set_size: 3, feature_probability: 0.05}", 0, 0.1, 0},
        {"{kind: correlated, n_features: 60, set_size: 30, feature_probability: 0.05}", 0, 0.1, 0},
        {"{kind: correlated, n_features: 6, set_size: 3, feature_probability: 0.8}", 2, 2, 0},
        {"{kind: anticorrelated, n_features: 6, set_size: 3, feature_probability: 0.05}", 0.3, 0.3,
         0},
        {"{kind: hierarchical, n_features: 6, set_size: 3, feature_probability: 0.05}", 0.2, 0.3,
         0},
        {"{kind: correlated, n_features: 4, set_size: 2, feature_probability: 0.2, correlation: "
         "0}",
         0.72 + 0.72 + 0.36, 0.72 + 0.36, 4 * 0.72}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena arena = {0};
        Problems problems = {.arena = &arena};
        Error error;
        Choice choice;
        Data data;
        const Yaml *node = yaml_parse("t", rows[i].data, strlen(rows[i].data), &arena, &problems);
        cr_assert(choice_read(&data_table, node, (Place){0}, NULL, 0, &choice, &arena, &problems));
        cr_assert(data_open(&data, &choice, &arena, &error), "%s", rows[i].data);
        DrawWork work = data.kind->work(&data);
        cr_expect_float_eq(work.numbers, rows[i].numbers, 1e-12, "%s: %g numbers", rows[i].data,
                           work.numbers);
        cr_expect_float_eq(work.choices, rows[i].choices, 1e-12, "%s: %g choices", rows[i].data,
                           work.choices);
        cr_expect_float_eq(work.logs, rows[i].logs, 1e-12, "%s: %g logs", rows[i].data, work.logs);
        arena_release(&arena);
    }
}

static double measuring_with(const char *setting) {
    static const char base[] = "data: {n_features: 40, feature_probability: 0.1}\n"
                               "model: {kind: relu_output, n_hidden: 10}\n"
                               "train: {steps: 1000}\n"
                               "record: {metrics: [loss], metrics_over_time: [loss], snapshots: "
                               "{every: 500}, loss_samples_over_time: 1}\n";
    Arena arena = {0};
    Problems problems = {.arena = &arena};
    Experiment *experiment =
        experiment_parse("t.yaml", base, sizeof base - 1, &setting, 1, &arena, &problems);
    cr_assert(experiment);
    double seconds = cost_measuring(experiment, &cost_rates);
    arena_release(&arena);
    return seconds;
}

/* Snapshots at steps 0, 500, 1000; the loss alone needs samples. */
Test(cost, of_measuring_is_linear_in_samples) {
    double one = measuring_with("record.loss_samples=1000"),
           two = measuring_with("record.loss_samples=2000");
    expect_near(measuring_with("record.loss_samples=9000"), one + 8 * (two - one), "at the end");
    expect_near(measuring_with("record.loss_samples_over_time=1001") -
                    measuring_with("record.loss_samples_over_time=1"),
                3 * (two - one), "at three snapshots");
    expect_near(measuring_with("record.metrics=[loss, feature_norm, geometry]"),
                measuring_with("record.metrics=[loss]"), "metrics of the weights");
    expect_near(measuring_with("train.restarts=4"), 4 * measuring_with("train.restarts=1"),
                "restarts");
}

/* Judging samples updates nothing: it costs as much whatever the batch is that training takes. */
Test(cost, of_measuring_does_not_depend_on_the_batch) {
    expect_near(measuring_with("train.batch=8192"), measuring_with("train.batch=1024"), "8192");
}

/* A machine that only multiplies and adds is faster than this program. */
Test(cost, limit_is_below_the_cost) {
    CostRates limit = cost_limit_rates(118);
    Arena arena = {0};
    Problems problems = {.arena = &arena};
    static const char text[] = "data: {n_features: 400, feature_probability: 0.01}\nmodel: {kind: "
                               "relu_output, n_hidden: 30}\n";
    Experiment *experiment =
        experiment_parse("t.yaml", text, sizeof text - 1, NULL, 0, &arena, &problems);
    cr_assert(experiment);
    cr_expect_lt(cost_experiment(experiment, &limit), cost_experiment(experiment, &cost_rates));
    arena_release(&arena);
}
