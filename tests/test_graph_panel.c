/* render: dots, the levels panel, the force layout and the graph panel. */
#include "render/draw/mark.h"
#include "render/panel/graph.h"
#include "render/panel/levels.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static const double golden_angle = 2.39996322972865332;

static cairo_surface_t *page_open(cairo_t **cairo, int width, int height, const Style *style) {
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    *cairo = cairo_create(surface);
    canvas_set_color(*cairo, style->background);
    cairo_paint(*cairo);
    return surface;
}

static unsigned pixel(cairo_surface_t *surface, double x, double y) {
    unsigned value;
    cairo_surface_flush(surface);
    memcpy(&value,
           cairo_image_surface_get_data(surface) +
               (int)y * cairo_image_surface_get_stride(surface) + 4 * (int)x,
           sizeof value);
    return value & 0xffffff;
}

static unsigned rgb(Color c) {
    return (unsigned)lround(c.red * 255) << 16 | (unsigned)lround(c.green * 255) << 8 |
           (unsigned)lround(c.blue * 255);
}

/* Each costs "M 12.5 34.5 Z ", at most 20 bytes where numbers have three digits. */
Test(mark, thousands_of_dots_are_cheap_and_as_wide_as_they_say) {
    const Style *style = style_of(THEME_LIGHT);
    Canvas canvas;
    Text few = {0}, many = {0};
    Error error = {0};
    for (int n = 10; n <= 1010; n += 1000) {
        cr_assert(canvas_open(&canvas, CANVAS_SVG, 900, 900, style, "dots", &error));
        for (int i = 0; i < n; i++)
            mark_path(canvas.cairo, MARK_DOT, 450 + 10 * sqrt(i) * cos(golden_angle * i),
                      450 + 10 * sqrt(i) * sin(golden_angle * i), 3);
        mark_paint(canvas.cairo, style, MARK_DOT, style->ink);
        cr_assert(canvas_close(&canvas, n == 10 ? &few : &many, &error), "%s", error.text);
    }
    cr_assert_leq(many.n - few.n, 20 * 1000, "%zu", many.n - few.n);
    text_release(&few);
    text_release(&many);

    cairo_t *cairo;
    cairo_surface_t *surface = page_open(&cairo, 40, 40, style);
    mark_path(cairo, MARK_DOT, 20, 20, 10);
    mark_paint(cairo, style, MARK_DOT, style->held);
    for (int k = 0; k < 8; k++) {
        double x = cos(M_PI * k / 4), y = sin(M_PI * k / 4);
        cr_assert_eq(pixel(surface, 20 + 3.5 * x, 20 + 3.5 * y), rgb(style->held), "at %d", k);
        cr_assert_eq(pixel(surface, 20 + 6.6 * x, 20 + 6.6 * y), rgb(style->background));
    }
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
}

/* By hand: a block stays centred on the mean of what its members want. */
Test(levels, names_move_as_little_as_keeps_them_apart) {
    static const struct {
        int n;
        double y[4], gap, low, high, spread[4];
    } rows[] = {
        {3, {10, 11, 30}, 4, 0, 100, {8.5, 12.5, 30}},
        {3, {10, 20, 30}, 4, 0, 100, {10, 20, 30}},
        {4, {10, 10, 10, 10}, 2, 0, 100, {7, 9, 11, 13}},
        {2, {1, 2}, 4, 0, 100, {0, 4}},
        {2, {98, 99}, 4, 0, 100, {96, 100}},
        {3, {10, 13, 15}, 4, 0, 100, {26 / 3., 38 / 3., 50 / 3.}},
        {3, {1, 2, 3}, 50, 0, 60, {0, 30, 60}},
        {1, {5}, 4, 0, 100, {5}},
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        double y[4];
        memcpy(y, rows[r].y, sizeof y);
        levels_spread(y, rows[r].n, rows[r].gap, rows[r].low, rows[r].high);
        for (int i = 0; i < rows[r].n; i++)
            cr_assert_float_eq(y[i], rows[r].spread[i], 1e-9, "row %zu, %d: %g", r, i, y[i]);
    }
}

