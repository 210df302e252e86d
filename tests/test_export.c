/* export: numpy, csv and json (all of Python) read what the store holds. The stored values are
 * closed forms of run, step and index; tests/export_written.py knows the same forms. */
#include "sim/store/export.h"
#include "sim/store/internal.h"
#include "tests/folder.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *in_folder(char *path, const char *name) {
    snprintf(path, 128, "%s/%s", folder, name);
    return path;
}

enum { N_HIDDEN = 2, MOST = 8, N_STEPS = 3, N_RUNS = 8 };

static const char *const shapes[] = {"digon", "two, \"quoted\"", "Fünfeck"};

typedef struct Sample {
    Arena arena;
    int n_features;
    StoredTensor tensors[2 * N_STEPS];
    StoredMeasurement measurements[20];
    int n_measurements;
    StoredRun run;
} Sample;

static double *add(Sample *sample, const char *name, int64_t step, int rank, const int64_t *shape,
                   bool is_text) {
    StoredMeasurement *stored = &sample->measurements[sample->n_measurements++];
    *stored = (StoredMeasurement){.step = step, .maker = name, .settings = ""};
    stored->measurement = (Measurement){.name = name, .rank = rank};
    int64_t n = 1;
    for (int i = 0; i < rank; i++)
        n *= stored->measurement.shape[i] = shape[i];
    if (is_text) {
        stored->measurement.labels = shapes;
        stored->measurement.n_labels = 3;
    }
    return stored->measurement.values = ARENA_NEW(&sample->arena, double, n);
}

static void add_tensors(Sample *sample, int64_t run) {
    int n = sample->n_features;
    for (int t = 0; t < N_STEPS; t++) {
        float *W = ARENA_NEW(&sample->arena, float, n *N_HIDDEN);
        float *b = ARENA_NEW(&sample->arena, float, n);
        for (int i = 0; i < n * N_HIDDEN; i++)
            W[i] = (float)(run * 100 + 5 * t * 10 + i) / 8;
        for (int i = 0; i < n; i++)
            b[i] = (float)(-run * 100 - 5 * t * 10 - i) / 8;
        sample->tensors[2 * t] =
            (StoredTensor){5 * t, {.name = "W", .n_rows = n, .n_columns = N_HIDDEN}, W};
        sample->tensors[2 * t + 1] = (StoredTensor){
            5 * t,
            {.name = "b", .n_rows = n, .n_columns = 1, .is_vector = true, .offset = n * N_HIDDEN},
            b};
    }
}

static double loss_of(int64_t run, int64_t step) {
    return (double)((run * 3) % 7 + 10 - step) / 3;
}

static void add_measurements(Sample *sample, int64_t run) {
    int64_t n = sample->n_features;
    for (int64_t step = 0; step <= 10; step += 5)
        *add(sample, "loss", step, 0, NULL, false) = loss_of(run, step);
    if (run != 3)
        *add(sample, "loss_se", 10, 0, NULL, false) = 1e-5 * (double)run;
    for (int64_t step = 5; step <= 10; step += 5) {
        double *norms = add(sample, "feature_norm", step, 1, &n, false);
        for (int i = 0; i < n; i++)
            norms[i] = i == 4 ? (double)NAN : (double)(run * 10 + i + step * 100) / 7;
    }
    double *gram = add(sample, "gram", 10, 2, (const int64_t[]){n, n}, false);
    for (int i = 0; i < n * n; i++)
        gram[i] = (double)run - i / 3.0;
    *add(sample, "geometry", 10, 0, NULL, true) = (double)(run % 3);
    double *kinds = add(sample, "class", 10, 1, &n, true);
    for (int i = 0; i < n; i++)
        kinds[i] = i == 1 ? (double)NAN : (double)((run + i) % 3);
    const int64_t ragged = run % 3 + 1;
    double *lengths = add(sample, "ragged", 10, 1, &ragged, false);
    for (int i = 0; i < ragged; i++)
        lengths[i] = (double)run + i / 4.0;
    add(sample, "empty", 10, 2, (const int64_t[]){0, 2}, false);
    if (run % 2)
        *add(sample, "only_odd", 10, 0, NULL, false) = run == 5 ? (double)INFINITY : 0.1;
}

/* Run `number` of: model.kind × feature_probability × two restarts. */
static void put(Store *store, int64_t number, int n_features, RunStatus status, double wall) {
    static const char *const kinds[] = {"linear", "two, \\\"quoted\\\""};
    static const char *const probabilities[] = {"1", "0.05"};
    Sample sample = {.n_features = n_features};
    int64_t run = number < 0 ? 99 : number;
    add_tensors(&sample, run);
    add_measurements(&sample, run);
    sample.run = (StoredRun){
        .number = number,
        .point = number < 0 ? -1 : number / 2,
        .restart = run % 2,
        .seed = 1000 - run,
        .identity = arena_print(&sample.arena, "%d-%lld", n_features, (long long)run),
        .settings = "{}",
        .axes = arena_print(&sample.arena,
                            "{\"data.feature_probability\": %s, \"model.kind\": \"%s\", "
                            "\"model.hidden_bias\": %s}",
                            probabilities[run / 2 % 2], kinds[run / 4 % 2],
                            run / 2 % 2 ? "true" : "false"),
        .status = status,
        .steps = 10,
        .wall_s = wall,
        .cpu_s = 2 * wall,
        .loss = loss_of(run, 10)};
    Error error;
    cr_assert(store_add_run(store, &sample.run, sample.tensors, 2 * N_STEPS, sample.measurements,
                            sample.n_measurements, &error),
              "%s", error.text);
    arena_release(&sample.arena);
}

