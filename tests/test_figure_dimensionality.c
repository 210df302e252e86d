/* The figures dimensionality and geometry_graph: models made of known polytopes. */
#include "render/figure/density.h"
#include "render/figure/feature_scatter.h"
#include "render/figure/model_graph.h"
#include "render/figure/sheet.h"
#include "render/model/shapes.h"
#include "tests/figure_bench.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Twelve features in eight dimensions. Points 0 and 1: none represented, then all as single ones;
 * 2: four digons; 3: pentagon, triangle, digon; 4: a tetrahedron and two digons that lean. */
static void zoo_direction(int point, int i, int m, float *W_i) {
    static const int planes[] = {0, 0, 0, 0, 0, 2, 2, 2, 4, 4};
    for (int k = 0; k < m; k++)
        W_i[k] = point == 0 ? (float)(0.1 * sin(i + 5 * k)) : 0;
    if (point == 1 && i < m)
        W_i[i] = 1;
    if (point == 2 && i < 8)
        W_i[i / 2] = i % 2 ? -1 : 1;
    if (point == 3 && i < 10) {
        int n = i < 5 ? 5 : i < 8 ? 3 : 2, at = i < 5 ? 2 * i : i - (i < 8 ? 5 : 8);
        W_i[planes[i]] = (float)cos(2 * M_PI * at / n);
        W_i[planes[i] + 1] = (float)sin(2 * M_PI * at / n);
    }
    for (int k = 0; point == 4 && i < 4 && k < 3; k++) /* every second corner of a cube */
        W_i[k] = (i == 0 || k == i - 1 ? 1 : -1) / sqrtf(3);
    if (point == 4 && i >= 4 && i < 8) {
        W_i[4] = (float)((i % 2 ? -1 : 1) * (i < 6 ? 1 : 0.3));
        W_i[5] = (float)((i % 2 ? -1 : 1) * (i < 6 ? 0 : 0.95));
    }
}

static const StoreShape zoo_shape = {.title = "A zoo of polytopes",
                                     .config = "figures: []\n",
                                     .n_features = 12,
                                     .n_hidden = 8,
                                     .n_points = 5,
                                     .n_restarts = 2,
                                     .decay = 1,
                                     .failed_point = -1,
                                     .has_claims = true,
                                     .direction = zoo_direction};

/* Bytes of the file, or -1 and why there is none. */
static long draw(Bench *bench, const char *yaml, Theme theme, const char *ending, Error *error) {
    char path[80];
    const char *paths[] = {path};
    struct stat file;
    Choice row = bench_row(bench, yaml);
    snprintf(path, sizeof path, "%s/a.%s", bench->folder, ending);
    if (!figure_write(&row, theme, bench->store, "x.db", paths, 1, error))
        return -1;
    cr_assert_eq(stat(path, &file), 0);
    unlink(path);
    return (long)file.st_size;
}

Test(model_graph, parts_are_the_components_largest_first) {
    static const struct {
        const char *shapes[4];
        int n[6], n_edges[6]; /* of the parts */
    } rows[] = {{{0}, {0}, {0}},
                {{"8 alone"}, {1, 1, 1, 1, 1, 1}, {0}},
                {{"4 digons"}, {2, 2, 2, 2}, {1, 1, 1, 1}},
                {{"1 pentagon", "1 triangle", "1 digon"}, {5, 3, 2}, {10, 3, 1}},
                {{"1 other, of 4 features", "1 tetrahedron"}, {4, 4}, {6, 6}}};
    Bench bench;
    Error error = {0};
    ShownModel *shown;
    ShownLayout layout;
    int n;
    bench_open(&bench, &zoo_shape, STORE_WRITE);
    FigureInput input = bench_input(&bench, bench_row(&bench, "geometry_graph").settings);
    cr_assert(shown_read(&input, &shown, &n, &layout, &error), "%s", error.text);
    for (int p = 0; p < 5; p++) {
        ModelGraph graph;
        cr_assert(model_graph_read(&input, &shown[p], &graph, &error), "%s", error.text);
        for (int s = 0; s < graph.n_shapes; s++)
            cr_assert_str_eq(graph.shapes[s].name, rows[p].shapes[s]);
        cr_assert(graph.n_shapes == 4 || !rows[p].shapes[graph.n_shapes]);
        for (int c = 0; c < 6 && c < graph.panel.n_parts; c++) {
            cr_assert_eq(graph.panel.parts[c].n, rows[p].n[c], "point %d, part %d", p, c);
            cr_assert_eq(graph.panel.parts[c].n_edges, rows[p].n_edges[c]);
        }
        cr_assert(graph.panel.n_parts >= 6 || rows[p].n[graph.panel.n_parts] == 0);
        cr_assert_eq(model_graph_foot(&graph) > 0, graph.n_shapes > 0);
    }
    bench_close(&bench);
}

