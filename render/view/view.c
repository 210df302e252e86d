#include "render/view/state.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const double speeds[] = {1,    2,    5,    10,    20,    60,    120,    300,     600,
                         1200, 3000, 6000, 12000, 30000, 60000, 120000, HUGE_VAL};
const int n_speeds = sizeof speeds / sizeof *speeds;

/* At first a training takes about so long, whatever it takes the machine. */
static const double FIRST_SECONDS = 20;
static const double MESSAGE_SECONDS = 4, RATE_SECONDS = 0.5;

/* ---- opening ---- */

StageOptions view_stage_options(const ViewOptions *options) {
    return (StageOptions){.path = options->path,
                          .overrides = options->overrides,
                          .n_overrides = options->n_overrides,
                          .only_run = options->only_run,
                          .n_threads = options->n_threads,
                          .isa = options->isa,
                          .keeps = options->keeps,
                          .resumes = true};
}

int view_first_speed(const Stage *stage) {
    double wanted = (double)stage_n_steps(stage, stage->first) / FIRST_SECONDS;
    int best = 0;
    for (int i = 0; i + 1 < n_speeds; i++)
        if (fabs(log(speeds[i] / wanted)) < fabs(log(speeds[best] / wanted)))
            best = i;
    return best;
}

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
    if (view->clock < 0)
        view->rate_since = now;
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

/* ---- what keys and buttons do ---- */

void view_say(View *view, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(view->message, sizeof view->message, format, arguments);
    va_end(arguments);
    view->message_until = view->clock + MESSAGE_SECONDS;
    view->has_news = true;
}

void view_say_unread(View *view, const Error *error) {
    if (!view->unread.text[0])
        view->unread = *error;
    view_say(view, "%s", error->text);
}

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

void view_choose_scene(View *view, int scene) {
    if (scene < 0 || scene >= scene_table.n_rows)
        return;
    SceneInput input = view_scene_input(view);
    const SceneKind *wanted = (const SceneKind *)scene_table.rows[scene];
    const char *why = input.moment < 0 ? NULL : wanted->refuses(&input);
    if (why)
        view_say(view, "%s: %s", wanted->kind.name, why);
    else
        view->scene = scene;
}

void view_show(View *view, int run) {
    if (run < 0 || run >= view->stage->n + view->stage->has_guest)
        return;
    if (view->stage->n > 1 && run == view_compared(view))
        view->compared = view->shown;
    view->shown = run;
    stage_show(view->stage, run);
}

void view_open_run(View *view, int64_t number) {
    Error error = {0};
    Stage *stage = view->stage;
    int run = stage_find(stage, number, &error);
    if (run < 0)
        view_say(view, "%s", error.text);
    view_show(view, run);
    if (view->shown >= stage->n + stage->has_guest) /* it had to leave, and nobody came */
        view->shown = stage->first;
}

void view_go_to(View *view, int64_t step) {
    view->is_now = false;
    view->step = step < 0 ? 0 : step;
}

void view_go_to_now(View *view) {
    view->playback.is_playing = false;
    view->is_now = true;
}

/* ---- what is asked of it ---- */

const SceneKind *view_scene(const View *view) {
    return (const SceneKind *)scene_table.rows[view->scene];
}

SceneInput view_scene_input(View *view) {
    int n;
    const Moment *moments = history_moments(view->stage->histories[view->shown], &n);
    if (view->is_now && n)
        view->step = moments[n - 1].step;
    return view_scene_input_of(view, view->shown);
}

/* A run of another size may not have the selected feature. */
static int selected_of(const View *view, History *history, int moment) {
    bool has = view->selected >= 0 && moment >= 0 &&
               view->selected < history_model(history, moment)->n_features;
    return has ? view->selected : -1;
}

SceneInput view_scene_input_of(View *view, int run) {
    Stage *stage = view->stage;
    History *history = stage->histories[run];
    int moment = history_moment_at(history, view->step);
    return (SceneInput){.history = history,
                        .all = stage->histories,
                        .numbers = stage->numbers,
                        .n_all = stage->n,
                        .has_guest = stage->has_guest,
                        .sweep = stage->map.n_axes ? &stage->map : NULL,
                        .step = view->step,
                        .moment = moment,
                        .selected = selected_of(view, history, moment),
                        .time = fmax(view->clock, 0),
                        .state = &view->scene_state,
                        .arena = &view->ui.arena};
}

void view_input(View *view, const Input *input) {
    view->has_news = true;
    if (input->kind == INPUT_RESIZE)
        look_resize(view, input);
    if (input->kind == INPUT_CLOSE)
        view->is_over = true;
    else if (!ui_input(&view->ui, input) && input->kind == INPUT_KEY)
        keys_do(view, input);
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
