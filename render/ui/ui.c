/* Routing of inputs, and the widgets that are only pressed. */
#include "render/ui/ui.h"

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
    ui->press_modifiers = input->modifiers;
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
    if (ui->held || !place)
        return ui->held != 0;
    bool is_wanted =
        place->wants & UI_WANTS_WHEEL && (!place->scroller || ui->focused == place->id);
    int id = is_wanted ? place->id : place->scroller;
    if (id)
        keep(ui, input, id, 0, 0);
    return id != 0;
}

/* What a widget must want to get the key. */
static unsigned wants_of(int key) {
    bool is_arrow = key == KEY_LEFT || key == KEY_RIGHT || key == KEY_UP || key == KEY_DOWN;
    bool is_page = key == KEY_PAGE_UP || key == KEY_PAGE_DOWN || key == KEY_HOME || key == KEY_END;
    return is_arrow            ? UI_WANTS_ARROWS
           : is_page           ? UI_WANTS_PAGES
           : key == KEY_RETURN ? UI_WANTS_RETURN
                               : 0;
}

/* Escape leaves a slider; what is confirmed by Return is closed by it, which is for others. */
static bool key(Ui *ui, const Input *input) {
    const UiPlace *place = ui->focused ? place_of(ui, ui->focused) : NULL;
    if (!place || input->modifiers & (MODIFIER_CONTROL | MODIFIER_ALT))
        return false;
    if (input->key == KEY_ESCAPE) {
        ui->focused = 0;
        return !(place->wants & UI_WANTS_RETURN);
    }
    if (!(wants_of(input->key) & place->wants))
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
        widget_tip(ui->cairo, ui->style, ui->page, ui->tip_around, ui->tip);
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
    region->pages += (input->key == KEY_PAGE_UP) - (input->key == KEY_PAGE_DOWN);
    region->ends += (input->key == KEY_HOME) - (input->key == KEY_END);
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

static Rect common(Rect a, Rect b) {
    double left = fmax(a.x, b.x), top = fmax(a.y, b.y);
    return (Rect){left, top, fmax(0, fmin(a.x + a.width, b.x + b.width) - left),
                  fmax(0, fmin(a.y + a.height, b.y + b.height) - top)};
}

UiRegion ui_region(Ui *ui, int id, Rect rect, unsigned wants, Cursor cursor) {
    assert(id > 0 && ui->n_drawn < UI_MAX_WIDGETS);
    for (int i = 0; i < ui->n_drawn; i++)
        assert(ui->drawn[i].id != id);
    if (ui->is_in_scroller)
        rect = common(rect, ui->window);
    ui->drawn[ui->n_drawn++] = (UiPlace){id, rect, wants, cursor, 0};
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

void ui_point(Ui *ui, Cursor cursor) {
    assert(ui->n_drawn);
    ui->drawn[ui->n_drawn - 1].cursor = cursor;
}

void ui_focus(Ui *ui, int id) {
    ui->focused = id;
}

unsigned ui_state(const Ui *ui, int id) {
    return (ui->hot == id ? WIDGET_HOT : 0U) | (ui->held == id ? WIDGET_HELD : 0U) |
           (ui->focused == id ? WIDGET_FOCUSED : 0U);
}

void ui_tip_part(Ui *ui, Rect part, const char *markup) {
    if (!ui->n_drawn || ui->drawn[ui->n_drawn - 1].id != ui->hot || ui->held)
        return;
    double rested = ui->now - ui->tip_since;
    if (rested >= tip_delay) {
        ui->tip = arena_copy(&ui->arena, markup);
        ui->tip_around = (Rect){ui->x, part.y, 12, part.height};
    } else {
        ui->is_waiting = rested >= 0;
    }
}

void ui_tip(Ui *ui, const char *markup) {
    if (ui->n_drawn)
        ui_tip_part(ui, ui->drawn[ui->n_drawn - 1].rect, markup);
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
