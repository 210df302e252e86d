/* Line panel: the numbers W_i of models with one hidden dimension as arrows along a line, each
 * feature in a row of its own: on one line they would hide each other. */
#ifndef SUPERPOSE_RENDER_PANEL_LINE_H
#define SUPERPOSE_RENDER_PANEL_LINE_H

#include "render/draw/canvas.h"

typedef struct LinePanel {
    int n_features;
    const float *W;       /* [n_features] */
    const double *weight; /* [n_features] in [0, 1]: colour, as style_weight */
    const int *group; /* [n_features]: features with the same number >= 0 have one colour, instead
                         of that of their weight; NULL: no groups */
    double radius;    /* of the line's part that is shown: > 0, the same in panels to compare */
    int selected;     /* this feature stands out, with a ring at its tip; -1: none does */
} LinePanel;

/** Draws it, the first feature on top; faint lines stand at -1, 0 and 1. */
void line_panel_draw(cairo_t *cairo, Rect rect, const LinePanel *panel, const Style *style);

/** The feature whose row is at x, y; -1: none is. */
int line_panel_pick(Rect rect, const LinePanel *panel, double x, double y);

#endif
