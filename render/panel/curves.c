/* Guides and bands first, then lines, then points. Points of one series are one path. */
#include "render/panel/curves.h"

#include "render/draw/label.h"

#include <math.h>

static const double margin = 0.03, edge = 0.5, title_height = 22, legend_gap = 6;

static double *gather(const CurvesPanel *panel, bool is_x, int64_t *n, Arena *arena) {
    int64_t most = 0;
    for (int s = 0; s < panel->n_series; s++)
        most += 3 * panel->series[s].n;
    double *values = ARENA_NEW(arena, double, most);
    *n = 0;
    for (int s = 0; s < panel->n_series; s++) {
        const CurveSeries *series = &panel->series[s];
        for (int64_t i = 0; i < series->n; i++) {
            values[(*n)++] = is_x ? series->x[i] : series->y[i];
            if (!is_x && series->low)
                values[(*n)++] = series->low[i];
            if (!is_x && series->high)
                values[(*n)++] = series->high[i];
        }
    }
    return values;
}

void curves_panel_cover(CurvesPanel *panel) {
    Arena scratch = {0};
    int64_t n;
    const double *x = gather(panel, true, &n, &scratch);
    axis_cover(&panel->axes.x, x, n, margin);
    const double *y = gather(panel, false, &n, &scratch);
    axis_cover(&panel->axes.y, y, n, margin);
    arena_release(&scratch);
}

static bool is_inside(Rect plot, double x, double y) {
    return x >= plot.x - edge && x <= plot.x + plot.width + edge && y >= plot.y - edge &&
           y <= plot.y + plot.height + edge;
}

/* Whether the straight line from a to b passes through the rectangle: the part of it that is inside
 * from one side to the other is not empty (Liang and Barsky 1984). */
static bool passes(Rect rect, double ax, double ay, double bx, double by) {
    const double from[] = {ax - rect.x, rect.x + rect.width - ax, ay - rect.y,
                           rect.y + rect.height - ay};
    const double step[] = {bx - ax, ax - bx, by - ay, ay - by};
    double first = 0, last = 1;
    for (int k = 0; k < 4; k++) {
        double at = -from[k] / step[k];
        if (step[k] == 0 && from[k] < 0)
            return false;
        if (step[k] > 0)
            first = fmax(first, at);
        else if (step[k] < 0)
            last = fmin(last, at);
    }
    return first <= last;
}

/* Whether no line of a series passes through that part of the plot. */
static bool is_free(const CurvesPanel *panel, const Axes *axes, Rect plot, Rect rect) {
    for (int s = 0; s < panel->n_series; s++) {
        const CurveSeries *series = &panel->series[s];
        for (int64_t i = 1; series->has_line && i < series->n; i++) {
            double ax = axes_x(axes, plot, series->x[i - 1]),
                   ay = axes_y(axes, plot, series->y[i - 1]);
            double bx = axes_x(axes, plot, series->x[i]), by = axes_y(axes, plot, series->y[i]);
            if (isfinite(ax + ay + bx + by) && passes(rect, ax, ay, bx, by))
                return false;
        }
    }
    return true;
}

/* At the top, to the right of an upright guide where that is free of lines, else to its left. */
static void draw_upright_label(cairo_t *cairo, const CurvesPanel *panel, const Axes *axes,
                               Rect plot, const CurveGuide *guide, const Style *style) {
    const double gap = 5, height = 15;
    Label label = {TEXT_SMALL, ALIGN_LEFT, 0};
    double x = axes_x(axes, plot, guide->value), width = label_width(style, label, guide->label);
    Rect right = {x + 1, plot.y, width + 2 * gap, height},
         left = {x - width - 2 * gap - 1, plot.y, width + 2 * gap, height};
    bool is_left = !is_free(panel, axes, plot, right) && is_free(panel, axes, plot, left);
    label.align = is_left ? ALIGN_RIGHT : ALIGN_LEFT;
    label_draw(cairo, style, label, style->muted, is_left ? x - gap : x + gap, plot.y + 12,
               guide->label);
}

