/* Reading settings: one small function a type, which either stores the value or says that it does
 * not fit; what it would take is then described from the field alone, so that messages and `help`
 * cannot disagree. */
#include "sim/config/field.h"

#include "sim/config/kind.h"

#include <math.h>
#include <string.h>

enum { MOST_CADENCE_STEPS = 1000000 };

/* What the readers of values share. */
typedef struct Reading {
    const char *where;
    const char *const *ignored;
    int n_ignored;
    Arena *arena;
    Problems *problems;
} Reading;

static const char *full_name(const Reading *reading, const Field *field) {
    return arena_print(reading->arena, "%s%s%s", reading->where, *reading->where ? "." : "",
                       field->name);
}

static void add_misfit(const Reading *reading, const Field *field, const Yaml *node) {
    Text text = {0};
    field_describe(field, &text);
    const char *word = node->type == YAML_SCALAR && field->words
                           ? text_nearest(node->text, field->words, field_word_count(field))
                           : NULL;
    problem_add(reading->problems, node->place, "%s takes %s, not %s%s%s%s",
                full_name(reading, field), text_of(&text), yaml_describe(node, reading->arena),
                word ? "; did you mean \"" : "", word ? word : "", word ? "\"?" : "");
    text_release(&text);
}

static bool is_allowed(const Field *field, double value) {
    return (!field_has_minimum(field) || value > field->minimum ||
            (value == field->minimum && !field->is_open)) &&
           (!field_has_maximum(field) || value <= field->maximum);
}

int field_word_count(const Field *field) {
    int n = 0;
    while (field->words && field->words[n])
        n++;
    return n;
}

bool field_has_minimum(const Field *field) {
    return field->minimum != 0 ? isfinite(field->minimum) : field->maximum != 0 || field->is_open;
}

bool field_has_maximum(const Field *field) {
    return field->maximum > field->minimum && isfinite(field->maximum);
}

static int find_word(const Field *field, const Yaml *node) {
    if (node->type == YAML_SCALAR)
        for (int i = 0; i < field_word_count(field); i++)
            if (strcmp(field->words[i], node->text) == 0)
                return i;
    return -1;
}

static bool read_integer(const Field *field, const Yaml *node, void *at) {
    long long value;
    if (find_word(field, node) >= 0)
        value = 0;
    else if (!yaml_is_integer(node, &value) || !is_allowed(field, (double)value))
        return false;
    *(int64_t *)at = value;
    return true;
}

static bool read_real(const Field *field, const Yaml *node, void *at) {
    double value;
    if (find_word(field, node) >= 0)
        value = (double)NAN;
    else if (!yaml_is_real(node, &value) || !is_allowed(field, value))
        return false;
    *(double *)at = value;
    return true;
}

static bool read_word(const Field *field, const Yaml *node, void *at) {
    int word = find_word(field, node);
    if (word < 0)
        return false;
    *(int *)at = word;
    return true;
}

static bool read_text(const Yaml *node, void *at) {
    if (node->type != YAML_SCALAR || yaml_is_empty(node))
        return false;
    *(const char **)at = node->text;
    return true;
}

static bool read_number(const Field *field, const Yaml *node, double *value) {
    return node && yaml_is_real(node, value) && is_allowed(field, *value);
}

/* Each bad element of a list is a problem of its own. */
static void read_feature_list(const Reading *reading, const Field *field, const Yaml *node,
                              FeatureValues *values) {
    double *list = ARENA_NEW(reading->arena, double, node->n);
    for (int i = 0; i < node->n; i++)
        if (!read_number(field, node->items[i], &list[i]))
            add_misfit(reading, field, node->items[i]);
    values->form = FORM_LIST;
    values->list = list;
    values->n = node->n;
}

/* The maps' forms with their keys. */
static const struct {
    FeatureForm form;
    const char *a, *b;
} map_forms[] = {{FORM_FIRST_REST, "first", "rest"},
                 {FORM_DECAY, "decay", NULL},
                 {FORM_LAST, "last", NULL},
                 {FORM_ZIPF, "zipf", "active"}};

enum { N_MAP_FORMS = sizeof map_forms / sizeof *map_forms };

/* Adds a problem for each key that no allowed form has. */
static bool has_known_keys(const Reading *reading, const Field *field, const Yaml *node) {
    const char *names[2 * N_MAP_FORMS];
    int n_names = 0, n_before = reading->problems->n_reports;
    for (int i = 0; i < N_MAP_FORMS; i++)
        if (field->forms & map_forms[i].form) {
            names[n_names++] = map_forms[i].a;
            if (map_forms[i].b)
                names[n_names++] = map_forms[i].b;
        }
    for (int i = 0; i < node->n && n_names; i++) {
        bool is_known = false;
        for (int j = 0; j < n_names; j++)
            is_known |= strcmp(names[j], node->pairs[i].key) == 0;
        if (!is_known)
            problem_add_unknown(reading->problems, node->pairs[i].place,
                                arena_print(reading->arena, "%s has no", full_name(reading, field)),
                                node->pairs[i].key, names, n_names);
    }
    return reading->problems->n_reports == n_before;
}

