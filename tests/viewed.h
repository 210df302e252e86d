/* What tests of the View share: a View of a config with a page to draw on, and hands for it. */
#ifndef SUPERPOSE_TESTS_VIEWED_H
#define SUPERPOSE_TESTS_VIEWED_H

#include "render/state/state.h"
#include "render/view/view.h"
#include "tests/folder.h"
#include "tests/opened_view.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { WIDTH = 1280, HEIGHT = 800 };

typedef struct Bench {
    char path[64];
    View *view;
    cairo_surface_t *surface;
    cairo_t *cairo;
    double now;
} Bench;

static inline Bench bench_open(const char *text, const char *const *overrides, int n_overrides) {
    Bench bench = {.now = 100};
    snprintf(bench.path, sizeof bench.path, "/tmp/test_view.%d.yaml", (int)getpid());
    write_text(bench.path, text);
    ViewOptions options = {.path = bench.path,
                           .overrides = overrides,
                           .n_overrides = n_overrides,
                           .only_run = -1,
                           .n_threads = 1,
                           .isa = isa_best(),
                           .theme = THEME_LIGHT};
    bench.view = opened_view(&options);
    bench.surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
    bench.cairo = cairo_create(bench.surface);
    return bench;
}

static inline void bench_close(Bench *bench) {
    view_close(bench->view);
    cairo_destroy(bench->cairo);
    cairo_surface_destroy(bench->surface);
    unlink(bench->path);
}

/* A frame at 60 in a second, after which the training has done what it was allowed to do. */
static inline void frame(Bench *bench) {
    bench->now += 1.0 / 60;
    view_tick(bench->view, bench->now);
    live_wait(bench->view->stage->live);
    view_frame(bench->view, bench->cairo, WIDTH, HEIGHT);
}

static inline void key(Bench *bench, int code) {
    Input input = {.kind = INPUT_KEY, .key = code};
    view_input(bench->view, &input);
    frame(bench);
}

static inline void pointer(Bench *bench, InputKind kind, double x, double y) {
    Input input = {.kind = kind, .x = x, .y = y, .button = BUTTON_LEFT, .clicks = 1};
    view_input(bench->view, &input);
    frame(bench);
}

static inline int64_t steps_of(const Bench *bench) {
    return stage_step(bench->view->stage);
}

/* A widget as it was drawn last; NULL: it was not. */
static inline const UiPlace *widget_place(const Bench *bench, int id) {
    const Ui *ui = &bench->view->ui;
    for (int i = 0; i < ui->n_seen; i++)
        if (ui->seen[i].id == id)
            return &ui->seen[i];
    return NULL;
}

static inline void point_at(Bench *bench, int id) {
    const UiPlace *place = widget_place(bench, id);
    cr_assert(place, "%d is not there", id);
    pointer(bench, INPUT_MOVE, place->rect.x + place->rect.width / 2,
            place->rect.y + place->rect.height / 2);
}

static inline void click_at(Bench *bench, double x, double y) {
    pointer(bench, INPUT_MOVE, x, y);
    pointer(bench, INPUT_PRESS, x, y);
    pointer(bench, INPUT_RELEASE, x, y);
}

#endif
