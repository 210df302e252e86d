/* Display: how a program outlives the display that its window is on. A part of window.c, apart from
 * it because X's names (Window, Cursor) are ours too. */
#ifndef SUPERPOSE_RENDER_WINDOW_DISPLAY_H
#define SUPERPOSE_RENDER_WINDOW_DISPLAY_H

#include <stdbool.h>

struct SDL_Window;

/** Has *is_lost set, where the display of the window goes, by whatever call of SDL finds that out;
 * such calls then do nothing. Without this, or where it cannot be (libX11 before 1.7), the first of
 * them ends the program. Where the display is Wayland's, SDL says SDL_QUIT. */
void display_watch(struct SDL_Window *window, bool *is_lost);

#endif
