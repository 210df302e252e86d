/* render: axes, marks and the curves panel. */
#include "render/draw/label.h"
#include "render/panel/curves.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

/* Ends and ticks by hand: 1, 2 or 5 times a power of ten, the least step that fits. */
Test(axes, ticks_are_round_values_inside_the_axis) {
    static const struct {
        Axis axis;
        int max_ticks, n;
        double ticks[8];
    } rows[] = {
        {{.from = 0, .to = 1}, 6, 6, {0, 0.2, 0.4, 0.6, 0.8, 1}},
        {{.from = 1, .to = 0}, 3, 3, {0, 0.5, 1}},
        {{.from = -0.3, .to = 0.31}, 4, 3, {-0.2, 0, 0.2}},
        {{.from = 0.009, .to = 1.1, .form = AXIS_LOG}, 6, 3, {0.01, 0.1, 1}},
        {{.from = 1, .to = 30, .form = AXIS_LOG}, 8, 5, {1, 2, 5, 10, 20}},
        {{.from = 1, .to = 1e8, .form = AXIS_LOG}, 4, 3, {1, 1e3, 1e6}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double ticks[MAX_TICKS];
        int n = axis_ticks(&rows[i].axis, rows[i].max_ticks, ticks);

        cr_assert_eq(n, rows[i].n, "row %zu: %d", i, n);
        for (int k = 0; k < n; k++)
            cr_assert_float_eq(ticks[k], rows[i].ticks[k], 1e-9 * fabs(rows[i].ticks[k]) + 1e-12);
    }
}

/* A logarithmic axis halves a decade at its geometric mean. */
Test(axes, places_and_values_are_inverse) {
    const Axis linear = {.from = 3, .to = 1}, log = {.from = 0.01, .to = 100, .form = AXIS_LOG};
    cr_assert_float_eq(axis_place(&linear, 2.5), 0.25, 1e-12);
    cr_assert_float_eq(axis_place(&log, 1), 0.5, 1e-12);
    cr_assert_float_eq(axis_place(&log, 0.1), 0.25, 1e-12);
    cr_assert(isnan(axis_place(&log, 0)) && isnan(axis_place(&linear, (double)NAN)));
    for (int k = -3; k <= 13; k++) {
        cr_assert_float_eq(axis_place(&linear, axis_value(&linear, k / 10.0)), k / 10.0, 1e-12);
        cr_assert_float_eq(axis_place(&log, axis_value(&log, k / 10.0)), k / 10.0, 1e-12);
    }
}

Test(axes, cover_holds_what_has_a_place) {
    const double values[] = {3, (double)NAN, 1, HUGE_VAL, -5};
    Axis linear = {0}, log = {.form = AXIS_LOG}, empty = {0}, one = {0};
    axis_cover(&linear, values, 5, 0);
    cr_assert(linear.from == -5 && linear.to == 3);
    axis_cover(&log, values, 5, 0);
    cr_assert_float_eq(log.from, 1, 1e-12);
    cr_assert_float_eq(log.to, 3, 1e-12);
    axis_cover(&empty, values + 1, 1, 0);
    cr_assert(empty.from == 0 && empty.to == 1);
    axis_cover(&one, values, 1, 0);
    cr_assert(one.from < 3 && one.to > 3);
    axis_include(&one, 7);
    cr_assert(one.from < 3 && one.to == 7);
}

/* 3: WCAG 2.1, success criterion 1.4.11 (graphics); 4.5: 1.4.3 (text), for thin lines on black. */
Test(style, categories_stand_out_and_differ) {
    for (int theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
        const Style *style = style_of((Theme)theme);
        for (int i = 0; i < N_CATEGORIES; i++) {
            Color color = style_category(style, i);
            double least = theme == THEME_DARK && i != N_CATEGORIES - 1 ? 4.5 : 3;
            cr_assert_geq(color_contrast(color, style->background), least, "%d, %d", theme, i);
            for (int j = 0; j < i; j++) {
                Color other = style_category(style, j);
                cr_assert_gt(fabs(color.red - other.red) + fabs(color.green - other.green) +
                                 fabs(color.blue - other.blue),
                             0.2);
            }
        }
    }
}

static cairo_surface_t *draw_panel(const CurvesPanel *panel, const Style *style, Rect *plot) {
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 400, 300);
    cairo_t *cairo = cairo_create(surface);
    canvas_set_color(cairo, style->background);
    cairo_paint(cairo);
    *plot = curves_panel_draw(cairo, (Rect){10, 10, 380, 280}, panel, style);
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    return surface;
}

