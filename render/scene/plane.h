/* Plane: the points of a sweep laid out by one or two of its axes; where there are more, the others
 * stay at the values that the shown run has. Values increase to the right and upwards; those that
 * are no numbers keep the order of the sweep. */
#ifndef SUPERPOSE_RENDER_SCENE_PLANE_H
#define SUPERPOSE_RENDER_SCENE_PLANE_H

#include "render/draw/axes.h"
#include "render/scene/scene.h"

typedef struct Plane {
    const SweepMap *map;
    int axes[2];         /* of the columns and of the rows; -1: none */
    int sizes[2];        /* columns, rows: 1 where there is no such axis */
    const int *order[2]; /* [sizes]: which value of the axis stands at a place */
    int64_t shown;       /* number of the shown run */
} Plane;

/** Lays the sweep out: density (as rows) and importance (as columns) where these are axes, else the
 * two axes with the most values, the later one as columns. Needs a sweep with an axis. */
Plane plane_of(const SceneInput *input);

/** The same with columns and rows exchanged. */
Plane plane_turned(const Plane *plane);

/** The point at a column from the left and a row from the bottom. */
int64_t plane_point(const Plane *plane, int column, int row);

/** Where a point stands; false: it is not in the plane. */
bool plane_find(const Plane *plane, int64_t point, int *column, int *row);

/** The axis of columns (0) or rows (1), whose cells are equal and centred on the values: linear or
 * logarithmic where that makes them so, else numbered from 0 with the values as labels. */
Axis plane_axis(const Plane *plane, int which, Arena *arena);

/** The value of that axis at a place, on the axis that plane_axis gives. */
double plane_value(const Plane *plane, int which, int place);

/** Where a number lies on the axis that plane_axis gives, whose values stand for `numbers` (at the
 * values of the axis, > 0, increasing where it is drawn so): between two of them by its logarithm.
 * And the number that lies there. */
double plane_coordinate(const Plane *plane, int which, const double *numbers, double number);
double plane_number(const Plane *plane, int which, const double *numbers, double coordinate);

/** Whether the values of that axis are numbers: a line through them means something. */
bool plane_is_ordered(const Plane *plane, int which);

/** The run that stands for a point: the best, or one that trains, or the first. */
int64_t plane_run(const Plane *plane, int64_t point);

/** "1 − S = 0.1, importance = 2", in markup, of all axes; or only of those that the plane fixes,
 * at the shown run: "" where there are none. */
const char *plane_name(const Plane *plane, int64_t point, Arena *arena);
const char *plane_fixed(const Plane *plane, Arena *arena);

/** "waiting", "training", … */
const char *run_state_word(RunState state);

#endif
