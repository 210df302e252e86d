/* A frame: all inputs, a tick, and a picture where there is something new to see. */
#include "render/window/loop.h"

#include "render/window/window.h"
#include "sim/base/clock.h"

#include <stdio.h>
#include <string.h>

/* At rest there is a look at what there is to do now and then; inputs end that wait. */
static const double FRAME_SECONDS = 1.0 / 60, REST_SECONDS = 0.1;
enum { RESTS_AFTER = 60 }; /* frames without news */

/* What the window was told last. */
typedef struct Told {
    Window *window;
    char title[512]; /* its first bytes, copied: another title may lie where one lay */
    double width, height, scale;
    bool is_full_screen;
    Cursor cursor;
    int n_idle; /* frames in which there was no news */
} Told;

static void take_inputs(View *view, Told *told) {
    Input input;
    told->n_idle = view_has_news(view) ? 0 : told->n_idle + 1;
    double wait = told->n_idle > RESTS_AFTER ? REST_SECONDS : told->n_idle ? FRAME_SECONDS : 0;
    while (window_next(told->window, &input, wait)) {
        wait = 0;
        if (input.kind == INPUT_RESIZE) {
            told->width = input.width;
            told->height = input.height;
        }
        view_input(view, &input);
    }
}

static void tell(const View *view, Told *told) {
    const char *title = view_window_title(view);
    if (strncmp(told->title, title, sizeof told->title - 1) != 0) {
        snprintf(told->title, sizeof told->title, "%s", title);
        window_set_title(told->window, title);
    }
    if (told->scale != view_scale(view)) {
        told->scale = view_scale(view);
        window_set_scale(told->window, told->scale);
    }
    if (told->is_full_screen != view_is_full_screen(view)) {
        told->is_full_screen = view_is_full_screen(view);
        window_set_full_screen(told->window, told->is_full_screen);
    }
    if (told->cursor != view_cursor(view)) {
        told->cursor = view_cursor(view);
        window_set_cursor(told->window, told->cursor);
    }
}

static bool show(View *view, const Told *told, Error *error) {
    cairo_t *cairo = cairo_create(window_surface(told->window));
    view_frame(view, cairo, told->width, told->height);
    cairo_destroy(cairo);
    return window_present(told->window, NULL, error);
}

bool loop_run(View *view, const atomic_int *stop, Error *error) {
    Habits habits = view_habits(view);
    Told told = {.scale = habits.scale,
                 .width = habits.width / habits.scale,
                 .height = habits.height / habits.scale};
    snprintf(told.title, sizeof told.title, "%s", view_window_title(view));
    told.window = window_open(view_window_title(view), told.width, told.height, told.scale, error);
    bool ok = told.window != NULL;
    while (ok && !view_is_over(view) && !atomic_load(stop)) {
        take_inputs(view, &told);
        view_tick(view, clock_wall());
        tell(view, &told);
        if (view_has_news(view))
            ok = show(view, &told, error);
        if (ok && window_is_lost(told.window))
            ok = error_set(error, "the display has gone");
    }
    window_close(told.window);
    return ok;
}