/* A model in three dimensions of which all hangs together: its graph. */
static const GraphPart *open_part(Bench *bench, int n_features,
                                  void (*direction)(int point, int i, int m, float *W_i),
                                  const ShownModel **shown) {
    StoreShape shape = zoo_shape;
    shape.n_features = n_features;
    shape.n_hidden = 3;
    shape.n_points = 1;
    shape.direction = direction;
    Error error = {0};
    ShownModel *models;
    ShownLayout layout;
    ModelGraph graph;
    int n;
    bench_open(bench, &shape, STORE_WRITE);
    FigureInput input = bench_input(bench, bench_row(bench, "geometry_graph").settings);
    cr_assert(shown_read(&input, &models, &n, &layout, &error), "%s", error.text);
    cr_assert(model_graph_read(&input, models, &graph, &error), "%s", error.text);
    cr_assert_eq(graph.panel.n_parts, 1);
    *shown = models;
    return graph.panel.parts;
}

/* Sixty features on a sphere: 1770 pairs, most of which lean. */
static void sphere_direction(int point, int i, int m, float *W_i) {
    double height = 1 - (2 * i + 1) / 60., angle = 2.39996322972865332 * i;
    (void)point;
    (void)m;
    W_i[0] = (float)height;
    W_i[1] = (float)(sqrt(1 - height * height) * cos(angle));
    W_i[2] = (float)(sqrt(1 - height * height) * sin(angle));
}

/* How many features more lean on feature i than feature j does. */
static int n_heavier(const Model *model, int i, int j) {
    int n = 0;
    for (int k = 0; k < model->n_features; k++)
        n += k != i && fabs(cosine(model, i, k)) > fabs(cosine(model, i, j)) + 1e-6;
    return n;
}

Test(model_graph, of_too_many_edges_the_three_heaviest_of_each_node_are_kept) {
    Bench bench;
    const ShownModel *shown;
    const GraphPart *part = open_part(&bench, 60, sphere_direction, &shown);
    int n_expected = 0;
    for (int i = 0; i < 60; i++)
        for (int j = 0; j < i; j++)
            n_expected += n_heavier(&shown->model, i, j) < 3 || n_heavier(&shown->model, j, i) < 3;
    cr_assert(n_expected >= 90 && n_expected <= 180, "%d", n_expected); /* half of 60 x 3, or all */
    cr_assert_eq(part->n_edges, n_expected, "%d, not %d", part->n_edges, n_expected);
    for (int e = 0; e < part->n_edges; e++) {
        int i = part->edges[e].from, j = part->edges[e].to;
        cr_assert(n_heavier(&shown->model, i, j) < 3 || n_heavier(&shown->model, j, i) < 3);
    }
    bench_close(&bench);
}

/* Two bundles of ten, each bundle's features close to one another, the bundles 75 degrees apart:
 * the three heaviest of each node are in its own bundle. */
static void bundle_direction(int point, int i, int m, float *W_i) {
    double angle = 75 * M_PI / 180 * (i % 2), turn = 2 * M_PI * i / 20, off = 0.08 + 0.002 * i;
    (void)point;
    (void)m;
    W_i[0] = (float)(cos(angle) + off * cos(turn) * sin(angle));
    W_i[1] = (float)(sin(angle) - off * cos(turn) * cos(angle));
    W_i[2] = (float)(off * sin(turn));
}

Test(model_graph, what_hangs_together_stays_together) {
    Bench bench;
    const ShownModel *shown;
    const GraphPart *part = open_part(&bench, 20, bundle_direction, &shown);
    int n_between = 0;
    double least = 1;
    for (int e = 0; e < part->n_edges; e++)
        if ((part->edges[e].from + part->edges[e].to) % 2) {
            n_between++;
            least = part->edges[e].weight;
        }
    cr_assert_eq(n_between, 1, "%d", n_between);
    for (int i = 0; i < 20; i += 2)
        for (int j = 1; j < 20; j += 2) {
            const float *a = shown->model.W + 3 * i, *b = shown->model.W + 3 * j;
            double product = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
            cr_assert_leq(fabs(product), least + 1e-6, "%d %d", i, j);
        }
    bench_close(&bench);
}

/* Gives every second point another size; makes the rest sparser in the same steps. */
static void split_series(Bench *bench) {
    StoredRun *runs;
    int64_t n;
    Error error = {0};
    char axes[120];
    cr_assert(store_runs(bench->store, &bench->arena, &runs, &n, &error));
    for (int64_t r = 0; r < n; r++) {
        snprintf(axes, sizeof axes, "{\"train.seed\": %d, \"data.feature_probability\": %g}",
                 runs[r].point == 3 ? 1 : 0, 1. / (double)(1 + (runs[r].point + 2) % 5));
        cr_assert(store_set_number(bench->store, runs[r].id, runs[r].number, runs[r].point, axes,
                                   &error));
    }
}

