#include "render/page/page.h"

#include "render/draw/label.h"
#include "render/page/parts.h"
#include "render/state/compare.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>

static const double HEADER = 52, TABS = 34, TIMELINE = 72, CONTROLS = 300, GAP = 12, NAME_ROOM = 14;
enum { NAME_LINES = 2 };
static const double LOW = 480; /* pages that leave little to the scene */

typedef struct Layout {
    Rect header, tabs, scene, timeline, controls;
} Layout;

/* Without controls the scene has all of the page but a line of title. */
static Layout lay_out(const View *view, double width, double height) {
    double less = height < LOW ? 0.8 : 1;
    double header = HEADER * less, line = TIMELINE * less, gap = GAP * less;
    double right = view->is_bare ? 0 : fmin(CONTROLS, width * 0.4) + GAP;
    double below = view->is_bare ? 0 : line + gap, tabs = view->is_bare ? 0 : TABS + gap;
    double inner = width - 2 * GAP - right, top = header + tabs;
    return (Layout){
        .header = {GAP, 0, width - 2 * GAP, header},
        .tabs = {GAP, header, inner, TABS},
        .scene = {GAP, top, inner, fmax(height - top - below - gap, 1)},
        .timeline = {GAP, height - gap - line, inner, line},
        .controls = {width - GAP - right + GAP, header, right - GAP, height - header - gap},
    };
}

/* ---- around the scene ---- */

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
static void shorten_tabs(View *view, double width, UiTab *tabs, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += label_width(&view->style, (Label){TEXT_BODY, ALIGN_LEFT, 0}, tabs[i].label) + 6;
    for (int i = 0; sum > width && i < n; i++)
        if (i != view->scene)
            tabs[i].label = arena_print(&view->ui.arena, "%d", i + 1);
}

/* Its name, its key, and what it shows, or why it does not. */
static UiTab tab_of(View *view, int i) {
    Arena *arena = &view->ui.arena;
    const Kind *kind = scene_table.rows[i];
    const char *why = view->refusals[i];
    char *name = arena_copy(arena, kind->name);
    *name = (char)toupper((unsigned char)*name);
    return (UiTab){.label = name,
                   .tip = arena_print(arena, "%s (%d): %s", name, i + 1,
                                      label_escape(arena, *why ? why : kind->summary)),
                   .is_off = *why};
}

static void frame_tabs(View *view, Rect rect) {
    UiTab tabs[UI_MAX_TABS];
    int n = scene_table.n_rows, chosen = view->scene;
    ask_scenes(view);
    for (int i = 0; i < n; i++)
        tabs[i] = tab_of(view, i);
    shorten_tabs(view, rect.width, tabs, n);
    if (ui_tabs(&view->ui, ID_SCENE_TABS, rect, tabs, n, &chosen))
        view_choose_scene(view, chosen);
}

/* ---- the scene ---- */

/* Where a scene has a time axis, dragging goes through time; what the pointer has left behind is at
 * the end that it left through. */
static void scrub(View *view, const SceneInput *input, Rect rect, const UiRegion *region) {
    const SceneKind *scene = view_scene(view);
    double in = region->from_x, out = region->x;
    Pick pick = {-1, -1, -1, ""}, from = pick;
    bool begins = region->is_held && region->is_dragged && region->button == BUTTON_LEFT &&
                  scene->pick(input, rect, &view->style, in, region->from_y, &from);
    if (!begins || from.step < 0)
        return;
    ui_point(&view->ui, CURSOR_SLIDE);
    if (!scene->pick(input, rect, &view->style, out, region->from_y, &pick) || pick.step < 0) {
        pick = from;
        while (fabs(out - in) > 1) {
            Pick between = {-1, -1, -1, ""};
            double x = (in + out) / 2;
            bool is_in = scene->pick(input, rect, &view->style, x, region->from_y, &between);
            if (is_in && between.step >= 0)
                pick = between;
            *(is_in && between.step >= 0 ? &in : &out) = x;
        }
    }
    view_go_to(view, pick.step);
}

/* A click chooses what lies under it, and else the time under it. One into the run beside the shown
 * one makes that the shown one. */
static void react(View *view, int run, const UiRegion *region, const Pick *pick) {
    if (!region->is_clicked || region->button != BUTTON_LEFT)
        return;
    if (run != view->shown)
        view_swap(view);
    if (pick && pick->run >= 0)
        view_open_run(view, pick->run);
    else if (pick && pick->feature >= 0)
        view->selected = pick->feature == view->selected ? -1 : pick->feature;
    else if (pick && pick->step >= 0)
        view_go_to(view, pick->step);
    else
        view->selected = -1;
}

static void turn(View *view, const UiRegion *region) {
    view->scene_state.is_held = true;
    view->scene_state.camera =
        camera_turned(view->scene_state.camera, region->moved_x / 3, region->moved_y / 3);
}

/* What a click there would do, by the pointer's shape. */
static Cursor cursor_over(const Pick *pick, bool turns) {
    return pick && (pick->feature >= 0 || pick->run >= 0) ? CURSOR_HAND
           : pick && pick->step >= 0                      ? CURSOR_SLIDE
           : turns                                        ? CURSOR_MOVE
                                                          : CURSOR_ARROW;
}

