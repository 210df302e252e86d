/* summaries: of runs written here, so that every number follows by hand or from a closed form. */
#include "tests/summarized.h"

TestSuite(summary, .init = open_store, .fini = close_store);

Test(summary, loss_ratio_is_over_the_lowest_of_the_point) {
    static const double expected[] = {2, 1, NONE, 1, 1.95, 1.1};
    int64_t n;
    add_few(6);
    for (int again = 0; again < 2; again++)
        make("[{kind: loss_ratio, name: ratio}]");
    StoreColumn column = column_of("ratio", &n);
    for (int i = 0; i < 6; i++)
        check_close(column.values[i], expected[i], "ratio", i);
    cr_assert_not(is_there("ratio"), "it is the runs' own");
}

/* Of 0.4 and 0.2 the former is left out, of 0.01, 0.0195 and 0.011 the second. */
Test(summary, mean_of_kept_leaves_out_the_highest_loss) {
    add_few(6);
    make("[{kind: mean_of_kept, name: a}, {kind: mean_of_kept, name: b, metric: count},"
         " {kind: mean_of_kept, name: c, metric: count, discard: 0},"
         " {kind: mean_of_kept, name: d, metric: 'norms[-1]', discard: 100}]");
    check_whole("a", 2, (double[]){0.2, 0.0105});
    check_whole("b", 2, (double[]){2, 5});
    check_whole("c", 2, (double[]){1.5, 17 / 3.0});
    check_whole("d", 2, (double[]){2, 6});
}

Test(summary, looks_at_the_runs_that_at_chooses) {
    add_few(6);
    make("[{kind: mean_of_kept, name: a, at: {p: 5e-2}},"
         " {kind: loss_ratio, name: ratio, at: {p: 1}}]");
    check_whole("a", 2, (double[]){NONE, 0.0105});
    static const double expected[] = {2, 1, NONE, NONE, NONE, NONE};
    int64_t n;
    StoreColumn column = column_of("ratio", &n);
    for (int i = 0; i < 6; i++)
        check_close(column.values[i], expected[i], "ratio", i);
}

/* A sweep of the axes x and kind: one run a row, three restarts a point. */
typedef struct Row {
    int64_t number; /* point * 3 + restart */
    double x;
    const char *kind;
    Numbers numbers;
} Row;

static void add_rows(const Row *rows, int n) {
    Error error = {0};
    cr_assert(store_set_fact(store, "axes", "[\"x\", \"kind\"]", &error));
    for (int i = 0; i < n; i++)
        add_run(rows[i].number,
                arena_print(&arena, "{\"x\": %.17g, \"kind\": \"%s\"}", rows[i].x, rows[i].kind),
                &rows[i].numbers);
}

#define ADD_ROWS(rows) add_rows(rows, sizeof rows / sizeof *rows)
#define RUN(loss, count, shape)                                                                    \
    { RUN_DONE, loss, count, shape }

/* Branches 1 + 2x and 2 + x, which cross in (1, 3); rejected runs lie above, others beside. */
static const Row branches[] = {
    {0, 0.25, "a", RUN(1.5, 0, "cube")},    {1, 0.25, "a", RUN(2.25, 0, "digon")},
    {2, 0.25, "a", RUN(1.75, 0, "cube")},   {3, 0.5, "a", RUN(2, 0, "cube")},
    {4, 0.5, "a", RUN(2.5, 0, "2 digons")}, {5, 0.5, "a", RUN(0.1, 0, "pentagon")},
    {6, 2, "a", RUN(4, 0, "digon")},        {7, 2, "a", RUN(5, 0, "cube")},
    {8, 2, "a", RUN(NONE, 0, "cube")},      {9, 4, "a", RUN(9, 0, "cube")},
    {12, 8, "a", RUN(10, 0, "digon")},      {15, 1, "a", {RUN_FAILED, NONE, 0, NULL}},
};

