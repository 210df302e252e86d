/* A YAML document as a tree whose every node knows its place (libyaml gives the marks).
 *
 * Refused, as problems with their place: what is not YAML, more than one document, duplicate keys,
 * keys that are not plain texts, tags, aliases inside their own anchor, aliases that add more than
 * 100,000 nodes, nesting deeper than 64, files over 16 MiB. Reading goes on after a duplicate key
 * (the first counts) and a tag, so that the rest can be checked too. A tree is never changed: edits
 * return a new root that shares what stays. */
#ifndef SUPERPOSE_CONFIG_YAML_H
#define SUPERPOSE_CONFIG_YAML_H

#include "sim/config/problem.h"

#include <stdbool.h>

typedef enum YamlType { YAML_SCALAR, YAML_LIST, YAML_MAP } YamlType;

typedef struct Yaml Yaml;
typedef struct YamlPair {
    const char *key;
    Place place; /* of the key */
    const Yaml *value;
} YamlPair;

struct Yaml {
    YamlType type;
    Place place;
    const char *text;         /* YAML_SCALAR: as written, without quotes */
    bool is_quoted;           /* YAML_SCALAR: 'x' or "x": never a number, a bool or empty */
    int n;                    /* YAML_LIST, YAML_MAP: how many */
    const Yaml *const *items; /* YAML_LIST [n] */
    const YamlPair *pairs;    /* YAML_MAP [n] */
};

/* Stands for a value about which a problem was added already: fields_read and choice_read say
 * nothing more about it. */
extern const Yaml yaml_refused;

/** Reads a file; NULL, with a problem added, where there is no tree to read. An empty file is an
 * empty map. A tree may come with problems, too: see above. */
const Yaml *yaml_load(const char *path, Arena *arena, Problems *problems);

/** Reads a text; `name` stands where the file's name would (in places). */
const Yaml *yaml_parse(const char *name, const char *text, size_t n, Arena *arena,
                       Problems *problems);

/** Reads a text that is not in a file (an override); every node and problem gets this place, and an
 * empty text is an empty scalar. */
const Yaml *yaml_parse_at(Place place, const char *text, Arena *arena, Problems *problems);

/** Takes away the pairs whose key stands before them already, each with a problem; returns how many
 * are left of n. */
int yaml_drop_duplicates(YamlPair *pairs, int n, Problems *problems);

/** The value of a key of a map, or NULL. */
const Yaml *yaml_get(const Yaml *map, const char *key);

/** The value at a dotted path ("train.optimizer.beta1"), or NULL. */
const Yaml *yaml_find(const Yaml *root, const char *path);

/** A root in which the dotted path has this value; missing maps on the way are made; `place` is
 * that of new keys. NULL value: the key is taken away. A scalar on the way is replaced by {kind:
 * <scalar>}, the long form of a bare word. */
const Yaml *yaml_set(const Yaml *root, const char *path, const Yaml *value, Place place,
                     Arena *arena);

/** Maps merge, key by key, down to `depth` levels (1: this one alone); deeper maps, lists and
 * scalars of `over` replace. */
const Yaml *yaml_merge(const Yaml *under, const Yaml *over, int depth, Arena *arena);

/** A scalar node. */
const Yaml *yaml_scalar(const char *text, Place place, Arena *arena);

/** Whether two values are the same: numbers within rounding (1e-9 of the larger one: one may come
 * from a logspace), all else as printed. */
bool yaml_same(const Yaml *a, const Yaml *b);

/** Whether nothing is written there: no text, ~ or null, without quotes. */
bool yaml_is_empty(const Yaml *node);

/** A value in the words of a message: "a map", "a list", "nothing", or the text, cut short. */
const char *yaml_describe(const Yaml *node, Arena *arena);

/** Scalars as values: true where the text is one, and wholly so. Numbers: decimal, as in YAML 1.2
 * core (1e-3, .5, inf and nan are not taken). An integer may be written 1e6 where that is whole. */
bool yaml_is_real(const Yaml *node, double *value);
bool yaml_is_integer(const Yaml *node, long long *value);
bool yaml_is_bool(const Yaml *node, bool *value);

/** A text as a YAML scalar: plain where it can be, else in double quotes ("1" and "true" would be
 * read as something else). */
void yaml_print_text(const char *value, Text *text);

/** The tree in flow form on one line ({kind: independent, n_features: 5}), quoted only where
 * needed: reading it back gives the same tree. Keys keep their order. */
void yaml_print(const Yaml *node, Text *text);

#endif
