/* Pictures of the page: it is drawn again, as nobody touches it; writing the files takes longer,
 * and nobody waits for it. */
#include "render/page/page.h"
#include "render/state/take.h"

/* Where `is_bare`, without controls. */
static void draw_again(View *view, cairo_t *cairo, double width, double height, bool is_bare) {
    Ui ui = view->ui;
    bool was_bare = view->is_bare;
    view->ui = (Ui){0};
    view->is_bare |= is_bare;
    page_draw(view, cairo, width, height);
    ui_release(&view->ui);
    view->ui = ui;
    view->is_bare = was_bare;
}

static bool draw_on(View *view, const char *path, double width, double height, bool is_bare,
                    Canvas *canvas, Error *error) {
    CanvasFormat format;
    bool ok = canvas_format(path, &format, error) &&
              canvas_open_later(canvas, format, width, height, &view->style,
                                view->stage->experiment->title, error);
    if (ok)
        draw_again(view, canvas->cairo, width, height, is_bare);
    return ok;
}

/* Draws the page, once for each ending; the rest takes longer, and its end is told by take_tick. */
static void save(View *view, double width, double height, const char *const *endings, int n,
                 bool is_bare) {
    Canvas canvases[MOST_FORMATS];
    const char *paths[MOST_FORMATS];
    Error error = {0};
    Saves *saves = &view->take.saves;
    if (saves_are_full(saves)) {
        view_say(view, "the last pictures are still being written");
        return;
    }
    const char *stem = take_next_stem(view, endings, n);
    int n_drawn = 0;
    for (bool ok = true; ok && n_drawn < n; n_drawn += ok) {
        paths[n_drawn] = arena_print(&view->ui.arena, "%s%s", stem, endings[n_drawn]);
        ok = draw_on(view, paths[n_drawn], width, height, is_bare, &canvases[n_drawn], &error);
    }
    if ((n_drawn && !saves_begin(saves, canvases, paths, n_drawn, &error)) || n_drawn < n)
        view_say(view, "%s", error.text);
}

static void save_picture(View *view, double width, double height) {
    static const char *const ending = ".png";
    save(view, width, height, &ending, 1, false);
}

static void save_drawing(View *view, double width, double height) {
    static const char *const endings[] = {".svg", ".pdf"};
    save(view, width, height, endings, 2, true);
}

void pictures_save(View *view, double width, double height) {
    Take *take = &view->take;
    if (take->wants_picture)
        save_picture(view, width, height);
    if (take->wants_drawing)
        save_drawing(view, width, height);
    take->wants_picture = take->wants_drawing = false;
}
