/* The phase panel: its colours, where names go, and what lands on the page. */
#include "render/draw/raster.h"
#include "render/panel/phase.h"
#include "tests/paper.h"

#include <criterion/criterion.h>
#include <math.h>

enum { N = 20 };

static double apart(Color a, Color b) {
    return fmax(fabs(a.red - b.red), fmax(fabs(a.green - b.green), fabs(a.blue - b.blue)));
}

static bool is_same(Color a, Color b) {
    return apart(a, b) < 1e-3;
}

/* Not represented is the ground whatever the interference; the two full colours differ in hue and,
 * for eyes that do not see it, in lightness; what is not known is neither. */
Test(phase_panel, colours_tell_three_classes_apart) {
    for (int theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
        const Style *style = style_of((Theme)theme);
        Color ground = phase_panel_color(style, 0, 0), alone = phase_panel_color(style, 1, 0),
              shared = phase_panel_color(style, 1, 1);
        cr_expect(is_same(ground, phase_panel_color(style, 0, 1)));
        cr_expect(alone.blue > alone.red && shared.red > shared.blue);
        cr_expect_gt(fabs(color_lightness(alone) - color_lightness(shared)), 0.15);
        cr_expect_gt(fabs(color_lightness(alone) - color_lightness(ground)), 0.15);
        cr_expect_gt(fabs(color_lightness(shared) - color_lightness(ground)), 0.15);
        cr_expect(is_same(alone, phase_panel_color(style, 1.3, -0.1)));
        Color unknown = phase_panel_color(style, (double)NAN, 0);
        cr_expect(is_same(unknown, phase_panel_color(style, 1, (double)NAN)));
        cr_expect(apart(unknown, ground) > 0.05 && apart(unknown, alone) > 0.05 &&
                  apart(unknown, shared) > 0.05);
        for (int k = 1; k <= 20; k++)
            cr_expect(!is_same(phase_panel_color(style, k / 20., 0),
                               phase_panel_color(style, (k - 1) / 20., 0)));
    }
}

/* Left half 0 but for a hole, right half 1, a thin strip of 2 below. */
static void fill_regions(int *region) {
    for (int i = 0; i < N * N; i++)
        region[i] = i / N >= N - 2 ? 2 : i % N >= N / 2;
    region[4 * N + 4] = -1;
}

static PhasePanel panel_of(const double *norm, const double *interference, const int *region,
                           const char *const *names) {
    return (PhasePanel){
        .axes = {.x = {.form = AXIS_LOG, .from = 0.1, .to = 10},
                 .y = {.form = AXIS_LOG, .from = 0.01, .to = 1},
                 .left = 30},
        .n_rows = N,
        .n_columns = N,
        .norm = norm,
        .interference = interference,
        .region = region,
        .names = names,
        .n_regions = names ? 3 : 0,
        .max_pixels = N,
    };
}

/* The whole box lies in the region, and none that is much larger does anywhere. */
Test(phase_panel, names_go_where_there_is_room) {
    int region[N * N], row = -1, column = -1;
    fill_regions(region);
    PhasePanel panel = panel_of(NULL, NULL, region, NULL);
    static const struct {
        int region, width, height;
        bool fits;
    } rows[] = {{0, 5, 3, true},   {0, 9, 3, true},  {0, 11, 3, false}, {1, 9, 17, true},
                {1, 3, 19, false}, {2, 19, 1, true}, {2, 3, 3, false},  {3, 1, 1, false}};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        bool is_placed =
            phase_panel_place(&panel, rows[k].region, rows[k].width, rows[k].height, &row, &column);
        cr_assert_eq(is_placed, rows[k].fits, "row %zu", k);
        for (int i = -(rows[k].height / 2); is_placed && i <= rows[k].height / 2; i++)
            for (int j = -(rows[k].width / 2); j <= rows[k].width / 2; j++) {
                cr_assert(row + i >= 0 && row + i < N && column + j >= 0 && column + j < N);
                cr_assert_eq(region[(row + i) * N + column + j], rows[k].region, "row %zu", k);
            }
    }
    phase_panel_place(&panel, 1, 1, 1, &row, &column);
    cr_assert(abs(row - 8) <= 5 && abs(column - 14) <= 1, "in the middle: %d %d", row, column);
}

/* The first row is on top; a value's cell lies where the axes put it; the line is drawn over it. */
Test(phase_panel, cells_lie_where_the_axes_say) {
    double norm[N * N], interference[N * N];
    int region[N * N];
    for (int i = 0; i < N * N; i++) {
        norm[i] = i / N < N / 2 ? 0 : 1;
        interference[i] = i % N < N / 2 ? 0 : 1;
        region[i] = -1;
    }
    const Style *style = style_of(THEME_LIGHT);
    static const char *const names[] = {"none", "two\nlines", "third"};
    double x[] = {0.1, 1, (double)NAN, 3, 3}, y[] = {0.02, 0.02, 1, 0.05, 0.02};
    PhaseLine line = {.n = 5, .x = x, .y = y};
    for (int has_line = 0; has_line < 2; has_line++) {
        PhasePanel panel = panel_of(norm, interference, region, names);
        panel.lines = &line;
        panel.n_lines = has_line;
        cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 240, 240);
        cairo_t *cairo = cairo_create(image);
        Rect rect = {0, 0, 240, 240}, plot = axes_plot(style, &panel.axes, rect);
        phase_panel_draw(cairo, rect, &panel, style);
        cairo_surface_flush(image);
        uint32_t cells[] = {raster_pixel(phase_panel_color(style, 0, 0)),
                            raster_pixel(phase_panel_color(style, 1, 0)),
                            raster_pixel(phase_panel_color(style, 1, 1))};
        cr_expect_eq(
            pixel_at(image, axes_x(&panel.axes, plot, 0.2), axes_y(&panel.axes, plot, 0.4)),
            cells[0]);
        cr_expect_eq(
            pixel_at(image, axes_x(&panel.axes, plot, 0.2), axes_y(&panel.axes, plot, 0.05)),
            cells[1]);
        cr_expect_eq(pixel_at(image, axes_x(&panel.axes, plot, 5), axes_y(&panel.axes, plot, 0.05)),
                     cells[2]);
        int n_line = 0, n_gap = 0;
        double level = axes_y(&panel.axes, plot, 0.02);
        for (double r = 0.12; r < 0.9; r *= 1.02)
            n_line += pixel_at(image, axes_x(&panel.axes, plot, r), level) != cells[1];
        for (double r = 1.2; r < 2.7; r *= 1.02)
            n_gap += pixel_at(image, axes_x(&panel.axes, plot, r), level) != cells[2];
        cr_expect(has_line ? n_line > 10 : n_line == 0, "%d", n_line);
        cr_expect_eq(n_gap, 0, "the line is broken at NaN");
        cairo_destroy(cairo);
        cairo_surface_destroy(image);
    }
}
