/* Figures that follow a run while it trains, `path` and `dynamics`: which run, which snapshots,
 * what is drawn, and what is said where nothing can be. */
#include "render/figure/followed.h"
#include "tests/figure_bench.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N = 6, N_SNAPSHOTS = 11, LAST = 10 * (N_SNAPSHOTS - 1) };

/* At snapshot k the octahedron's, or the digons', directions have k tenths of their length; the
 * last two features stay at 0. */
static StoredTensor weights_at(Bench *bench, int m, int k) {
    float *W = ARENA_NEW(&bench->arena, float, N *m);
    for (int i = 0; i < 2 * m && i < N - 2; i++)
        W[i * m + i % m] = (float)(i < m ? k : -k) / (N_SNAPSHOTS - 1);
    return (StoredTensor){10 * k, {.name = "W", .n_rows = N, .n_columns = m}, W};
}

static StoredTensor biases_at(Bench *bench, int k) {
    return (StoredTensor){10 * k,
                          {.name = "b", .n_rows = N, .n_columns = 1, .is_vector = true},
                          ARENA_NEW(&bench->arena, float, N)};
}

static StoredMeasurement at(Bench *bench, int k, const char *name, int64_t n, double value) {
    double *values = ARENA_NEW(&bench->arena, double, n);
    for (int64_t i = 0; i < n; i++)
        values[i] = value / (1 + (double)i);
    return (StoredMeasurement){10 * k, "", "", {name, n > 1, {n}, values, NULL, 0}};
}

/* Runs 0, 1 and 2 are restarts of a point, of which 1 is the best and 2 failed; run 3, of another
 * point, was not followed. */
static void add_run(Bench *bench, int n_hidden, int number) {
    bool is_followed = number < 2, is_failed = number == 2;
    StoredTensor tensors[2 * N_SNAPSHOTS];
    StoredMeasurement made[2 * N_SNAPSHOTS];
    int n_tensors = 0, n_made = 0;
    for (int k = is_followed ? 0 : N_SNAPSHOTS - 1; k < N_SNAPSHOTS; k++) {
        tensors[n_tensors++] = weights_at(bench, n_hidden, k);
        tensors[n_tensors++] = biases_at(bench, k);
        made[n_made++] = at(bench, k, "loss", 1, 1 / (1.0 + k + number));
        made[n_made++] = at(bench, k, "feature_dimensionality", N, 0.05 * k);
    }
    StoredRun run = {
        .number = number,
        .point = number / 3,
        .restart = number % 3,
        .identity = arena_print(&bench->arena, "%032d", number),
        .settings = arena_print(&bench->arena,
                                "{data: {kind: correlated, n_features: 6, set_size: 3, "
                                "feature_probability: 0.1}, task: {kind: identity, importance: 1}, "
                                "model: {kind: relu_output, n_hidden: 3}}"),
        .axes = number / 3 ? "{\"train.seed\": 7}" : "{\"train.seed\": 5}",
        .status = is_failed ? RUN_FAILED : RUN_DONE,
        .steps = LAST,
        .loss = is_failed ? (double)NAN : 1 - 0.1 * number,
        .error = is_failed ? "step 3" : NULL};
    Error error = {0};
    cr_assert(store_add_run(bench->store, &run, tensors, is_failed ? 0 : n_tensors, made,
                            is_failed ? 0 : n_made, &error),
              "%s", error.text);
}

/* Run 0 jumps at 40, run 1 at 30 and 70. */
static void add_jumps(Bench *bench) {
    double runs[] = {0, 1, 1}, steps[] = {40, 30, 70};
    StoredMeasurement of = {0, "level_jumps", "", {"jumps_run", 1, {3}, runs, NULL, 0}},
                      when = {0, "level_jumps", "", {"jumps_step", 1, {3}, steps, NULL, 0}};
    Error error = {0};
    cr_assert(store_put_measurement(bench->store, 0, &of, &error));
    cr_assert(store_put_measurement(bench->store, 0, &when, &error));
}

