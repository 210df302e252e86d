/* The controls beside a scene: how far the run is and how fast, what it may be told. What people
 * reach for most comes first; where the page is low the rest is there by scrolling. */
#include "render/draw/label.h"
#include "render/page/parts.h"
#include "render/state/playback.h"
#include "render/state/transport.h"
#include "render/state/world.h"

#include <math.h>

static const double GAP = 8, PAD = 14, LEAST_BUTTON = 30, MOST_BUTTON = 34;

/* ---- how far it is ---- */

/* The first of the texts that there is room for beside the name; the last in any case. */
static void draw_fact(View *view, Column *column, const char *name, const char *const *texts) {
    const Style *style = &view->style;
    Rect rect = column_take(column, style->fonts[TEXT_BODY].size - 2);
    rect.height += 2;
    Label left = {TEXT_SMALL, ALIGN_LEFT, 0}, right = {TEXT_BODY, ALIGN_RIGHT, 0};
    double y = rect.y + rect.height, room = rect.width - label_width(style, left, name) - 8;
    while (texts[1] && label_width(style, right, texts[0]) > room)
        texts++;
    right.max_width = fmax(room, 1);
    label_draw(view->ui.cairo, style, left, style->muted, rect.x, y, name);
    label_draw(view->ui.cairo, style, right, style->ink, rect.x + rect.width, y, texts[0]);
}

static void draw_number(View *view, Column *column, const char *name, double value) {
    const char *texts[] = {label_number(&view->ui.arena, value, 3), NULL};
    draw_fact(view, column, name, texts);
}

static const char *plural(int n) {
    return n == 1 ? "" : "s";
}

static void draw_represented(View *view, Column *column, int n, int n_hidden) {
    Arena *arena = &view->ui.arena;
    const char *texts[] = {
        arena_print(arena, "%d feature%s in %d dimension%s", n, plural(n), n_hidden,
                    plural(n_hidden)),
        arena_print(arena, "%d in %d dimension%s", n, n_hidden, plural(n_hidden)),
        arena_print(arena, "%d in %d", n, n_hidden), NULL};
    draw_fact(view, column, "represented", texts);
}

/* Steps a second: those that are trained, or gone through. */
static double shown_speed(const View *view) {
    if (!playback_is_on(view))
        return view->steps_per_second;
    return view->playback.is_playing ? speeds[view->playback.speed] : 0;
}

static bool is_standing(const View *view) {
    return playback_is_on(view) ? !view->playback.is_playing : view->is_paused;
}

/* At its end: nothing is trained until the user wants more. */
static bool is_done(const View *view) {
    return !playback_is_on(view) &&
           history_state(view->stage->histories[view->shown]) == STATE_DONE;
}

static void draw_speed(View *view, Column *column) {
    Arena *arena = &view->ui.arena;
    double speed = shown_speed(view);
    double unit = speed >= 1000 ? pow(10, floor(log10(speed)) - 2) : 1; /* three digits tell */
    const char *rate =
        arena_print(arena, "%s steps/s", label_count(arena, (int64_t)(round(speed / unit) * unit)));
    const char *both = arena_print(arena, "%s, %.0f frames/s", rate, view->frames_per_second);
    const char *const moving[] = {both, rate, NULL}, *const standing[] = {"paused", NULL};
    const char *const done[] = {"done; Space: as long again", "done", NULL};
    draw_fact(view, column,
              !view->stage->live ? "replay"
              : view->is_now     ? "speed"
                                 : "looking back",
              is_done(view)       ? done
              : is_standing(view) ? standing
                                  : moving);
}

static void draw_facts(View *view, Column *column) {
    Arena *arena = &view->ui.arena;
    History *history = view->stage->histories[view->shown];
    int n, at = history_moment_at(history, view->step);
    if (at < 0)
        return;
    const Moment *moment = &history_moments(history, &n)[at];
    const char *step = label_count(arena, moment->step);
    const char *end = label_count(arena, stage_n_steps(view->stage, view->shown));
    const char *steps[] = {arena_print(arena, "%s of %s", step, end), step, NULL};
    draw_fact(view, column, "step", steps);
    draw_number(view, column, "loss", moment->loss);
    draw_number(view, column, "learning rate", moment->learning_rate);
    draw_represented(view, column, moment->features_represented,
                     history_model(history, at)->n_hidden);
    draw_speed(view, column);
}

/* ---- what it is told ---- */

static const char *print_speed(Arena *arena, double value) {
    int i = (int)lround(value);
    return isinf(speeds[i])
               ? "as fast as it can"
               : arena_print(arena, "%s steps/s", label_count(arena, (int64_t)speeds[i]));
}

static void change_loop(View *view) {
    view->playback.loops = !view->playback.loops;
}

/* As many as fit, in rows of about the same length. */
static int buttons_per_row(double width, int n) {
    int most = (int)((width + 2) / (LEAST_BUTTON + 2));
    int n_rows = (n + most - 1) / most;
    return (n + n_rows - 1) / n_rows;
}

