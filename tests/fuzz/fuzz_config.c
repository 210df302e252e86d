/* libFuzzer over the reader of configs. Any bytes: no crash, no leak, no hang. What is YAML to the
 * reader must come back the same from its own printing, and what a kind's settings accept must be
 * accepted again as printed. */
#include "sim/config/kind.h"
#include "sim/config/yaml.h"
#include "sim/data/data.h"
#include "sim/train/train.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const Yaml *read_text(const char *text, size_t n, Arena *arena, Problems *problems) {
    *problems = (Problems){.arena = arena};
    return yaml_parse("fuzz.yaml", text, n, arena, problems);
}

static void require(bool holds) {
    if (!holds)
        abort();
}

static void print_and_read_again(const Yaml *root, Arena *arena) {
    Text once = {0}, twice = {0};
    Problems problems;
    yaml_print(root, &once);
    const Yaml *again = read_text(text_of(&once), once.n, arena, &problems);
    require(again && problems.n == 0);
    yaml_print(again, &twice);
    require(strcmp(text_of(&once), text_of(&twice)) == 0);
    text_release(&once);
    text_release(&twice);
}

static void choose_and_choose_again(const KindTable *table, const Yaml *node, Arena *arena) {
    Problems problems = {.arena = arena};
    Choice choice = {0};
    if (!choice_read(table, node, node->place, NULL, 0, &choice, arena, &problems) || problems.n)
        return;
    Text once = {0}, twice = {0};
    choice_print(table, &choice, &once);
    const Yaml *printed = read_text(text_of(&once), once.n, arena, &problems);
    require(printed && problems.n == 0);
    Choice again = {0};
    require(choice_read(table, printed, node->place, NULL, 0, &again, arena, &problems));
    require(problems.n == 0);
    choice_print(table, &again, &twice);
    require(strcmp(text_of(&once), text_of(&twice)) == 0);
    text_release(&once);
    text_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n) {
    Arena arena = {0};
    Problems problems;
    Text said = {0};
    const Yaml *root = read_text((const char *)bytes, n, &arena, &problems);
    problems_print(&problems, &said);
    require((problems.n == 0) == (said.n == 0));
    if (root && problems.n == 0) {
        print_and_read_again(root, &arena);
        const Yaml *data = yaml_find(root, "data"), *optimizer = yaml_find(root, "train.optimizer");
        if (data)
            choose_and_choose_again(&data_table, data, &arena);
        if (optimizer)
            choose_and_choose_again(&optimizer_table, optimizer, &arena);
    }
    text_release(&said);
    arena_release(&arena);
    return 0;
}
