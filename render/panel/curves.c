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

static void draw_guide(cairo_t *cairo, const Axes *axes, Rect plot, const CurveGuide *guide,
                       const Style *style) {
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
        label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_LEFT, 0}, style->muted, x + 5,
                   plot.y + 12, guide->label);
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

static void draw_line(cairo_t *cairo, const Axes *axes, Rect plot, const CurveSeries *series,
                      const Style *style) {
    const double dash[] = {6, 4};
    bool is_down = false;
    for (int64_t i = 0; i < series->n; i++) {
        double x = axes_x(axes, plot, series->x[i]), y = axes_y(axes, plot, series->y[i]);
        bool has_place = isfinite(x) && isfinite(y);
        if (has_place)
            (is_down ? cairo_line_to : cairo_move_to)(cairo, x, y);
        is_down = has_place;
    }
    canvas_set_color(cairo, series->color);
    cairo_set_line_width(cairo, style->line * 1.4);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_dash(cairo, dash, series->is_dashed ? 2 : 0, 0);
    cairo_stroke(cairo);
    cairo_set_dash(cairo, dash, 0, 0);
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
        draw_guide(cairo, &axes, plot, &panel->guides[g], style);
    draw_series(cairo, panel, plot, style);
    return plot;
}
