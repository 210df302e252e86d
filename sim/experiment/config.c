/* From a file to one tree: `include` starts from another file, overrides come last.
 *
 * Maps merge only where they are sections or chosen kinds; any other map is a value ({decay: 0.9},
 * {log: 64}, an axis) and is replaced. A new `kind` drops the settings that only the old kind has,
 * so that n_features or n_hidden survive it. */
#include "sim/experiment/internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { MAX_INCLUDES = 16 };

static const char *kind_name(const Yaml *choice) {
    const Yaml *name = choice && choice->type == YAML_MAP ? yaml_get(choice, "kind") : choice;
    return name && name->type == YAML_SCALAR ? name->text : NULL;
}

/* The tree without the settings that only the old kind at `path` has, where `name` is another. */
static const Yaml *drop_old_kind(const Yaml *tree, const char *path, const char *name,
                                 Arena *arena) {
    const KindTable *table = choice_table_at(path);
    const Yaml *old = yaml_find(tree, path);
    const char *old_name = kind_name(old);
    const Kind *kind = kind_find(table, old_name          ? old_name
                                        : table->fallback ? table->fallback
                                                          : "");
    if (!old || old->type != YAML_MAP || !kind || strcmp(kind->name, name) == 0)
        return tree;
    for (int i = 0; i < kind->n_fields; i++)
        tree = yaml_set(tree, arena_print(arena, "%s.%s", path, kind->fields[i].name), NULL,
                        old->place, arena);
    return tree;
}

/* How deep the maps of a section merge: its own, and for train the chosen kinds in it. */
static int merge_depth(const char *section) {
    return strcmp(section, section_names[SECTION_TRAIN]) == 0 ? 2 : 1;
}

static const Yaml *merge_files(const Yaml *under, const Yaml *over, Arena *arena) {
    int n;
    const char *const *paths = choice_paths(&n);
    for (int i = 0; i < n; i++) {
        const Yaml *new = yaml_find(over, paths[i]);
        const char *name = new &&new->type == YAML_MAP ? kind_name(new) : NULL;
        if (name)
            under = drop_old_kind(under, paths[i], name, arena);
    }
    const Yaml *merged = yaml_merge(under, over, 1, arena);
    for (int i = 0; i < over->n; i++) {
        const YamlPair *pair = &over->pairs[i];
        const Yaml *below = yaml_get(under, pair->key);
        if (below && !strchr(pair->key, '.'))
            merged = yaml_set(merged, pair->key,
                              yaml_merge(below, pair->value, merge_depth(pair->key), arena),
                              pair->place, arena);
    }
    return merged;
}

static const Yaml *require_map(const Yaml *root, Arena *arena, Problems *problems) {
    if (!root || root->type == YAML_MAP)
        return root;
    problem_add(problems, root->place, "a config is a map of sections, not %s",
                root->type == YAML_SCALAR ? "a text" : yaml_describe(root, arena));
    return NULL;
}

/* `name` as seen from the folder of the file that includes it. */
static const char *include_path(const char *from, const char *name, Arena *arena) {
    const char *slash = strrchr(from, '/');
    if (*name == '/' || !slash)
        return arena_copy(arena, name);
    return arena_print(arena, "%.*s%s", (int)(slash - from) + 1, from, name);
}

static const Yaml *resolve_include(const Yaml *root, const char *const *files, int n_files,
                                   Arena *arena, Problems *problems);

/* files [n_files]: the files that are being read, outermost first; the last includes `include`. */
static const Yaml *load_include(const Yaml *include, const char *const *files, int n_files,
                                Arena *arena, Problems *problems) {
    if (include->type != YAML_SCALAR || yaml_is_empty(include)) {
        problem_add(problems, include->place, "include takes the name of a file, not %s",
                    yaml_describe(include, arena));
        return NULL;
    }
    const char *path = include_path(files[n_files - 1], include->text, arena);
    const char *open_files[MAX_INCLUDES + 1];
    for (int i = 0; i < n_files; i++) {
        open_files[i] = files[i];
        if (strcmp(files[i], path) == 0) {
            problem_add(problems, include->place, "%s includes itself", path);
            return NULL;
        }
    }
    if (n_files == MAX_INCLUDES) {
        problem_add(problems, include->place, "includes go deeper than %d files", MAX_INCLUDES);
        return NULL;
    }
    FILE *file = fopen(path, "rb");
    if (!file) {
        problem_add(problems, include->place, "%s cannot be read: %s", path, strerror(errno));
        return NULL;
    }
    fclose(file);
    open_files[n_files] = path;
    const Yaml *root = require_map(yaml_load(path, arena, problems), arena, problems);
    return root ? resolve_include(root, open_files, n_files + 1, arena, problems) : NULL;
}

/* The root on top of what it includes; a bad include leaves the root alone. */
static const Yaml *resolve_include(const Yaml *root, const char *const *files, int n_files,
                                   Arena *arena, Problems *problems) {
    const Yaml *include = yaml_get(root, "include");
    if (!include)
        return root;
    const Yaml *under = load_include(include, files, n_files, arena, problems);
    root = yaml_set(root, "include", NULL, include->place, arena);
    return under ? merge_files(under, root, arena) : root;
}

static bool is_inside(const char *key, const char *path) {
    size_t n = strlen(path);
    return strncmp(key, path, n) == 0 && (!key[n] || key[n] == '.');
}

