/* The header: what is looked at, and what can be done with all of it. */
#include "render/draw/label.h"
#include "render/page/parts.h"
#include "render/state/compare.h"
#include "render/state/look.h"
#include "render/state/take.h"

#include <math.h>

static const double BUTTON = 34, FILM_MARK = 72, NARROW = 640;

static void change_help(View *view) {
    view->has_help = !view->has_help;
}

static void change_full_screen(View *view) {
    view->is_full_screen = !view->is_full_screen;
}

static void open_presets(View *view) {
    view_open_menu(view, MENU_PRESETS);
}

/* Buttons at the right end of the header; returns their width. */
static double frame_buttons(View *view, Rect rect) {
    static const struct {
        int id;
        Icon icon;
        const char *tip;
        void (*act)(View *);
    } buttons[] = {{ID_PRESETS, ICON_MENU, "presets (P)", open_presets},
                   {ID_COMPARE, ICON_COMPARE, "two runs side by side (K)", view_compare},
                   {ID_SAVE, ICON_SAVE, "save as a config (C)", take_config},
                   {ID_PICTURE, ICON_CAMERA, "save a picture (S)", take_picture},
                   {ID_FILM, ICON_RECORD, "record, and end it (V)", take_film},
                   {ID_THEME, ICON_THEME, "light, dark (T)", view_change_theme},
                   {ID_FULL, ICON_FULL_SCREEN, "full screen (F)", change_full_screen},
                   {ID_HELP, ICON_HELP, "all keys (F1)", change_help}};
    const int n = sizeof buttons / sizeof *buttons;
    double pitch = rect.width < NARROW ? BUTTON : BUTTON + 6;
    for (int i = 0; i < n; i++) {
        Rect at = {rect.x + rect.width - pitch * (n - i) + pitch - BUTTON,
                   rect.y + (rect.height - BUTTON) / 2, BUTTON, BUTTON};
        bool is_on = buttons[i].id == ID_COMPARE && view_is_side_by_side(view);
        if (ui_icon(&view->ui, buttons[i].id, at, buttons[i].icon, is_on ? WIDGET_ON : 0))
            buttons[i].act(view);
        ui_tip(&view->ui, buttons[i].tip);
    }
    return pitch * n;
}

/* Where the controls would say how far the run is. */
static double draw_step(View *view, double right, double baseline) {
    const Style *style = &view->style;
    Arena *arena = &view->ui.arena;
    const char *step =
        arena_print(arena, "step %s", label_count(arena, view_scene_input(view).step));
    return label_draw(view->ui.cairo, style, (Label){TEXT_BODY, ALIGN_RIGHT, 0}, style->muted,
                      right, baseline, step);
}

/* The title, and beside it the run's name, or what the config is there to show; who rests on what
 * has been cut reads all of it. */
static void frame_words(View *view, Rect rect, double baseline) {
    const Style *style = &view->style;
    Arena *arena = &view->ui.arena;
    const char *title = label_escape(arena, view->stage->experiment->title);
    const char *name = view_is_side_by_side(view) ? "" : view->stage->names[view->shown];
    const char *more = *name ? name : label_escape(arena, view->stage->lesson);
    ui_region(&view->ui, ID_TITLE, rect, 0, CURSOR_ARROW);
    double wanted = label_width(style, (Label){TEXT_HEADING, ALIGN_LEFT, 0}, title);
    double wanted_more = label_width(style, (Label){TEXT_BODY, ALIGN_LEFT, 0}, more);
    if (wanted + (*more ? 20 + wanted_more : 0) > rect.width)
        ui_tip(&view->ui, *more ? arena_print(arena, "%s – %s", title, more) : title);
    double taken =
        label_draw(view->ui.cairo, style, (Label){TEXT_HEADING, ALIGN_LEFT, fmax(1, rect.width)},
                   style->ink, rect.x, baseline, title);
    if (rect.width > taken + 60)
        label_draw(view->ui.cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, rect.width - taken - 20},
                   style->muted, rect.x + taken + 20, baseline, more);
}

/* From the right: buttons or the step, the mark of a film, and what is left for words. */
void header_frame(View *view, Rect rect) {
    double baseline = rect.y + rect.height / 2 + 6, width = rect.width;
    width -= view->is_bare ? draw_step(view, rect.x + width, baseline) : frame_buttons(view, rect);
    view->film_mark = (Rect){rect.x + width - FILM_MARK, rect.y, FILM_MARK, rect.height};
    width -= take_film_time(view) ? FILM_MARK + 20 : 20;
    frame_words(view, (Rect){rect.x, rect.y, fmax(1, width), rect.height}, baseline);
}

void header_draw_film_mark(View *view, cairo_t *cairo) {
    const Style *style = &view->style;
    Rect at = view->film_mark;
    const char *time = take_film_time(view);
    if (!time)
        return;
    canvas_set_color(cairo, style->recording);
    cairo_arc(cairo, at.x + 12, at.y + at.height / 2 + 1.5, 5, 0, 2 * M_PI);
    cairo_fill(cairo);
    label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, 0}, style->muted, at.x + 24,
               at.y + at.height / 2 + 6, time);
}