Test(summary, crossing_is_where_straight_lines_meet) {
    ADD_ROWS(branches);
    make("[{kind: crossing, name: c, axis: x, by: shape, classes: [cube, [digon, 2 digons]]}]");
    check_whole("c", 1, (double[]){1});
    make("[{kind: crossing, name: c, axis: x, by: shape, classes: [cube, [digon, 2 digons]]},"
         " {kind: slope, name: s, axis: x, by: shape, classes: [cube, [digon, 2 digons]]}]");
    cr_assert_str_eq(whole("s_class").measurement.labels[1], "digon");
    check_whole("c_count", 1, (double[]){1});
    check_whole("c_value", 1, (double[]){3});
    check_whole("c_slopes", 2, (double[]){2, 1});
    check_whole("c_slope_ratio", 1, (double[]){2});
    check_whole("c_x", 5, (double[]){0.25, 0.5, 2, 4, 8});
    check_whole("c_branches", 10, (double[]){1.5, 2, 5, 9, NONE, 2.25, 2.5, 4, NONE, 10});
}

/* Power laws x^2 and 4/x meet at the cube root of 4, where both are its square; as straight lines
 * in the logarithm they do so exactly. */
Test(summary, crossing_in_the_logarithm) {
    Row rows[8];
    for (int i = 0; i < 4; i++) {
        double x = pow(3, i - 1);
        rows[2 * i] = (Row){3 * i, x, "a", RUN(x * x, 0, "cube")};
        rows[2 * i + 1] = (Row){3 * i + 1, x, "b", RUN(4 / x, 0, "cube")};
    }
    ADD_ROWS(rows);
    make("[{kind: crossing, name: c, axis: x, by: kind, classes: [a, b], log: both}]");
    check_whole("c", 1, (double[]){cbrt(4)});
    check_whole("c_value", 1, (double[]){pow(4, 2 / 3.0)});
    check_whole("c_slopes", 2, (double[]){2, -1});
    check_whole("c_x", 4, (double[]){1 / 3.0, 1, 3, 9});
}

/* Differences at x = 0, 1, …; runs of both kinds at each. */
static void check_crossings(const double *differences, int n, double x, double count) {
    Row rows[16];
    for (int i = 0; i < n; i++) {
        rows[2 * i] = (Row){3 * i, i, "a", RUN(10 + differences[i], 0, "cube")};
        rows[2 * i + 1] = (Row){3 * i + 1, i, "b", RUN(10, 0, "cube")};
    }
    add_rows(rows, 2 * n);
    make("[{kind: crossing, name: c, axis: x, by: kind, classes: [a, b]}]");
    check_whole("c", 1, &x);
    check_whole("c_count", 1, &count);
}

Test(summary, crossing_needs_the_order_to_turn) {
    check_crossings((double[]){1, 2, 1}, 3, NONE, 0);
    check_crossings((double[]){1, 0, 1}, 3, NONE, 0);
    check_crossings((double[]){1, 0, -1}, 3, 1, 1);
    check_crossings((double[]){0, 0, -1}, 3, NONE, 0);
    check_crossings((double[]){1, -3, -1, 2, 2}, 5, 0.25, 2);
}

/* Least squares by hand: mean (2.5, 2.75), sums of squares 5 and 8.75, of products 5.5. */
Test(summary, slope_is_of_least_squares) {
    static const Row rows[] = {{0, 1, "a", RUN(1, 0, NULL)},
                               {1, 1, "a", RUN(7, 0, NULL)},
                               {3, 2, "a", RUN(3, 0, NULL)},
                               {6, 3, "a", RUN(2, 0, NULL)},
                               {9, 4, "a", RUN(5, 0, NULL)}};
    ADD_ROWS(rows);
    make("[{kind: slope, name: s, axis: x}, {kind: slope, name: all, axis: x, runs: all}]");
    check_whole("s", 1, (double[]){1.1});
    check_whole("s_intercept", 1, (double[]){0});
    check_whole("s_r2", 1, (double[]){6.05 / 8.75});
    cr_assert_eq(whole("s").measurement.rank, 0);
    /* With the other restart: means 2.2 and 3.6, sums of squares 6.8 and 23.2, of products 0.4. */
    check_whole("all", 1, (double[]){0.4 / 6.8});
    check_whole("all_intercept", 1, (double[]){3.6 - 2.2 * 0.4 / 6.8});
    check_whole("all_r2", 1, (double[]){0.4 * 0.4 / 6.8 / 23.2});
}

