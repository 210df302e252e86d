#include "render/state/playback.h"

#include <math.h>
#include <stdlib.h>

/* A bookmark is taken away from within this part of all steps. */
static const double bookmark_reach = 0.005;

/* From the first moment known to the last one, of a replay that of any run. */
typedef struct Range {
    int64_t first, last;
    int n; /* moments of the shown run */
} Range;

static Range range_of(const View *view) {
    Range range = {0};
    const Moment *moments = history_moments(view->stage->histories[view->shown], &range.n);
    if (range.n) {
        range.first = moments[0].step;
        range.last = moments[range.n - 1].step;
    }
    if (!view->stage->live && stage_step(view->stage) > range.last)
        range.last = stage_step(view->stage);
    return range;
}

bool playback_is_on(const View *view) {
    return !view->stage->live || !view->is_now;
}

int *view_speed(View *view) {
    return playback_is_on(view) ? &view->playback.speed : &view->speed;
}

/* What is shown next; it stays in the middle of a moment's steps, so that no rounding loses one. */
static void stand_at(View *view, double step) {
    view->playback.step = step;
    view_go_to(view, (int64_t)floor(step));
}

void playback_begin(View *view) {
    view->playback = (Playback){.speed = view_first_speed(view->stage),
                                .loops = view->playback.loops,
                                .is_playing = !view->stage->live};
    if (!view->stage->live)
        stand_at(view, 0);
}

/* The end is that of all there will be: what is still read, or trained, comes later. */
static void end(View *view, const Range *range) {
    bool is_replay = !view->stage->live;
    if (is_replay && stage_is_growing(view->stage, view->shown)) {
        stand_at(view, (double)range->last);
    } else if (view->playback.loops && range->n > 1) {
        stand_at(view, (double)range->first);
    } else {
        view->playback.is_playing = false;
        view_go_to_now(view);
    }
}

void playback_tick(View *view, double seconds) {
    Range range = range_of(view);
    Playback *playback = &view->playback;
    if (!playback_is_on(view) || !playback->is_playing || !range.n)
        return;
    if (llabs(view->step - (int64_t)floor(playback->step)) > 0) /* the user went elsewhere */
        playback->step = (double)view->step;
    double step = fmax(playback->step, (double)range.first) + speeds[playback->speed] * seconds;
    view->has_news = true;
    if (step >= (double)range.last)
        end(view, &range);
    else
        stand_at(view, step);
}

void playback_restart(View *view) {
    Range range = range_of(view);
    stand_at(view, (double)range.first);
    view->playback.is_playing = true;
    if (range.n < 2 && !stage_is_growing(view->stage, view->shown))
        view_say(view, "this run has its last model alone: record.snapshots says which are kept");
}

void playback_pause(View *view) {
    if (view->is_now)
        playback_restart(view);
    else
        view->playback.is_playing = !view->playback.is_playing;
}

void playback_step(View *view, int by) {
    int n;
    History *history = view->stage->histories[view->shown];
    const Moment *moments = history_moments(history, &n);
    int at = history_moment_at(history, view->is_now ? INT64_MAX : view->step) + by;
    view->playback.is_playing = false;
    if (n && at >= n)
        view_go_to_now(view);
    else if (n)
        stand_at(view, (double)moments[at > 0 ? at : 0].step);
}

void playback_seek(View *view, double part) {
    Range range = range_of(view);
    stand_at(view, (double)range.first + part * (double)(range.last - range.first));
}

/* ---- marks ---- */

void playback_go_to_mark(View *view, int by) {
    int n;
    const TimeMark *marks = history_marks(view->stage->histories[view->shown], &n);
    int at = by > 0 ? 0 : n - 1;
    int64_t step = view_scene_input(view).step;
    while (at >= 0 && at < n && (by > 0 ? marks[at].step <= step : marks[at].step >= step))
        at += by;
    if (at < 0 || at >= n) {
        view_say(view, by > 0 ? "no mark after this step" : "no mark before this step");
        return;
    }
    view->playback.is_playing = false;
    stand_at(view, (double)marks[at].step);
}

void playback_bookmark(View *view) {
    History *history = view->stage->histories[view->shown];
    int64_t step = view_scene_input(view).step;
    double reach = bookmark_reach * (double)stage_n_steps(view->stage, view->shown);
    if (!history_drop_bookmark(history, step, (int64_t)reach))
        history_add_mark(history, step, TIME_BOOKMARK, "bookmark");
}
