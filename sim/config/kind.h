/* A kind is one row of a table: a distribution, a model, an optimizer, a metric, … Each is one file
 * with one const struct that starts with a Kind; the table lists them. `list`, `help`, config keys,
 * range checks and conformance tests come from here. */
#ifndef SUPERPOSE_CONFIG_KIND_H
#define SUPERPOSE_CONFIG_KIND_H

#include "sim/config/field.h"

struct Kind {
    const char *name;    /* as in a config */
    const char *summary; /* one line */
    const char *source;  /* paper and section, or NULL */
    const Field *fields; /* its own settings; offsets in its settings struct */
    int n_fields;
    size_t settings_size; /* of its settings struct, which begins with the table's common settings;
                             0: the table's alone */
};

struct KindTable {
    const char *name;    /* "data": the name in `superpose list data` and of the config's section */
    const char *noun;    /* in messages: "data kind" */
    const char *summary; /* one line */
    const Kind *const *rows;
    int n_rows;
    const Field *fields; /* settings that every kind of the table has; may be NULL */
    int n_fields;
    size_t settings_size; /* of the common settings struct */
    const char *fallback; /* the kind where none is named, or NULL: it must be named */
};

/** The row of that name, or NULL. */
const Kind *kind_find(const KindTable *table, const char *name);

/** Reads a bare word or a map with `kind:`; NULL node: the table's fallback. An unknown kind is a
 * problem with the nearest name. `swept` [n_swept] names kinds that other runs of the same sweep
 * take: keys of theirs are allowed here and ignored. Returns false (a problem was added, `choice`
 * is not to be used) where the kind itself is unknown or missing. */
bool choice_read(const KindTable *table, const Yaml *node, Place place, const Kind *const *swept,
                 int n_swept, Choice *choice, Arena *arena, Problems *problems);

/** The same for a choice inside a section: `where` names it in messages ("train.optimizer") and
 * `ignored` [n_ignored] are keys to be allowed and skipped, as in fields_read. */
bool choice_read_at(const KindTable *table, const char *where, const Yaml *node, Place place,
                    const char *const *ignored, int n_ignored, Choice *choice, Arena *arena,
                    Problems *problems);

/** {kind: name, setting: value, …} with every setting, or the bare name where there are none: the
 * canonical text. */
void choice_print(const KindTable *table, const Choice *choice, Text *text);

/** {kind: name, setting: value, …, } with the settings of fields_print_brief; the kind is always
 * there, so that another fallback of the table is no other run. */
void choice_print_brief(const KindTable *table, const Choice *choice, Text *text);

/** The names of all rows, separated by ", ". */
void kind_names_print(const KindTable *table, Text *text);

/** Each setting with what it takes, default, unit and help; indented. */
void fields_help(const Field *fields, int n_fields, Text *text);

/** One line a row: name, summary. */
void kind_table_print(const KindTable *table, Text *text);

/** All about one row: summary, source, each setting with what it takes, default, unit and help. */
void kind_print(const KindTable *table, const Kind *kind, Text *text);

#endif
