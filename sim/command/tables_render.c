/* superpose-render describes its tables in JSON (--describe); here they become KindTables again, so
 * that its kinds are listed, explained and checked as our own are. */
#include "sim/command/tables.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* Room for any setting's value: the structs that hold what is read are never used. */
enum { SETTING_BYTES = 64 };
_Static_assert(sizeof(FeatureValues) <= SETTING_BYTES && sizeof(Choice) <= SETTING_BYTES,
               "room for every type");

static const char *text_at(const json_t *object, const char *key, Arena *arena) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? arena_copy(arena, text) : NULL;
}

static FieldType type_of(const char *name) {
    static const struct {
        const char *name;
        FieldType type;
    } types[] = {{"integer", FIELD_INTEGER}, {"real", FIELD_REAL}, {"bool", FIELD_BOOL},
                 {"word", FIELD_WORD},       {"text", FIELD_TEXT}, {"cadence", FIELD_CADENCE}};
    for (size_t i = 0; name && i < sizeof types / sizeof *types; i++)
        if (strcmp(name, types[i].name) == 0)
            return types[i].type;
    return FIELD_TREE; /* what only superpose-render can check */
}

static const char *const *words_of(const json_t *list, Arena *arena) {
    if (!list)
        return NULL;
    const char **words = ARENA_NEW(arena, const char *, json_array_size(list) + 1);
    for (size_t i = 0; i < json_array_size(list); i++)
        words[i] = arena_copy(arena, json_string_value(json_array_get(list, i)));
    return words;
}

static Field field_of(const json_t *setting, size_t index, Arena *arena) {
    const char *help = text_at(setting, "help", arena), *name = text_at(setting, "name", arena);
    return (Field){.name = name ? name : "",
                   .type = type_of(json_string_value(json_object_get(setting, "type"))),
                   .offset = index * SETTING_BYTES,
                   .fallback = text_at(setting, "default", arena),
                   .minimum = json_number_value(json_object_get(setting, "minimum")),
                   .maximum = json_number_value(json_object_get(setting, "maximum")),
                   .words = words_of(json_object_get(setting, "words"), arena),
                   .unit = text_at(setting, "unit", arena),
                   .help = help ? help : ""};
}

static void read_limits(const json_t *list, int limits[2]) {
    for (size_t i = 0; i < 2; i++)
        limits[i] = (int)json_integer_value(json_array_get(list, i));
}

static const Kind *kind_of(const json_t *row, Arena *arena) {
    const json_t *settings = json_object_get(row, "settings");
    size_t n = json_array_size(settings);
    Field *fields = ARENA_NEW(arena, Field, n + 1);
    for (size_t i = 0; i < n; i++)
        fields[i] = field_of(json_array_get(settings, i), i, arena);
    const char *name = text_at(row, "name", arena), *summary = text_at(row, "summary", arena);
    DescribedKind *described = ARENA_NEW(arena, DescribedKind, 1);
    described->kind = (Kind){.name = name ? name : "",
                             .summary = summary ? summary : "",
                             .source = text_at(row, "source", arena),
                             .fields = fields,
                             .n_fields = (int)n,
                             .settings_size = (n + 1) * SETTING_BYTES};
    const json_t *sizes = json_object_get(row, "sizes");
    read_limits(json_object_get(sizes, "n_features"), described->n_features);
    read_limits(json_object_get(sizes, "n_hidden"), described->n_hidden);
    return &described->kind;
}

static const KindTable *table_of(const char *name, const json_t *object, Arena *arena) {
    const json_t *kinds = json_object_get(object, "kinds");
    size_t n = json_array_size(kinds);
    const Kind **rows = ARENA_NEW(arena, const Kind *, n + 1);
    for (size_t i = 0; i < n; i++)
        rows[i] = kind_of(json_array_get(kinds, i), arena);
    const char *noun = text_at(object, "noun", arena), *summary = text_at(object, "summary", arena);
    KindTable *table = ARENA_NEW(arena, KindTable, 1);
    *table = (KindTable){.name = arena_copy(arena, name),
                         .noun = noun ? noun : name,
                         .summary = summary ? summary : "",
                         .rows = rows,
                         .n_rows = (int)n};
    return table;
}

/* What the program says of itself, or NULL. */
static json_t *describe(const char *program) {
    Text line = {0};
    text_append(&line, "'");
    for (const char *c = program; *c; c++) /* a quote in a path: close, escaped quote, open */
        text_add(&line, *c == '\'' ? "'\\'%c" : "%c", *c);
    text_append(&line, "' --describe");
    FILE *pipe = popen(text_of(&line), "r");
    text_release(&line);
    json_t *described = pipe ? json_loadf(pipe, 0, NULL) : NULL;
    if (pipe)
        pclose(pipe);
    return described;
}

Tables tables_of_render(const Program *program, Arena *arena) {
    json_t *described = program->render ? describe(program->render) : NULL;
    json_t *list = json_object_get(described, "tables"), *object;
    Tables tables = {.items = ARENA_NEW(arena, const KindTable *, json_object_size(list) + 1)};
    const char *name;
    json_object_foreach(list, name, object) tables.items[tables.n++] =
        table_of(name, object, arena);
    json_decref(described);
    return tables;
}
