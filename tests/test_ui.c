/* What widgets make of inputs, frame by frame, drawn into an image that nobody looks at. */
#include "render/draw/label.h"
#include "render/view/ui.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

typedef struct Stage {
    Ui ui;
    cairo_surface_t *surface;
    double now;
} Stage;

static void begin(Stage *stage) {
    if (!stage->surface)
        stage->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 640, 400);
    cairo_t *cairo = cairo_create(stage->surface);
    const Style *style = style_of(THEME_LIGHT);
    canvas_set_color(cairo, style->background);
    cairo_paint(cairo);
    ui_begin(&stage->ui, cairo, style, (Rect){0, 0, 640, 400}, stage->now);
}

static void end(Stage *stage) {
    ui_end(&stage->ui);
    cr_assert_eq(cairo_status(stage->ui.cairo), CAIRO_STATUS_SUCCESS);
    cairo_destroy(stage->ui.cairo);
}

static void leave_stage(Stage *stage) {
    ui_release(&stage->ui);
    cairo_surface_destroy(stage->surface);
}

static bool move(Stage *stage, double x, double y) {
    return ui_input(&stage->ui, &(Input){.kind = INPUT_MOVE, .x = x, .y = y});
}

static bool press(Stage *stage, double x, double y, int clicks) {
    Input input = {.kind = INPUT_PRESS, .x = x, .y = y, .button = BUTTON_LEFT, .clicks = clicks};
    return ui_input(&stage->ui, &input);
}

static bool release(Stage *stage, double x, double y) {
    Input input = {.kind = INPUT_RELEASE, .x = x, .y = y, .button = BUTTON_LEFT};
    return ui_input(&stage->ui, &input);
}

static bool wheel(Stage *stage, double x, double y, double notches) {
    Input input = {.kind = INPUT_WHEEL, .x = x, .y = y, .wheel = notches};
    return ui_input(&stage->ui, &input);
}

static bool key(Stage *stage, int code, unsigned modifiers) {
    Input input = {.kind = INPUT_KEY, .key = code, .modifiers = modifiers};
    return ui_input(&stage->ui, &input);
}

/* ---- Sliders ------------------------------------------------------------------------------- */

static const Rect slider_rect = {20, 20, 214.3, 43}; /* its track is 200 long */
static const double y_track = 49;

static UiSlide slide(Stage *stage, const UiSlider *slider, double *value) {
    begin(stage);
    UiSlide slide = ui_slider(&stage->ui, 1, slider_rect, slider, value);
    end(stage);
    return slide;
}

/* The page's x at a place of the track. */
static double track_x(double place) {
    Rect track = widget_slider_track(style_of(THEME_LIGHT), slider_rect);
    return track.x + place * track.width;
}

static const UiSlider share = {.label = "share", .to = 1, .initial = 0.3};

Test(ui_slider, follows_the_knob) {
    Stage stage = {0};
    double value = 0.5;
    UiSlide first = slide(&stage, &share, &value);
    cr_assert(!first.is_changed && !first.is_held);
    cr_assert(press(&stage, track_x(0.5) + 4, y_track, 1)); /* beside its middle: as it is */
    UiSlide taken = slide(&stage, &share, &value);
    cr_assert(!taken.is_changed && taken.is_held && value == 0.5);
    cr_assert(move(&stage, track_x(0.75) + 4, y_track));
    UiSlide moved = slide(&stage, &share, &value);
    cr_assert(moved.is_changed && moved.is_held);
    cr_assert_float_eq(value, 0.75, 1e-12);
    cr_assert(move(&stage, track_x(0.25) + 4, 390)); /* however far above or below */
    cr_assert(release(&stage, track_x(0.25) + 4, 390));
    UiSlide let_go = slide(&stage, &share, &value);
    cr_assert(let_go.is_changed && !let_go.is_held);
    cr_assert_float_eq(value, 0.25, 1e-12);
    move(&stage, track_x(0.9), y_track);
    cr_assert_not(slide(&stage, &share, &value).is_changed);
    leave_stage(&stage);
}

Test(ui_slider, comes_to_a_press_and_stops_at_the_ends) {
    Stage stage = {0};
    double value = 0.5;
    slide(&stage, &share, &value);
    press(&stage, track_x(0.1), y_track, 1);
    cr_assert(slide(&stage, &share, &value).is_changed);
    cr_assert_float_eq(value, 0.1, 1e-12);
    move(&stage, 630, y_track);
    slide(&stage, &share, &value);
    cr_assert_eq(value, 1);
    move(&stage, 0, y_track);
    slide(&stage, &share, &value);
    cr_assert_eq(value, 0);
    leave_stage(&stage);
}

