/* Routing of inputs, and the widgets that are only pressed. */
#include "render/view/ui.h"

#include "render/draw/label.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const double drag_distance = 3, tip_delay = 0.5;

static bool holds(Rect r, double x, double y) {
    return x >= r.x && x < r.x + r.width && y >= r.y && y < r.y + r.height;
}

/* The topmost widget there, in the frame the user sees. */
static const UiPlace *place_at(const Ui *ui, double x, double y) {
    for (int i = ui->n_seen - 1; i >= 0; i--)
        if (holds(ui->seen[i].rect, x, y))
            return &ui->seen[i];
    return NULL;
}

static const UiPlace *place_of(const Ui *ui, int id) {
    for (int i = 0; i < ui->n_seen; i++)
        if (ui->seen[i].id == id)
            return &ui->seen[i];
    return NULL;
}

static void find_hot(Ui *ui) {
    const UiPlace *place = ui->is_inside ? place_at(ui, ui->x, ui->y) : NULL;
    ui->hot = ui->held ? ui->held : place ? place->id : 0;
}

/* Moves join the one before them: a frame may be late, but no press or release is lost for them. */
static void keep(Ui *ui, const Input *input, int id, double moved_x, double moved_y) {
    UiInput *last = ui->n_inputs ? &ui->inputs[ui->n_inputs - 1] : NULL;
    if (input->kind == INPUT_MOVE && last && last->input.kind == INPUT_MOVE && last->id == id) {
        moved_x += last->moved_x;
        moved_y += last->moved_y;
        ui->n_inputs--;
    }
    if (ui->n_inputs == UI_MAX_INPUTS)
        return;
    bool is_click = input->kind == INPUT_RELEASE && !ui->is_dragged;
    ui->inputs[ui->n_inputs++] = (UiInput){*input, id, moved_x, moved_y, is_click};
}

static bool move(Ui *ui, const Input *input) {
    double from_x = ui->x, from_y = ui->y;
    ui->x = input->x;
    ui->y = input->y;
    ui->is_inside = true;
    find_hot(ui);
    if (!ui->held)
        return ui->hot != 0;
    bool was_dragged = ui->is_dragged;
    ui->is_dragged =
        was_dragged || hypot(input->x - ui->press_x, input->y - ui->press_y) > drag_distance;
    if (!was_dragged) {
        from_x = ui->press_x;
        from_y = ui->press_y;
    }
    keep(ui, input, ui->held, ui->is_dragged * (input->x - from_x),
         ui->is_dragged * (input->y - from_y));
    return true;
}

static bool press(Ui *ui, const Input *input) {
    if (ui->held)
        return true;
    const UiPlace *place = place_at(ui, input->x, input->y);
    ui->focused = place && place->wants & UI_WANTS_ARROWS ? place->id : 0;
    if (!place)
        return false;
    ui->held = place->id;
    ui->button = input->button;
    ui->press_x = input->x;
    ui->press_y = input->y;
    ui->is_dragged = false;
    ui->tip_since = HUGE_VAL;
    keep(ui, input, place->id, 0, 0);
    return true;
}

static bool release(Ui *ui, const Input *input) {
    if (!ui->held)
        return false;
    if (input->button == ui->button) {
        keep(ui, input, ui->held, 0, 0);
        ui->held = 0;
    }
    return true;
}

static bool turn(Ui *ui, const Input *input) {
    const UiPlace *place = place_at(ui, input->x, input->y);
    if (ui->held || !place || !(place->wants & UI_WANTS_WHEEL))
        return ui->held != 0;
    keep(ui, input, place->id, 0, 0);
    return true;
}

static bool key(Ui *ui, const Input *input) {
    const UiPlace *place = ui->focused ? place_of(ui, ui->focused) : NULL;
    if (!place || input->modifiers & (MODIFIER_CONTROL | MODIFIER_ALT))
        return false;
    if (input->key == KEY_ESCAPE) {
        ui->focused = 0;
        return true;
    }
    bool is_arrow = input->key == KEY_LEFT || input->key == KEY_RIGHT || input->key == KEY_UP ||
                    input->key == KEY_DOWN;
    if (!is_arrow && !(input->key == KEY_RETURN && place->wants & UI_WANTS_RETURN))
        return false;
    keep(ui, input, place->id, 0, 0);
    return true;
}

