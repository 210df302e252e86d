/* Marks: the steps of a history's marks as words, "120 3400", in which they are kept. */
#ifndef SUPERPOSE_RENDER_RUNS_MARKS_H
#define SUPERPOSE_RENDER_RUNS_MARKS_H

#include "render/scene/history.h"

/** The steps of all marks of a kind; "" where there are none. */
const char *marks_print(const History *history, TimeMarkKind kind, Arena *arena);

/** The first of such steps, and *steps what follows it; -1: there is none. */
int64_t marks_next(const char **steps);

/** Adds a bookmark at each of such steps; NULL: none. */
void marks_add_bookmarks(History *history, const char *steps);

#endif