/* The middle of a logarithmic track is the geometric mean of its ends. */
Test(ui_slider, is_logarithmic_and_may_run_backwards) {
    static const UiSlider rows[] = {{.label = "p", .from = 0.01, .to = 1, .is_log = true},
                                    {.label = "p", .from = 1, .to = 0.01, .is_log = true}};
    for (int i = 0; i < 2; i++) {
        Stage stage = {0};
        double value = 1;
        slide(&stage, &rows[i], &value);
        press(&stage, track_x(0.5), y_track, 1);
        slide(&stage, &rows[i], &value);
        cr_assert_float_eq(value, 0.1, 1e-12);
        move(&stage, track_x(0.75), y_track);
        slide(&stage, &rows[i], &value);
        cr_assert_float_eq(value, i ? pow(10, -1.5) : pow(10, -0.5), 1e-12);
        move(&stage, 639, y_track);
        slide(&stage, &rows[i], &value);
        cr_assert_eq(value, rows[i].to);
        leave_stage(&stage);
    }
}

Test(ui_slider, keeps_to_its_steps) {
    static const UiSlider count = {.label = "n", .from = 2, .to = 12, .step = 1};
    static const UiSlider batch = {.label = "b", .from = 1, .to = 4096, .step = 1, .is_log = true};
    Stage stage = {0};
    double value = 5;
    slide(&stage, &count, &value);
    press(&stage, track_x(0.54), y_track, 1);
    release(&stage, track_x(0.54), y_track);
    slide(&stage, &count, &value);
    cr_assert_eq(value, 7);
    wheel(&stage, track_x(0.1), y_track, -1); /* a fiftieth is less than a step */
    slide(&stage, &count, &value);
    cr_assert_eq(value, 6);
    press(&stage, track_x(0.5), y_track, 1);
    release(&stage, track_x(0.5), y_track);
    slide(&stage, &batch, &value);
    cr_assert_eq(value, 64); /* 4096^(1/2) */
    value = 1;
    key(&stage, KEY_RIGHT, 0);
    slide(&stage, &batch, &value);
    cr_assert_eq(value, 2);
    leave_stage(&stage);
}

Test(ui_slider, turns_with_the_wheel_under_the_pointer_only) {
    Stage stage = {0};
    double value = 0.5;
    slide(&stage, &share, &value);
    cr_assert(wheel(&stage, 100, 30, 2));
    cr_assert(wheel(&stage, 100, 30, 1));
    cr_assert(slide(&stage, &share, &value).is_changed);
    cr_assert_float_eq(value, 0.56, 1e-12);
    cr_assert_not(wheel(&stage, 100, 200, 2));
    cr_assert_not(slide(&stage, &share, &value).is_changed);
    leave_stage(&stage);
}

Test(ui_slider, takes_arrows_while_it_has_the_focus) {
    Stage stage = {0};
    double value = 0.5;
    slide(&stage, &share, &value);
    cr_assert_not(key(&stage, KEY_RIGHT, 0));
    press(&stage, track_x(0.5), y_track, 1);
    release(&stage, track_x(0.5), y_track);
    slide(&stage, &share, &value);
    cr_assert(key(&stage, KEY_RIGHT, 0));
    cr_assert(key(&stage, KEY_UP, 0));
    cr_assert(key(&stage, KEY_LEFT, MODIFIER_SHIFT));
    slide(&stage, &share, &value);
    cr_assert_float_eq(value, 0.42, 1e-12);
    cr_assert_not(key(&stage, ' ', 0));
    cr_assert_not(key(&stage, KEY_RETURN, 0));
    cr_assert_not(key(&stage, KEY_RIGHT, MODIFIER_CONTROL));
    cr_assert(key(&stage, KEY_ESCAPE, 0));
    cr_assert_not(key(&stage, KEY_ESCAPE, 0));
    cr_assert_not(key(&stage, KEY_RIGHT, 0));
    press(&stage, track_x(0.42), y_track, 1);
    release(&stage, track_x(0.42), y_track);
    cr_assert_not(press(&stage, 500, 300, 1)); /* bare ground takes the focus away */
    cr_assert_not(key(&stage, KEY_RIGHT, 0));
    leave_stage(&stage);
}

