/* What tabs, lists and columns that scroll make of inputs, frame by frame. */
#include "render/ui/ui.h"
#include "tests/ui_stage.h"

/* ---- Tabs ---------------------------------------------------------------------------------- */

Test(ui_tabs, the_one_that_is_clicked) {
    UiTab tabs[] = {{.label = "one"}, {.label = "two"}, {.label = "three"}, {.label = "four"}};
    const Rect rect = {100, 20, 200, 30};
    Stage stage = {0};
    double x = 100, sum = 0, widths[4];
    int chosen = 0;
    for (int i = 0; i < 4; i++)
        sum += widths[i] =
            label_width(style_of(THEME_LIGHT), (Label){TEXT_BODY, ALIGN_LEFT, 0}, tabs[i].label);
    for (int i = 0; i < 4; i++) {
        double width = widths[i] + (200 - sum) / 4; /* what is left goes to all alike */
        if (i)
            click(&stage, x + 2, 30);
        begin(&stage);
        bool is_another = ui_tabs(&stage.ui, 1, rect, tabs, 4, &chosen);
        end(&stage);
        cr_assert(is_another == (i > 0) && chosen == i);
        x += width;
    }
    cr_assert_float_eq(x, 300, 1e-6);
    click(&stage, 298, 30); /* the chosen one */
    begin(&stage);
    cr_assert_not(ui_tabs(&stage.ui, 1, rect, tabs, 4, &chosen));
    end(&stage);
    double third = 300 - (widths[3] + widths[2] + 2 * (200 - sum) / 4) + 2;
    click(&stage, third, 30); /* one that cannot be chosen now */
    begin(&stage);
    tabs[2].is_off = true;
    cr_assert_not(ui_tabs(&stage.ui, 1, rect, tabs, 4, &chosen));
    end(&stage);
    cr_assert_eq(chosen, 3);
    leave_stage(&stage);
}

/* Each part has its own tip; a name that is cut is told without one. */
Test(ui_tabs, tells_what_each_is) {
    const UiTab tabs[] = {{.label = "a name that is cut"}, {.label = "two", .tip = "the second"}};
    const Rect rect = {100, 20, 90, 30};
    const double xs[] = {110, 185};
    int chosen = 0;
    for (int i = 0; i < 2; i++) {
        Stage stage = {0};
        for (int k = 0; k < 3; k++) {
            stage.now = k;
            begin(&stage);
            ui_tabs(&stage.ui, 1, rect, tabs, 2, &chosen);
            if (k == 2)
                cr_assert_str_eq(stage.ui.tip, i ? "the second" : tabs[0].label);
            end(&stage);
            move(&stage, xs[i], 30);
        }
        leave_stage(&stage);
    }
}

/* ---- Lists --------------------------------------------------------------------------------- */

/* Ten rows of 30, four in sight. */
static int list(Stage *stage, int *marked, double *scroll) {
    static const UiRow rows[10] = {{"0", "lesson"}, {"1", NULL}, {"2", NULL}, {"3", NULL},
                                   {"4", NULL},     {"5", NULL}, {"6", NULL}, {"7", NULL},
                                   {"8", NULL},     {"9", NULL}};
    UiList all = {rows, 10, 30, 2};
    begin(stage);
    int picked = ui_list(&stage->ui, 1, (Rect){100, 50, 200, 120}, &all, marked, scroll);
    end(stage);
    return picked;
}

Test(ui_list, scrolls_as_far_as_there_are_rows) {
    Stage stage = {0};
    int marked = -1;
    double scroll = 0;
    cr_assert_eq(list(&stage, &marked, &scroll), -1);
    cr_assert(wheel(&stage, 150, 60, -1));
    list(&stage, &marked, &scroll);
    cr_assert_eq(scroll, 60);
    wheel(&stage, 150, 60, -50);
    list(&stage, &marked, &scroll);
    cr_assert_eq(scroll, 180); /* 10 * 30 - 120 */
    wheel(&stage, 150, 60, 50);
    list(&stage, &marked, &scroll);
    cr_assert_eq(scroll, 0);
    leave_stage(&stage);
}

Test(ui_list, picks_the_row_under_the_pointer) {
    Stage stage = {0};
    int marked = -1;
    double scroll = 60;
    list(&stage, &marked, &scroll);
    click(&stage, 150, 51);
    cr_assert_eq(list(&stage, &marked, &scroll), 2);
    cr_assert_eq(marked, 2);
    click(&stage, 150, 169);
    cr_assert_eq(list(&stage, &marked, &scroll), 5);
    cr_assert_eq(list(&stage, &marked, &scroll), -1);
    leave_stage(&stage);
}

