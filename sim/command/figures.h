/* Rows of a config's `figures` against the tables of superpose-render, before anything is trained.
 */
#ifndef SUPERPOSE_COMMAND_FIGURES_H
#define SUPERPOSE_COMMAND_FIGURES_H

#include "sim/command/command.h"

/** Adds a problem for each row that superpose-render would not take: its kind or its settings.
 * Without that program nothing is checked. */
void figures_check(const Program *program, const Experiment *experiment, Arena *arena,
                   Problems *problems);

/** Adds a problem for each row whose kind does not draw models of the sizes that the runs have: of
 * those points that the row shows, or, where it shows one run of its choice, of all points. The
 * rows are checked already. */
void figures_check_sizes(const Program *program, const Experiment *experiment, Arena *arena,
                         Problems *problems);

#endif
