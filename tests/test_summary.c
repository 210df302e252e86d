/* summaries: of runs written here, so that every number follows by hand or from a closed form. */
#include "sim/experiment/experiment.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NONE ((double)NAN)

static Arena arena;
static Store *store;
static char path[64];

static void open_store(void) {
    Error error = {0};
    sprintf(path, "/tmp/test_summary-%d.db", (int)getpid());
    unlink(path);
    cr_assert(store_open(&store, path, STORE_WRITE, &error), "%s", error.text);
}

static void close_store(void) {
    Error error = {0};
    cr_assert(store_close(store, &error), "%s", error.text);
    unlink(path);
    arena_release(&arena);
}

TestSuite(summary, .init = open_store, .fini = close_store);

/* A run as a summary sees it: three restarts a point. */
typedef struct Numbers {
    RunStatus status;
    double loss, count;
    const char *shape;
} Numbers;

static StoredRun run_of(int64_t number, const char *axes, const Numbers *numbers) {
    return (StoredRun){.number = number,
                       .point = number / 3,
                       .restart = number % 3,
                       .identity = arena_print(&arena, "%032lld", (long long)number),
                       .settings = "{}",
                       .axes = axes,
                       .status = numbers->status,
                       .steps = 100,
                       .loss = numbers->loss,
                       .error = numbers->status == RUN_FAILED ? "step 7" : NULL};
}

static void add_run(int64_t number, const char *axes, const Numbers *numbers) {
    StoredRun run = run_of(number, axes, numbers);
    double loss = numbers->loss, count = numbers->count, code = 0,
           norms[] = {(double)number, 2 * (double)number};
    const StoredMeasurement made[] = {
        {100, "loss", "", {"loss", 0, {0}, &loss, NULL, 0}},
        {100, "count", "", {"count", 0, {0}, &count, NULL, 0}},
        {100, "norms", "", {"norms", 1, {2}, norms, NULL, 0}},
        {100, "shape", "", {"shape", 0, {0}, &code, &numbers->shape, 1}}};
    int n = numbers->status == RUN_DONE ? numbers->shape ? 4 : 3 : 0;
    Error error = {0};
    cr_assert(store_add_run(store, &run, NULL, 0, made, n, &error), "%s", error.text);
}

static Choices rows_of(const char *text) {
    Problems problems = {.arena = &arena};
    const Yaml *list = yaml_parse("test", text, strlen(text), &arena, &problems);
    Choices rows = {ARENA_NEW(&arena, Choice, list->n), list->n};
    for (int i = 0; i < list->n; i++)
        choice_read(&summary_table, list->items[i], list->items[i]->place, NULL, 0, &rows.items[i],
                    &arena, &problems);
    Text said = {0};
    problems_print(&problems, &said);
    cr_assert_eq(problems.n, 0, "%s", text_of(&said));
    return rows;
}

static StoredMeasurement whole(const char *name) {
    StoredMeasurement stored;
    Error error = {0};
    bool found;
    cr_assert(store_measurement(store, 0, name, 0, &arena, &stored, &found, &error));
    cr_assert(found, "%s", name);
    return stored;
}

/* Makes the rows [{kind: …, name: …, …}, …]; what is of the whole experiment has all its parts. */
static void make(const char *text) {
    Choices rows = rows_of(text);
    Error error = {0};
    cr_assert(summaries_make(&rows, store, &error), "%s", error.text);
    for (int r = 0; r < rows.n; r++) {
        const SummaryKind *kind = (const SummaryKind *)rows.items[r].kind;
        for (int i = 0; i < kind->n_parts && !kind->is_per_run; i++) {
            const char *name = summary_name(&rows.items[r]), *ending = kind->parts[i].ending;
            StoredMeasurement made =
                whole(ending ? arena_print(&arena, "%s_%s", name, ending) : name);
            cr_assert_eq(made.measurement.labels != NULL, kind->parts[i].is_text, "%s %s", name,
                         ending);
            cr_assert_str_eq(made.maker, kind->kind.name);
        }
    }
}

static bool is_there(const char *name) {
    StoredMeasurement stored;
    Error error = {0};
    bool found;
    cr_assert(store_measurement(store, 0, name, 0, &arena, &stored, &found, &error));
    return found;
}

static void check_close(double value, double expected, const char *about, int64_t i) {
    if (isnan(expected))
        cr_assert(isnan(value), "%s[%d] is %g, not NaN", about, (int)i, value);
    else
        cr_assert_float_eq(value, expected, 1e-12 * fmax(1, fabs(expected)), "%s[%d] is %.17g",
                           about, (int)i, value);
}