static Store *make_store(const char *name) {
    char path[128];
    Store *store;
    Error error;
    cr_assert(store_open(&store, in_folder(path, name), STORE_WRITE, &error), "%s", error.text);
    cr_assert(store_set_fact(
        store, "axes", "[\"model.kind\", \"data.feature_probability\", \"model.hidden_bias\"]",
        &error));
    return store;
}

static void put_all(Store *store, bool is_reverse) {
    for (int64_t i = 0; i < N_RUNS; i++)
        put(store, is_reverse ? N_RUNS - 1 - i : i, 5, RUN_DONE, is_reverse ? 3 : 1);
    put(store, -1, 5, RUN_DONE, 1); /* of an earlier config */
    put(store, 8, 5, RUN_FAILED, 1);
    put(store, 9, 5, RUN_INTERRUPTED, 1);
}

static void put_summaries(Store *store) {
    static const char *const names[] = {"pentagon", "2 digons"};
    double crossing = 0.0127, branches[] = {1, 2.5, (double)NAN, -3, 4, 5}, lowest[] = {1, 0, 1};
    const StoredMeasurement made[] = {
        {0, "crossing", "", {"crossing", 0, {0}, &crossing, NULL, 0}},
        {0, "crossing", "", {"crossing_branches", 2, {2, 3}, branches, NULL, 0}},
        {0, "best_of_class", "", {"best_class", 1, {3}, lowest, names, 2}}};
    Error error;
    for (int i = 0; i < 3; i++)
        cr_assert(store_put_measurement(store, 0, &made[i], &error), "%s", error.text);
}

static void export_to(Store *store, const char *name, bool snapshots, bool long_rows,
                      const char *reported) {
    char path[128];
    Text report = {0};
    Error error = {0};
    cr_assert(export_store(store, in_folder(path, name),
                           &(ExportOptions){.snapshots = snapshots, .long_rows = long_rows},
                           &report, &error),
              "%s", error.text);
    cr_assert(strstr(text_of(&report), reported), "%s", text_of(&report));
    text_release(&report);
}

static void python(const char *check) {
    char command[256];
    snprintf(command, sizeof command, "/usr/bin/python3 tests/export_written.py %s %s", check,
             folder);
    cr_assert_eq(system(command), 0, "%s", check);
}

static void cr_equal(const char *a, const char *b) {
    char command[256];
    snprintf(command, sizeof command, "cmp %s/%s %s/%s", folder, a, folder, b);
    cr_assert_eq(system(command), 0);
}

Test(export, gives_numpy_what_the_store_holds, .init = make_folder, .fini = remove_folder) {
    Store *store = make_store("x.db");
    Error error;
    store->piece_bytes = 12;
    put_all(store, false);
    export_to(store, "x.npz", false, false, "x.npz: 8 runs of 5 x 2\n");
    export_to(store, "t.npz", true, false, "t.npz: 8 runs of 5 x 2\n");
    export_to(store, "x.csv", false, false, "x.csv: 8 runs\n");
    export_to(store, "long.csv", false, true, "long.csv: 8 runs\n");
    export_to(store, "x.json", false, false, "x.json: 8 runs\n");
    put_summaries(store);
    export_to(store, "whole.npz", false, false, "whole.npz: 8 runs of 5 x 2\n");
    export_to(store, "whole.json", false, false, "whole.json: 8 runs\n");
    cr_assert(store_close(store, &error));
    python("whole");
    python("npz");
    python("snapshots");
    python("csv");
    python("long");
    python("json");
    cr_assert_eq(count_files("*"), 8, "no other file is left");
}

/* Another order of completion, other times, other pieces, half of it inside a transaction. */
Test(export, has_bytes_that_depend_on_results_alone, .init = make_folder, .fini = remove_folder) {
    static const struct {
        const char *a, *b;
        bool snapshots, long_rows;
    } rows[] = {{"a.npz", "b.npz", false, false},
                {"at.npz", "bt.npz", true, false},
                {"a.csv", "b.csv", false, false},
                {"along.csv", "blong.csv", false, true},
                {"a.json", "b.json", false, false}};
    Store *a = make_store("a.db"), *b = make_store("b.db");
    Error error;
    b->piece_bytes = 20;
    put_all(a, false);
    cr_assert(store_begin(b, &error));
    put_all(b, true);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        export_to(a, rows[i].a, rows[i].snapshots, rows[i].long_rows, "8 runs");
        export_to(b, rows[i].b, rows[i].snapshots, rows[i].long_rows, "8 runs");
        cr_equal(rows[i].a, rows[i].b);
    }
    cr_assert(store_close(a, &error));
    cr_assert(store_close(b, &error));
}

