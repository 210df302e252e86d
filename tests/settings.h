/* Settings of a training from YAML text, for tests below the layer that reads whole configs. */
#ifndef SUPERPOSE_TESTS_SETTINGS_H
#define SUPERPOSE_TESTS_SETTINGS_H

#include "sim/train/train.h"
#include "tests/no_problems.h"

#include <criterion/criterion.h>
#include <string.h>

/** The sections data, task, model and train of the text; a problem with it fails the test. */
static inline Settings settings_read(const char *yaml, Arena *arena) {
    Settings settings = {0};
    Problems problems = {.arena = arena};
    Place place = {.file = "test"};
    const Yaml *root = yaml_parse("test", yaml, strlen(yaml), arena, &problems);
    if (root) {
        choice_read(&data_table, yaml_get(root, "data"), place, NULL, 0, &settings.data, arena,
                    &problems);
        choice_read(&task_table, yaml_get(root, "task"), place, NULL, 0, &settings.task, arena,
                    &problems);
        choice_read(&model_table, yaml_get(root, "model"), place, NULL, 0, &settings.model, arena,
                    &problems);
        fields_read(train_fields, n_train_fields, "train", yaml_get(root, "train"), place,
                    &settings.train, NULL, 0, arena, &problems);
    }
    expect_no_problems(true, &problems, NULL);
    return settings;
}

#endif
