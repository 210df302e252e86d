#include "render/state/world.h"

#include "render/state/first.h"
#include "render/state/playback.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- while they train ---- */

const char *view_why_no_training(const View *view) {
    return view->stage->live ? NULL : "a replay trains nothing: open its config for that";
}

/* Says why not, where nothing can be trained. */
static bool may_train(View *view) {
    const char *why = view_why_no_training(view);
    if (why)
        view_say(view, "%s", why);
    return !why;
}

static void go_beyond(View *view) {
    Live *live = view->stage->live;
    const TrainSettings *train = &live_settings_now(live, view->shown)->train;
    int64_t first = live_settings_first(live, view->shown)->train.steps;
    int64_t end = live_n_steps(live, view->shown) + (first > 0 ? first : 1000);
    LiveTouch raised = {
        .key = "train.schedule.final", .value = "1", .drag = view->drag, .n_steps = end};
    /* where the schedule leaves nothing of the learning rate, no model would move any more */
    if (schedule_factor(&train->schedule, train->steps, train->steps) > 0)
        live_extend(live, view->shown, end);
    else
        live_touch(live, view->shown, &raised);
}

void view_go_beyond(View *view) {
    if (!may_train(view))
        return;
    view->drag++;
    go_beyond(view);
}

void view_touch(View *view, const char *key, const char *value) {
    Live *live = view->stage->live;
    if (!may_train(view))
        return;
    if (live_step(live, view->shown) >= live_n_steps(live, view->shown))
        go_beyond(view);
    live_touch(live, view->shown, &(LiveTouch){.key = key, .value = value, .drag = view->drag});
}

/* ---- from the start ---- */

void view_leave(View *view, Stage *stage) {
    Error error = {0};
    if (view->leaving && !stage_has_left(view->leaving) && !stage_keep(view->leaving, &error))
        view_say(view, "%s", error.text);
    stage_close(view->leaving);
    view->leaving = stage;
    if (stage && stage->follow && !stage_keep(stage, &error)) /* that takes no time */
        view_say(view, "%s", error.text);
    if (stage)
        stage_stop(stage);
}

void view_take_stage(View *view, Stage *stage) {
    bool is_new;
    Error error = {0};
    view_leave(view, view->stage);
    view->stage = stage;
    view->shown = stage->first;
    view->is_comparing = view->is_comparing && stage->n > 1;
    view->selected = -1;
    view->allowed = 0;
    view->is_now = true;
    view->step = 0;
    view->rate_from = stage_step(stage);
    view->rate_since = view->clock;
    view->n_frames = 0;
    view->refusals_until = -HUGE_VAL;
    view->timeline_last = -1;
    view->scene_state = (SceneState){.has_overlays = view->scene_state.has_overlays};
    playback_begin(view);
    if (!stage_collect(stage, &is_new, &error))
        view_say_unread(view, &error);
    if (stage->why_anew)
        view_say(view, "%s", stage->why_anew);
    else if (stage->has_resumed)
        view_say(view,
                 stage_is_growing(stage, stage->first)
                     ? "went on from step %lld; R starts anew"
                     : "opened at its end, step %lld; R starts anew",
                 (long long)stage_step(stage));
    view->has_news = true;
}

static void say_problems(View *view, const Problems *problems) {
    Text text = {0};
    problems_print(problems, &text);
    view_say(view, "%.*s", (int)strcspn(text_of(&text), "\n"), text_of(&text));
    text_release(&text);
}

/* A store has the name of its config, however the path to that is spelled. */
static bool has_same_store(const View *view, const ViewOptions *options) {
    const char *a = strrchr(options->path, '/'), *b = strrchr(view->options.path, '/');
    return strcmp(a ? a + 1 : options->path, b ? b + 1 : view->options.path) == 0;
}

/* The guest that is shown, where it may be again by these options; -1: none. */
static int64_t guest_of(const View *view, const ViewOptions *options) {
    const Stage *stage = view->stage;
    return has_same_store(view, options) && view->shown == stage->n ? stage->numbers[view->shown]
                                                                    : -1;
}

/* So that the next stage can read what is kept of this one, where it has the same runs. */
static void keep_for(View *view, const ViewOptions *options) {
    Error error = {0};
    view_leave(view, NULL);
    if (has_same_store(view, options) && !stage_keep(view->stage, &error))
        view_say(view, "%s", error.text);
}

/* Opens a stage by other options; where that fails all stays as it is. The runs there are are kept;
 * the others begin anew, or go on where they were left. */
static bool restart(View *view, const ViewOptions *options, bool resumes) {
    Arena scratch = {0};
    Problems problems = {.arena = &scratch};
    StageOptions wanted = view_stage_options(options);
    wanted.resumes = resumes;
    if (resumes)
        keep_for(view, options);
    Stage *stage = stage_open(&wanted, &problems);
    if (stage) {
        int64_t guest = guest_of(view, options);
        int shown = view->shown < stage->n ? view->shown : 0;
        view->options = *options;
        view_take_stage(view, stage);
        view->shown = shown;
        if (guest >= 0 && guest < stage->experiment->n_runs)
            view_open_run(view, guest);
    } else {
        say_problems(view, &problems);
        stage_go_on(view->stage);
    }
    arena_release(&scratch);
    return stage != NULL;
}

void view_reset(View *view) {
    if (view->stage->live)
        restart(view, &view->options, false);
    else
        playback_restart(view);
}

/* The options with KEY=VALUE, in place of an older one of that key. */
static ViewOptions options_with(View *view, const char *key, const char *value) {
    ViewOptions options = view->options;
    size_t n_key = strlen(key);
    const char **overrides = ARENA_NEW(&view->arena, const char *, (size_t)options.n_overrides + 1);
    int n = 0;
    for (int i = 0; i < options.n_overrides; i++)
        if (strncmp(options.overrides[i], key, n_key) != 0 || options.overrides[i][n_key] != '=')
            overrides[n++] = options.overrides[i];
    overrides[n++] = arena_print(&view->arena, "%s=%s", key, value);
    options.overrides = overrides;
    options.n_overrides = n;
    return options;
}

void view_restart_with(View *view, const char *key, const char *value) {
    ViewOptions options = options_with(view, key, value);
    if (may_train(view) && restart(view, &options, false))
        view_say(view, "%s: %s", key, value);
}

void view_new_seed(View *view) {
    char number[32];
    int64_t seed = stage_settings_first(view->stage, view->shown)->train.seed + 1;
    snprintf(number, sizeof number, "%lld", (long long)seed);
    view_restart_with(view, "train.seed", number);
}

void view_load(View *view, const char *path) {
    ViewOptions options = view->options;
    options.path = arena_copy(&view->arena, path);
    options.n_overrides = 0;
    options.only_run = -1;
    if (restart(view, &options, true)) {
        view->shown = view->stage->first;
        view->speed = view_first_speed(view->stage);
        view_choose_first_scene(view);
    }
}

void view_next_preset(View *view, int by) {
    const Presets *presets = view->presets;
    int at = presets_row(presets, view->options.path);
    if (presets->n == 0)
        view_say(view, "there are no presets: no folder configs/ was found");
    else if (at < 0)
        view_load(view, presets->items[by > 0 ? 0 : presets->n - 1].path);
    else
        view_load(view, presets->items[(at + by + presets->n) % presets->n].path);
}
