/* Raster: a grid of coloured cells as one embedded image, so that a map of thousands of cells is a
 * small file. */
#ifndef SUPERPOSE_RENDER_DRAW_RASTER_H
#define SUPERPOSE_RENDER_DRAW_RASTER_H

#include "render/draw/canvas.h"

#include <stdint.h>

/** A colour as a pixel. */
uint32_t raster_pixel(Color color);

/** Fills the rectangle with cells [n_rows][n_columns], the first row on top. The image has as many
 * equal pixels for each as its longer side allows within max_pixels, at least one. */
void raster_draw(cairo_t *cairo, Rect rect, const uint32_t *cells, int n_rows, int n_columns,
                 int max_pixels);

#endif
