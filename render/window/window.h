/* Window: a Cairo picture on the screen, and what the user does to it. With its display.c the only
 * part of the program that speaks SDL. One window at a time; all calls from the thread that opened
 * it.
 *
 * A loop: take all inputs, draw what changed into window_surface, window_present. */
#ifndef SUPERPOSE_RENDER_WINDOW_WINDOW_H
#define SUPERPOSE_RENDER_WINDOW_WINDOW_H

#include "render/draw/canvas.h"
#include "render/ui/input.h"
#include "sim/base/error.h"

typedef struct Window Window;

/** Opens a window that can be resized, of width x height logical pixels at that scale of the
 * interface, or as much of it as the screen has. Its first input is INPUT_RESIZE. NULL, with one
 * sentence in the error, where there is no display. SIGINT and SIGTERM become INPUT_CLOSE unless
 * the program handles them. */
Window *window_open(const char *title, double width, double height, double scale, Error *error);

/** The next input; where none waits, false after `wait` seconds. */
bool window_next(Window *window, Input *input, double wait);

/** The picture: in logical pixels, with as many of its own as the display has. It is the window's,
 * and another, empty one after INPUT_RESIZE. */
cairo_surface_t *window_surface(Window *window);

/** Whether its display has gone: nothing can be shown any more, and no inputs come. */
bool window_is_lost(const Window *window);

/** Shows the part `dirty` of the picture (NULL: all of it), and waits for the next sixtieth of a
 * second. False where the display, which is still there, takes no pictures any more. */
bool window_present(Window *window, const Rect *dirty, Error *error);

/** Pixels of the display for a logical one are its own density times this; INPUT_RESIZE follows. */
void window_set_scale(Window *window, double scale);

/** What the window's bar says. */
void window_set_title(Window *window, const char *title);

/** Over the whole screen, or as it was; INPUT_RESIZE follows. */
void window_set_full_screen(Window *window, bool is_full);

/** The pointer's shape inside the window. */
void window_set_cursor(Window *window, Cursor cursor);

/** Closes it; NULL is fine. */
void window_close(Window *window);

#endif
