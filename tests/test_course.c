/* store, by step: a measurement of one run over its training. Expected values are those the test
 * puts in. */
#include "sim/store/course.h"
#include "tests/folder.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static char path[64];
static Arena arena;
static Store *store;
static StoredRun run;

enum { N_STEPS = 40, LAST = 7 * (N_STEPS - 1) };

static StoredMeasurement at(int64_t step, const char *name, const char *settings, int64_t n,
                            double value) {
    double *values = ARENA_NEW(&arena, double, n);
    for (int64_t i = 0; i < n; i++)
        values[i] = value + (double)i;
    return (StoredMeasurement){step, "test", settings, {name, 1, {n}, values, 0, 0}};
}

/* At step 7 k: `levels` k and k + 1; `loss` 100 - k, the last on other samples; `ragged`, which
 * grows; `late` at the end alone. */
static void open_store(void) {
    Error error = {0};
    make_folder();
    snprintf(path, sizeof path, "%s/x.db", folder);
    cr_assert(store_open(&store, path, STORE_WRITE, &error), "%s", error.text);
    StoredMeasurement *made = ARENA_NEW(&arena, StoredMeasurement, 4 * N_STEPS);
    int n = 0;
    for (int k = N_STEPS - 1; k >= 0; k--) { /* added in any order */
        made[n++] = at(7 * k, "levels", "", 2, k);
        made[n++] =
            at(7 * k, "loss", k == N_STEPS - 1 ? "loss_samples: 9" : "loss_samples: 4", 1, 100 - k);
        made[n++] = at(7 * k, "ragged", "", 1 + k, k);
    }
    made[n++] = at(LAST, "late", "", 3, 5);
    run = (StoredRun){.identity = "00000000000000000000000000000001",
                      .number = 4,
                      .settings = "",
                      .axes = "{}",
                      .steps = LAST};
    cr_assert(store_add_run(store, &run, NULL, 0, made, n, &error), "%s", error.text);
}

static void close_store(void) {
    Error error = {0};
    cr_assert(store_close(store, &error), "%s", error.text);
    arena_release(&arena);
    remove_folder();
}

TestSuite(course, .init = open_store, .fini = close_store);

static StoreCourse read_course(const char *name) {
    StoreCourse course;
    Error error = {0};
    cr_assert(store_course(store, &run, name, &arena, &course, &error), "%s", error.text);
    return course;
}

Test(course, has_all_steps_in_their_order) {
    StoreCourse course = read_course("levels");
    cr_assert_eq(course.n, N_STEPS);
    cr_assert_eq(course.n_each, 2);
    for (int k = 0; k < N_STEPS; k++) {
        cr_assert_eq(course.steps[k], 7 * k);
        cr_assert_eq(course.values[2 * k], k);
        cr_assert_eq(course.values[2 * k + 1], k + 1);
    }
}

Test(course, leaves_out_a_last_value_that_was_measured_otherwise) {
    StoreCourse course = read_course("loss");
    cr_assert_eq(course.n, N_STEPS - 1);
    for (int k = 0; k < N_STEPS - 1; k++) {
        cr_assert_eq(course.steps[k], 7 * k);
        cr_assert_eq(course.values[k], 100 - k);
    }
}

Test(course, of_the_end_alone_is_one_step) {
    StoreCourse course = read_course("late");
    cr_assert_eq(course.n, 1);
    cr_assert_eq(course.steps[0], LAST);
    cr_assert_eq(course.values[2], 7);
}

Test(course, of_what_was_not_measured_is_empty) {
    cr_assert_eq(read_course("never").n, 0);
    run.id = 77;
    cr_assert_eq(read_course("levels").n, 0);
}

Test(course, refuses_what_changes_its_size) {
    StoreCourse course;
    Error error = {0};
    cr_assert_not(store_course(store, &run, "ragged", &arena, &course, &error));
    cr_assert_str_eq(error.text, "ragged of run 4 has 2 values at step 7, and 1 before");
}
