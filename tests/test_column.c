/* store, by column: one value for each run, by name. Expected values are those the test puts in. */
#include "sim/store/column.h"
#include "tests/folder.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static char path[64];
static Arena arena;
static Store *store;
static StoredRun *runs;
static int64_t n_runs;

enum { N_RUNS = 6 };

/* Codes are a run's own: the same number is another label in another run. */
static const char *const shapes[N_RUNS][1] = {{"pentagon"}, {"2 digons"}, {"pentagon"},
                                              {"pentagon"}, {"2 digons"}, {"none"}};

/* Run i: point i / 2; an array of i + 1 numbers 10 i + k; the last has no measurements. */
static void add_run(int64_t i) {
    double count = 0.5 * (double)i, code = 0, array[N_RUNS], matrix[6];
    char identity[33], axes[192];
    for (int k = 0; k < N_RUNS; k++)
        array[k] = 10 * (double)i + k;
    for (int k = 0; k < 6; k++)
        matrix[k] = 100 * (double)i + k;
    snprintf(identity, sizeof identity, "%032llx", (unsigned long long)i);
    snprintf(axes, sizeof axes,
             "{\"data.feature_probability\": 0.%lld, \"model.kind\": \"%s\", "
             "\"task.importance\": [1, %lld], \"model.hidden_bias\": %s}",
             (long long)i / 2, i / 2 == 1 ? "linear" : "relu_output", (long long)i / 2,
             i / 2 ? "true" : "false");
    const StoredMeasurement measurements[] = {
        {7, "count", "", {"count", 0, {0}, &count, 0, 0}},
        {3, "count", "", {"count", 0, {0}, &matrix[5], 0, 0}}, /* before the end: not meant */
        {7, "geometry_name", "", {"geometry_name", 0, {0}, &code, shapes[i], 1}},
        {7, "array", "", {"array", 1, {i + 1}, array, 0, 0}},
        {7, "matrix", "", {"matrix", 2, {2, 3}, matrix, 0, 0}}};
    StoredRun run = {.number = i,
                     .point = i / 2,
                     .restart = i % 2,
                     .seed = 40 + i / 2,
                     .identity = identity,
                     .settings = "",
                     .axes = axes,
                     .status = RUN_DONE,
                     .steps = 7,
                     .loss = i == 2 ? (double)NAN : 1 / (1 + (double)i)};
    Error error = {0};
    cr_assert(store_add_run(store, &run, NULL, 0, measurements, i == N_RUNS - 1 ? 0 : 5, &error),
              "%s", error.text);
}

static void open_store(void) {
    Error error = {0};
    make_folder();
    snprintf(path, sizeof path, "%s/x.db", folder);
    cr_assert(store_open(&store, path, STORE_WRITE, &error), "%s", error.text);
    cr_assert(store_set_fact(store, "axes",
                             "[\"data.feature_probability\", \"model.kind\", \"task.importance\", "
                             "\"model.hidden_bias\"]",
                             &error));
    static const int order[N_RUNS] = {3, 0, 5, 1, 4, 2}; /* ids are not numbers */
    for (int i = 0; i < N_RUNS; i++)
        add_run(order[i]);
    cr_assert(store_runs(store, &arena, &runs, &n_runs, &error), "%s", error.text);
    cr_assert_eq(n_runs, N_RUNS);
}

static void close_store(void) {
    Error error = {0};
    cr_assert(store_close(store, &error), "%s", error.text);
    arena_release(&arena);
    remove_folder();
}

TestSuite(column, .init = open_store, .fini = close_store);

static StoreColumn read_column(const char *name) {
    StoreColumn column;
    Error error = {0};
    cr_assert(store_column(store, runs, n_runs, name, &arena, &column, &error), "%s", error.text);
    return column;
}

/* NaN is expected where the run has none. */
static void check_numbers(const char *name, const double *expected) {
    StoreColumn column = read_column(name);
    cr_assert_null(column.labels, "%s", name);
    for (int i = 0; i < N_RUNS; i++)
        cr_assert(column.values[i] == expected[i] ||
                      (isnan(column.values[i]) && isnan(expected[i])),
                  "%s of run %d is %g, not %g", name, i, column.values[i], expected[i]);
}

Test(column, gives_what_a_run_is) {
    check_numbers("loss", (double[]){1, 0.5, NAN, 0.25, 0.2, 1 / 6.0});
    check_numbers("seed", (double[]){40, 40, 41, 41, 42, 42});
    check_numbers("restart", (double[]){0, 1, 0, 1, 0, 1});
    check_numbers("point", (double[]){0, 0, 1, 1, 2, 2});
}

Test(column, gives_axes) {
    check_numbers("data.feature_probability", (double[]){0, 0, 0.1, 0.1, 0.2, 0.2});
}

/* Labels number from 0 in the order in which the runs have them. */
static void check_labels(const char *name, const char *const *expected, const double *values) {
    StoreColumn column = read_column(name);
    for (int i = 0; i < N_RUNS; i++) {
        if (!expected[i]) {
            cr_assert_null(column.labels[i]);
            cr_assert(isnan(column.values[i]));
            continue;
        }
        cr_assert_str_eq(column.labels[i], expected[i]);
        cr_assert_eq(column.values[i], values[i], "%s of run %d", name, i);
    }
}

