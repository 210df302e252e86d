/* What tests share: a row of a kind's table with its settings, read from a line of YAML. */
#ifndef SUPERPOSE_TESTS_CHOOSE_H
#define SUPERPOSE_TESTS_CHOOSE_H

#include "sim/config/kind.h"

#include <criterion/criterion.h>
#include <string.h>

static inline Choice choose(const KindTable *table, const char *yaml, Arena *arena) {
    Problems problems = {.arena = arena};
    Choice choice = {0};
    const Yaml *node = yaml_parse("test", yaml, strlen(yaml), arena, &problems);
    bool is_read = node && choice_read(table, node, (Place){.file = "test"}, NULL, 0, &choice,
                                       arena, &problems);
    Text text = {0};
    problems_print(&problems, &text);
    cr_assert(is_read && problems.n == 0, "%s: %s", yaml, text_of(&text));
    text_release(&text);
    return choice;
}

#endif