Test(ui_slider, goes_back_by_a_double_click) {
    Stage stage = {0};
    double value = 0.8;
    slide(&stage, &share, &value);
    press(&stage, track_x(0.8), y_track, 1);
    release(&stage, track_x(0.8), y_track);
    press(&stage, track_x(0.8), y_track, 2);
    cr_assert(slide(&stage, &share, &value).is_changed);
    cr_assert_eq(value, share.initial);
    release(&stage, track_x(0.8), y_track);
    cr_assert_not(slide(&stage, &share, &value).is_changed);
    leave_stage(&stage);
}

Test(ui_slider, keeps_what_it_cannot_show_and_nothing_moves_a_disabled_one) {
    Stage stage = {0};
    double value = 7;
    cr_assert_not(slide(&stage, &share, &value).is_changed);
    cr_assert_eq(value, 7);
    wheel(&stage, 100, 30, -1);
    slide(&stage, &share, &value);
    cr_assert_float_eq(value, 0.98, 1e-12);
    UiSlider disabled = share;
    disabled.is_disabled = true;
    slide(&stage, &disabled, &value);
    press(&stage, track_x(0.5), y_track, 1);
    move(&stage, track_x(0.2), y_track);
    cr_assert_not(key(&stage, KEY_LEFT, 0));
    UiSlide held = slide(&stage, &disabled, &value);
    cr_assert(!held.is_changed && !held.is_held);
    cr_assert_float_eq(value, 0.98, 1e-12);
    leave_stage(&stage);
}

/* ---- Buttons, switches, tabs --------------------------------------------------------------- */

typedef struct Clicks {
    bool a, b, icon, toggle;
} Clicks;

/* a: 20 … 120; b over its right half: 70 … 170; an icon and a switch below. */
static Clicks buttons(Stage *stage, unsigned look, bool *is_on) {
    begin(stage);
    Ui *ui = &stage->ui;
    Clicks clicks = {.a = ui_button(ui, 1, (Rect){20, 20, 100, 30}, "a", look),
                     .b = ui_button(ui, 2, (Rect){70, 20, 100, 30}, "b", 0),
                     .icon = ui_icon(ui, 3, (Rect){20, 60, 30, 30}, ICON_PLAY, look),
                     .toggle = ui_toggle(ui, 4, (Rect){20, 100, 120, 24}, "on", look, is_on)};
    end(stage);
    return clicks;
}

static void click(Stage *stage, double x, double y) {
    press(stage, x, y, 1);
    release(stage, x, y);
}

Test(ui_button, clicks_reach_the_topmost_once) {
    Stage stage = {0};
    bool is_on = false;
    cr_assert_not(press(&stage, 30, 30, 1)); /* nothing has been seen yet */
    release(&stage, 30, 30);
    Clicks none = buttons(&stage, 0, &is_on);
    cr_assert(!none.a && !none.b);
    click(&stage, 30, 30);
    Clicks a = buttons(&stage, 0, &is_on), after = buttons(&stage, 0, &is_on);
    cr_assert(a.a && !a.b && !after.a);
    click(&stage, 100, 30);
    Clicks b = buttons(&stage, 0, &is_on);
    cr_assert(!b.a && b.b);
    click(&stage, 30, 70);
    click(&stage, 130, 110);
    Clicks both = buttons(&stage, 0, &is_on);
    cr_assert(both.icon && both.toggle && is_on);
    click(&stage, 25, 110);
    cr_assert(buttons(&stage, 0, &is_on).toggle && !is_on);
    click(&stage, 30, 30);
    click(&stage, 30, 70);
    click(&stage, 30, 110);
    Clicks disabled = buttons(&stage, WIDGET_DISABLED, &is_on);
    cr_assert(!disabled.a && !disabled.icon && !disabled.toggle && !is_on);
    leave_stage(&stage);
}

Test(ui_button, a_press_belongs_to_where_it_began) {
    Stage stage = {0};
    bool is_on = false;
    buttons(&stage, 0, &is_on);
    press(&stage, 30, 30, 1);
    cr_assert(move(&stage, 100, 30));
    Clicks held = buttons(&stage, 0, &is_on);
    cr_assert(!held.a && stage.ui.hot == 1 && stage.ui.held == 1);
    cr_assert(release(&stage, 100, 30)); /* over b */
    Clicks over = buttons(&stage, 0, &is_on);
    cr_assert(!over.a && !over.b && stage.ui.hot == 2);
    cr_assert_not(press(&stage, 300, 300, 1)); /* begun on bare ground */
    cr_assert_not(release(&stage, 100, 30));
    cr_assert_not(buttons(&stage, 0, &is_on).b);
    Input right = {.kind = INPUT_PRESS, .x = 30, .y = 30, .button = BUTTON_RIGHT};
    ui_input(&stage.ui, &right);
    right.kind = INPUT_RELEASE;
    ui_input(&stage.ui, &right);
    cr_assert_not(buttons(&stage, 0, &is_on).a); /* another button is no click */
    leave_stage(&stage);
}

