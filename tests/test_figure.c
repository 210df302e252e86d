/* render/figure: pictures of constructed stores, and what is said where there is no picture. */
#include "render/figure/caption.h"
#include "render/figure/describe.h"
#include "render/figure/rows.h"
#include "render/figure/sheet.h"
#include "render/figure/shown.h"
#include "render/figure/turn.h"
#include "tests/figure_bench.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

static bool draw_row(Bench *bench, const char *yaml, Theme theme, const char *path, Error *error) {
    Choice row = bench_row(bench, yaml);
    return figure_write(&row, theme, bench->store, "x.db", &path, 1, error);
}

/* Every tag is closed, in order. */
static bool is_balanced(const char *svg) {
    int depth = 0;
    for (const char *at = strchr(svg, '<'); at && depth >= 0; at = strchr(at + 1, '<')) {
        const char *end = strchr(at, '>');
        if (!end)
            return false;
        if (at[1] == '?')
            continue;
        depth += at[1] == '/' ? -1 : end[-1] == '/' ? 0 : 1;
    }
    return depth == 0;
}

static uint32_t big_endian(const char *bytes) {
    const unsigned char *b = (const unsigned char *)bytes;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* `page` [2] keeps the size that the SVG, which comes first, has; the PNG has twice as much. */
static void check_file(const char *path, const char *about, double *page) {
    size_t n;
    char *bytes = bench_read(path, &n);
    cr_assert_gt(n, 5000, "%s", about);
    if (text_ends(path, ".svg")) {
        cr_assert_lt(n, 300000, "%s: %zu bytes", about, n);
        cr_assert(is_balanced(bytes), "%s", about);
        const char *size = strstr(bytes, "width=");
        cr_assert(size && sscanf(size, "width=\"%lfpx\" height=\"%lfpx\"", page, page + 1) == 2);
    } else if (text_ends(path, ".pdf")) {
        cr_assert(memcmp(bytes, "%PDF-", 5) == 0 && strstr(bytes + n - 8, "%%EOF"), "%s", about);
    } else {
        cr_assert_eq(memcmp(bytes, "\x89PNG\r\n\x1a\n", 8), 0, "%s", about);
        cr_assert_eq((double)big_endian(bytes + 16), 2 * page[0], "%s", about);
        cr_assert_eq((double)big_endian(bytes + 20), 2 * page[1], "%s", about);
    }
    free(bytes);
}

static bool same_files(const char *a, const char *b) {
    size_t n, m;
    char *first = bench_read(a, &n), *second = bench_read(b, &m);
    bool same = n == m && memcmp(first, second, n) == 0;
    free(first);
    free(second);
    return same;
}

/* Of the kinds that show the points of any sweep; those that need measurements of their own have
 * tests of their own. */
Test(figure, every_kind_theme_and_format_gives_a_sound_file_with_the_same_bytes_each_time) {
    static const StoreShape *const shapes[] = {&intro_shape, &basic_shape, &large_shape,
                                               &octahedron_shape};
    static const char *const endings[] = {"svg", "pdf", "png"};
    for (int s = 0; s < 4; s++) {
        Bench bench;
        double page[2] = {0, 0};
        bench_open(&bench, shapes[s], STORE_READ);
        for (int k = 0; k < figure_table.n_rows; k++)
            for (int e = 0; e < 3; e++)
                for (int theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
                    const char *kind = figure_table.rows[k]->name;
                    if (figure_table.rows[k]->fields != points_fields ||
                        (strcmp(kind, "directions") == 0 && shapes[s]->n_hidden > 3))
                        continue;
                    char path[80], again[80], about[80];
                    Error error = {0};
                    snprintf(path, sizeof path, "%s/a.%s", bench.folder, endings[e]);
                    snprintf(again, sizeof again, "%s/b.%s", bench.folder, endings[e]);
                    snprintf(about, sizeof about, "%s %s %s %d", shapes[s]->title, kind, endings[e],
                             theme);
                    cr_assert(draw_row(&bench, kind, (Theme)theme, path, &error), "%s: %s", about,
                              error.text);
                    cr_assert(draw_row(&bench, kind, (Theme)theme, again, &error), "%s",
                              error.text);
                    check_file(path, about, page);
                    cr_assert(same_files(path, again), "%s differs", about);
                    unlink(path);
                    unlink(again);
                }
        bench_close(&bench);
    }
}

Test(figure, says_why_there_is_no_picture) {
    StoreShape failed = intro_shape, wide = basic_shape;
    failed.n_points = 1;
    failed.failed_point = 0;
    static const struct {
        const char *shape, *row, *text;
    } rows[] = {
        {"wide", "directions",
         "x.db: figure directions: directions are drawn in two or three dimensions, and point 0 "
         "has "
         "n_hidden: 5; the kind gram shows any size"},
        {"wide", "{kind: gram, points: [0, 99]}",
         "x.db: figure gram: points: the store has no run of point 99"},
        {"wide", "{kind: gram, points: [first]}",
         "x.db: figure gram: points: first is no point number"},
        {"wide", "{kind: gram, points: some}",
         "x.db: figure gram: points: must be all, or a list of point numbers"},
        {"wide", "{kind: gram, points: [4]}", "x.db: figure gram: no run has finished"},
        {"failed", "directions", "x.db: figure directions: no run has finished"},
        {"plane", "{kind: directions, up: 5}",
         "x.db: figure directions: up: must be one of 5 features, 0 to 4, in a plane"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Bench bench;
        Error error = {0};
        bench_open(&bench,
                   strcmp(rows[i].shape, "wide") == 0    ? &wide
                   : strcmp(rows[i].shape, "plane") == 0 ? &intro_shape
                                                         : &failed,
                   STORE_READ);
        cr_assert_not(draw_row(&bench, rows[i].row, THEME_LIGHT, "/nonexistent/x.svg", &error));
        cr_assert_str_eq(error.text, rows[i].text);
        bench_close(&bench);
    }
}

static void check_captions(const StoreShape *shape, const char *row, const char *expected_common,
                           const char *const *expected, int n_expected) {
    Bench bench;
    Error error = {0};
    ShownModel *shown;
    ShownLayout layout;
    int n;
    bench_open(&bench, shape, STORE_READ);
    Choice choice = bench_row(&bench, row);
    FigureInput input = {
        bench.store,           "x.db",      figure_file_name(&choice), choice.settings,
        style_of(THEME_LIGHT), &bench.arena};
    cr_assert(shown_read(&input, &shown, &n, &layout, &error), "%s", error.text);
    cr_assert_eq(n, n_expected, "%s: %d", row, n);
    cr_assert_str_eq(layout.common ? layout.common : "", expected_common);
    for (int i = 0; i < n; i++)
        cr_assert_str_eq(shown[i].caption, expected[i]);
    bench_close(&bench);
}

/* p = 20^(-k/9): 1, 0.71687, 0.51391, … 0.05. */
Test(figure, captions_tell_the_models_apart) {
    StoreShape narrow = intro_shape;
    narrow.n_points = 3;
    check_captions(
        &narrow, "directions", "",
        (const char *const[]){"1 − <i>S</i> = 1", "1 − <i>S</i> = 0.224", "1 − <i>S</i> = 0.05"},
        3);
    check_captions(&intro_shape, "{kind: directions, points: [9, 1]}", "",
                   (const char *const[]){"1 − <i>S</i> = 0.717", "1 − <i>S</i> = 0.05"}, 2);
    check_captions(&intro_shape, "{kind: directions, points: [9]}", "",
                   (const char *const[]){"1 − <i>S</i> = 0.05"}, 1);
    check_captions(&intro_shape, "{kind: directions, points: [9], runs: all}",
                   "1 − <i>S</i> = 0.05", (const char *const[]){"restart 0 (best)", "restart 1"},
                   2);
}

/* Restarts of a point are a row; points of one axis are none, nor are cells that are all one row.
 */
Test(figure, rows_are_the_cells_of_the_last_axis) {
    static const struct {
        const char *row;
        int n_in_a_row;
    } rows[] = {{"directions", 1},
                {"{kind: directions, runs: all}", 2},
                {"{kind: directions, points: [9], runs: all}", 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Bench bench;
        Error error = {0};
        ShownModel *shown;
        ShownLayout layout;
        int n;
        bench_open(&bench, &intro_shape, STORE_READ);
        Choice choice = bench_row(&bench, rows[i].row);
        FigureInput input = {
            bench.store,           "x.db",      figure_file_name(&choice), choice.settings,
            style_of(THEME_LIGHT), &bench.arena};
        cr_assert(shown_read(&input, &shown, &n, &layout, &error), "%s", error.text);
        cr_assert_eq(layout.row, rows[i].n_in_a_row, "%s: %d", rows[i].row, layout.row);
        bench_close(&bench);
    }
}

/* W of the constructed pentagon has norm 1.134 (1.13400 in float) and cosines 1, 0.309, -0.809. */
Test(figure, measurements_are_read_where_stored_and_else_made_from_the_stored_weights) {
    static const char *const labels[] = {"a shape that no metric names"};
    Bench bench;
    Error error = {0};
    ShownModel *shown;
    Measurement made;
    ShownLayout layout;
    int n;
    bench_open(&bench, &intro_shape, STORE_READ);
    Choice choice = bench_row(&bench, "{kind: directions, points: [9]}");
    FigureInput input = {
        bench.store,           "x.db",      figure_file_name(&choice), choice.settings,
        style_of(THEME_LIGHT), &bench.arena};
    cr_assert(shown_read(&input, &shown, &n, &layout, &error), "%s", error.text);
    cr_assert(shown_measure(&input, shown, "feature_norm", "feature_norm", &made, &error));
    for (int i = 0; i < 5; i++) {
        cr_assert_float_eq(made.values[i], 1.134, 1e-6);
        cr_assert_float_eq(shown->importance[i], pow(0.9, i), 1e-12);
    }
    cr_assert(shown_measure(&input, shown, "geometry", "geometry_name", &made, &error));
    cr_assert_str_eq(made.labels[0], "pentagon");
    cr_assert_not(shown_measure(&input, shown, "loss", "loss_se", &made, &error));
    cr_assert_str_eq(error.text, "loss_se was not measured: add it to record.metrics");

    double code = 0;
    StoredMeasurement stored = {
        shown->run->steps,
        "geometry",
        "",
        {.name = "geometry_name", .values = &code, .labels = labels, .n_labels = 1}};
    int64_t id = shown->run->id;
    cr_assert(store_close(bench.store, &error));
    cr_assert(store_open(&bench.store, bench.path, STORE_WRITE, &error), "%s", error.text);
    cr_assert(store_put_measurement(bench.store, id, &stored, &error), "%s", error.text);
    input.store = bench.store;
    cr_assert(shown_measure(&input, shown, "geometry", "geometry_name", &made, &error));
    cr_assert_str_eq(made.labels[0], labels[0]);
    bench_close(&bench);
}

static double height_of(Bench *bench, const char *row) {
    Error error = {0};
    Picture picture;
    Choice choice = bench_row(bench, row);
    FigureInput input = {
        bench->store,          "x.db",       figure_file_name(&choice), choice.settings,
        style_of(THEME_LIGHT), &bench->arena};
    cr_assert(((const FigureKind *)choice.kind)->compose(&input, &picture, &error), "%s",
              error.text);
    return picture.height;
}

/* Of the three claims of the constructed store one belongs to the figure gram. */
Test(figure, claims_stand_under_their_figure) {
    Bench bench;
    StoreShape bare = intro_shape;
    bare.has_claims = false;
    bench_open(&bench, &bare, STORE_READ);
    double none = height_of(&bench, "gram");
    cr_assert_eq(height_of(&bench, "{kind: gram, name: other}"), none);
    bench_close(&bench);
    bench_open(&bench, &intro_shape, STORE_READ);
    double three = height_of(&bench, "gram"), two = height_of(&bench, "{kind: gram, name: other}");
    bench_close(&bench);
    cr_assert(three > two && two > none);
    cr_assert_lt(three - two, two - none, "the third is one more line");
}

Test(figure, a_page_is_a_little_wider_than_high_and_wastes_few_cells) {
    static const struct {
        int n_cells, row, n_columns;
        double width, height;
    } rows[] = {{1, 1, 1, 178, 230},  {2, 1, 2, 178, 230},  {10, 1, 5, 178, 230},
                {7, 1, 4, 306, 265},  {8, 1, 4, 306, 265},  {50, 1, 10, 138, 190},
                {3, 1, 3, 306, 265},  {4, 1, 1, 1500, 800}, {24, 4, 4, 218, 200},
                {10, 5, 5, 178, 230}, {24, 2, 6, 178, 230}, {30, 15, 6, 178, 230},
                {4, 1, 2, 393, 338}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int n_columns = sheet_columns(rows[i].n_cells, rows[i].row, rows[i].width, rows[i].height);
        cr_assert_eq(n_columns, rows[i].n_columns, "%d cells: %d", rows[i].n_cells, n_columns);
    }
}

/* Turning changes no length and no angle, up to a mirror. */
static void check_turned(const float *before, const float *after, int n) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double was =
                (double)(before[2 * i] * before[2 * j] + before[2 * i + 1] * before[2 * j + 1]);
            double is = (double)(after[2 * i] * after[2 * j] + after[2 * i + 1] * after[2 * j + 1]);
            cr_assert_float_eq(is, was, 1e-5, "%d and %d: %g, not %g", i, j, is, was);
        }
}

Test(turn, a_feature_points_up_and_the_next_one_to_the_right) {
    float W[10], turned[10];
    for (int feature = 0; feature < 5; feature++)
        for (int is_mirrored = 0; is_mirrored < 2; is_mirrored++) {
            for (int i = 0; i < 5; i++)
                intro_direction(9, i, 2, W + (size_t)2 * i);
            for (int i = 0; is_mirrored && i < 5; i++)
                W[2 * i] = -W[2 * i];
            memcpy(turned, W, sizeof W);
            Model model = {.n_features = 5, .n_hidden = 2, .W = turned};
            turn_up(&model, feature);
            check_turned(W, turned, 5);
            cr_assert_float_eq(turned[2 * feature], 0, 1e-6);
            cr_assert_float_eq(turned[2 * feature + 1], 1.134, 1e-5);
            cr_assert_gt(turned[2 * (feature == 0)], 0.1);
        }
}

/* Two digons and a feature that is not there: nothing points up. */
Test(turn, where_the_feature_is_missing_its_place_stays_free) {
    const float W[] = {0.1f, 0.3f, 0.6f, -0.8f, 0.8f, 0.6f, -0.6f, 0.8f, -0.8f, -0.6f};
    float turned[10];
    memcpy(turned, W, sizeof W);
    Model model = {.n_features = 5, .n_hidden = 2, .W = turned};
    turn_up(&model, 0);
    check_turned(W, turned, 5);
    cr_assert_float_eq(turned[2], sqrt(0.5), 1e-6);
    cr_assert_float_eq(turned[3], sqrt(0.5), 1e-6);
    float none[4] = {0.1f, 0, 0, 0.2f};
    turn_up(&(Model){.n_features = 2, .n_hidden = 2, .W = none}, 1);
    cr_assert(none[0] == 0.1f && none[3] == 0.2f);
}

Test(rows, are_those_of_the_stored_config) {
    Bench bench;
    bench_open(&bench, &basic_shape, STORE_READ);
    Problems problems = {.arena = &bench.arena};
    Choices rows = rows_read(bench.store, bench.path, &bench.arena, &problems);
    cr_assert(rows.n == 1 && problems.n == 0);
    cr_assert_str_eq(rows.items[0].kind->name, "gram");
    cr_assert_str_eq(figure_file_name(&rows.items[0]), "basic");
    cr_assert_eq(((const FigureSettings *)rows.items[0].settings)->theme, THEME_DARK);
    static const struct {
        const char *name, *kind, *file;
    } selected[] = {{"gram", "gram", "basic"},
                    {"basic", "gram", "basic"},
                    {"directions", "directions", "directions"}};
    for (int i = 0; i < 3; i++) {
        Choices chosen = rows_select(&rows, selected[i].name, &bench.arena, &problems);
        cr_assert(chosen.n == 1 && problems.n == 0, "%s", selected[i].name);
        cr_assert_str_eq(chosen.items[0].kind->name, selected[i].kind);
        cr_assert_str_eq(figure_file_name(&chosen.items[0]), selected[i].file);
    }
    bench_close(&bench);
}

static void check_problem(const char *config, const char *select, const char *const *parts) {
    StoreShape shape = intro_shape;
    Bench bench;
    Text text = {0};
    shape.config = config;
    bench_open(&bench, &shape, STORE_READ);
    Problems problems = {.arena = &bench.arena};
    Choices rows = rows_read(bench.store, "x.db", &bench.arena, &problems);
    if (select)
        rows_select(&rows, select, &bench.arena, &problems);
    problems_print(&problems, &text);
    cr_assert_gt(problems.n, 0, "%s", config);
    for (; *parts; parts++)
        cr_assert_not_null(strstr(text_of(&text), *parts), "%s: %s", config, text_of(&text));
    text_release(&text);
    bench_close(&bench);
}

Test(rows, problems_have_their_place_and_the_nearest_name) {
    check_problem("figures: [gram, diretions]\n", NULL,
                  (const char *const[]){"x.db: config:1:17: ", "diretions", "directions", NULL});
    check_problem("figures: [gram]\n", "grm", (const char *const[]){"-k: ", "grm", "gram", NULL});
    check_problem("figures: [{kind: gram, colums: 3}]\n", NULL,
                  (const char *const[]){"x.db: config:1:24: ", "colums", "columns", NULL});
    check_problem("figures: {kind: gram}\n", NULL,
                  (const char *const[]){"x.db: config:1:10: figures: must be a list", NULL});
    check_problem(
        "figures: [gram, gram]\n", NULL,
        (const char *const[]){"x.db: config:1:17: figures: two rows are called gram", NULL});
    check_problem("figures: [{kind: gram, name: ../x}]\n", NULL,
                  (const char *const[]){"x.db: config:1:11: figures: the name ../x must be", NULL});
}

Test(describe, is_json_that_names_every_kind_and_setting) {
    const KindTable *tables[] = {&figure_table};
    Text text = {0};
    describe_tables(tables, 1, &text);
    json_t *root = json_loads(text_of(&text), 0, NULL);
    cr_assert_not_null(root);
    const json_t *kinds =
        json_object_get(json_object_get(json_object_get(root, "tables"), "figures"), "kinds");
    cr_assert_eq(json_array_size(kinds), (size_t)figure_table.n_rows);
    for (int k = 0; k < figure_table.n_rows; k++) {
        const json_t *kind = json_array_get(kinds, (size_t)k);
        cr_assert_str_eq(json_string_value(json_object_get(kind, "name")),
                         figure_table.rows[k]->name);
        cr_assert_not_null(json_object_get(kind, "summary"));
        cr_assert_eq(json_array_size(json_object_get(kind, "settings")),
                     (size_t)(figure_table.n_fields + figure_table.rows[k]->n_fields));
    }
    json_decref(root);
    text_release(&text);
}
