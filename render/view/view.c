#include "render/view/view.h"

#include "render/page/page.h"
#include "render/state/first.h"
#include "render/state/keys.h"
#include "render/state/look.h"
#include "render/state/playback.h"
#include "render/state/take.h"
#include "render/state/world.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double RATE_SECONDS = 0.5;

/* ---- opening ---- */

/* The caller's words may go; a later start needs them. */
static void keep_words(View *view, const ViewOptions *options) {
    int n = options->n_overrides;
    const char **overrides = ARENA_NEW(&view->arena, const char *, (size_t)n + 1);
    for (int i = 0; i < n; i++)
        overrides[i] = arena_copy(&view->arena, options->overrides[i]);
    view->options.path = arena_copy(&view->arena, options->path);
    view->options.overrides = overrides;
}

bool view_open(View **out, const ViewOptions *options, Problems *problems) {
    StageOptions wanted = view_stage_options(options);
    Stage *stage = stage_open(&wanted, problems);
    if (!stage)
        return false;
    Arena arena = {0};
    View *view = ARENA_NEW(&arena, View, 1);
    view->arena = arena;
    view->options = *options;
    keep_words(view, options);
    view->presets = presets_find(options->configs ? options->configs : "", &view->arena);
    view->style = *style_of(options->theme);
    view->habits = options->habits ? *options->habits : habits_first();
    view->scale = view->habits.scale;
    view->clock = -1;
    view->scene_state.has_overlays = view->habits.has_overlays;
    view_take_stage(view, stage);
    view->speed = view_first_speed(stage);
    view->is_bare = options->is_bare || view->habits.is_bare;
    view_choose_first_scene(view);
    if (options->scene && !view_choose_named_scene(view, options->scene, problems)) {
        view_close(view);
        return false;
    }
    *out = view;
    return true;
}

const char *view_finish(View *view) {
    return take_finish(view);
}

bool view_keep(View *view, Error *error) {
    Stage *leaving = view->leaving;
    bool ok = !leaving || stage_has_left(leaving) || stage_keep(leaving, error);
    stage_close(leaving);
    view->leaving = NULL;
    return stage_keep(view->stage, error) && ok;
}

const char *view_failure(const View *view, Arena *arena, bool *is_over) {
    return stage_failure(view->stage, arena, is_over);
}

const char *view_unread(const View *view) {
    return view->unread.text[0] ? view->unread.text : NULL;
}

const char *view_keep_path(const View *view) {
    return stage_step(view->stage) > 0 ? view->stage->keep_path : NULL;
}

void view_close(View *view) {
    if (!view)
        return;
    take_finish(view);
    view_leave(view, NULL);
    stage_close(view->stage);
    ui_release(&view->ui);
    Arena arena = view->arena; /* which it lies in */
    arena_release(&arena);
}

/* ---- time ---- */

/* Exactly as far as the film's clock is. */
static void go_on_in_film(View *view, double now) {
    Error error = {0};
    double part = fmin(now / view->options.film_seconds, 1);
    int64_t most = 0;
    for (int i = 0; i < view->stage->n; i++)
        if (stage_n_steps(view->stage, i) > most)
            most = stage_n_steps(view->stage, i);
    view->allowed = part * (double)most;
    stage_allow(view->stage, (int64_t)view->allowed);
    while (!stage_wait(view->stage, &error)) /* the rest is waited for, too */
        view_say_unread(view, &error);
    if (view->stage->live)
        return;
    int64_t before = view->step;
    playback_seek(view, part);
    view->has_news |= view->step != before;
}

static void let_go_on(View *view, double seconds) {
    double speed = speeds[view->speed];
    int64_t step = stage_step(view->stage);
    if (view->is_paused) {
        stage_allow(view->stage, (int64_t)view->allowed); /* a guest may be behind */
        return;
    }
    if (isinf(speed)) {
        view->allowed = (double)step;
        stage_allow(view->stage, INT64_MAX);
        return;
    }
    /* where the machine is slower than asked for, what it owes is forgotten; where it has gone
     * further, as it does at full tilt, it goes on from there */
    view->allowed = fmax(view->allowed, (double)step) + speed * seconds;
    view->allowed = fmin(view->allowed, (double)step + fmax(1, speed / 4));
    stage_allow(view->stage, (int64_t)view->allowed);
}

