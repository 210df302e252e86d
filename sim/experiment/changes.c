/* The section `changes`: settings that change while a run trains. */
#include "sim/experiment/internal.h"

#include <string.h>

/* Reads one row; false, with problems, where it is none. */
static bool read_row(const Experiment *experiment, const Yaml *row, int64_t after, Change *change,
                     Problems *problems) {
    const Yaml *step = row->type == YAML_MAP ? yaml_get(row, "step") : NULL;
    const Yaml *set = row->type == YAML_MAP ? yaml_get(row, "set") : NULL;
    long long value;
    if (!step || !set || row->n != 2 || set->type != YAML_MAP || !set->n) {
        problem_add(problems, row->place,
                    "a change takes {step: …, set: {key: value, …}} and nothing else");
        return false;
    }
    if (!yaml_is_integer(step, &value) || value < 1) {
        problem_add(problems, step->place, "a change's step takes integer >= 1, not %s",
                    yaml_describe(step, experiment->arena));
        return false;
    }
    if (value <= after) {
        problem_add(problems, step->place, "changes come in increasing steps: %lld after %lld",
                    value, (long long)after);
        return false;
    }
    YamlPair *sets = ARENA_NEW(experiment->arena, YamlPair, set->n);
    memcpy(sets, set->pairs, (size_t)set->n * sizeof *sets);
    *change = (Change){.step = value, .place = step->place, .sets = sets, .n_sets = set->n};
    return true;
}

void changes_read(Experiment *experiment, Problems *problems) {
    struct Resolver *resolver = experiment->resolver;
    const Yaml *node = yaml_get(experiment->tree, "changes");
    if (!node || yaml_is_empty(node))
        return;
    if (node->type != YAML_LIST) {
        problem_add(problems, node->place, "changes takes a list, not %s",
                    yaml_describe(node, experiment->arena));
        return;
    }
    Change *changes = ARENA_NEW(experiment->arena, Change, node->n);
    int64_t after = 0;
    for (int i = 0; i < node->n; i++) {
        Change *change = &changes[resolver->n_changes];
        if (!read_row(experiment, node->items[i], after, change, problems))
            continue;
        after = change->step;
        resolver->n_changes++;
    }
    resolver->changes = changes;
}