/* A number of a map's form. An exponent and a sum have a range of their own. */
static bool read_form_number(const Field *field, FeatureForm form, const Yaml *node,
                             double *value) {
    if (form == FORM_ZIPF)
        return yaml_is_real(node, value) && *value >= 0;
    return read_number(field, node, value);
}

static bool read_feature_map(const Reading *reading, const Field *field, const Yaml *node,
                             FeatureValues *values) {
    if (!has_known_keys(reading, field, node))
        return true;
    for (int i = 0; i < N_MAP_FORMS; i++) {
        const Yaml *a = yaml_get(node, map_forms[i].a);
        const Yaml *b = map_forms[i].b ? yaml_get(node, map_forms[i].b) : NULL;
        if (!(field->forms & map_forms[i].form) || !a || node->n != 1 + !!map_forms[i].b)
            continue;
        values->form = map_forms[i].form;
        if (!read_form_number(field, map_forms[i].form, a, &values->a))
            add_misfit(reading, field, a);
        if (map_forms[i].b && !b)
            return false;
        if (b && !read_form_number(field, map_forms[i].form, b, &values->b))
            add_misfit(reading, field, b);
        return true;
    }
    return false;
}

static bool read_features(const Reading *reading, const Field *field, const Yaml *node, void *at) {
    FeatureValues *values = at;
    values->place = node->place;
    if (node->type == YAML_MAP)
        return read_feature_map(reading, field, node, values);
    if (node->type == YAML_LIST && node->n && field->forms & FORM_LIST) {
        read_feature_list(reading, field, node, values);
        return true;
    }
    values->form = FORM_SCALAR;
    return field->forms & FORM_SCALAR && read_number(field, node, &values->a);
}

static bool read_cadence(const Yaml *node, void *at) {
    static const char *const names[] = {
        [CADENCE_EVERY] = "every", [CADENCE_LOG] = "log", [CADENCE_LINEAR] = "linear"};
    Cadence *cadence = at;
    if (node->type == YAML_SCALAR)
        return strcmp(node->text, "none") == 0;
    if (node->type != YAML_MAP || node->n != 1)
        return false;
    for (int form = CADENCE_EVERY; form <= CADENCE_LINEAR; form++) {
        long long n;
        if (strcmp(node->pairs[0].key, names[form]) != 0)
            continue;
        if (!yaml_is_integer(node->pairs[0].value, &n) || n < 1 ||
            (form != CADENCE_EVERY && n > MOST_CADENCE_STEPS))
            return false;
        *cadence = (Cadence){(CadenceForm)form, n};
        return true;
    }
    return false;
}

/* The ignored keys that lie inside this field, without its name. */
static const char **ignored_inside(const Reading *reading, const Field *field, int *n) {
    const char **inside = ARENA_NEW(reading->arena, const char *, reading->n_ignored);
    size_t n_name = strlen(field->name);
    *n = 0;
    for (int i = 0; i < reading->n_ignored; i++)
        if (strncmp(reading->ignored[i], field->name, n_name) == 0 &&
            reading->ignored[i][n_name] == '.')
            inside[(*n)++] = reading->ignored[i] + n_name + 1;
    return inside;
}

static void read_choice(const Reading *reading, const Field *field, const Yaml *node, void *at) {
    int n;
    const char **ignored = reading->n_ignored ? ignored_inside(reading, field, &n) : NULL;
    choice_read_at(field->table, full_name(reading, field), node, node->place, ignored,
                   ignored ? n : 0, at, reading->arena, reading->problems);
}

static bool read_choices(const Reading *reading, const Field *field, const Yaml *node, void *at) {
    if (node->type != YAML_LIST)
        return yaml_is_empty(node);
    Choices *choices = at;
    choices->items = ARENA_NEW(reading->arena, Choice, node->n);
    for (int i = 0; i < node->n; i++)
        choices->n += choice_read_at(field->table, full_name(reading, field), node->items[i],
                                     node->items[i]->place, NULL, 0, &choices->items[choices->n],
                                     reading->arena, reading->problems);
    return true;
}

