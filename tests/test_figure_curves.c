/* The figure `curves`: which points and lines a store's runs become, how axes and keys are chosen,
 * what is drawn, and what is said where nothing can be. */
#include "render/draw/label.h"
#include "render/figure/plot.h"
#include "render/figure/series.h"
#include "tests/figure_bench.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The constructed sweep: two model kinds by n_x densities p = 1, 1/2, 1/4, …, restarts each. */
typedef struct Sweep {
    int n_x, n_restarts;
} Sweep;

/* Restart r of a relu_output run: 1/D* = 1 + k + r / 10 and loss 10 k + r, so that the first is the
 * best; of a linear one D* = 1 and loss 100 - r, so that the last is. Its class: a pentagon for odd
 * k, else irregular. */
static bool add_run(Store *store, int kind, int k, int r, const Sweep *sweep, Arena *arena,
                    Error *error) {
    static const char *const kinds[] = {"linear", "relu_output"};
    static const char *const labels[] = {"pentagon", "irregular 5 in 2"};
    int point = kind * sweep->n_x + k;
    double per_feature = kind ? 1 / (1 + k + r / 10.0) : 1, class = k % 2 == 0,
           pair[] = {k, 100.0 + k}, loss = kind ? 10 * k + r : 100 - r;
    int64_t two = 2;
    StoredRun run = {
        .number = (int64_t)point * sweep->n_restarts + r,
        .point = point,
        .restart = r,
        .identity = arena_print(arena, "%032x", point * 4096 + r),
        .settings = "{}",
        .axes = arena_print(arena, "{\"model.kind\": \"%s\", \"data.feature_probability\": %.17g}",
                            kinds[kind], pow(2, -k)),
        .status = RUN_DONE,
        .steps = 10,
        .loss = loss};
    StoredMeasurement made[] = {
        {10, "m", "", {.name = "dimensions_per_feature", .values = &per_feature}},
        {10, "m", "", {.name = "geometry_name", .values = &class, .labels = labels, .n_labels = 2}},
        {10, "m", "", {.name = "pair", .rank = 1, .shape = {two}, .values = pair}}};
    return store_add_run(store, &run, NULL, 0, made, 3, error);
}

static void fill(Store *store, const Sweep *sweep, Arena *arena) {
    Error error = {0};
    double crossing = 0.3, none = (double)NAN;
    StoredMeasurement found = {0, "crossing", "", {.name = "meet", .values = &crossing}},
                      missed = {0, "crossing", "", {.name = "never", .values = &none}};
    cr_assert(
        store_set_fact(store, "name", "constructed", &error) &&
        store_set_fact(store, "title", "A sweep", &error) &&
        store_set_fact(store, "axes", "[\"data.feature_probability\", \"model.kind\"]", &error) &&
        store_begin(store, &error));
    for (int kind = 0; kind < 2; kind++)
        for (int k = 0; k < sweep->n_x; k++)
            for (int r = 0; r < sweep->n_restarts; r++)
                cr_assert(add_run(store, kind, k, r, sweep, arena, &error), "%s", error.text);
    cr_assert(store_put_measurement(store, 0, &found, &error) &&
                  store_put_measurement(store, 0, &missed, &error) && store_commit(store, &error),
              "%s", error.text);
}

static void open_sweep(Bench *bench, int n_x, int n_restarts) {
    Sweep sweep = {n_x, n_restarts};
    bench_open(bench, NULL, STORE_WRITE);
    fill(bench->store, &sweep, &bench->arena);
}

static SeriesSet read_series(Bench *bench, const char *x, const char *y, const char *by, int runs,
                             const char *at, const char *names) {
    FigureInput input = bench_input(bench, NULL);
    SeriesSettings settings = {x,    bench_tree(bench, y),  by,
                               runs, bench_tree(bench, at), bench_tree(bench, names)};
    SeriesSet set;
    Error error = {0};
    cr_assert(series_read(&input, &settings, &set, &error), "%s", error.text);
    return set;
}

static void check_numbers(const double *found, int64_t n, const double *expected,
                          int64_t n_expected, const char *about) {
    cr_assert_eq(n, n_expected, "%s: %lld", about, (long long)n);
    for (int64_t i = 0; i < n; i++)
        cr_assert_float_eq(found[i], expected[i], 1e-12, "%s [%lld]: %g", about, (long long)i,
                           found[i]);
}

