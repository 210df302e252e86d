/* render: what a hand does on the page of the View: clicks and drags, menus and help by keys, and
 * nothing at all. */
#include "render/page/parts.h"
#include "render/state/state.h"
#include "render/view/view.h"
#include "tests/viewed.h"

static const char *const config = SIX_IN_TWO;

/* ---- what a click means ---- */

/* Where the scene says that there is a feature under the pointer, or a step without one. */
static void find(Bench *bench, bool wants_feature, double *x, double *y) {
    View *view = bench->view;
    Rect rect = widget_place(bench, ID_SCENE)->rect;
    SceneInput input = view_scene_input(view);
    for (*x = rect.x + rect.width * 0.3; *x < rect.x + rect.width; *x += 5)
        for (*y = rect.y + 40; *y < rect.y + rect.height; *y += 2) {
            Pick pick = {-1, -1, -1, ""};
            if (view_scene(view)->pick(&input, rect, &view->style, *x, *y, &pick) &&
                pick.step >= 0 && (pick.feature >= 0) == wants_feature)
                return;
        }
    cr_assert_fail("nothing is there");
}

/* Near a line it chooses the feature, and time stays; elsewhere it goes through time, and what is
 * chosen stays; so does a drag, wherever it begins. */
Test(page_hand, a_click_chooses_a_feature_or_a_time) {
    Bench bench = bench_open(config, NULL, 0);
    View *view = bench.view;
    double x, y;
    frames(&bench, 120);
    key(&bench, ' ');
    key(&bench, '3');
    frame(&bench);
    find(&bench, true, &x, &y);
    click_at(&bench, x, y);
    cr_assert(view->selected >= 0 && view->is_now);
    cr_assert_eq(view_cursor(view), CURSOR_HAND);
    int selected = view->selected;
    find(&bench, false, &x, &y);
    click_at(&bench, x, y);
    cr_assert(!view->is_now && view->selected == selected);
    cr_assert_eq(view_cursor(view), CURSOR_SLIDE);
    int64_t step = view->step;
    cr_assert_lt(step, steps_of(&bench));
    pointer(&bench, INPUT_PRESS, x, y);
    pointer(&bench, INPUT_MOVE, x + 60, y + 30);
    cr_assert_gt(view->step, step);
    pointer(&bench, INPUT_MOVE, WIDTH - 100, y); /* out of the plot: its end */
    cr_assert_eq(view->step, steps_of(&bench), "%lld", (long long)view->step);
    pointer(&bench, INPUT_MOVE, 0, HEIGHT - 1);
    cr_assert_eq(view->step, 0, "%lld", (long long)view->step);
    pointer(&bench, INPUT_RELEASE, 0, HEIGHT - 1);
    cr_assert(view->selected == selected && view->step == 0);
    key(&bench, KEY_END);
    find(&bench, true, &x, &y);
    Input right = {.kind = INPUT_PRESS, .x = x, .y = y, .button = BUTTON_RIGHT, .clicks = 1};
    view_input(view, &right); /* no click of ours */
    right.kind = INPUT_RELEASE;
    view_input(view, &right);
    frame(&bench);
    cr_assert(view->selected == selected && view->is_now);
    key(&bench, KEY_ESCAPE);
    cr_assert_eq(view->selected, -1);
    bench_close(&bench);
}

/* A press beside a mark of the time line goes to the mark; a drag goes to where the pointer is. */
Test(page_hand, a_press_near_a_mark_goes_to_it) {
    Bench bench = bench_open(config, NULL, 0);
    View *view = bench.view;
    frames(&bench, 120);
    key(&bench, ' ');
    history_add_mark(view->stage->histories[0], 100, TIME_BOOKMARK, "bookmark");
    frame(&bench);
    Rect line = widget_place(&bench, ID_TIMELINE)->rect;
    double unit = (line.width - 16) / 2000, x = line.x + 8 + 100 * unit, y = line.y + 30;
    pointer(&bench, INPUT_MOVE, x + 3, y);
    pointer(&bench, INPUT_PRESS, x + 3, y);
    cr_assert_eq(view->step, 100, "%lld", (long long)view->step);
    pointer(&bench, INPUT_MOVE, x - 20 * unit, y);
    pointer(&bench, INPUT_MOVE, x + 3, y);
    cr_assert_eq(view->step, 100 + lround(3 / unit), "%lld", (long long)view->step);
    pointer(&bench, INPUT_RELEASE, x + 3, y);
    bench_close(&bench);
}

