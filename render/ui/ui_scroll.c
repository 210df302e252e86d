/* Widgets behind a window that shows a part of them. What is above or below fades at the edge, and
 * the bar says how much that is. */
#include "render/ui/ui.h"

#include <assert.h>
#include <math.h>

static const double notch = 60, fade = 28;

static Rect bar_of(Rect window) {
    const double ends = 5; /* round corners */
    return (Rect){window.x + window.width - UI_SCROLL_BAR, window.y + ends, UI_SCROLL_BAR,
                  fmax(window.height - 2 * ends, 1)};
}

double ui_scroll_begin(Ui *ui, int id, Rect rect, UiScroll *scroll) {
    assert(!ui->is_in_scroller);
    double end = fmax(0, scroll->height - rect.height);
    UiRegion region = ui_region(ui, id, rect, 0, CURSOR_ARROW);
    scroll->top = fmax(0, fmin(scroll->top - notch * region.wheel, end));
    ui->window = rect;
    ui->first_in_scroller = ui->n_drawn;
    ui->is_in_scroller = true;
    cairo_save(ui->cairo);
    cairo_rectangle(ui->cairo, rect.x, rect.y, rect.width, rect.height);
    cairo_clip(ui->cairo);
    return rect.y - scroll->top;
}

/* A press beside the thumb brings its middle there; a drag takes it along. */
static void move_thumb(Rect bar, double window, const UiRegion *region, UiScroll *scroll) {
    double share = bar.height / scroll->height, end = scroll->height - window;
    double pressed = (region->from_y - bar.y) / share;
    bool is_beside = pressed < scroll->top || pressed > scroll->top + window;
    if (region->is_pressed && is_beside)
        scroll->top = pressed - window / 2;
    scroll->top = fmax(0, fmin(scroll->top + region->moved_y / share, end));
}

void ui_scroll_end(Ui *ui, int id, UiScroll *scroll, double bottom) {
    Rect window = ui->window, bar = bar_of(window);
    scroll->height = bottom - window.y + scroll->top;
    Rect edge = {window.x + UI_SCROLL_BAR, window.y, window.width - 2 * UI_SCROLL_BAR, fade};
    if (scroll->top > 0.5)
        widget_fade(ui->cairo, ui->style, edge, false);
    edge.y += window.height - fade;
    if (bottom > window.y + window.height + 0.5)
        widget_fade(ui->cairo, ui->style, edge, true);
    cairo_restore(ui->cairo);
    ui->is_in_scroller = false;
    if (scroll->height <= window.height + 0.5)
        return;
    ui->drawn[ui->first_in_scroller - 1].wants = UI_WANTS_WHEEL;
    for (int i = ui->first_in_scroller; i < ui->n_drawn; i++)
        ui->drawn[i].scroller = id;
    UiRegion region = ui_region(ui, id + 1, bar, 0, CURSOR_HAND);
    move_thumb(bar, window.height, &region, scroll);
    widget_scroll_bar(ui->cairo, ui->style, bar, scroll->top / scroll->height,
                      (scroll->top + window.height) / scroll->height, ui_state(ui, id + 1));
}
