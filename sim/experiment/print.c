/* The resolved config as a file: every setting written out, then as a reader would lay it out.
 *
 * The sections come from a run's settings, so defaults are there. Where a kind is swept, settings
 * that only some of its values have stay as the base wrote them: another kind's default must not
 * become this kind's value. */
#include "sim/experiment/internal.h"

#include <string.h>

enum { WIDTH = 96 };

static const Yaml *parse(const char *text, Arena *arena) {
    Problems problems = {.arena = arena};
    return yaml_parse("print", text, strlen(text), arena, &problems);
}

static bool is_kind_swept(const Experiment *experiment, const char *path) {
    for (int i = 0; i < experiment->n_axes; i++)
        for (int k = 0; k < experiment->axes[i].n_keys; k++)
            if (chooses_kind(experiment->axes[i].keys[k], path))
                return true;
    return false;
}

/* A map's pairs that `map` lacks, added to it; `skipped` is left out. */
static const Yaml *add_missing(const Yaml *map, const Yaml *base, const char *skipped,
                               Arena *arena) {
    for (int i = 0; base && base->type == YAML_MAP && i < base->n; i++)
        if (!yaml_get(map, base->pairs[i].key) && strcmp(base->pairs[i].key, skipped) != 0)
            map = yaml_set(map, base->pairs[i].key, base->pairs[i].value, base->place, arena);
    return map;
}

/* Undoes, for a choice whose kind is swept, the defaults of the first kind's own settings. */
static const Yaml *keep_base_settings(const Experiment *experiment, const char *path,
                                      const Yaml *root, Arena *arena) {
    const Yaml *now = yaml_find(root, path), *base = yaml_find(experiment->tree, path);
    const Yaml *name = yaml_get(now, "kind");
    const Kind *kind = kind_find(choice_table_at(path), name->text);
    for (int i = 0; i < kind->n_fields; i++)
        if (!base || !yaml_get(base, kind->fields[i].name))
            now = yaml_set(now, kind->fields[i].name, NULL, now->place, arena);
    return yaml_set(root, path, add_missing(now, base, "kind", arena), now->place, arena);
}

/* The four sections with every setting. */
static const Yaml *settings_tree(const Settings *settings, Arena *arena) {
    Text text = {0};
    for (int s = 0; s < N_SECTIONS; s++) {
        text_add(&text, "%s%s: ", s ? ", " : "{", section_names[s]);
        if (s == SECTION_TRAIN) {
            text_append(&text, "{");
            fields_print(train_fields, n_train_fields, &settings->train, &text);
            text_append(&text, "}");
        } else {
            section_print((Section)s, settings, &text);
        }
    }
    text_append(&text, "}");
    const Yaml *root = parse(text_of(&text), arena);
    text_release(&text);
    return root;
}

/* Those of the first point. */
static const Yaml *resolved_sections(const Experiment *experiment, Arena *arena) {
    const Yaml *root = settings_tree(&experiment->resolver->base, arena);
    int n_paths;
    const char *const *paths = choice_paths(&n_paths);
    for (int i = 0; i < n_paths; i++)
        if (is_kind_swept(experiment, paths[i]))
            root = keep_base_settings(experiment, paths[i], root, arena);
    return root;
}

static void indent(int n, Text *text) {
    for (int i = 0; i < n; i++)
        text_append(text, " ");
}

/* A list in flow form, broken into lines where it is long. */
static void print_wrapped(const Yaml *const *items, int n, int margin, Text *text) {
    size_t line = text->n;
    text_append(text, "[");
    for (int i = 0; i < n; i++) {
        text_append(text, i ? "," : "");
        if (i && text->n - line > WIDTH - 16) {
            text_append(text, "\n");
            line = text->n;
            indent(margin, text);
        } else {
            text_append(text, i ? " " : "");
        }
        yaml_print(items[i], text);
    }
    text_append(text, "]");
}

