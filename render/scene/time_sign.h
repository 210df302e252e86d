/* Signs of the marks on a time axis, the same wherever time is drawn: a diamond for a change, a
 * ribbon for a bookmark, a stair for a jump. */
#ifndef SUPERPOSE_RENDER_SCENE_TIME_SIGN_H
#define SUPERPOSE_RENDER_SCENE_TIME_SIGN_H

#include "render/draw/canvas.h"
#include "render/scene/history.h"

/** The colour of a kind of mark. */
Color time_sign_color(const Style *style, TimeMarkKind kind);

/** Draws its sign in a square of this size around x, y. */
void time_sign_draw(cairo_t *cairo, const Style *style, TimeMarkKind kind, double x, double y,
                    double size);

#endif
