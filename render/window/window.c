/* The picture is an image in memory; showing it copies the part that changed into the window's own
 * surface. On X11 that is memory shared with the server: 0.4 ms for 1280 x 800, where a renderer
 * without a graphics processor behind it took 7 and a core that training needs. The image outlives
 * the surface: what the system loses is shown again from it. */
#include "render/window/window.h"

#include "render/window/display.h"
#include "sim/base/clock.h"

#define SDL_MAIN_HANDLED
#include <SDL.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double frame_time = 1.0 / 60;
/* How often it looks for inputs. SDL_WaitEvent would send the window a message from a connection of
 * its own for each of them; one that comes when the window is gone ends the program. Who waits long
 * has time. */
static const double glance_time = 0.004;
enum { SMALLEST_WIDTH = 480, SMALLEST_HEIGHT = 320 };

struct Window {
    SDL_Window *handle;
    SDL_Cursor *cursors[N_CURSORS];
    Cursor cursor;
    cairo_surface_t *image;
    double scale;      /* of the interface: points for a logical pixel */
    double density;    /* pixels for one */
    bool is_resized;   /* INPUT_RESIZE is due */
    bool is_drawn;     /* there is something in the image */
    bool is_repeat;    /* of the key that a text comes from */
    bool is_lost;      /* the display has gone */
    double next_frame; /* seconds */
};

/* ---- The picture --------------------------------------------------------------------------- */

/* An image as large as the window is now, in pixels; SDL counts the window in points, of which a
 * dense display has fewer. */
static bool fit(Window *window) {
    SDL_Surface *screen = SDL_GetWindowSurface(window->handle);
    if (!screen)
        return false;
    int points, height;
    SDL_GetWindowSize(window->handle, &points, &height);
    if (window->image)
        cairo_surface_destroy(window->image);
    window->image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, screen->w, screen->h);
    window->density = window->scale * (points > 0 ? (double)screen->w / points : 1);
    cairo_surface_set_device_scale(window->image, window->density, window->density);
    window->is_resized = true;
    window->is_drawn = false;
    return true;
}

cairo_surface_t *window_surface(Window *window) {
    return window->image;
}

/* The pixels that a logical rect touches, inside the image; all of them for NULL. */
static SDL_Rect pixels_of(const Window *window, const Rect *dirty) {
    int width = cairo_image_surface_get_width(window->image);
    int height = cairo_image_surface_get_height(window->image);
    if (!dirty)
        return (SDL_Rect){0, 0, width, height};
    double scale = window->density;
    int left = (int)fmax(0, floor(dirty->x * scale)), top = (int)fmax(0, floor(dirty->y * scale));
    int right = (int)fmin(width, ceil((dirty->x + dirty->width) * scale));
    int bottom = (int)fmin(height, ceil((dirty->y + dirty->height) * scale));
    return (SDL_Rect){left, top, right - left, bottom - top};
}

static bool show_once(Window *window, SDL_Rect part) {
    SDL_Surface *screen = SDL_GetWindowSurface(window->handle);
    SDL_Surface *image = SDL_CreateRGBSurfaceWithFormatFrom(
        cairo_image_surface_get_data(window->image), cairo_image_surface_get_width(window->image),
        cairo_image_surface_get_height(window->image), 32,
        cairo_image_surface_get_stride(window->image), SDL_PIXELFORMAT_RGB888);
    SDL_Rect place = part; /* SDL_BlitSurface cuts it to the screen */
    bool is_shown = screen && image && SDL_BlitSurface(image, &part, screen, &place) == 0 &&
                    SDL_UpdateWindowSurfaceRects(window->handle, &place, 1) == 0;
    SDL_FreeSurface(image);
    return is_shown;
}

/* The surface may be lost between two calls (a resize): the whole picture goes to the next one. */
static bool show(Window *window, const Rect *dirty) {
    SDL_Rect part = pixels_of(window, dirty);
    if (part.w <= 0 || part.h <= 0)
        return true;
    cairo_surface_flush(window->image);
    return show_once(window, part) || show_once(window, pixels_of(window, NULL));
}

static void wait_for_frame(Window *window) {
    double now = clock_wall();
    window->next_frame = fmax(window->next_frame + frame_time, now - frame_time);
    if (window->next_frame > now)
        SDL_Delay((Uint32)((window->next_frame - now) * 1e3));
}

bool window_is_lost(const Window *window) {
    return window->is_lost;
}

bool window_present(Window *window, const Rect *dirty, Error *error) {
    window->is_drawn = true;
    if (!show(window, dirty) && !window->is_lost)
        return error_set(error, "the window cannot be drawn any more: %s", SDL_GetError());
    wait_for_frame(window);
    return true;
}

/* ---- Inputs -------------------------------------------------------------------------------- */

