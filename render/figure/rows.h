/* Rows: the `figures:` list of the config that a store holds. */
#ifndef SUPERPOSE_RENDER_FIGURE_ROWS_H
#define SUPERPOSE_RENDER_FIGURE_ROWS_H

#include "render/figure/figure.h"

/** Reads the rows; every problem of theirs is added, and then the rows are not to be used. */
Choices rows_read(Store *store, const char *store_path, Arena *arena, Problems *problems);

/** Those whose kind or file name is `name`; where there are none and it is a kind, that kind with
 * its defaults. An unknown name is a problem with the nearest one. */
Choices rows_select(const Choices *rows, const char *name, Arena *arena, Problems *problems);

#endif