Test(ui_button, is_hot_under_the_pointer_and_cold_when_it_leaves) {
    Stage stage = {0};
    bool is_on = false;
    buttons(&stage, 0, &is_on);
    cr_assert_eq(ui_cursor(&stage.ui), CURSOR_ARROW);
    cr_assert(move(&stage, 30, 30));
    cr_assert_eq(stage.ui.hot, 1);
    cr_assert_eq(ui_cursor(&stage.ui), CURSOR_HAND);
    cr_assert_eq(ui_state(&stage.ui, 1), WIDGET_HOT);
    cr_assert_not(move(&stage, 400, 300));
    cr_assert_eq(stage.ui.hot, 0);
    move(&stage, 30, 30);
    ui_input(&stage.ui, &(Input){.kind = INPUT_LEAVE});
    cr_assert_eq(stage.ui.hot, 0);
    leave_stage(&stage);
}

/* A late frame: what came in between is not lost. */
Test(ui_button, no_number_of_moves_hides_a_click) {
    Stage stage = {0};
    bool is_on = false;
    buttons(&stage, 0, &is_on);
    press(&stage, 30, 30, 1);
    for (int i = 0; i < 1000; i++)
        move(&stage, 30 + i % 2, 30);
    release(&stage, 30, 30);
    for (int i = 0; i < 1000; i++)
        move(&stage, 300 + i % 7, 30);
    cr_assert(buttons(&stage, 0, &is_on).a);
    leave_stage(&stage);
}

/* Controls hidden in the middle of a drag: what is no longer there holds nothing. */
Test(ui_button, what_is_not_drawn_lets_go) {
    Stage stage = {0};
    double value = 0.5;
    slide(&stage, &share, &value);
    press(&stage, track_x(0.5), y_track, 1);
    cr_assert(stage.ui.held == 1 && stage.ui.focused == 1);
    begin(&stage);
    end(&stage);
    cr_assert(stage.ui.held == 0 && stage.ui.focused == 0 && stage.ui.hot == 0);
    move(&stage, track_x(0.9), y_track);
    slide(&stage, &share, &value);
    cr_assert_eq(value, 0.5);
    leave_stage(&stage);
}

