/* Trace: curves over x as quickly as a window redraws them. Stroking a noisy curve of a thousand
 * points takes Cairo milliseconds, which thirty features do not have: on an image each column of
 * pixels gets the part of the curve that crosses it, and all curves are one image. On a page of
 * vectors they are stroked. */
#ifndef SUPERPOSE_RENDER_DRAW_TRACE_H
#define SUPERPOSE_RENDER_DRAW_TRACE_H

#include "render/draw/canvas.h"

typedef struct TraceLine {
    int n;
    const double *x, *y; /* [n] on the page, x increasing; NaN breaks the line */
    Color color;
    double width;
} TraceLine;

/** Draws the lines [n_lines], the later over the earlier, inside of `clip`. */
void trace_draw(cairo_t *cairo, Rect clip, const TraceLine *lines, int n_lines);

#endif
