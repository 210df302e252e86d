/* render: the stack panel by what it draws, and neuron stack plots of constructed stores. */
#include "render/figure/figure.h"
#include "render/figure/shown.h"
#include "render/panel/stack.h"
#include "sim/base/text.h"
#include "tests/figure_bench.h"
#include "tests/paper.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check_pixel(const Paper *paper, double x, double y, Color color, const char *what) {
    uint32_t value = pixel(paper, x, y);
    cr_assert(is_near(value, color, 1), "%s: %06x at (%g, %g)", what, (unsigned)value, x, y);
}

/* Three columns of 40 after 32 for the numbers; 50 pixels a unit from 3 to -1, the axis at 150. The
 * points lie a little inside the blocks' left edges, where no number stands. */
Test(stack, blocks_stand_on_the_axis_in_the_order_of_features) {
    const double weights[] = {1, 0, /**/ 1, 1.5, /**/ -0.8, 0}, shade[] = {1, 0};
    const bool stores[] = {true, false, true, true, false, false};
    for (int theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
        const Style *style = style_of((Theme)theme);
        Paper paper = paper_open(152, 200, style);
        StackPanel panel = {.n_neurons = 3,
                            .n_features = 2,
                            .weights = weights,
                            .stores = stores,
                            .shade = shade,
                            .low = -1,
                            .high = 3,
                            .selected = -1};
        stack_panel_draw(paper.cairo, (Rect){0, 0, 152, 200}, &panel, style);
        check_pixel(&paper, 39, 140, style_weight(style, 1), "alone");
        check_pixel(&paper, 39, 90, style->background, "above it");
        check_pixel(&paper, 34, 170, style->background, "no ground behind one feature");
        check_pixel(&paper, 79, 140, style_weight(style, 1), "the first feature");
        check_pixel(&paper, 79, 60, style_weight(style, 0), "the second on it");
        check_pixel(&paper, 79, 170, stack_panel_ground(style, 2), "ground behind two");
        check_pixel(&paper, 119, 180, style_tint(style, style_weight(style, 1), 0.45),
                    "not stored");
        check_pixel(&paper, 119, 140, style->background, "negative weights hang down");
        paper_close(&paper);
    }
}

/* 1 + 1.5 and -0.8 by hand; the stray weights of a neuron that are lumped may be cut. */
Test(stack, covers_what_is_drawn_whole) {
    const double weights[] = {1, 0, /**/ 1, 1.5, /**/ -0.8, 9};
    const bool stores[] = {true, false, true, true, true, false};
    StackPanel panel = {.n_neurons = 3, .n_features = 2, .weights = weights, .stores = stores};
    stack_panel_cover(&panel);
    cr_assert(panel.low == -0.8 && panel.high == 9);
    panel.lumps_strays = true;
    stack_panel_cover(&panel);
    cr_assert(panel.low == -0.8 && panel.high == 2.5);
    const double slight[] = {1, 0, /**/ 1, 1.5, /**/ 2.5, 1};
    panel.weights = slight;
    stack_panel_cover(&panel);
    cr_assert(panel.high == 3.5 && !stack_panel_is_torn(&panel), "%g", panel.high);
    panel.weights = weights;
    stack_panel_cover(&panel);
    cr_assert_not(stack_panel_is_torn(&(StackPanel){
        .n_neurons = 2, .n_features = 2, .weights = weights, .stores = stores, .high = 2.5}));
    cr_assert(stack_panel_is_torn(&panel));
}

/* One column from 32 to 132, less 8 on each side: six teeth of 14 between 40 and 124, 4 high. Above
 * them stands 10. */
Test(stack, strays_that_go_on_above_end_in_teeth) {
    const double weights[] = {1, 9}, shade[] = {1, 0};
    const bool stores[] = {true, false};
    const Style *style = style_of(THEME_LIGHT);
    Paper paper = paper_open(132, 200, style);
    StackPanel panel = {.n_neurons = 1,
                        .n_features = 2,
                        .weights = weights,
                        .stores = stores,
                        .shade = shade,
                        .lumps_strays = true,
                        .high = 3,
                        .selected = -1};
    stack_panel_draw(paper.cairo, (Rect){0, 20, 132, 180}, &panel, style);
    for (int tooth = 0; tooth < 6; tooth++) {
        check_pixel(&paper, 40 + 14 * tooth + 7, 20, style->background, "between teeth");
        check_pixel(&paper, 40 + 14 * tooth, 22, style->faint, "a tooth");
    }
    check_pixel(&paper, 47, 28, style->faint, "below them");
    int n_dark = 0;
    for (int x = 32; x < 132; x++)
        for (int y = 5; y < 18; y++)
            n_dark += (pixel(&paper, x, y) & 255) < 160;
    cr_assert(n_dark > 8, "%d", n_dark);
    paper_close(&paper);
}

