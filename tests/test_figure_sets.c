/* render: features in sets as figures show them, counted arrows, rows with headings of their own,
 * and the colours of interference. */
#include "render/figure/sets.h"
#include "render/figure/sheet.h"
#include "render/panel/directions.h"
#include "render/panel/gram.h"
#include "tests/figure_reading.h"
#include "tests/paper.h"

#include <criterion/criterion.h>

/* Three pairs: a hexagon with mates 60 degrees apart; one pair in one direction; the second
 * feature of each pair lost; all three pairs in one direction each. */
static void pairs_in_plane(int point, int i, int n_hidden, float *W_i) {
    (void)n_hidden;
    bool is_collapsed = point == 3 || (point == 1 && i < 2);
    double angle = is_collapsed ? M_PI / 3 * (i / 2 * 2) : M_PI / 3 * i;
    double norm = is_collapsed ? 0.71 : point == 2 && i % 2 ? 0.1 : 0.98;
    W_i[0] = (float)(norm * cos(angle));
    W_i[1] = (float)(norm * sin(angle));
}

static const StoreShape pairs_shape = {.title = "Three pairs",
                                       .config = "figures: [directions]\n",
                                       .n_features = 6,
                                       .n_hidden = 2,
                                       .n_points = 4,
                                       .n_restarts = 3,
                                       .decay = 1,
                                       .failed_point = -1,
                                       .direction = pairs_in_plane,
                                       .data = "correlated, set_size: 2"};

Test(sets, are_told_by_the_stored_settings) {
    static const struct {
        const char *data;
        int size;
        bool has_colors;
    } rows[] = {{"correlated, set_size: 2", 2, true},
                {"anticorrelated, set_size: 3", 3, true},
                {"hierarchical, set_size: 6", 6, false}, /* one set */
                {"correlated, set_size: 1", 1, false},
                {NULL, 1, false}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        Reading reading;
        StoreShape shape = pairs_shape;
        shape.data = rows[r].data;
        read_row(&reading, &shape, "directions");
        const int *sets = sets_of(reading.shown, &reading.bench.arena);
        cr_assert_eq(reading.shown->data.set_size, rows[r].size);
        cr_assert_eq(sets != NULL, rows[r].has_colors, "%s", rows[r].data);
        for (int i = 0; sets && i < 6; i++)
            cr_assert_eq(sets[i], i / rows[r].size);
        bench_close(&reading.bench);
    }
}

Test(sets, that_do_not_divide_the_features_are_damage) {
    Reading reading;
    Error error = {0};
    StoreShape shape = pairs_shape;
    shape.data = "correlated, set_size: 4";
    open_row(&reading, &shape, "directions");
    cr_assert_not(read_models(&reading, &error));
    cr_assert_str_eq(error.text, "run 0: its sets of 4 do not divide 6 features");
    bench_close(&reading.bench);
}

Test(sets, are_described_by_what_became_of_them) {
    static const char *const texts[] = {"mates at 60°", "1 of 3 pairs collapsed", NULL,
                                        "3 of 3 pairs collapsed"};
    Reading reading;
    Error error = {0};
    const char *text;
    read_row(&reading, &pairs_shape, "directions");
    for (int i = 0; i < 4; i++) {
        cr_assert(sets_describe(&reading.input, &reading.shown[i], &text, &error), "%s",
                  error.text);
        cr_assert_eq(text == NULL, texts[i] == NULL);
        if (text)
            cr_assert_str_eq(text, texts[i]);
    }
    bench_close(&reading.bench);
    StoreShape shape = pairs_shape;
    shape.data = "correlated, set_size: 3"; /* neighbours 60 degrees apart, ends 120 */
    read_row(&reading, &shape, "directions");
    cr_assert(sets_describe(&reading.input, reading.shown, &text, &error), "%s", error.text);
    cr_assert_str_eq(text, "mates at 60–120°");
    bench_close(&reading.bench);
    shape.data = NULL;
    read_row(&reading, &shape, "directions");
    cr_assert(sets_describe(&reading.input, reading.shown, &text, &error), "%s", error.text);
    cr_assert_null(text);
    bench_close(&reading.bench);
}

