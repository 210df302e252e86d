/* Bad configs, and all that must be said about each: every problem in one go, each at its place,
 * with the nearest known name or what is allowed. The messages are the contract: lines and columns
 * are counted in the texts beside them. */
#ifndef SUPERPOSE_TESTS_BAD_CONFIG_H
#define SUPERPOSE_TESTS_BAD_CONFIG_H

#include "sim/experiment/experiment.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

#define BASE                                                                                       \
    "data: {n_features: 5, feature_probability: 0.05}\n"                                           \
    "model: {kind: relu_output, n_hidden: 2}\n"

enum { MAX_OVERRIDES = 4 };

typedef struct BadConfig {
    const char *what, *text;
    const char *overrides[MAX_OVERRIDES];
    const char *problems;
} BadConfig;

static inline void expect_problems(const BadConfig *bad) {
    Arena arena = {0};
    Problems problems = {.arena = &arena};
    Text out = {0};
    int n_overrides = 0;
    while (n_overrides < MAX_OVERRIDES && bad->overrides[n_overrides])
        n_overrides++;
    cr_expect_null(experiment_parse("t.yaml", bad->text, strlen(bad->text), bad->overrides,
                                    n_overrides, &arena, &problems));
    problems_print(&problems, &out);
    cr_expect_str_eq(text_of(&out), bad->problems, "%s:\n%sgives\n%sinstead of\n%s", bad->what,
                     bad->text, text_of(&out), bad->problems);
    text_release(&out);
    arena_release(&arena);
}

#endif
