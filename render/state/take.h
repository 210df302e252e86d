/* What the user takes away: pictures of the page and a film of it, made from a page that has just
 * been drawn; a config. */
#ifndef SUPERPOSE_RENDER_STATE_TAKE_H
#define SUPERPOSE_RENDER_STATE_TAKE_H

#include "render/state/state.h"

/** The first results/NAME-N that has none of these endings [n] yet. */
const char *take_next_stem(View *view, const char *const *endings, int n);

/** Saves the page when it is drawn next: as a PNG; as SVG and PDF, without controls. */
void take_picture(View *view);
void take_drawing(View *view);

/** Begins a film of the page, or ends it. */
void take_film(View *view);

/** Goes on with the film by `seconds`, to the view's clock. */
void take_tick(View *view, double seconds);

/** How long the film is, "1:05"; NULL where none is recorded. */
const char *take_film_time(View *view);

/** Finishes what is begun; returns "" or a sentence that says what became of it. */
const char *take_finish(View *view);

/** Writes a config that trains the shown run to the step looked at, touches and all. */
void take_config(View *view);

/** Begins the film that is wanted, and gives it the page that was just drawn on an image surface.
 */
void take_frame(View *view, cairo_surface_t *page);

#endif