Test(levels, lines_lie_at_their_values_below_the_points_and_names_beside_the_plot) {
    static const NamedLevel levels[] = {{2, "outside"}, {0.5, "half"}, {0.25, "quarter"}};
    const double x[] = {0.5}, y[] = {0.5};
    for (int theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
        const Style *style = style_of((Theme)theme);
        CurveSeries series = {
            .color = style->held, .mark = MARK_DOT, .mark_size = 9, .n = 1, .x = x, .y = y};
        LevelsPanel panel = {
            .curves = {.axes = {.x = {.from = 0, .to = 1}, .y = {.from = 0, .to = 1}},
                       .series = &series,
                       .n_series = 1},
            .levels = levels,
            .n_levels = 3,
            .right = levels_panel_room(style, levels, 3)};
        cairo_t *cairo;
        cairo_surface_t *surface = page_open(&cairo, 400, 300, style);
        Rect plot = levels_panel_draw(cairo, (Rect){0, 0, 400, 300}, &panel, style);
        cr_assert_float_eq(plot.x + plot.width, 400 - panel.right - 2, 1e-9);
        const Axes *axes = &panel.curves.axes;
        cr_assert_eq(pixel(surface, axes_x(axes, plot, 0.5), axes_y(axes, plot, 0.5)),
                     rgb(style->held));
        for (int l = 1; l < 3; l++) {
            int n_marked = 0;
            for (int k = 0; k < 60; k++)
                n_marked +=
                    pixel(surface, plot.x + 2 + k, axes_y(axes, plot, levels[l].value) - 0.5) !=
                    rgb(style->background);
            cr_assert(n_marked >= 20, "%d", n_marked);
        }
        cairo_destroy(cairo);
        cairo_surface_destroy(surface);
    }
}

static double distance(const double *x, const double *y, int i, int j) {
    return hypot(x[i] - x[j], y[i] - y[j]);
}

static void check_disc(int n, const double *x, const double *y) {
    double mean_x = 0, mean_y = 0, radius = 0;
    for (int i = 0; i < n; i++) {
        mean_x += x[i] / n;
        mean_y += y[i] / n;
        radius = fmax(radius, hypot(x[i], y[i]));
    }
    cr_assert(fabs(mean_x) < 1e-9 && fabs(mean_y) < 1e-9);
    cr_assert_float_eq(radius, n > 1, 1e-9);
}

/* A ring becomes a circle: all neighbours equally far, 2 sin(pi / n). */
Test(force, a_ring_is_drawn_as_one) {
    enum { N = 12 };
    GraphEdge edges[N];
    double x[N], y[N], again_x[N], again_y[N];
    for (int i = 0; i < N; i++) /* neighbours in the ring are not so in the start's order */
        edges[i] = (GraphEdge){5 * i % N, 5 * (i + 1) % N, 1};
    force_layout(N, edges, N, x, y);
    check_disc(N, x, y);
    for (int i = 0; i < N; i++)
        cr_assert_float_eq(distance(x, y, edges[i].from, edges[i].to), 2 * sin(M_PI / N), 0.05);
    force_layout(N, edges, N, again_x, again_y);
    cr_assert_eq(memcmp(x, again_x, sizeof x) | memcmp(y, again_y, sizeof y), 0);
}

Test(force, heavier_edges_are_shorter_and_small_graphs_have_places) {
    const GraphEdge path[] = {{0, 1, 1}, {1, 2, 0.1}};
    double x[3], y[3];
    for (int n = 0; n <= 3; n++) {
        force_layout(n, path, n > 1 ? n - 1 : 0, x, y);
        check_disc(n, x, y);
    }
    cr_assert_lt(distance(x, y, 0, 1), 0.9 * distance(x, y, 1, 2));
    force_layout(2, path, 1, x, y);
    cr_assert_float_eq(distance(x, y, 0, 1), 2, 1e-9);
}

