/* The bookmarks of runs that are replayed: all that a replay ever writes, and only where they are
 * others than before. */
#include "render/runs/keep_internal.h"

bool keep_read_bookmarks(const char *path, const Experiment *experiment, const int64_t *numbers,
                         int n, Arena *arena, const char **bookmarks, Error *error) {
    Store *store;
    if (!store_open(&store, path, STORE_READ, error))
        return false;
    for (int i = 0; i < n; i++)
        bookmarks[i] =
            store_fact(store, keep_fact("bookmarks", experiment, numbers[i], arena), arena);
    return store_close(store, error);
}

static bool write_all(Store *store, const Experiment *experiment, const int64_t *numbers, int n,
                      const char *const *bookmarks, Error *error) {
    Arena scratch = {0};
    bool ok = store_begin(store, error);
    for (int i = 0; ok && i < n; i++)
        ok = store_set_fact(store, keep_fact("bookmarks", experiment, numbers[i], &scratch),
                            bookmarks[i], error);
    ok = ok && store_commit(store, error);
    if (!ok)
        store_roll_back(store);
    arena_release(&scratch);
    return ok;
}

bool keep_write_bookmarks(const char *path, const Experiment *experiment, const int64_t *numbers,
                          int n, const char *const *bookmarks, Error *error) {
    Store *store;
    Error closing = {0};
    if (!store_open(&store, path, STORE_WRITE, error))
        return false;
    bool ok = write_all(store, experiment, numbers, n, bookmarks, error);
    if (store_close(store, &closing) || !ok)
        return ok;
    *error = closing;
    return false;
}