static void open_followed(Bench *bench, int n_hidden) {
    Error error = {0};
    bench_open(bench, NULL, STORE_WRITE);
    cr_assert(store_set_fact(bench->store, "title", "Followed", &error) &&
              store_set_fact(bench->store, "axes", "[\"train.seed\"]", &error));
    for (int number = 0; number < 4; number++)
        add_run(bench, n_hidden, number);
    add_jumps(bench);
}

static void check_run(Bench *bench, const char *which, int64_t number, int64_t n_runs,
                      const char *about) {
    FigureInput input = bench_input(bench, NULL);
    Followed followed;
    Error error = {0};
    cr_assert(followed_read(&input, which, &followed, &error), "%s", error.text);
    cr_assert_eq(followed.shown.run->number, number, "%s", which);
    cr_assert_eq(followed.shown.step, LAST);
    cr_assert_eq(followed.n_runs, n_runs);
    cr_assert_str_eq(followed.about, about);
}

Test(followed, finds_the_run_and_its_restarts) {
    Bench bench;
    open_followed(&bench, 3);
    check_run(&bench, "best", 1, 2, "seed = 5, restart 1 (of 2)");
    check_run(&bench, "0", 0, 2, "seed = 5, restart 0 (of 2)");
    check_run(&bench, "3", 3, 1, "seed = 7");
    static const struct {
        const char *which, *text;
    } rows[] = {{"2", "the store has no finished run 2"},
                {"4", "the store has no finished run 4"},
                {"-1", "run: -1 is no number of a run, nor best"},
                {"1st", "run: 1st is no number of a run, nor best"},
                {"", "run:  is no number of a run, nor best"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        FigureInput input = bench_input(&bench, NULL);
        Followed followed;
        Error error = {0};
        cr_assert_not(followed_read(&input, rows[i].which, &followed, &error));
        cr_assert_str_eq(error.text, rows[i].text);
    }
    bench_close(&bench);
}

static bool find_steps(Bench *bench, const char *run, const char *wanted,
                       int64_t steps[FOLLOWED_STEPS], int *n, Error *error) {
    FigureInput input = bench_input(bench, NULL);
    Followed followed;
    cr_assert(followed_read(&input, run, &followed, error), "%s", error->text);
    return followed_steps(&input, &followed, bench_tree(bench, wanted), steps, n, error);
}

/* Snapshots are at 0, 10, … 100: of 11, each second is one of six. */
Test(followed, takes_the_nearest_snapshots) {
    static const struct {
        const char *wanted;
        int n;
        int64_t steps[FOLLOWED_STEPS];
    } rows[] = {{NULL, 6, {0, 20, 40, 60, 80, 100}},
                {"auto", 6, {0, 20, 40, 60, 80, 100}},
                {"[14, 16, 1000]", 3, {10, 20, 100}},
                {"[0]", 1, {0}},
                {"[0, 10, 20, 30, 40, 50, 60, 70]", 8, {0, 10, 20, 30, 40, 50, 60, 70}}};
    Bench bench;
    open_followed(&bench, 2);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t steps[FOLLOWED_STEPS];
        int n;
        Error error = {0};
        cr_assert(find_steps(&bench, "0", rows[i].wanted, steps, &n, &error), "%s", error.text);
        cr_assert_eq(n, rows[i].n, "row %zu: %d", i, n);
        for (int c = 0; c < n; c++)
            cr_assert_eq(steps[c], rows[i].steps[c], "row %zu: %lld", i, (long long)steps[c]);
    }
    bench_close(&bench);
}

Test(followed, says_which_steps_it_cannot_take) {
    static const struct {
        const char *run, *wanted, *text;
    } rows[] = {
        {"0", "[10, 14]", "steps: the snapshot nearest to 14, 10, is not after the one before it"},
        {"0", "[20, 10]", "steps: the snapshot nearest to 10, 10, is not after the one before it"},
        {"0", "[]", "steps: must be auto, or a list of 1 to 8 steps"},
        {"0", "[1, 2, 3, 4, 5, 6, 7, 8, 9]", "steps: must be auto, or a list of 1 to 8 steps"},
        {"0", "some", "steps: must be auto, or a list of 1 to 8 steps"},
        {"0", "[first]", "steps: must be whole numbers, from 0"},
        {"0", "[-10]", "steps: must be whole numbers, from 0"},
        {"3", NULL, "run 3 has no snapshots: record.snapshots says when to keep them"}};
    Bench bench;
    open_followed(&bench, 2);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t steps[FOLLOWED_STEPS];
        int n;
        Error error = {0};
        cr_assert_not(find_steps(&bench, rows[i].run, rows[i].wanted, steps, &n, &error));
        cr_assert_str_eq(error.text, rows[i].text);
    }
    bench_close(&bench);
}

