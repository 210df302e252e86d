/* What is prepared once for all runs: which sections the axes touch, the keys that belong only to
 * some of a swept kind's values, and the axes' part of each run's JSON. */
#include "sim/experiment/internal.h"

#include <string.h>

/* Ignored keys of one section as they are collected. */
typedef struct Keys {
    const char **items; /* [n] */
    int n, capacity;
} Keys;

static void add_key(Keys *keys, const char *key, Arena *arena) {
    if (keys->n == keys->capacity) {
        int capacity = keys->capacity ? keys->capacity * 2 : 16;
        const char **items = ARENA_NEW(arena, const char *, capacity);
        if (keys->n)
            memcpy(items, keys->items, (size_t)keys->n * sizeof *items);
        keys->items = items;
        keys->capacity = capacity;
    }
    keys->items[keys->n++] = key;
}

static const Kind *kind_of_value(const KindTable *table, const Yaml *value) {
    const Yaml *name = value->type == YAML_MAP ? yaml_get(value, "kind") : value;
    return name && name->type == YAML_SCALAR ? kind_find(table, name->text) : NULL;
}

/* Adds the keys of one kind, written as seen from the section: "beta1" of train.optimizer is
 * "optimizer.beta1". */
static void add_kind(Keys *keys, const char *path, const Kind *kind, Arena *arena) {
    const char *inner;
    section_of(path, &inner);
    for (int i = 0; i < kind->n_fields; i++)
        add_key(keys, arena_print(arena, "%s%s%s", inner, *inner ? "." : "", kind->fields[i].name),
                arena);
}

/* Adds the keys of all kinds that an axis gives to the choice at `path`, each kind once. */
static void add_swept_kinds(Keys *keys, const char *path, const Axis *axis, int key, Arena *arena) {
    const KindTable *table = choice_table_at(path);
    bool *is_added = ARENA_NEW(arena, bool, table->n_rows);
    for (int i = 0; i < axis->n_values; i++) {
        const Kind *kind = kind_of_value(table, axis->values[i * axis->n_keys + key].value);
        for (int row = 0; kind && row < table->n_rows; row++)
            if (table->rows[row] == kind && !is_added[row]) {
                add_kind(keys, path, kind, arena);
                is_added[row] = true;
            }
    }
}

static void find_ignored(const Experiment *experiment, Keys *keys) {
    int n_paths;
    const char *const *paths = choice_paths(&n_paths);
    for (int i = 0; i < experiment->n_axes; i++)
        for (int k = 0; k < experiment->axes[i].n_keys; k++)
            for (int p = 0; p < n_paths; p++)
                if (chooses_kind(experiment->axes[i].keys[k], paths[p]))
                    add_swept_kinds(&keys[section_of(paths[p], NULL)], paths[p],
                                    &experiment->axes[i], k, experiment->arena);
}

static bool is_plain(char c) {
    return c && c != '"' && c != '\\' && (unsigned char)c >= 0x20;
}

static void print_json_text(const char *at, Text *text) {
    text_append(text, "\"");
    while (*at) {
        int n = 0;
        while (is_plain(at[n]))
            n++;
        text_add(text, "%.*s", n, at);
        at += n;
        if (*at == '"' || *at == '\\')
            text_add(text, "\\%c", *at++);
        else if (*at)
            text_add(text, "\\u%04x", (unsigned)*at++);
    }
    text_append(text, "\"");
}

/* "key": value, a number or a text. */
static const char *json_piece(const YamlPair *pair, Arena *arena) {
    double real;
    char number[32];
    Text text = {0}, words = {0};
    print_json_text(pair->key, &text);
    text_append(&text, ": ");
    if (yaml_is_real(pair->value, &real)) {
        text_append(&text, text_number(number, real));
    } else if (pair->value->type == YAML_SCALAR) {
        print_json_text(pair->value->text, &text);
    } else {
        yaml_print(pair->value, &words);
        print_json_text(text_of(&words), &text);
    }
    const char *piece = arena_copy(arena, text_of(&text));
    text_release(&text);
    text_release(&words);
    return piece;
}

static void prepare_json(const Experiment *experiment, struct Resolver *resolver) {
    int64_t n = 0;
    int64_t *start = ARENA_NEW(experiment->arena, int64_t, experiment->n_axes);
    for (int i = 0; i < experiment->n_axes; i++) {
        start[i] = n;
        n += (int64_t)experiment->axes[i].n_values * experiment->axes[i].n_keys;
    }
    const char **json = ARENA_NEW(experiment->arena, const char *, n);
    for (int i = 0; i < experiment->n_axes; i++) {
        const Axis *axis = &experiment->axes[i];
        for (int64_t v = 0; v < (int64_t)axis->n_values * axis->n_keys; v++)
            json[start[i] + v] = json_piece(&axis->values[v], experiment->arena);
    }
    resolver->json = json;
    resolver->json_start = start;
}

void resolver_open(Experiment *experiment) {
    struct Resolver *resolver = ARENA_NEW(experiment->arena, struct Resolver, 1);
    const Yaml *tree = experiment->tree;
    for (int s = 0; s < N_SECTIONS; s++) {
        const Yaml *node = yaml_get(tree, section_names[s]);
        resolver->nodes[s] = node;
        resolver->places[s] = node ? node->place : tree->place;
    }
    experiment->resolver = resolver;
}

void resolver_add_axes(const Experiment *experiment) {
    struct Resolver *resolver = experiment->resolver;
    Keys keys[N_SECTIONS] = {{0}};
    for (int i = 0; i < experiment->n_axes; i++)
        for (int k = 0; k < experiment->axes[i].n_keys; k++)
            resolver->is_swept[section_of(experiment->axes[i].keys[k], NULL)] = true;
    find_ignored(experiment, keys);
    for (int s = 0; s < N_SECTIONS; s++) {
        resolver->ignored[s] = keys[s].items;
        resolver->n_ignored[s] = keys[s].n;
    }
    prepare_json(experiment, resolver);
}
