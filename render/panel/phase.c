/* The map is one raster; lines and names lie over it, in ink or the background's colour, whichever
 * stands out from what is below. */
#include "render/panel/phase.h"

#include "render/draw/label.h"
#include "render/draw/raster.h"

#include <math.h>
#include <string.h>

static const double line_height = 14;

/* OKLCH of a full norm: alone, and in superposition. */
typedef struct Hues {
    double alone[3], shared[3], ground; /* lightness, chroma, hue; lightness of norm 0 */
} Hues;

static const Hues hues_of[] = {[THEME_LIGHT] = {{0.5, 0.15, 256}, {0.73, 0.16, 415}, 1},
                               [THEME_DARK] = {{0.52, 0.15, 256}, {0.77, 0.15, 415}, 0.2}};

static double clamp(double value) {
    return value > 0 ? (value < 1 ? value : 1) : 0;
}

Color phase_panel_color(const Style *style, double norm, double interference) {
    if (isnan(norm) || isnan(interference))
        return style->faint;
    const Hues *hues = &hues_of[style->theme];
    double share = clamp(interference), strength = clamp(norm), full[3];
    for (int k = 0; k < 3; k++)
        full[k] = hues->alone[k] + share * (hues->shared[k] - hues->alone[k]);
    return color_of_oklch(hues->ground + strength * (full[0] - hues->ground), strength * full[1],
                          full[2]);
}

static void draw_map(cairo_t *cairo, Rect plot, const PhasePanel *panel, const Style *style) {
    Arena scratch = {0};
    size_t n = (size_t)panel->n_rows * panel->n_columns;
    uint32_t *cells = ARENA_NEW(&scratch, uint32_t, n);
    for (size_t i = 0; i < n; i++)
        cells[i] = raster_pixel(
            panel->colors ? panel->colors[i]
                          : phase_panel_color(style, panel->norm[i], panel->interference[i]));
    raster_draw(cairo, plot, cells, panel->n_rows, panel->n_columns, panel->max_pixels);
    arena_release(&scratch);
    canvas_set_color(cairo, style->muted);
    cairo_set_line_width(cairo, style->hairline);
    cairo_rectangle(cairo, plot.x, plot.y, plot.width, plot.height);
    cairo_stroke(cairo);
}

void phase_panel_boundary(const Axes *axes, int n_features,
                          double (*boundary)(int n_features, double importance), PhaseLine lines[2],
                          Arena *arena) {
    enum { N = 201 };
    double *x = ARENA_NEW(arena, double, N + 2), *y = ARENA_NEW(arena, double, N + 2);
    for (int i = 0; i < N; i++) {
        x[i] = axis_value(&axes->x, (double)i / (N - 1));
        y[i] = boundary(n_features, x[i]);
    }
    x[N] = x[N + 1] = 1;
    y[N] = n_features == 3 ? axes->y.from : boundary(n_features, 1);
    y[N + 1] = axes->y.to;
    lines[0] = (PhaseLine){.n = N, .x = x, .y = y};
    lines[1] = (PhaseLine){.n = 2, .x = x + N, .y = y + N};
}

static void line_path(cairo_t *cairo, const Axes *axes, Rect plot, const PhaseLine *line) {
    bool is_broken = true;
    for (int i = 0; i < line->n; i++) {
        double x = axes_x(axes, plot, line->x[i]), y = axes_y(axes, plot, line->y[i]);
        bool has_place = isfinite(x) && isfinite(y);
        if (has_place)
            (is_broken ? cairo_move_to : cairo_line_to)(cairo, x, y);
        is_broken = !has_place;
    }
}

/* The paths of all lines of a kind. */
static void lines_path(cairo_t *cairo, Rect plot, const PhasePanel *panel, bool is_solid) {
    for (int i = 0; i < panel->n_lines; i++)
        if (panel->lines[i].is_solid == is_solid)
            line_path(cairo, &panel->axes, plot, &panel->lines[i]);
}

/* On a lighter seam, so that they are seen on every colour. */
static void draw_lines(cairo_t *cairo, Rect plot, const PhasePanel *panel, const Style *style) {
    static const double dashes[] = {5, 4};
    Color seam = style->background;
    cairo_save(cairo);
    cairo_rectangle(cairo, plot.x, plot.y, plot.width, plot.height);
    cairo_clip(cairo);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    for (int is_solid = 1; is_solid >= 0; is_solid--) {
        cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND); /* the sides of cells meet in corners */
        cairo_set_dash(cairo, dashes, 0, 0);
        lines_path(cairo, plot, panel, is_solid);
        cairo_set_source_rgba(cairo, seam.red, seam.green, seam.blue, 0.55);
        cairo_set_line_width(cairo, 2.4 * style->line);
        cairo_stroke_preserve(cairo);
        canvas_set_color(cairo, style->ink);
        cairo_set_line_width(cairo, style->line);
        cairo_set_dash(cairo, dashes, is_solid ? 0 : 2, 0);
        cairo_stroke(cairo);
    }
    cairo_restore(cairo);
}