static unsigned modifiers_of(int mod) {
    return (mod & KMOD_SHIFT ? MODIFIER_SHIFT : 0U) |
           (mod & (KMOD_CTRL | KMOD_GUI) ? MODIFIER_CONTROL : 0U) |
           (mod & KMOD_ALT ? MODIFIER_ALT : 0U);
}

static int named_key(SDL_Keycode code) {
    static const int keys[][2] = {
        {SDLK_ESCAPE, KEY_ESCAPE},   {SDLK_TAB, KEY_TAB},        {SDLK_RETURN, KEY_RETURN},
        {SDLK_KP_ENTER, KEY_RETURN}, {SDLK_LEFT, KEY_LEFT},      {SDLK_RIGHT, KEY_RIGHT},
        {SDLK_UP, KEY_UP},           {SDLK_DOWN, KEY_DOWN},      {SDLK_HOME, KEY_HOME},
        {SDLK_END, KEY_END},         {SDLK_PAGEUP, KEY_PAGE_UP}, {SDLK_PAGEDOWN, KEY_PAGE_DOWN},
        {SDLK_F1, KEY_F1},           {SDLK_F11, KEY_F11}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i][0] == code)
            return keys[i][1];
    return KEY_NONE;
}

static bool is_letter_or_space(int key) {
    return (key >= 'a' && key <= 'z') || key == ' ';
}

/* Letters by the key, in the place they have on a Latin keyboard where this one has others; other
 * characters come as text, unless Control holds the text back. */
static bool read_key(Window *window, const SDL_KeyboardEvent *event, Input *input) {
    SDL_Keysym key = event->keysym;
    int code = key.sym;
    if (code > 127 && key.scancode >= SDL_SCANCODE_A && key.scancode <= SDL_SCANCODE_Z)
        code = 'a' + (int)(key.scancode - SDL_SCANCODE_A);
    window->is_repeat = event->repeat != 0;
    unsigned modifiers = modifiers_of(key.mod);
    int named = named_key(key.sym);
    bool is_character = code > ' ' && code < 127 && modifiers & MODIFIER_CONTROL;
    if (!named && !is_character && !is_letter_or_space(code))
        return false;
    *input = (Input){.kind = INPUT_KEY,
                     .key = named ? named : code,
                     .modifiers = modifiers,
                     .is_repeat = window->is_repeat};
    return true;
}

/* X11 sends a text beside Control and a character that has no control code: + is no + then. */
static bool read_text(const Window *window, const char *text, Input *input) {
    int key = text[0] >= 'A' && text[0] <= 'Z' ? text[0] - 'A' + 'a' : text[0];
    if (SDL_GetModState() & (KMOD_CTRL | KMOD_GUI))
        return false;
    if (text[0] == 0 || text[1] != 0 || key <= ' ' || key >= 127 || is_letter_or_space(key))
        return false;
    *input = (Input){.kind = INPUT_KEY, .key = key, .is_repeat = window->is_repeat};
    return true;
}

static int button_of(int button) {
    return button == SDL_BUTTON_MIDDLE  ? BUTTON_MIDDLE
           : button == SDL_BUTTON_RIGHT ? BUTTON_RIGHT
                                        : BUTTON_LEFT;
}

static void read_button(const Window *window, const SDL_MouseButtonEvent *event, Input *input) {
    *input = (Input){.kind = event->type == SDL_MOUSEBUTTONDOWN ? INPUT_PRESS : INPUT_RELEASE,
                     .x = event->x / window->scale,
                     .y = event->y / window->scale,
                     .button = button_of(event->button),
                     .clicks = event->clicks,
                     .modifiers = modifiers_of(SDL_GetModState())};
}

static bool read_window_event(Window *window, const SDL_WindowEvent *event, Input *input) {
    if (event->event == SDL_WINDOWEVENT_LEAVE) {
        *input = (Input){.kind = INPUT_LEAVE};
        return true;
    }
    if (event->event == SDL_WINDOWEVENT_SIZE_CHANGED)
        fit(window);
    else if (event->event == SDL_WINDOWEVENT_EXPOSED && window->is_drawn)
        show(window, NULL);
    return false;
}

/* Whether the event is one of ours; the window's own affairs are settled on the way. */
static bool read_event(Window *window, const SDL_Event *event, Input *input) {
    switch (event->type) {
    case SDL_QUIT:
        *input = (Input){.kind = INPUT_CLOSE};
        return true;
    case SDL_WINDOWEVENT:
        return read_window_event(window, &event->window, input);
    case SDL_KEYDOWN:
        return read_key(window, &event->key, input);
    case SDL_TEXTINPUT:
        return read_text(window, event->text.text, input);
    case SDL_MOUSEMOTION:
        *input = (Input){.kind = INPUT_MOVE,
                         .x = event->motion.x / window->scale,
                         .y = event->motion.y / window->scale};
        return true;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        read_button(window, &event->button, input);
        return true;
    case SDL_MOUSEWHEEL:
        *input = (Input){.kind = INPUT_WHEEL,
                         .x = event->wheel.mouseX / window->scale,
                         .y = event->wheel.mouseY / window->scale,
                         .wheel = event->wheel.y,
                         .modifiers = modifiers_of(SDL_GetModState())};
        return event->wheel.y != 0;
    default:
        return false;
    }
}