/* Of a page of points and restarts each row is a point. */
Test(rows, say_once_what_their_cells_share) {
    Reading reading;
    read_row(&reading, &pairs_shape, "{kind: directions, runs: all}");
    cr_assert_eq(reading.layout.row, 3);
    for (int i = 0; i < 12; i++) {
        static const char *const cells[] = {"restart 0 (best)", "restart 1", "restart 2"};
        cr_assert_str_eq(reading.shown[i].cell_caption, cells[i % 3]);
        cr_assert_str_eq(reading.shown[i].row_caption, reading.shown[i / 3 * 3].row_caption);
        cr_assert_str_eq(reading.shown[i].caption,
                         arena_print(&reading.bench.arena, "%s, %s", reading.shown[i].row_caption,
                                     cells[i % 3]));
    }
    cr_assert_str_eq(reading.shown[0].row_caption, "1 − <i>S</i> = 1");
    bench_close(&reading.bench);
}

/* Where cells were drawn. */
typedef struct Noted {
    Rect *rects;
} Noted;

static void note_rect(const void *content, int cell, cairo_t *cairo, Rect rect,
                      const Style *style) {
    const Noted *noted = content;
    (void)cairo, (void)style;
    noted->rects[cell] = rect;
}

/* Six cells that belong together by three, drawn; returns the page's height. */
static double draw_sheet(Reading *reading, double cell_width, int n_columns, double beside,
                         Rect *rects) {
    Error error = {0};
    Picture picture;
    Noted noted = {rects};
    Caption captions[6];
    for (int i = 0; i < 6; i++)
        captions[i] = (Caption){.heading = i < 3 ? "first, cell" : "second, cell",
                                .row = i < 3 ? "first" : "second",
                                .cell = "cell"};
    Sheet sheet = {.page = {.subtitle = "cells"},
                   .n_cells = 6,
                   .n_columns = n_columns,
                   .row = 3,
                   .cell_width = cell_width,
                   .cell_height = 100,
                   .beside = beside,
                   .captions = captions,
                   .content = &noted,
                   .draw_cell = note_rect};
    cr_assert(sheet_compose(&sheet, &reading->input, &picture, &error), "%s", error.text);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 10, 10);
    cairo_t *cairo = cairo_create(surface);
    picture.draw(picture.content, cairo, reading->input.style);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    return picture.height;
}

Test(rows, have_headings_where_a_row_has_room_and_nobody_asks_for_other_columns) {
    Reading reading;
    Rect rects[6];
    read_row(&reading, &pairs_shape, "directions");
    double high = draw_sheet(&reading, 200, 0, 0, rects);
    cr_assert(rects[2].y == rects[0].y && rects[3].y > rects[0].y + 100);
    double pitch = rects[3].y - rects[0].y;
    double low = draw_sheet(&reading, 200, 6, 0, rects);
    cr_assert_eq(rects[5].y, rects[0].y);
    cr_assert_gt(high - low, pitch, "a row more, and two headings");
    draw_sheet(&reading, 460, 0, 0, rects); /* three of these are 1458 wide, and a page 1400 */
    cr_assert_neq(rects[2].y, rects[0].y);
    cr_assert_lt(rects[2].y - rects[0].y, pitch);
    bench_close(&reading.bench);
}

/* A heading is 19 high, which the cell is higher than; 24 are between rows. */
Test(sheet, captions_beside_cells_take_no_height) {
    Reading reading;
    Rect rects[6];
    read_row(&reading, &pairs_shape, "directions");
    double below = draw_sheet(&reading, 700, 1, 0, rects);
    cr_assert_eq(rects[1].y - rects[0].y, 100 + 19 + 24);
    double left = rects[0].x;
    double beside = draw_sheet(&reading, 700, 1, 150, rects);
    cr_assert_eq(rects[1].y - rects[0].y, 100 + 24);
    cr_assert_eq(below - beside, 6 * 19);
    cr_assert_eq(rects[0].x - left, 150);
    bench_close(&reading.bench);
}

