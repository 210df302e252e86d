/* Turn: solutions in the plane that differ by a rotation or a reflection are the same; turned
 * alike, they can be compared. */
#ifndef SUPERPOSE_RENDER_FIGURE_TURN_H
#define SUPERPOSE_RENDER_FIGURE_TURN_H

#include "sim/model/model.h"

/** Turns W [n_features][2] so that this feature's direction points up (0, 1), and mirrors it so
 * that the next represented one that does not lie on that line points to the right. Where the
 * feature is not represented (norm <= 0.5) the first represented one points up and to the right:
 * what stands for it stays free. Nothing else of the model changes. */
void turn_up(Model *model, int feature);

#endif
