#include "render/state/transport.h"

#include "render/state/playback.h"
#include "render/state/world.h"

void view_pause(View *view) {
    if (playback_is_on(view)) {
        playback_pause(view);
        return;
    }
    bool is_at_end = history_state(view->stage->histories[view->shown]) == STATE_DONE &&
                     !stage_is_sweeping(view->stage);
    view->is_paused = !view->is_paused && !is_at_end;
    if (is_at_end)
        view_go_beyond(view);
    view->allowed = (double)stage_step(view->stage);
    if (view->is_paused)
        stage_allow(view->stage, (int64_t)view->allowed);
}

void view_step_once(View *view) {
    if (playback_is_on(view)) {
        playback_step(view, 1);
        return;
    }
    if (!view->is_paused)
        view_pause(view);
    view->allowed = (double)stage_step(view->stage) + 1;
    stage_allow(view->stage, (int64_t)view->allowed);
}

void view_step_back(View *view) {
    playback_step(view, -1);
}

/* The last speed, as fast as it can, is for trainings alone. */
void view_change_speed(View *view, int by) {
    int *index = view_speed(view), speed = *index + by;
    int most = playback_is_on(view) ? n_speeds - 2 : n_speeds - 1;
    *index = speed < 0 ? 0 : speed < most ? speed : most;
    view->allowed = (double)stage_step(view->stage);
}
