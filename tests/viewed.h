/* What tests of the View share: configs, a View of one with a page to draw on, and hands for it. */
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

#define FOUR_IN_TWO                                                                                \
    "# Four features learn to share.\n"                                                            \
    "title: Four in two\n"                                                                         \
    "data: {kind: independent, n_features: 4, feature_probability: 0.1}\n"                         \
    "model: {kind: relu_output, n_hidden: 2}\n"                                                    \
    "train: {steps: 2000, batch: 64, learning_rate: 1e-2, schedule: cosine}\n"

#define SIX_IN_TWO                                                                                 \
    "# Six features, of which one is chosen.\n"                                                    \
    "title: Six in two\n"                                                                          \
    "data: {kind: independent, n_features: 6, feature_probability: 0.1}\n"                         \
    "model: {kind: relu_output, n_hidden: 2}\n"                                                    \
    "train: {steps: 2000, batch: 64, learning_rate: 1e-2}\n"

typedef struct Bench {
    char path[64]; /* of a config that goes with it; "" */
    View *view;
    cairo_surface_t *surface;
    cairo_t *cairo;
    double now;
} Bench;

static inline Bench bench_of(const ViewOptions *options) {
    Bench bench = {.now = 100, .view = opened_view(options)};
    bench.surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
    bench.cairo = cairo_create(bench.surface);
    return bench;
}

static inline Bench bench_open(const char *text, const char *const *overrides, int n_overrides) {
    char path[64];
    snprintf(path, sizeof path, "/tmp/test_view.%d.yaml", (int)getpid());
    write_text(path, text);
    ViewOptions options = {.path = path,
                           .overrides = overrides,
                           .n_overrides = n_overrides,
                           .only_run = -1,
                           .n_threads = 1,
                           .isa = isa_best(),
                           .theme = THEME_LIGHT};
    Bench bench = bench_of(&options);
    memcpy(bench.path, path, sizeof path);
    return bench;
}

static inline void bench_close(Bench *bench) {
    view_close(bench->view);
    cairo_destroy(bench->cairo);
    cairo_surface_destroy(bench->surface);
    if (*bench->path)
        unlink(bench->path);
}

/* A frame at 60 in a second, after which a training has done what it was allowed to do. */
static inline void frame(Bench *bench) {
    bench->now += 1.0 / 60;
    view_tick(bench->view, bench->now);
    if (bench->view->stage->live)
        live_wait(bench->view->stage->live);
    view_frame(bench->view, bench->cairo, WIDTH, HEIGHT);
}

static inline void frames(Bench *bench, int n) {
    for (int i = 0; i < n; i++)
        frame(bench);
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
