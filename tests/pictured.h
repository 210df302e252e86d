/* A store that a test fills, and the picture that a figure draws of it. */
#ifndef SUPERPOSE_TESTS_PICTURED_H
#define SUPERPOSE_TESTS_PICTURED_H

#include "render/draw/raster.h"
#include "render/figure/figure.h"
#include "tests/paper.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static Arena arena;
static Store *store;
static char store_path[64], picture[64];

static inline void begin(void) {
    Error error = {0};
    snprintf(store_path, sizeof store_path, "/tmp/test_figure-%d.db", (int)getpid());
    snprintf(picture, sizeof picture, "/tmp/test_figure-%d.png", (int)getpid());
    unlink(store_path);
    cr_assert(store_open(&store, store_path, STORE_WRITE, &error), "%s", error.text);
    cr_assert(store_set_fact(store, "title", "Constructed", &error));
}

static inline void end(void) {
    Error error = {0};
    cr_assert(store_close(store, &error), "%s", error.text);
    unlink(store_path);
    unlink(picture);
    arena_release(&arena);
}

/* Draws a row of `figures`, a line of YAML. */
static inline bool draw(const char *row, Theme theme, Error *error) {
    Problems problems = {.arena = &arena};
    const char *paths[] = {picture};
    Choice choice;
    const Yaml *node = yaml_parse("row", row, strlen(row), &arena, &problems);
    cr_assert(choice_read(&figure_table, node, node->place, NULL, 0, &choice, &arena, &problems));
    return figure_write(&choice, theme, store, "x.db", paths, 1, error);
}

/* How many of the picture's pixels have exactly this colour. */
static inline int64_t count_pixels(Color color) {
    cairo_surface_t *image = cairo_image_surface_create_from_png(picture);
    int64_t n = 0;
    for (int y = 0; y < cairo_image_surface_get_height(image); y++)
        for (int x = 0; x < cairo_image_surface_get_width(image); x++)
            n += pixel_at(image, x, y) == raster_pixel(color);
    cairo_surface_destroy(image);
    return n;
}

#endif
