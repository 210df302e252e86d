/* What sliders make of inputs, frame by frame. */
#include "render/ui/ui.h"
#include "tests/ui_stage.h"

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

static bool press_at(Stage *stage, double place) {
    return press(stage, track_x(place), y_track, 1);
}

static void click_at(Stage *stage, double place) {
    press_at(stage, place);
    release(stage, track_x(place), y_track);
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
    press_at(&stage, 0.1);
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
        press_at(&stage, 0.5);
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
    click_at(&stage, 0.54);
    slide(&stage, &count, &value);
    cr_assert_eq(value, 7);
    wheel(&stage, track_x(0.1), y_track, -1); /* a fiftieth is less than a step */
    slide(&stage, &count, &value);
    cr_assert_eq(value, 6);
    click_at(&stage, 0.5);
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
    click_at(&stage, 0.5);
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
    click_at(&stage, 0.42);
    cr_assert_not(press(&stage, 500, 300, 1)); /* bare ground takes the focus away */
    cr_assert_not(key(&stage, KEY_RIGHT, 0));
    leave_stage(&stage);
}

Test(ui_slider, goes_back_by_a_double_click) {
    Stage stage = {0};
    double value = 0.8;
    slide(&stage, &share, &value);
    click_at(&stage, 0.8);
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
    press_at(&stage, 0.5);
    move(&stage, track_x(0.2), y_track);
    cr_assert_not(key(&stage, KEY_LEFT, 0));
    UiSlide held = slide(&stage, &disabled, &value);
    cr_assert(!held.is_changed && !held.is_held);
    cr_assert_float_eq(value, 0.98, 1e-12);
    leave_stage(&stage);
}

/* Controls hidden in the middle of a drag: what is no longer there holds nothing. */
Test(ui_slider, what_is_not_drawn_lets_go) {
    Stage stage = {0};
    double value = 0.5;
    slide(&stage, &share, &value);
    press_at(&stage, 0.5);
    cr_assert(stage.ui.held == 1 && stage.ui.focused == 1);
    begin(&stage);
    end(&stage);
    cr_assert(stage.ui.held == 0 && stage.ui.focused == 0 && stage.ui.hot == 0);
    move(&stage, track_x(0.9), y_track);
    slide(&stage, &share, &value);
    cr_assert_eq(value, 0.5);
    leave_stage(&stage);
}
