/* What tests of widgets share: a page of 640 x 400 that nobody looks at, and hands for it. */
#ifndef SUPERPOSE_TESTS_UI_STAGE_H
#define SUPERPOSE_TESTS_UI_STAGE_H

#include "render/draw/label.h"
#include "render/ui/ui.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

typedef struct Stage {
    Ui ui;
    cairo_surface_t *surface;
    double now;
} Stage;

static inline void begin(Stage *stage) {
    if (!stage->surface)
        stage->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 640, 400);
    cairo_t *cairo = cairo_create(stage->surface);
    const Style *style = style_of(THEME_LIGHT);
    canvas_set_color(cairo, style->background);
    cairo_paint(cairo);
    ui_begin(&stage->ui, cairo, style, (Rect){0, 0, 640, 400}, stage->now);
}

static inline void end(Stage *stage) {
    ui_end(&stage->ui);
    cr_assert_eq(cairo_status(stage->ui.cairo), CAIRO_STATUS_SUCCESS);
    cairo_destroy(stage->ui.cairo);
}

static inline void leave_stage(Stage *stage) {
    ui_release(&stage->ui);
    cairo_surface_destroy(stage->surface);
}

static inline bool move(Stage *stage, double x, double y) {
    return ui_input(&stage->ui, &(Input){.kind = INPUT_MOVE, .x = x, .y = y});
}

static inline bool press(Stage *stage, double x, double y, int clicks) {
    Input input = {.kind = INPUT_PRESS, .x = x, .y = y, .button = BUTTON_LEFT, .clicks = clicks};
    return ui_input(&stage->ui, &input);
}

static inline bool release(Stage *stage, double x, double y) {
    Input input = {.kind = INPUT_RELEASE, .x = x, .y = y, .button = BUTTON_LEFT};
    return ui_input(&stage->ui, &input);
}

static inline bool wheel(Stage *stage, double x, double y, double notches) {
    Input input = {.kind = INPUT_WHEEL, .x = x, .y = y, .wheel = notches};
    return ui_input(&stage->ui, &input);
}

static inline bool key(Stage *stage, int code, unsigned modifiers) {
    Input input = {.kind = INPUT_KEY, .key = code, .modifiers = modifiers};
    return ui_input(&stage->ui, &input);
}

static inline void click(Stage *stage, double x, double y) {
    press(stage, x, y, 1);
    release(stage, x, y);
}

static inline uint32_t pixel(const Stage *stage, int x, int y) {
    uint32_t value;
    const unsigned char *data = cairo_image_surface_get_data(stage->surface);
    memcpy(&value, data + y * cairo_image_surface_get_stride(stage->surface) + 4 * x, 4);
    return value & 0xffffff;
}

#endif