/* A level line explains all there is; no x in common: nothing is known. */
Test(summary, level_lines_and_curves_apart) {
    static const Row rows[] = {{0, 1, "a", RUN(5, 0, NULL)},
                               {3, 2, "a", RUN(5, 0, NULL)},
                               {6, 4, "a", RUN(5, 0, NULL)},
                               {9, 3, "b", RUN(7, 0, NULL)}};
    ADD_ROWS(rows);
    make("[{kind: slope, name: s, axis: x, by: kind, classes: [a, b]},"
         " {kind: comparison, name: c, axis: x, by: kind, classes: [a, b]}]");
    check_whole("s", 2, (double[]){0, NONE});
    check_whole("s_intercept", 2, (double[]){5, NONE});
    check_whole("s_r2", 2, (double[]){1, NONE});
    check_whole("c", 1, (double[]){NONE});
    check_whole("c_correlation", 1, (double[]){NONE});
}

/* 3 x^-1.5 for kind a and 2 x for b, against x and against another measurement; one point: none. */
Test(summary, slope_of_each_class_in_the_logarithm) {
    Row rows[8];
    for (int i = 0; i < 4; i++) {
        double x = pow(2, i);
        rows[2 * i] = (Row){6 * i, x, "a", RUN(3 * pow(x, -1.5), sqrt(x), "cube")};
        rows[2 * i + 1] = (Row){6 * i + 3, x, "b", RUN(2 * x, x * x, i ? "cube" : "digon")};
    }
    ADD_ROWS(rows);
    make("[{kind: slope, name: s, axis: x, by: kind, log: both},"
         " {kind: slope, name: m, axis: count, by: kind, classes: [b, a], log: both},"
         " {kind: slope, name: one, axis: x, by: shape, classes: [digon, cube]}]");
    check_whole("s", 2, (double[]){-1.5, 1});
    check_whole("s_intercept", 2, (double[]){log(3), log(2)});
    check_whole("s_r2", 2, (double[]){1, 1});
    check_whole("m", 2, (double[]){0.5, -3});
    cr_assert(isnan(whole("one").measurement.values[0]));
    cr_assert_not(isnan(whole("one").measurement.values[1]));
    StoredMeasurement classes = whole("m_class");
    cr_assert_str_eq(classes.measurement.labels[(int)classes.measurement.values[0]], "b");
}

/* 1 3 2 4 4: eight pairs rise, one falls, one is even; ranks -2 0 -1 1.5 1.5 about their mean. */
Test(summary, monotone_counts_pairs_and_finds_the_worst_fall) {
    static const double rising[] = {1, 3, 2, 4, 4};
    Row rows[10];
    for (int i = 0; i < 5; i++) {
        rows[2 * i] = (Row){6 * i, i, "a", RUN(rising[i], 0, NULL)};
        rows[2 * i + 1] = (Row){6 * i + 3, i, "b", RUN(-i, 0, NULL)};
    }
    ADD_ROWS(rows);
    make("[{kind: monotone, name: m, axis: x, by: kind},"
         " {kind: monotone, name: f, axis: x, metric: loss, runs: lowest, at: {kind: b}}]");
    check_whole("m", 2, (double[]){0.7, -1});
    check_whole("m_spearman", 2, (double[]){8.5 / sqrt(95), -1});
    check_whole("m_violation", 2, (double[]){1, 0});
    check_whole("f", 1, (double[]){-1});
}

Test(summary, best_of_class_is_at_each_point) {
    ADD_ROWS(branches);
    make("[{kind: best_of_class, name: b, by: shape, classes: [cube, digon]}]");
    check_whole("b", 12, (double[]){1.5, 2.25, 2, NONE, 5, 4, 9, NONE, NONE, 10, NONE, NONE});
    check_whole("b_count", 12, (double[]){2, 1, 1, 0, 1, 1, 1, 0, 0, 1, 0, 0});
    check_whole("b_class", 6, (double[]){0, 0, 1, 0, 1, NONE});
    make("[{kind: best_of_class, name: b, by: shape}]"); /* cube, digon, 2 digons, pentagon */
    cr_assert_eq(whole("b").measurement.shape[1], 4);
    cr_assert_str_eq(whole("b_class").measurement.labels[0], "cube");
    cr_assert_str_eq(whole("b_class").measurement.labels[2], "2 digons");
}

