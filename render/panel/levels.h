/* Levels panel: curves over horizontal lines that mean something, their names beside the plot: what
 * gathers on a level is seen to. */
#ifndef SUPERPOSE_RENDER_PANEL_LEVELS_H
#define SUPERPOSE_RENDER_PANEL_LEVELS_H

#include "render/panel/curves.h"

typedef struct NamedLevel {
    double value;
    const char *name; /* markup */
} NamedLevel;

typedef struct LevelsPanel {
    CurvesPanel curves;
    const NamedLevel *levels; /* [n_levels], highest first; those outside of the y axis are left
                                 out */
    int n_levels;
    double right; /* room for the names, beside the plot */
} LevelsPanel;

/** The room that the names take. */
double levels_panel_room(const Style *style, const NamedLevel *levels, int n_levels);

/** Draws it; names of levels too near each other move apart, with a line to their level. Returns
 * the plot. */
Rect levels_panel_draw(cairo_t *cairo, Rect rect, const LevelsPanel *panel, const Style *style);

/** Moves places y [n], which increase, as little as keeps them `gap` apart and inside low … high;
 * where that is too narrow they are evenly spread over it. */
void levels_spread(double *y, int n, double gap, double low, double high);

#endif
