/* Icons: what buttons do, as vector paths in one square and one weight of line. */
#ifndef SUPERPOSE_RENDER_DRAW_ICON_H
#define SUPERPOSE_RENDER_DRAW_ICON_H

#include "render/draw/canvas.h"

typedef enum Icon {
    ICON_PLAY,
    ICON_PAUSE,
    ICON_STEP,
    ICON_RESET,
    ICON_SEED, /* dice */
    ICON_NOW,  /* to the newest */
    ICON_LOOP,
    ICON_BOOKMARK,
    ICON_RECORD,
    ICON_CAMERA,
    ICON_SAVE,
    ICON_COMPARE,
    ICON_MENU,
    ICON_THEME,
    ICON_FULL_SCREEN,
    ICON_HELP,
    N_ICONS
} Icon;

/** Draws the icon centred at x, y in a square of this size. */
void icon_draw(cairo_t *cairo, Icon icon, Color color, double x, double y, double size);

#endif
