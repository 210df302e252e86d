/* View: what the window shows and what each input does to it. It knows no window: who has one
 * (window.c), a test, or a recorder gives it inputs and a clock, and asks for frames.
 *
 *     view_input  inputs, as they come
 *     view_tick   once a frame: lets the training go on, brings in what is new
 *     view_frame  draws, and reacts to what the widgets were told
 */
#ifndef SUPERPOSE_RENDER_VIEW_VIEW_H
#define SUPERPOSE_RENDER_VIEW_VIEW_H

#include "render/state/options.h"
#include "render/ui/ui.h"

/** Reads the config and opens its runs, training at a pace that takes about 20 s. False with
 * problems, which say where they are. With film_seconds what each frame shows depends on nothing
 * but the options and the clock. */
bool view_open(View **view, const ViewOptions *options, Problems *problems);

/** Finishes what the user has begun to take away, a film; returns "" or a sentence that says what
 * became of it. */
const char *view_finish(View *view);

/** How the window is now, for the next session. */
Habits view_habits(const View *view);

/** Leaves what is watched in its store, where it keeps. Once, before view_close. */
bool view_keep(View *view, Error *error);

/** What runs have failed, and why the first of them has: a sentence in the arena, NULL where none
 * has; *is_over tells whether they are all there are. */
const char *view_failure(const View *view, Arena *arena, bool *is_over);

/** Why something of what is shown could not be read, the first time that happened; NULL: it never
 * did. */
const char *view_unread(const View *view);

/** Where view_keep leaves what is watched; NULL: nowhere, or there is nothing yet. */
const char *view_keep_path(const View *view);

/** Ends it; NULL is allowed. */
void view_close(View *view);

/** Takes an input. */
void view_input(View *view, const Input *input);

/** Goes on to `now`, in seconds of a clock that only goes forward. */
void view_tick(View *view, double now);

/** Whether what is shown has changed since the last frame. */
bool view_has_news(const View *view);

/** Draws the page of this size. */
void view_frame(View *view, cairo_t *cairo, double width, double height);

/** Whether the user has closed it. */
bool view_is_over(const View *view);

/** What the experiment is called, and its window: "superpose: …". */
const char *view_title(const View *view);
const char *view_window_title(const View *view);

/** How large the user wants everything: 1 is a pixel of the page for one of the screen. */
double view_scale(const View *view);

/** Whether the user wants the whole screen. */
bool view_is_full_screen(const View *view);

/** The pointer's shape. */
Cursor view_cursor(const View *view);

#endif
