/* The map is one raster of few colours. The same map serves both themes: its valleys, where the
 * marks lie, are dark, and marks are white with a dark seam. */
#include "render/panel/surface.h"

#include "render/draw/raster.h"

#include <math.h>

static const double bottom = 0.28, top = 0.95;

Color surface_panel_color(int step, int n_levels) {
    return color_sequential((double)step / n_levels, bottom, top);
}

static int step_of(const SurfacePanel *panel, double value) {
    int step = 0;
    while (step < panel->n_levels && value >= panel->levels[step])
        step++;
    return step;
}

static void draw_map(cairo_t *cairo, Rect plot, const SurfacePanel *panel) {
    Arena scratch = {0};
    size_t n = (size_t)panel->n_rows * panel->n_columns;
    uint32_t *cells = ARENA_NEW(&scratch, uint32_t, n);
    uint32_t *steps = ARENA_NEW(&scratch, uint32_t, panel->n_levels + 1);
    for (int k = 0; k <= panel->n_levels; k++)
        steps[k] = raster_pixel(surface_panel_color(k, panel->n_levels));
    for (size_t i = 0; i < n; i++)
        cells[i] = steps[step_of(panel, panel->values[i])];
    raster_draw(cairo, plot, cells, panel->n_rows, panel->n_columns, 0);
    arena_release(&scratch);
}

static void draw_paths(cairo_t *cairo, Rect plot, const SurfacePanel *panel) {
    cairo_save(cairo);
    cairo_rectangle(cairo, plot.x, plot.y, plot.width, plot.height);
    cairo_clip(cairo);
    for (int k = 0; k < panel->n_paths; k++) {
        const SurfacePath *path = &panel->paths[k];
        bool is_broken = true;
        for (int i = 0; i < path->n; i++) {
            double x = axes_x(&panel->axes, plot, path->x[i]);
            double y = axes_y(&panel->axes, plot, path->y[i]);
            bool has_place = isfinite(x) && isfinite(y);
            if (has_place)
                (is_broken ? cairo_move_to : cairo_line_to)(cairo, x, y);
            is_broken = !has_place;
        }
    }
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_source_rgba(cairo, 1, 1, 1, 0.8);
    cairo_set_line_width(cairo, 1);
    cairo_stroke(cairo);
    cairo_restore(cairo);
}

static bool is_on(const Axis *axis, double value) {
    double place = axis_place(axis, value);
    return place >= 0 && place <= 1;
}

static void draw_mark(cairo_t *cairo, Rect plot, const SurfacePanel *panel,
                      const SurfaceMark *mark) {
    const Color white = {1, 1, 1, 1}, seam = surface_panel_color(0, panel->n_levels);
    double x = axes_x(&panel->axes, plot, mark->x), y = axes_y(&panel->axes, plot, mark->y);
    bool is_stroked = mark->mark == MARK_RING || mark->mark == MARK_CROSS;
    mark_path(cairo, mark->mark, x, y, mark->size);
    canvas_set_color(cairo, seam);
    cairo_set_line_width(cairo, is_stroked ? 3.4 : 2);
    cairo_stroke_preserve(cairo);
    canvas_set_color(cairo, white);
    cairo_set_line_width(cairo, 1.6);
    is_stroked ? cairo_stroke(cairo) : cairo_fill(cairo);
}

void surface_panel_draw(cairo_t *cairo, Rect rect, const SurfacePanel *panel, const Style *style) {
    Rect plot = axes_draw(cairo, style, &panel->axes, rect);
    cairo_save(cairo);
    draw_map(cairo, plot, panel);
    canvas_set_color(cairo, style->muted);
    cairo_set_line_width(cairo, style->hairline);
    cairo_rectangle(cairo, plot.x, plot.y, plot.width, plot.height);
    cairo_stroke(cairo);
    draw_paths(cairo, plot, panel);
    for (int k = 0; k < panel->n_marks; k++)
        if (is_on(&panel->axes.x, panel->marks[k].x) && is_on(&panel->axes.y, panel->marks[k].y))
            draw_mark(cairo, plot, panel, &panel->marks[k]);
    cairo_restore(cairo);
}