Test(series, x_and_by_are_the_axes_and_lines_join_the_best_runs) {
    Bench bench;
    open_sweep(&bench, 3, 4);
    SeriesSet set = read_series(&bench, "auto", "loss", "auto", SERIES_BOTH, NULL, NULL);
    cr_assert_eq(set.n, 2);
    cr_assert_str_eq(set.x.name, "data.feature_probability");
    cr_assert_str_eq(set.series[0].name, "linear");
    cr_assert_str_eq(set.series[1].name, "ReLU output");
    const double x[] = {0.25, 0.5, 1}, linear[] = {97, 97, 97}, relu[] = {20, 10, 0};
    for (int s = 0; s < 2; s++) {
        check_numbers(set.series[s].x, set.series[s].n, x, 3, "x");
        check_numbers(set.series[s].y, set.series[s].n, s ? relu : linear, 3, "best");
        cr_assert_eq(set.series[s].n_all, 12);
        cr_assert(!set.series[s].low && !set.series[s].high);
    }
    bench_close(&bench);
}

/* Of 1, 1.1, 1.2, 1.3: the median is 1.15. */
Test(series, a_spread_is_median_lowest_and_highest) {
    Bench bench;
    open_sweep(&bench, 2, 4);
    SeriesSet set = read_series(&bench, "data.feature_probability", "1/dimensions_per_feature",
                                "none", SERIES_SPREAD, "{model.kind: relu_output}", NULL);
    cr_assert_eq(set.n, 1);
    cr_assert_null(set.series[0].name);
    check_numbers(set.series[0].y, 2, (const double[]){2.15, 1.15}, 2, "median");
    check_numbers(set.series[0].low, 2, (const double[]){2, 1}, 2, "low");
    check_numbers(set.series[0].high, 2, (const double[]){2.3, 1.3}, 2, "high");
    bench_close(&bench);
}

Test(series, a_line_over_a_measurement_goes_from_point_to_point_of_the_sweep) {
    Bench bench;
    open_sweep(&bench, 3, 2);
    SeriesSet set = read_series(&bench, "dimensions_per_feature", "loss", "auto", SERIES_BEST,
                                "{model.kind: [relu_output]}", NULL);
    cr_assert_null(set.by.name, "the axis that is left, p, is what the line follows");
    check_numbers(set.series[0].x, set.series[0].n, (const double[]){1, 0.5, 1.0 / 3}, 3, "x");
    check_numbers(set.series[0].y, set.series[0].n, (const double[]){0, 10, 20}, 3, "y");
    set = read_series(&bench, "dimensions_per_feature", "loss", "auto", SERIES_BEST, NULL, NULL);
    cr_assert_str_eq(set.by.name, "model.kind");
    bench_close(&bench);
}

Test(series, by_may_be_a_class_and_classes_of_one_name_are_one) {
    Bench bench;
    open_sweep(&bench, 4, 1);
    const char *at = "{model.kind: relu_output, data.feature_probability: [1, 0.5, 0.25]}";
    SeriesSet set = read_series(&bench, "pair[-1]", "loss", "geometry_name", SERIES_ALL, at, NULL);
    cr_assert_eq(set.n, 2);
    cr_assert_str_eq(set.series[0].name, "irregular 5 in 2");
    check_numbers(set.series[0].x, set.series[0].n, (const double[]){100, 102}, 2, "x");
    check_numbers(set.series[1].x, set.series[1].n, (const double[]){101}, 1, "x");
    set = read_series(&bench, "pair[0]", "loss", "geometry_name", SERIES_ALL, at,
                      "{irregular 5 in 2: pentagon}");
    cr_assert_eq(set.n, 1);
    cr_assert_str_eq(set.series[0].name, "pentagon");
    check_numbers(set.series[0].x, set.series[0].n, (const double[]){0, 1, 2}, 3, "x");
    bench_close(&bench);
}

Test(series, names_tell_y_from_y_and_numbers_from_numbers) {
    Bench bench;
    open_sweep(&bench, 2, 1);
    SeriesSet set =
        read_series(&bench, "data.feature_probability", "[1/dimensions_per_feature, loss]",
                    "model.kind", SERIES_BEST, NULL, "{relu_output: ReLU, loss: error}");
    static const char *const names[] = {"features per dimension 1/<i>D</i>*, linear",
                                        "error, linear", "features per dimension 1/<i>D</i>*, ReLU",
                                        "error, ReLU"};
    cr_assert_eq(set.n, 4);
    for (int s = 0; s < 4; s++)
        cr_assert_str_eq(set.series[s].name, names[s]);
    set = read_series(&bench, "model.kind", "loss", "data.feature_probability", SERIES_BEST, NULL,
                      "{0.5: half}");
    cr_assert_str_eq(set.series[0].name, "half");
    cr_assert_str_eq(set.series[1].name, "1 − <i>S</i> = 1");
    cr_assert_str_eq(set.x.texts[1], "ReLU output");
    bench_close(&bench);
}

