/* Shapes: how the components that the metric geometry names are drawn: one colour a name all over a
 * page, and one picture of each polytope. */
#ifndef SUPERPOSE_RENDER_MODEL_SHAPES_H
#define SUPERPOSE_RENDER_MODEL_SHAPES_H

#include "render/draw/style.h"
#include "sim/base/arena.h"
#include "sim/model/model.h"

/* Shapes with a colour of their own, in the order of their dimensionality, and those without. */
typedef enum Shape {
    SHAPE_DEDICATED,
    SHAPE_TETRAHEDRON,
    SHAPE_TRIANGLE,
    SHAPE_DIGON,
    SHAPE_PENTAGON,
    SHAPE_ANTIPRISM,
    SHAPE_OTHER, /* named differently, or irregular */
    SHAPE_NONE,  /* not represented */
    N_SHAPES
} Shape;

/** The shape that has this name in the metric geometry. */
Shape shape_of(const char *name);

/** What a legend calls it: "digon", "other shape", "not represented". */
const char *shape_label(Shape shape);

/** How many there are: "29 digons", "1 pentagon", "2 others". */
const char *shape_count(Arena *arena, Shape shape, int n);

/** The colour of its features all over a page; what is not represented is faint. */
Color shape_color(const Style *style, Shape shape);

/** Draws the polytope of that name in the plane: places x, y [n] in the unit disc for features [n]
 * of the model, each at the corner whose cosines to the others are its own (within 0.2). Polygons
 * as they are; solids seen along an axis from nearby, so that no corner hides another (a Schlegel
 * diagram: the antiprism is a square in a square); larger simplices on a circle. What is no such
 * polytope, but lies in a plane, is drawn as it lies there. False for all else. */
bool shape_places(const char *name, const Model *model, const int *features, int n, double *x,
                  double *y);

#endif
