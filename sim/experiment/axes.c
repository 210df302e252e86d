/* The section `sweep`: each key is an axis, each axis a list of values.
 *
 * range, linspace and logspace become scalars with the shortest text of their number, at the axis'
 * place, so that everything behind an axis sees one kind of value. */
#include "sim/experiment/internal.h"

#include <math.h>
#include <string.h>

typedef struct AxisReader {
    Experiment *experiment;
    Problems *problems;
    Axis *axes;
    int n_axes;
} AxisReader;

/* The settings that choose a kind may be missing in the base; other maps may not. */
static bool is_settings_path(const char *path) {
    return section_of(path, NULL) != N_SECTIONS && (!strchr(path, '.') || choice_table_at(path));
}

bool has_form(const Experiment *experiment, const YamlPair *pair, Problems *problems) {
    const char *dot = strrchr(pair->key, '.');
    if (!dot)
        return true;
    const char *parent = arena_print(experiment->arena, "%.*s", (int)(dot - pair->key), pair->key);
    const Yaml *value = yaml_find(experiment->tree, parent);
    if (is_settings_path(parent) || (value && value->type == YAML_MAP && yaml_get(value, dot + 1)))
        return true;
    problem_add(problems, pair->place,
                "\"%s\" reaches into %s, which is not {%s: …} in this config", pair->key, parent,
                dot + 1);
    return false;
}

/* Whether one of two keys lies inside the other, or they are the same. */
static bool is_overlap(const char *a, const char *b) {
    size_t n = strlen(a), m = strlen(b), shorter = n < m ? n : m;
    return strncmp(a, b, shorter) == 0 && (n == m || (n < m ? b : a)[shorter] == '.');
}

static bool is_free(const AxisReader *reader, const YamlPair *pair) {
    for (int i = 0; i < reader->n_axes; i++)
        for (int k = 0; k < reader->axes[i].n_keys; k++)
            if (is_overlap(reader->axes[i].keys[k], pair->key)) {
                problem_add(reader->problems, pair->place, "the axis %s sets \"%s\" already",
                            reader->axes[i].keys[k], pair->key);
                return false;
            }
    return true;
}

static bool check_key(const AxisReader *reader, const YamlPair *pair) {
    const char *rest;
    Section section = section_of(pair->key, &rest);
    if (section == N_SECTIONS) {
        Arena *arena = reader->experiment->arena;
        char *start = arena_print(arena, "%.*s", (int)strcspn(pair->key, "."), pair->key);
        const char *path = setting_path(start, arena);
        if (path)
            problem_add(reader->problems, pair->place,
                        "an axis begins with a section's name; did you mean \"%s\"?", path);
        else
            problem_add_unknown(reader->problems, pair->place,
                                "an axis begins with a section's name; there is no", start,
                                section_names, N_SECTIONS);
        return false;
    }
    if (strcmp(pair->key, "train.restarts") == 0 || strcmp(pair->key, "train.restart") == 0) {
        problem_add(reader->problems, pair->place, "%s cannot be swept: runs are numbered by it",
                    pair->key);
        return false;
    }
    if (section == SECTION_TRAIN && !*rest) {
        problem_add(reader->problems, pair->place,
                    "train cannot be swept as a whole: sweep its settings, such as "
                    "train.learning_rate");
        return false;
    }
    size_t n = strlen(pair->key);
    if (pair->key[n - 1] == '.' || strstr(pair->key, "..")) {
        problem_add(reader->problems, pair->place, "\"%s\" is not a dotted key", pair->key);
        return false;
    }
    return has_form(reader->experiment, pair, reader->problems) && is_free(reader, pair);
}

/* The axis of one key with room for n values. */
static YamlPair *add_axis(AxisReader *reader, const char *key, int64_t n) {
    Arena *arena = reader->experiment->arena;
    const char **keys = ARENA_NEW(arena, const char *, 1);
    keys[0] = key;
    YamlPair *values = ARENA_NEW(arena, YamlPair, n);
    reader->axes[reader->n_axes++] =
        (Axis){.n_keys = 1, .n_values = (int)n, .keys = keys, .values = values};
    return values;
}

static void read_list(AxisReader *reader, const YamlPair *pair) {
    const Yaml *list = pair->value;
    if (!list->n)
        problem_add(reader->problems, list->place, "the axis %s has no values", pair->key);
    if (!list->n || !check_key(reader, pair))
        return;
    YamlPair *values = add_axis(reader, pair->key, list->n);
    for (int i = 0; i < list->n; i++)
        values[i] = (YamlPair){pair->key, pair->place, list->items[i]};
}

