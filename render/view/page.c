/* The page: where everything is, and the frame in which all of it is drawn and reacts. */
#include "render/draw/label.h"
#include "render/view/state.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>

static const double HEADER = 52, TABS = 34, TIMELINE = 72, CONTROLS = 300, GAP = 12, NAME = 30;
static const double BUTTON = 40, FILM_MARK = 72;

typedef struct Layout {
    Rect header, tabs, scene, timeline, controls;
} Layout;

/* Without controls the scene has all of the page but a line of title. */
static Layout lay_out(const View *view, double width, double height) {
    double right = view->is_bare ? 0 : fmin(CONTROLS, width * 0.4) + GAP;
    double below = view->is_bare ? 0 : TIMELINE + GAP, tabs = view->is_bare ? 0 : TABS + GAP;
    double inner = width - 2 * GAP - right, top = HEADER + tabs;
    return (Layout){
        .header = {GAP, 0, width - 2 * GAP, HEADER},
        .tabs = {GAP, HEADER, inner, TABS},
        .scene = {GAP, top, inner, fmax(height - top - below - GAP, 1)},
        .timeline = {GAP, height - GAP - TIMELINE, inner, TIMELINE},
        .controls = {width - GAP - right + GAP, HEADER, right - GAP, height - HEADER - GAP},
    };
}

/* ---- around the scene ---- */

/* Buttons at the right end of the header; returns their width. */
static double frame_buttons(View *view, Rect rect) {
    const struct {
        int id;
        Icon icon;
        const char *tip;
    } buttons[] = {{ID_PRESETS, ICON_MENU, "presets (P)"},
                   {ID_COMPARE, ICON_COMPARE, "two runs side by side (K)"},
                   {ID_SAVE, ICON_SAVE, "save as a config (C)"},
                   {ID_PICTURE, ICON_CAMERA, "save a picture (S)"},
                   {ID_FILM, ICON_RECORD, "record, and end it (V)"},
                   {ID_THEME, ICON_THEME, "light, dark (T)"},
                   {ID_FULL, ICON_FULL_SCREEN, "full screen (F)"},
                   {ID_HELP, ICON_HELP, "keys (F1)"}};
    const int n = sizeof buttons / sizeof *buttons;
    for (int i = 0; i < n; i++) {
        Rect at = {rect.x + rect.width - BUTTON * (n - i) + 6, rect.y + 9, 34, 34};
        bool is_on = buttons[i].id == ID_COMPARE && view_is_side_by_side(view);
        if (ui_icon(&view->ui, buttons[i].id, at, buttons[i].icon, is_on ? WIDGET_ON : 0)) {
            view->has_help ^= buttons[i].id == ID_HELP;
            view->is_full_screen ^= buttons[i].id == ID_FULL;
            if (buttons[i].id == ID_THEME)
                view_change_theme(view);
            if (buttons[i].id == ID_PRESETS)
                menu_open(view, MENU_PRESETS);
            if (buttons[i].id == ID_COMPARE)
                view_compare(view);
            if (buttons[i].id == ID_SAVE)
                view_save_config(view);
            if (buttons[i].id == ID_PICTURE)
                take_picture(view);
            if (buttons[i].id == ID_FILM)
                take_film(view);
        }
        ui_tip(&view->ui, buttons[i].tip);
    }
    return BUTTON * n;
}

/* Where the controls would say how far the run is. */
static double draw_step(View *view, double right, double baseline) {
    const Style *style = &view->style;
    Arena *arena = &view->ui.arena;
    const char *step =
        arena_print(arena, "step %s", label_number(arena, (double)view_scene_input(view).step, 9));
    return label_draw(view->ui.cairo, style, (Label){TEXT_BODY, ALIGN_RIGHT, 0}, style->muted,
                      right, baseline, step);
}

