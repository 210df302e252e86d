/* How the page looks: its theme, how large it is, and how it is presented. */
#include "render/view/state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double PRESENTED = 1.6; /* times larger */

void view_change_theme(View *view) {
    view->style = *style_of(view->style.theme == THEME_DARK ? THEME_LIGHT : THEME_DARK);
}

void view_change_scale(View *view, int by) {
    static const double ladder[] = {0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3};
    const int n = sizeof ladder / sizeof *ladder;
    int at = 0;
    for (int i = 1; i < n; i++)
        if (fabs(ladder[i] - view->scale) < fabs(ladder[at] - view->scale))
            at = i;
    at += by;
    view->scale = by == 0 ? 1 : ladder[at < 0 ? 0 : at < n ? at : n - 1];
}

void view_present(View *view) {
    if (view->is_presenting) {
        view->is_full_screen = view->was_full_screen;
        view->is_bare = view->was_bare;
    } else {
        view->was_full_screen = view->is_full_screen;
        view->was_bare = view->is_bare;
        view->is_full_screen = view->is_bare = true;
    }
    view->is_presenting = !view->is_presenting;
}

double view_scale(const View *view) {
    return view->scale * (view->is_presenting ? PRESENTED : 1);
}

/* The whole screen is no size to come back to. */
void look_resize(View *view, double width, double height) {
    if (view->is_full_screen)
        return;
    view->habits.width = width * view_scale(view);
    view->habits.height = height * view_scale(view);
}

/* The path from the root: the next session may begin in another folder. */
static void keep_preset(const View *view, Habits *habits) {
    char *path = realpath(view->options.path, NULL);
    bool is_preset = presets_row(view->presets, view->options.path) >= 0;
    if (is_preset && path && strlen(path) < sizeof habits->preset)
        memcpy(habits->preset, path, strlen(path) + 1);
    free(path);
}

Habits view_habits(const View *view) {
    Habits habits = view->habits;
    habits.theme = view->style.theme;
    habits.scale = view->scale;
    habits.has_overlays = view->scene_state.has_overlays;
    habits.is_bare = view->is_presenting ? view->was_bare : view->is_bare;
    keep_preset(view, &habits);
    return habits;
}
