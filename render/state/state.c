#include "render/state/state.h"

#include "render/state/compare.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

const double speeds[] = {1,    2,    5,    10,    20,    60,    120,    300,     600,
                         1200, 3000, 6000, 12000, 30000, 60000, 120000, HUGE_VAL};
const int n_speeds = sizeof speeds / sizeof *speeds;

/* At first a training takes about so long, whatever it takes the machine. */
static const double FIRST_SECONDS = 20;
static const double MESSAGE_SECONDS = 4, NOTCH = 60;

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
    int moment = history_moment_at(history, view->step), compared = view_compared(view);
    int beside = run == view->shown ? compared : view->shown;
    return (SceneInput){.history = history,
                        .beside = view_is_side_by_side(view) ? stage->histories[beside] : NULL,
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

int view_compared(const View *view) {
    int n = view->stage->n;
    bool is_another = view->compared < n && view->compared != view->shown;
    return is_another ? view->compared : (view->shown + 1) % n;
}

/* ---- what is said ---- */

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

/* ---- where it goes ---- */

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

void view_open_menu(View *view, MenuKind menu) {
    view->menu = view->menu == menu ? MENU_NONE : menu;
    view->is_menu_new = true;
}

void view_scroll_controls(View *view, int notches) {
    view->column.top -= NOTCH * notches;
}
