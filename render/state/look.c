#include "render/state/look.h"

#include <math.h>

static const double PRESENTED = 1.6; /* times larger */
/* The smallest page that all of it fits on; without controls. */
static const double LEAST[] = {480, 320}, LEAST_BARE[] = {320, 200};
static const double LADDER[] = {0.75, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3};
enum { N_LADDER = sizeof LADDER / sizeof *LADDER };

void view_change_theme(View *view) {
    view->style = *style_of(view->style.theme == THEME_DARK ? THEME_LIGHT : THEME_DARK);
}

/* As wished for, as far as the window has room for the page. */
double look_scale(const View *view) {
    const double *least = view->is_presenting && view->is_bare ? LEAST_BARE : LEAST;
    double wanted = view->scale * (view->is_presenting ? PRESENTED : 1);
    if (!(view->width > 0) || !(view->height > 0))
        return wanted;
    double most = fmin(view->width / least[0], view->height / least[1]);
    return fmax(fmin(wanted, most), LADDER[0]);
}

/* From what is seen, which may be smaller than what was wished for. */
void view_change_scale(View *view, int by) {
    double seen = look_scale(view), times = view->is_presenting ? PRESENTED : 1;
    int at = 0;
    for (int i = 1; i < N_LADDER; i++)
        if (fabs(LADDER[i] - seen / times) < fabs(LADDER[at] - seen / times))
            at = i;
    at += by;
    view->scale = by == 0 ? 1 : LADDER[at < 0 ? 0 : at < N_LADDER ? at : N_LADDER - 1];
    if (by > 0 && look_scale(view) <= seen) {
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

/* The whole screen is no size to come back to. */
void look_resize(View *view, const Input *size) {
    double scale = size->scale > 0 ? size->scale : look_scale(view);
    view->width = size->width * scale;
    view->height = size->height * scale;
    if (view->is_full_screen)
        return;
    view->habits.width = view->width;
    view->habits.height = view->height;
}
