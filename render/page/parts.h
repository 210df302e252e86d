/* The parts of the page, a file each, and what they share: ids, and the column of controls. */
#ifndef SUPERPOSE_RENDER_PAGE_PARTS_H
#define SUPERPOSE_RENDER_PAGE_PARTS_H

#include "render/state/state.h"

/* Widgets by name; a row of many begins at its first id. */
typedef enum WidgetId {
    ID_NONE,
    ID_SCENE,
    ID_TIMELINE,
    ID_SCENE_TABS,
    ID_PLAY,
    ID_STEP,
    ID_RESET,
    ID_SEED,
    ID_SPEED,
    ID_NOW,
    ID_LOOP,
    ID_BOOKMARK,
    ID_THEME,
    ID_FULL,
    ID_HELP,
    ID_OVERLAYS,
    ID_PICTURE,
    ID_FILM,
    ID_SAVE,
    ID_PRESETS,
    ID_MENU,
    ID_MENU_GROUND,
    ID_COMPARE,
    ID_COMPARED,    /* the scene of the run beside the shown one */
    ID_TITLE,       /* the words in the header */
    ID_NAMES,       /* of two runs: left, right */
    ID_COLUMN = 35, /* of controls, and its bar */
    ID_HELP_GROUND = 37,
    ID_KINDS = 40,   /* of data, task, model, optimizer: 40 + i */
    ID_SIZES = 50,   /* less and more of features, dimensions: 50 + i */
    ID_SLIDERS = 60, /* of live settings, 60 + i */
    ID_OPTIONS = 100 /* of the scene, 100 + i */
} WidgetId;

/* ---- header.c ---- */

/** The title and buttons along the page's upper edge; the mark of a film in it, drawn later. */
void header_frame(View *view, Rect rect);
void header_draw_film_mark(View *view, cairo_t *cairo);

/* ---- column.c ---- */

/* Where the next control of the column goes. */
typedef struct Column {
    double x, y, width;
} Column;

/** The next `height` of it, and a gap. */
Rect column_take(Column *column, double height);

/* ---- controls.c ---- */

/** Draws the controls beside a scene, which react. */
void controls_frame(View *view, Rect rect);

/* ---- sliders.c ---- */

/** Sliders for all live settings. */
void sliders_frame(View *view, Column *column);

/* ---- anew.c ---- */

/** Sizes, and kinds: what starts the run again. */
void anew_frame_sizes(View *view, Column *column);
void anew_frame_kinds(View *view, Column *column);

/* ---- timeline.c ---- */

/** Draws the time line under a scene, which reacts. */
void timeline_frame(View *view, Rect rect);

/* ---- menu.c ---- */

/** What a menu of kinds has chosen now, in words. */
const char *menu_label(const View *view, MenuKind menu, Arena *arena);

/** Draws the menu that is open, over the page, and reacts. */
void menu_frame(View *view, Rect page);

/* ---- help.c ---- */

/** Draws all keys with what they do; a press anywhere closes it. */
void help_frame(View *view, cairo_t *cairo, Rect page);

#endif