static void fill(AxisReader *reader, const YamlPair *pair, int64_t n,
                 double (*value)(const double *ends, int64_t i, int64_t n), const double *ends) {
    if (n < 1 || n > MAX_AXIS_VALUES) {
        problem_add(reader->problems, pair->value->place,
                    n < 1 ? "the axis %s has no values" : "the axis %s has more than %d values",
                    pair->key, MAX_AXIS_VALUES);
        return;
    }
    if (!check_key(reader, pair))
        return;
    YamlPair *values = add_axis(reader, pair->key, n);
    for (int64_t i = 0; i < n; i++) {
        char text[32];
        text_number(text, value(ends, i, n));
        values[i] = (YamlPair){pair->key, pair->place,
                               yaml_scalar(text, pair->place, reader->experiment->arena)};
    }
}

/* ends: start, stop, step. */
static double range_value(const double *ends, int64_t i, int64_t n) {
    (void)n;
    return ends[0] + (double)i * ends[2];
}

/* ends: first, last. */
static double linspace_value(const double *ends, int64_t i, int64_t n) {
    if (i == 0 || i == n - 1)
        return ends[i > 0];
    return ends[0] + (ends[1] - ends[0]) * (double)i / (double)(n - 1);
}

static double logspace_value(const double *ends, int64_t i, int64_t n) {
    if (i == 0 || i == n - 1)
        return ends[i > 0];
    return ends[0] * pow(ends[1] / ends[0], (double)i / (double)(n - 1));
}

static void read_range(AxisReader *reader, const YamlPair *pair, const Yaml *list) {
    double ends[3] = {0, 0, 1};
    bool fits = list->type == YAML_LIST && (list->n == 2 || list->n == 3);
    for (int i = 0; fits && i < list->n; i++) {
        long long integer;
        fits = yaml_is_integer(list->items[i], &integer) && integer <= 1LL << 53 &&
               integer >= -(1LL << 53);
        ends[i] = fits ? (double)integer : 0;
    }
    if (!fits || ends[2] == 0) {
        problem_add(reader->problems, list->place,
                    "range takes [first, end] or [first, end, step], integers, the step not 0");
        return;
    }
    double n = ceil((ends[1] - ends[0]) / ends[2]);
    fill(reader, pair, n > MAX_AXIS_VALUES ? MAX_AXIS_VALUES + 1 : (int64_t)n, range_value, ends);
}

static void read_spaced(AxisReader *reader, const YamlPair *pair, const char *name,
                        const Yaml *list) {
    bool is_log = strcmp(name, "logspace") == 0;
    double ends[2] = {0, 0};
    long long n = 0;
    bool fits = list->type == YAML_LIST && list->n == 3 && yaml_is_real(list->items[0], &ends[0]) &&
                yaml_is_real(list->items[1], &ends[1]) && yaml_is_integer(list->items[2], &n) &&
                n >= 1;
    if (!fits || (is_log && !(ends[0] > 0 && ends[1] > 0))) {
        problem_add(reader->problems, list->place, "%s takes [first, last, n], %sn an integer >= 1",
                    name, is_log ? "values > 0, " : "");
        return;
    }
    fill(reader, pair, n > MAX_AXIS_VALUES ? MAX_AXIS_VALUES + 1 : n,
         is_log ? logspace_value : linspace_value, ends);
}

static void read_axis(AxisReader *reader, const YamlPair *pair) {
    static const char *const names[] = {"range", "linspace", "logspace"};
    const Yaml *node = pair->value;
    if (node->type == YAML_LIST) {
        read_list(reader, pair);
        return;
    }
    if (node->type != YAML_MAP || node->n != 1) {
        problem_add(reader->problems, node->place,
                    "an axis takes a list, {range: …}, {linspace: …} or {logspace: …}, not %s",
                    yaml_describe(node, reader->experiment->arena));
        return;
    }
    const YamlPair *maker = &node->pairs[0];
    if (strcmp(maker->key, "range") == 0)
        read_range(reader, pair, maker->value);
    else if (strcmp(maker->key, "linspace") == 0 || strcmp(maker->key, "logspace") == 0)
        read_spaced(reader, pair, maker->key, maker->value);
    else
        problem_add_unknown(reader->problems, maker->place, "there is no axis form", maker->key,
                            names, 3);
}

/* One combination: its values in the order of the first one's keys. */
static bool read_combination(AxisReader *reader, const Yaml *first, const Yaml *map,
                             YamlPair *values) {
    bool fits = true;
    for (int i = 0; i < map->n; i++)
        if (!yaml_get(first, map->pairs[i].key)) {
            problem_add(reader->problems, map->pairs[i].place,
                        "\"%s\" is not in the first combination of zip", map->pairs[i].key);
            fits = false;
        }
    for (int k = 0; k < first->n; k++) {
        const char *key = first->pairs[k].key;
        const Yaml *value = yaml_get(map, key);
        if (!value) {
            problem_add(reader->problems, map->place, "this combination of zip lacks \"%s\"", key);
            fits = false;
            continue;
        }
        values[k] = (YamlPair){key, first->pairs[k].place, value};
    }
    return fits;
}

