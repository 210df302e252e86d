/* Tabs: one of a few words, side by side. */
#include "render/draw/label.h"
#include "render/ui/ui.h"

#include <assert.h>
#include <math.h>

static const double most_room = 36, least_room = 6;

static double label_room(const Style *style, const char *label) {
    return label_width(style, (Label){TEXT_BODY, ALIGN_LEFT, 0}, label);
}

/* What is left of the rect goes to all alike, up to so much; what is missing is taken from the room
 * around the labels first, then from the widest. */
static void tab_widths(const Style *style, double width, const UiTab *tabs, int n, double *widths) {
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += widths[i] = label_room(style, tabs[i].label);
    double room = fmax(least_room, fmin(most_room, (width - sum) / n));
    double share = fmin(1, width / (sum + n * room));
    for (int i = 0; i < n; i++)
        widths[i] = share * (widths[i] + room);
}

/* The tab under the pointer, and its part of the row. */
static int tab_at(const Ui *ui, Rect rect, const double *widths, int n, Rect *part) {
    *part = (Rect){rect.x, rect.y, 0, rect.height};
    for (int i = 0; i < n; i++) {
        part->x += part->width;
        part->width = widths[i];
        if (ui->x < part->x + part->width)
            return i;
    }
    return -1;
}

static void explain(Ui *ui, const UiTab *tab, Rect part) {
    bool is_cut = label_room(ui->style, tab->label) > part.width - 4;
    if (tab->tip || is_cut)
        ui_tip_part(ui, part, tab->tip ? tab->tip : tab->label);
}

bool ui_tabs(Ui *ui, int id, Rect rect, const UiTab *tabs, int n, int *chosen) {
    double widths[UI_MAX_TABS];
    Rect part;
    int before = *chosen;
    assert(n <= UI_MAX_TABS);
    tab_widths(ui->style, rect.width, tabs, n, widths);
    rect.width = 0;
    for (int i = 0; i < n; i++)
        rect.width += widths[i];
    int over = tab_at(ui, rect, widths, n, &part);
    bool is_off = over >= 0 && tabs[over].is_off;
    UiRegion region = ui_region(ui, id, rect, 0, is_off ? CURSOR_ARROW : CURSOR_HAND);
    unsigned state = is_off ? 0 : ui_state(ui, id);
    if (region.is_clicked && region.button == BUTTON_LEFT && over >= 0 && !is_off)
        *chosen = over;
    if (over >= 0)
        explain(ui, &tabs[over], part);
    for (int i = 0; i < n; i++) {
        widget_tab(ui->cairo, ui->style, (Rect){rect.x, rect.y, widths[i], rect.height},
                   tabs[i].label,
                   (i == over ? state : 0U) | (i == *chosen ? WIDGET_ON : 0U) |
                       (tabs[i].is_off ? WIDGET_DISABLED : 0U));
        rect.x += widths[i];
    }
    return *chosen != before;
}
