/* What tests share: a row of a kind's table with its settings, read from a line of YAML. */
#ifndef SUPERPOSE_TESTS_CHOOSE_H
#define SUPERPOSE_TESTS_CHOOSE_H

#include "sim/config/kind.h"
#include "tests/no_problems.h"

#include <criterion/criterion.h>
#include <string.h>

static inline Choice choose(const KindTable *table, const char *yaml, Arena *arena) {
    Problems problems = {.arena = arena};
    Choice choice = {0};
    const Yaml *node = yaml_parse("test", yaml, strlen(yaml), arena, &problems);
    bool is_read = node && choice_read(table, node, (Place){.file = "test"}, NULL, 0, &choice,
                                       arena, &problems);
    expect_no_problems(is_read, &problems, yaml);
    return choice;
}

#endif