/* Where a cell was drawn. */
static void note_cell(const void *content, int cell, cairo_t *cairo, Rect rect,
                      const Style *style) {
    Rect *rects = (Rect *)(uintptr_t)content;
    (void)cairo;
    (void)style;
    rects[cell] = rect;
}

/* Below or above its cell a caption takes the same room: the page is as high. */
Test(sheet, captions_stand_below_or_above) {
    static const Caption captions[] = {{.heading = "one"}, {.heading = "two"}};
    Bench bench;
    Error error = {0};
    Rect rects[2][2];
    Picture pictures[2];
    bench_open(&bench, &zoo_shape, STORE_WRITE);
    FigureInput input = bench_input(&bench, bench_row(&bench, "geometry_graph").settings);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 10, 10);
    cairo_t *cairo = cairo_create(surface);
    for (int k = 0; k < 2; k++) {
        Sheet sheet = {.page = {.subtitle = ""},
                       .n_cells = 2,
                       .cell_width = 100,
                       .cell_height = 80,
                       .captions = captions,
                       .is_headed = k,
                       .content = rects[k],
                       .draw_cell = note_cell};
        cr_assert(sheet_compose(&sheet, &input, &pictures[k], &error), "%s", error.text);
        pictures[k].draw(pictures[k].content, cairo, input.style);
    }
    cr_assert_eq(pictures[0].height, pictures[1].height);
    for (int cell = 0; cell < 2; cell++) {
        cr_assert_gt(rects[1][cell].y, rects[0][cell].y + 13);
        cr_assert_eq(rects[1][cell].x, rects[0][cell].x);
        cr_assert(rects[1][cell].width == 100 && rects[1][cell].height == 80);
    }
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    bench_close(&bench);
}

Test(density, series_are_what_differs_in_nothing_else_from_dense_to_sparse) {
    Bench bench;
    Error error = {0};
    ShownModel *shown;
    ShownLayout layout;
    DensitySeries *series;
    int n, n_series;
    bench_open(&bench, &zoo_shape, STORE_WRITE);
    FigureInput input = bench_input(&bench, bench_row(&bench, "geometry_graph").settings);
    cr_assert(shown_read(&input, &shown, &n, &layout, &error), "%s", error.text);
    cr_assert(density_series(&input, shown, n, &series, &n_series, &error), "%s", error.text);
    cr_assert(n_series == 1 && series->n == 5 && !series->name);
    for (int i = 0; i < 5; i++) {
        cr_assert_eq(series->models[i], &shown[i]);
        cr_assert_float_eq(series->x[i], 1 / shape_probability(&zoo_shape, i), 1e-9);
    }

    split_series(&bench);
    cr_assert(density_series(&input, shown, n, &series, &n_series, &error), "%s", error.text);
    cr_assert(n_series == 2 && series[0].n == 4 && series[1].n == 1);
    static const int order[] = {4, 0, 1, 2}; /* at 2, 3, 4, 5; point 3 at 1 */
    for (int i = 0; i < 4; i++) {
        cr_assert_eq(series[0].models[i], &shown[order[i]], "%d", i);
        cr_assert_float_eq(series[0].x[i], 2 + i, 1e-4);
    }
    cr_assert_eq(series[1].models[0], &shown[3]);
    cr_assert_str_eq(series[0].name, "seed = 0");
    cr_assert_str_eq(series[1].name, "seed = 1");
    bench_close(&bench);
}

/* Points 2 and 3: eight digons' features at 1/2; five at 2/5, three at 2/3, two at 1/2. */
Test(feature_scatter, dots_lie_on_their_levels_beside_their_place) {
    Bench bench;
    Error error = {0};
    ShownModel *shown;
    ShownLayout layout;
    DensitySeries *series;
    LevelsPanel panel = {.right = 0};
    int n, n_series;
    bench_open(&bench, &zoo_shape, STORE_WRITE);
    FigureInput input =
        bench_input(&bench, bench_row(&bench, "{kind: geometry_graph, points: [2, 3]}").settings);
    cr_assert(shown_read(&input, &shown, &n, &layout, &error), "%s", error.text);
    cr_assert(density_series(&input, shown, n, &series, &n_series, &error), "%s", error.text);
    cr_assert(feature_scatter(&input, series, &panel, &error), "%s", error.text);
    static const struct {
        Shape shape;
        int n;
        double D;
    } levels[] = {{SHAPE_TRIANGLE, 3, 2 / 3.},
                  {SHAPE_DIGON, 10, 0.5},
                  {SHAPE_PENTAGON, 5, 0.4},
                  {SHAPE_NONE, 2, 0}}; /* one for each model */
    int n_found = 0;
    double step = log(series->x[1] / series->x[0]);
    for (int s = 0; s < panel.curves.n_series; s++) {
        const CurveSeries *dots = &panel.curves.series[s];
        for (int l = 0; l < 4 && dots->n; l++) {
            Color color = shape_color(input.style, levels[l].shape);
            if (memcmp(&color, &dots->color, sizeof color) != 0)
                continue;
            n_found++;
            cr_assert_eq(dots->n, levels[l].n, "level %d: %d", l, (int)dots->n);
            for (int i = 0; i < dots->n; i++) {
                cr_assert_float_eq(dots->y[i], levels[l].D, 1e-6);
                double aside = fmin(fabs(log(dots->x[i] / series->x[0])),
                                    fabs(log(dots->x[i] / series->x[1])));
                cr_assert_leq(aside, 0.28 * step + 1e-9);
            }
        }
    }
    cr_assert_eq(n_found, 4);
    bench_close(&bench);
}

