/* Colour scales: a small bar that says what colours mean, with a word or number at each end. */
#ifndef SUPERPOSE_RENDER_DRAW_SCALE_H
#define SUPERPOSE_RENDER_DRAW_SCALE_H

#include "render/draw/canvas.h"

typedef struct ColorScale {
    const char *title, *from_label, *to_label; /* markup */
    Color (*color)(const Style *style, double value);
    double from, to;          /* values at the left and right end */
    const char *middle_label; /* markup: parts the bar at `middle`; NULL: it is whole */
    double middle;
    const double *values; /* [n_values]: one swatch for each, instead of a smooth bar */
    int n_values;         /* 0: smooth */
} ColorScale;

/** Draws it with its right end at x and its text's baseline at y; returns the width it took. */
double color_scale_draw(cairo_t *cairo, const Style *style, const ColorScale *scale, double x,
                        double y);

/** That width. */
double color_scale_width(const Style *style, const ColorScale *scale);

#endif
