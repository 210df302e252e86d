/* title  from ▆▆▆▆▆ to, or from ▆▆ middle ▆▆ to, laid out from the right. */
#include "render/draw/scale.h"

#include "render/draw/label.h"

#include <math.h>

enum { STOPS = 24 };
static const double bar_width = 104, bar_height = 9, gap = 7, title_gap = 12, most_swatch = 21;

/* A swatch is no bar. */
static double width_of(const ColorScale *scale) {
    return scale->n_values ? fmin(bar_width, most_swatch * scale->n_values) : bar_width;
}

/* Before a label, or after it; none where there is none. */
static double gap_at(const char *label) {
    return *label ? gap : 0;
}

static void draw_smooth(cairo_t *cairo, const Style *style, const ColorScale *scale, double from,
                        double to, Rect bar) {
    cairo_pattern_t *gradient = cairo_pattern_create_linear(bar.x, 0, bar.x + bar.width, 0);
    for (int k = 0; k <= STOPS; k++) {
        double t = (double)k / STOPS;
        Color c = scale->color(style, from + (to - from) * t);
        cairo_pattern_add_color_stop_rgb(gradient, t, c.red, c.green, c.blue);
    }
    cairo_set_source(cairo, gradient);
    cairo_rectangle(cairo, bar.x, bar.y, bar.width, bar.height);
    cairo_fill(cairo);
    cairo_pattern_destroy(gradient);
}

static void draw_swatches(cairo_t *cairo, const Style *style, const ColorScale *scale, Rect bar) {
    double pitch = bar.width / scale->n_values;
    for (int k = 0; k < scale->n_values; k++) {
        canvas_set_color(cairo, scale->color(style, scale->values[k]));
        cairo_rectangle(cairo, bar.x + pitch * k, bar.y, pitch - 1.5, bar.height);
        cairo_fill(cairo);
    }
}

/* The bar's end lies at x; returns its width, the middle's label included. */
static double draw_bar(cairo_t *cairo, const Style *style, const ColorScale *scale, double x,
                       double y) {
    Label label = {TEXT_SMALL, ALIGN_RIGHT, 0};
    Rect bar = {x - width_of(scale), y - bar_height + 0.5, width_of(scale), bar_height};
    if (scale->n_values) {
        draw_swatches(cairo, style, scale, bar);
    } else if (scale->middle_label) {
        bar.width = bar_width / 2;
        bar.x = x - bar.width;
        draw_smooth(cairo, style, scale, scale->middle, scale->to, bar);
        bar.x -=
            gap +
            label_draw(cairo, style, label, style->muted, bar.x - gap, y, scale->middle_label) +
            gap + bar.width;
        draw_smooth(cairo, style, scale, scale->from, scale->middle, bar);
    } else {
        draw_smooth(cairo, style, scale, scale->from, scale->to, bar);
    }
    return x - bar.x;
}

double color_scale_draw(cairo_t *cairo, const Style *style, const ColorScale *scale, double x,
                        double y) {
    Label label = {TEXT_SMALL, ALIGN_RIGHT, 0};
    double right = x;
    x -= label_draw(cairo, style, label, style->muted, x, y, scale->to_label) +
         gap_at(scale->to_label);
    x -= draw_bar(cairo, style, scale, x, y) + gap_at(scale->from_label);
    x -= label_draw(cairo, style, label, style->muted, x, y, scale->from_label) + title_gap;
    x -= label_draw(cairo, style, label, style->ink, x, y, scale->title);
    return right - x;
}

double color_scale_width(const Style *style, const ColorScale *scale) {
    Label label = {TEXT_SMALL, ALIGN_LEFT, 0};
    double middle =
        scale->middle_label ? label_width(style, label, scale->middle_label) + 2 * gap : 0;
    return label_width(style, label, scale->title) + title_gap +
           label_width(style, label, scale->from_label) + gap_at(scale->from_label) +
           width_of(scale) + middle + gap_at(scale->to_label) +
           label_width(style, label, scale->to_label);
}
