/* What the window makes of the system's events, on SDL's driver without a screen; and what of its
 * picture arrives on the surface that would be shown. */
#include "render/window/window.h"

#include <SDL.h>
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static Window *open_dummy(double scale) {
    Error error = {0};
    setenv("SDL_VIDEODRIVER", "dummy", 1);
    Window *window = window_open("superpose: test", 640, 400, scale, &error);
    cr_assert_not_null(window, "%s", error.text);
    return window;
}

static SDL_Window *handle(void) {
    SDL_Window *found = NULL;
    for (Uint32 id = 1; id < 100 && !found; id++)
        found = SDL_GetWindowFromID(id);
    return found;
}

/* SDL ends a poll at what was pushed after the poll before began: the second time it is there. */
static Input next(Window *window) {
    Input input = {0};
    cr_assert(window_next(window, &input, 0) || window_next(window, &input, 0));
    return input;
}

static bool is_silent(Window *window) {
    Input input;
    return !window_next(window, &input, 0) && !window_next(window, &input, 0);
}

static void drain(Window *window) {
    while (!is_silent(window))
        continue;
}

static void push_key(SDL_Keycode code, SDL_Scancode scancode, int mod, int repeat) {
    SDL_Event event = {.key = {.type = SDL_KEYDOWN, .repeat = (Uint8)repeat}};
    event.key.keysym = (SDL_Keysym){.sym = code, .scancode = scancode, .mod = (Uint16)mod};
    SDL_PushEvent(&event);
}

static void push_text(const char *text) {
    SDL_Event event = {.text = {.type = SDL_TEXTINPUT}};
    snprintf(event.text.text, sizeof event.text.text, "%s", text);
    SDL_PushEvent(&event);
}

Test(window, first_input_is_its_size) {
    Window *window = open_dummy(1);
    Input input = next(window);
    cr_assert_eq(input.kind, INPUT_RESIZE);
    cr_assert_eq(input.width, 640);
    cr_assert_eq(input.height, 400);
    window_close(window);
}

Test(window, keys_that_have_names_and_letters) {
    static const struct {
        SDL_Keycode code;
        SDL_Scancode scancode;
        int mod, repeat, key;
        unsigned modifiers;
    } rows[] = {{SDLK_a, SDL_SCANCODE_A, 0, 0, 'a', 0},
                {SDLK_q, SDL_SCANCODE_A, KMOD_LSHIFT, 0, 'q', MODIFIER_SHIFT},
                {0x444, SDL_SCANCODE_A, 0, 0, 'a', 0}, /* Cyrillic ef, where Latin has a */
                {SDLK_SPACE, SDL_SCANCODE_SPACE, 0, 1, ' ', 0},
                {SDLK_ESCAPE, SDL_SCANCODE_ESCAPE, 0, 0, KEY_ESCAPE, 0},
                {SDLK_TAB, SDL_SCANCODE_TAB, 0, 0, KEY_TAB, 0},
                {SDLK_RETURN, SDL_SCANCODE_RETURN, 0, 0, KEY_RETURN, 0},
                {SDLK_KP_ENTER, SDL_SCANCODE_KP_ENTER, 0, 0, KEY_RETURN, 0},
                {SDLK_LEFT, SDL_SCANCODE_LEFT, 0, 1, KEY_LEFT, 0},
                {SDLK_RIGHT, SDL_SCANCODE_RIGHT, KMOD_RSHIFT, 0, KEY_RIGHT, MODIFIER_SHIFT},
                {SDLK_UP, SDL_SCANCODE_UP, KMOD_LALT, 0, KEY_UP, MODIFIER_ALT},
                {SDLK_DOWN, SDL_SCANCODE_DOWN, 0, 0, KEY_DOWN, 0},
                {SDLK_HOME, SDL_SCANCODE_HOME, 0, 0, KEY_HOME, 0},
                {SDLK_END, SDL_SCANCODE_END, 0, 0, KEY_END, 0},
                {SDLK_PAGEUP, SDL_SCANCODE_PAGEUP, 0, 0, KEY_PAGE_UP, 0},
                {SDLK_PAGEDOWN, SDL_SCANCODE_PAGEDOWN, 0, 0, KEY_PAGE_DOWN, 0},
                {SDLK_F1, SDL_SCANCODE_F1, 0, 0, KEY_F1, 0},
                {SDLK_F11, SDL_SCANCODE_F11, 0, 0, KEY_F11, 0},
                {SDLK_s, SDL_SCANCODE_S, KMOD_LCTRL, 0, 's', MODIFIER_CONTROL},
                {SDLK_s, SDL_SCANCODE_S, KMOD_LGUI, 0, 's', MODIFIER_CONTROL},
                {SDLK_MINUS, SDL_SCANCODE_MINUS, KMOD_LCTRL, 0, '-', MODIFIER_CONTROL}};
    Window *window = open_dummy(1);
    drain(window);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        push_key(rows[i].code, rows[i].scancode, rows[i].mod, rows[i].repeat);
        Input input = next(window);
        cr_assert_eq(input.kind, INPUT_KEY);
        cr_assert_eq(input.key, rows[i].key, "row %zu", i);
        cr_assert_eq(input.modifiers, rows[i].modifiers, "row %zu", i);
        cr_assert_eq(input.is_repeat, rows[i].repeat == 1, "row %zu", i);
    }
    window_close(window);
}

