/* The end of a Stage's trainings, and what is kept of them: its keeper and its sweeper write the
 * same store, one after the other. */
#include "render/runs/marks.h"
#include "render/runs/stage.h"

#include <string.h>

/* Two write the store: the sweeper lets go of it when the keeper's time has come. */
bool stage_keep_some(Stage *stage, double now, Error *error) {
    Keeper *keeper = stage->keeper;
    if (!keeper)
        return true;
    bool wants_store = !keeper_is_resting(keeper) && !keeper_is_writing(keeper);
    bool has_to_wait = wants_store && stage->sweeper && !sweeper_is_resting(stage->sweeper);
    if (wants_store && !has_to_wait && stage->is_left && stage->sweeper)
        sweeper_stop(stage->sweeper); /* its map's reader would keep the last writer's log alive */
    return has_to_wait || keeper_tick(keeper, now, error);
}

/* The bookmarks of a replay, where they are others than the store has. Where they cannot be kept
 * that is told once, and is in nobody's way after that. */
static bool keep_bookmarks(Stage *stage, Error *error) {
    Error why = {0};
    int64_t numbers[STAGE_MOST_RUNS];
    const char *bookmarks[STAGE_MOST_RUNS];
    int n = 0;
    for (int i = 0; i < stage->n + stage->has_guest; i++) {
        const char *had = stage->bookmarks[i] ? stage->bookmarks[i] : "";
        stage->bookmarks[i] = marks_print(stage->histories[i], TIME_BOOKMARK, &stage->arena);
        bookmarks[n] = stage->bookmarks[i];
        numbers[n] = stage->numbers[i];
        n += strcmp(stage->bookmarks[i], had) != 0;
    }
    if (n)
        follow_hold(stage->follow);
    bool ok =
        !n || keep_write_bookmarks(stage->path, stage->experiment, numbers, n, bookmarks, &why);
    if (n)
        follow_go_on(stage->follow);
    return ok || error_set(error, "bookmarks are not kept: %.900s", why.text);
}

bool stage_keep(Stage *stage, Error *error) {
    if (stage->follow)
        return !stage->keeps || keep_bookmarks(stage, error);
    if (!stage->keeper)
        return true;
    live_stop(stage->live);
    if (stage->sweeper)
        sweeper_stop(stage->sweeper);
    return keeper_end(stage->keeper, error);
}

void stage_go_on(Stage *stage) {
    Error ignored = {0}; /* it has had a thread before */
    if (stage->live)
        live_go_on(stage->live, &ignored);
}

void stage_stop(Stage *stage) {
    if (stage->live)
        live_stop(stage->live);
    stage_sweep(stage, false);
    stage->is_left = true;
    if (stage->keeper)
        keeper_leave(stage->keeper);
}

bool stage_has_left(const Stage *stage) {
    return (!stage->keeper || keeper_has_left(stage->keeper)) &&
           (!stage->sweeper || sweeper_is_resting(stage->sweeper));
}

/* The stage's own runs come into the map from here and into the store by its keeper, unless
 * somebody has changed them. */
static void put_own_last(Stage *stage) {
    int64_t numbers[STAGE_MOST_RUNS];
    int n = 0;
    for (int i = 0; i < stage->n + stage->has_guest; i++)
        if (!live_is_touched(stage->live, i))
            numbers[n++] = stage->numbers[i];
    sweeper_put_last(stage->sweeper, numbers, n);
}

void stage_sweep(Stage *stage, bool goes_on) {
    if (!stage->sweeper)
        return;
    put_own_last(stage);
    sweeper_let(stage->sweeper, goes_on && (!stage->keeper || keeper_is_resting(stage->keeper)));
}

bool stage_is_sweeping(const Stage *stage) {
    return stage->sweeper && sweeper_has_work(stage->sweeper);
}
