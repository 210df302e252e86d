/* Two runs side by side: which these are. The shown one is the one that controls and the time line
 * are about; a click into the other makes that the shown one, and each stays on its side. */
#include "render/state/compare.h"

#include "render/state/world.h"

#include <stdio.h>

bool view_is_side_by_side(const View *view) {
    return view->is_comparing && view->stage->n > 1 && !view_scene(view)->shows_all;
}

/* A scene of one run, where the chosen one has all runs in it anyway. */
static void leave_scene_of_all(View *view) {
    SceneInput input = view_scene_input(view);
    for (int i = 0; view_scene(view)->shows_all && i < scene_table.n_rows; i++) {
        const SceneKind *kind = (const SceneKind *)scene_table.rows[i];
        if (!kind->shows_all && input.moment >= 0 && !kind->refuses(&input))
            view->scene = i;
    }
}

static void open_second_seed(View *view) {
    char seeds[64];
    long long seed = (long long)stage_settings_first(view->stage, view->shown)->train.seed;
    snprintf(seeds, sizeof seeds, "[%lld, %lld]", seed, seed + 1);
    view_restart_with(view, "sweep.train.seed", seeds);
    if (view->stage->n > 1)
        view_say(view, "seeds %lld and %lld: there was one run", seed, seed + 1);
}

void view_compare(View *view) {
    if (view->stage->n < 2 && (!view->stage->live || view->options.only_run >= 0)) {
        view_say(view, "there is only one run to look at");
        return;
    }
    view->is_comparing = !view_is_side_by_side(view);
    if (view->stage->n < 2)
        open_second_seed(view);
    if (view->is_comparing)
        leave_scene_of_all(view);
}

void view_compare_next(View *view, int by) {
    int n = view->stage->n, next = view_compared(view);
    if (n < 2)
        return;
    do
        next = (next + by + n) % n;
    while (next == view->shown);
    view->compared = next;
}

void view_swap(View *view) {
    view_show(view, view_compared(view));
    view->is_shown_right = !view->is_shown_right;
}
