/* Kind rows and Field rows, as they stand, in JSON. */
#include "render/figure/describe.h"

#include "render/figure/figure.h"
#include "sim/base/version.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

static void set_text(json_t *object, const char *key, const char *text) {
    if (text)
        json_object_set_new(object, key, json_string(text));
}

static void set_number(json_t *object, const char *key, double value) {
    if (isfinite(value))
        json_object_set_new(object, key, json_real(value));
}

static json_t *words_of(const char *const *words) {
    json_t *list = json_array();
    for (; words && *words; words++)
        json_array_append_new(list, json_string(*words));
    return list;
}

static json_t *setting_of(const Field *field) {
    static const char *const types[] = {
        [FIELD_INTEGER] = "integer", [FIELD_REAL] = "real",     [FIELD_BOOL] = "bool",
        [FIELD_WORD] = "word",       [FIELD_TEXT] = "text",     [FIELD_FEATURES] = "features",
        [FIELD_CADENCE] = "cadence", [FIELD_CHOICE] = "choice", [FIELD_CHOICES] = "choices",
        [FIELD_TREE] = "tree"};
    json_t *setting = json_object();
    Text takes = {0};
    field_describe(field, &takes);
    set_text(setting, "name", field->name);
    set_text(setting, "type", types[field->type]);
    set_text(setting, "takes", text_of(&takes));
    set_text(setting, "default", field->fallback);
    if (field->minimum != 0 || field->maximum != 0) {
        set_number(setting, "minimum", field->minimum);
        set_number(setting, "maximum", field->maximum);
    }
    if (field->words)
        json_object_set_new(setting, "words", words_of(field->words));
    set_text(setting, "unit", field->unit);
    set_text(setting, "help", field->help);
    text_release(&takes);
    return setting;
}

static json_t *kind_of(const KindTable *table, const Kind *kind) {
    json_t *row = json_object(), *settings = json_array();
    set_text(row, "name", kind->name);
    set_text(row, "summary", kind->summary);
    set_text(row, "source", kind->source);
    for (int i = 0; i < table->n_fields; i++)
        json_array_append_new(settings, setting_of(&table->fields[i]));
    for (int i = 0; i < kind->n_fields; i++)
        json_array_append_new(settings, setting_of(&kind->fields[i]));
    json_object_set_new(row, "settings", settings);
    return row;
}

static void set_limits(json_t *object, const char *key, const int limits[2]) {
    if (limits[0] || limits[1])
        json_object_set_new(object, key, json_pack("[i, i]", limits[0], limits[1]));
}

/* What a kind of figure draws, beside what any kind says of itself. */
static json_t *sizes_of(const FigureKind *figure) {
    json_t *sizes = json_object();
    set_limits(sizes, "n_features", figure->sizes.n_features);
    set_limits(sizes, "n_hidden", figure->sizes.n_hidden);
    return sizes;
}

static json_t *table_of(const KindTable *table) {
    json_t *object = json_object(), *kinds = json_array();
    set_text(object, "noun", table->noun);
    set_text(object, "summary", table->summary);
    for (int i = 0; i < table->n_rows; i++) {
        json_t *kind = kind_of(table, table->rows[i]);
        if (table == &figure_table)
            json_object_set_new(kind, "sizes", sizes_of((const FigureKind *)table->rows[i]));
        json_array_append_new(kinds, kind);
    }
    json_object_set_new(object, "kinds", kinds);
    return object;
}

void describe_tables(const KindTable *const *tables, int n_tables, Text *text) {
    json_t *root = json_object(), *list = json_object();
    set_text(root, "version", SUPERPOSE_VERSION);
    for (int i = 0; i < n_tables; i++)
        json_object_set_new(list, tables[i]->name, table_of(tables[i]));
    json_object_set_new(root, "tables", list);
    char *printed = json_dumps(root, JSON_INDENT(2));
    text_add(text, "%s\n", printed ? printed : "{}");
    free(printed);
    json_decref(root);
}