static void check_whole(const char *name, int64_t n, const double *expected) {
    StoredMeasurement stored = whole(name);
    cr_assert_eq(measurement_count(&stored.measurement), n, "%s", name);
    for (int64_t i = 0; i < n; i++)
        check_close(stored.measurement.values[i], expected[i], name, i);
}

/* Two points, p = 1 and 0.05, of three restarts. */
static const Numbers few[] = {
    {RUN_DONE, 0.4, 1, "digon"},  {RUN_DONE, 0.2, 2, "digon"},   {RUN_FAILED, NONE, 0, NULL},
    {RUN_DONE, 0.01, 4, "digon"}, {RUN_DONE, 0.0195, 7, "cube"}, {RUN_DONE, 0.011, 6, "cube"},
};

static void add_few(int n) {
    Error error = {0};
    cr_assert(store_set_fact(store, "axes", "[\"p\"]", &error));
    for (int i = 0; i < n; i++)
        add_run(i, i < 3 ? "{\"p\": 1}" : "{\"p\": 0.05}", &few[i]);
}

/* The value of each run, by number; NaN: it has none. */
static StoreColumn column_of(const char *name, int64_t *n) {
    StoredRun *runs;
    StoreColumn column;
    Error error = {0};
    cr_assert(store_runs(store, &arena, &runs, n, &error));
    cr_assert(store_column(store, runs, *n, name, &arena, &column, &error), "%s", error.text);
    return column;
}

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

/* Puts a mark where a summary was made; the mark stays unless it is made anew. */
static void mark(const char *name) {
    StoredMeasurement stored = whole(name);
    Error error = {0};
    stored.measurement.values[0] = -7;
    cr_assert(store_put_measurement(store, 0, &stored, &error));
}

static bool is_marked(const char *name) {
    return whole(name).measurement.values[0] == -7;
}

Test(summary, is_made_anew_where_settings_or_results_changed) {
    static const char *const row = "[{kind: mean_of_kept, name: a}]";
    Error error = {0};
    add_few(5);
    make(row);
    mark("a");
    make(row);
    cr_assert(is_marked("a"), "nothing changed");
    make("[{kind: loss_ratio, name: ratio}, {kind: mean_of_kept, name: a}]");
    cr_assert(is_marked("a"), "another summary is no result of a run");
    make("[{kind: mean_of_kept, name: a, discard: 0}]");
    cr_assert_not(is_marked("a"), "other settings");
    make(row);
    mark("a");
    add_run(5, "{\"p\": 0.05}", &few[5]);
    make(row);
    cr_assert_not(is_marked("a"), "one more run");
    check_whole("a", 2, (double[]){0.2, 0.0105});
    mark("a");
    int64_t n;
    StoredRun *runs;
    cr_assert(store_runs(store, &arena, &runs, &n, &error));
    double count = 3;
    StoredMeasurement changed = {100, "count", "", {"count", 0, {0}, &count, NULL, 0}};
    cr_assert(store_put_measurement(store, runs[0].id, &changed, &error));
    make(row);
    cr_assert_not(is_marked("a"), "another measurement of a run");
    mark("a");
    changed.step = 50;
    cr_assert(store_put_measurement(store, runs[0].id, &changed, &error));
    make(row);
    cr_assert(is_marked("a"), "only ends count");
}

