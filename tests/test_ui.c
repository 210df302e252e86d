/* What widgets make of inputs, frame by frame: regions, buttons, tips. */
#include "render/ui/ui.h"
#include "tests/ui_stage.h"

/* ---- Buttons, switches --------------------------------------------------------------------- */

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

static void tip(Stage *stage, double now) {
    stage->now = now;
    begin(stage);
    ui_button(&stage->ui, 1, (Rect){20, 20, 100, 30}, "a", 0);
    ui_tip(&stage->ui, "what it does");
    ui_button(&stage->ui, 2, (Rect){20, 60, 100, 30}, "b", 0);
    end(stage);
    cairo_surface_flush(stage->surface);
}

/* Below the button, to the right of the pointer at 100, 30: the tip's ground begins at 112, 56. */
Test(ui_tip, appears_to_who_rests_on_a_widget) {
    Stage stage = {0};
    tip(&stage, 10);
    uint32_t bare = pixel(&stage, 135, 58);
    move(&stage, 100, 30);
    tip(&stage, 11);
    cr_assert(stage.ui.is_waiting && pixel(&stage, 135, 58) == bare);
    tip(&stage, 11.4);
    cr_assert_eq(pixel(&stage, 135, 58), bare);
    tip(&stage, 11.6);
    cr_assert(!stage.ui.is_waiting && pixel(&stage, 135, 58) != bare);
    press(&stage, 100, 30, 1); /* who presses knows */
    tip(&stage, 11.7);
    release(&stage, 100, 30);
    tip(&stage, 15);
    cr_assert(!stage.ui.is_waiting && pixel(&stage, 135, 58) == bare);
    move(&stage, 100, 70); /* b has none */
    tip(&stage, 16);
    tip(&stage, 20);
    cr_assert_eq(pixel(&stage, 135, 58), bare);
    leave_stage(&stage);
}

/* Neither over what it explains nor off the page, wherever that is; a long one goes on below. */
Test(ui_tip, leaves_what_it_explains_in_sight) {
    static const char *const text = "a sentence that is far too long for one line of a tip, which "
                                    "has room for some sixty or seventy letters and no more";
    const Rect places[] = {
        {20, 20, 100, 30}, {530, 20, 100, 30}, {530, 360, 100, 30}, {20, 190, 600, 30}};
    for (int i = 0; i < 4; i++) {
        Stage stage = {0};
        Rect at = places[i];
        double centre = at.x + at.width / 2;
        for (int k = 0; k < 3; k++) {
            stage.now = k;
            begin(&stage);
            ui_icon(&stage.ui, 1, at, ICON_PLAY, 0);
            ui_tip(&stage.ui, text);
            end(&stage);
            move(&stage, centre, at.y + 15);
        }
        cairo_surface_flush(stage.surface);
        uint32_t ink = 0, ground = pixel(&stage, 5, 5);
        int left = 640, right = 0, top = 400, bottom = 0;
        for (int y = 0; y < 400; y++)
            for (int x = 0; x < 640; x++) {
                bool is_in = x >= at.x && x < at.x + at.width && y >= at.y && y < at.y + at.height;
                if (is_in || pixel(&stage, x, y) == ground)
                    continue;
                ink++;
                left = x < left ? x : left;
                right = x > right ? x : right;
                top = y < top ? y : top;
                bottom = y > bottom ? y : bottom;
            }
        cr_assert_gt(ink, 5000, "place %d", i);
        cr_assert(left >= 3 && right < 637 && top >= 3 && bottom < 397, "place %d", i);
        cr_assert(top >= at.y + at.height || bottom < at.y, "place %d covers it", i);
        cr_assert_gt(bottom - top, 30, "place %d: one line", i);
        cr_assert_lt(right - left, 402, "place %d", i);
        leave_stage(&stage);
    }
}