/* '+' is Shift and '=' on one keyboard and a key of its own on another: the text says which. */
Test(window, other_characters_come_as_typed_and_once) {
    Window *window = open_dummy(1);
    drain(window);
    push_key(SDLK_EQUALS, SDL_SCANCODE_EQUALS, KMOD_LSHIFT, 0);
    cr_assert(is_silent(window));
    push_text("+");
    Input input = next(window);
    cr_assert_eq(input.key, '+');
    cr_assert_eq(input.modifiers, 0);
    static const char *const typed[] = {"-", "?", "[", "]", "1", "8"};
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        push_text(typed[i]);
        input = next(window);
        cr_assert_eq(input.key, typed[i][0]);
    }
    static const char *const silent[] = {"a", "A", " ", "\xc3\xa4", "ab", ""};
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++) {
        push_text(silent[i]);
        cr_assert(is_silent(window), "%s", silent[i]);
    }
    push_key(SDLK_PLUS, SDL_SCANCODE_EQUALS, 0, 1);
    push_text("+");
    input = next(window);
    cr_assert(input.is_repeat);
    push_key(SDLK_LSHIFT, SDL_SCANCODE_LSHIFT, KMOD_LSHIFT, 0);
    cr_assert(is_silent(window));
    SDL_SetModState(KMOD_LCTRL); /* X11 sends the text beside Control and its key */
    push_text("+");
    cr_assert(is_silent(window));
    SDL_SetModState(KMOD_NONE);
    window_close(window);
}

/* At twice the scale a logical pixel is two of the window's. */
Test(window, places_are_logical) {
    Window *window = open_dummy(2);
    int width, height;
    SDL_GetWindowSize(handle(), &width, &height);
    Input input = next(window);
    cr_assert_eq(input.width, width / 2.0);
    cr_assert_eq(input.height, height / 2.0);
    drain(window);
    SDL_PushEvent(&(SDL_Event){.motion = {.type = SDL_MOUSEMOTION, .x = 301, .y = 44}});
    SDL_PushEvent(&(SDL_Event){.button = {.type = SDL_MOUSEBUTTONDOWN,
                                          .button = SDL_BUTTON_RIGHT,
                                          .clicks = 2,
                                          .x = 10,
                                          .y = 21}});
    SDL_PushEvent(&(SDL_Event){.button = {.type = SDL_MOUSEBUTTONUP, .button = 1, .x = 8}});
    SDL_PushEvent(
        &(SDL_Event){.wheel = {.type = SDL_MOUSEWHEEL, .y = -3, .mouseX = 100, .mouseY = 60}});
    input = next(window);
    cr_assert_eq(input.kind, INPUT_MOVE);
    cr_assert_eq(input.x, 150.5);
    cr_assert_eq(input.y, 22);
    input = next(window);
    cr_assert_eq(input.kind, INPUT_PRESS);
    cr_assert_eq(input.button, BUTTON_RIGHT);
    cr_assert_eq(input.clicks, 2);
    cr_assert_eq(input.y, 10.5);
    input = next(window);
    cr_assert_eq(input.kind, INPUT_RELEASE);
    cr_assert_eq(input.button, BUTTON_LEFT);
    cr_assert_eq(input.x, 4);
    input = next(window);
    cr_assert_eq(input.kind, INPUT_WHEEL);
    cr_assert_eq(input.wheel, -3);
    cr_assert_eq(input.x, 50);
    window_close(window);
}

Test(window, leave_close_and_what_is_none_of_ours) {
    Window *window = open_dummy(1);
    drain(window);
    SDL_PushEvent(
        &(SDL_Event){.window = {.type = SDL_WINDOWEVENT, .event = SDL_WINDOWEVENT_LEAVE}});
    Input input = next(window);
    cr_assert_eq(input.kind, INPUT_LEAVE);
    SDL_PushEvent(&(SDL_Event){.type = SDL_QUIT});
    input = next(window);
    cr_assert_eq(input.kind, INPUT_CLOSE);
    SDL_PushEvent(&(SDL_Event){.type = SDL_CLIPBOARDUPDATE});
    cr_assert(is_silent(window));
    window_close(window);
}

