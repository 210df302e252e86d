/* render: the page of the View in windows of every size: all of it can be reached and told, and
 * pointer and keys mean what one expects where they are. */
#include "render/page/parts.h"
#include "render/state/compare.h"
#include "render/state/state.h"
#include "render/view/view.h"
#include "tests/viewed.h"

static const char *const config = SIX_IN_TWO;

static void frame_at(Bench *bench, double seconds, double width, double height) {
    bench->now += seconds;
    view_tick(bench->view, bench->now);
    live_wait(bench->view->stage->live);
    view_frame(bench->view, bench->cairo, width, height);
}

/* ---- what fits ---- */

static bool is_ground(int id) {
    return id == ID_COLUMN || id == ID_COLUMN + 1 || id == ID_MENU_GROUND || id == ID_HELP_GROUND;
}

static bool overlap(Rect a, Rect b) {
    return a.x + 0.01 < b.x + b.width && b.x + 0.01 < a.x + a.width &&
           a.y + 0.01 < b.y + b.height && b.y + 0.01 < a.y + a.height;
}

/* All widgets lie on the page, and none on another. */
static void check_places(const Bench *bench, double width, double height) {
    const Ui *ui = &bench->view->ui;
    for (int i = 0; i < ui->n_seen; i++) {
        Rect a = ui->seen[i].rect;
        if (is_ground(ui->seen[i].id) || !(a.height > 0))
            continue;
        cr_assert(a.x >= 0 && a.y >= 0 && a.x + a.width <= width && a.y + a.height <= height,
                  "%g x %g: %d is cut off", width, height, ui->seen[i].id);
        for (int k = 0; k < i; k++)
            cr_assert(is_ground(ui->seen[k].id) || !(ui->seen[k].rect.height > 0) ||
                          !overlap(a, ui->seen[k].rect),
                      "%g x %g: %d lies on %d", width, height, ui->seen[i].id, ui->seen[k].id);
    }
}

/* Marks what is seen at its whole height. */
static void note_whole(const Bench *bench, bool *is_seen) {
    const Ui *ui = &bench->view->ui;
    for (int i = 0; i < ui->n_seen; i++)
        if (ui->seen[i].rect.height >= 26)
            is_seen[ui->seen[i].id] = true;
}

/* Down to 480 x 320, the smallest page there is, all controls are there by scrolling, and at first
 * those that people want first. */
Test(page, has_all_controls_at_every_size) {
    static const double sizes[][2] = {{480, 320},  {512, 320},  {640, 400}, {533, 400},  {800, 600},
                                      {1024, 640}, {1280, 800}, {480, 900}, {1920, 1080}};
    static const int first[] = {ID_PLAY, ID_STEP, ID_RESET, ID_SPEED};
    Bench bench = bench_open(config, NULL, 0);
    View *view = bench.view;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        double width = sizes[s][0], height = sizes[s][1];
        bool is_seen[128] = {false};
        view->column.top = 0;
        frame_at(&bench, 0.01, width, height);
        note_whole(&bench, is_seen);
        for (size_t i = 0; i < sizeof first / sizeof *first; i++)
            cr_assert(is_seen[first[i]], "%g x %g: %d is not first", width, height, first[i]);
        bool has_bar = widget_place(&bench, ID_COLUMN + 1) != NULL;
        for (int k = 0; k < 40; k++) {
            check_places(&bench, width, height);
            const UiPlace *column = widget_place(&bench, ID_COLUMN);
            Input wheel = {.kind = INPUT_WHEEL,
                           .x = column->rect.x + 20,
                           .y = column->rect.y + 60,
                           .wheel = -0.5};
            if (has_bar)
                view_input(view, &wheel);
            frame_at(&bench, 0.01, width, height);
            note_whole(&bench, is_seen);
        }
        for (int id = ID_PLAY; id <= ID_BOOKMARK; id++)
            cr_assert(is_seen[id], "%g x %g: no %d", width, height, id);
        for (int i = 0; i < 4; i++)
            cr_assert(is_seen[ID_KINDS + i] && is_seen[ID_SIZES + i] && is_seen[ID_SLIDERS + i],
                      "%g x %g: no %d", width, height, i);
        cr_assert(is_seen[ID_OVERLAYS]);
        if (height < 700 || width > 1200)
            cr_assert_eq(has_bar, height < 700, "%g x %g", width, height);
    }
    cr_assert_float_eq(view->column.top, 0, 0); /* it came back with the room */
    bench_close(&bench);
}

Test(page, scrolls_its_controls_by_keys) {
    Bench bench = bench_open(config, NULL, 0);
    frame_at(&bench, 0.01, 640, 400);
    for (int i = 0; i < 3; i++) {
        view_input(bench.view, &(Input){.kind = INPUT_KEY, .key = KEY_DOWN});
        frame_at(&bench, 0.01, 640, 400);
    }
    cr_assert_eq(bench.view->column.top, 180);
    view_input(bench.view, &(Input){.kind = INPUT_KEY, .key = KEY_UP});
    frame_at(&bench, 0.01, 640, 400);
    cr_assert_eq(bench.view->column.top, 120);
    bench_close(&bench);
}

/* The scale is as wished while the page keeps 480 x 320; what the window has no room for is not
 * wished for any more, but a larger window has what the session before had. */
