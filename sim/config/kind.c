/* Kinds: a table's common settings and a kind's own are read as one list of fields into one struct.
 */
#include "sim/config/kind.h"

#include <string.h>

const Kind *kind_find(const KindTable *table, const char *name) {
    for (int i = 0; i < table->n_rows; i++)
        if (strcmp(table->rows[i]->name, name) == 0)
            return table->rows[i];
    return NULL;
}

static void add_unknown_kind(const KindTable *table, Place place, const char *name, Arena *arena,
                             Problems *problems) {
    const char **names = ARENA_NEW(arena, const char *, table->n_rows);
    for (int i = 0; i < table->n_rows; i++)
        names[i] = table->rows[i]->name;
    problem_add_unknown(problems, place, arena_print(arena, "there is no %s", table->noun), name,
                        names, table->n_rows);
}

/* The kind that a bare word, a map's `kind` or the table's fallback names; NULL, with a problem,
 * where none does. */
static const Kind *read_kind(const KindTable *table, const char *where, const Yaml *node,
                             Place place, Arena *arena, Problems *problems) {
    const Yaml *name = node && node->type == YAML_MAP ? yaml_get(node, "kind") : node;
    if (node && node->type == YAML_LIST) {
        problem_add(problems, node->place, "%s takes the name of its kind or a map, not a list",
                    where);
        return NULL;
    }
    if (name == &yaml_refused)
        return NULL;
    if (name && (name->type != YAML_SCALAR || yaml_is_empty(name))) {
        problem_add(problems, name->place, "%s takes the name of its kind, not %s", where,
                    yaml_describe(name, arena));
        return NULL;
    }
    if (!name && !table->fallback) {
        Text names = {0};
        kind_names_print(table, &names);
        problem_add(problems, place, "%s must name its kind: one of %s", where, text_of(&names));
        text_release(&names);
        return NULL;
    }
    const Kind *kind = kind_find(table, name ? name->text : table->fallback);
    if (!kind)
        add_unknown_kind(table, name ? name->place : place, name ? name->text : table->fallback,
                         arena, problems);
    return kind;
}

/* The common fields and the kind's own, one after another. */
static const Field *all_fields(const KindTable *table, const Kind *kind, Arena *arena, int *n) {
    *n = table->n_fields + kind->n_fields;
    if (!kind->n_fields)
        return table->fields;
    Field *fields = ARENA_NEW(arena, Field, *n);
    if (table->n_fields)
        memcpy(fields, table->fields, (size_t)table->n_fields * sizeof *fields);
    memcpy(fields + table->n_fields, kind->fields, (size_t)kind->n_fields * sizeof *fields);
    return fields;
}

/* The map without its `kind`; a bare word has no settings. */
static const Yaml *settings_of(const Yaml *node, Arena *arena) {
    if (!node || node->type != YAML_MAP)
        return NULL;
    return yaml_set(node, "kind", NULL, node->place, arena);
}

bool choice_read_at(const KindTable *table, const char *where, const Yaml *node, Place place,
                    const char *const *ignored, int n_ignored, Choice *choice, Arena *arena,
                    Problems *problems) {
    if (node == &yaml_refused)
        return false;
    if (node && yaml_is_empty(node))
        node = NULL;
    const Kind *kind = read_kind(table, where, node, place, arena, problems);
    if (!kind)
        return false;
    size_t size = kind->settings_size ? kind->settings_size : table->settings_size;
    *choice = (Choice){kind, arena_alloc(arena, 1, size), node ? node->place : place};
    int n_fields;
    const Field *fields = all_fields(table, kind, arena, &n_fields);
    fields_read(fields, n_fields, where, settings_of(node, arena), choice->place, choice->settings,
                ignored, n_ignored, arena, problems);
    return true;
}

bool choice_read(const KindTable *table, const Yaml *node, Place place, const Kind *const *swept,
                 int n_swept, Choice *choice, Arena *arena, Problems *problems) {
    int n = 0, capacity = 0;
    for (int i = 0; i < n_swept; i++)
        capacity += swept[i]->n_fields;
    const char **ignored = ARENA_NEW(arena, const char *, capacity);
    for (int i = 0; i < n_swept; i++)
        for (int j = 0; j < swept[i]->n_fields; j++)
            ignored[n++] = swept[i]->fields[j].name;
    return choice_read_at(table, table->name, node, place, ignored, n, choice, arena, problems);
}

/* ", " and the fields; nothing at all where none is printed. */
static void print_more(const Field *fields, int n_fields, const void *settings, Text *text) {
    size_t n_before = text->n;
    text_append(text, ", ");
    fields_print(fields, n_fields, settings, text);
    if (text->n == n_before + 2) {
        text->n = n_before;
        text->data[n_before] = 0;
    }
}

void choice_print(const KindTable *table, const Choice *choice, Text *text) {
    if (table->n_fields + choice->kind->n_fields == 0) {
        text_append(text, choice->kind->name);
        return;
    }
    text_append(text, "{kind: ");
    text_append(text, choice->kind->name);
    print_more(table->fields, table->n_fields, choice->settings, text);
    print_more(choice->kind->fields, choice->kind->n_fields, choice->settings, text);
    text_append(text, "}");
}

void choice_print_brief(const KindTable *table, const Choice *choice, Text *text) {
    text_append(text, "{kind: ");
    text_append(text, choice->kind->name);
    text_append(text, ", ");
    fields_print_brief(table->fields, table->n_fields, choice->settings, text);
    fields_print_brief(choice->kind->fields, choice->kind->n_fields, choice->settings, text);
    text_append(text, "}");
}

void kind_names_print(const KindTable *table, Text *text) {
    for (int i = 0; i < table->n_rows; i++)
        text_add(text, "%s%s", i ? ", " : "", table->rows[i]->name);
}

void kind_table_print(const KindTable *table, Text *text) {
    int width = 0;
    for (int i = 0; i < table->n_rows; i++)
        if ((int)strlen(table->rows[i]->name) > width)
            width = (int)strlen(table->rows[i]->name);
    for (int i = 0; i < table->n_rows; i++)
        text_add(text, "  %-*s  %s\n", width, table->rows[i]->name, table->rows[i]->summary);
}

void fields_help(const Field *fields, int n_fields, Text *text) {
    for (int i = 0; i < n_fields; i++) {
        const Field *field = &fields[i];
        text_add(text, "  %s: ", field->name);
        field_describe(field, text);
        text_add(text, "%s%s", field->unit ? ", in " : "", field->unit ? field->unit : "");
        if (field->fallback)
            text_add(text, " (default %s)\n", field->fallback);
        else
            text_append(text, field->type == FIELD_TREE ? "\n" : " (must be given)\n");
        text_add(text, "      %s\n", field->help);
    }
}

void kind_print(const KindTable *table, const Kind *kind, Text *text) {
    text_add(text, "%s (%s): %s\n", kind->name, table->noun, kind->summary);
    if (kind->source)
        text_add(text, "source: %s\n", kind->source);
    if (!table->n_fields && !kind->n_fields)
        return;
    text_append(text, "settings:\n");
    fields_help(table->fields, table->n_fields, text);
    fields_help(kind->fields, kind->n_fields, text);
}