/* A row as a config has it. */
static bool draw(Bench *bench, const char *yaml, const char *ending, size_t *n_bytes,
                 Error *error) {
    Choice row = bench_row(bench, yaml);
    char path[80];
    const char *paths[] = {path};
    snprintf(path, sizeof path, "%s/a.%s", bench->folder, ending);
    bool is_drawn = figure_write(&row, THEME_DARK, bench->store, "x.db", paths, 1, error);
    FILE *file = is_drawn ? fopen(path, "rb") : NULL;
    if (file) {
        fseek(file, 0, SEEK_END);
        *n_bytes = (size_t)ftell(file);
        fclose(file);
        unlink(path);
    }
    return is_drawn;
}

static Plot plot_of(Bench *bench, PlotSettings settings) {
    FigureInput input = bench_input(bench, NULL);
    Plot plot;
    Error error = {0};
    settings.series.x = settings.series.x ? settings.series.x : "auto";
    settings.series.by = settings.series.by ? settings.series.by : "auto";
    settings.series.y = settings.series.y ? settings.series.y : bench_tree(bench, "loss");
    settings.x_label = settings.y_label = "auto";
    settings.heading = "none";
    cr_assert(plot_compose(&input, &settings, &plot, &error), "%s", error.text);
    return plot;
}

/* p = 1, 1/2, 1/4, 1/8 is even in its logarithm, 0 … 3 as it is; 2 … 100 spans a factor of 50. */
Test(plot, scales_and_ends_follow_the_values) {
    Bench bench;
    open_sweep(&bench, 4, 2);
    Plot plot = plot_of(&bench, (PlotSettings){.series.runs = SERIES_BOTH});
    cr_assert(plot.panel.axes.x.form == AXIS_LOG && plot.panel.axes.y.form == AXIS_LINEAR);
    cr_assert(plot.panel.axes.x.from < 0.125 && plot.panel.axes.x.to > 1);
    cr_assert_eq(plot.panel.axes.y.from, 0);
    cr_assert_str_eq(plot.panel.axes.x.label, "1 − <i>S</i>");
    cr_assert_str_eq(plot.panel.axes.y.label, "loss");
    cr_assert_eq(plot.panel.n_series, 4, "runs of both kinds, then lines");
    cr_assert(!plot.panel.series[0].has_line && !plot.panel.series[0].name);
    cr_assert(plot.panel.series[3].has_line && plot.panel.series[3].name);
    plot = plot_of(&bench, (PlotSettings){.series.x = "point",
                                          .x_scale = SCALE_LINEAR,
                                          .x_range = bench_tree(&bench, "[-2, auto]"),
                                          .y_range = bench_tree(&bench, "[5, 200]"),
                                          .y_scale = SCALE_LOG});
    cr_assert(plot.panel.axes.x.from == -2 && plot.panel.axes.x.to > 7);
    cr_assert(plot.panel.axes.y.from == 5 && plot.panel.axes.y.to == 200);
    plot = plot_of(&bench, (PlotSettings){.series.x = "pair[0]"});
    cr_assert_eq(plot.panel.axes.x.form, AXIS_LINEAR);
    plot = plot_of(&bench, (PlotSettings){.series.y = bench_tree(&bench, "pair[1]"),
                                          .series.x = "model.kind",
                                          .series.by = "data.feature_probability"});
    cr_assert(plot.panel.axes.x.n_ticks == 2 && !plot.panel.series[0].has_line);
    cr_assert(plot.panel.axes.x.from == -0.5 && plot.panel.axes.x.to == 1.5);
    cr_assert_eq(plot.panel.axes.y.from > 90, 1, "zero is far from 100 … 103");
    bench_close(&bench);
}

/* The line y = 1 + 2 x, at all its points. */
Test(plot, guides_stand_at_numbers_at_summaries_and_along_slopes) {
    Bench bench;
    open_sweep(&bench, 3, 1);
    Plot plot =
        plot_of(&bench, (PlotSettings){.guides = bench_tree(
                                           &bench, "[{y: 50, label: half}, {x: meet, label: cross},"
                                                   " {x: never}, {slope: 2, from: 1, label: two}]"),
                                       .series.runs = SERIES_BEST});
    const CurvesPanel *panel = &plot.panel;
    cr_assert_eq(panel->n_guides, 2, "what was not found is not drawn");
    cr_assert(!panel->guides[0].is_vertical && panel->guides[0].value == 50);
    cr_assert(panel->guides[1].is_vertical && panel->guides[1].value == 0.3);
    cr_assert_str_eq(panel->guides[1].label, "cross: 0.3");
    cr_assert_eq(panel->n_series, 3);
    const CurveSeries *line = &panel->series[2];
    cr_assert_str_eq(line->name, "two");
    cr_assert_float_eq(line->x[0], panel->axes.x.from, 1e-9);
    cr_assert_float_eq(line->x[line->n - 1], panel->axes.x.to, 1e-9);
    for (int64_t i = 0; i < line->n; i++)
        cr_assert_float_eq(line->y[i], 1 + 2 * line->x[i], 1e-12);
    bench_close(&bench);
}

