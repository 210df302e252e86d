/* Keys: one table says what each does, to the View and to who asks for help. */
#include "render/state/keys.h"

#include "render/state/compare.h"
#include "render/state/look.h"
#include "render/state/playback.h"
#include "render/state/take.h"
#include "render/state/transport.h"
#include "render/state/world.h"

static const char *const group_names[N_GROUPS] = {"Time", "Runs and their world", "Look",
                                                  "Take away", "Window"};

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

static void act_compare(View *view, const Input *input) {
    if (!input->is_repeat)
        view_compare(view);
}

static void act_compared(View *view, const Input *input) {
    view_compare_next(view, input->key == KEY_PAGE_UP ? -1 : 1);
}

static void act_present(View *view, const Input *input) {
    if (!input->is_repeat)
        view_present(view);
}

static void act_scale(View *view, const Input *input) {
    view_change_scale(view, input->key == '0' ? 0 : input->key == '-' ? -1 : 1);
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
    view_open_menu(view, MENU_PRESETS);
}

static void act_scroll(View *view, const Input *input) {
    view_scroll_controls(view, input->key == KEY_UP ? 1 : -1);
}

static void act_preset(View *view, const Input *input) {
    view_next_preset(view, input->key == '[' ? -1 : 1);
}

static void act_save_config(View *view, const Input *input) {
    (void)input;
    take_config(view);
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
    else if (view->is_presenting)
        view_present(view);
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
    {GROUP_TIME, 0, {' '}, "Space", "pause, go on; looking back, play", act_pause},
    {GROUP_TIME, 0, {KEY_RIGHT}, "→", "one step; looking back, a moment", act_step},
    {GROUP_TIME, 0, {KEY_LEFT}, "←", "look back by a moment", act_step_back},
    {GROUP_LOOK,
     MODIFIER_CONTROL,
     {'+', '=', '-', '0'},
     "Ctrl + − 0",
     "larger, smaller, as at first",
     act_scale},
    {GROUP_TIME, 0, {'+', '=', '-'}, "+ −", "faster, slower", act_speed},
    {GROUP_TIME, 0, {KEY_END}, "End", "back to now", act_now},
    {GROUP_TIME, 0, {'l'}, "L", "looking back, again and again", act_loop},
    {GROUP_TIME, 0, {'b'}, "B", "bookmark, and take it away", act_bookmark},
    {GROUP_TIME, 0, {',', '.'}, ", .", "to the mark before, after", act_mark},
    {GROUP_TIME, 0, {'r'}, "R", "start again", act_reset},
    {GROUP_TIME, 0, {'n'}, "N", "start with another seed", act_seed},
    {GROUP_WORLD, 0, {'p'}, "P", "presets", act_presets},
    {GROUP_WORLD, 0, {'[', ']'}, "[ ]", "preset before, after", act_preset},
    {GROUP_WORLD, 0, {'k'}, "K", "compare two runs", act_compare},
    {GROUP_WORLD,
     MODIFIER_SHIFT,
     {KEY_PAGE_UP, KEY_PAGE_DOWN},
     "Shift PgUp PgDn",
     "another run beside it",
     act_compared},
    {GROUP_WORLD, 0, {KEY_PAGE_UP, KEY_PAGE_DOWN}, "PgUp PgDn", "another run", act_run},
    {GROUP_LOOK, 0, {'1'}, "1 – 8", "scene", act_scene},
    {GROUP_LOOK, 0, {'o'}, "O", "names, levels and bounds", act_overlays},
    {GROUP_LOOK, 0, {'x'}, "X", "another sample", act_sample},
    {GROUP_LOOK, 0, {'t'}, "T", "light, dark", act_theme},
    {GROUP_LOOK, 0, {KEY_UP, KEY_DOWN}, "↑ ↓", "scroll the controls", act_scroll},
    {GROUP_LOOK, 0, {KEY_TAB}, "Tab", "hide the controls", act_bare},
    {GROUP_LOOK, MODIFIER_SHIFT, {'f'}, "Shift F", "present: large, full screen", act_present},
    {GROUP_LOOK, 0, {'f', KEY_F11}, "F", "full screen", act_full},
    {GROUP_TAKE, 0, {'s'}, "S", "a picture; with Shift SVG and PDF", act_save},
    {GROUP_TAKE, 0, {'v'}, "V", "a film: begin, and end it", act_film},
    {GROUP_TAKE, 0, {'c'}, "C", "a config with all changes", act_save_config},
    {GROUP_REST, 0, {KEY_F1, '?', 'h'}, "F1", "these keys", act_help},
    {GROUP_REST, 0, {KEY_ESCAPE}, "Esc", "back, and select nothing", act_escape},
    {GROUP_REST, 0, {'q'}, "Q", "close", act_quit},
};
enum { N_ROWS = sizeof rows / sizeof *rows };

static bool is_of(const KeyRow *row, const Input *input) {
    if ((row->needs & input->modifiers) != row->needs)
        return false;
    if (row->act == act_scene)
        return input->key >= '1' && input->key <= '9';
    for (int i = 0; i < 4; i++)
        if (row->keys[i] == input->key)
            return input->key != KEY_NONE;
    return false;
}

bool keys_do(View *view, const Input *input) {
    for (int i = 0; i < N_ROWS; i++)
        if (is_of(&rows[i], input)) {
            rows[i].act(view, input);
            return true;
        }
    return false;
}

const KeyRow *keys_all(int *n) {
    *n = N_ROWS;
    return rows;
}

const char *keys_group_name(KeyGroup group) {
    return group_names[group];
}
