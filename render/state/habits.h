/* Habits: how the user likes the window, kept from one session to the next in a small JSON file.
 * It may be missing, damaged or impossible to write: then all is as at first. */
#ifndef SUPERPOSE_RENDER_STATE_HABITS_H
#define SUPERPOSE_RENDER_STATE_HABITS_H

#include "render/draw/style.h"
#include "sim/base/arena.h"
#include "sim/base/error.h"

typedef struct Habits {
    Theme theme;
    double scale;         /* of the interface: 0.75 to 3 */
    bool has_overlays;    /* names, levels and bounds */
    bool is_bare;         /* without controls */
    double width, height; /* of the window, in points */
    char preset[1024];    /* path of the last one; "": none */
} Habits;

/** As at first. */
Habits habits_first(void);

/** $XDG_STATE_HOME/superpose/view.json, or under ~/.local/state; NULL where there is no home. */
const char *habits_path(Arena *arena);

/** Reads them; what is missing or makes no sense stays as it is. */
void habits_load(const char *path, Habits *habits);

/** Writes them, and makes the folders that are missing. */
bool habits_save(const char *path, const Habits *habits, Error *error);

#endif
