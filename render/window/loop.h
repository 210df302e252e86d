/* Loop: a View in a window, until the user closes it. */
#ifndef SUPERPOSE_RENDER_WINDOW_LOOP_H
#define SUPERPOSE_RENDER_WINDOW_LOOP_H

#include "render/view/view.h"

#include <stdatomic.h>

/** Opens a window and shows the view until it is over, or `stop` is not 0. Fails where there is no
 * display, or it is lost. */
bool loop_run(View *view, const atomic_int *stop, Error *error);

#endif
