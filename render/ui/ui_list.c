/* A list: rows behind a window that scrolls. The bar at its right end is there only when it is
 * needed; a press that begins on it drags it. A row whose lesson does not fit into a line is as
 * much higher as the rest of it needs. */
#include "render/ui/ui.h"

#include <math.h>

static const double bar_width = 14, notch = 60;

/* Where the rows begin [n], and the last one ends [n]; the bar has its room in any case. */
static const double *tops_of(Ui *ui, const UiList *list, double width) {
    double *tops = ARENA_NEW(&ui->arena, double, list->n + 1);
    for (int i = 0; i < list->n; i++) {
        const char *lesson = list->rows[i].lesson;
        tops[i + 1] = tops[i] + list->row_height;
        if (lesson)
            tops[i + 1] += widget_row_more(ui->style, width - bar_width, lesson);
    }
    return tops;
}

double ui_list_height(Ui *ui, double width, const UiList *list) {
    return tops_of(ui, list, width)[list->n];
}

/* How far it can scroll: 0 where all rows are in sight. */
static double scroll_end(const UiList *list, Rect rect, const double *tops) {
    return fmax(0, tops[list->n] - rect.height);
}

static bool is_on_bar(const UiList *list, Rect rect, const double *tops, double x) {
    return scroll_end(list, rect, tops) > 0 && x >= rect.x + rect.width - bar_width;
}

/* The row at so much below the top of the first one; -1: none. */
static int row_under(const UiList *list, const double *tops, double below) {
    for (int i = 0; i < list->n; i++)
        if (below >= tops[i] && below < tops[i + 1])
            return i;
    return -1;
}

/* The row at this height of the page, or -1. */
static int row_at(const UiList *list, Rect rect, const double *tops, double scroll, double y) {
    bool is_in = y >= rect.y && y < rect.y + rect.height;
    return is_in ? row_under(list, tops, y - rect.y + scroll) : -1;
}

static double scroll_to(Rect rect, const double *tops, double scroll, int row) {
    return fmax(tops[row + 1] - rect.height, fmin(scroll, tops[row]));
}

void ui_list_show(Ui *ui, Rect rect, const UiList *list, int row, double *scroll) {
    if (row >= 0 && row < list->n)
        *scroll = scroll_to(rect, tops_of(ui, list, rect.width), *scroll, row);
}

static double scrolled(const UiList *list, Rect rect, const double *tops, const UiRegion *region,
                       double scroll) {
    scroll -= notch * region->wheel;
    if (is_on_bar(list, rect, tops, region->from_x))
        scroll += region->moved_y * tops[list->n] / rect.height;
    return fmax(0, fmin(scroll, scroll_end(list, rect, tops)));
}

/* Where the keys go from a row: by rows, by as many as are in sight, to an end. */
static int row_after(const UiList *list, Rect rect, const double *tops, const UiRegion *region,
                     int marked) {
    int last = list->n - 1, row = marked;
    if (region->up)
        row = row < 0 ? 0 : row - region->up;
    if (region->pages && row >= 0 && row <= last) {
        double at = tops[row] - region->pages * rect.height;
        row = at <= 0 ? 0 : at >= tops[last] ? last : row_under(list, tops, at);
    }
    if (region->ends)
        row = region->ends > 0 ? 0 : last;
    return row < 0 ? 0 : row < last ? row : last;
}

static void draw(Ui *ui, const UiList *list, Rect rect, const double *tops, unsigned state, int hot,
                 int marked, double scroll) {
    bool has_bar = scroll_end(list, rect, tops) > 0;
    double width = rect.width - has_bar * bar_width, whole = tops[list->n];
    cairo_save(ui->cairo);
    cairo_rectangle(ui->cairo, rect.x, rect.y, rect.width, rect.height);
    cairo_clip(ui->cairo);
    for (int i = 0; i < list->n; i++) {
        Rect row = {rect.x, rect.y + tops[i] - scroll, width, tops[i + 1] - tops[i]};
        if (row.y >= rect.y + rect.height || row.y + row.height <= rect.y)
            continue;
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
    unsigned wants = UI_WANTS_WHEEL | UI_WANTS_ARROWS | UI_WANTS_RETURN | UI_WANTS_PAGES;
    const double *tops = tops_of(ui, list, rect.width);
    UiRegion region = ui_region(ui, id, rect, wants, CURSOR_HAND);
    *scroll = scrolled(list, rect, tops, &region, *scroll);
    if ((region.up || region.pages || region.ends) && list->n) {
        *marked = row_after(list, rect, tops, &region, *marked);
        *scroll = scroll_to(rect, tops, *scroll, *marked);
    }
    bool is_bar =
        is_on_bar(list, rect, tops, region.is_held || region.is_clicked ? region.from_x : ui->x);
    int hot = region.is_hot && !is_bar ? row_at(list, rect, tops, *scroll, ui->y) : -1;
    int picked = region.is_confirmed ? *marked : -1;
    if (region.is_clicked && region.button == BUTTON_LEFT && !is_bar) {
        picked = row_at(list, rect, tops, *scroll, region.from_y);
        *marked = picked;
    }
    draw(ui, list, rect, tops, ui_state(ui, id), hot, *marked, *scroll);
    return picked < list->n ? picked : -1;
}
