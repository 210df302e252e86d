/* Arrows: outlines to be filled, so that a head is never wider than its arrow is long. */
#ifndef SUPERPOSE_RENDER_DRAW_ARROW_H
#define SUPERPOSE_RENDER_DRAW_ARROW_H

#include "render/draw/canvas.h"

/** Adds an arrow from x, y by dx, dy to the path, with the style's width; nothing where it is
 * shorter than two pixels. */
void arrow_path(cairo_t *cairo, const Style *style, double x, double y, double dx, double dy);

#endif
