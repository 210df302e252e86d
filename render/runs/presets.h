/* Presets: the configs that come with the program, each with the line that says what it is there to
 * show. */
#ifndef SUPERPOSE_RENDER_RUNS_PRESETS_H
#define SUPERPOSE_RENDER_RUNS_PRESETS_H

#include "sim/base/arena.h"

typedef struct Preset {
    const char *path;   /* configs/intro.yaml */
    const char *title;  /* its title, or its name */
    const char *lesson; /* its first line, a comment, without the #; "" */
} Preset;

typedef struct Presets {
    Preset *items; /* [n]: of the folder, then of its folder paper, each by name */
    int n;
} Presets;

/** Those of a folder; none where there is no such folder. */
const Presets *presets_find(const char *folder, Arena *arena);

/** Which of them the file is, whatever way its path goes; -1: none. */
int presets_row(const Presets *presets, const char *path);

/** The first line of a config without its #; "" where it is no comment. */
const char *presets_lesson(const char *path, Arena *arena);

#endif