Test(dimensionality, is_drawn_in_every_format) {
    static const char *const rows[] = {"dimensionality",
                                       "{kind: dimensionality, runs: all, graphs: none}",
                                       "{kind: dimensionality, points: [3]}",
                                       "{kind: dimensionality, graphs: [1, 0.05], series: 0}",
                                       "{kind: geometry_graph, runs: all}"};
    static const char *const endings[] = {"svg", "pdf", "png"};
    Bench bench;
    bench_open(&bench, &zoo_shape, STORE_WRITE);
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        for (int k = 0; k < 3; k++) {
            Error error = {0};
            long size = draw(&bench, rows[r], (Theme)((r + k) % 2), endings[k], &error);
            cr_assert_gt(size, 5000, "%s: %s", rows[r], error.text);
        }
    bench_close(&bench);
}

Test(dimensionality, says_what_it_cannot_draw) {
    static const struct {
        const char *row, *text;
    } rows[] = {
        {"{kind: dimensionality, graphs: [0.5]}", "graphs: no model is shown at 1 − S = 0.5"},
        {"{kind: dimensionality, graphs: [x]}", "graphs: takes values of 1 − S, numbers > 0"},
        {"{kind: dimensionality, graphs: all}",
         "graphs: must be auto, none, or a list of values of 1 − S"},
        {"{kind: dimensionality, graphs: [1, 1, 1, 1, 1, 1, 1]}",
         "graphs: 7 are too many, 6 have room"},
        {"{kind: dimensionality, series: 3}", "series: there are 1, counted from 0"},
    };
    Bench bench;
    bench_open(&bench, &zoo_shape, STORE_WRITE);
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        Error error = {0};
        cr_assert_eq(draw(&bench, rows[r].row, THEME_LIGHT, "svg", &error), -1);
        cr_assert_not_null(strstr(error.text, rows[r].text), "%s", error.text);
    }
    StoredRun *runs;
    int64_t n;
    Error error = {0};
    cr_assert(store_runs(bench.store, &bench.arena, &runs, &n, &error));
    for (int64_t i = 0; i < n; i++)
        cr_assert(store_set_number(bench.store, runs[i].id, runs[i].number, runs[i].point,
                                   "{\"train.seed\": 1}", &error));
    cr_assert_eq(draw(&bench, "dimensionality", THEME_LIGHT, "svg", &error), -1);
    cr_assert_not_null(strstr(error.text, "data.feature_probability is no axis"), "%s", error.text);
    bench_close(&bench);
}

/* The paper's size: nothing represented in eight dense models, 58 … 200 features in the others. */
static void large_direction(int point, int i, int m, float *W_i) {
    int n = point < 8 ? 0 : 58 + 9 * (point - 8);
    for (int k = 0; k < m; k++)
        W_i[k] = (float)(0.08 * sin(i * 37.0 + k * 11.0 + point));
    if (i < n)
        W_i[i % m] += i / m % 2 ? -1 : 1;
}

Test(dimensionality, stays_small_with_four_hundred_features_at_twenty_four_places) {
    StoreShape shape = zoo_shape;
    shape.n_features = 400;
    shape.n_hidden = 30;
    shape.n_points = 24;
    shape.n_restarts = 1;
    shape.direction = large_direction;
    Bench bench;
    Error error = {0};
    bench_open(&bench, &shape, STORE_WRITE);
    long svg = draw(&bench, "dimensionality", THEME_LIGHT, "svg", &error),
         png = draw(&bench, "dimensionality", THEME_DARK, "png", &error);
    cr_assert(svg > 0 && svg < 300000, "%ld: %s", svg, error.text);
    cr_assert(png > 0 && png < 300000, "%ld: %s", png, error.text);
    bench_close(&bench);
}