Test(page, is_no_larger_than_its_window) {
    Bench bench = bench_open(config, NULL, 0);
    View *view = bench.view;
    Input size = {.kind = INPUT_RESIZE, .width = 640, .height = 400, .scale = 1};
    view->scale = 2;
    view_input(view, &size);
    cr_assert_float_eq(view_scale(view), 1.25, 1e-12); /* 400 / 320 */
    size = (Input){.kind = INPUT_RESIZE, .width = 1024, .height = 640, .scale = 1.25};
    view_input(view, &size); /* 1280 x 800 */
    cr_assert_float_eq(view_scale(view), 2, 1e-12);
    size = (Input){.kind = INPUT_RESIZE, .width = 320, .height = 200, .scale = 2};
    view_input(view, &size);
    cr_assert_float_eq(view_scale(view), 1.25, 1e-12);
    Input larger = {.kind = INPUT_KEY, .key = '+', .modifiers = MODIFIER_CONTROL}, smaller = larger;
    smaller.key = '-';
    view_input(view, &larger);
    cr_assert_float_eq(view_scale(view), 1.25, 1e-12);
    cr_assert(strstr(view->message, "no room"), "%s", view->message);
    view_input(view, &smaller);
    cr_assert_float_eq(view_scale(view), 1.1, 1e-12);
    bench_close(&bench);
}

/* Where a name is too long for its half, it goes on in a second line, above a lower scene. */
Test(page, has_room_for_names_side_by_side) {
    const char *const overrides[] = {"sweep={data.feature_probability: [0.123, 0.234], "
                                     "train.learning_rate: [0.00123, 0.00234]}"};
    Bench bench = bench_open(config, overrides, 1);
    key(&bench, 'k');
    frame_at(&bench, 0.01, WIDTH, HEIGHT);
    cr_assert(view_is_side_by_side(bench.view));
    double wide = widget_place(&bench, ID_NAMES)->rect.height;
    frame_at(&bench, 0.01, 640, 400);
    Rect name = widget_place(&bench, ID_NAMES)->rect, scene = widget_place(&bench, ID_SCENE)->rect;
    cr_assert(name.height > wide + 10 && name.height < wide + 20, "%g, %g", wide, name.height);
    cr_assert_float_eq(name.y + name.height, scene.y, 1e-9);
    check_places(&bench, 640, 400);
    bench_close(&bench);
}

/* ---- what is told ---- */

static const char *tip_of(Bench *bench, int id) {
    point_at(bench, id);
    bench->now += 0.6;
    view_tick(bench->view, bench->now);
    frame(bench);
    return bench->view->ui.tip ? bench->view->ui.tip : "";
}

/* What is a sign, and no word, says its key. */
Test(page, tells_what_each_button_does) {
    static const struct {
        int id;
        const char *key;
    } signs[] = {{ID_PLAY, "(Space)"}, {ID_STEP, "(→)"}, {ID_RESET, "(R)"},    {ID_SEED, "(N)"},
                 {ID_NOW, "(End)"},    {ID_LOOP, "(L)"}, {ID_BOOKMARK, "(B)"}, {ID_PRESETS, "(P)"},
                 {ID_COMPARE, "(K)"},  {ID_SAVE, "(C)"}, {ID_PICTURE, "(S)"},  {ID_FILM, "(V)"},
                 {ID_THEME, "(T)"},    {ID_FULL, "(F)"}, {ID_HELP, "(F1)"},    {ID_SPEED, "(+ −)"},
                 {ID_OVERLAYS, "(O)"}};
    Bench bench = bench_open(config, NULL, 0);
    frame(&bench);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        cr_assert(strstr(tip_of(&bench, signs[i].id), signs[i].key), "%s: %s", signs[i].key,
                  tip_of(&bench, signs[i].id));
    for (int i = 0; i < 4; i++) {
        cr_assert(strstr(tip_of(&bench, ID_SIZES + i), "starts again"));
        cr_assert(strstr(tip_of(&bench, ID_KINDS + i), "starts again"));
    }
    bench_close(&bench);
}

/* A run at its end waits for its user, and says for what. */
Test(page, tells_when_a_run_is_done) {
    const char *const overrides[] = {"train.steps=20"};
    Bench bench = bench_open(config, overrides, 1);
    frame(&bench);
    cr_assert(strstr(tip_of(&bench, ID_PLAY), "pause"));
    key(&bench, '+');
    while (history_state(bench.view->stage->histories[0]) != STATE_DONE)
        frame(&bench);
    cr_assert(strstr(tip_of(&bench, ID_PLAY), "as long again"));
    cr_assert_eq(steps_of(&bench), 20);
    key(&bench, ' ');
    cr_assert_eq(stage_n_steps(bench.view->stage, 0), 40);
    cr_assert(strstr(tip_of(&bench, ID_PLAY), "pause"));
    bench_close(&bench);
}

/* Also where there is no room for their names; and why not, of those that show nothing. */
Test(page, names_its_tabs) {
    static const double widths[] = {WIDTH, 520};
    Bench bench = bench_open(config, NULL, 0);
    for (int w = 0; w < 2; w++) {
        frame_at(&bench, 0.01, widths[w], HEIGHT);
        Rect row = widget_place(&bench, ID_SCENE_TABS)->rect;
        const char *tip = "";
        bool has_third = false, has_why = false;
        for (double x = row.x + 2; x < row.x + row.width; x += 4) {
            view_input(bench.view, &(Input){.kind = INPUT_MOVE, .x = x, .y = row.y + 10});
            frame_at(&bench, 0.6, widths[w], HEIGHT);
            frame_at(&bench, 0.6, widths[w], HEIGHT);
            tip = bench.view->ui.tip ? bench.view->ui.tip : "";
            has_third |= strstr(tip, "Dimensionality (3)") != NULL;
            has_why |= strstr(tip, "Grid (6)") && strstr(tip, "only one");
        }
        cr_assert(has_third && has_why, "%g wide: %s", widths[w], tip);
    }
    bench_close(&bench);
}
