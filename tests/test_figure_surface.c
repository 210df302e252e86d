/* The loss surface: its panel, and the figure of a store written here. */
#include "render/panel/surface.h"
#include "sim/theory/phase_surface.h"
#include "tests/pictured.h"

#include <math.h>

Test(surface_panel, steps_rise_in_lightness) {
    for (int k = 1; k <= 8; k++)
        cr_assert_gt(color_lightness(surface_panel_color(k, 8)),
                     color_lightness(surface_panel_color(k - 1, 8)) + 0.05);
}

/* Rows 0, 1, 2, 3 from the top, steps from 1 and from 2.5 on: colours 0, 1, 1, 2. A path along the
 * second row, broken at NaN; a mark on the map, and one that is not. */
Test(surface_panel, cells_paths_and_marks_lie_where_the_axes_say) {
    const double values[] = {0, 0, 1, 1, 2, 2, 3, 3}, levels[] = {1, 2.5};
    const double x[] = {0.05, 0.4, (double)NAN, 0.6, 0.95}, y[] = {0.625, 0.625, 0, 0.625, 0.625};
    const SurfacePath path = {5, x, y};
    const SurfaceMark marks[] = {{0.5, 0.1, MARK_DISC, 8}, {1.2, 0.9, MARK_DISC, 8}};
    const Style *style = style_of(THEME_LIGHT);
    SurfacePanel panel = {.axes = {.x = {.to = 1}, .y = {.to = 1}, .left = 30},
                          .n_rows = 4,
                          .n_columns = 2,
                          .values = values,
                          .levels = levels,
                          .n_levels = 2,
                          .paths = &path,
                          .n_paths = 1,
                          .marks = marks,
                          .n_marks = 2};
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 240, 200);
    cairo_t *cairo = cairo_create(image);
    canvas_set_color(cairo, style->background);
    cairo_paint(cairo);
    Rect rect = {0, 0, 200, 200}, plot = axes_plot(style, &panel.axes, rect);
    surface_panel_draw(cairo, rect, &panel, style);
    cairo_surface_flush(image);
    static const int steps[] = {0, 1, 1, 2};
    for (int row = 0; row < 4; row++)
        cr_expect_eq(pixel_at(image, axes_x(&panel.axes, plot, 0.1),
                              axes_y(&panel.axes, plot, 0.95 - 0.25 * row)),
                     raster_pixel(surface_panel_color(steps[row], 2)), "row %d", row);
    uint32_t below = raster_pixel(surface_panel_color(1, 2));
    double level = axes_y(&panel.axes, plot, 0.625);
    cr_expect_neq(pixel_at(image, axes_x(&panel.axes, plot, 0.2), level), below);
    cr_expect_neq(pixel_at(image, axes_x(&panel.axes, plot, 0.8), level), below);
    cr_expect_eq(pixel_at(image, axes_x(&panel.axes, plot, 0.5), level), below, "a gap");
    cr_expect_eq(pixel_at(image, axes_x(&panel.axes, plot, 0.5), axes_y(&panel.axes, plot, 0.1)),
                 0xffffff);
    for (int px = (int)(plot.x + plot.width + 4); px < 240; px++)
        cr_expect_eq(pixel_at(image, px, axes_y(&panel.axes, plot, 0.9)), 0xffffff,
                     "nothing beside the map");
    cairo_destroy(cairo);
    cairo_surface_destroy(image);
}

TestSuite(figure_surface, .init = begin, .fini = end);

typedef struct Written {
    const char *data, *importance;
    int n_features, n_hidden;
    float W[3], b[3];
} Written;

