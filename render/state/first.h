/* Which scene is shown at first: the one asked for, or the one that shows most of what there is. */
#ifndef SUPERPOSE_RENDER_STATE_FIRST_H
#define SUPERPOSE_RENDER_STATE_FIRST_H

#include "render/state/state.h"

/** Goes to the first scene that has something to show of the runs: a grid where there are many, the
 * map of a sweep that has more points yet. */
void view_choose_first_scene(View *view);

/** Goes to the scene of this name. One that has nothing to show is a problem, too: it would make a
 * long film of one sentence. */
bool view_choose_named_scene(View *view, const char *name, Problems *problems);

#endif
