/* Maps of axis values, as `at` takes them in claims and summaries: each key is an axis, each value
 * one of its values. */
#include "sim/experiment/internal.h"

#include <string.h>

static void refuse_value(const Experiment *experiment, const char *axis_key, const Yaml *value,
                         const Axis *axis, int key, Problems *problems) {
    enum { MOST_LISTED = 20 };
    Text values = {0};
    for (int v = 0; v < axis->n_values && v < MOST_LISTED; v++) {
        text_append(&values, v ? ", " : "");
        yaml_print(axis->values[v * axis->n_keys + key].value, &values);
    }
    problem_add(problems, value->place, "%s has no value %s; it has %s%s", axis_key,
                yaml_describe(value, experiment->arena), text_of(&values),
                axis->n_values > MOST_LISTED ? ", …" : "");
    text_release(&values);
}

const Axis *axis_find(const Experiment *experiment, const char *name, int *key) {
    for (int i = 0; i < experiment->n_axes; i++)
        for (int k = 0; k < experiment->axes[i].n_keys; k++)
            if (strcmp(experiment->axes[i].keys[k], name) == 0) {
                *key = k;
                return &experiment->axes[i];
            }
    return NULL;
}

const char **axis_names(const Experiment *experiment, int *n) {
    *n = 0;
    for (int i = 0; i < experiment->n_axes; i++)
        *n += experiment->axes[i].n_keys;
    const char **names = ARENA_NEW(experiment->arena, const char *, *n);
    *n = 0;
    for (int i = 0; i < experiment->n_axes; i++)
        for (int k = 0; k < experiment->axes[i].n_keys; k++)
            names[(*n)++] = experiment->axes[i].keys[k];
    return names;
}

const Axis *axis_check(const Experiment *experiment, const char *name, Place place, int *key,
                       Problems *problems) {
    const Axis *axis = axis_find(experiment, name, key);
    int n;
    const char **names = axis_names(experiment, &n);
    if (!axis)
        problem_add_unknown(problems, place, "the sweep has no axis", name, names, n);
    return axis;
}

void axis_value_check(const Experiment *experiment, const Axis *axis, int key, const Yaml *value,
                      Problems *problems) {
    for (int v = 0; v < axis->n_values; v++)
        if (yaml_same(axis->values[v * axis->n_keys + key].value, value))
            return;
    refuse_value(experiment, axis->keys[key], value, axis, key, problems);
}

bool at_check(const Experiment *experiment, const Yaml *at, const char *where, Problems *problems) {
    if (!at)
        return false;
    if (at->type != YAML_MAP) {
        problem_add(problems, at->place, "%s.at takes a map of axis values, not %s", where,
                    yaml_describe(at, experiment->arena));
        return false;
    }
    for (int i = 0; i < at->n && !experiment->changes_runs; i++) {
        int key;
        const Axis *axis =
            axis_check(experiment, at->pairs[i].key, at->pairs[i].place, &key, problems);
        if (axis)
            axis_value_check(experiment, axis, key, at->pairs[i].value, problems);
    }
    return true;
}