Test(window, resize_and_scale_give_another_picture) {
    Window *window = open_dummy(1);
    drain(window);
    SDL_SetWindowSize(handle(), 800, 500);
    Input input = next(window);
    cr_assert_eq(input.kind, INPUT_RESIZE);
    cr_assert_eq(input.width, 800);
    cr_assert_eq(input.height, 500);
    cr_assert_eq(cairo_image_surface_get_width(window_surface(window)), 800);
    drain(window);
    window_set_scale(window, 1.25);
    input = next(window);
    cr_assert_eq(input.kind, INPUT_RESIZE);
    cr_assert_eq(input.width, 640);
    cr_assert_eq(input.height, 400);
    double scale, same;
    cairo_surface_get_device_scale(window_surface(window), &scale, &same);
    cr_assert_eq(scale, 1.25);
    cr_assert_eq(cairo_image_surface_get_width(window_surface(window)), 800);
    window_set_scale(window, 1.25);
    cr_assert(is_silent(window));
    window_close(window);
}

static Uint32 shown_at(int x, int y) {
    SDL_Surface *screen = SDL_GetWindowSurface(handle());
    const Uint8 *row = (const Uint8 *)screen->pixels + (ptrdiff_t)y * screen->pitch;
    Uint32 pixel;
    memcpy(&pixel, row + (ptrdiff_t)x * 4, sizeof pixel);
    return pixel & 0xffffff;
}

static void fill(Window *window, double red, double green, double blue) {
    cairo_t *cairo = cairo_create(window_surface(window));
    cairo_set_source_rgb(cairo, red, green, blue);
    cairo_paint(cairo);
    cairo_destroy(cairo);
}

Test(window, presents_the_dirty_part_of_the_picture) {
    Window *window = open_dummy(2);
    drain(window);
    Error error = {0};
    fill(window, 1, 0, 0);
    cr_assert(window_present(window, NULL, &error), "%s", error.text);
    cr_assert_eq(shown_at(0, 0), 0xff0000);
    cr_assert_eq(shown_at(600, 300), 0xff0000);
    fill(window, 0, 0, 1);
    cr_assert(window_present(window, &(Rect){10, 20, 30, 40}, &error));
    cr_assert_eq(shown_at(20, 40), 0x0000ff);
    cr_assert_eq(shown_at(79, 119), 0x0000ff);
    cr_assert_eq(shown_at(19, 40), 0xff0000);
    cr_assert_eq(shown_at(80, 119), 0xff0000);
    cr_assert_eq(shown_at(79, 120), 0xff0000);
    cr_assert(window_present(window, &(Rect){-50, -50, 1e6, 60}, &error));
    cr_assert_eq(shown_at(600, 19), 0x0000ff);
    cr_assert_eq(shown_at(600, 20), 0xff0000);
    cr_assert(window_present(window, &(Rect){5000, 0, 10, 10}, &error));
    window_close(window);
}

/* Uncovered: the system shows nothing by itself, the picture is still ours. */
Test(window, shows_the_picture_again_when_it_is_uncovered) {
    Window *window = open_dummy(1);
    drain(window);
    Error error = {0};
    fill(window, 0, 1, 0);
    cr_assert(window_present(window, NULL, &error));
    SDL_Surface *screen = SDL_GetWindowSurface(handle());
    SDL_FillRect(screen, NULL, 0);
    SDL_PushEvent(
        &(SDL_Event){.window = {.type = SDL_WINDOWEVENT, .event = SDL_WINDOWEVENT_EXPOSED}});
    cr_assert(is_silent(window));
    cr_assert_eq(shown_at(100, 100), 0x00ff00);
    window_close(window);
}

/* 30 frames at 60 Hz are half a second; a busy machine is slower, never faster. */
Test(window, frames_come_sixty_times_a_second) {
    Window *window = open_dummy(1);
    Error error = {0};
    Uint64 start = SDL_GetTicks64();
    for (int i = 0; i < 32; i++)
        window_present(window, NULL, &error);
    cr_assert_geq((int)(SDL_GetTicks64() - start), 480);
    start = SDL_GetTicks64();
    Input input;
    drain(window);
    cr_assert_not(window_next(window, &input, 0.05));
    cr_assert_geq((int)(SDL_GetTicks64() - start), 49);
    window_close(window);
}

Test(window, without_a_display_one_sentence) {
    Error error = {0};
    unsetenv("SDL_VIDEODRIVER");
    unsetenv("WAYLAND_DISPLAY");
    setenv("DISPLAY", ":no-such", 1);
    cr_assert_null(window_open("superpose", 640, 400, 1, &error));
    cr_assert_str_eq(
        error.text,
        "view needs a display: none answers at DISPLAY=:no-such; `superpose record` draws "
        "without one");
    unsetenv("DISPLAY");
    cr_assert_null(window_open("superpose", 640, 400, 1, &error));
    cr_assert_str_eq(
        error.text,
        "view needs a display: DISPLAY is not set; `superpose record` draws without one");
}