/* From the right: buttons or the step, the mark of a film, and what is left for words. */
static void frame_header(View *view, Rect rect) {
    const Style *style = &view->style;
    Arena *arena = &view->ui.arena;
    const char *title = label_escape(arena, view_title(view));
    const char *name = view_is_side_by_side(view) ? "" : view->stage->names[view->shown];
    double baseline = rect.y + 32, width = rect.width;
    width -= view->is_bare ? draw_step(view, rect.x + width, baseline) : frame_buttons(view, rect);
    view->film_mark_x = rect.x + width - FILM_MARK;
    width -= take_film_time(view) ? FILM_MARK + 20 : 20;
    double taken = label_draw(view->ui.cairo, style, (Label){TEXT_HEADING, ALIGN_LEFT, width},
                              style->ink, rect.x, baseline, title);
    const char *more = *name ? name : label_escape(arena, view->stage->lesson);
    if (width > taken + 40)
        label_draw(view->ui.cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, width - taken - 20},
                   style->muted, rect.x + taken + 20, baseline, more);
}

static void draw_film_mark(View *view, cairo_t *cairo) {
    const Style *style = &view->style;
    const char *time = take_film_time(view);
    if (!time)
        return;
    canvas_set_color(cairo, style->recording);
    cairo_arc(cairo, view->film_mark_x + 12, 27.5, 5, 0, 2 * M_PI);
    cairo_fill(cairo);
    label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, 0}, style->muted,
               view->film_mark_x + 24, 32, time);
}

/* Why scenes have nothing to show. Some have to measure for it: they are asked now and then. */
static void ask_scenes(View *view) {
    static const double SECONDS = 0.5;
    SceneInput input = view_scene_input(view);
    if (view->clock < view->refusals_until && view->refusals_run == view->shown)
        return;
    view->refusals_until = view->clock + SECONDS;
    view->refusals_run = view->shown;
    for (int i = 0; i < scene_table.n_rows; i++) {
        const SceneKind *scene = (const SceneKind *)scene_table.rows[i];
        const char *why = input.moment < 0 ? NULL : scene->refuses(&input);
        snprintf(view->refusals[i], sizeof view->refusals[i], "%s", why ? why : "");
    }
}

/* Where the names are too long for the page, the others are known by their keys. */
static void shorten_tabs(View *view, double width, const char **labels, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += label_width(&view->style, (Label){TEXT_BODY, ALIGN_LEFT, 0}, labels[i]) + 6;
    for (int i = 0; sum > width && i < n; i++)
        if (i != view->scene)
            labels[i] = arena_print(&view->ui.arena, "%d", i + 1);
}

static void frame_tabs(View *view, Rect rect) {
    const char *labels[UI_MAX_TABS], *whys[UI_MAX_TABS];
    int n = scene_table.n_rows, chosen = view->scene;
    ask_scenes(view);
    for (int i = 0; i < n; i++) {
        char *label = arena_copy(&view->ui.arena, scene_table.rows[i]->name);
        *label = (char)toupper((unsigned char)*label);
        labels[i] = label;
        whys[i] = view->refusals[i][0] ? view->refusals[i] : NULL;
    }
    shorten_tabs(view, rect.width, labels, n);
    if (ui_tabs(&view->ui, ID_SCENE_TABS, rect, labels, whys, n, &chosen))
        view_choose_scene(view, chosen);
}

static void draw_message(View *view, cairo_t *cairo, Rect scene) {
    if (view->message[0])
        widget_tip(cairo, &view->style, scene, scene.x + 16, scene.y + scene.height - 24,
                   label_escape(&view->ui.arena, view->message));
}

/* ---- the scene ---- */

/* A click into the run beside the shown one makes that the shown one. */
static void react(View *view, int run, bool turns, const UiRegion *region, const Pick *pick) {
    if (turns && region->is_dragged) {
        view->scene_state.is_held = true;
        view->scene_state.camera =
            camera_turned(view->scene_state.camera, region->moved_x / 3, region->moved_y / 3);
    }
    if (!region->is_clicked)
        return;
    if (run != view->shown)
        view_swap(view);
    view->selected = pick && pick->feature != view->selected ? pick->feature : -1;
    if (pick && pick->run >= 0)
        view_open_run(view, pick->run);
    if (pick && pick->step >= 0)
        view_go_to(view, pick->step);
}

