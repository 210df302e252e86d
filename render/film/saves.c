#include "render/film/saves.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool saves_has(const Saves *saves, const char *path) {
    for (int i = 0; i < MOST_SAVES; i++)
        for (int k = 0; saves->saves[i].is_begun && k < saves->saves[i].n; k++)
            if (strcmp(saves->saves[i].paths[k], path) == 0)
                return true;
    return false;
}

/* MOST_SAVES: there is none. */
static int find_room(const Saves *saves) {
    int i = 0;
    while (i < MOST_SAVES && saves->saves[i].is_begun)
        i++;
    return i;
}

bool saves_are_full(const Saves *saves) {
    return find_room(saves) == MOST_SAVES;
}

/* pthread_create: what was not to be leaves nothing of it behind. */
static void *write_files(void *context) {
    Save *save = context;
    int n_written = 0;
    save->is_good = true;
    for (int k = 0; k < save->n; k++) {
        Text bytes = {0};
        bool is_made = canvas_close(&save->canvases[k], &bytes, &save->error);
        save->is_good =
            save->is_good && is_made && canvas_save(save->paths[k], &bytes, &save->error);
        n_written += save->is_good;
        text_release(&bytes);
    }
    for (int k = 0; !save->is_good && k < n_written; k++)
        remove(save->paths[k]);
    atomic_store(&save->is_over, true);
    return NULL;
}

static void release(Save *save) {
    for (int k = 0; k < save->n; k++)
        free(save->paths[k]);
    *save = (Save){0};
}

bool saves_begin(Saves *saves, const Canvas *canvases, const char *const *paths, int n,
                 Error *error) {
    Save *save = &saves->saves[find_room(saves)];
    assert(!saves_are_full(saves));
    *save = (Save){.is_begun = true, .n = n};
    for (int k = 0; k < n; k++) {
        save->canvases[k] = canvases[k];
        save->paths[k] = strdup(paths[k]);
        if (!save->paths[k])
            abort();
    }
    if (pthread_create(&save->thread, NULL, write_files, save) == 0)
        return true;
    for (int k = 0; k < n; k++) {
        Text none = {0};
        canvas_close(&save->canvases[k], &none, &save->error);
        text_release(&none);
    }
    release(save);
    return error_set(error, "no thread to write %s", paths[0]);
}

static const char *sentence_of(const Save *save, Arena *arena) {
    if (!save->is_good)
        return arena_copy(arena, save->error.text);
    return arena_print(arena, save->n > 1 ? "saved %s and %s" : "saved %s", save->paths[0],
                       save->n > 1 ? strrchr(save->paths[1], '.') : "");
}

const char *saves_take(Saves *saves, bool waits, bool *is_good, Arena *arena) {
    Save *save = NULL;
    for (int i = 0; !save && i < MOST_SAVES; i++)
        if (saves->saves[i].is_begun && (waits || atomic_load(&saves->saves[i].is_over)))
            save = &saves->saves[i];
    if (!save)
        return NULL;
    pthread_join(save->thread, NULL);
    *is_good = save->is_good;
    const char *sentence = sentence_of(save, arena);
    release(save);
    return sentence;
}
