/* Surface panel: a function of two variables as a map in steps, so that the edges of its colours
 * are contours, with its minima and where trainings ended. */
#ifndef SUPERPOSE_RENDER_PANEL_SURFACE_H
#define SUPERPOSE_RENDER_PANEL_SURFACE_H

#include "render/draw/axes.h"
#include "render/draw/mark.h"

typedef struct SurfaceMark {
    double x, y;
    Mark mark;
    double size; /* diameter */
} SurfaceMark;

/* A thin line; a point that has no place on the axes breaks it. */
typedef struct SurfacePath {
    int n;
    const double *x, *y; /* [n] */
} SurfacePath;

typedef struct SurfacePanel {
    Axes axes; /* linear; their ends are the edges of the map */
    int n_rows, n_columns;
    const double *values; /* [n_rows][n_columns] at the middles of equal cells, the top row first */
    const double *levels; /* [n_levels], increasing: a new colour from each on */
    int n_levels;
    const SurfacePath *paths; /* [n_paths] */
    int n_paths;
    const SurfaceMark *marks; /* [n_marks], over the paths; those outside of the map are left out */
    int n_marks;
} SurfacePanel;

/** The colour of step k of n_levels + 1 steps: dark at the bottom, light on top. */
Color surface_panel_color(int step, int n_levels);

/** Draws it; paths end at the map's edges. */
void surface_panel_draw(cairo_t *cairo, Rect rect, const SurfacePanel *panel, const Style *style);

#endif