static void print_rows(const char *key, const Yaml *list, Text *text) {
    if (!list || list->type != YAML_LIST || !list->n)
        return;
    text_add(text, "%s:\n", key);
    for (int i = 0; i < list->n; i++) {
        text_append(text, "  - ");
        yaml_print(list->items[i], text);
        text_append(text, "\n");
    }
}

static void print_summaries(const Choices *rows, Text *text) {
    if (rows->n)
        text_append(text, "summaries:\n");
    for (int i = 0; i < rows->n; i++) {
        text_append(text, "  - ");
        choice_print(&summary_table, &rows->items[i], text);
        text_append(text, "\n");
    }
}

static void print_section(const char *key, const Yaml *map, Text *text) {
    text_add(text, "%s:\n", key);
    for (int i = 0; i < map->n; i++) {
        const Yaml *value = map->pairs[i].value;
        text_add(text, "  %s: ", map->pairs[i].key);
        if (value->type == YAML_LIST)
            print_wrapped(value->items, value->n, 4, text);
        else
            yaml_print(value, text);
        text_append(text, "\n");
    }
}

static void print_zip(const Axis *axis, Text *text) {
    text_append(text, "  zip:\n");
    for (int v = 0; v < axis->n_values; v++) {
        Yaml map = {.type = YAML_MAP,
                    .n = axis->n_keys,
                    .pairs = axis->values + (size_t)v * (size_t)axis->n_keys};
        text_append(text, "    - ");
        yaml_print(&map, text);
        text_append(text, "\n");
    }
}

/* Points count through the axes as written, so their order is kept. */
static void print_sweep(const Experiment *experiment, Arena *arena, Text *text) {
    if (!experiment->n_axes)
        return;
    text_append(text, "sweep:\n");
    for (int i = 0; i < experiment->n_axes; i++) {
        const Axis *axis = &experiment->axes[i];
        const Yaml *sweep = yaml_get(experiment->tree, "sweep");
        if (!yaml_get(sweep, axis->keys[0])) {
            print_zip(axis, text);
            continue;
        }
        const Yaml **items = ARENA_NEW(arena, const Yaml *, axis->n_values);
        for (int v = 0; v < axis->n_values; v++)
            items[v] = axis->values[v].value;
        text_add(text, "  %s: ", axis->keys[0]);
        print_wrapped(items, axis->n_values, 4, text);
        text_append(text, "\n");
    }
}

static void print_top(const Experiment *experiment, const Yaml *sections, Text *text) {
    text_append(text, "title: ");
    yaml_print_text(experiment->title, text);
    text_append(text, "\n");
    for (int s = 0; s < N_SECTIONS; s++)
        print_section(section_names[s], yaml_get(sections, section_names[s]), text);
}

static void print_record(const Experiment *experiment, Arena *arena, Text *text) {
    Text record = {0};
    text_append(&record, "{");
    record_print(&experiment->record, &record);
    text_append(&record, "}");
    print_section("record", parse(text_of(&record), arena), text);
    text_release(&record);
}

void experiment_print(const Experiment *experiment, Text *text) {
    Arena arena = {0};
    print_top(experiment, resolved_sections(experiment, &arena), text);
    print_rows("changes", yaml_get(experiment->tree, "changes"), text);
    print_sweep(experiment, &arena, text);
    print_record(experiment, &arena, text);
    print_summaries(&experiment->summaries, text);
    print_rows("figures", experiment->figures, text);
    print_rows("expect", yaml_get(experiment->tree, "expect"), text);
    arena_release(&arena);
}

void experiment_print_run(const Experiment *experiment, const Settings *settings,
                          const char *const *changes, int n_changes, Text *text) {
    Arena arena = {0};
    print_top(experiment, settings_tree(settings, &arena), text);
    text_append(text, n_changes ? "changes:\n" : "");
    for (int i = 0; i < n_changes; i++)
        text_add(text, "  - %s\n", changes[i]);
    print_record(experiment, &arena, text);
    if (experiment->n_runs == 1)
        print_rows("figures", experiment->figures, text);
    arena_release(&arena);
}