bool ui_input(Ui *ui, const Input *input) {
    bool is_pointer =
        input->kind == INPUT_PRESS || input->kind == INPUT_RELEASE || input->kind == INPUT_WHEEL;
    if (is_pointer && (!ui->is_inside || input->x != ui->x || input->y != ui->y)) {
        Input moved = {.kind = INPUT_MOVE, .x = input->x, .y = input->y};
        move(ui, &moved);
    }
    bool is_wanted = false;
    switch (input->kind) {
    case INPUT_MOVE:
        return move(ui, input);
    case INPUT_PRESS:
        is_wanted = press(ui, input);
        break;
    case INPUT_RELEASE:
        is_wanted = release(ui, input);
        break;
    case INPUT_WHEEL:
        return turn(ui, input);
    case INPUT_KEY:
        return key(ui, input);
    case INPUT_LEAVE:
        ui->is_inside = false;
        break;
    case INPUT_RESIZE:
    case INPUT_CLOSE:
        return false;
    }
    find_hot(ui);
    return is_wanted;
}

void ui_begin(Ui *ui, cairo_t *cairo, const Style *style, Rect page, double now) {
    arena_release(&ui->arena);
    ui->cairo = cairo;
    ui->style = style;
    ui->page = page;
    ui->now = now;
    ui->n_drawn = 0;
    ui->tip = NULL;
    ui->is_waiting = false;
    if (ui->hot != ui->tip_hot) {
        ui->tip_hot = ui->hot;
        ui->tip_since = now;
    }
}

void ui_end(Ui *ui) {
    if (ui->tip)
        widget_tip(ui->cairo, ui->style, ui->page, ui->x, ui->y, ui->tip);
    memcpy(ui->seen, ui->drawn, (size_t)ui->n_drawn * sizeof *ui->drawn);
    ui->n_seen = ui->n_drawn;
    ui->n_inputs = 0;
    if (ui->held && !place_of(ui, ui->held))
        ui->held = 0;
    if (ui->focused && !place_of(ui, ui->focused))
        ui->focused = 0;
    find_hot(ui);
}

void ui_release(Ui *ui) {
    arena_release(&ui->arena);
    *ui = (Ui){0};
}

Cursor ui_cursor(const Ui *ui) {
    const UiPlace *place = ui->hot ? place_of(ui, ui->hot) : NULL;
    return place ? place->cursor : CURSOR_ARROW;
}

static void add_key(UiRegion *region, const Input *input) {
    int step = input->modifiers & MODIFIER_SHIFT ? 10 : 1;
    region->right += step * ((input->key == KEY_RIGHT) - (input->key == KEY_LEFT));
    region->up += step * ((input->key == KEY_UP) - (input->key == KEY_DOWN));
    region->is_confirmed |= input->key == KEY_RETURN;
}

static void add_input(UiRegion *region, const UiInput *kept, Rect rect) {
    const Input *input = &kept->input;
    if (input->kind != INPUT_RELEASE && input->kind != INPUT_MOVE)
        region->modifiers = input->modifiers;
    region->moved_x += kept->moved_x;
    region->moved_y += kept->moved_y;
    region->is_dragged |= kept->moved_x != 0 || kept->moved_y != 0;
    if (input->kind == INPUT_PRESS) {
        region->is_pressed = true;
        region->is_double = input->clicks % 2 == 0;
        region->button = input->button;
    } else if (input->kind == INPUT_RELEASE) {
        region->is_released = true;
        region->button = input->button;
        region->is_clicked |= kept->is_click && holds(rect, input->x, input->y);
    } else if (input->kind == INPUT_WHEEL) {
        region->wheel += input->wheel;
    } else if (input->kind == INPUT_KEY) {
        add_key(region, input);
    }
}

UiRegion ui_region(Ui *ui, int id, Rect rect, unsigned wants, Cursor cursor) {
    assert(id > 0 && ui->n_drawn < UI_MAX_WIDGETS);
    for (int i = 0; i < ui->n_drawn; i++)
        assert(ui->drawn[i].id != id);
    ui->drawn[ui->n_drawn++] = (UiPlace){id, rect, wants, cursor};
    UiRegion region = {.is_hot = ui->hot == id,
                       .is_held = ui->held == id,
                       .is_dragged = ui->held == id && ui->is_dragged,
                       .button = ui->held == id ? ui->button : 0,
                       .x = ui->x,
                       .y = ui->y,
                       .from_x = ui->press_x,
                       .from_y = ui->press_y};
    for (int i = 0; i < ui->n_inputs; i++)
        if (ui->inputs[i].id == id)
            add_input(&region, &ui->inputs[i], rect);
    return region;
}