Test(ui_tabs, the_one_that_is_clicked) {
    static const char *const names[] = {"one", "two", "three", "four"};
    static const char *const whys[] = {NULL, NULL, "not now", NULL};
    const Rect rect = {100, 20, 200, 30};
    Stage stage = {0};
    double x = 100, sum = 0, widths[4];
    int chosen = 0;
    for (int i = 0; i < 4; i++)
        sum += widths[i] =
            label_width(style_of(THEME_LIGHT), (Label){TEXT_BODY, ALIGN_LEFT, 0}, names[i]);
    for (int i = 0; i < 4; i++) {
        double width = widths[i] + (200 - sum) / 4; /* what is left goes to all alike */
        if (i)
            click(&stage, x + 2, 30);
        begin(&stage);
        bool is_another = ui_tabs(&stage.ui, 1, rect, names, NULL, 4, &chosen);
        end(&stage);
        cr_assert(is_another == (i > 0) && chosen == i);
        x += width;
    }
    cr_assert_float_eq(x, 300, 1e-6);
    click(&stage, 298, 30); /* the chosen one */
    begin(&stage);
    cr_assert_not(ui_tabs(&stage.ui, 1, rect, names, NULL, 4, &chosen));
    end(&stage);
    double third = 300 - (widths[3] + widths[2] + 2 * (200 - sum) / 4) + 2;
    click(&stage, third, 30); /* one that cannot be chosen now */
    begin(&stage);
    cr_assert_not(ui_tabs(&stage.ui, 1, rect, names, whys, 4, &chosen));
    end(&stage);
    cr_assert_eq(chosen, 3);
    leave_stage(&stage);
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

/* ---- Regions and tips ---------------------------------------------------------------------- */

static UiRegion region(Stage *stage) {
    begin(stage);
    UiRegion region =
        ui_region(&stage->ui, 1, (Rect){100, 100, 200, 100}, UI_WANTS_WHEEL, CURSOR_MOVE);
    end(stage);
    return region;
}

Test(ui_region, tells_a_drag_from_a_click) {
    Stage stage = {0};
    region(&stage);
    press(&stage, 150, 150, 1);
    UiRegion pressed = region(&stage);
    cr_assert(pressed.is_pressed && pressed.is_held && pressed.is_hot && !pressed.is_dragged);
    cr_assert_eq(pressed.button, BUTTON_LEFT);
    move(&stage, 152, 151); /* a hand is never quite still */
    UiRegion still = region(&stage);
    cr_assert(still.is_held && !still.is_dragged && still.moved_x == 0);
    move(&stage, 160, 140);
    move(&stage, 400, 130);
    UiRegion dragged = region(&stage);
    cr_assert(dragged.is_held && dragged.is_dragged && !dragged.is_pressed);
    cr_assert(dragged.moved_x == 250 && dragged.moved_y == -20); /* all of the way is told */
    cr_assert(dragged.from_x == 150 && dragged.from_y == 150 && dragged.x == 400);
    move(&stage, 410, 130);
    release(&stage, 410, 130);
    UiRegion released = region(&stage);
    cr_assert(released.is_released && !released.is_held && !released.is_clicked);
    cr_assert_eq(released.moved_x, 10);
    cr_assert_not(released.is_hot);
    click(&stage, 150, 150);
    UiRegion clicked = region(&stage);
    cr_assert(clicked.is_clicked && clicked.is_pressed && clicked.is_released);
    cr_assert(!clicked.is_held && !clicked.is_double);
    press(&stage, 150, 150, 2);
    cr_assert(region(&stage).is_double);
    leave_stage(&stage);
}

Test(ui_region, knows_button_modifiers_and_wheel) {
    Stage stage = {0};
    region(&stage);
    ui_input(&stage.ui, &(Input){.kind = INPUT_PRESS,
                                 .x = 110,
                                 .y = 110,
                                 .button = BUTTON_RIGHT,
                                 .clicks = 1,
                                 .modifiers = MODIFIER_SHIFT});
    cr_assert(press(&stage, 120, 110, 1)); /* a second button while the first is down: nothing */
    UiRegion right = region(&stage);
    cr_assert(right.button == BUTTON_RIGHT && right.modifiers == MODIFIER_SHIFT);
    cr_assert(release(&stage, 120, 110));
    cr_assert(region(&stage).is_held);
    ui_input(&stage.ui,
             &(Input){.kind = INPUT_RELEASE, .x = 110, .y = 110, .button = BUTTON_RIGHT});
    UiRegion clicked = region(&stage);
    cr_assert(clicked.is_released && clicked.button == BUTTON_RIGHT);
    wheel(&stage, 150, 150, 1);
    wheel(&stage, 150, 150, 2);
    cr_assert_eq(region(&stage).wheel, 3);
    cr_assert_eq(region(&stage).wheel, 0);
    cr_assert_eq(ui_cursor(&stage.ui), CURSOR_MOVE);
    leave_stage(&stage);
}

static uint32_t pixel(const Stage *stage, int x, int y) {
    uint32_t value;
    const unsigned char *data = cairo_image_surface_get_data(stage->surface);
    memcpy(&value, data + y * cairo_image_surface_get_stride(stage->surface) + 4 * x, 4);
    return value & 0xffffff;
}

static void tip(Stage *stage, double now) {
    stage->now = now;
    begin(stage);
    ui_button(&stage->ui, 1, (Rect){20, 20, 100, 30}, "a", 0);
    ui_tip(&stage->ui, "what it does");
    ui_button(&stage->ui, 2, (Rect){20, 60, 100, 30}, "b", 0);
    end(stage);
    cairo_surface_flush(stage->surface);
}

/* Under the pointer at 100, 30: the tip's ground is at 114, 51. */
Test(ui_tip, appears_to_who_rests_on_a_widget) {
    Stage stage = {0};
    tip(&stage, 10);
    uint32_t bare = pixel(&stage, 135, 54);
    move(&stage, 100, 30);
    tip(&stage, 11);
    cr_assert(stage.ui.is_waiting && pixel(&stage, 135, 54) == bare);
    tip(&stage, 11.4);
    cr_assert_eq(pixel(&stage, 135, 54), bare);
    tip(&stage, 11.6);
    cr_assert(!stage.ui.is_waiting && pixel(&stage, 135, 54) != bare);
    press(&stage, 100, 30, 1); /* who presses knows */
    tip(&stage, 11.7);
    release(&stage, 100, 30);
    tip(&stage, 15);
    cr_assert(!stage.ui.is_waiting && pixel(&stage, 135, 54) == bare);
    move(&stage, 100, 70); /* b has none */
    tip(&stage, 16);
    tip(&stage, 20);
    cr_assert_eq(pixel(&stage, 135, 54), bare);
    leave_stage(&stage);
}
