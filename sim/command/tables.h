/* All tables of kinds that this program has, in one place for `list` and `help`. Tables of
 * superpose-render are asked of it. */
#ifndef SUPERPOSE_COMMAND_TABLES_H
#define SUPERPOSE_COMMAND_TABLES_H

#include "sim/command/command.h"

#include <jansson.h>

extern const KindTable *const tables[];
extern const int n_tables;

/** Whether a word means a table: its name, with or without a plural s ("model", "models",
 * "optimizers"). */
bool table_is_meant(const char *name, const char *word);

/** What superpose-render says of itself (`--describe`), or NULL where it is not there or says
 * nothing sensible. */
json_t *render_describe(const Program *program);

#endif