Test(stack, the_ground_tells_neurons_of_several_features_from_those_of_one) {
    for (int theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
        const Style *style = style_of((Theme)theme);
        Color several = stack_panel_ground(style, 2);
        cr_assert_eq(color_contrast(stack_panel_ground(style, 1), style->background), 1);
        cr_assert_gt(color_contrast(several, style->background), 1.06);
        cr_assert_eq(color_contrast(stack_panel_ground(style, 99), several), 1);
    }
}

/* One model a point, of a kind, with these weights. */
typedef struct Shape {
    const char *kind;
    int n, m;
    void (*fill)(int point, float *W, float *W2);
} Shape;

/* Point 0: five features alone; point 1: three of them, and three in two. */
static void fill_code(int point, float *W, float *W2) {
    (void)W2;
    for (int i = 0; i < (point ? 3 : 5); i++)
        W[i * 5 + i] = 1;
    static const float code[] = {0.9f, 0.9f, 0.8f, -0.8f, -0.8f, 0.8f};
    for (int i = 3; point && i < 6; i++)
        for (int k = 3; k < 5; k++)
            W[i * 5 + k] = code[(i - 3) * 2 + k - 3];
}

/* The paper's motif: see tests/test_neurons.c. */
static void fill_motif(int point, float *W, float *W2) {
    (void)point;
    W[0] = 2;
    W[1] = 1;
    W[2] = -0.5f;
    W2[0] = 0.5f;
    W2[2] = 2;
    W2[3] = -4;
}

/* Point 0: a neuron a feature; point 1: two features in each. */
static void fill_many(int point, float *W, float *W2) {
    for (int i = 0; i < 40; i++)
        for (int k = 0; k < 20; k++)
            W[i * 20 + k] = W2[i * 20 + k] =
                i == k || (point && i == k + 20) ? 1 : 0.01f * (float)sin(i * 7 + k);
}

static const Shape code_shape = {"relu_hidden", 6, 5, fill_code},
                   motif_shape = {"two_layer", 2, 2, fill_motif},
                   many_shape = {"two_layer", 40, 20, fill_many};

static bool add_run(Store *store, const Shape *shape, int point, Arena *arena, Error *error) {
    int n = shape->n, m = shape->m, n_tensors = strcmp(shape->kind, "two_layer") ? 2 : 3;
    float *W = ARENA_NEW(arena, float, n *m), *W2 = ARENA_NEW(arena, float, n *m);
    float *b = ARENA_NEW(arena, float, n);
    shape->fill(point, W, W2);
    StoredRun run = {
        .number = point,
        .point = point,
        .identity = arena_print(arena, "%032x", point),
        .settings = arena_print(
            arena,
            "{data: {n_features: %d, feature_probability: 0.1}, task: {kind: identity}, "
            "model: {kind: %s, n_hidden: %d}}",
            n, shape->kind, m),
        .axes = arena_print(arena,
                            "{\"data.feature_probability\": %g, \"model.init_std\": 0.02, "
                            "\"model.hidden_bias\": %s}",
                            1.0 / (1 + point), point ? "true" : "false"),
        .status = RUN_DONE,
        .steps = 100,
        .loss = 0.01};
    StoredTensor tensors[] = {
        {100, {.name = "W", .n_rows = n, .n_columns = m}, W},
        {100, {.name = "b", .n_rows = n, .n_columns = 1, .is_vector = true}, b},
        {100, {.name = "W2", .n_rows = n, .n_columns = m}, W2}};
    return store_add_run(store, &run, tensors, n_tensors, NULL, 0, error);
}

/* A bench, and the page that a figure of its store is drawn on. */
typedef struct Drawing {
    Bench bench;
    Paper paper;
    const Style *style;
} Drawing;