Test(plot, many_values_have_a_colour_scale_and_many_runs_a_band) {
    Bench bench;
    open_sweep(&bench, 12, 1);
    Plot plot = plot_of(
        &bench, (PlotSettings){.series.x = "model.kind", .series.by = "data.feature_probability"});
    cr_assert_not_null(plot.by.title);
    for (int s = 0; s < plot.panel.n_series; s++)
        cr_assert_null(plot.panel.series[s].name);
    bench_close(&bench);
    open_sweep(&bench, 4, 200);
    plot = plot_of(&bench, (PlotSettings){.series.runs = SERIES_BOTH});
    cr_assert(plot.is_thinned && plot.panel.n_series == 2 && plot.panel.series[0].low);
    bench_close(&bench);
}

Test(curves, draws_one_plot_or_several_with_one_legend) {
    static const char *const rows[] = {
        "curves", "{kind: curves, y: [loss, 1/dimensions_per_feature], runs: spread}",
        "{kind: curves, by: none, x: seed, runs: all, heading: Left, subtitle: 'x & y'}",
        ("{kind: curves, runs: best, panels: [{y: loss}, {y: dimensions_per_feature, heading: H}, "
         "{x: 1/dimensions_per_feature, y: 'pair[0]'}, {x: restart, by: none}, {}]}")};
    static const char *const endings[] = {"svg", "png", "pdf"};
    Bench bench;
    open_sweep(&bench, 5, 8);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int e = 0; e < 3; e++) {
            Error error = {0};
            size_t n = 0;
            cr_assert(draw(&bench, rows[i], endings[e], &n, &error), "%s", error.text);
            cr_assert(n > 3000 && n < 300000, "%s: %zu bytes", rows[i], n);
        }
    bench_close(&bench);
}

Test(curves, a_file_of_many_runs_stays_small) {
    Bench bench;
    Error error = {0};
    size_t n = 0;
    open_sweep(&bench, 10, 75);
    cr_assert(draw(&bench, "{kind: curves, runs: all}", "svg", &n, &error), "%s", error.text);
    cr_assert(n < 300000, "%zu bytes", n);
    bench_close(&bench);
}

Test(curves, says_why_there_is_no_picture) {
    static const struct {
        const char *row, *text;
    } rows[] = {
        {"{kind: curves, x: lost}", "x: runs have no \"lost\"; they have loss"},
        {"{kind: curves, y: pair}", "y: pair is an array of shape "},
        {"{kind: curves, y: geometry_name}", "y: geometry_name is a text: it can be x or by"},
        {"{kind: curves, y: [[loss]]}", "y: must be a name, or a list of names"},
        {"{kind: curves, y: []}", "y: names nothing"},
        {"{kind: curves, x: 1/model.kind}",
         "x: 1/model.kind: model.kind is a text, which has no reciprocal"},
        {"{kind: curves, by: nothing}", "by: runs have no \"nothing\""},
        {"{kind: curves, at: [1]}", "at: must be a map of names and values"},
        {"{kind: curves, at: {model.kind: tied}}", "at: no finished run has model.kind: tied"},
        {"{kind: curves, x_range: [1]}", "x_range: must be [from, to], each a number > 0"},
        {"{kind: curves, x_range: [0, 1]}", "x_range: must be [from, to], each a number > 0"},
        {"{kind: curves, y_range: wide}", "y_range: must be [from, to], each a number or auto"},
        {"{kind: curves, guides: {x: 1}}", "guides: must be a list"},
        {"{kind: curves, guides: [{x: 1, y: 2}]}", "guides: each has one of x, y and slope"},
        {"{kind: curves, guides: [{z: 1}]}", "\"z\""},
        {"{kind: curves, guides: [{x: met}]}", "guides: the experiment has no summary \"met\""},
        {"{kind: curves, panels: {}}", "panels: must be a list of 1 to 12 maps"},
        {"{kind: curves, panels: [{}, loss]}", "panel 2: panels: must be a list of maps"},
        {"{kind: curves, panels: [{}, {heeding: H}]}", "did you mean \"heading\"?"},
        {"{kind: curves, by: restart, y: [loss, 'pair[0]']}",
         "18 series cannot be told apart, 16 can: choose some with at: {restart: […]}"},
    };
    Bench bench;
    open_sweep(&bench, 3, 9);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Error error = {0};
        size_t n;
        cr_assert_not(draw(&bench, rows[i].row, "svg", &n, &error), "%s", rows[i].row);
        cr_assert_not_null(strstr(error.text, rows[i].text), "%s: %s", rows[i].row, error.text);
        cr_assert_not_null(strstr(error.text, "x.db: figure curves: "), "%s", error.text);
    }
    bench_close(&bench);
}
