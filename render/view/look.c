/* How the page looks: its theme, how large it is, and how it is presented. */
#include "render/view/state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double PRESENTED = 1.6; /* times larger */
/* The smallest page that all of it fits on; without controls. */
static const double LEAST[] = {480, 320}, LEAST_BARE[] = {320, 200};
static const double LADDER[] = {0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3};
enum { N_LADDER = sizeof LADDER / sizeof *LADDER };

void view_change_theme(View *view) {
    view->style = *style_of(view->style.theme == THEME_DARK ? THEME_LIGHT : THEME_DARK);
}

/* From what is seen, which may be smaller than what was wished for. */
void view_change_scale(View *view, int by) {
    double seen = view_scale(view), times = view->is_presenting ? PRESENTED : 1;
    int at = 0;
    for (int i = 1; i < N_LADDER; i++)
        if (fabs(LADDER[i] - seen / times) < fabs(LADDER[at] - seen / times))
            at = i;
    at += by;
    view->scale = by == 0 ? 1 : LADDER[at < 0 ? 0 : at < N_LADDER ? at : N_LADDER - 1];
    if (by > 0 && view_scale(view) <= seen) {
        view->scale = seen / times;
        view_say(view, "this window has no room for anything larger");
    }
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

/* As wished for, as far as the window has room for the page. */
double view_scale(const View *view) {
    const double *least = view->is_presenting && view->is_bare ? LEAST_BARE : LEAST;
    double wanted = view->scale * (view->is_presenting ? PRESENTED : 1);
    if (!(view->width > 0) || !(view->height > 0))
        return wanted;
    double most = fmin(view->width / least[0], view->height / least[1]);
    return fmax(fmin(wanted, most), LADDER[0]);
}

/* The whole screen is no size to come back to. */
void look_resize(View *view, const Input *size) {
    double scale = size->scale > 0 ? size->scale : view_scale(view);
    view->width = size->width * scale;
    view->height = size->height * scale;
    if (view->is_full_screen)
        return;
    view->habits.width = view->width;
    view->habits.height = view->height;
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