/* The map without the pairs whose key lies inside a path. */
static const Yaml *without_keys(const Yaml *map, const char *path, Arena *arena) {
    if (map->type != YAML_MAP)
        return map;
    YamlPair *pairs = ARENA_NEW(arena, YamlPair, map->n);
    Yaml *left = ARENA_NEW(arena, Yaml, 1);
    *left = (Yaml){.type = YAML_MAP, .place = map->place, .pairs = pairs};
    for (int i = 0; i < map->n; i++)
        if (!is_inside(map->pairs[i].key, path))
            pairs[left->n++] = map->pairs[i];
    return left;
}

/* Takes a key out of every combination of `zip`; NULL where nothing is left of them. */
static const Yaml *without_zip_keys(const Yaml *zip, const char *path, Arena *arena) {
    if (zip->type != YAML_LIST)
        return zip;
    const Yaml **items = ARENA_NEW(arena, const Yaml *, zip->n);
    int n_keys = 0;
    for (int i = 0; i < zip->n; i++) {
        items[i] = without_keys(zip->items[i], path, arena);
        n_keys += items[i]->n;
    }
    Yaml *left = ARENA_NEW(arena, Yaml, 1);
    *left = *zip;
    left->items = items;
    return n_keys ? left : NULL;
}

/* `sweep` without the axes of a setting that is overridden. */
static const Yaml *drop_axis(const Yaml *tree, const char *path, Place place, Arena *arena) {
    const Yaml *sweep = yaml_get(tree, "sweep");
    if (!sweep || sweep->type != YAML_MAP)
        return tree;
    const Yaml *left = without_keys(sweep, path, arena), *zip = yaml_get(left, "zip");
    if (zip)
        left = yaml_set(left, "zip", without_zip_keys(zip, path, arena), place, arena);
    return yaml_set(tree, "sweep", left, place, arena);
}

/* Whether an axis would set what an override sets inside of it; adds a problem. */
static bool is_hidden(const Yaml *axes, const char *key, Place place, Problems *problems) {
    for (int i = 0; axes && axes->type == YAML_MAP && i < axes->n; i++) {
        const YamlPair *axis = &axes->pairs[i];
        const Yaml *zip = strcmp(axis->key, "zip") == 0 ? axis->value : NULL;
        if (zip && zip->type == YAML_LIST && zip->n &&
            is_hidden(zip->items[0], key, place, problems))
            return true;
        if (is_inside(key, axis->key)) {
            problem_add(problems, place, "the axis %s sets it: override %s or sweep.%s", axis->key,
                        axis->key, axis->key);
            return true;
        }
    }
    return false;
}

/* sweep.KEY=AXIS: KEY has dots, and is one key of the map. */
static const Yaml *set_axis(const Yaml *tree, const char *key, const Yaml *value, Place place,
                            Arena *arena) {
    const Yaml *sweep = yaml_get(tree, "sweep");
    YamlPair *pair = ARENA_NEW(arena, YamlPair, 1);
    *pair = (YamlPair){key, place, value};
    Yaml *axis = ARENA_NEW(arena, Yaml, 1);
    *axis = (Yaml){.type = YAML_MAP, .place = place, .n = 1, .pairs = pair};
    if (sweep && sweep->type == YAML_MAP)
        return yaml_set(tree, "sweep", yaml_merge(sweep, axis, 1, arena), sweep->place, arena);
    return yaml_set(tree, "sweep", axis, place, arena);
}

static bool is_path(const char *key) {
    size_t n = strlen(key);
    return n && key[0] != '.' && key[n - 1] != '.' && !strstr(key, "..");
}

static const Yaml *apply_override(const Yaml *tree, const char *override, Arena *arena,
                                  Problems *problems) {
    Place place = {arena_copy(arena, override), 0, 0};
    const char *equals = strchr(override, '=');
    char *key = arena_print(arena, "%.*s", equals ? (int)(equals - override) : 0, override);
    if (!is_path(key) || strcmp(key, "include") == 0) {
        problem_add(problems, place, "an override is KEY=VALUE with a key such as train.steps");
        return tree;
    }
    const Yaml *value = yaml_parse_at(place, equals + 1, arena, problems);
    if (!value)
        return tree;
    if (strncmp(key, "sweep.", 6) == 0)
        return set_axis(tree, key + 6, value, place, arena);
    char *dot = strrchr(key, '.');
    if (dot && strcmp(dot, ".kind") == 0 && value->type == YAML_SCALAR) {
        const char *path = arena_print(arena, "%.*s", (int)(dot - key), key);
        if (choice_table_at(path))
            tree = drop_old_kind(tree, path, value->text, arena);
    }
    tree = drop_axis(tree, key, place, arena);
    if (is_hidden(yaml_get(tree, "sweep"), key, place, problems))
        return tree;
    return yaml_set(tree, key, value, place, arena);
}

bool override_changes_runs(const char *override) {
    static const char *const roots[] = {"data", "task", "model", "train", "changes", "sweep"};
    size_t n = strcspn(override, ".=");
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (strlen(roots[i]) == n && strncmp(roots[i], override, n) == 0)
            return true;
    return false;
}

const Yaml *config_tree(const char *path, const char *text, size_t n, const char *const *overrides,
                        int n_overrides, Arena *arena, Problems *problems) {
    const Yaml *root =
        text ? yaml_parse(path, text, n, arena, problems) : yaml_load(path, arena, problems);
    root = require_map(root, arena, problems);
    if (!root)
        return NULL;
    const Yaml *include = yaml_get(root, "include");
    if (include && text)
        problem_add(problems, include->place, "only a file can include another");
    else
        root = resolve_include(root, &path, 1, arena, problems);
    for (int i = 0; i < n_overrides; i++)
        root = apply_override(root, overrides[i], arena, problems);
    return root;
}
