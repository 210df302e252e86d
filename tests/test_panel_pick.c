/* render: which feature panels find under a point, and how a selected one stands out. Places are
 * closed forms: corners of a pentagon, cells of a grid, lengths of blocks. */
#include "render/draw/numbering.h"
#include "render/panel/directions.h"
#include "render/panel/gram.h"
#include "render/panel/graph.h"
#include "render/panel/line.h"
#include "render/panel/solid.h"
#include "render/panel/stack.h"
#include "tests/paper.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

enum { SIDE = 400 };
static const Rect page = {0, 0, SIDE, SIDE};

/* The contrast of a pixel with the background. */
static double contrast_at(const Paper *paper, double x, double y, const Style *style) {
    uint32_t value = pixel(paper, x, y);
    Color color = {(value >> 16 & 255) / 255.0, (value >> 8 & 255) / 255.0, (value & 255) / 255.0,
                   1};
    return color_contrast(color, style->background);
}

static void fill_pentagon(float *W) {
    for (int i = 0; i < 5; i++) {
        W[2 * i] = (float)cos(2 * M_PI * i / 5);
        W[2 * i + 1] = (float)sin(2 * M_PI * i / 5);
    }
}

/* Tips lie on a circle of 400 / 2 / 2 = 100 pixels about (200, 200). */
Test(directions, tips_and_shafts_are_found) {
    float W[10];
    const double weight[5] = {1, 1, 1, 1, 1};
    fill_pentagon(W);
    DirectionsPanel panel = {
        .n_features = 5, .W = W, .weight = weight, .radius = 2, .selected = -1};
    for (int i = 0; i < 5; i++) {
        double x = cos(2 * M_PI * i / 5), y = -sin(2 * M_PI * i / 5);
        for (double reach = 50; reach <= 110; reach += 10)
            cr_assert_eq(directions_panel_pick(page, &panel, 200 + reach * x, 200 + reach * y), i);
        cr_assert_eq(directions_panel_pick(page, &panel, 200 - 60 * x, 200 - 60 * y), -1);
        cr_assert_eq(directions_panel_pick(page, &panel, 200 + 130 * x, 200 + 130 * y), -1);
    }
}

/* At the middle of its shaft; the ring lies 6.5 pixels around the tip, beyond it at 106.5. */
Test(directions, the_selected_one_stands_out) {
    float W[10];
    const double weight[5] = {1, 1, 1, 1, 1};
    fill_pentagon(W);
    for (int theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
        const Style *style = style_of((Theme)theme);
        double whole[3], mate[3], ring[3];
        for (int selected = -1; selected < 2; selected++) {
            Paper paper = paper_open(SIDE, SIDE, style);
            DirectionsPanel panel = {
                .n_features = 5, .W = W, .weight = weight, .radius = 2, .selected = selected};
            directions_panel_draw(paper.cairo, page, &panel, style);
            whole[selected + 1] = contrast_at(&paper, 260, 200, style);
            mate[selected + 1] = contrast_at(&paper, 200 + 60 * cos(2 * M_PI / 5),
                                             200 - 60 * sin(2 * M_PI / 5), style);
            ring[selected + 1] = contrast_at(&paper, 306, 200, style);
            paper_close(&paper);
        }
        cr_assert_float_eq(whole[1], whole[0], 1e-9);
        cr_assert_lt(whole[2], 0.7 * whole[0]);
        cr_assert_gt(whole[2], 1.3); /* and is still seen */
        cr_assert_lt(mate[1], 0.7 * mate[0]);
        cr_assert_float_eq(mate[2], mate[0], 1e-9);
        cr_assert(ring[1] > 3 && ring[0] < 1.5 && ring[2] < 1.5, "%g %g %g", ring[0], ring[1],
                  ring[2]);
    }
}

/* Seen from the front: page right is x, page up y; W_2 lies behind W_1, straight behind. */
Test(solid, balls_are_found_and_the_one_in_front_first) {
    const float W[12] = {1, 0, 0, /**/ 0, 0, 1, /**/ 0, 0, -1, /**/ 0, -1, 0};
    const double weight[4] = {1, 1, 1, 1};
    SolidPanel panel = {.n_features = 4,
                        .W = W,
                        .weight = weight,
                        .camera = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
                        .radius = 1,
                        .selected = -1};
    double reach = 200 * sqrt(24) / 5; /* a ball of depth 0, of what the rim of the sphere has */
    cr_assert_eq(solid_panel_pick(page, &panel, 200 + reach, 200), 0);
    cr_assert_eq(solid_panel_pick(page, &panel, 200, 200 + reach), 3);
    cr_assert_eq(solid_panel_pick(page, &panel, 201, 199), 1);
    cr_assert_eq(solid_panel_pick(page, &panel, 300, 300), -1);
    panel.camera = (Camera){{{-1, 0, 0}, {0, 1, 0}, {0, 0, -1}}}; /* from behind */
    cr_assert_eq(solid_panel_pick(page, &panel, 201, 199), 2);
    cr_assert_eq(solid_panel_pick(page, &panel, 200 - reach, 200), 0);
}

