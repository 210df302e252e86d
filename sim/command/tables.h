/* All tables of kinds, in one place for `list`, `help` and the check of a config's figures: those
 * of this program, and those that superpose-render describes. */
#ifndef SUPERPOSE_COMMAND_TABLES_H
#define SUPERPOSE_COMMAND_TABLES_H

#include "sim/command/command.h"

/* Tables of kinds. */
typedef struct Tables {
    const KindTable **items; /* [n] */
    int n;
} Tables;

/* What a row of a described table is: a kind, and the sizes [least, most] of the models that it
 * draws; 0: no limit. */
typedef struct DescribedKind {
    Kind kind;
    int n_features[2], n_hidden[2];
} DescribedKind;

/** The tables of this program, then those of superpose-render where it is there. */
Tables tables_all(const Program *program, Arena *arena);

/** The tables that superpose-render describes, their rows DescribedKinds; none where it is not
 * there. */
Tables tables_of_render(const Program *program, Arena *arena);

/** The table that a word means: its name, with or without a plural s ("model", "models"); NULL:
 * none. */
const KindTable *tables_find(const Tables *tables, const char *word);

#endif
