/* The figure phase: constructed maps, what lands on the page, and what is said where there is none.
 */
#include "render/draw/raster.h"
#include "render/figure/figure.h"
#include "render/panel/phase.h"
#include "sim/theory/phase.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { N = 12 };

static Arena arena;
static Store *store;
static char path[64], picture[64];

static void put(const char *name, int rank, const double *values, const char *const *labels) {
    Error error = {0};
    StoredMeasurement stored = {.maker = "phase_agreement",
                                .settings = "",
                                .measurement = {.name = arena_print(&arena, "map%s", name),
                                                .rank = rank,
                                                .shape = {N, rank == 2 ? N : 0},
                                                .values = (double *)(uintptr_t)values,
                                                .labels = labels,
                                                .n_labels = labels ? N_PHASE_CLASSES : 0}};
    cr_assert(store_put_measurement(store, 0, &stored, &error), "%s", error.text);
}

/* A quarter not represented, a quarter alone, the lower half shared; its class in each cell. */
static void put_map(const char *norm, const char *interference, const char *class) {
    static const char *const labels[] = {"a", "b", "c"};
    double norms[N * N], interferences[N * N], classes[N * N];
    for (int i = 0; i < N * N; i++) {
        PhaseClass c = i / N >= N / 2   ? PHASE_SUPERPOSITION
                       : i % N >= N / 2 ? PHASE_DEDICATED
                                        : PHASE_NOT_REPRESENTED;
        classes[i] = c;
        norms[i] = c != PHASE_NOT_REPRESENTED;
        interferences[i] = c == PHASE_SUPERPOSITION;
    }
    put(class, 2, classes, labels);
    if (norm)
        put(norm, 2, norms, NULL);
    if (interference)
        put(interference, 2, interferences, NULL);
}

/* Densities 1 … 0.01, importances 0.1 … 10; losses 3/4 of the idealised. */
static void put_all(double features) {
    double density[N], importance[N], ideal[N * N], optimum[N * N];
    for (int i = 0; i < N; i++) {
        density[i] = pow(10, -2. * i / (N - 1));
        importance[i] = pow(10, -1 + 2. * i / (N - 1));
    }
    for (int i = 0; i < N * N; i++) {
        ideal[i] = i + 1;
        optimum[i] = 0.75 * (i + 1);
    }
    put("_density", 1, density, NULL);
    put("_importance", 1, importance, NULL);
    put("_ideal_loss", 2, ideal, NULL);
    put("_optimum_loss", 2, optimum, NULL);
    put("_n_features", 0, &features, NULL);
    static const char *const percents[] = {"", "_optimum", "_best", "_best_optimum"};
    for (int i = 0; i < 4; i++)
        put(percents[i], 0, (const double[]){90.25 + i}, NULL);
    put_map("_norm", "_interference", "_class");
    put_map("_best_norm", "_best_interference", "_best_class");
    put_map("_optimum_norm", "_optimum_interference", "_optimum_class");
    put_map(NULL, NULL, "_ideal_class");
}

static void open_store(void) {
    Error error = {0};
    snprintf(path, sizeof path, "/tmp/test_figure_phase-%d.db", (int)getpid());
    snprintf(picture, sizeof picture, "/tmp/test_figure_phase-%d.png", (int)getpid());
    unlink(path);
    cr_assert(store_open(&store, path, STORE_WRITE, &error), "%s", error.text);
    cr_assert(store_set_fact(store, "title", "Constructed", &error));
}

static void close_store(void) {
    Error error = {0};
    cr_assert(store_close(store, &error), "%s", error.text);
    unlink(path);
    unlink(picture);
    arena_release(&arena);
}

TestSuite(figure_phase, .init = open_store, .fini = close_store);

static bool draw(Theme theme, Error *error) {
    Problems problems = {.arena = &arena};
    static const char row[] = "{kind: phase, summary: map}";
    const char *paths[] = {picture};
    Choice choice;
    const Yaml *node = yaml_parse("row", row, sizeof row - 1, &arena, &problems);
    cr_assert(choice_read(&figure_table, node, node->place, NULL, 0, &choice, &arena, &problems));
    return figure_write(&choice, theme, store, "x.db", paths, 1, error);
}

/* How many of the picture's pixels have exactly this colour. */
static int64_t count_pixels(Color color) {
    cairo_surface_t *image = cairo_image_surface_create_from_png(picture);
    int width = cairo_image_surface_get_width(image),
        height = cairo_image_surface_get_height(image);
    const unsigned char *data = cairo_image_surface_get_data(image);
    int64_t n = 0;
    for (int y = 0; y < height; y++) {
        const uint32_t *row =
            (const uint32_t *)(const void *)(data +
                                             (size_t)y * cairo_image_surface_get_stride(image));
        for (int x = 0; x < width; x++)
            n += (row[x] & 0xffffff) == raster_pixel(color);
    }
    cairo_surface_destroy(image);
    return n;
}

/* All four maps show twice as many shared cells as dedicated ones, but for what lines and names
 * cover; of three features the line between those goes on below. */
Test(figure_phase, shows_as_many_cells_as_there_are) {
    for (int theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
        const Style *style = style_of((Theme)theme);
        Error error = {0};
        int64_t shared[2];
        for (int k = 0; k < 2; k++) {
            put_all(2 + k);
            cr_assert(draw((Theme)theme, &error), "%s", error.text);
            shared[k] = count_pixels(phase_panel_color(style, 1, 1));
            int64_t alone = count_pixels(phase_panel_color(style, 1, 0));
            double quotient = (double)shared[k] / (double)alone;
            cr_assert(quotient > 1.85 && quotient < 2.3, "%g", quotient);
            cr_assert_gt(alone, 4 * 150 * 150, "a quarter of four maps at twice the scale");
        }
        cr_assert_neq(shared[0], shared[1], "another line");
    }
}

static void check_refused(const char *message) {
    Error error = {0};
    cr_assert_not(draw(THEME_LIGHT, &error));
    cr_assert_str_eq(error.text, message);
    cr_assert_neq(access(picture, F_OK), 0);
}

Test(figure_phase, says_what_is_missing) {
    check_refused(
        "x.db: figure phase: map_density was not made: give the config the summary {kind: "
        "phase_agreement}");
    put_all(2);
    put("_norm", 1, (const double[N]){0}, NULL);
    check_refused("x.db: figure phase: map_norm has 12 values, not 144");
    put_all(2);
    double density[N];
    for (int i = 0; i < N; i++)
        density[i] = 1 - i / (double)N;
    put("_density", 1, density, NULL);
    check_refused("x.db: figure phase: map_density is not evenly spaced on a logarithmic scale: "
                  "take logspace");
}