Test(ui_list, scrolls_by_its_bar_without_picking) {
    Stage stage = {0};
    int marked = -1;
    double scroll = 0;
    list(&stage, &marked, &scroll);
    press(&stage, 295, 60, 1);
    move(&stage, 295, 84);
    cr_assert_eq(list(&stage, &marked, &scroll), -1);
    cr_assert_float_eq(scroll, 60, 1e-9); /* 24 of 120 are a fifth of 300 */
    release(&stage, 295, 84);
    cr_assert_eq(list(&stage, &marked, &scroll), -1);
    click(&stage, 295, 60);
    cr_assert_eq(list(&stage, &marked, &scroll), -1);
    cr_assert_float_eq(scroll, 60, 1e-9);
    leave_stage(&stage);
}

Test(ui_list, goes_by_arrows_and_brings_the_marked_row_into_sight) {
    Stage stage = {0};
    int marked = -1;
    double scroll = 0;
    list(&stage, &marked, &scroll);
    click(&stage, 150, 65);
    list(&stage, &marked, &scroll);
    for (int i = 0; i < 4; i++)
        key(&stage, KEY_DOWN, 0);
    cr_assert_eq(list(&stage, &marked, &scroll), -1);
    cr_assert_eq(marked, 4);
    cr_assert_eq(scroll, 30);
    cr_assert(key(&stage, KEY_RETURN, 0));
    cr_assert_eq(list(&stage, &marked, &scroll), 4);
    key(&stage, KEY_DOWN, MODIFIER_SHIFT);
    list(&stage, &marked, &scroll);
    cr_assert(marked == 9 && scroll == 180);
    key(&stage, KEY_UP, MODIFIER_SHIFT);
    list(&stage, &marked, &scroll);
    cr_assert(marked == 0 && scroll == 0);
    leave_stage(&stage);
}

/* From the marked one by as many as are in sight, and to both ends. */
Test(ui_list, goes_by_pages_and_to_its_ends) {
    Stage stage = {0};
    int marked = 1;
    double scroll = 0;
    list(&stage, &marked, &scroll);
    cr_assert_not(key(&stage, KEY_PAGE_DOWN, 0)); /* not its keys yet */
    ui_focus(&stage.ui, 1);
    list(&stage, &marked, &scroll);
    cr_assert(key(&stage, KEY_PAGE_DOWN, 0));
    list(&stage, &marked, &scroll);
    cr_assert(marked == 5 && scroll == 60, "%d, %g", marked, scroll);
    key(&stage, KEY_END, 0);
    list(&stage, &marked, &scroll);
    cr_assert(marked == 9 && scroll == 180);
    key(&stage, KEY_PAGE_UP, 0);
    list(&stage, &marked, &scroll);
    cr_assert_eq(marked, 5);
    key(&stage, KEY_HOME, 0);
    list(&stage, &marked, &scroll);
    cr_assert(marked == 0 && scroll == 0);
    cr_assert_not(key(&stage, KEY_ESCAPE, 0)); /* which closes it, whoever has opened it */
    leave_stage(&stage);
}

/* A row is higher by the lines that its lesson needs beyond the first, up to three in all. */
Test(ui_list, has_room_for_whole_lessons) {
    static const char *const lesson = "Five equally important features, each active one time in "
                                      "twenty: the pentagon, and the local minimum beside it.";
    const UiRow rows[] = {{"a", "short"}, {"b", lesson}, {"c", NULL}};
    const UiList all = {rows, 3, 40, -1};
    const Label small = {TEXT_SMALL, ALIGN_LEFT, 0};
    Stage stage = {0};
    double width = label_width(style_of(THEME_LIGHT), small, lesson), scroll = 0;
    int marked = -1;
    begin(&stage);
    double wide = ui_list_height(&stage.ui, width + 60, &all);
    double half = ui_list_height(&stage.ui, 0.6 * width + 60, &all);
    double third = ui_list_height(&stage.ui, 0.4 * width + 60, &all);
    double narrow = ui_list_height(&stage.ui, 0.2 * width, &all);
    end(&stage);
    cr_assert_eq(wide, 120);
    cr_assert(half > 120 + 11 && half < 120 + 17, "%g", half);
    cr_assert_float_eq(third - 120, 2 * (half - 120), 1e-9);
    cr_assert_float_eq(narrow, third, 1e-9);
    Rect rect = {10, 10, 0.6 * width + 60, half};
    begin(&stage);
    ui_list(&stage.ui, 1, rect, &all, &marked, &scroll);
    end(&stage);
    click(&stage, 20, 10 + 80 + 6); /* still the second */
    begin(&stage);
    cr_assert_eq(ui_list(&stage.ui, 1, rect, &all, &marked, &scroll), 1);
    end(&stage);
    leave_stage(&stage);
}

/* ---- Columns that scroll ------------------------------------------------------------------- */