bool window_next(Window *window, Input *input, double wait) {
    SDL_Event event;
    double end = clock_wall() + wait;
    while (!window->is_lost) {
        if (window->is_resized) {
            int width, height;
            SDL_GetWindowSize(window->handle, &width, &height);
            window->is_resized = false;
            *input = (Input){.kind = INPUT_RESIZE,
                             .width = width / window->scale,
                             .height = height / window->scale,
                             .scale = window->scale};
            return true;
        }
        if (SDL_PollEvent(&event)) {
            if (read_event(window, &event, input))
                return true;
            continue;
        }
        double left = end - clock_wall();
        if (left <= 0)
            return false;
        SDL_Delay((Uint32)ceil(1e3 * fmin(left, fmax(glance_time, wait / 8))));
    }
    return false;
}

/* ---- The window itself --------------------------------------------------------------------- */

static bool open_handle(Window *window, const char *title, double width, double height) {
    SDL_Rect screen;
    if (SDL_GetDisplayUsableBounds(0, &screen) == 0) {
        width = fmin(width, screen.w);
        height = fmin(height, screen.h);
    }
    window->handle =
        SDL_CreateWindow(title, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, (int)lround(width),
                         (int)lround(height), SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
    if (!window->handle)
        return false;
    SDL_SetWindowMinimumSize(window->handle, SMALLEST_WIDTH, SMALLEST_HEIGHT);
    return fit(window);
}

/* SDL names the drivers it tried, which helps nobody. */
static void fail_to_open(Error *error) {
    const char *display = getenv("DISPLAY");
    bool is_connected = SDL_WasInit(SDL_INIT_VIDEO);
    error_set(error, "view needs a display: %s%s; `superpose record` draws without one",
              is_connected ? SDL_GetError()
              : display    ? "none answers at DISPLAY="
                           : "DISPLAY is not set",
              is_connected || !display ? "" : display);
}

Window *window_open(const char *title, double width, double height, double scale, Error *error) {
    SDL_SetMainReady();
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
    Window *window = calloc(1, sizeof *window);
    if (!window)
        abort();
    window->scale = scale;
    /* Screens that people see, not the ones in memory that SDL would fall back to. */
    SDL_SetHint(SDL_HINT_VIDEODRIVER,
                getenv("WAYLAND_DISPLAY") ? "x11,wayland,cocoa" : "x11,cocoa");
    if (SDL_Init(SDL_INIT_VIDEO) != 0 ||
        !open_handle(window, title, width * scale, height * scale)) {
        fail_to_open(error);
        window_close(window);
        return NULL;
    }
    static const SDL_SystemCursor shapes[N_CURSORS] = {[CURSOR_ARROW] = SDL_SYSTEM_CURSOR_ARROW,
                                                       [CURSOR_HAND] = SDL_SYSTEM_CURSOR_HAND,
                                                       [CURSOR_MOVE] = SDL_SYSTEM_CURSOR_SIZEALL,
                                                       [CURSOR_SLIDE] = SDL_SYSTEM_CURSOR_SIZEWE};
    for (int i = 0; i < N_CURSORS; i++)
        window->cursors[i] = SDL_CreateSystemCursor(shapes[i]);
    SDL_StartTextInput();
    display_watch(window->handle, &window->is_lost);
    return window;
}

void window_set_scale(Window *window, double scale) {
    if (scale == window->scale)
        return;
    window->scale = scale;
    fit(window);
}

void window_set_title(Window *window, const char *title) {
    SDL_SetWindowTitle(window->handle, title);
}

void window_set_full_screen(Window *window, bool is_full) {
    SDL_SetWindowFullscreen(window->handle, is_full ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0);
}

void window_set_cursor(Window *window, Cursor cursor) {
    if (cursor != window->cursor && window->cursors[cursor])
        SDL_SetCursor(window->cursors[cursor]);
    window->cursor = cursor;
}

void window_close(Window *window) {
    if (!window)
        return;
    for (int i = 0; i < N_CURSORS; i++)
        SDL_FreeCursor(window->cursors[i]);
    if (window->image)
        cairo_surface_destroy(window->image);
    if (window->is_lost) /* there is nobody to tell, and it still points here */
        return;
    if (window->handle)
        SDL_DestroyWindow(window->handle);
    free(window);
    SDL_Quit();
}
