/* Saves: pictures of the page on their way into files. To draw one is quick; to make a file of it
 * takes half a second, which a thread of its own has. */
#ifndef SUPERPOSE_RENDER_FILM_SAVES_H
#define SUPERPOSE_RENDER_FILM_SAVES_H

#include "render/draw/canvas.h"
#include "sim/base/arena.h"

#include <pthread.h>
#include <stdatomic.h>

enum { MOST_SAVES = 4, MOST_FORMATS = 2 };

/* One drawing, in one format or two. */
typedef struct Save {
    bool is_begun;
    atomic_bool is_over;
    pthread_t thread;
    int n;
    Canvas canvases[MOST_FORMATS];
    char *paths[MOST_FORMATS];
    bool is_good;
    Error error;
} Save;

/* {0}: none. It stays where it is. */
typedef struct Saves {
    Save saves[MOST_SAVES];
} Saves;

/** Whether a file of that name is being written. */
bool saves_has(const Saves *saves, const char *path);

/** Whether there is no room for another one yet. */
bool saves_are_full(const Saves *saves);

/** Has canvases [n], drawn on canvas_open_later's, written to paths [n]; takes them in any case. */
bool saves_begin(Saves *saves, const Canvas *canvases, const char *const *paths, int n,
                 Error *error);

/** A sentence about one that is written ("saved x.svg and x.pdf"), or could not be: then *is_good
 * is false, and there is no file. NULL: there is none; where it waits, none is left. */
const char *saves_take(Saves *saves, bool waits, bool *is_good, Arena *arena);

#endif