static void draw_guide(cairo_t *cairo, const CurvesPanel *panel, const Axes *axes, Rect plot,
                       const CurveGuide *guide, const Style *style) {
    const double dash[] = {2, 3};
    double place = axis_place(guide->is_vertical ? &axes->x : &axes->y, guide->value);
    if (!(place >= 0 && place <= 1))
        return;
    double x = axes_x(axes, plot, guide->value), y = axes_y(axes, plot, guide->value);
    cairo_move_to(cairo, guide->is_vertical ? x : plot.x, guide->is_vertical ? plot.y : y);
    cairo_line_to(cairo, guide->is_vertical ? x : plot.x + plot.width,
                  guide->is_vertical ? plot.y + plot.height : y);
    canvas_set_color(cairo, style_tint(style, style->muted, guide->is_faint ? 0.7 : 1));
    cairo_set_line_width(cairo, guide->is_faint ? style->hairline : style->line);
    cairo_set_dash(cairo, dash, 2, 0);
    cairo_stroke(cairo);
    cairo_set_dash(cairo, dash, 0, 0);
    if (guide->label && guide->is_vertical)
        draw_upright_label(cairo, panel, axes, plot, guide, style);
    else if (guide->label)
        label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_RIGHT, 0}, style->muted,
                   plot.x + plot.width - 2, y - 4, guide->label);
}

/* From point to point of the band's part with places, forth above and back below. */
static void draw_band(cairo_t *cairo, const Axes *axes, Rect plot, const CurveSeries *series,
                      const Style *style) {
    if (!series->low || !series->high)
        return;
    for (int64_t first = 0, end; first < series->n; first = end + 1) {
        for (end = first; end < series->n && isfinite(axes_x(axes, plot, series->x[end])) &&
                          isfinite(axes_y(axes, plot, series->low[end])) &&
                          isfinite(axes_y(axes, plot, series->high[end]));
             end++)
            cairo_line_to(cairo, axes_x(axes, plot, series->x[end]),
                          axes_y(axes, plot, series->high[end]));
        for (int64_t i = end - 1; i >= first; i--)
            cairo_line_to(cairo, axes_x(axes, plot, series->x[i]),
                          axes_y(axes, plot, series->low[i]));
        if (end > first)
            cairo_close_path(cairo);
    }
    canvas_set_color(cairo, style_tint(style, series->color, 0.18));
    cairo_fill(cairo);
}

/* Whether the line leaves the plot through its top or bottom on the way to point i, or comes in. */
static bool is_exit(const Axes *axes, const CurveSeries *series, int64_t i) {
    if (!series->has_line || series->is_endless || i < 1)
        return false;
    double before = axis_place(&axes->y, series->y[i - 1]),
           after = axis_place(&axes->y, series->y[i]);
    double x = axis_place(&axes->x, series->x[i - 1]) + axis_place(&axes->x, series->x[i]);
    return isfinite(before + after + x) &&
           (before >= 0 && before <= 1) != (after >= 0 && after <= 1);
}

static void stroke_line(cairo_t *cairo, const CurveSeries *series, const Style *style) {
    const double dash[] = {6, 4};
    canvas_set_color(cairo, series->color);
    cairo_set_line_width(cairo, style->line * 1.4);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_dash(cairo, dash, series->is_dashed ? 2 : 0, 0);
    cairo_stroke(cairo);
    cairo_set_dash(cairo, dash, 0, 0);
}

/* Without its exits. */
static void draw_line(cairo_t *cairo, const Axes *axes, Rect plot, const CurveSeries *series,
                      const Style *style) {
    bool is_down = false;
    for (int64_t i = 0; i < series->n; i++) {
        double x = axes_x(axes, plot, series->x[i]), y = axes_y(axes, plot, series->y[i]);
        bool has_place = isfinite(x) && isfinite(y),
             is_drawn = is_down && !is_exit(axes, series, i);
        if (has_place)
            (is_drawn ? cairo_line_to : cairo_move_to)(cairo, x, y);
        is_down = has_place;
    }
    stroke_line(cairo, series, style);
}

