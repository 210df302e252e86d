/* The shapes that a component of features can be named after. */
#ifndef SUPERPOSE_METRIC_GEOMETRY_SHAPE_H
#define SUPERPOSE_METRIC_GEOMETRY_SHAPE_H

#include "sim/base/arena.h"

#include <stdbool.h>

/* Larger components are only described by their size and rank. */
enum { MAX_SHAPE = 12 };

typedef struct ShapeName {
    const char *singular, *plural;
} ShapeName;

/** The name of `n` unit directions of this rank with these cosines [n][n] (NULL where n >
 * MAX_SHAPE). A shape looks alike from each of its corners: every feature's sorted cosines to the
 * others must be the shape's, within 0.1. (For given n and rank the sum of their squares says
 * whether the frame is tight, so tightness is checked with them.) */
ShapeName shape_name(int n, int rank, const double *cosines, Arena *arena);

/** Whether shape_name can give this singular, or with is_plural this plural; text [n]. */
bool shape_is_name(const char *text, int n, bool is_plural);

#endif