static unsigned pixel(cairo_surface_t *surface, double x, double y) {
    const unsigned char *data = cairo_image_surface_get_data(surface);
    unsigned value;
    memcpy(&value, data + (int)y * cairo_image_surface_get_stride(surface) + 4 * (int)x,
           sizeof value);
    return value & 0xffffff;
}

static unsigned rgb(Color c) {
    return (unsigned)lround(c.red * 255) << 16 | (unsigned)lround(c.green * 255) << 8 |
           (unsigned)lround(c.blue * 255);
}

Test(curves, points_lie_where_the_axes_say_and_gaps_stay_open) {
    const double x[] = {1, 10, 100}, y[] = {0, (double)NAN, 1};
    for (int theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
        const Style *style = style_of((Theme)theme);
        CurveSeries series = {.name = "loss",
                              .color = style_category(style, 1),
                              .mark = MARK_SQUARE,
                              .mark_size = 9,
                              .has_line = true,
                              .n = 3,
                              .x = x,
                              .y = y};
        CurvesPanel panel = {.axes = {.x = {.label = "x", .form = AXIS_LOG}, .y = {.label = "y"}},
                             .series = &series,
                             .n_series = 1};
        Rect plot;
        curves_panel_cover(&panel);
        cairo_surface_t *surface = draw_panel(&panel, style, &plot);
        for (int i = 0; i < 3; i += 2)
            cr_assert_eq(
                pixel(surface, axes_x(&panel.axes, plot, x[i]), axes_y(&panel.axes, plot, y[i])),
                rgb(series.color));
        cr_assert_neq(pixel(surface, plot.x + plot.width / 2, plot.y + plot.height / 2),
                      rgb(series.color), "the line goes through a missing point");
        cr_assert(plot.x > 10 && plot.y > 10 && plot.x + plot.width <= 390);
        cairo_surface_destroy(surface);
    }
}

/* Whether anything is drawn there. */
static bool has_ink(cairo_surface_t *surface, Rect rect, const Style *style) {
    bool has = false;
    for (int y = (int)rect.y; y < rect.y + rect.height; y++)
        for (int x = (int)rect.x; x < rect.x + rect.width; x++)
            has = has || pixel(surface, x, y) != rgb(style->background);
    return has;
}

/* A line up from the middle of the plot to beyond the top, by half its height or by nine times it,
 * which is not followed but for 34 pixels. Seven pixels below its tip an arrowhead is 5.6 wide, and
 * the line 1.75; the value stands above. */
Test(curves, an_arrowhead_says_where_a_line_leaves_the_plot) {
    for (int k = 0; k < 8; k++) {
        bool is_far = k >= 4;
        const double x[] = {0.5, 0.5}, y[] = {2, is_far ? 40 : 6};
        const Style *style = style_of(k % 2 ? THEME_DARK : THEME_LIGHT);
        bool is_endless = k % 4 >= 2;
        CurveSeries series = {.color = style_category(style, 1),
                              .has_line = true,
                              .is_endless = is_endless,
                              .n = 2,
                              .x = x,
                              .y = y};
        CurvesPanel panel = {
            .axes = {.x = {.to = 1}, .y = {.to = 4}}, .series = &series, .n_series = 1};
        Rect plot;
        cairo_surface_t *surface = draw_panel(&panel, style, &plot);
        double middle = axes_x(&panel.axes, plot, 0.5), start = axes_y(&panel.axes, plot, 2);
        double tip = is_far && !is_endless ? start - 34 : plot.y;
        cr_assert_eq(pixel(surface, middle, start - 10), rgb(series.color), "the line");
        cr_assert_eq(pixel(surface, middle, plot.y + 40) == rgb(series.color),
                     !is_far || is_endless, "%d: how far it goes", k);
        for (int side = -1; side <= 1; side += 2)
            cr_assert_eq(pixel(surface, middle + 2 * side, tip + 7) == rgb(series.color),
                         !is_endless, "%d", k);
        Rect above = {middle - 15, tip - 14, 30, 12};
        cr_assert_eq(has_ink(surface, above, style), !is_endless, "%d", k);
        cairo_surface_destroy(surface);
    }
}

