/* Equal sizes look equal: shapes are scaled to about the disc's area. */
#include "render/draw/mark.h"

#include "render/draw/label.h"

#include <math.h>

static const double key_width = 20, key_gap = 6, entry_gap = 22, row_height = 18;

static void polygon(cairo_t *cairo, double x, double y, double radius, int n, double turn) {
    for (int k = 0; k < n; k++) {
        double angle = turn + 2 * M_PI * k / n;
        (k ? cairo_line_to : cairo_move_to)(cairo, x + radius * cos(angle),
                                            y + radius * sin(angle));
    }
    cairo_close_path(cairo);
}

void mark_path(cairo_t *cairo, Mark mark, double x, double y, double size) {
    double r = size / 2;
    if (mark == MARK_DISC || mark == MARK_RING) {
        cairo_new_sub_path(cairo);
        cairo_arc(cairo, x, y, r, 0, 2 * M_PI);
        cairo_close_path(cairo);
    } else if (mark == MARK_SQUARE) {
        polygon(cairo, x, y, 1.25 * r, 4, M_PI / 4);
    } else if (mark == MARK_DIAMOND) {
        polygon(cairo, x, y, 1.3 * r, 4, 0);
    } else if (mark == MARK_TRIANGLE) {
        polygon(cairo, x, y + 0.15 * r, 1.4 * r, 3, -M_PI / 2);
    } else if (mark == MARK_CROSS) {
        cairo_move_to(cairo, x - 0.8 * r, y - 0.8 * r);
        cairo_line_to(cairo, x + 0.8 * r, y + 0.8 * r);
        cairo_move_to(cairo, x + 0.8 * r, y - 0.8 * r);
        cairo_line_to(cairo, x - 0.8 * r, y + 0.8 * r);
    } else if (mark == MARK_DOT) { /* a stroke of no length, with round ends as wide as the dot */
        const double step = 0.5;   /* fewer decimals, and no eye sees a quarter of a pixel */
        cairo_move_to(cairo, step * round(x / step), step * round(y / step));
        cairo_close_path(cairo);
        cairo_set_line_width(cairo, size);
        cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
    }
}

void mark_paint(cairo_t *cairo, const Style *style, Mark mark, Color color) {
    canvas_set_color(cairo, color);
    if (mark == MARK_RING || mark == MARK_CROSS) {
        cairo_set_line_width(cairo, style->line);
        cairo_stroke(cairo);
    } else if (mark == MARK_DOT) {
        cairo_stroke(cairo);
    } else {
        cairo_fill(cairo);
    }
}

static void draw_key(cairo_t *cairo, const Style *style, const LegendEntry *entry, double x,
                     double y) {
    if (entry->has_line) {
        const double dash[] = {5, 3.5};
        canvas_set_color(cairo, entry->color);
        cairo_set_line_width(cairo, style->line * 1.4);
        cairo_set_dash(cairo, dash, entry->is_dashed ? 2 : 0, 0);
        cairo_move_to(cairo, x, y);
        cairo_line_to(cairo, x + key_width, y);
        cairo_stroke(cairo);
        cairo_set_dash(cairo, dash, 0, 0);
    }
    mark_path(cairo, entry->mark, x + key_width / 2, y, 7);
    mark_paint(cairo, style, entry->mark, entry->color);
}

static double entry_width(const Style *style, const LegendEntry *entry) {
    return key_width + key_gap +
           label_width(style, (Label){TEXT_SMALL, ALIGN_LEFT, 0}, entry->name);
}

/* Goes through the rows; draws where there is something to draw on. */
static double lay_out(cairo_t *cairo, const Style *style, const LegendEntry *entries, int n,
                      double x, double y, double width) {
    double left = x;
    int n_rows = n > 0;
    for (int i = 0; i < n; i++) {
        double wide = entry_width(style, &entries[i]);
        if (left > x && left + wide > x + width) {
            left = x;
            n_rows++;
        }
        double base = y + (n_rows - 1) * row_height;
        if (cairo) {
            draw_key(cairo, style, &entries[i], left, base - 4);
            label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_LEFT, 0}, style->ink,
                       left + key_width + key_gap, base, entries[i].name);
        }
        left += wide + entry_gap;
    }
    return n_rows * row_height;
}

double legend_draw(cairo_t *cairo, const Style *style, const LegendEntry *entries, int n, double x,
                   double y, double width) {
    return lay_out(cairo, style, entries, n, x, y, width);
}

double legend_height(const Style *style, const LegendEntry *entries, int n, double width) {
    return lay_out(NULL, style, entries, n, 0, 0, width);
}

double legend_entry_width(const Style *style, const LegendEntry *entry) {
    return entry_width(style, entry) + entry_gap;
}