Test(solid, the_selected_one_has_a_ring) {
    const float W[6] = {0.5f, 0, 0, /**/ -0.5f, 0, 0};
    const double weight[2] = {1, 1};
    for (int theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
        const Style *style = style_of((Theme)theme);
        Paper paper = paper_open(SIDE, SIDE, style);
        SolidPanel panel = {.n_features = 2,
                            .W = W,
                            .weight = weight,
                            .camera = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
                            .radius = 1,
                            .selected = 1};
        solid_panel_draw(paper.cairo, page, &panel, style);
        double x = 100 * sqrt(24) / 5, ring = 5.5 * 1.6 + 3; /* a ball's radius, and air */
        cr_assert_gt(contrast_at(&paper, 200 - x - ring, 200, style), 3);
        cr_assert_lt(contrast_at(&paper, 200 + x + ring, 200, style), 1.1);
        cr_assert_gt(contrast_at(&paper, 200 - x, 200, style),
                     1.5 * contrast_at(&paper, 200 + x, 200, style));
        paper_close(&paper);
    }
}

/* A bare heat map of 4 x 4 cells, 100 pixels each; with its columns, the row stays and beside it
 * lie bias and bar. */
Test(gram, cells_are_found) {
    double gram[16] = {0}, zeros[4] = {0}, norm[4] = {1, 1, 1, 1};
    const Style *style = style_of(THEME_LIGHT);
    GramPanel panel = {4, gram, zeros, norm, zeros, 0, 1.25, 160, false, true, -1, false};
    GramPart part;
    int row, column;
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) {
            cr_assert(gram_panel_pick(page, &panel, style, 100 * j + 50, 100 * i + 50, &part, &row,
                                      &column));
            cr_assert(part == GRAM_ENTRY && row == i && column == j);
        }
    panel.is_bare = false;
    double head = gram_panel_head(style), side = SIDE - head;
    for (int i = 0; i < 4; i++) {
        double y = head + side * (i + 0.5) / 4;
        cr_assert(gram_panel_pick(page, &panel, style, side * 1.08, y, &part, &row, &column));
        cr_assert(part == GRAM_BIAS && row == i && column == -1);
        cr_assert(gram_panel_pick(page, &panel, style, side * 1.3, y, &part, &row, &column));
        cr_assert(part == GRAM_BAR && row == i && column == -1);
    }
    cr_assert_not(gram_panel_pick(page, &panel, style, side * 1.02, 200, &part, &row, &column));
    cr_assert_not(gram_panel_pick(page, &panel, style, 200, head - 2, &part, &row, &column));
}

/* Colours at the middles of cells: row and column 1 keep theirs. */
Test(gram, the_selected_row_and_column_keep_their_colours) {
    double gram[16], zeros[4] = {0}, norm[4] = {1, 1, 1, 1};
    for (int i = 0; i < 16; i++)
        gram[i] = 1;
    for (int theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
        const Style *style = style_of((Theme)theme);
        Paper paper = paper_open(SIDE, SIDE, style);
        GramPanel panel = {4, gram, zeros, norm, zeros, 0, 1.25, 160, false, true, 1, false};
        gram_panel_draw(paper.cairo, page, &panel, style);
        double whole = color_contrast(style_signed(style, 1), style->background);
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 4; j++) {
                double seen = contrast_at(&paper, 100 * j + 50, 100 * i + 50, style);
                if (i == 1 || j == 1)
                    cr_assert_float_eq(seen, whole, 0.1);
                else
                    cr_assert(seen < 0.75 * whole && seen > 1.2, "%g of %g", seen, whole);
            }
        paper_close(&paper);
    }
}