static void say_instead(const View *view, Rect rect, const char *sentence) {
    const Style *style = &view->style;
    label_draw(view->ui.cairo, style, (Label){TEXT_BODY, ALIGN_CENTER, rect.width}, style->muted,
               rect.x + rect.width / 2, rect.y + rect.height / 2, sentence);
}

static void frame_run(View *view, int id, int run, Rect rect) {
    Ui *ui = &view->ui;
    const SceneKind *scene = view_scene(view);
    SceneInput input = view_scene_input_of(view, run);
    bool turns = input.moment >= 0 && scene->turns && scene->turns(&input);
    UiRegion region = ui_region(ui, id, rect, 0, turns ? CURSOR_MOVE : CURSOR_ARROW);
    const char *why = input.moment < 0 ? "nothing is known yet" : scene->refuses(&input);
    if (why) {
        say_instead(view, rect, why);
        return;
    }
    cairo_save(ui->cairo);
    scene->draw(&input, ui->cairo, rect, &view->style);
    cairo_restore(ui->cairo);
    Pick pick = {-1, -1, -1, ""};
    bool has = region.is_hot && !region.is_dragged && scene->pick &&
               scene->pick(&input, rect, &view->style, region.x, region.y, &pick);
    react(view, run, turns, &region, has ? &pick : NULL);
    if (has && pick.text[0])
        widget_tip(ui->cairo, &view->style, rect, region.x, region.y, pick.text);
}

/* Its name above the half; a bar marks the one that the controls are about. */
static void draw_name(const View *view, int run, Rect rect) {
    const Style *style = &view->style;
    cairo_t *cairo = view->ui.cairo;
    bool is_shown = run == view->shown;
    double size = style->fonts[TEXT_BODY].size;
    if (is_shown) {
        canvas_set_color(cairo, widget_accent(style));
        cairo_rectangle(cairo, rect.x, rect.y + 6, 3, size + 6);
        cairo_fill(cairo);
    }
    label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, rect.width - 12},
               is_shown ? style->ink : style->muted, rect.x + 10, rect.y + 7 + size,
               view->stage->names[run]);
}

static void frame_scene(View *view, Rect rect) {
    view_scene_input(view); /* finds the step */
    if (!view_is_side_by_side(view)) {
        frame_run(view, ID_SCENE, view->shown, rect);
        return;
    }
    int runs[] = {view->shown, view_compared(view)};
    int left = view->is_shown_right;
    double width = (rect.width - GAP) / 2;
    for (int i = 0; i < 2; i++) {
        int run = runs[(left + i) % 2];
        Rect half = {rect.x + i * (width + GAP), rect.y, width, rect.height};
        draw_name(view, run, half);
        half.y += NAME;
        half.height = fmax(half.height - NAME, 1);
        frame_run(view, run == runs[0] ? ID_SCENE : ID_COMPARED, run, half);
    }
}

void page_draw(View *view, cairo_t *cairo, double width, double height) {
    Layout layout = lay_out(view, width, height);
    Rect page = {0, 0, width, height};
    ui_begin(&view->ui, cairo, &view->style, page, fmax(view->clock, 0));
    canvas_set_color(cairo, view->style.background);
    cairo_paint(cairo);
    frame_header(view, layout.header);
    frame_scene(view, layout.scene);
    if (!view->is_bare) {
        frame_tabs(view, layout.tabs);
        timeline_frame(view, layout.timeline);
        controls_frame(view, layout.controls);
    }
    if (view->menu)
        menu_frame(view, page);
    if (view->has_help)
        keys_draw_help(view, cairo, page);
    ui_end(&view->ui);
}

void view_frame(View *view, cairo_t *cairo, double width, double height) {
    page_draw(view, cairo, width, height);
    take_page(view, cairo, width, height);
    /* what is said about a film or a picture is not on it */
    draw_film_mark(view, cairo);
    draw_message(view, cairo, lay_out(view, width, height).scene);
    view->n_frames++;
    view->has_news = false;
}
