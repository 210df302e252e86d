/* The summary phase_agreement: of runs written here, so that means, classes and ratios follow by
 * hand or from the closed forms of theory. */
#include "sim/store/store.h"
#include "sim/summary/summary.h"
#include "sim/theory/phase_optimum.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static Arena arena;
static Store *store;
static char path[64];

static void open_store(void) {
    Error error = {0};
    snprintf(path, sizeof path, "/tmp/test_phase_agreement-%d.db", (int)getpid());
    unlink(path);
    cr_assert(store_open(&store, path, STORE_WRITE, &error), "%s", error.text);
    cr_assert(store_set_fact(store, "axes",
                             "[\"data.feature_probability\", \"task.importance.last\"]", &error));
}

static void close_store(void) {
    Error error = {0};
    cr_assert(store_close(store, &error), "%s", error.text);
    unlink(path);
    arena_release(&arena);
}

TestSuite(phase_agreement, .init = open_store, .fini = close_store);

/* Densities as in the sweep, which need not be sorted: 0.1, 1; importances 0.5, 2. */
static const double densities[] = {0.1, 1}, importances[] = {0.5, 2};
enum { N_RESTARTS = 3 };

typedef struct Trained {
    double norm, interference, loss; /* loss NaN: the run failed */
} Trained;

static const char two_to_one[] =
    "{data: {kind: independent, n_features: 2}, model: {kind: relu_output, n_hidden: 1}}";

static void add_run(int64_t number, const char *settings, double density, double importance,
                    Trained trained) {
    bool is_done = !isnan(trained.loss);
    StoredRun run = {.number = number,
                     .point = number / N_RESTARTS,
                     .restart = number % N_RESTARTS,
                     .identity = arena_print(&arena, "%032lld", (long long)number),
                     .settings = settings,
                     .axes = arena_print(&arena,
                                         "{\"data.feature_probability\": %.17g, "
                                         "\"task.importance.last\": %.17g}",
                                         density, importance),
                     .status = is_done ? RUN_DONE : RUN_FAILED,
                     .steps = 10,
                     .loss = 1,
                     .error = is_done ? NULL : "step 3"};
    double norm[] = {9, trained.norm}, interference[] = {9, trained.interference};
    const StoredMeasurement made[] = {
        {10, "feature_norm", "", {"feature_norm", 1, {2}, norm, NULL, 0}},
        {10, "interference", "", {"interference", 1, {2}, interference, NULL, 0}},
        {10, "expected_loss", "", {"expected_loss_total", 0, {0}, &trained.loss, NULL, 0}}};
    Error error = {0};
    cr_assert(store_add_run(store, &run, NULL, 0, made, is_done ? 3 : 0, &error), "%s", error.text);
}

#define FAILED                                                                                     \
    { 0, 0, (double)NAN }

/* By point, the last axis fastest. The worst of a point is not always its last. */
static const Trained trained[4][N_RESTARTS] = {
    {{1, 1, 0.003}, {0.9, 0.8, 0.0025}, {0, 0, 0.01}},  /* 0.1, 0.5: superposition */
    {{1, 0, 0.006}, {1, 0.04, 0.0055}, {1, 1, 0.005}},  /* 0.1, 2: the best one alone is shared */
    {{0.4, 0, 0.05}, {0.5, 0.9, 0.045}, FAILED},        /* 1, 0.5: not represented */
    {{1.1, 0.01, 0.09}, {0.1, 0, 0.2}, {1, 0, 0.0835}}, /* 1, 2: dedicated */
};

static void add_runs(void) {
    for (int i = 0; i < 4 * N_RESTARTS; i++)
        add_run(i, two_to_one, densities[i / N_RESTARTS / 2], importances[i / N_RESTARTS % 2],
                trained[i / N_RESTARTS][i % N_RESTARTS]);
}

static bool make(const char *settings, Error *error) {
    Problems problems = {.arena = &arena};
    Choice row;
    const Yaml *node = yaml_parse("test", settings, strlen(settings), &arena, &problems);
    cr_assert(choice_read(&summary_table, node, node->place, NULL, 0, &row, &arena, &problems) &&
              !problems.n);
    ((SummarySettings *)row.settings)->name = "phase";
    Choices rows = {&row, 1};
    return summaries_make(&rows, store, error);
}