Test(column, gives_texts_as_labels) {
    check_labels("model.kind",
                 (const char *[]){"relu_output", "relu_output", "linear", "linear", "relu_output",
                                  "relu_output"},
                 (double[]){0, 0, 1, 1, 0, 0});
    check_labels("task.importance",
                 (const char *[]){"[1,0]", "[1,0]", "[1,1]", "[1,1]", "[1,2]", "[1,2]"},
                 (double[]){0, 0, 1, 1, 2, 2});
    check_labels("model.hidden_bias",
                 (const char *[]){"false", "false", "true", "true", "true", "true"},
                 (double[]){0, 0, 1, 1, 1, 1});
}

Test(column, gives_measurements_at_the_final_step) {
    check_numbers("count", (double[]){0, 0.5, 1, 1.5, 2, NAN});
    check_labels("geometry_name",
                 (const char *[]){"pentagon", "2 digons", "pentagon", "pentagon", "2 digons", NULL},
                 (double[]){0, 1, 0, 0, 1, 0});
}

/* An entry that only some runs have is not there in the others. */
Test(column, gives_entries_of_arrays) {
    check_numbers("array[0]", (double[]){0, 10, 20, 30, 40, NAN});
    check_numbers("array[-1]", (double[]){0, 11, 22, 33, 44, NAN});
    check_numbers("array[2]", (double[]){NAN, NAN, 22, 32, 42, NAN});
    check_numbers("matrix[1,0]", (double[]){3, 103, 203, 303, 403, NAN});
    check_numbers("matrix[-1,-1]", (double[]){5, 105, 205, 305, 405, NAN});
}

Test(column, gives_reciprocals) {
    check_numbers("1/count", (double[]){HUGE_VAL, 2, 1, 1 / 1.5, 0.5, NAN});
    check_numbers("1/array[-1]", (double[]){HUGE_VAL, 1 / 11.0, 1 / 22.0, 1 / 33.0, 1 / 44.0, NAN});
    check_numbers("1/data.feature_probability",
                  (double[]){HUGE_VAL, HUGE_VAL, 1 / 0.1, 1 / 0.1, 1 / 0.2, 1 / 0.2});
}

Test(column, takes_some_runs_in_any_order) {
    StoredRun some[] = {runs[4], runs[1]};
    StoreColumn column;
    Error error = {0};
    cr_assert(store_column(store, some, 2, "count", &arena, &column, &error), "%s", error.text);
    cr_assert_eq(column.values[0], 2);
    cr_assert_eq(column.values[1], 0.5);
    cr_assert(store_column(store, some, 2, "model.kind", &arena, &column, &error));
    cr_assert_str_eq(column.labels[0], "relu_output");
    cr_assert_str_eq(column.labels[1], "relu_output");
    cr_assert(store_column(store, some, 0, "loss", &arena, &column, &error), "%s", error.text);
}

static void check_refused(const char *name, const char *why) {
    StoreColumn column;
    Error error = {0};
    cr_assert_not(store_column(store, runs, n_runs, name, &arena, &column, &error), "%s", name);
    cr_assert_str_eq(error.text, why);
}

Test(column, refuses_what_is_not_there) {
    check_refused("cuont", "runs have no \"cuont\"; they have loss, seed, restart, point, "
                           "data.feature_probability, model.kind, task.importance, "
                           "model.hidden_bias, count, geometry_name, array, matrix");
    check_refused("array", "array is an array of shape [5]: say which entry, as array[0] or [-1]");
    check_refused("matrix[1]", "matrix has the shape [2, 3], it has no matrix[1]");
    check_refused("matrix[2,0]", "matrix has the shape [2, 3], it has no matrix[2,0]");
    check_refused("array[5]", "array has the shape [5], it has no array[5]");
    check_refused("count[0]", "count is one number, it has no count[0]");
    check_refused("1/model.kind", "1/model.kind: model.kind is a text, which has no reciprocal");
    check_refused("1/count[0]", "count is one number, it has no count[0]");
    check_refused("array[x]", "array[x]: an entry is NAME[i], of a matrix NAME[i,j]");
    check_refused("array[1", "array[1: an entry is NAME[i], of a matrix NAME[i,j]");
    check_refused("array[1]]", "array[1]]: an entry is NAME[i], of a matrix NAME[i,j]");
    check_refused("matrix[0,0,0,0]", "matrix[0,0,0,0]: an entry is NAME[i], of a matrix NAME[i,j]");
}

Test(column, gives_whole_arrays) {
    Measurement *arrays;
    Error error = {0};
    cr_assert(store_column_arrays(store, runs, n_runs, "array", &arena, &arrays, &error), "%s",
              error.text);
    for (int64_t i = 0; i < N_RUNS - 1; i++) {
        cr_assert_eq(measurement_count(&arrays[i]), i + 1);
        cr_assert_eq(arrays[i].values[i], 11 * (double)i);
    }
    cr_assert_null(arrays[N_RUNS - 1].values);
    cr_assert_not(store_column_arrays(store, runs, n_runs, "arry", &arena, &arrays, &error));
    cr_assert(strstr(error.text, "runs have no \"arry\"; they have loss, "), "%s", error.text);
}
