/* The world of the runs: what is changed while they train, and what starts them again. */
#ifndef SUPERPOSE_RENDER_STATE_WORLD_H
#define SUPERPOSE_RENDER_STATE_WORLD_H

#include "render/state/state.h"

/** Why nothing can be trained here, a sentence; NULL: it can. */
const char *view_why_no_training(const View *view);

/** Gives a live setting of the shown run another value, as in a config; a run at its end goes on,
 * as by view_go_beyond. */
void view_touch(View *view, const char *key, const char *value);

/** Lets the shown run go on as long again, at its full learning rate where its schedule has left
 * nothing of that. */
void view_go_beyond(View *view);

/** Starts again with a setting for this and every later start; what cannot be is told, and nothing
 * changes. */
void view_restart_with(View *view, const char *key, const char *value);

/** Puts another stage in place of the one there is, from its beginning. */
void view_take_stage(View *view, Stage *stage);

/** Ends a stage, which is not waited for while it is still being kept; NULL: only the one before
 * it. */
void view_leave(View *view, Stage *stage);

/** Goes to another config. */
void view_load(View *view, const char *path);

/** Starts again from the beginning. */
void view_reset(View *view);

/** Starts again with the next seed. */
void view_new_seed(View *view);

/** Goes to the config `by` places further in the menu of presets. */
void view_next_preset(View *view, int by);

#endif
