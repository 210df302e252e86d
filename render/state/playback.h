/* Playback: going through the moments that are known, at any speed: a replay of a store, or a look
 * back in a training, which goes on meanwhile. */
#ifndef SUPERPOSE_RENDER_STATE_PLAYBACK_H
#define SUPERPOSE_RENDER_STATE_PLAYBACK_H

#include "render/state/state.h"

/** Whether time is that of a playback: in a replay always, in a training when it looks back. */
bool playback_is_on(const View *view);

/** Begins a replay, at the speed at which it takes about 20 s; nothing in a training. */
void playback_begin(View *view);

/** Goes on by `seconds`. */
void playback_tick(View *view, double seconds);

/** Plays, or stops; from the start where it was at the end. */
void playback_pause(View *view);

/** Plays from the start. */
void playback_restart(View *view);

/** Goes `by` moments on, or back, and stops. */
void playback_step(View *view, int by);

/** Stands at this part of all there is, from 0 to 1. */
void playback_seek(View *view, double part);

/** Goes to the mark after the step looked at (by > 0), or before it. */
void playback_go_to_mark(View *view, int by);

/** Sets a bookmark where the viewer stands, or takes it away. */
void playback_bookmark(View *view);

/** The speed that applies now: that of the training, or of the playback. */
int *view_speed(View *view);

#endif
