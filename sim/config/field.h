/* A Field is one typed setting: its name, type, default, range, unit and help. A table of them
 * describes a struct, and from that table alone come reading, checking, printing, `help`, and the
 * text whose hash identifies a run. */
#ifndef SUPERPOSE_CONFIG_FIELD_H
#define SUPERPOSE_CONFIG_FIELD_H

#include "sim/base/error.h"
#include "sim/config/yaml.h"

#include <stddef.h>
#include <stdint.h>

typedef enum FieldType {
    FIELD_INTEGER, /* int64_t; where `words` are given, one of them is also allowed and stored as 0,
                      which is out of range then (words has one) */
    FIELD_REAL,    /* double; where `words` are given, one of them is also allowed and stored as NaN
                      (words has one) */
    FIELD_BOOL,    /* bool: true, false */
    FIELD_WORD,    /* int: index into `words` */
    FIELD_TEXT,    /* const char * */
    FIELD_FEATURES, /* FeatureValues: one number for each feature, in one of `forms` */
    FIELD_CADENCE,  /* Cadence: when something happens */
    FIELD_CHOICE,   /* Choice: a kind of `table` with its settings; a bare word or a map */
    FIELD_CHOICES,  /* Choices: a list of such */
    FIELD_TREE      /* const Yaml *: kept as written, NULL where not given and without default;
                       somebody else checks it */
} FieldType;

/* Ways to say one number for each feature. */
typedef enum FeatureForm {
    FORM_SCALAR = 1,     /* 0.05: all the same */
    FORM_LIST = 2,       /* [a, b, …]: one for each */
    FORM_FIRST_REST = 4, /* {first: a, rest: b} */
    FORM_DECAY = 8,      /* {decay: r}: r^i, i from 0 */
    FORM_LAST = 16,      /* {last: r}: all 1 but the last */
    FORM_ZIPF = 32       /* {zipf: r, active: s}: proportional to (i + 1)^-r, with the sum s */
} FeatureForm;

typedef struct FeatureValues {
    FeatureForm form;
    double a, b;        /* scalar | first, rest | decay | last | zipf, active */
    const double *list; /* FORM_LIST [n] */
    int n;              /* FORM_LIST */
    Place place;        /* for checks against the number of features */
} FeatureValues;

typedef enum CadenceForm { CADENCE_NONE, CADENCE_EVERY, CADENCE_LOG, CADENCE_LINEAR } CadenceForm;

/* none | {every: steps} | {log: n}: n steps evenly spaced in log(1 + step) from 0 to the last |
 * {linear: n} */
typedef struct Cadence {
    CadenceForm form;
    int64_t n;
} Cadence;

typedef struct Kind Kind;
typedef struct KindTable KindTable;

typedef struct Choice {
    const Kind *kind;
    void *settings; /* the kind's struct: the table's fields, then its own */
    Place place;    /* where it was chosen */
} Choice;

typedef struct Choices {
    Choice *items; /* [n] */
    int n;
} Choices;

typedef struct Field {
    const char *name;
    FieldType type;
    size_t offset;           /* in the struct that the table describes */
    const char *fallback;    /* the default as YAML text; NULL: must be given */
    double minimum, maximum; /* allowed range of numbers, each element of FIELD_FEATURES too, but
                                not zipf and active, which are >= 0; both 0 and not is_open: no
                                limit; maximum <= minimum: no upper limit */
    bool is_open;            /* the minimum itself is not allowed */
    bool is_live; /* may be changed while a run trains (`changes`, the viewer's sliders) */
    int forms;    /* FIELD_FEATURES: which FeatureForm are allowed */
    const char *const *words; /* FIELD_WORD, FIELD_INTEGER, FIELD_REAL: NULL-ended */
    const KindTable *table;   /* FIELD_CHOICE, FIELD_CHOICES */
    const char *unit;         /* "steps", "samples", … or NULL */
    const char *help;         /* one line */
} Field;

/** Reads a map into a struct by its fields. Unknown keys get the nearest name, missing ones without
 * default and values that do not fit get a problem at their place; `where` names the section in
 * messages ("train"). A NULL map reads as an empty one, whose place is `place`. `ignored`
 * [n_ignored] are keys that are allowed and skipped; a dotted one is a key inside a choice
 * ("optimizer.beta1"). */
void fields_read(const Field *fields, int n_fields, const char *where, const Yaml *map, Place place,
                 void *settings, const char *const *ignored, int n_ignored, Arena *arena,
                 Problems *problems);

/** The struct as `name: value` pairs in the fields' order, separated by ", ", in YAML flow form and
 * shortest numbers. Every field is printed, so equal texts mean equal settings; NULL-valued trees
 * are left out. */
void fields_print(const Field *fields, int n_fields, const void *settings, Text *text);

/** The pairs, each followed by ", ", of the settings that are not at their default, and of all that
 * have none; a choice always, as choice_print_brief has it. A run's identity hashes this text: a
 * later version's new settings are not in it where nobody sets them. */
void fields_print_brief(const Field *fields, int n_fields, const void *settings, Text *text);

/** The default as it lies in the struct that the table describes; NULL where there is none. */
const void *field_fallback(const Field *field, Arena *arena);

/** What a field takes, for help and messages: "number > 0", "one of uniform, signed_uniform",
 * "number | list | {first, rest}, each in [0, 1] | {zipf, active}, each >= 0". */
void field_describe(const Field *field, Text *text);

/** Number of the field's words. */
int field_word_count(const Field *field);

/** Whether its numbers have a smallest, a largest value. */
bool field_has_minimum(const Field *field);
bool field_has_maximum(const Field *field);

/** One number for each feature; out [n_features]. Fails where a list has another length. */
bool feature_values_expand(const FeatureValues *values, int n_features, double *out, Error *error);

/** The steps of a cadence for a run of n_steps: increasing, from 0 (the untrained model) to
 * n_steps, both included unless CADENCE_NONE; the array lives in the arena. {log: n} and {linear:
 * n} may give fewer than n where steps coincide. */
const int64_t *cadence_steps(Cadence cadence, int64_t n_steps, Arena *arena, int *n);

#endif
