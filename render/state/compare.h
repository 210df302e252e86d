/* Two runs side by side: which these are. */
#ifndef SUPERPOSE_RENDER_STATE_COMPARE_H
#define SUPERPOSE_RENDER_STATE_COMPARE_H

#include "render/state/state.h"

/** Puts two runs side by side, or shows one again. Of a config with a single run there are two
 * then: with its seed and with the next. */
void view_compare(View *view);

/** Whether two runs are seen side by side: a scene that has all runs in it stays one. */
bool view_is_side_by_side(const View *view);

/** Puts the run `by` places further beside the shown one. */
void view_compare_next(View *view, int by);

/** Makes the run beside the shown one the shown one. */
void view_swap(View *view);

#endif