/* What a mark stands for, and where there is room for it. */
Test(numbering, leaves_out_what_would_touch) {
    static const int features[] = {0, 3, 12, 13};
    static const char *const expected[] = {"", "0", "0, 3", "0, 3, 12", "×4"};
    char text[24];
    for (int n = 0; n <= 4; n++) {
        numbering_text(features, n, text);
        cr_assert_str_eq(text, expected[n]);
    }
    /* Two numbers in one place, and one 100 pixels to the right: the second of the two is left
     * out, unless it goes first. */
    const Style *style = style_of(THEME_LIGHT);
    for (int is_first = 0; is_first < 2; is_first++) {
        Paper paper = paper_open(SIDE, SIDE, style);
        NumberedMark marks[3] = {{.x = 50, .y = 100, .dx = -1, .away = 10, .text = "8"},
                                 {.x = 50, .y = 100, .dx = -1, .away = 10, .text = "88888"},
                                 {.x = 150, .y = 100, .dx = -1, .away = 10, .text = "8"}};
        marks[1].is_first = is_first;
        numbering_draw(paper.cairo, style, marks, 3);
        double most = 0, other = 0;
        for (int x = 0; x < 30; x++)
            for (int y = 90; y < 110; y++)
                most = fmax(most, contrast_at(&paper, x, y, style));
        for (int x = 130; x < 150; x++)
            for (int y = 90; y < 110; y++)
                other = fmax(other, contrast_at(&paper, x, y, style));
        cr_assert(is_first ? most > 2 : most < 1.1, "%d: %g", is_first, most);
        cr_assert(other > 2, "%g", other);
        paper_close(&paper);
    }
}

/* One part in a square of 200, its nodes 0.36 of that from the middle. */
Test(graph, nodes_are_found) {
    const double x[3] = {1, -1, 0}, y[3] = {0, 0, 1};
    const GraphPart parts[2] = {{.n = 3, .x = x, .y = y, .color = {1, 0, 0, 1}},
                                {.n = 1, .x = x + 2, .y = x + 2, .color = {0, 0, 1, 1}}};
    GraphPanel panel = {.parts = parts,
                        .n_parts = 2,
                        .largest = 200 / sqrt(3),
                        .selected_part = -1,
                        .selected = -1};
    int part = -1, node = -1;
    cr_assert(graph_panel_pick(page, &panel, 172, 101, &part, &node));
    cr_assert(part == 0 && node == 0);
    cr_assert(graph_panel_pick(page, &panel, 28, 99, &part, &node));
    cr_assert(part == 0 && node == 1);
    cr_assert(graph_panel_pick(page, &panel, 100, 28, &part, &node));
    cr_assert(part == 0 && node == 2);
    cr_assert(graph_panel_pick(page, &panel, 200 + 100 / sqrt(3), 100 / sqrt(3), &part, &node));
    cr_assert(part == 1 && node == 0);
    cr_assert_not(graph_panel_pick(page, &panel, 100, 100, &part, &node));
}

/* Two columns of 184 pixels beside the numbers, from -1 at the bottom to 3 at the top: 100 pixels
 * for 1, the axis at 300. */
Test(stack, blocks_are_found) {
    const double weights[] = {1, 1.5, /**/ -0.8, 0.5}, shade[] = {1, 0};
    const bool stores[] = {true, true, true, true};
    StackPanel panel = {.n_neurons = 2,
                        .n_features = 2,
                        .weights = weights,
                        .stores = stores,
                        .shade = shade,
                        .low = -1,
                        .high = 3,
                        .selected = -1};
    int column, feature;
    const double places[][4] = {{120, 250, 0, 0}, {120, 150, 0, 1}, {120, 30, 0, -1},
                                {300, 340, 1, 0}, {300, 270, 1, 1}, {300, 200, 1, -1}};
    for (int p = 0; p < 6; p++) {
        cr_assert(stack_panel_pick(page, &panel, places[p][0], places[p][1], &column, &feature));
        cr_assert(column == (int)places[p][2] && feature == (int)places[p][3], "%d: %d %d", p,
                  column, feature);
    }
    cr_assert_not(stack_panel_pick(page, &panel, 10, 200, &column, &feature));
}

/* One feature at +1 and none beside it: most of what is dark is right of the middle, however small
 * the cell of a grid. */
Test(line, arrows_point_their_way_in_the_smallest_cells) {
    static const int sizes[][2] = {{600, 400}, {60, 24}, {22, 10}};
    const float W = 1;
    const double weight = 1;
    const LinePanel panel = {
        .n_features = 1, .W = &W, .weight = &weight, .radius = 1.3, .selected = -1};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        int width = sizes[s][0], height = sizes[s][1], n_right = 0;
        cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
        cairo_t *cairo = cairo_create(surface);
        line_panel_draw(cairo, (Rect){0, 0, width, height}, &panel, style_of(THEME_LIGHT));
        cairo_surface_flush(surface);
        const unsigned char *rows = cairo_image_surface_get_data(surface);
        for (int y = 0; y < height; y++, rows += cairo_image_surface_get_stride(surface))
            for (int x = 0; x < width; x++)
                if (abs(x - width / 2) > 2 && rows[4 * x + 3] > 128)
                    n_right += x > width / 2 ? 1 : -1;
        cr_assert_geq(n_right, width / 6, "%d x %d: %d", width, height, n_right);
        cairo_destroy(cairo);
        cairo_surface_destroy(surface);
    }
}
