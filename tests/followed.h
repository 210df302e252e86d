/* Stores for tests of what the viewer shows of them, and the Stage that it opens on one. */
#ifndef SUPERPOSE_TESTS_FOLLOWED_H
#define SUPERPOSE_TESTS_FOLLOWED_H

#include "render/runs/stage.h"
#include "tests/no_problems.h"
#include "tests/stored.h"

#define MODEL                                                                                      \
    "title: Four in two\n"                                                                         \
    "data: {kind: independent, n_features: 4, feature_probability: 0.1}\n"                         \
    "model: {kind: relu_output, n_hidden: 2}\n"

static const char *const single =
    MODEL "train: {steps: 400, batch: 64, learning_rate: 1e-2, schedule: cosine}\n"
          "record: {snapshots: {every: 20}, metrics_over_time: [loss]}\n";

static const char *const sweep = MODEL "train: {steps: 200, batch: 64}\n"
                                       "record: {snapshots: {every: 50}, metrics: [loss]}\n"
                                       "sweep: {data.feature_probability: [0.1, 0.2, 0.4, 0.8]}\n";

static inline Stage *open_stage(const char *path, int64_t only_run) {
    Arena arena = {0};
    Problems problems = {.arena = &arena};
    StageOptions options = {.path = path, .only_run = only_run, .n_threads = 1, .isa = isa_best()};
    Stage *stage = stage_open(&options, &problems);
    expect_no_problems(stage, &problems, path);
    arena_release(&arena);
    return stage;
}

static inline void read_all(Stage *stage) {
    Error error = {0};
    cr_assert(stage_wait(stage, &error), "%s", error.text);
}

#endif