static bool check_zip(AxisReader *reader, const Yaml *list) {
    bool fits = list->type == YAML_LIST && list->n;
    for (int i = 0; fits && i < list->n; i++)
        fits = list->items[i]->type == YAML_MAP && list->items[i]->n;
    if (!fits)
        problem_add(reader->problems, list->place,
                    "zip takes a list of combinations, each a map: [{key: value, …}, …]");
    for (int k = 0; fits && k < list->items[0]->n; k++) {
        const YamlPair *pair = &list->items[0]->pairs[k];
        fits = check_key(reader, pair);
        for (int other = 0; fits && other < k; other++)
            if (is_overlap(list->items[0]->pairs[other].key, pair->key)) {
                problem_add(reader->problems, pair->place, "zip sets \"%s\" already",
                            list->items[0]->pairs[other].key);
                fits = false;
            }
    }
    return fits;
}

static void read_zip(AxisReader *reader, const Yaml *list) {
    if (!check_zip(reader, list))
        return;
    Arena *arena = reader->experiment->arena;
    const Yaml *first = list->items[0];
    const char **keys = ARENA_NEW(arena, const char *, first->n);
    YamlPair *values = ARENA_NEW(arena, YamlPair, (size_t)list->n * (size_t)first->n);
    for (int k = 0; k < first->n; k++)
        keys[k] = first->pairs[k].key;
    bool fits = true;
    for (int i = 0; i < list->n; i++)
        fits &= read_combination(reader, first, list->items[i], values + (size_t)i * first->n);
    if (fits)
        reader->axes[reader->n_axes++] =
            (Axis){.n_keys = first->n, .n_values = list->n, .keys = keys, .values = values};
}

/* A bad axis must not lead to the complaint that its setting is missing. */
static void mark_broken(const Experiment *experiment, const char *key) {
    const char *rest;
    Section section = section_of(key, &rest);
    const char *dot = strrchr(key, '.');
    if (section == N_SECTIONS || yaml_find(experiment->tree, key) || (dot && !dot[1]) ||
        (dot && !is_settings_path(arena_print(experiment->arena, "%.*s", (int)(dot - key), key))))
        return;
    struct Resolver *resolver = experiment->resolver;
    const Yaml *node = resolver->nodes[section];
    resolver->is_broken[section] = true;
    resolver->nodes[section] =
        *rest ? yaml_set(node, rest, &yaml_refused, experiment->tree->place, experiment->arena)
              : &yaml_refused;
}

static void mark_broken_zip(const Experiment *experiment, const Yaml *zip) {
    const Yaml *first = zip->type == YAML_LIST && zip->n ? zip->items[0] : NULL;
    for (int k = 0; first && first->type == YAML_MAP && k < first->n; k++)
        mark_broken(experiment, first->pairs[k].key);
}

static void read_pair(AxisReader *reader, const YamlPair *pair) {
    int n_before = reader->n_axes;
    bool is_zip = strcmp(pair->key, "zip") == 0;
    if (is_zip)
        read_zip(reader, pair->value);
    else
        read_axis(reader, pair);
    if (reader->n_axes > n_before)
        return;
    if (is_zip)
        mark_broken_zip(reader->experiment, pair->value);
    else
        mark_broken(reader->experiment, pair->key);
}

void axes_read(Experiment *experiment, const Yaml *sweep, Problems *problems) {
    experiment->n_points = 1;
    if (!sweep || yaml_is_empty(sweep))
        return;
    if (sweep->type != YAML_MAP) {
        problem_add(problems, sweep->place, "sweep takes a map of axes, not %s",
                    yaml_describe(sweep, experiment->arena));
        return;
    }
    AxisReader reader = {.experiment = experiment,
                         .problems = problems,
                         .axes = ARENA_NEW(experiment->arena, Axis, sweep->n)};
    for (int i = 0; i < sweep->n; i++)
        read_pair(&reader, &sweep->pairs[i]);
    experiment->axes = reader.axes;
    experiment->n_axes = reader.n_axes;
    for (int i = 0; i < reader.n_axes && experiment->n_points <= MAX_RUNS; i++)
        experiment->n_points *= reader.axes[i].n_values;
    if (experiment->n_points > MAX_RUNS)
        problem_add(problems, sweep->place, "the sweep has more than %d points", MAX_RUNS);
}

bool axis_touches(const Axis *axis, Section section) {
    for (int k = 0; k < axis->n_keys; k++)
        if (section_of(axis->keys[k], NULL) == section)
            return true;
    return false;
}