/* A run of two stored steps; W has n_features entries of one dimension. */
static void add_run(int number, const Written *written) {
    float start[9] = {-0.5f, 0.5f}, zero[3] = {0}, W[9] = {0};
    memcpy(W, written->W, sizeof written->W);
    Tensor weights = {.name = "W", .n_rows = written->n_features, .n_columns = written->n_hidden};
    Tensor biases = {.name = "b", .n_rows = written->n_features, .n_columns = 1, .is_vector = true};
    StoredTensor tensors[] = {
        {0, weights, start}, {0, biases, zero}, {9, weights, W}, {9, biases, written->b}};
    StoredRun run = {
        .number = number,
        .restart = number,
        .identity = arena_print(&arena, "%032d", number),
        .settings =
            arena_print(&arena,
                        "{data: {%s, n_features: %d}, task: {kind: identity, importance: "
                        "%s}, model: {kind: relu_output, n_hidden: %d}}",
                        written->data, written->n_features, written->importance, written->n_hidden),
        .axes = "{}",
        .status = RUN_DONE,
        .steps = 9};
    Error error = {0};
    cr_assert(store_add_run(store, &run, tensors, 4, NULL, 0, &error), "%s", error.text);
}

/* The share of the map, [-0.15, 1.4] x [-1.4, 1.4], where the loss is at most so many times the
 * lowest, by the closed form. */
static double share_within(double s, double r, double multiple) {
    SurfaceMinimum minima[MAX_SURFACE_MINIMA];
    phase_surface_minima(s, r, minima);
    int n = 0;
    for (int i = 0; i < 200; i++)
        for (int j = 0; j < 400; j++)
            n += phase_surface_loss(s, r, -0.15 + (i + 0.5) * 0.00775, -1.4 + (j + 0.5) * 0.007) <
                 multiple * minima[0].loss;
    return n / 80000.;
}

/* Steps 0 … 3 end at twice the lowest loss; marks and lines cover some of the map. */
Test(figure_surface, shows_as_much_of_each_height_as_there_is) {
    static const struct {
        const char *data, *importance;
        double s, r;
    } rows[] = {{"kind: independent, feature_probability: 0.6", "1", 0.6, 1},
                {"kind: independent, feature_probability: 0.5", "{last: 3}", 0.5, 3},
                {"kind: independent, feature_probability: 0.5", "[2, 1]", 0.5, 0.5}};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        Written written = {rows[k].data, rows[k].importance, 2, 1, {1, -1}, {0}};
        Error error = {0};
        add_run(0, &written);
        cr_assert(draw("surface", (Theme)(k % 2), &error), "%s", error.text);
        double low = 0, all = 0;
        for (int step = 0; step <= 8; step++) {
            double n = (double)count_pixels(surface_panel_color(step, 8));
            all += n;
            low += step < 4 ? n : 0;
        }
        cr_assert_gt(all, 4 * 200 * 100, "at twice the scale");
        cr_assert_float_eq(low / all, share_within(rows[k].s, rows[k].r, 2), 0.02, "row %zu: %g", k,
                           low / all);
    }
}

Test(figure_surface, is_of_two_features_in_one_dimension_without_biases) {
    static const struct {
        Written written;
        const char *message;
    } rows[] = {
        {{"kind: independent, feature_probability: 0.5", "1", 3, 1, {0}, {0}},
         "the surface is of 2 features in 1 dimension, not of 3 in 1"},
        {{"kind: independent, feature_probability: 0.5", "1", 2, 2, {0}, {0}},
         "the surface is of 2 features in 1 dimension, not of 2 in 2"},
        {{"kind: independent, feature_probability: [0.5, 0.1]", "1", 2, 1, {1, -1}, {0}},
         "the surface is of two independent features of one density, both of importance above 0"},
        {{"kind: correlated, set_size: 2, feature_probability: 0.5", "1", 2, 1, {1, -1}, {0}},
         "the surface is of two independent features of one density, both of importance above 0"},
        {{"kind: independent, feature_probability: 0.5", "{last: 0}", 2, 1, {1, -1}, {0}},
         "the surface is of two independent features of one density, both of importance above 0"},
        {{"kind: independent, feature_probability: 0.5", "1", 2, 1, {1, -1}, {0, 0.1f}},
         "the surface is that of models without biases, and run 0 has some: train with "
         "model.bias: false"},
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        Error error = {0};
        add_run(0, &rows[k].written);
        cr_assert_not(draw("surface", THEME_LIGHT, &error));
        cr_assert_str_eq(error.text,
                         arena_print(&arena, "x.db: figure surface: %s", rows[k].message));
        cr_assert_neq(access(picture, F_OK), 0);
    }
}