static void measure_rate(View *view, double now) {
    double seconds = now - view->rate_since;
    int64_t step = stage_step(view->stage);
    if (seconds < RATE_SECONDS)
        return;
    double before = view->steps_per_second;
    view->steps_per_second = (double)(step - view->rate_from) / seconds;
    view->frames_per_second = view->n_frames / seconds;
    view->rate_since = now;
    view->rate_from = step;
    view->n_frames = 0;
    view->has_news |= view->steps_per_second != before; /* at rest nothing is drawn */
}

/* Whether the scene is another one in the next frame, whatever the training does. */
static bool moves(View *view) {
    SceneInput input = view_scene_input(view);
    const SceneKind *scene = view_scene(view);
    return input.moment >= 0 && scene->moves && scene->moves(&input);
}

void view_tick(View *view, double now) {
    bool is_new = false;
    Error error = {0};
    double seconds = view->clock < 0 ? 0 : fmin(now - view->clock, 0.1);
    if (view->clock < 0) { /* what was said before there was a clock counts from now on */
        view->rate_since = now;
        view->message_until += now - view->clock;
    }
    view->clock = now;
    if (view->options.film_seconds > 0)
        go_on_in_film(view, now);
    else
        let_go_on(view, seconds);
    stage_sweep(view->stage, !view->is_paused && !view->leaving);
    if (!stage_collect(view->stage, &is_new, &error))
        view_say_unread(view, &error);
    if (view->stage->live && live_trouble(view->stage->live, &error))
        view_say(view, "%s", error.text);
    if (!stage_keep_some(view->stage, now, &error))
        view_say(view, "%s", error.text);
    if (view->leaving && !stage_keep_some(view->leaving, now, &error))
        view_say(view, "%s", error.text);
    if (view->leaving && stage_has_left(view->leaving))
        view_leave(view, NULL);
    if (!(view->options.film_seconds > 0))
        playback_tick(view, seconds);
    measure_rate(view, now);
    view->has_news |= is_new || moves(view) || view->ui.is_waiting;
    if (view->message[0] && now > view->message_until) {
        view->message[0] = 0;
        view->has_news = true;
    }
    take_tick(view, seconds);
}

/* ---- an input, a frame ---- */

void view_input(View *view, const Input *input) {
    view->has_news = true;
    if (input->kind == INPUT_RESIZE)
        look_resize(view, input);
    if (input->kind == INPUT_CLOSE)
        view->is_over = true;
    else if (!ui_input(&view->ui, input) && input->kind == INPUT_KEY)
        keys_do(view, input);
}

void view_frame(View *view, cairo_t *cairo, double width, double height) {
    page_draw(view, cairo, width, height);
    pictures_save(view, width, height);
    take_frame(view, cairo_get_target(cairo));
    page_draw_notes(view, cairo, width, height);
    view->n_frames++;
    view->has_news = false;
}

/* ---- what is asked of it ---- */

/* The path from the root: the next session may begin in another folder. */
static void keep_preset(const View *view, Habits *habits) {
    char *path = realpath(view->options.path, NULL);
    bool is_preset = presets_row(view->presets, view->options.path) >= 0;
    if (is_preset && path && strlen(path) < sizeof habits->preset)
        memcpy(habits->preset, path, strlen(path) + 1);
    free(path);
}

Habits view_habits(const View *view) {
    Habits habits = view->habits;
    habits.theme = view->style.theme;
    habits.scale = view->scale;
    habits.has_overlays = view->scene_state.has_overlays;
    habits.is_bare = view->is_presenting ? view->was_bare : view->is_bare;
    keep_preset(view, &habits);
    return habits;
}

double view_scale(const View *view) {
    return look_scale(view);
}

bool view_has_news(const View *view) {
    return view->has_news;
}

bool view_is_over(const View *view) {
    return view->is_over;
}

const char *view_title(const View *view) {
    return view->stage->experiment->title;
}

const char *view_window_title(const View *view) {
    return view->stage->window_title;
}

bool view_is_full_screen(const View *view) {
    return view->is_full_screen;
}

Cursor view_cursor(const View *view) {
    return ui_cursor(&view->ui);
}
