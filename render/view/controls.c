/* The controls beside a scene: how far the run is and how fast, what it may be told. */
#include "render/draw/label.h"
#include "render/view/state.h"

#include <math.h>
#include <stdio.h>

static const double GAP = 8, PAD = 14, BUTTON = 34;

/* Where the next control goes. */
typedef struct Column {
    double x, y, width;
} Column;

static Rect take(Column *column, double height) {
    Rect rect = {column->x, column->y, column->width, height};
    column->y += height + GAP;
    return rect;
}

/* ---- how far it is ---- */

static void draw_fact(View *view, Column *column, const char *name, const char *value) {
    const Style *style = &view->style;
    Rect rect = take(column, style->fonts[TEXT_BODY].size);
    double y = rect.y + rect.height;
    label_draw(view->ui.cairo, style, (Label){TEXT_SMALL, ALIGN_LEFT, 0}, style->muted, rect.x, y,
               name);
    label_draw(view->ui.cairo, style, (Label){TEXT_BODY, ALIGN_RIGHT, 0}, style->ink,
               rect.x + rect.width, y, value);
}

/* Steps a second: those that are trained, or gone through. */
static double shown_speed(const View *view) {
    if (!playback_is_on(view))
        return view->steps_per_second;
    return view->playback.is_playing ? speeds[view->playback.speed] : 0;
}

static void draw_facts(View *view, Column *column, bool has_all) {
    Arena *arena = &view->ui.arena;
    int n;
    const Moment *moments = history_moments(view->stage->histories[view->shown], &n);
    int at = history_moment_at(view->stage->histories[view->shown], view->step);
    if (at < 0)
        return;
    const Moment *moment = &moments[at];
    draw_fact(view, column, "step",
              arena_print(arena, "%s of %s", label_number(arena, (double)moment->step, 9),
                          label_number(arena, (double)stage_n_steps(view->stage, view->shown), 7)));
    draw_fact(view, column, "loss",
              isnan(moment->loss) ? "–" : label_number(arena, moment->loss, 3));
    if (!has_all)
        return;
    draw_fact(view, column, "learning rate", label_number(arena, moment->learning_rate, 3));
    draw_fact(view, column, "represented",
              arena_print(arena, "%d features in %d dimensions", moment->features_represented,
                          history_model(view->stage->histories[view->shown], at)->n_hidden));
    draw_fact(view, column,
              !view->stage->live ? "replay"
              : view->is_now     ? "speed"
                                 : "looking back",
              arena_print(arena, "%s steps/s, %.0f frames/s",
                          label_number(arena, round(shown_speed(view)), 3),
                          view->frames_per_second));
}

/* ---- what it is told ---- */

static const char *print_speed(Arena *arena, double value) {
    int i = (int)lround(value);
    return isinf(speeds[i]) ? "as fast as it can"
                            : arena_print(arena, "%s steps/s", label_number(arena, speeds[i], 3));
}

static void change_loop(View *view) {
    view->playback.loops = !view->playback.loops;
}

static bool is_standing(const View *view) {
    return playback_is_on(view) ? !view->playback.is_playing : view->is_paused;
}

