/* Layouts: labels as Pango has shaped them. Shaping is most of what a label costs, and a window
 * draws the same ones sixty times a second: the recent ones are kept. Whether one was kept changes
 * nothing but time. */
#ifndef SUPERPOSE_RENDER_DRAW_LAYOUT_H
#define SUPERPOSE_RENDER_DRAW_LAYOUT_H

#include "render/draw/label.h"

#include <pango/pangocairo.h>

/** The layout of markup in at most so many lines, to be drawn with `cairo`, or, where that is NULL,
 * only to be measured. It stays the callee's, and valid until the next call in this thread. */
PangoLayout *layout_for(cairo_t *cairo, const Style *style, Label label, int n_lines,
                        const char *markup);

#endif