static void frame_transport(View *view, Column *column) {
    Ui *ui = &view->ui;
    bool is_on = playback_is_on(view);
    const char *why = view_why_no_training(view);
    const struct {
        int id;
        Icon icon;
        unsigned look;
        const char *tip;
        void (*act)(View *);
    } buttons[] = {
        {ID_PLAY, is_standing(view) || is_done(view) ? ICON_PLAY : ICON_PAUSE, WIDGET_PRIMARY,
         is_on           ? "play, and stop (Space)"
         : is_done(view) ? "as long again (Space)"
                         : "pause, go on (Space)",
         view_pause},
        {ID_STEP, ICON_STEP, 0, is_on ? "one moment (→)" : "one step (→)", view_step_once},
        {ID_RESET, ICON_RESET, 0, why ? "from the start (R)" : "start again (R)", view_reset},
        {ID_SEED, ICON_SEED, why ? WIDGET_DISABLED : 0, why ? why : "start with another seed (N)",
         view_new_seed},
        {ID_NOW, ICON_NOW, view->is_now ? WIDGET_DISABLED : 0,
         why ? "to the end (End)" : "back to now (End)", view_go_to_now},
        {ID_LOOP, ICON_LOOP, view->playback.loops ? WIDGET_ON : 0,
         why ? "again and again (L)" : "looking back, again and again (L)", change_loop},
        {ID_BOOKMARK, ICON_BOOKMARK, 0, "bookmark, and take it away (B)", playback_bookmark},
    };
    enum { N_BUTTONS = sizeof buttons / sizeof *buttons };
    int per_row = buttons_per_row(column->width, N_BUTTONS);
    double size = fmin(MOST_BUTTON, (column->width + 2) / per_row - 2);
    double pitch = (column->width - size) / (per_row - 1);
    Rect row = {0};
    for (int i = 0; i < N_BUTTONS; i++) {
        if (i % per_row == 0)
            row = column_take(column, size);
        Rect rect = {row.x + i % per_row * pitch, row.y, size, size};
        if (ui_icon(ui, buttons[i].id, rect, buttons[i].icon, buttons[i].look))
            buttons[i].act(view);
        ui_tip(ui, buttons[i].tip);
    }
}

static void frame_speed(View *view, Column *column) {
    int most = playback_is_on(view) ? n_speeds - 2 : n_speeds - 1;
    double value = *view_speed(view);
    UiSlider slider = {
        .label = "speed", .from = 0, .to = most, .step = 1, .initial = most, .print = print_speed};
    Rect rect = column_take(column, widget_slider_height(&view->style));
    if (ui_slider(&view->ui, ID_SPEED, rect, &slider, &value).is_changed)
        view_change_speed(view, (int)lround(value) - *view_speed(view));
    ui_tip(&view->ui, playback_is_on(view) ? "steps shown in a second (+ −)"
                                           : "steps trained in a second (+ −)");
}

/* The scene's own choices, each a row of words. */
static void frame_options(View *view, Column *column) {
    const SceneKind *scene = view_scene(view);
    SceneInput input = view_scene_input(view);
    int n = 0;
    const SceneOption *options = scene->options ? scene->options(&input, &n) : NULL;
    for (int i = 0; i < n; i++) {
        UiTab tabs[UI_MAX_TABS] = {0};
        int n_words = 0, *chosen = (int *)((char *)&view->scene_state + options[i].offset);
        for (; options[i].words[n_words]; n_words++)
            tabs[n_words].label = options[i].words[n_words];
        ui_tabs(&view->ui, ID_OPTIONS + i, column_take(column, 30), tabs, n_words, chosen);
    }
}

static void frame_overlays(View *view, Column *column) {
    ui_toggle(&view->ui, ID_OVERLAYS, column_take(column, 26), "names, levels, bounds", 0,
              &view->scene_state.has_overlays);
    ui_tip(&view->ui, "names of shapes, levels and bounds from theory (O)");
}

/* ---- all of them ---- */

void controls_frame(View *view, Rect rect) {
    widget_card(view->ui.cairo, &view->style, rect);
    Rect window = {rect.x + 1, rect.y + 1, rect.width - 2, rect.height - 2};
    double top = ui_scroll_begin(&view->ui, ID_COLUMN, window, &view->column);
    Column column = {rect.x + PAD, top + PAD, rect.width - 2 * PAD};
    draw_facts(view, &column);
    column.y += GAP;
    frame_transport(view, &column);
    frame_speed(view, &column);
    sliders_frame(view, &column);
    frame_overlays(view, &column);
    anew_frame_sizes(view, &column);
    frame_options(view, &column); /* below the sizes, which decide which of them there are */
    anew_frame_kinds(view, &column);
    ui_scroll_end(&view->ui, ID_COLUMN, &view->column, column.y - GAP + PAD);
}
