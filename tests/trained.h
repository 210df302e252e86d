/* Trainings for tests of the training loop, from settings in YAML. */
#ifndef SUPERPOSE_TESTS_TRAINED_H
#define SUPERPOSE_TESTS_TRAINED_H

#include "sim/train/train.h"
#include "tests/settings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Every kind, optimizer and way of drawing; more than one chunk, more than one range. */
static const char *const configs[] = {
    "{data: {n_features: 5, feature_probability: 0.05}, task: {importance: {decay: 0.9}},"
    " model: {kind: relu_output, n_hidden: 2}, train: {batch: 3000, steps: 40}}",
    "{data: {n_features: 20, feature_probability: 0.7}, model: {kind: linear, n_hidden: 5},"
    " train: {optimizer: sgd, learning_rate: 0.1, batch: 700, steps: 40, seed: 3}}",
    "{data: {n_features: 60, feature_probability: 0.02, value: signed_uniform},"
    " task: {kind: absolute_value}, model: {kind: two_layer, n_hidden: 20, hidden_bias: true},"
    " train: {optimizer: adam, batch: 500, steps: 40, loss_exponent: 3, weight_decay: 0.1,"
    " schedule: {kind: cosine, warmup: 7}}}",
    "{data: {n_features: 400, feature_probability: 0.01}, model: {kind: relu_output, n_hidden: 90},"
    " train: {optimizer: momentum, learning_rate: 0.01, batch: 600, steps: 12}}",
    "{data: {n_features: 60, feature_probability: 0.03, value: signed_uniform},"
    " task: {kind: residual_relu}, model: {kind: residual, n_hidden: 20, output_activation: linear,"
    " embedding: 300, hidden_bias: true}, train: {batch: 500, steps: 40}}",
};
enum { N_CONFIGS = sizeof configs / sizeof *configs };

static inline const Settings *read_into(const char *yaml, Arena *arena) {
    Settings *settings = ARENA_NEW(arena, Settings, 1);
    *settings = settings_read(yaml, arena);
    return settings;
}

static inline Training *open_phases(const Phase *phases, int n_phases, int n_workers,
                                    Arena *arena) {
    Training *training = NULL;
    Error error = {0};
    bool ok =
        training_open(&training, phases, n_phases, 0, n_workers, isa_best(), NULL, arena, &error);
    cr_assert(ok, "%s", error.text);
    return training;
}

static inline Training *open_config(const char *yaml, int n_workers, Arena *arena) {
    Phase phase = {.settings = read_into(yaml, arena)};
    return open_phases(&phase, 1, n_workers, arena);
}

static inline void advance(Training *training, int64_t step, Pool *pool) {
    Error error = {0};
    bool ok = training_advance(training, step, pool, NULL, &error);
    cr_assert(ok, "%s", error.text);
}

static inline void get_state(Training *training, float *state) {
    const Model *model = training_model(training);
    int64_t n, n_parameters = model->n_parameters;
    const float *states = training_states(training, &n);
    memcpy(state, model->parameters, (size_t)n_parameters * sizeof *state);
    if (n > 0)
        memcpy(state + n_parameters, states, (size_t)n * sizeof *state);
}

static inline bool same_state(Training *a, Training *b, Arena *arena) {
    int64_t n = training_state_count(a);
    float *x = ARENA_NEW(arena, float, n), *y = ARENA_NEW(arena, float, n);
    get_state(a, x);
    get_state(b, y);
    return training_state_count(b) == n && training_step(a) == training_step(b) &&
           memcmp(x, y, (size_t)n * sizeof *x) == 0;
}

/* The settings of a config with other batches from steps 5, 9 and 20 on, the last the first again;
 * phases [4]. */
static inline void change_batches(const char *yaml, Phase *phases, Arena *arena) {
    static const int64_t steps[] = {0, 5, 9, 20}, batches[] = {0, 130, 2600, 0};
    for (int i = 0; i < 4; i++) {
        Settings *settings = ARENA_NEW(arena, Settings, 1);
        *settings = settings_read(yaml, arena);
        if (batches[i])
            settings->train.batch = batches[i];
        phases[i] = (Phase){steps[i], settings};
    }
}

#endif
