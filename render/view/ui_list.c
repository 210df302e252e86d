/* A list: rows behind a window that scrolls. The bar at its right end is there only when it is
 * needed; a press that begins on it drags it. */
#include "render/view/ui.h"

#include <math.h>

static const double bar_width = 14, notch = 60;

/* How far it can scroll: 0 where all rows are in sight. */
static double scroll_end(const UiList *list, Rect rect) {
    return fmax(0, list->n * list->row_height - rect.height);
}

static bool is_on_bar(const UiList *list, Rect rect, double x) {
    return scroll_end(list, rect) > 0 && x >= rect.x + rect.width - bar_width;
}

/* The row at this height, or -1. */
static int row_at(const UiList *list, Rect rect, double scroll, double y) {
    int row = (int)floor((y - rect.y + scroll) / list->row_height);
    return row >= 0 && row < list->n && y >= rect.y && y < rect.y + rect.height ? row : -1;
}

/* Scrolls just as far as brings the row into sight. */
static double scroll_to(const UiList *list, Rect rect, double scroll, int row) {
    double top = row * list->row_height;
    return fmax(top + list->row_height - rect.height, fmin(scroll, top));
}

static double scrolled(const UiList *list, Rect rect, const UiRegion *region, double scroll) {
    double end = scroll_end(list, rect), whole = list->n * list->row_height;
    scroll -= notch * region->wheel;
    if (is_on_bar(list, rect, region->from_x))
        scroll += region->moved_y * whole / rect.height;
    return fmax(0, fmin(scroll, end));
}

static void draw(Ui *ui, const UiList *list, Rect rect, unsigned state, int hot, int marked,
                 double scroll) {
    bool has_bar = scroll_end(list, rect) > 0;
    double width = rect.width - has_bar * bar_width, whole = list->n * list->row_height;
    cairo_save(ui->cairo);
    cairo_rectangle(ui->cairo, rect.x, rect.y, rect.width, rect.height);
    cairo_clip(ui->cairo);
    int first = (int)(scroll / list->row_height);
    for (int i = first; i < list->n; i++) {
        Rect row = {rect.x, rect.y + i * list->row_height - scroll, width, list->row_height};
        if (row.y >= rect.y + rect.height)
            break;
        widget_row(ui->cairo, ui->style, row, list->rows[i].title, list->rows[i].lesson,
                   (i == hot ? state & ~WIDGET_FOCUSED : 0U) | (i == marked ? WIDGET_FOCUSED : 0U) |
                       (i == list->chosen ? WIDGET_ON : 0U));
    }
    cairo_restore(ui->cairo);
    if (has_bar)
        widget_scroll_bar(ui->cairo, ui->style, rect, scroll / whole,
                          (scroll + rect.height) / whole, state);
}

int ui_list(Ui *ui, int id, Rect rect, const UiList *list, int *marked, double *scroll) {
    unsigned wants = UI_WANTS_WHEEL | UI_WANTS_ARROWS | UI_WANTS_RETURN;
    UiRegion region = ui_region(ui, id, rect, wants, CURSOR_HAND);
    *scroll = scrolled(list, rect, &region, *scroll);
    if (region.up && list->n) {
        *marked = *marked < 0 ? 0 : (int)fmax(0, fmin(*marked - region.up, list->n - 1));
        *scroll = scroll_to(list, rect, *scroll, *marked);
    }
    bool is_bar =
        is_on_bar(list, rect, region.is_held || region.is_clicked ? region.from_x : ui->x);
    int hot = region.is_hot && !is_bar ? row_at(list, rect, *scroll, ui->y) : -1;
    int picked = region.is_confirmed ? *marked : -1;
    if (region.is_clicked && region.button == BUTTON_LEFT && !is_bar) {
        picked = row_at(list, rect, *scroll, region.from_y);
        *marked = picked;
    }
    draw(ui, list, rect, ui_state(ui, id), hot, *marked, *scroll);
    return picked < list->n ? picked : -1;
}