static void frame_transport(View *view, Column *column) {
    Ui *ui = &view->ui;
    Rect row = take(column, BUTTON);
    bool is_on = playback_is_on(view);
    const char *why = view_why_no_training(view);
    double gap = (row.width - 7 * BUTTON) / 6;
    const struct {
        int id;
        Icon icon;
        unsigned look;
        const char *tip;
        void (*act)(View *);
    } buttons[] = {
        {ID_PLAY, is_standing(view) ? ICON_PLAY : ICON_PAUSE, WIDGET_PRIMARY,
         is_on ? "play, and stop (Space)" : "pause, go on (Space)", view_pause},
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
    for (int i = 0; i < 7; i++) {
        Rect rect = {row.x + i * (BUTTON + gap), row.y, BUTTON, BUTTON};
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
    Rect rect = take(column, widget_slider_height(&view->style));
    if (ui_slider(&view->ui, ID_SPEED, rect, &slider, &value).is_changed)
        view_change_speed(view, (int)lround(value) - *view_speed(view));
}

/* The scene's own choices, each a row of words. */
static void frame_options(View *view, Column *column) {
    const SceneKind *scene = view_scene(view);
    SceneInput input = view_scene_input(view);
    int n = 0;
    const SceneOption *options = scene->options ? scene->options(&input, &n) : NULL;
    for (int i = 0; i < n; i++) {
        int n_words = 0, *chosen = (int *)((char *)&view->scene_state + options[i].offset);
        while (options[i].words[n_words])
            n_words++;
        ui_tabs(&view->ui, ID_OPTIONS + i, take(column, 30), options[i].words, NULL, n_words,
                chosen);
    }
}

/* ---- what starts it again ---- */

static void frame_kinds(View *view, Column *column) {
    static const MenuKind menus[] = {MENU_MODEL, MENU_DATA, MENU_TASK, MENU_OPTIMIZER};
    double width = (column->width - GAP) / 2, height = 30;
    const char *why = view_why_no_training(view);
    for (int i = 0; i < 4; i += 2) {
        Rect row = take(column, height);
        for (int k = 0; k < 2; k++) {
            Rect rect = {row.x + k * (width + GAP), row.y, width, height};
            const char *label = menu_label(view, menus[i + k], &view->ui.arena);
            if (ui_button(&view->ui, ID_KINDS + i + k, rect, label, why ? WIDGET_DISABLED : 0))
                menu_open(view, menus[i + k]);
            ui_tip(&view->ui, why          ? why
                              : i + k == 0 ? "model: starts again"
                              : i + k == 1 ? "data: starts again"
                              : i + k == 2 ? "task: starts again"
                                           : "optimizer: starts again");
        }
    }
}

/* A size of the model with buttons for one less and one more. */
static void frame_size(View *view, Column *column, int id, const char *label, const char *key,
                       int64_t value) {
    const Style *style = &view->style;
    Rect row = take(column, 28);
    char text[32];
    double y = row.y + 19, right = row.x + row.width;
    label_draw(view->ui.cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, 0}, style->muted, row.x, y,
               label);
    label_draw(view->ui.cairo, style, (Label){TEXT_BODY, ALIGN_CENTER, 0}, style->ink, right - 62,
               y, label_number(&view->ui.arena, (double)value, 7));
    int by = 0;
    const char *why = view_why_no_training(view);
    if (ui_button(&view->ui, id, (Rect){right - 124, row.y, 32, 28}, "−",
                  value > 1 && !why ? 0 : WIDGET_DISABLED))
        by = -1;
    if (why)
        ui_tip(&view->ui, why);
    if (ui_button(&view->ui, id + 1, (Rect){right - 32, row.y, 32, 28}, "+",
                  why ? WIDGET_DISABLED : 0))
        by = 1;
    if (why)
        ui_tip(&view->ui, why);
    if (by) {
        snprintf(text, sizeof text, "%lld", (long long)value + by);
        view_restart_with(view, key, text);
    }
}

static void frame_sizes(View *view, Column *column) {
    const Settings *settings = stage_settings_first(view->stage, view->shown);
    const DataSettings *data = settings->data.settings;
    const ModelSettings *model = settings->model.settings;
    frame_size(view, column, ID_SIZES, "features <i>n</i>", "data.n_features", data->n_features);
    frame_size(view, column, ID_SIZES + 2, "dimensions <i>m</i>", "model.n_hidden",
               model->n_hidden);
}

/* What a low page has room for beside what is always there and a few sliders. */
typedef struct Extras {
    bool has_facts, has_sizes, has_kinds;
} Extras;

static Extras choose_extras(View *view, double height) {
    const double line = view->style.fonts[TEXT_BODY].size + GAP, facts = 3 * line, sizes = 80,
                 kinds = 76;
    double slider = widget_slider_height(&view->style) + 4;
    const SceneKind *scene = view_scene(view);
    SceneInput input = view_scene_input(view);
    int n = 0;
    if (scene->options)
        scene->options(&input, &n);
    height -= 2 * PAD + 2 * line + GAP + BUTTON + GAP + slider + GAP + 38 * n + 34 + GAP;
    height -= 3 * slider;
    return (Extras){height >= sizes + facts, height >= sizes, height >= sizes + facts + kinds};
}

void controls_frame(View *view, Rect rect) {
    Extras extras = choose_extras(view, rect.height);
    Column column = {rect.x + PAD, rect.y + PAD, rect.width - 2 * PAD};
    widget_card(view->ui.cairo, &view->style, rect);
    draw_facts(view, &column, extras.has_facts);
    column.y += GAP;
    frame_transport(view, &column);
    frame_speed(view, &column);
    frame_options(view, &column);
    ui_toggle(&view->ui, ID_OVERLAYS, take(&column, 26), "names, levels, bounds", 0,
              &view->scene_state.has_overlays);
    column.y += GAP;
    if (extras.has_sizes)
        frame_sizes(view, &column);
    if (extras.has_kinds)
        frame_kinds(view, &column);
    column.y += extras.has_sizes ? GAP : 0;
    double bottom = rect.y + rect.height - PAD;
    if (column.y < bottom)
        sliders_frame(view, (Rect){column.x, column.y, column.width, bottom - column.y});
}
