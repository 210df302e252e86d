/* The page: where everything is, and the frame in which all of it is drawn and reacts. */
#ifndef SUPERPOSE_RENDER_PAGE_PAGE_H
#define SUPERPOSE_RENDER_PAGE_PAGE_H

#include "render/state/state.h"

/** Draws the page, which reacts: all of a frame but what is done with it. */
void page_draw(View *view, cairo_t *cairo, double width, double height);

/** Draws the sentence that is said for a while, over the page, and the mark of a film: what is not
 * on pictures. */
void page_draw_notes(View *view, cairo_t *cairo, double width, double height);

/** Saves the page that was just drawn as pictures, where the user wants them. */
void pictures_save(View *view, double width, double height);

#endif