/* Takes the cells that a line goes through out of all regions: names keep clear of it. */
static void block_line(const PhasePanel *panel, const PhaseLine *line, int *region) {
    for (int k = 1; k < line->n; k++) {
        double x = axis_place(&panel->axes.x, line->x[k - 1]) * panel->n_columns;
        double y = (1 - axis_place(&panel->axes.y, line->y[k - 1])) * panel->n_rows;
        double dx = axis_place(&panel->axes.x, line->x[k]) * panel->n_columns - x;
        double dy = (1 - axis_place(&panel->axes.y, line->y[k])) * panel->n_rows - y;
        double length = hypot(dx, dy);
        int n_steps = isfinite(length) ? 1 + (int)(5 * length) : 0; /* five a cell */
        for (int step = 0; step <= n_steps && n_steps; step++) {
            double column = floor(x + dx * step / n_steps), row = floor(y + dy * step / n_steps);
            if (row >= 0 && row < panel->n_rows && column >= 0 && column < panel->n_columns)
                region[(int)row * panel->n_columns + (int)column] = -1;
        }
    }
}

/* sums [n_rows + 1][n_columns + 1]: cells of the region above and left of a corner. */
static void sum_region(const PhasePanel *panel, const int *regions, int region, int *sums) {
    int wide = panel->n_columns + 1;
    memset(sums, 0, (size_t)wide * (panel->n_rows + 1) * sizeof *sums);
    for (int i = 0; i < panel->n_rows; i++)
        for (int j = 0; j < panel->n_columns; j++)
            sums[(i + 1) * wide + j + 1] = sums[i * wide + j + 1] + sums[(i + 1) * wide + j] -
                                           sums[i * wide + j] +
                                           (regions[i * panel->n_columns + j] == region);
}

/* Whether all cells at most so many rows and columns away are there and of the region. */
static bool is_inside(const PhasePanel *panel, const int *sums, int row, int column, int rows,
                      int columns) {
    int wide = panel->n_columns + 1, top = row - rows, left = column - columns;
    int bottom = row + rows + 1, right = column + columns + 1;
    if (top < 0 || left < 0 || bottom > panel->n_rows || right > panel->n_columns)
        return false;
    int n = sums[bottom * wide + right] - sums[top * wide + right] - sums[bottom * wide + left] +
            sums[top * wide + left];
    return n == (2 * rows + 1) * (2 * columns + 1);
}

/* Each cell only has to beat the best so far. */
bool phase_panel_place(const PhasePanel *panel, int region, double width, double height, int *row,
                       int *column) {
    const double step = 1.05;
    Arena scratch = {0};
    size_t n = (size_t)panel->n_rows * panel->n_columns;
    int *sums = ARENA_NEW(&scratch, int, (size_t)(panel->n_rows + 1) * (panel->n_columns + 1));
    int *regions = memcpy(ARENA_NEW(&scratch, int, n), panel->region, n * sizeof *regions);
    for (int k = 0; k < panel->n_lines; k++)
        block_line(panel, &panel->lines[k], regions);
    sum_region(panel, regions, region, sums);
    bool is_found = false;
    double scale = 1;
    for (int i = 0; i < panel->n_rows; i++)
        for (int j = 0; j < panel->n_columns; j++)
            while (is_inside(panel, sums, i, j, (int)ceil((scale * height - 1) / 2),
                             (int)ceil((scale * width - 1) / 2))) {
                is_found = true;
                scale *= step;
                *row = i;
                *column = j;
            }
    arena_release(&scratch);
    return is_found;
}

/* Of one line, or two. */
static void draw_name(cairo_t *cairo, Rect plot, const PhasePanel *panel, int region,
                      const Style *style) {
    const Label label = {TEXT_SMALL, ALIGN_CENTER, 0};
    const double pad = 10;
    Arena scratch = {0};
    char *first = arena_copy(&scratch, panel->names[region]), *second = strchr(first, '\n');
    int row, column, n_lines = second ? 2 : 1;
    if (second)
        *second++ = '\0';
    double cell_width = plot.width / panel->n_columns, cell_height = plot.height / panel->n_rows;
    double width = label_width(style, label, first);
    width = second ? fmax(width, label_width(style, label, second)) : width;
    if (phase_panel_place(panel, region, (width + pad) / cell_width,
                          (n_lines * line_height + pad) / cell_height, &row, &column)) {
        size_t i = (size_t)row * panel->n_columns + column;
        Color below = phase_panel_color(style, panel->norm[i], panel->interference[i]);
        bool is_ink = color_contrast(style->ink, below) >= color_contrast(style->background, below);
        Color color = is_ink ? style->ink : style->background;
        double x = plot.x + (column + 0.5) * cell_width;
        double y = plot.y + (row + 0.5) * cell_height + 4 - (n_lines - 1) * line_height / 2;
        label_draw(cairo, style, label, color, x, y, first);
        if (second)
            label_draw(cairo, style, label, color, x, y + line_height, second);
    }
    arena_release(&scratch);
}

void phase_panel_draw(cairo_t *cairo, Rect rect, const PhasePanel *panel, const Style *style) {
    Rect plot = axes_draw(cairo, style, &panel->axes, rect);
    cairo_save(cairo);
    draw_map(cairo, plot, panel, style);
    draw_lines(cairo, plot, panel, style);
    for (int region = 0; region < panel->n_regions; region++)
        draw_name(cairo, plot, panel, region, style);
    cairo_restore(cairo);
}
