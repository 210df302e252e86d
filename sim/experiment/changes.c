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
    ChangeSet *sets = ARENA_NEW(experiment->arena, ChangeSet, set->n);
    for (int i = 0; i < set->n; i++)
        sets[i].pair = set->pairs[i];
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

/* The step of the first of these changes that sets the key. */
static int64_t next_of(const Change *changes, int n, const char *key) {
    for (int i = 0; i < n; i++)
        for (int k = 0; k < changes[i].n_sets; k++)
            if (strcmp(changes[i].sets[k].pair.key, key) == 0)
                return changes[i].step;
    return INT64_MAX;
}

void changes_link(Change *changes, int n) {
    for (int i = 0; i < n; i++)
        for (int k = 0; k < changes[i].n_sets; k++)
            changes[i].sets[k].until =
                next_of(changes + i + 1, n - i - 1, changes[i].sets[k].pair.key);
}

bool change_touches(const Change *change, Section section) {
    for (int k = 0; k < change->n_sets; k++)
        if (section_of(change->sets[k].pair.key, NULL) == section)
            return true;
    return false;
}

void change_print(const Change *change, const Settings *settings, Text *text) {
    const char *between = "";
    text_add(text, "{step: %lld, set: {", (long long)change->step);
    for (int i = 0; i < change->n_sets; i++) {
        const void *owner;
        const char *key = change->sets[i].pair.key;
        const Field *field = settings_field(settings, key, &owner);
        if (!field)
            continue;
        const char *name = strstr(key, field->name);
        text_add(text, "%s%.*s", between, (int)(name - key), key);
        fields_print(field, 1, owner, text);
        between = ", ";
    }
    text_append(text, "}}");
}
