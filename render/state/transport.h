/* Transport: stop and go, one step, faster and slower, whichever time goes by: that of the training
 * or of the playback. */
#ifndef SUPERPOSE_RENDER_STATE_TRANSPORT_H
#define SUPERPOSE_RENDER_STATE_TRANSPORT_H

#include "render/state/state.h"

/** Stops the training or the playback, or lets it go on. */
void view_pause(View *view);

/** Goes one step of the training on, or one moment of the playback; one moment back; and stops. */
void view_step_once(View *view);
void view_step_back(View *view);

/** Makes it `by` speeds faster. */
void view_change_speed(View *view, int by);

#endif