static void check_squares(const GraphPart *parts, int n, double width, double height,
                          double least) {
    Rect squares[64];
    GraphPanel panel = {.parts = parts, .n_parts = n, .selected_part = -1, .selected = -1};
    double unit = graph_panel_squares(&panel, width, height, squares);
    double end = 0;
    cr_assert_geq(unit, least, "%g", unit);
    for (int p = 0; p < n; p++)
        end = fmax(end, squares[p].y + squares[p].height);
    cr_assert_eq(graph_panel_height(&panel, width, height), end);
    for (int p = 0; p < n; p++) {
        Rect a = squares[p];
        cr_assert_float_eq(a.width, unit * sqrt(parts[p].n), 1e-6);
        cr_assert(a.width == a.height && a.x >= 0 && a.y >= 0 && a.x + a.width <= width + 1e-6 &&
                  a.y + a.height <= height + 1e-6);
        for (int q = 0; q < p; q++) {
            Rect b = squares[q];
            cr_assert(a.x + 1e-6 >= b.x + b.width || b.x + 1e-6 >= a.x + a.width ||
                          a.y + 1e-6 >= b.y + b.height || b.y + 1e-6 >= a.y + a.height,
                      "%d lies on %d", p, q);
        }
    }
}

/* Thirty digons of side 30 fill 6 x 5 places of 180 x 150. A fallen-apart model loses less than
 * two thirds of the page. */
Test(graph, parts_lie_side_by_side_and_fill_the_page) {
    GraphPart parts[64];
    for (int p = 0; p < 64; p++)
        parts[p] = (GraphPart){.n = 2};
    check_squares(parts, 30, 180, 150, 30 / sqrt(2) - 1e-6);
    parts[0].n = 90;
    for (int p = 1; p < 20; p++)
        parts[p].n = p < 8 ? 8 : p < 12 ? 5 : 2;
    int n_nodes = 90 + 7 * 8 + 4 * 5 + 8 * 2;
    check_squares(parts, 20, 230, 230, sqrt(230 * 230 / 3. / n_nodes));
    parts[0].n = 400;
    check_squares(parts, 1, 230, 200, 10 - 1e-6);
    check_squares(parts, 0, 230, 200, 1);
}

Test(graph, nodes_lie_where_their_places_say_and_heavy_edges_are_darker) {
    const double x[] = {-1, 1, -1, 1}, y[] = {1, 1, -1, -1};
    const GraphEdge edges[] = {{0, 1, 1}, {2, 3, 0.1}};
    for (int theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
        const Style *style = style_of((Theme)theme);
        GraphPart part = {
            .n = 4, .x = x, .y = y, .edges = edges, .n_edges = 2, .color = style->held};
        GraphPanel panel = {
            .parts = &part, .n_parts = 1, .largest = 100, .selected_part = -1, .selected = -1};
        cairo_t *cairo;
        cairo_surface_t *surface = page_open(&cairo, 220, 220, style);
        graph_panel_draw(cairo, (Rect){10, 10, 200, 200}, &panel, style);
        for (int i = 0; i < 4; i++) /* 0.36 of the square's side from its middle */
            cr_assert_eq(pixel(surface, 110 + 72 * x[i], 110 - 72 * y[i]), rgb(style->held));
        unsigned background = rgb(style->background), heavy = pixel(surface, 110, 110 - 72);
        cr_assert_eq(heavy, rgb(style_tint(style, style->muted, 0.9)));
        cr_assert_neq(pixel(surface, 110, 110 + 72), background);
        cr_assert_neq(pixel(surface, 110, 110 + 72), heavy);
        cr_assert_eq(pixel(surface, 110, 110), background);
        cairo_destroy(cairo);
        cairo_surface_destroy(surface);
    }
}
