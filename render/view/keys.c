/* Keys: one table says what each does, to the View and to who asks for help. */
#include "render/draw/label.h"
#include "render/view/state.h"

typedef struct KeyRow {
    int keys[3];     /* any of them; 0: none */
    const char *cap; /* as help shows it */
    const char *does;
    void (*act)(View *view, const Input *input);
} KeyRow;

static void act_pause(View *view, const Input *input) {
    (void)input;
    view_pause(view);
}

static void act_step(View *view, const Input *input) {
    (void)input;
    view_step_once(view);
}

static void act_step_back(View *view, const Input *input) {
    (void)input;
    view_step_back(view);
}

static void act_loop(View *view, const Input *input) {
    (void)input;
    view->playback.loops = !view->playback.loops;
}

static void act_bookmark(View *view, const Input *input) {
    (void)input;
    playback_bookmark(view);
}

static void act_mark(View *view, const Input *input) {
    playback_go_to_mark(view, input->key == ',' ? -1 : 1);
}

static void act_speed(View *view, const Input *input) {
    view_change_speed(view, input->key == '-' ? -1 : 1);
}

static void act_reset(View *view, const Input *input) {
    (void)input;
    view_reset(view);
}

static void act_seed(View *view, const Input *input) {
    (void)input;
    view_new_seed(view);
}

static void act_scene(View *view, const Input *input) {
    view_choose_scene(view, input->key - '1');
}

static void act_run(View *view, const Input *input) {
    int n = view->stage->n + view->stage->has_guest, by = input->key == KEY_PAGE_UP ? n - 1 : 1;
    view_show(view, (view->shown + by) % n);
}

static void act_sample(View *view, const Input *input) {
    (void)input;
    view->scene_state.sample++;
}

static void act_overlays(View *view, const Input *input) {
    (void)input;
    view->scene_state.has_overlays = !view->scene_state.has_overlays;
}

static void act_presets(View *view, const Input *input) {
    (void)input;
    menu_open(view, MENU_PRESETS);
}

static void act_preset(View *view, const Input *input) {
    menu_next_preset(view, input->key == '[' ? -1 : 1);
}

static void act_save_config(View *view, const Input *input) {
    (void)input;
    view_save_config(view);
}

static void act_now(View *view, const Input *input) {
    (void)input;
    view_go_to_now(view);
}

static void act_theme(View *view, const Input *input) {
    (void)input;
    view_change_theme(view);
}

static void act_bare(View *view, const Input *input) {
    (void)input;
    view->is_bare = !view->is_bare;
}

static void act_full(View *view, const Input *input) {
    (void)input;
    view->is_full_screen = !view->is_full_screen;
}

static void act_save(View *view, const Input *input) {
    if (input->modifiers & MODIFIER_SHIFT)
        take_drawing(view);
    else
        take_picture(view);
}

static void act_film(View *view, const Input *input) {
    if (!input->is_repeat)
        take_film(view);
}

static void act_help(View *view, const Input *input) {
    (void)input;
    view->has_help = !view->has_help;
}

/* Leaves what is in front, one thing after the other. */
static void act_escape(View *view, const Input *input) {
    (void)input;
    if (view->has_help)
        view->has_help = false;
    else if (view->menu)
        view->menu = MENU_NONE;
    else if (view->is_full_screen)
        view->is_full_screen = false;
    else if (view->is_bare)
        view->is_bare = false;
    else
        view->selected = -1;
}

static void act_quit(View *view, const Input *input) {
    (void)input;
    view->is_over = true;
}

static const KeyRow rows[] = {
    {{' '}, "Space", "pause, go on; looking back, play", act_pause},
    {{KEY_RIGHT}, "→", "one step; looking back, a moment", act_step},
    {{KEY_LEFT}, "←", "look back by a moment", act_step_back},
    {{'+', '=', '-'}, "+ −", "faster, slower", act_speed},
    {{'r'}, "R", "start again", act_reset},
    {{'n'}, "N", "start with another seed", act_seed},
    {{KEY_END}, "End", "back to now", act_now},
    {{'l'}, "L", "looking back, again and again", act_loop},
    {{'b'}, "B", "bookmark, and take it away", act_bookmark},
    {{',', '.'}, ", .", "to the mark before, after", act_mark},
    {{'1'}, "1 – 8", "scene", act_scene},
    {{KEY_PAGE_UP, KEY_PAGE_DOWN}, "PgUp PgDn", "another run", act_run},
    {{'p'}, "P", "presets", act_presets},
    {{'[', ']'}, "[ ]", "preset before, after", act_preset},
    {{'c'}, "C", "save as a config, changes and all", act_save_config},
    {{'x'}, "X", "another sample (scene samples)", act_sample},
    {{'o'}, "O", "names, levels and bounds", act_overlays},
    {{'t'}, "T", "light, dark", act_theme},
    {{KEY_TAB}, "Tab", "hide the controls", act_bare},
    {{'f', KEY_F11}, "F", "full screen", act_full},
    {{'s'}, "S", "save a picture; with Shift as SVG and PDF", act_save},
    {{'v'}, "V", "record a film, and end it", act_film},
    {{KEY_F1, '?', 'h'}, "F1", "these keys", act_help},
    {{KEY_ESCAPE}, "Esc", "back, and select nothing", act_escape},
    {{'q'}, "Q", "close", act_quit},
};
enum { N_ROWS = sizeof rows / sizeof *rows };

static bool is_of(const KeyRow *row, int key) {
    if (row->act == act_scene)
        return key >= '1' && key <= '9';
    for (int i = 0; i < 3; i++)
        if (row->keys[i] == key)
            return key != KEY_NONE;
    return false;
}

bool keys_do(View *view, const Input *input) {
    for (int i = 0; i < N_ROWS; i++)
        if (is_of(&rows[i], input->key)) {
            rows[i].act(view, input);
            return true;
        }
    return false;
}

void keys_draw_help(View *view, cairo_t *cairo, Rect page) {
    const Style *style = &view->style;
    const int n_lines = (N_ROWS + 1) / 2; /* in each of two columns */
    const double line = 30, width = 840, height = line * n_lines + 72;
    Rect card = {page.x + (page.width - width) / 2, page.y + (page.height - height) / 2, width,
                 height};
    Color shade = style->background;
    shade.alpha = 0.7;
    canvas_set_color(cairo, shade);
    cairo_rectangle(cairo, page.x, page.y, page.width, page.height);
    cairo_fill(cairo);
    widget_card(cairo, style, card);
    label_draw(cairo, style, (Label){TEXT_HEADING, ALIGN_LEFT, 0}, style->ink, card.x + 24,
               card.y + 36, "Keys");
    for (int i = 0; i < N_ROWS; i++) {
        double x = card.x + 24 + width / 2 * (i / n_lines), y = card.y + 72 + line * (i % n_lines);
        widget_key(cairo, style, x, y, rows[i].cap);
        label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, 0}, style->ink, x + 118, y,
                   rows[i].does);
    }
}
