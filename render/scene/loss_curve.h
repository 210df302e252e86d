/* The loss over the one axis of a sweep: every run a mark, a line through the best of each point;
 * and words that all maps of sweeps share. */
#ifndef SUPERPOSE_RENDER_SCENE_LOSS_CURVE_H
#define SUPERPOSE_RENDER_SCENE_LOSS_CURVE_H

#include "render/scene/plane.h"

/** Draws it. A ring where a run trains, a cross where it failed; what has no loss stands on the
 * axis.
 */
void loss_curve_draw(const SceneInput *input, const Plane *plane, cairo_t *cairo, Rect rect,
                     const Style *style);

/** The run nearest to x, y. */
bool loss_curve_pick(const SceneInput *input, const Plane *plane, Rect rect, const Style *style,
                     double x, double y, Pick *pick);

/** "312 of 2500 runs done, 2 failed; at seed = 3": what the plane fixes. */
const char *sweep_title(const SceneInput *input);

/** The final loss of a run; of one that trains and is watched that of its newest batch; else NaN.
 */
double sweep_run_loss(const SceneInput *input, int64_t run);

/** Where a run stands on the axes, its state, and its exact values. */
const char *sweep_run_text(const SceneInput *input, const Plane *plane, int64_t run);

#endif
