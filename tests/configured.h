/* Experiments from the text of a config, for tests of what is read from it. */
#ifndef SUPERPOSE_TESTS_CONFIGURED_H
#define SUPERPOSE_TESTS_CONFIGURED_H

#include "sim/experiment/experiment.h"
#include "tests/no_problems.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

#define BASE                                                                                       \
    "data: {n_features: 5, feature_probability: 0.05}\n"                                           \
    "model: {kind: relu_output, n_hidden: 2}\n"

static inline Experiment *read_config_with(const char *text, const char *const *overrides,
                                           int n_overrides, Arena *arena) {
    Problems problems = {.arena = arena};
    Experiment *experiment =
        experiment_parse("t.yaml", text, strlen(text), overrides, n_overrides, arena, &problems);
    expect_no_problems(experiment, &problems, text);
    return experiment;
}

static inline Experiment *read_config(const char *text, Arena *arena) {
    return read_config_with(text, NULL, 0, arena);
}

static inline void expect_axes(const Experiment *experiment, int64_t number, const char *json) {
    Arena arena = {0};
    Run run = experiment_run(experiment, number, &arena);
    cr_expect_str_eq(run.axes_json, json, "run %d: %s", (int)number, run.axes_json);
    arena_release(&arena);
}

static inline const char *identity(const char *text, int64_t number, Arena *arena) {
    Run run = experiment_run(read_config(text, arena), number, arena);
    return arena_copy(arena, run.identity);
}

/* The same runs, in the same order, from the printed config; printing it again changes nothing. */
static inline void expect_round_trip(const char *config) {
    Arena arena = {0};
    Text once = {0}, twice = {0};
    Experiment *first = read_config(config, &arena);
    experiment_print(first, &once);
    Experiment *second = read_config(text_of(&once), &arena);
    experiment_print(second, &twice);
    cr_expect_str_eq(text_of(&once), text_of(&twice));
    cr_assert_eq(first->n_runs, second->n_runs, "%s", text_of(&once));
    cr_expect_eq(first->n_claims, second->n_claims);
    for (int64_t i = 0; i < first->n_runs; i++) {
        Run a = experiment_run(first, i, &arena), b = experiment_run(second, i, &arena);
        cr_expect_str_eq(a.identity, b.identity, "%s\n%s\n%s", text_of(&once), a.settings_text,
                         b.settings_text);
        cr_expect_str_eq(a.axes_json, b.axes_json);
    }
    text_release(&once);
    text_release(&twice);
    arena_release(&arena);
}

#endif
