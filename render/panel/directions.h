/* Directions panel: the rows of W as arrows in the plane, from the origin, inside a faint unit
 * circle (the paper's introduction figure). */
#ifndef SUPERPOSE_RENDER_PANEL_DIRECTIONS_H
#define SUPERPOSE_RENDER_PANEL_DIRECTIONS_H

#include "render/draw/canvas.h"

typedef struct DirectionsPanel {
    int n_features;
    const float *W;       /* [n_features][2] */
    const double *weight; /* [n_features] in [0, 1]: colour; the heavier, the more in front */
    const int *polygon;   /* [n_features]: features with the same number >= 0 are corners of one
                             polygon, drawn as a faint area; NULL: no polygons */
    const int *group; /* [n_features]: features with the same number >= 0 have one colour, instead
                         of that of their weight, and a line between their tips; NULL: no groups */
    double radius;    /* of the plane's part that is shown: > 0, the same in panels to compare */
    int selected;     /* this feature stands out, with a ring at its tip; -1: none does */
    bool has_numbers; /* each tip has its feature's, where there is room */
} DirectionsPanel;

/** Draws it into the largest square in the middle of the rectangle, the circle where it fits.
 * Arrows shorter than two pixels are left out: the dot at the origin stands for them. Where some
 * end in one place, ×2 says how many. */
void directions_panel_draw(cairo_t *cairo, Rect rect, const DirectionsPanel *panel,
                           const Style *style);

/** The feature at x, y: that of the nearest tip, or of the nearest shaft where no tip is near; -1:
 * none is. */
int directions_panel_pick(Rect rect, const DirectionsPanel *panel, double x, double y);

#endif