static bool draw(Bench *bench, const char *yaml, Theme theme, const char *path, Error *error) {
    Choice row = bench_row(bench, yaml);
    return figure_write(&row, theme, bench->store, "x.db", &path, 1, error);
}

static int count(const char *text, const char *part) {
    int n = 0;
    for (const char *at = text; (at = strstr(at, part)); at++)
        n++;
    return n;
}

/* Draws it twice; the same bytes, and so many dashed strokes, which are the guides. */
static void check_svg(Bench *bench, const char *row, Theme theme, int n_guides) {
    char path[2][80];
    char *bytes[2];
    size_t n[2];
    for (int again = 0; again < 2; again++) {
        Error error = {0};
        snprintf(path[again], sizeof path[again], "%s/%d.svg", bench->folder, again);
        cr_assert(draw(bench, row, theme, path[again], &error), "%s: %s", row, error.text);
        bytes[again] = bench_read(path[again], &n[again]);
        unlink(path[again]);
    }
    cr_assert(n[0] == n[1] && memcmp(bytes[0], bytes[1], n[0]) == 0, "%s differs", row);
    cr_assert(n[0] > 5000 && n[0] < 300000 && strstr(bytes[0], "</svg>"), "%s: %zu", row, n[0]);
    cr_assert_eq(count(bytes[0], "stroke-dasharray"), n_guides, "%s: %d guides", row,
                 count(bytes[0], "stroke-dasharray"));
    free(bytes[0]);
    free(bytes[1]);
}

/* A guide for each cell of `path`; for each jump of the run in both plots of `dynamics`. */
Test(followed, figures_are_drawn_with_their_marks) {
    for (int m = 2; m <= 3; m++) {
        Bench bench;
        open_followed(&bench, m);
        for (int theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
            check_svg(&bench, "{kind: path, steps: [10, 50, 100]}", (Theme)theme, 3);
            check_svg(&bench, "path", (Theme)theme, 5); /* step 0 has no place on the log axis */
            check_svg(&bench, "dynamics", (Theme)theme, 0);
            check_svg(&bench, "{kind: dynamics, jumps: jumps}", (Theme)theme, 4);
            check_svg(&bench, "{kind: dynamics, run: 0, jumps: jumps, step_scale: log}",
                      (Theme)theme, 2);
        }
        bench_close(&bench);
    }
}

Test(followed, figures_say_why_there_is_no_picture) {
    static const struct {
        int n_hidden;
        const char *row, *text;
    } rows[] = {
        {4, "path",
         "x.db: figure path: directions are drawn in two or three dimensions, and point 0 has "
         "n_hidden: 4; the kind gram shows any size"},
        {2, "{kind: path, run: 3}",
         "x.db: figure path: run 3 has no snapshots: record.snapshots says when to keep them"},
        {2, "{kind: dynamics, run: 3}",
         "x.db: figure dynamics: run 3 was not followed: feature_dimensionality is not among "
         "record.metrics_over_time, or there were no snapshots"},
        {2, "{kind: dynamics, jumps: leaps}",
         "x.db: figure dynamics: jumps: leaps is no summary level_jumps that was made; none: "
         "without marks"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Bench bench;
        Error error = {0};
        open_followed(&bench, rows[i].n_hidden);
        cr_assert_not(draw(&bench, rows[i].row, THEME_LIGHT, "/nonexistent/x.svg", &error));
        cr_assert_str_eq(error.text, rows[i].text);
        bench_close(&bench);
    }
}
