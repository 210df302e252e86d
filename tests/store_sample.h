/* A store with runs that a test puts in: every number follows from the run and its place. */
#ifndef SUPERPOSE_TESTS_STORE_SAMPLE_H
#define SUPERPOSE_TESTS_STORE_SAMPLE_H

#include "sim/store/internal.h"
#include "tests/folder.h"

#include <math.h>
#include <string.h>

static char path[64];

static inline void begin(void) {
    make_folder();
    snprintf(path, sizeof path, "%s/x.db", folder);
}

static inline Store *open_store(StoreMode mode) {
    Store *store;
    Error error = {0};
    cr_assert(store_open(&store, path, mode, &error), "%s", error.text);
    return store;
}

static inline void close_store(Store *store) {
    Error error = {0};
    cr_assert(store_close(store, &error), "%s", error.text);
}

enum { N_ROWS = 5, N_COLUMNS = 2, N_STEPS = 2 };

/* Value i of tensor `kind` of run `seed` at `step`. */
static inline float tensor_value(int64_t seed, int64_t step, int kind, int i) {
    return (float)(seed * 1000 + step * 100 + kind * 50 + i) / 8;
}

typedef struct Sample {
    float W[N_STEPS][N_ROWS * N_COLUMNS], b[N_STEPS][N_ROWS];
    double norms[N_ROWS], geometry, loss;
    char identity[33], axes[64];
    StoredTensor tensors[2 * N_STEPS];
    StoredMeasurement measurements[3];
    StoredRun run;
} Sample;

static const char *const shapes[] = {"digon", "pen\"tagon"};

/* A run of two restarts a point, with a snapshot at step 0 and the end at step 10. */
static inline void fill(Sample *sample, int64_t number, double loss) {
    static const Tensor W = {.name = "W", .n_rows = N_ROWS, .n_columns = N_COLUMNS};
    static const Tensor b = {.name = "b",
                             .n_rows = N_ROWS,
                             .n_columns = 1,
                             .is_vector = true,
                             .offset = N_ROWS * N_COLUMNS};
    memset(sample, 0, sizeof *sample);
    for (int t = 0; t < N_STEPS; t++) {
        for (int i = 0; i < N_ROWS * N_COLUMNS; i++)
            sample->W[t][i] = tensor_value(number, 10 * t, 0, i);
        for (int i = 0; i < N_ROWS; i++)
            sample->b[t][i] = tensor_value(number, 10 * t, 1, i);
        sample->tensors[2 * t] = (StoredTensor){10 * t, W, sample->W[t]};
        sample->tensors[2 * t + 1] = (StoredTensor){10 * t, b, sample->b[t]};
    }
    for (int i = 0; i < N_ROWS; i++)
        sample->norms[i] = i == 3 ? (double)NAN : i / 7.0;
    sample->loss = loss;
    sample->geometry = 1;
    sample->measurements[0] = (StoredMeasurement){
        10, "loss", "loss_samples: 4096", {"loss", 0, {0}, &sample->loss, 0, 0}};
    sample->measurements[1] = (StoredMeasurement){
        10, "feature_norm", "", {"feature_norm", 1, {N_ROWS}, sample->norms, 0, 0}};
    sample->measurements[2] =
        (StoredMeasurement){10, "geometry", "", {"geometry", 0, {0}, &sample->geometry, shapes, 2}};
    snprintf(sample->identity, sizeof sample->identity, "%032llx", (long long)number);
    snprintf(sample->axes, sizeof sample->axes, "{\"train.seed\": %lld}", (long long)number / 2);
    sample->run = (StoredRun){.number = number,
                              .point = number / 2,
                              .restart = number % 2,
                              .seed = number / 2,
                              .identity = sample->identity,
                              .settings = "{model: {kind: linear}}",
                              .axes = sample->axes,
                              .status = RUN_DONE,
                              .steps = 10,
                              .wall_s = 0.5,
                              .cpu_s = 0.25,
                              .loss = loss};
}

static inline void add(Store *store, int64_t number, double loss) {
    Sample sample;
    Error error = {0};
    fill(&sample, number, loss);
    cr_assert(store_add_run(store, &sample.run, sample.tensors, 2 * N_STEPS, sample.measurements, 3,
                            &error),
              "%s", error.text);
    cr_assert_gt(sample.run.id, 0);
}

static inline void check_tensors(Store *store, const StoredRun *run) {
    Arena arena = {0};
    Error error = {0};
    int64_t *steps;
    int n, n_steps;
    StoredTensor *tensors;
    cr_assert(store_steps(store, run->id, &arena, &steps, &n_steps, &error));
    cr_assert(n_steps == N_STEPS && steps[0] == 0 && steps[1] == 10);
    for (int t = 0; t < N_STEPS; t++) {
        cr_assert(store_tensors(store, run->id, steps[t], &arena, &tensors, &n, &error), "%s",
                  error.text);
        cr_assert_eq(n, 2);
        cr_assert_str_eq(tensors[0].tensor.name, "W");
        cr_assert_str_eq(tensors[1].tensor.name, "b");
        cr_assert(tensors[0].tensor.n_rows == N_ROWS && tensors[0].tensor.n_columns == N_COLUMNS);
        cr_assert(tensors[1].tensor.is_vector && tensors[1].tensor.n_columns == 1);
        cr_assert_eq(tensors[1].tensor.offset, N_ROWS * N_COLUMNS);
        cr_assert_eq(tensors[0].step, steps[t]);
        for (int kind = 0; kind < 2; kind++)
            for (int i = 0; i < (kind ? N_ROWS : N_ROWS * N_COLUMNS); i++)
                cr_assert_eq(tensors[kind].values[i],
                             tensor_value(run->point * 2 + run->restart, steps[t], kind, i));
    }
    cr_assert_not(store_tensors(store, run->id, 5, &arena, &tensors, &n, &error));
    cr_assert(strstr(error.text, "no parameters at step 5"));
    arena_release(&arena);
}

static inline void check_measurements(Store *store, const StoredRun *run) {
    Arena arena = {0};
    Error error = {0};
    StoredMeasurement got;
    bool found;
    cr_assert(store_measurement(store, run->id, "feature_norm", 10, &arena, &got, &found, &error));
    cr_assert(found && got.measurement.rank == 1 && got.measurement.shape[0] == N_ROWS);
    for (int i = 0; i < N_ROWS; i++)
        cr_assert(i == 3 ? isnan(got.measurement.values[i]) : got.measurement.values[i] == i / 7.0);
    cr_assert_null(got.measurement.labels);
    cr_assert(store_measurement(store, run->id, "geometry", 10, &arena, &got, &found, &error));
    cr_assert(found && got.measurement.rank == 0 && got.measurement.n_labels == 2);
    cr_assert_str_eq(got.measurement.labels[(int)got.measurement.values[0]], "pen\"tagon");
    cr_assert(store_measurement(store, run->id, "loss", 10, &arena, &got, &found, &error));
    cr_assert(found && got.step == 10);
    cr_assert_str_eq(got.maker, "loss");
    cr_assert_str_eq(got.settings, "loss_samples: 4096");
    cr_assert(store_measurement(store, run->id, "loss", 9, &arena, &got, &found, &error));
    cr_assert_not(found);
    arena_release(&arena);
}

static inline StoredRun *read_runs(Store *store, Arena *arena, int64_t n_expected) {
    StoredRun *runs;
    int64_t n;
    Error error = {0};
    cr_assert(store_runs(store, arena, &runs, &n, &error), "%s", error.text);
    cr_assert_eq(n, n_expected, "%lld runs", (long long)n);
    return runs;
}

#endif