/* ---- panels ---- */

static unsigned rgb(Color c) {
    return (unsigned)lround(c.red * 255) << 16 | (unsigned)lround(c.green * 255) << 8 |
           (unsigned)lround(c.blue * 255);
}

/* Pixels in a square around a point that are not the background. */
static int count_marked(const Paper *paper, double x, double y, int reach, const Style *style) {
    int n = 0;
    for (int dy = -reach; dy <= reach; dy++)
        for (int dx = -reach; dx <= reach; dx++)
            n += pixel(paper, x + dx, y + dy) != rgb(style->background);
    return n;
}

/* Two pairs at right angles: one unit is 100 pixels around (100, 100). */
Test(directions, features_of_a_group_have_one_colour_and_a_line_between_their_tips) {
    const float W[] = {1, 0, 0, 1, -1, 0, 0, -1};
    const double weight[] = {1, 0.5, 0.2, 0.1};
    const int group[] = {0, 0, 1, 1};
    for (int theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
        const Style *style = style_of((Theme)theme);
        DirectionsPanel panel = {
            .n_features = 4, .W = W, .weight = weight, .radius = 1, .selected = -1};
        Paper plain = paper_open(400, 300, style), grouped = paper_open(400, 300, style);
        directions_panel_draw(plain.cairo, (Rect){0, 0, 200, 200}, &panel, style);
        panel.group = group;
        directions_panel_draw(grouped.cairo, (Rect){0, 0, 200, 200}, &panel, style);
        static const int at[4][2] = {{150, 100}, {100, 50}, {50, 100}, {100, 150}};
        for (int i = 0; i < 4; i++) {
            cr_assert(
                is_near(pixel(&plain, at[i][0], at[i][1]), style_weight(style, weight[i]), 3));
            cr_assert(
                is_near(pixel(&grouped, at[i][0], at[i][1]), style_category(style, group[i]), 3));
        }
        cr_assert_gt(count_marked(&grouped, 150, 50, 1, style), 2, "between 0 and 1");
        cr_assert_gt(count_marked(&grouped, 50, 150, 1, style), 2, "between 2 and 3");
        cr_assert_eq(count_marked(&grouped, 150, 150, 1, style), 0, "0 and 3 are strangers");
        cr_assert_eq(count_marked(&plain, 150, 50, 1, style), 0);
        paper_close(&plain);
        paper_close(&grouped);
    }
}

/* The count stands 11 pixels beyond the tips, at x = 161. */
Test(directions, that_lie_on_each_other_are_counted) {
    static const struct {
        float x, y; /* of the second arrow; the first is (0.5, 0) */
        bool is_counted;
    } rows[] = {{0.5f, 0, true}, {0.52f, 0.02f, true}, {0.5f, 0.1f, false}, {-0.5f, 0, false}};
    const double weight[] = {1, 1};
    const Style *style = style_of(THEME_LIGHT);
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        const float W[] = {0.5f, 0, rows[r].x, rows[r].y};
        DirectionsPanel panel = {
            .n_features = 2, .W = W, .weight = weight, .radius = 1, .selected = -1};
        Paper paper = paper_open(400, 300, style);
        directions_panel_draw(paper.cairo, (Rect){0, 0, 200, 200}, &panel, style);
        int n_marked = count_marked(&paper, 162, 100, 5, style);
        cr_assert(rows[r].is_counted ? n_marked > 10 : n_marked == 0, "row %zu: %d", r, n_marked);
        paper_close(&paper);
    }
}