Test(export, splits_runs_of_different_shapes, .init = make_folder, .fini = remove_folder) {
    Store *store = make_store("x.db");
    Error error;
    put(store, 0, 5, RUN_DONE, 1);
    put(store, 1, 8, RUN_DONE, 1);
    put(store, 2, 5, RUN_DONE, 1);
    put(store, 3, 6, RUN_DONE, 1);
    export_to(store, "x.npz", true, false, "x.npz: 2 runs of 5 x 2\n");
    export_to(store, "x.npz", true, false, "x-8x2.npz: 1 run of 8 x 2\n");
    export_to(store, "x.npz", true, false, "x-6x2.npz: 1 run of 6 x 2\n");
    export_to(store, "x.csv", false, false, "x.csv: 4 runs\n");
    export_to(store, "long.csv", false, true, "long.csv: 4 runs\n");
    cr_assert(store_close(store, &error));
    python("split");
    cr_assert_eq(count_files("*"), 6);
}

Test(export, leaves_out_what_has_no_common_shape, .init = make_folder, .fini = remove_folder) {
    Store *store = make_store("x.db");
    Error error;
    double values[5] = {0};
    put(store, 0, 5, RUN_DONE, 1);
    put(store, 1, 5, RUN_DONE, 1);
    for (int run = 0; run < 2; run++) {
        StoredMeasurement mixed = {10, "mixed", "", {"mixed", run, {5}, values, NULL, 0}};
        cr_assert(store_put_measurement(store, run + 1, &mixed, &error), "%s", error.text);
    }
    export_to(store, "x.npz", false, false,
              "x.npz: mixed is left out: in some runs it has more dimensions than in others\n");
    cr_assert(store_close(store, &error));
    python("left_out");
}

Test(export, refuses_what_it_cannot_do, .init = make_folder, .fini = remove_folder) {
    static const struct {
        const char *name;
        bool snapshots, long_rows;
        const char *why;
    } rows[] = {
        {"x.txt", false, false, "it must be .npz, .csv or .json"},
        {"x.safetensors", false, false, "it must be .npz, .csv or .json"},
        {"npz", false, false, "it must be .npz, .csv or .json"},
        {"x.csv", true, false, "--snapshots goes with .npz only"},
        {"x.json", true, false, "--snapshots goes with .npz only"},
        {"x.npz", false, true, "--long goes with .csv only"},
        {"none/x.npz", false, false, "none/x.npz: No such file"},
        {"none/x.csv", false, false, "none/x.csv: No such file"},
    };
    char path[128];
    Text report = {0};
    Error error;
    Store *store = make_store("x.db");
    put(store, 8, 5, RUN_FAILED, 1);
    cr_assert_not(
        export_store(store, in_folder(path, "x.npz"), &(ExportOptions){0}, &report, &error));
    cr_assert(strstr(error.text, "no finished run"), "%s", error.text);
    put(store, 0, 5, RUN_DONE, 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ExportOptions options = {rows[i].snapshots, rows[i].long_rows};
        cr_assert_not(export_store(store, in_folder(path, rows[i].name), &options, &report, &error),
                      "%s", rows[i].name);
        cr_assert(strstr(error.text, rows[i].why), "%s", error.text);
    }
    cr_assert_str_empty(text_of(&report));
    cr_assert(store_close(store, &error));
    cr_assert_eq(count_files("*"), 1);
}

/* A tensor with a flipped bit: the export fails, and an older file of that name stays. */
Test(export, leaves_the_old_file_when_it_fails, .init = make_folder, .fini = remove_folder) {
    char path[128];
    Text report = {0};
    Error error;
    Store *store = make_store("x.db");
    put_all(store, false);
    export_to(store, "x.npz", false, false, "8 runs");
    export_to(store, "old.npz", false, false, "8 runs");
    cr_assert(store_execute(store, &error,
                            "UPDATE tensor SET checksum = checksum + 1 WHERE run_id = 7 AND step = "
                            "10 AND name = 'b'",
                            ""));
    cr_assert_not(
        export_store(store, in_folder(path, "x.npz"), &(ExportOptions){0}, &report, &error));
    cr_assert(strstr(error.text, "tensor b of run 7"), "%s", error.text);
    cr_equal("x.npz", "old.npz");
    cr_assert(store_execute(store, &error,
                            "UPDATE measurement SET checksum = checksum + 1 WHERE run_id = 7", ""));
    cr_assert_not(
        export_store(store, in_folder(path, "x.csv"), &(ExportOptions){0}, &report, &error));
    cr_assert_not(
        export_store(store, in_folder(path, "x.json"), &(ExportOptions){0}, &report, &error));
    cr_assert(store_close(store, &error));
    cr_assert_eq(count_files("*"), 3);
}