/* False where the value does not fit and nobody has said so yet. */
static bool read_value(const Reading *reading, const Field *field, const Yaml *node, void *at) {
    switch (field->type) {
    case FIELD_INTEGER:
        return read_integer(field, node, at);
    case FIELD_REAL:
        return read_real(field, node, at);
    case FIELD_BOOL:
        return yaml_is_bool(node, at);
    case FIELD_WORD:
        return read_word(field, node, at);
    case FIELD_TEXT:
        return read_text(node, at);
    case FIELD_FEATURES:
        return read_features(reading, field, node, at);
    case FIELD_CADENCE:
        return read_cadence(node, at);
    case FIELD_CHOICE:
        read_choice(reading, field, node, at);
        return true;
    case FIELD_CHOICES:
        return read_choices(reading, field, node, at);
    case FIELD_TREE:
        *(const Yaml **)at = yaml_is_empty(node) ? NULL : node;
        return true;
    }
    return false;
}

/* The default as a node; only lists and maps need a YAML reader. */
static const Yaml *fallback_node(const Reading *reading, const Field *field, Place place) {
    const char *text = field->fallback;
    if (*text != '[' && *text != '{')
        return yaml_scalar(text, place, reading->arena);
    return yaml_parse(field->name, text, strlen(text), reading->arena, reading->problems);
}

const void *field_fallback(const Field *field, Arena *arena) {
    Problems problems = {.arena = arena}; /* stays empty: a default fits its field */
    Reading reading = {"", NULL, 0, arena, &problems};
    if (!field->fallback)
        return NULL;
    _Static_assert(sizeof(Choice) <= sizeof(FeatureValues), "no field's value is larger");
    void *at = ARENA_NEW(arena, FeatureValues, 1);
    read_value(&reading, field, fallback_node(&reading, field, (Place){0}), at);
    return at;
}

static void read_field(const Reading *reading, const Field *field, const Yaml *map, Place place,
                       void *settings) {
    const Yaml *node = map ? yaml_get(map, field->name) : NULL;
    void *at = (char *)settings + field->offset;
    if (node == &yaml_refused)
        return;
    if (!node && !field->fallback) {
        if (field->type == FIELD_TREE)
            return;
        Text text = {0};
        field_describe(field, &text);
        problem_add(reading->problems, place, "%s must be given: %s", full_name(reading, field),
                    text_of(&text));
        text_release(&text);
        return;
    }
    node = node ? node : fallback_node(reading, field, place);
    if (!read_value(reading, field, node, at))
        add_misfit(reading, field, node);
}

static bool is_in(const char *const *names, int n, const char *name) {
    for (int i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* Keys that are taken, ignored ones too, in an order that is the same for all kinds of a sweep:
 * they then complain in the same words. */
static const char **known_keys(const Reading *reading, const Field *fields, int n_fields, int *n) {
    const char **names = ARENA_NEW(reading->arena, const char *, n_fields + reading->n_ignored);
    *n = 0;
    for (int i = 0; i < reading->n_ignored; i++)
        if (!strchr(reading->ignored[i], '.') && !is_in(names, *n, reading->ignored[i]))
            names[(*n)++] = reading->ignored[i];
    for (int i = 0; i < n_fields; i++)
        if (!is_in(names, *n, fields[i].name))
            names[(*n)++] = fields[i].name;
    return names;
}

static bool has_field(const Field *fields, int n_fields, const char *key) {
    for (int i = 0; i < n_fields; i++)
        if (strcmp(fields[i].name, key) == 0)
            return true;
    return false;
}

static void refuse_unknown(const Reading *reading, const Field *fields, int n_fields,
                           const Yaml *map) {
    for (int i = 0; i < map->n; i++) {
        const YamlPair *pair = &map->pairs[i];
        if (has_field(fields, n_fields, pair->key) ||
            is_in(reading->ignored, reading->n_ignored, pair->key))
            continue;
        int n;
        const char **names = known_keys(reading, fields, n_fields, &n);
        problem_add_unknown(reading->problems, pair->place,
                            arena_print(reading->arena, "%s has no setting", reading->where),
                            pair->key, names, n);
    }
}

void fields_read(const Field *fields, int n_fields, const char *where, const Yaml *map, Place place,
                 void *settings, const char *const *ignored, int n_ignored, Arena *arena,
                 Problems *problems) {
    Reading reading = {where, ignored, n_ignored, arena, problems};
    if (map == &yaml_refused)
        return;
    if (map && yaml_is_empty(map))
        map = NULL;
    if (map && map->type != YAML_MAP) {
        problem_add(problems, map->place, "%s takes a map of settings, not %s", where,
                    yaml_describe(map, arena));
        return;
    }
    if (map)
        refuse_unknown(&reading, fields, n_fields, map);
    for (int i = 0; i < n_fields; i++)
        read_field(&reading, &fields[i], map, map ? map->place : place, settings);
}