/* Twice x, and that times 1.1, 1 and 0.9; x = 4 has only one of them. */
Test(summary, comparison_is_of_what_both_have) {
    static const Row rows[] = {{0, 1, "a", RUN(2, 4, NULL)}, {1, 1, "b", RUN(2.2, 0, NULL)},
                               {3, 2, "a", RUN(4, 8, NULL)}, {4, 2, "b", RUN(4, 0, NULL)},
                               {6, 3, "a", RUN(6, 3, NULL)}, {7, 3, "b", RUN(5.4, 0, NULL)},
                               {9, 4, "b", RUN(9, 0, NULL)}};
    ADD_ROWS(rows);
    make("[{kind: comparison, name: c, axis: x, by: kind, classes: [a, b]},"
         " {kind: comparison, name: m, axis: x, with: count, at: {kind: a}}]");
    check_whole("c", 1, (double[]){0.1});
    check_whole("c_x", 3, (double[]){1, 2, 3});
    check_whole("c_curves", 6, (double[]){2, 4, 6, 2.2, 4, 5.4});
    check_whole("c_ratio", 3, (double[]){1.1, 1, 0.9});
    /* About their means: -2 0 2 and -5/3 2/15 23/15. */
    check_whole("c_correlation", 1, (double[]){6.4 / sqrt(8 * (25 / 9. + 4 / 225. + 529 / 225.))});
    check_whole("m_ratio", 3, (double[]){2, 2, 0.5});
    check_whole("m", 1, (double[]){1});
}

Test(summary, fails_where_a_column_is_not_there) {
    Error error = {0};
    add_few(6);
    Choices rows = rows_of("[{kind: slope, name: s, axis: p, metric: cuont}]");
    cr_assert_not(summaries_make(&rows, store, &error));
    cr_assert(strstr(error.text, "summary s: runs have no \"cuont\"; they have loss"), "%s",
              error.text);
    rows = rows_of("[{kind: slope, name: s, axis: p, metric: norms}]");
    cr_assert_not(summaries_make(&rows, store, &error));
    cr_assert(strstr(error.text, "summary s: norms is an array of shape [2]"), "%s", error.text);
    rows = rows_of("[{kind: slope, name: s, axis: 'norms[0]', log: x, runs: all}]");
    cr_assert_not(summaries_make(&rows, store, &error));
    cr_assert_str_eq(error.text, "summary s: log: norms[0] is 0, which has no logarithm");
}

enum { N_SNAPSHOTS = 101, N_FOLLOWED = 3 };
static const double tremor = 1e-3, drift = 5e-4;

/* Half of an event at its snapshot, the rest after it. */
static double step_at(int k, int when) {
    return k < when ? 0 : k == when ? 0.5 : 1;
}

static StoredMeasurement at_snapshot(int k, const char *name, int64_t n, const double *values) {
    double *kept = ARENA_NEW(&arena, double, n);
    memcpy(kept, values, (size_t)n * sizeof *kept);
    return (StoredMeasurement){10 * k, "", "", {name, n > 1, {n}, kept, NULL, 0}};
}

/* Snapshots every ten steps. The loss drifts and trembles so that L(k - 1) - L(k + 1) is twice the
 * drift and -2, -1, 0, 1, 2 tremors in turn. In run 0 feature 1 rises by 0.2 at snapshot 40 while
 * the loss falls by 0.1, feature 2 falls by 0.4 at 70, the loss by 0.03; in run 1 no feature moves,
 * and the loss falls by 0.05 at 50. */
