/* Axes: from values to places on a page, with ticks at round values. The name of the y axis stands
 * upright above it: turned text is hard to read on a slide. */
#ifndef SUPERPOSE_RENDER_DRAW_AXES_H
#define SUPERPOSE_RENDER_DRAW_AXES_H

#include "render/draw/canvas.h"

#include <stdint.h>

typedef enum AxisForm { AXIS_LINEAR, AXIS_LOG } AxisForm;

typedef struct Axis {
    const char *label; /* markup; NULL: none */
    AxisForm form;
    double from, to; /* values at its ends (left and right, bottom and top), both > 0 where it is
                        logarithmic; from > to turns it round */
    const double *ticks;            /* [n_ticks]: values that get a number */
    const char *const *tick_labels; /* [n_ticks] markup; NULL: the values */
    int n_ticks;                    /* 0: round values are chosen */
    bool hides_numbers;             /* ticks without numbers: the axis below has them */
} Axis;

typedef struct Axes {
    Axis x, y;
    const char *title; /* markup, above the plot; NULL: none */
    double left;       /* room for the y axis' numbers, to align plots; 0: what they need */
} Axes;

/** An axis over all finite values (on a logarithmic one: > 0) among values [n], wider by the share
 * `margin` on both sides, in terms of its length; 0 … 1 (logarithmic: 0.1 … 1) where there are
 * none. */
void axis_cover(Axis *axis, const double *values, int64_t n, double margin);

/** Widens it to hold the value too. */
void axis_include(Axis *axis, double value);

/** Where a value lies: 0 at `from`, 1 at `to`; NaN where a logarithmic axis has no place for it. */
double axis_place(const Axis *axis, double value);

/** The value there: the inverse of axis_place. */
double axis_value(const Axis *axis, double place);

/** Round values on it, at most max_ticks and 16, those inside from … to; returns how many. On a
 * logarithmic axis powers of ten, and 1, 2, 5 times these where there are few. */
enum { MAX_TICKS = 16 };
int axis_ticks(const Axis *axis, int max_ticks, double ticks[MAX_TICKS]);

/** Draws title, labels, numbers, ticks and grid into `rect`; returns the plot inside of it. */
Rect axes_draw(cairo_t *cairo, const Style *style, const Axes *axes, Rect rect);

/** The plot that axes_draw would return. */
Rect axes_plot(const Style *style, const Axes *axes, Rect rect);

/** A value's place on the page in that plot. */
double axes_x(const Axes *axes, Rect plot, double value);
double axes_y(const Axes *axes, Rect plot, double value);

#endif