Test(summary, that_no_row_makes_is_dropped) {
    add_few(6);
    make("[{kind: mean_of_kept, name: a}, {kind: mean_of_kept, name: c}]");
    make("[{kind: mean_of_kept, name: a}]");
    cr_assert(is_there("a") && !is_there("c"));
    make("[]");
    cr_assert_not(is_there("a"));
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

/* Every row makes what it says, under its own name, and help tells of it. */
Test(summary, rows_make_their_parts) {
    for (int k = 0; k < summary_table.n_rows; k++) {
        const SummaryKind *kind = (const SummaryKind *)summary_table.rows[k];
        Text text = {0};
        cr_assert_gt(kind->n_parts, 0, "%s", kind->kind.name);
        cr_assert_null(kind->parts[0].ending, "%s: the first has its name", kind->kind.name);
        cr_assert_geq(kind->kind.settings_size ? kind->kind.settings_size : sizeof(SummarySettings),
                      sizeof(SummarySettings));
        summary_parts_print(kind, &text);
        for (int i = 1; i < kind->n_parts; i++)
            cr_assert(strstr(text_of(&text), kind->parts[i].ending));
        for (int i = 0; i < kind->n_uses; i++) {
            bool is_setting = false;
            for (int f = 0; f < kind->kind.n_fields; f++)
                is_setting = is_setting ||
                             (strcmp(kind->kind.fields[f].name, kind->uses[i].setting) == 0 &&
                              kind->kind.fields[f].type ==
                                  (kind->uses[i].role == SUMMARY_VALUES ? FIELD_TREE : FIELD_TEXT));
            cr_assert(is_setting, "%s: %s", kind->kind.name, kind->uses[i].setting);
        }
        text_release(&text);
    }
}

#define BASE                                                                                       \
    "data: {n_features: 5, feature_probability: 0.05}\nmodel: {kind: relu_output, n_hidden: 2}\n"

static Experiment *parse(const char *text, const char *override) {
    Problems problems = {.arena = &arena};
    Text said = {0};
    Experiment *experiment = experiment_parse("t.yaml", text, strlen(text), &override,
                                              override != NULL, &arena, &problems);
    problems_print(&problems, &said);
    cr_assert(experiment, "%s", text_of(&said));
    return experiment;
}

/* A claim names a row, or a kind that needs no settings, or a part. */
Test(summary, rows_are_those_of_the_config_and_of_its_claims) {
    const SummaryPart *part;
    Experiment *experiment = parse(BASE "summaries: [{kind: mean_of_kept, name: mean}]\n"
                                        "expect: [{summary: 'mean[0]', equals: 1},\n"
                                        "  {summary: loss_ratio, equals: 1},\n"
                                        "  {summary: loss_ratio, runs: best, equals: 1}]\n",
                                   NULL);
    cr_assert_eq(experiment->summaries.n, 2);
    cr_assert_str_eq(summary_name(&experiment->summaries.items[0]), "mean");
    cr_assert_str_eq(summary_name(&experiment->summaries.items[1]), "loss_ratio");
    cr_assert(summary_making(experiment, "mean", &part) == &experiment->summaries.items[0]);
    cr_assert_null(summary_making(experiment, "mean_", &part));
    cr_assert_null(summary_making(experiment, "mea", &part));
    cr_assert(experiment->claims[0].is_whole && !experiment->claims[1].is_whole);
    cr_assert_str_eq(experiment->claims[0].measurement, "mean");
    cr_assert_eq(experiment->claims[0].entry.rank, 1);
    Text printed = {0}, again = {0};
    experiment_print(experiment, &printed);
    cr_assert(strstr(text_of(&printed), "summaries:\n"
                                        "  - {kind: mean_of_kept, name: mean, metric: loss, "
                                        "discard: 1}\n"
                                        "  - {kind: loss_ratio, name: loss_ratio}\n"),
              "%s", text_of(&printed));
    experiment_print(parse(text_of(&printed), NULL), &again);
    cr_assert_str_eq(text_of(&printed), text_of(&again));
    text_release(&printed);
    text_release(&again);
}

Test(summary, an_axis_that_is_the_only_one_need_not_be_named) {
    Experiment *experiment = parse(BASE "sweep: {train.seed: [1, 2]}\n"
                                        "summaries: [{kind: slope, metric: 'feature_norm[0]'}]\n",
                                   NULL);
    Text printed = {0};
    choice_print(&summary_table, &experiment->summaries.items[0], &printed);
    cr_assert_str_eq(text_of(&printed), "{kind: slope, name: slope, metric: \"feature_norm[0]\", "
                                        "axis: train.seed, by: none, runs: best, log: none}");
    text_release(&printed);
    int n;
    const char *const *read = summary_reads(&experiment->summaries.items[0], &arena, &n);
    cr_assert(n > 0 && strcmp(read[0], "feature_norm") == 0, "measured though nobody lists it");
}

/* An override that takes an axis away takes the summaries that look at it away. */
Test(summary, rows_without_their_axis_are_left_out_under_overrides) {
    static const char text[] =
        BASE "sweep: {data.feature_probability: [1, 0.5], train.seed: [1, 2]}\n"
             "summaries:\n"
             "  - {kind: mean_of_kept, name: gone, at: {data.feature_probability: 0.5}}\n"
             "  - {kind: mean_of_kept, name: gone_too, metric: data.feature_probability}\n"
             "  - {kind: mean_of_kept, name: kept, at: {train.seed: 1}}\n"
             "expect: [{summary: kept, equals: 1}, {summary: gone, equals: 1}]\n";
    cr_assert_eq(parse(text, NULL)->summaries.n, 3);
    Experiment *experiment = parse(text, "data.feature_probability=0.3");
    cr_assert_eq(experiment->summaries.n, 1);
    cr_assert_str_eq(summary_name(&experiment->summaries.items[0]), "kept");
}