/* Ten sliders of 43 in a window of 120; returns how many have changed. */
static int column(Stage *stage, UiScroll *scroll, double *values) {
    const UiSlider slider = {.label = "share", .to = 1, .initial = 0.5};
    const Rect window = {100, 50, 200, 120};
    int n_changed = 0;
    begin(stage);
    double y = ui_scroll_begin(&stage->ui, 1, window, scroll);
    for (int i = 0; i < 10; i++, y += 43)
        n_changed +=
            ui_slider(&stage->ui, 10 + i, (Rect){110, y, 160, 43}, &slider, &values[i]).is_changed;
    ui_scroll_end(&stage->ui, 1, scroll, y);
    end(stage);
    return n_changed;
}

static double track_y(const UiScroll *scroll, int i) {
    Rect rect = {110, 50 - scroll->top + 43 * i, 160, 43};
    return widget_slider_track(style_of(THEME_LIGHT), rect).y + 2;
}

/* The wheel scrolls over a slider too, unless that is the one in use. */
Test(ui_scroll, by_the_wheel_without_moving_sliders) {
    Stage stage = {0};
    UiScroll scroll = {0};
    double values[10] = {0};
    cr_assert_eq(column(&stage, &scroll, values), 0);
    cr_assert_eq(scroll.height, 430);
    column(&stage, &scroll, values);
    cr_assert(wheel(&stage, 150, 60, -1));
    cr_assert_eq(column(&stage, &scroll, values), 0);
    cr_assert_eq(scroll.top, 60);
    wheel(&stage, 150, 60, -50);
    column(&stage, &scroll, values);
    cr_assert_eq(scroll.top, 310);
    wheel(&stage, 150, 60, 50);
    column(&stage, &scroll, values);
    cr_assert_eq(scroll.top, 0);
    press(&stage, 118, track_y(&scroll, 0), 1);
    release(&stage, 118, track_y(&scroll, 0));
    column(&stage, &scroll, values);
    double before = values[0];
    wheel(&stage, 150, track_y(&scroll, 0), 1);
    cr_assert_eq(column(&stage, &scroll, values), 1);
    cr_assert_float_eq(values[0], before + 0.02, 1e-12);
    cr_assert_eq(scroll.top, 0);
    leave_stage(&stage);
}

/* What is behind the window's edge is not there for the pointer. */
Test(ui_scroll, hides_what_is_not_in_sight) {
    Stage stage = {0};
    UiScroll scroll = {0};
    double values[10] = {0};
    column(&stage, &scroll, values);
    cr_assert_not(press(&stage, 150, track_y(&scroll, 5), 1)); /* at 300: below it */
    cr_assert_not(press(&stage, 150, 45, 1));
    wheel(&stage, 150, 60, -3);
    column(&stage, &scroll, values);
    column(&stage, &scroll, values);
    cr_assert_not(press(&stage, 150, track_y(&scroll, 1), 1)); /* above it now */
    cr_assert_eq(column(&stage, &scroll, values), 0);
    cr_assert(press(&stage, 190, track_y(&scroll, 5), 1)); /* and this one is in it */
    column(&stage, &scroll, values);
    cr_assert_float_eq(values[5], 0.5, 0.02);
    leave_stage(&stage);
}

/* The thumb goes with the hand: 110 of the bar are 430 of the column; a press beside it jumps. */
Test(ui_scroll, by_its_bar) {
    Stage stage = {0};
    UiScroll scroll = {0};
    double values[10] = {0};
    column(&stage, &scroll, values);
    cr_assert(press(&stage, 295, 60, 1));
    move(&stage, 295, 82);
    column(&stage, &scroll, values);
    cr_assert_float_eq(scroll.top, 22 * 430.0 / 110, 1e-9);
    release(&stage, 295, 82);
    column(&stage, &scroll, values);
    press(&stage, 295, 160, 1);
    column(&stage, &scroll, values);
    cr_assert_float_eq(scroll.top, 310, 1e-9); /* 105 / 110 of the way would be beyond the end */
    release(&stage, 295, 160);
    leave_stage(&stage);
}

/* Where all of it is in sight there is no bar, and the wheel turns what it is over. */
Test(ui_scroll, is_not_there_where_all_fits) {
    Stage stage = {0};
    UiScroll scroll = {.top = 77};
    const UiSlider slider = {.label = "share", .to = 1, .initial = 0.5};
    double value = 0.5;
    for (int k = 0; k < 3; k++) {
        begin(&stage);
        double y = ui_scroll_begin(&stage.ui, 1, (Rect){100, 50, 200, 120}, &scroll);
        ui_slider(&stage.ui, 10, (Rect){110, y, 160, 43}, &slider, &value);
        ui_scroll_end(&stage.ui, 1, &scroll, y + 43);
        end(&stage);
        cr_assert_eq(stage.ui.n_seen, 2); /* the ground, the slider */
        if (k == 1)
            cr_assert(wheel(&stage, 150, 70, 1));
    }
    cr_assert_eq(scroll.top, 0);
    cr_assert_float_eq(value, 0.52, 1e-12);
    leave_stage(&stage);
}