/* A guide in the middle, with and without a line close to the right of it. */
Test(curves, a_guides_name_keeps_clear_of_lines) {
    const Style *style = style_of(THEME_LIGHT);
    const double x[] = {0.53, 0.53}, y[] = {0, 1};
    CurveGuide guide = {.is_vertical = true, .value = 0.5, .label = "name"};
    CurveSeries series = {
        .color = style_category(style, 1), .has_line = true, .n = 2, .x = x, .y = y};
    for (int n = 0; n <= 1; n++) {
        CurvesPanel panel = {.axes = {.x = {.to = 1}, .y = {.to = 1.01}},
                             .series = &series,
                             .n_series = n,
                             .guides = &guide,
                             .n_guides = 1};
        Rect plot;
        cairo_surface_t *surface = draw_panel(&panel, style, &plot);
        double middle = axes_x(&panel.axes, plot, 0.5);
        Rect left = {middle - 30, plot.y + 3, 27, 10}, right = {middle + 20, plot.y + 3, 12, 10};
        cr_assert_eq(has_ink(surface, left, style), n == 1);
        cr_assert_eq(has_ink(surface, right, style), n == 0);
        cairo_surface_destroy(surface);
    }
}

/* Two rows where one is too narrow: entries are some 80 wide. */
Test(mark, a_legend_breaks_into_rows) {
    const Style *style = style_of(THEME_LIGHT);
    const LegendEntry entries[] = {{"pentagons", {0, 0, 0, 1}, MARK_DISC, true, false},
                                   {"two digons", {0, 0, 0, 1}, MARK_RING, false, false}};
    double one = legend_height(style, entries, 2, 400), two = legend_height(style, entries, 2, 100);
    cr_assert_float_eq(two, 2 * one, 1e-9);
    cr_assert_eq(legend_height(style, entries, 0, 400), 0);
}

/* The longest run of rows (or columns) with ink in a part of a picture. */
static int longest_run(cairo_surface_t *surface, Rect part, bool by_rows) {
    const unsigned char *data = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface), longest = 0, run = 0;
    int n = (int)(by_rows ? part.height : part.width),
        m = (int)(by_rows ? part.width : part.height);
    for (int i = 0; i < n; i++) {
        bool has_ink = false;
        for (int k = 0; k < m; k++) {
            int x = (int)part.x + (by_rows ? k : i), y = (int)part.y + (by_rows ? i : k);
            has_ink |= data[y * stride + 4 * x] < 200;
        }
        run = has_ink ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

/* Ticks nearer to each other than their numbers are high, or wide: some go without, none lies on
 * another. A dash is one run of ink as wide as its label. */
Test(axes, numbers_do_not_lie_on_each_other) {
    static const double values[] = {1, 2, 3, 4, 5, 6, 7, 8};
    static const char *const dashes[] = {"———", "———", "———", "———", "———", "———", "———", "———"};
    const Style *style = style_of(THEME_LIGHT);
    Axis crowded = {.from = 0, .to = 9, .ticks = values, .tick_labels = dashes, .n_ticks = 8};
    Axes axes = {.x = crowded, .y = {.from = 0, .to = 9, .ticks = values, .n_ticks = 8}};
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 240, 120);
    cairo_t *cairo = cairo_create(surface);
    canvas_set_color(cairo, style->background);
    cairo_paint(cairo);
    Rect plot = axes_draw(cairo, style, &axes, (Rect){10, 10, 180, 80});
    cairo_surface_flush(surface);
    double width = label_width(style, (Label){TEXT_SMALL, ALIGN_LEFT, 0}, dashes[0]);
    cr_assert_lt(plot.width / 9, width);
    cr_assert_lt(plot.height / 9, 8);
    Rect left = {0, plot.y - 8, plot.x - 4, plot.height + 16};
    Rect below = {0, plot.y + plot.height + 6, 240, 18};
    int high = longest_run(surface, left, true), wide = longest_run(surface, below, false);
    cr_assert(high >= 7 && high <= 12, "%d", high);
    cr_assert(wide >= width - 4 && wide <= width + 2, "%d of %g", wide, width);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
}
