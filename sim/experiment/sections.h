/* The sections of a config that define a run, and where in them a setting lies that has a name. */
#ifndef SUPERPOSE_EXPERIMENT_SECTIONS_H
#define SUPERPOSE_EXPERIMENT_SECTIONS_H

#include "sim/experiment/experiment.h"

/* The sections that define a run; their order is that of its texts. */
typedef enum Section {
    SECTION_DATA,
    SECTION_TASK,
    SECTION_MODEL,
    SECTION_TRAIN,
    N_SECTIONS
} Section;

extern const char *const section_names[N_SECTIONS];

/** The section that a dotted path starts with and, in *rest (may be NULL), what follows ("" for the
 * section itself); N_SECTIONS where it starts with none. */
Section section_of(const char *path, const char **rest);

/** The table of kinds chosen at a path ("data", "train.optimizer"), or NULL. */
const KindTable *choice_table_at(const char *path);

/** Whether a key chooses the kind at a path: it is the choice itself, or its `kind`. */
bool chooses_kind(const char *key, const char *path);

/** All paths where a kind is chosen: [n]. */
const char *const *choice_paths(int *n);

/** The field of a section, or of the kind it has (NULL: `train` has none), by its name [n_name];
 * NULL where there is none. */
const Field *section_field(Section section, const Kind *kind, const char *name, size_t n_name);

/** Copies one section's settings, not what they point to. */
void section_copy(Settings *to, const Settings *from, Section section);

/** The choice of a section that is not train. */
const Choice *section_choice(const Settings *settings, Section section);

/** The field of that name [n_name] in a table's row, or NULL. */
const Field *field_find(const Field *fields, int n_fields, const char *name, size_t n_name);

/** The field that a dotted path names under these settings, and the struct it lies in; NULL where
 * there is none. */
const Field *settings_field(const Settings *settings, const char *path, const void **owner);

/** The dotted path of the setting that has this name in a section ("steps" -> "train.steps"), of
 * any kind; NULL where none has. */
const char *setting_path(const char *name, Arena *arena);

#endif