static void make_well(const char *settings) {
    Error error = {0};
    cr_assert(make(settings, &error), "%s", error.text);
}

static Measurement part(const char *name) {
    StoredMeasurement stored;
    Error error = {0};
    bool found;
    cr_assert(store_measurement(store, 0, name, 0, &arena, &stored, &found, &error) && found, "%s",
              name);
    return stored.measurement;
}

static void check(const char *name, int n, const double *expected) {
    Measurement made = part(name);
    cr_assert_eq(measurement_count(&made), n, "%s", name);
    for (int i = 0; i < n; i++) {
        if (isnan(expected[i]))
            cr_assert(isnan(made.values[i]), "%s[%d]", name, i);
        else
            cr_assert_float_eq(made.values[i], expected[i], 1e-12, "%s[%d] is %.17g", name, i,
                               made.values[i]);
    }
}

static void check_classes(const char *name, const char *const *expected) {
    Measurement made = part(name);
    for (int i = 0; i < 4; i++)
        cr_assert_str_eq(made.labels[(int)made.values[i]], expected[i], "%s[%d]", name, i);
}

static const char ignored[] = "not represented", shared[] = "superposition",
                  alone[] = "dedicated dimension";

/* Rows are densities 1, 0.1; columns importances 0.5, 2. Means leave out the one of highest loss,
 * but keep at least one. */
Test(phase_agreement, sorts_the_grid_and_averages_all_but_the_worst) {
    add_runs();
    make_well("phase_agreement");
    check("phase_n_features", 1, (const double[]){2});
    check("phase_density", 2, (const double[]){1, 0.1});
    check("phase_importance", 2, (const double[]){0.5, 2});
    check("phase_norm", 4, (const double[]){0.5, 1.05, 0.95, 1});
    check("phase_interference", 4, (const double[]){0.9, 0.005, 0.9, 0.52});
    check_classes("phase_class", (const char *const[]){ignored, alone, shared, shared});
    check("phase_best_norm", 4, (const double[]){0.5, 1, 0.9, 1});
    check("phase_best_interference", 4, (const double[]){0.9, 0, 0.8, 1});
    check("phase_best_loss", 4, (const double[]){0.045, 0.0835, 0.0025, 0.005});
    check_classes("phase_best_class", (const char *const[]){ignored, alone, shared, shared});
    make_well("{kind: phase_agreement, discard: 0}");
    check("phase_norm", 4, (const double[]){0.45, 2.2 / 3, 1.9 / 3, 1});
    make_well("{kind: phase_agreement, discard: 9}");
    check("phase_norm", 4, (const double[]){0.5, 1, 0.9, 1});
}

/* f = s/3 - s^2/4 is 1/12 at s = 1, g = r f, h = (1 + r) s^2/6 (Elhage et al. 2022); the optimum is
 * that of each point by itself. */
Test(phase_agreement, has_both_theories_and_ratios_of_the_best) {
    add_runs();
    make_well("phase_agreement");
    const double ideal[] = {0.5 / 12, 1 / 12., 0.0025, 0.005};
    const double best[] = {0.045, 0.0835, 0.0025, 0.005};
    double ratio[4], optimum[4], optimum_ratio[4], norm[4], interference[4];
    for (int i = 0; i < 4; i++) {
        PhaseOptimum found;
        phase_optimum(2, i < 2 ? 1 : 0.1, importances[i % 2], &found);
        ratio[i] = best[i] / ideal[i];
        optimum[i] = found.loss;
        optimum_ratio[i] = best[i] / found.loss;
        norm[i] = found.norm;
        interference[i] = found.interference;
    }
    check("phase_ideal_loss", 4, ideal);
    check("phase_ratio", 4, ratio);
    check_classes("phase_ideal_class", (const char *const[]){ignored, alone, shared, shared});
    check_classes("phase_optimum_class", (const char *const[]){ignored, alone, shared, shared});
    Measurement made = part("phase_optimum_loss");
    for (int i = 0; i < 4; i++) {
        cr_assert_float_eq(made.values[i], optimum[i], 1e-9);
        cr_assert_float_eq(part("phase_ratio_optimum").values[i], optimum_ratio[i], 1e-6);
        cr_assert_float_eq(part("phase_optimum_norm").values[i], norm[i], 1e-4);
        cr_assert_float_eq(part("phase_optimum_interference").values[i], interference[i], 1e-4);
    }
    make_well("{kind: phase_agreement, least_density: 0.2}");
    check("phase_ratio", 2, ratio);
}