/* ---- what lies over the page ---- */

/* A click closes help, and is not one on what is behind it. */
Test(page_hand, help_is_in_front) {
    Bench bench = bench_open(config, NULL, 0);
    View *view = bench.view;
    frame(&bench);
    point_at(&bench, ID_THEME);
    double x = view->ui.x, y = view->ui.y;
    key(&bench, KEY_F1);
    Theme theme = view->style.theme;
    click_at(&bench, x, y);
    cr_assert(!view->has_help && view->style.theme == theme);
    click_at(&bench, x, y);
    cr_assert_neq(view->style.theme, theme);
    key(&bench, KEY_F1);
    key(&bench, ' '); /* keys do what they say */
    cr_assert(view->has_help && view->is_paused);
    key(&bench, KEY_F1);
    cr_assert_not(view->has_help);
    bench_close(&bench);
}

/* A menu begins at what is there now; arrows, Return and Escape are its keys, at once. */
Test(page_hand, menus_go_by_keys) {
    Bench bench = bench_open(config, NULL, 0);
    View *view = bench.view;
    frame(&bench);
    view_open_menu(view, MENU_OPTIMIZER);
    frame(&bench);
    const Kind *first = live_settings_first(view->stage->live, 0)->train.optimizer.kind;
    cr_assert_eq(optimizer_table.rows[view->menu_marked], first);
    key(&bench, KEY_UP);
    key(&bench, KEY_RETURN);
    cr_assert_eq(view->menu, MENU_NONE);
    const Kind *then = live_settings_first(view->stage->live, 0)->train.optimizer.kind;
    cr_assert(then != first);
    cr_assert_eq(view->column.top, 0);
    key(&bench, 'p');
    key(&bench, KEY_F1);
    key(&bench, KEY_ESCAPE); /* one after the other */
    cr_assert(!view->has_help && view->menu == MENU_PRESETS);
    key(&bench, KEY_ESCAPE);
    cr_assert_eq(view->menu, MENU_NONE);
    key(&bench, KEY_RIGHT); /* the page has its keys again */
    cr_assert(view->is_paused);
    bench_close(&bench);
}

/* ---- at rest ---- */

/* How often it is drawn in ten seconds, and in the last five of them. */
static void count_frames(Bench *bench, int *n_drawn, int *n_late) {
    *n_drawn = *n_late = 0;
    for (int i = 0; i < 600; i++) {
        bench->now += 1.0 / 60;
        view_tick(bench->view, bench->now);
        if (view_has_news(bench->view)) {
            view_frame(bench->view, bench->cairo, WIDTH, HEIGHT);
            *n_drawn += 1;
            *n_late += i >= 300;
        }
    }
}

/* Paused, with nobody there, it draws nothing: not even that it draws nothing. */
Test(page_hand, is_not_drawn_while_nothing_happens) {
    Bench bench = bench_open(config, NULL, 0);
    int n_drawn, n_late;
    frames(&bench, 60);
    key(&bench, ' ');
    count_frames(&bench, &n_drawn, &n_late);
    cr_assert_lt(n_drawn, 10, "%d", n_drawn);
    cr_assert_eq(n_late, 0);
    bench_close(&bench);
}

/* A graph of features comes to rest when its model does; a tour never does. */
Test(page_hand, is_drawn_as_long_as_its_scene_moves) {
    const char *const overrides[] = {"data.n_features=40", "model.n_hidden=8"};
    Bench bench = bench_open(config, overrides, 2);
    View *view = bench.view;
    int n_drawn, n_late;
    key(&bench, '1');
    frames(&bench, 60);
    key(&bench, ' ');
    count_frames(&bench, &n_drawn, &n_late);
    cr_assert_gt(n_drawn, 10, "%d", n_drawn);
    cr_assert_eq(n_late, 0, "%d", n_late);
    view->scene_state.projection = PROJECTION_TOUR;
    key(&bench, '1');
    count_frames(&bench, &n_drawn, &n_late);
    cr_assert_eq(n_late, 300, "%d", n_late);
    bench_close(&bench);
}