static void add_followed(int64_t number, bool has_D) {
    static const double trembling[] = {0, 2, 1, 2, 0};
    StoredMeasurement *made = ARENA_NEW(&arena, StoredMeasurement, 2 * N_SNAPSHOTS);
    int n = 0;
    for (int k = 0; k < N_SNAPSHOTS; k++) {
        double rise = number ? 0 : step_at(k, 40), drop = number ? 0 : step_at(k, 70);
        double D[N_FOLLOWED] = {0.5, 0.3 + 0.2 * rise, 0.4 - 0.4 * drop};
        double loss = 2 + tremor * trembling[k % 5] - drift * k - 0.1 * rise - 0.03 * drop -
                      (number ? 0.05 * step_at(k, 50) : 0);
        made[n++] = at_snapshot(k, "loss", 1, &loss);
        if (has_D)
            made[n++] = at_snapshot(k, "feature_dimensionality", N_FOLLOWED, D);
    }
    const Numbers numbers = {RUN_DONE, 1, 0, NULL};
    StoredRun run = run_of(number, "{}", &numbers);
    run.steps = 10 * (N_SNAPSHOTS - 1);
    Error error = {0};
    cr_assert(store_add_run(store, &run, NULL, 0, made, n, &error), "%s", error.text);
}

/* 1.4826 median absolute deviations are a standard deviation of normal noise: here 1.4826 tremors.
 * Snapshots 40 and 70 have the difference of -2 tremors. */
Test(summary, level_jumps_are_found_with_what_the_loss_does) {
    add_followed(0, true);
    add_followed(1, true);
    make("[{kind: level_jumps, name: a, window: 1}]");
    const double sigma = 1.4826 * tremor, falls[] = {0.1 - 2 * tremor, 0.03 - 2 * tremor};
    check_whole("a", 2, (double[]){2, 0});
    check_whole("a_run", 2, (double[]){0, 0});
    check_whole("a_step", 2, (double[]){400, 700});
    check_whole("a_feature", 2, (double[]){1, 2});
    check_whole("a_change", 2, (double[]){0.2, 0.4});
    check_whole("a_fall", 2, (double[]){falls[0] + 2 * drift, falls[1] + 2 * drift});
    StoredMeasurement sigmas = whole("a_sigmas");
    for (int j = 0; j < 2; j++)
        cr_assert_float_eq(sigmas.measurement.values[j], falls[j] / sigma, 1e-9);
    double share = (falls[0] + falls[1] + 4 * drift) / (0.13 + 100 * drift);
    check_whole("a_share", 2, (double[]){share, 0});
    check_whole("a_elsewhere", 2, (double[]){0, 3 / 99.}); /* 49, 50 and 51 see it */
}

Test(summary, level_jumps_are_large_enough_and_late_enough) {
    add_followed(0, true);
    make("[{kind: level_jumps, name: a, window: 1, from: 500},"
         " {kind: level_jumps, name: b, window: 1, least: 0.21},"
         " {kind: level_jumps, name: c, window: 1, least: 0.41},"
         " {kind: level_jumps, name: d, window: 7},"
         " {kind: level_jumps, name: e, window: 22}]");
    check_whole("a_step", 1, (double[]){700});
    check_whole("a_share", 1, (double[]){(0.028 + 2 * drift) / (0.03 + 50 * drift)});
    check_whole("b_step", 1, (double[]){700});
    check_whole("c", 1, (double[]){0});
    check_whole("c_step", 0, NULL);
    check_whole("d_step", 2, (double[]){400, 700});
    check_whole("d_change", 2, (double[]){0.2, 0.4});
    check_whole("e_step", 1, (double[]){700});    /* the other is too near to it */
    check_whole("e_sigmas", 1, (double[]){NONE}); /* and too little is elsewhere */
}

Test(summary, level_jumps_needs_runs_that_were_followed) {
    add_followed(0, false);
    Choices rows = rows_of("[{kind: level_jumps, name: a}]");
    Error error = {0};
    cr_assert_not(summaries_make(&rows, store, &error));
    cr_assert_str_eq(error.text, "summary a: run 0 has no feature_dimensionality over time: it was "
                                 "trained when the config did not ask for it; --fresh trains it "
                                 "anew");
}