/* All four points agree at first; then two of the means, and one of the best, do not. */
Test(phase_agreement, counts_points_of_the_same_class) {
    add_runs();
    make_well("phase_agreement");
    const char *const names[] = {"phase", "phase_optimum", "phase_best", "phase_best_optimum"};
    for (int i = 0; i < 4; i++)
        check(names[i], 1, (const double[]){100});
    add_run(1, two_to_one, 0.1, 0.5, (Trained){0.1, 0, 0.0025});
    add_run(0, two_to_one, 0.1, 0.5, (Trained){0.3, 0, 0.003});
    add_run(3, two_to_one, 0.1, 2, (Trained){1, 0, 0.0051});
    add_run(5, two_to_one, 0.1, 2, (Trained){1, 0.3, 0.005});
    make_well("phase_agreement");
    for (int i = 0; i < 4; i++)
        check(names[i], 1, (const double[]){i < 2 ? 50 : 75});
}

/* A point without any run is NaN and does not count. */
Test(phase_agreement, leaves_out_points_without_models) {
    for (int i = 0; i < 3 * N_RESTARTS; i++)
        add_run(i, two_to_one, densities[i / N_RESTARTS / 2], importances[i / N_RESTARTS % 2],
                trained[i / N_RESTARTS][i % N_RESTARTS]);
    make_well("phase_agreement");
    check("phase_norm", 4, (const double[]){0.5, (double)NAN, 0.95, 1});
    check("phase_best", 1, (const double[]){100});
    cr_assert(isnan(part("phase_class").values[1]) && isnan(part("phase_ratio").values[1]));
    cr_assert_eq(part("phase_ideal_class").values[1], PHASE_DEDICATED);
}

static void check_refused(const char *message) {
    Error error = {0};
    cr_assert_not(make("phase_agreement", &error));
    cr_assert_not_null(strstr(error.text, message), "%s", error.text);
}

Test(phase_agreement, refuses_models_that_theory_does_not_know) {
    static const char *const settings[][2] = {
        {"{data: {n_features: 4}, model: {kind: relu_output, n_hidden: 3}}",
         "relu_output with 4 in 3"},
        {"{data: {n_features: 3}, model: {kind: relu_output, n_hidden: 1}}", "with 3 in 1"},
        {"{data: {n_features: 2}, model: {kind: linear, n_hidden: 1}}", "not linear with 2 in 1"},
        {"{}", "not this model"}};
    check_refused("no run is done");
    for (int i = 0; i < 4; i++) {
        add_run(0, settings[i][0], 1, 1, trained[0][0]);
        check_refused(settings[i][1]);
    }
}

Test(phase_agreement, refuses_two_points_in_a_cell_and_runs_without_an_exact_loss) {
    add_runs();
    add_run(4 * N_RESTARTS, two_to_one, 1, 2, trained[0][0]);
    check_refused("points 3 and 4 have density 1 and importance 2");
    add_run(4 * N_RESTARTS, two_to_one, 1, 0, trained[0][0]);
    check_refused("run 12 has density 1 and importance 0");
    StoredRun bare = {.number = 12,
                      .point = 4,
                      .identity = arena_print(&arena, "%032d", 12),
                      .settings = two_to_one,
                      .axes = "{\"data.feature_probability\": 1, \"task.importance.last\": 3}",
                      .status = RUN_DONE,
                      .steps = 10};
    Error error = {0};
    cr_assert(store_add_run(store, &bare, NULL, 0, NULL, 0, &error));
    check_refused("run 12 has no exact expected loss");
}