static void drawing_open(Drawing *drawing, const Shape *shape, Theme theme) {
    Error error = {0};
    Bench *bench = &drawing->bench;
    drawing->style = style_of(theme);
    bench_open(bench, NULL, STORE_WRITE);
    bool good = store_set_fact(bench->store, "name", "constructed", &error) &&
                store_set_fact(bench->store, "axes",
                               "[\"data.feature_probability\", \"model.init_std\", "
                               "\"model.hidden_bias\"]",
                               &error) &&
                store_begin(bench->store, &error) &&
                add_run(bench->store, shape, 0, &bench->arena, &error) &&
                add_run(bench->store, shape, 1, &bench->arena, &error) &&
                store_commit(bench->store, &error);
    cr_assert(good, "%s", error.text);
}

static void drawing_close(Drawing *drawing) {
    paper_close(&drawing->paper);
    bench_close(&drawing->bench);
}

/* The points differ in their density and in whether neurons have biases; that both began with
 * weights of one size tells a reader nothing. */
Test(neurons, captions_say_what_a_reader_asks_for) {
    Drawing drawing;
    Error error = {0};
    ShownModel *shown;
    ShownLayout layout;
    int n;
    drawing_open(&drawing, &code_shape, THEME_LIGHT);
    FigureInput input = bench_input(&drawing.bench, bench_row(&drawing.bench, "neurons").settings);
    cr_assert(shown_read(&input, &shown, &n, &layout, &error), "%s", error.text);
    cr_assert_eq(n, 2);
    cr_assert_str_eq(shown[0].caption, "1 − <i>S</i> = 1, without hidden bias");
    cr_assert_str_eq(shown[1].caption, "1 − <i>S</i> = 0.5, with hidden bias");
    cr_assert_null(layout.common);
    drawing.paper = paper_open(1, 1, drawing.style);
    drawing_close(&drawing);
}

/* The figure of one point as pixels. */
static void draw(Drawing *drawing, const char *row) {
    Error error = {0};
    Picture picture;
    Choice choice = bench_row(&drawing->bench, row);
    FigureInput input = bench_input(&drawing->bench, choice.settings);
    input.style = drawing->style;
    const FigureKind *kind = (const FigureKind *)choice.kind;
    cr_assert(kind->compose(&input, &picture, &error), "%s", error.text);
    drawing->paper = paper_open((int)picture.width, (int)picture.height, drawing->style);
    picture.draw(picture.content, drawing->paper.cairo, drawing->style);
}

/* How many pixels have the colour. */
static int count(const Drawing *drawing, Color color) {
    int n = 0;
    for (int y = 0; y < drawing->paper.height; y++)
        for (int x = 0; x < drawing->paper.width; x++)
            n += is_near(pixel(&drawing->paper, x, y), color, 1);
    return n;
}

/* Where no neuron stores several features there is no such ground, in the legend neither. Where
 * some do, it shows at least between the columns: of two 64 wide and 200 high, 16 % are open. */
Test(neurons, ground_is_behind_neurons_of_several_features) {
    static const struct {
        const Shape *shape;
        const char *row;
        int least, most;
    } rows[] = {{&code_shape, "{kind: neurons, points: [0]}", 0, 0},
                {&code_shape, "{kind: neurons, points: [1]}", 3000, 40000},
                {&many_shape, "{kind: neurons, points: [0]}", 0, 0},
                {&many_shape, "{kind: neurons, points: [1]}", 3000, 60000},
                {&motif_shape, "{kind: neurons, points: [0]}", 5000, 40000}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        Drawing drawing;
        drawing_open(&drawing, rows[r].shape, r % 2 ? THEME_DARK : THEME_LIGHT);
        draw(&drawing, rows[r].row);
        int n = count(&drawing, stack_panel_ground(drawing.style, 2));
        cr_assert(n >= rows[r].least && n <= rows[r].most, "row %zu: %d", r, n);
        drawing_close(&drawing);
    }
}

/* Of the motif both layers are drawn: what unit 1 takes from output 1 hangs pale in W2, eight times
 * as far as W reaches. Equal importances give categories. */
Test(neurons, inhibition_shows_in_the_second_layer) {
    Drawing drawing;
    drawing_open(&drawing, &motif_shape, THEME_LIGHT);
    draw(&drawing, "{kind: neurons, points: [0]}");
    Color inhibited = style_tint(drawing.style, style_category(drawing.style, 1), 0.45);
    cr_assert_gt(count(&drawing, inhibited), 2000);
    drawing_close(&drawing);
}
