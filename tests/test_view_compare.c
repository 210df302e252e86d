/* render: two runs side by side in the View, what is presented, and how large. */
#include "render/page/parts.h"
#include "render/state/compare.h"
#include "render/state/state.h"
#include "render/view/view.h"
#include "tests/viewed.h"

static const char *const config =
    "title: Four in two\n"
    "data: {kind: independent, n_features: 4, feature_probability: 0.1}\n"
    "model: {kind: relu_output, n_hidden: 2}\n"
    "train: {steps: 2000, batch: 64, learning_rate: 1e-2}\n";

static const char *const sweep[] = {"sweep={data.feature_probability: [0.1, 0.2, 0.4]}"};

static void held_key(Bench *bench, int code, unsigned modifiers) {
    Input input = {.kind = INPUT_KEY, .key = code, .modifiers = modifiers};
    view_input(bench->view, &input);
    frame(bench);
}

static const UiPlace *place_of(const Bench *bench, int id) {
    const Ui *ui = &bench->view->ui;
    for (int i = 0; i < ui->n_seen; i++)
        if (ui->seen[i].id == id)
            return &ui->seen[i];
    return NULL;
}

static void click(Bench *bench, int id) {
    const UiPlace *place = place_of(bench, id);
    cr_assert(place, "widget %d is not there", id);
    double x = place->rect.x + place->rect.width / 2, y = place->rect.y + 4;
    pointer(bench, INPUT_PRESS, x, y);
    pointer(bench, INPUT_RELEASE, x, y);
    frame(bench); /* as it is then */
}

/* Two halves of the scene; a click into the other makes that the shown one, where it is. */
Test(view_compare, shows_two_runs_and_makes_the_clicked_one_the_shown) {
    Bench bench = bench_open(config, sweep, 1);
    View *view = bench.view;
    frame(&bench); /* a grid, which has all runs in it */
    key(&bench, 'k');
    frame(&bench);
    cr_assert(view_is_side_by_side(view) && !view_scene(view)->shows_all);
    cr_assert(view->shown == 0 && view_compared(view) == 1);
    Rect left = place_of(&bench, ID_SCENE)->rect, right = place_of(&bench, ID_COMPARED)->rect;
    cr_assert(left.x + left.width < right.x && left.width == right.width);
    click(&bench, ID_COMPARED);
    cr_assert(view->shown == 1 && view_compared(view) == 0);
    cr_assert_eq(place_of(&bench, ID_SCENE)->rect.x, right.x);
    cr_assert_eq(place_of(&bench, ID_COMPARED)->rect.x, left.x);
    click(&bench, ID_COMPARE); /* the button in the header */
    cr_assert_null(place_of(&bench, ID_COMPARED));
    cr_assert_eq(view->shown, 1);
    bench_close(&bench);
}

Test(view_compare, changes_each_of_the_two) {
    Bench bench = bench_open(config, sweep, 1);
    View *view = bench.view;
    key(&bench, 'k');
    held_key(&bench, KEY_PAGE_DOWN, MODIFIER_SHIFT);
    cr_assert(view->shown == 0 && view_compared(view) == 2);
    held_key(&bench, KEY_PAGE_DOWN, MODIFIER_SHIFT); /* leaves the shown one out */
    cr_assert(view->shown == 0 && view_compared(view) == 1);
    key(&bench, KEY_PAGE_DOWN); /* never the same run twice */
    cr_assert(view->shown == 1 && view_compared(view) == 0);
    key(&bench, KEY_PAGE_DOWN);
    cr_assert(view->shown == 2 && view_compared(view) == 0);
    key(&bench, 'r');
    cr_assert(view->is_comparing && view->shown == 2 && view_compared(view) == 0);
    bench_close(&bench);
}

/* Both are looked at at one step, and with one feature selected where both have it. */
Test(view_compare, links_time_and_selection) {
    const char *const sizes[] = {"sweep={data.n_features: [4, 6]}"};
    Bench bench = bench_open(config, sizes, 1);
    View *view = bench.view;
    frames(&bench, 60);
    key(&bench, 'k');
    view_go_to(view, 40);
    frame(&bench);
    for (int i = 0; i < 2; i++) {
        SceneInput input = view_scene_input_of(view, i);
        int n;
        int64_t step = history_moments(input.history, &n)[input.moment].step;
        cr_assert(input.step == 40 && step <= 40 && step > 30, "%lld", (long long)step);
        cr_assert_eq(input.history, view->stage->histories[i]);
    }
    view->selected = 3;
    cr_assert_eq(view_scene_input_of(view, 0).selected, 3);
    cr_assert_eq(view_scene_input_of(view, 1).selected, 3);
    view->selected = 5;
    cr_assert_eq(view_scene_input_of(view, 0).selected, -1);
    cr_assert_eq(view_scene_input_of(view, 1).selected, 5);
    bench_close(&bench);
}

/* A config with one run gets a second seed. */
Test(view_compare, opens_a_second_seed_of_a_single_run) {
    Bench bench = bench_open(config, NULL, 0);
    View *view = bench.view;
    key(&bench, 'n');
    key(&bench, 'k');
    frame(&bench);
    cr_assert_eq(view->stage->n, 2, "%s", view->message);
    cr_assert(view_is_side_by_side(view));
    cr_assert_eq(live_settings_first(view->stage->live, 0)->train.seed, 1);
    cr_assert_eq(live_settings_first(view->stage->live, 1)->train.seed, 2);
    cr_assert(place_of(&bench, ID_COMPARED));
    bench_close(&bench);
}

/* Larger in steps, within bounds; presenting is larger still, and leaves all as it was. */
Test(view_compare, presents_and_changes_the_scale) {
    Bench bench = bench_open(config, NULL, 0);
    View *view = bench.view;
    frame(&bench);
    int speed = view->speed;
    cr_assert_eq(view_scale(view), 1);
    held_key(&bench, '+', MODIFIER_CONTROL);
    cr_assert_gt(view_scale(view), 1);
    cr_assert_eq(view->speed, speed);
    for (int i = 0; i < 20; i++)
        held_key(&bench, '=', MODIFIER_CONTROL);
    cr_assert_eq(view_scale(view), 3);
    for (int i = 0; i < 20; i++)
        held_key(&bench, '-', MODIFIER_CONTROL);
    cr_assert_eq(view_scale(view), 0.75);
    held_key(&bench, '0', MODIFIER_CONTROL);
    cr_assert_eq(view_scale(view), 1);
    held_key(&bench, 'f', MODIFIER_SHIFT);
    cr_assert(view_scale(view) == 1.6 && view->is_bare && view_is_full_screen(view));
    cr_assert_null(place_of(&bench, ID_TIMELINE));
    key(&bench, KEY_ESCAPE);
    cr_assert(view_scale(view) == 1 && !view->is_bare && !view_is_full_screen(view));
    bench_close(&bench);
}