static void say_instead(const View *view, Rect rect, const char *sentence) {
    enum { MOST_LINES = 6 };
    const Style *style = &view->style;
    Label label = {TEXT_BODY, ALIGN_CENTER, fmax(1, fmin(rect.width, 520))};
    LabelSize size = label_size(style, label, MOST_LINES, sentence);
    label_draw_lines(
        view->ui.cairo, style, label, MOST_LINES, style->muted, rect.x + rect.width / 2,
        rect.y + (rect.height - size.height) / 2 + style->fonts[TEXT_BODY].size, sentence);
}

static void frame_run(View *view, int id, int run, Rect rect) {
    Ui *ui = &view->ui;
    const SceneKind *scene = view_scene(view);
    SceneInput input = view_scene_input_of(view, run);
    bool turns = input.moment >= 0 && scene->turns && scene->turns(&input);
    UiRegion region = ui_region(ui, id, rect, 0, turns ? CURSOR_MOVE : CURSOR_ARROW);
    const char *why = input.moment < 0 ? "nothing is known yet" : scene->refuses(&input);
    if (why) {
        say_instead(view, rect, label_escape(&ui->arena, why));
        return;
    }
    cairo_save(ui->cairo);
    scene->draw(&input, ui->cairo, rect, &view->style);
    cairo_restore(ui->cairo);
    Pick pick = {-1, -1, -1, ""};
    bool has = region.is_hot && !region.is_dragged && scene->pick &&
               scene->pick(&input, rect, &view->style, region.x, region.y, &pick);
    ui_point(ui, cursor_over(has ? &pick : NULL, turns));
    if (turns && region.is_double)
        view->scene_state.is_held = false;
    if (turns && region.is_dragged)
        turn(view, &region);
    else if (scene->pick)
        scrub(view, &input, rect, &region);
    react(view, run, &region, has ? &pick : NULL);
    if (has && pick.text[0])
        widget_tip(ui->cairo, &view->style, rect, widget_pointer(region.x, region.y), pick.text);
}

/* Its name above the half; a bar marks the one that the controls are about. */
static Label name_label(double width) {
    return (Label){TEXT_BODY, ALIGN_LEFT, fmax(1, width - 12)};
}

/* Of one line, or two where a name is too long for the half. */
static double name_height(const View *view, const int *runs, double width) {
    double height = 0;
    for (int i = 0; i < 2; i++)
        height = fmax(height, label_size(&view->style, name_label(width), NAME_LINES,
                                         view->stage->names[runs[i]])
                                  .height);
    return height + NAME_ROOM;
}

static void frame_name(View *view, int id, int run, Rect rect) {
    const Style *style = &view->style;
    cairo_t *cairo = view->ui.cairo;
    bool is_shown = run == view->shown;
    double size = style->fonts[TEXT_BODY].size;
    ui_region(&view->ui, id, rect, 0, CURSOR_ARROW);
    if (label_size(style, name_label(rect.width), NAME_LINES, view->stage->names[run]).is_cut)
        ui_tip(&view->ui, view->stage->names[run]);
    if (is_shown) {
        canvas_set_color(cairo, widget_accent(style));
        cairo_rectangle(cairo, rect.x, rect.y + 6, 3, rect.height - 11);
        cairo_fill(cairo);
    }
    label_draw_lines(cairo, style, name_label(rect.width), NAME_LINES,
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
    double width = (rect.width - GAP) / 2, name = name_height(view, runs, width);
    for (int i = 0; i < 2; i++) {
        int run = runs[(left + i) % 2];
        Rect half = {rect.x + i * (width + GAP), rect.y, width, name};
        frame_name(view, ID_NAMES + i, run, half);
        half.y += name;
        half.height = fmax(rect.height - name, 1);
        frame_run(view, run == runs[0] ? ID_SCENE : ID_COMPARED, run, half);
    }
}

void page_draw(View *view, cairo_t *cairo, double width, double height) {
    Layout layout = lay_out(view, width, height);
    Rect page = {0, 0, width, height};
    ui_begin(&view->ui, cairo, &view->style, page, fmax(view->clock, 0));
    canvas_set_color(cairo, view->style.background);
    cairo_paint(cairo);
    header_frame(view, layout.header);
    frame_scene(view, layout.scene);
    if (!view->is_bare) {
        frame_tabs(view, layout.tabs);
        timeline_frame(view, layout.timeline);
        controls_frame(view, layout.controls);
    }
    if (view->menu)
        menu_frame(view, page);
    if (view->has_help)
        help_frame(view, cairo, page);
    ui_end(&view->ui);
}

void page_draw_notes(View *view, cairo_t *cairo, double width, double height) {
    Rect scene = lay_out(view, width, height).scene;
    Rect corner = {scene.x, scene.y + scene.height, 16, 0};
    header_draw_film_mark(view, cairo);
    if (view->message[0])
        widget_tip(cairo, &view->style, scene, corner,
                   label_escape(&view->ui.arena, view->message));
}