/* The value of the points from i on, in steps of `by`, that are beyond the same end of the y axis:
 * of the one furthest out. */
static double furthest(const CurveSeries *series, const Axis *axis, int64_t i, int by) {
    bool is_above = axis_place(axis, series->y[i]) > 1;
    double value = series->y[i];
    for (; i >= 0 && i < series->n; i += by) {
        double place = axis_place(axis, series->y[i]);
        if (!(is_above ? place > 1 : place < 0))
            break;
        if (fabs(place) > fabs(axis_place(axis, value)))
            value = series->y[i];
    }
    return value;
}

/* Where it goes: beyond a tip inside of the plot; else above the plot or, where the axis' name
 * stands there and at the bottom, beside the tip. */
static void draw_end(cairo_t *cairo, const Axes *axes, Rect plot, const char *text, double x,
                     double y, bool is_up, const Style *style) {
    Label label = {TEXT_SMALL, ALIGN_CENTER, 0};
    double name =
        axes->y.label ? label_width(style, (Label){TEXT_BODY, ALIGN_LEFT, 0}, axes->y.label) : 0;
    bool is_inside = y > plot.y + edge && y < plot.y + plot.height - edge;
    if (is_inside || (is_up && x - label_width(style, label, text) / 2 > plot.x + name)) {
        label_draw(cairo, style, label, style->muted, x, is_up ? y - 5 : y + 14, text);
        return;
    }
    label.align = ALIGN_LEFT;
    label_draw(cairo, style, label, style->muted, x + 8, is_up ? y + 12 : y - 5, text);
}

/* The line from point `in` to its neighbour `out` as far as it is drawn: to the plot's top or
 * bottom, or where the point is more than a plot's height beyond, whither its slope says nothing,
 * a little way. An arrowhead ends it, and how far it goes stands there. */
static void draw_exit(cairo_t *cairo, const Axes *axes, Rect plot, const CurveSeries *series,
                      int64_t in, int64_t out, const Style *style) {
    const double length = 9, half = 3.6, short_way = 34;
    double x = axes_x(axes, plot, series->x[in]), y = axes_y(axes, plot, series->y[in]);
    double dx = axes_x(axes, plot, series->x[out]) - x, dy = axes_y(axes, plot, series->y[out]) - y;
    double ux = dx / hypot(dx, dy), uy = dy / hypot(dx, dy);
    double way = ((dy < 0 ? plot.y : plot.y + plot.height) - y) / uy;
    if (fabs(axis_place(&axes->y, series->y[out]) - 0.5) > 1.5)
        way = fmin(way, short_way);
    double tip_x = x + way * ux, tip_y = y + way * uy;
    if (tip_x < plot.x || tip_x > plot.x + plot.width)
        return;
    cairo_move_to(cairo, x, y);
    cairo_line_to(cairo, tip_x - length / 2 * ux, tip_y - length / 2 * uy);
    stroke_line(cairo, series, style);
    cairo_move_to(cairo, tip_x, tip_y);
    cairo_line_to(cairo, tip_x - length * ux - half * uy, tip_y - length * uy + half * ux);
    cairo_line_to(cairo, tip_x - length * ux + half * uy, tip_y - length * uy - half * ux);
    cairo_close_path(cairo);
    canvas_set_color(cairo, series->color);
    cairo_fill(cairo);
    Arena scratch = {0};
    double value = furthest(series, &axes->y, out, out > in ? 1 : -1);
    const char *text =
        arena_print(&scratch, "%s %s", out > in ? "to" : "from", label_number(&scratch, value, 3));
    draw_end(cairo, axes, plot, text, tip_x, tip_y, dy < 0, style);
    arena_release(&scratch);
}

static void draw_exits(cairo_t *cairo, const Axes *axes, Rect plot, const CurveSeries *series,
                       const Style *style) {
    for (int64_t i = 1; i < series->n; i++) {
        double before = axis_place(&axes->y, series->y[i - 1]);
        bool was_in = before >= 0 && before <= 1;
        if (is_exit(axes, series, i))
            draw_exit(cairo, axes, plot, series, was_in ? i - 1 : i, was_in ? i : i - 1, style);
    }
}