/* Four features in two sets; the heat map is 160 pixels a side below its head. */
Test(gram, lines_part_the_sets) {
    double gram[16] = {0}, zeros[4] = {0}, norm[4] = {1, 1, 1, 1};
    for (int set_size = 0; set_size <= 2; set_size += 2) {
        const Style *style = style_of(THEME_LIGHT);
        Paper paper = paper_open(400, 300, style);
        double head = gram_panel_head(style);
        GramPanel panel = {4,    gram, zeros, norm,  zeros, set_size,
                           1.25, 160,  false, false, -1,    false};
        gram_panel_draw(paper.cairo, (Rect){0, 0, gram_panel_width(160), 160 + head}, &panel,
                        style);
        unsigned ground = pixel(&paper, 20, head + 20);
        bool across =
            pixel(&paper, 20, head + 80) != ground || pixel(&paper, 20, head + 79) != ground;
        bool down =
            pixel(&paper, 80, head + 20) != ground || pixel(&paper, 79, head + 20) != ground;
        cr_assert_eq(across, set_size > 0);
        cr_assert_eq(down, set_size > 0);
        cr_assert_eq(pixel(&paper, 20, head + 40), ground, "not between features of a set");
        paper_close(&paper);
    }
}

static double distance(Color a, Color b) {
    return fabs(a.red - b.red) + fabs(a.green - b.green) + fabs(a.blue - b.blue);
}

/* 0: alone; 1: an antipodal pair; 1.5 r^2 = 1.9: a pentagon; D_i of 0.2 and less: 4 and more. 3:
 * WCAG 2.1, success criterion 1.4.11 (graphics). */
Test(gram, colours_of_interference_tell_geometries_apart_and_stand_out) {
    static const double telling[] = {0, 0.5, 1, 1.9, 4};
    for (int theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
        const Style *style = style_of((Theme)theme);
        for (int i = 1; i < 5; i++)
            cr_assert_gt(distance(gram_panel_bar_color(style, telling[i]),
                                  gram_panel_bar_color(style, telling[i - 1])),
                         0.2, "theme %d: %g and %g", theme, telling[i], telling[i - 1]);
        for (int k = 0; k <= 500; k++) {
            Color color = gram_panel_bar_color(style, k / 100.0);
            cr_assert_geq(color_contrast(color, style->background), 3, "theme %d, %g", theme,
                          k / 100.0);
        }
        cr_assert_lt(
            distance(gram_panel_bar_color(style, 0.995), gram_panel_bar_color(style, 1.005)), 0.03,
            "a jump where the two halves meet, theme %d", theme);
        cr_assert_eq(distance(gram_panel_bar_color(style, 4), gram_panel_bar_color(style, 1e9)), 0);
        cr_assert_eq(distance(gram_panel_bar_color(style, 0), style_weight(style, 1)), 0);
    }
}

static Color grey(const Style *style, double value) {
    (void)style;
    return (Color){value / 4, value / 4, value / 4, 1};
}

Test(scale, a_middle_label_parts_the_bar) {
    const Style *style = style_of(THEME_LIGHT);
    ColorScale scale = {.title = "t", .from_label = "0", .to_label = "4", .color = grey, .to = 4};
    double whole = color_scale_width(style, &scale);
    scale.middle = 1;
    scale.middle_label = "1";
    double parted = color_scale_width(style, &scale);
    cr_assert_gt(parted, whole + 10);
    Paper paper = paper_open(400, 300, style);
    cr_assert_float_eq(color_scale_draw(paper.cairo, style, &scale, 300, 50), parted, 1e-9);
    int n_dark = 0, n_light = 0; /* pixels of the two bars: values to 1, values from 1 */
    for (int x = 300 - (int)parted; x < 300; x++) {
        unsigned value = pixel(&paper, x, 46) & 0xff;
        n_dark += value < 60;
        n_light += value > 68 && value < 250;
    }
    cr_assert(abs(n_dark - 52) < 8 && abs(n_light - 52) < 16, "%d, %d", n_dark, n_light);
    paper_close(&paper);
}
