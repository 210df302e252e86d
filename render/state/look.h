/* How the page looks: its theme, how large it is, and how it is presented. */
#ifndef SUPERPOSE_RENDER_STATE_LOOK_H
#define SUPERPOSE_RENDER_STATE_LOOK_H

#include "render/state/state.h"

/** Takes the page's size, an INPUT_RESIZE. */
void look_resize(View *view, const Input *size);

/** Light, or dark. */
void view_change_theme(View *view);

/** Makes all of it larger by so many places on a ladder; 0: as it was drawn. */
void view_change_scale(View *view, int by);

/** Shows the scene alone, large, over the whole screen; and back. */
void view_present(View *view);

/** How large all of it is: as wished for, as far as the window has room for the page. */
double look_scale(const View *view);

#endif
