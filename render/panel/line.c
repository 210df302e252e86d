#include "render/panel/line.h"

#include "render/draw/arrow.h"
#include "render/draw/label.h"

#include <math.h>
#include <stdio.h>

static const double foot = 18, most_pitch = 64, ring = 6.5;
/* Beside the arrows. Among many small pictures each has its arrows alone, from edge to edge. */
static const double numbers = 22, no_numbers = 3, least_width = 120,
                    least_unit = 14; /* between lines */

/* From a feature and its number to the page. */
typedef struct Rows {
    double top, pitch, middle, scale;
    double left, bottom;
    bool has_numbers;
} Rows;

static Rows rows_of(Rect rect, const LinePanel *panel) {
    double room = rect.height > 8 * foot ? foot : 0;
    double pitch = fmin((rect.height - room) / panel->n_features, most_pitch);
    double width = fmin(rect.width, fmax(1.7 * (rect.height - room), least_width));
    bool has_numbers = rect.width > least_width;
    double margin = has_numbers ? numbers : no_numbers;
    double height = pitch * panel->n_features;
    double top = rect.y + (rect.height - room - height) / 2;
    return (Rows){.top = top,
                  .pitch = pitch,
                  .middle = rect.x + rect.width / 2,
                  .scale = (width / 2 - margin) / panel->radius,
                  .left = rect.x + (rect.width - width) / 2,
                  .bottom = top + height,
                  .has_numbers = has_numbers};
}

static Color color_of(const LinePanel *panel, int i, const Style *style) {
    Color color = panel->group && panel->group[i] >= 0 ? style_category(style, panel->group[i])
                                                       : style_weight(style, panel->weight[i]);
    return panel->selected < 0 || panel->selected == i ? color : style_unselected(style, color);
}

static void draw_scenery(cairo_t *cairo, Rect rect, const Rows *rows, const LinePanel *panel,
                         const Style *style) {
    static const char *const labels[] = {"−1", "0", "1"};
    double size = style->fonts[TEXT_SMALL].size;
    for (int at = -1; at <= 1; at++) {
        double x = rows->middle + rows->scale * at;
        if (fabs((double)at) > panel->radius || (at && rows->scale < least_unit))
            continue;
        cairo_move_to(cairo, x, rows->top);
        cairo_line_to(cairo, x, rows->bottom);
        canvas_set_color(cairo, at ? style->faint : style->muted);
        cairo_set_line_width(cairo, style->line * 0.8);
        cairo_stroke(cairo);
        if (rows->bottom + foot <= rect.y + rect.height + 0.5)
            label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_CENTER, 0}, style->muted, x,
                       rows->bottom + 1.3 * size, labels[at + 1]);
    }
}

void line_panel_draw(cairo_t *cairo, Rect rect, const LinePanel *panel, const Style *style) {
    Rows rows = rows_of(rect, panel);
    double size = style->fonts[TEXT_SMALL].size;
    cairo_save(cairo);
    draw_scenery(cairo, rect, &rows, panel, style);
    for (int i = 0; i < panel->n_features; i++) {
        double y = rows.top + rows.pitch * (i + 0.5);
        char text[16];
        arrow_path(cairo, style, rows.middle, y, rows.scale * (double)panel->W[i], 0);
        canvas_set_color(cairo, color_of(panel, i, style));
        cairo_fill(cairo);
        snprintf(text, sizeof text, "%d", i);
        if (rows.has_numbers && rows.pitch > 1.1 * size)
            label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_LEFT, 0},
                       i == panel->selected ? style->ink : style->muted, rows.left + 2,
                       y + 0.36 * size, text);
    }
    if (panel->selected >= 0) {
        cairo_arc(cairo, rows.middle + rows.scale * (double)panel->W[panel->selected],
                  rows.top + rows.pitch * (panel->selected + 0.5), ring, 0, 2 * M_PI);
        canvas_set_color(cairo, style->ink);
        cairo_set_line_width(cairo, style->line);
        cairo_stroke(cairo);
    }
    cairo_restore(cairo);
}

int line_panel_pick(Rect rect, const LinePanel *panel, double x, double y) {
    Rows rows = rows_of(rect, panel);
    int i = (int)floor((y - rows.top) / rows.pitch);
    return x >= rows.left && x <= 2 * rows.middle - rows.left && i >= 0 && i < panel->n_features
               ? i
               : -1;
}
