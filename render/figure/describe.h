/* Describe: the tables of this program as JSON, for a program that does not know it. */
#ifndef SUPERPOSE_RENDER_FIGURE_DESCRIBE_H
#define SUPERPOSE_RENDER_FIGURE_DESCRIBE_H

#include "sim/base/text.h"
#include "sim/config/kind.h"

/** {"version": …, "tables": {"figures": {noun, summary, kinds: [{name, summary, source, settings:
 * [{name, type, takes, default, minimum, maximum, words, unit, help}]}]}}}; a setting's default is
 * YAML text, and what it has not is left out. */
void describe_tables(const KindTable *const *tables, int n_tables, Text *text);

#endif