static void draw_marks(cairo_t *cairo, const Axes *axes, Rect plot, const CurveSeries *series,
                       const Style *style) {
    for (int64_t i = 0; i < series->n && series->mark != MARK_NONE; i++) {
        double x = axes_x(axes, plot, series->x[i]), y = axes_y(axes, plot, series->y[i]);
        if (isfinite(x) && isfinite(y) && is_inside(plot, x, y))
            mark_path(cairo, series->mark, x, y, series->mark_size);
    }
    mark_paint(cairo, style, series->mark, series->color);
}

int curves_panel_legend(const CurvesPanel *panel, LegendEntry entries[CURVES_LEGEND]) {
    int n = 0;
    for (int s = 0; s < panel->n_series && n < CURVES_LEGEND; s++) {
        const CurveSeries *series = &panel->series[s];
        if (series->name)
            entries[n++] = (LegendEntry){series->name, series->color, series->mark,
                                         series->has_line, series->is_dashed};
    }
    return n;
}

static void draw_series(cairo_t *cairo, const CurvesPanel *panel, Rect plot, const Style *style) {
    cairo_save(cairo);
    cairo_rectangle(cairo, plot.x - edge, plot.y - edge, plot.width + 2 * edge,
                    plot.height + 2 * edge);
    cairo_clip(cairo);
    for (int s = 0; s < panel->n_series; s++)
        draw_band(cairo, &panel->axes, plot, &panel->series[s], style);
    for (int s = 0; s < panel->n_series; s++)
        if (panel->series[s].has_line)
            draw_line(cairo, &panel->axes, plot, &panel->series[s], style);
    cairo_restore(cairo);
    for (int s = 0; s < panel->n_series; s++)
        draw_exits(cairo, &panel->axes, plot, &panel->series[s], style);
    for (int s = 0; s < panel->n_series; s++)
        draw_marks(cairo, &panel->axes, plot, &panel->series[s], style);
}

double curves_panel_legend_height(const CurvesPanel *panel, const Style *style, double width) {
    LegendEntry entries[CURVES_LEGEND];
    int n = panel->hides_legend ? 0 : curves_panel_legend(panel, entries);
    return fmax(panel->legend, n ? legend_height(style, entries, n, width) + legend_gap : 0);
}

/* The title stands above the legend, so it is drawn here and not with the axes. */
static Axes axes_below(const CurvesPanel *panel, Rect *rect, const Style *style) {
    Axes axes = panel->axes;
    double used =
        (axes.title ? title_height : 0) + curves_panel_legend_height(panel, style, rect->width);
    axes.title = NULL;
    rect->y += used;
    rect->height -= used;
    return axes;
}

Rect curves_panel_plot(Rect rect, const CurvesPanel *panel, const Style *style) {
    Axes axes = axes_below(panel, &rect, style);
    return axes_plot(style, &axes, rect);
}

Rect curves_panel_draw(cairo_t *cairo, Rect rect, const CurvesPanel *panel, const Style *style) {
    LegendEntry entries[CURVES_LEGEND];
    int n = panel->hides_legend ? 0 : curves_panel_legend(panel, entries);
    double head = panel->axes.title ? title_height : 0;
    if (panel->axes.title)
        label_draw(cairo, style, (Label){TEXT_HEADING, ALIGN_LEFT, rect.width}, style->ink, rect.x,
                   rect.y + 13, panel->axes.title);
    legend_draw(cairo, style, entries, n, rect.x, rect.y + head + 12, rect.width);
    Axes axes = axes_below(panel, &rect, style);
    Rect plot = axes_draw(cairo, style, &axes, rect);
    for (int g = 0; g < panel->n_guides; g++)
        draw_guide(cairo, panel, &axes, plot, &panel->guides[g], style);
    draw_series(cairo, panel, plot, style);
    return plot;
}
