/* render/figure: pictures of constructed stores, and what is said where there is no picture. */
#include "render/figure/sheet.h"
#include "render/figure/shown.h"
#include "tests/figure_bench.h"

#include <criterion/criterion.h>
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

static double height_of(Bench *bench, const char *row) {
    Error error = {0};
    Picture picture;
    Choice choice = bench_row(bench, row);
    FigureInput input = bench_input(bench, choice.settings);
    input.name = figure_file_name(&choice);
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