unsigned ui_state(const Ui *ui, int id) {
    return (ui->hot == id ? WIDGET_HOT : 0U) | (ui->held == id ? WIDGET_HELD : 0U) |
           (ui->focused == id ? WIDGET_FOCUSED : 0U);
}

void ui_tip(Ui *ui, const char *markup) {
    if (!ui->n_drawn || ui->drawn[ui->n_drawn - 1].id != ui->hot || ui->held)
        return;
    double rested = ui->now - ui->tip_since;
    if (rested >= tip_delay)
        ui->tip = arena_copy(&ui->arena, markup);
    else
        ui->is_waiting = rested >= 0;
}

/* A click of the left button on something enabled; its state is what to draw. */
static bool clicked(Ui *ui, int id, Rect rect, unsigned look, unsigned *state) {
    bool is_disabled = look & WIDGET_DISABLED;
    UiRegion region = ui_region(ui, id, rect, 0, is_disabled ? CURSOR_ARROW : CURSOR_HAND);
    *state = look | (is_disabled ? 0U : ui_state(ui, id));
    return !is_disabled && region.is_clicked && region.button == BUTTON_LEFT;
}

bool ui_button(Ui *ui, int id, Rect rect, const char *label, unsigned look) {
    unsigned state;
    bool is_clicked = clicked(ui, id, rect, look, &state);
    widget_button(ui->cairo, ui->style, rect, label, state);
    return is_clicked;
}

bool ui_icon(Ui *ui, int id, Rect rect, Icon icon, unsigned look) {
    unsigned state;
    bool is_clicked = clicked(ui, id, rect, look, &state);
    widget_icon(ui->cairo, ui->style, rect, icon, state);
    return is_clicked;
}

bool ui_toggle(Ui *ui, int id, Rect rect, const char *label, unsigned look, bool *is_on) {
    unsigned state;
    bool is_turned = clicked(ui, id, rect, look, &state);
    if (is_turned)
        *is_on = !*is_on;
    widget_toggle(ui->cairo, ui->style, rect, label, state | (*is_on ? WIDGET_ON : 0U));
    return is_turned;
}

/* What is left of the rect goes to all alike, up to so much; what is missing is taken from the room
 * around the labels first, then from the widest. */
static void tab_widths(const Style *style, double width, const char *const *labels, int n,
                       double *widths) {
    const double most_room = 36, least_room = 6;
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += widths[i] = label_width(style, (Label){TEXT_BODY, ALIGN_LEFT, 0}, labels[i]);
    double room = fmax(least_room, fmin(most_room, (width - sum) / n));
    double share = fmin(1, width / (sum + n * room));
    for (int i = 0; i < n; i++)
        widths[i] = share * (widths[i] + room);
}

bool ui_tabs(Ui *ui, int id, Rect rect, const char *const *labels, const char *const *whys, int n,
             int *chosen) {
    unsigned state;
    double widths[UI_MAX_TABS], x = rect.x;
    int over = -1, before = *chosen;
    assert(n <= UI_MAX_TABS);
    tab_widths(ui->style, rect.width, labels, n, widths);
    rect.width = 0;
    for (int i = 0; i < n; i++) {
        rect.width += widths[i];
        if (over < 0 && ui->x < rect.x + rect.width)
            over = i;
    }
    const char *why = whys && over >= 0 ? whys[over] : NULL;
    if (clicked(ui, id, rect, why ? WIDGET_DISABLED : 0, &state) && over >= 0)
        *chosen = over;
    if (why)
        ui_tip(ui, label_escape(&ui->arena, why));
    for (int i = 0; i < n; i++) {
        widget_tab(ui->cairo, ui->style, (Rect){x, rect.y, widths[i], rect.height}, labels[i],
                   (i == over ? state & ~(unsigned)WIDGET_DISABLED : 0U) |
                       (i == *chosen ? WIDGET_ON : 0U) | (whys && whys[i] ? WIDGET_DISABLED : 0U));
        x += widths[i];
    }
    return *chosen != before;
}
