/* Xlib ends a program whose display has gone, with a sentence of its own, unless it is given other
 * handlers. They are looked up when the program runs, as SDL finds Xlib itself. */
#include "render/window/display.h"

#include <SDL_loadso.h>
#include <SDL_syswm.h>
#include <string.h>

#ifdef SDL_VIDEO_DRIVER_X11

/* XSetIOErrorHandler: in place of Xlib's sentence. */
static int say_nothing(Display *display) {
    (void)display;
    return 0;
}

/* XSetIOErrorExitHandler: in place of the program's end. */
static void note_loss(Display *display, void *is_lost) {
    (void)display;
    *(bool *)is_lost = true;
}

void display_watch(struct SDL_Window *window, bool *is_lost) {
    void (*set_exit)(Display *, void (*)(Display *, void *), void *);
    int (*(*set_words)(int (*)(Display *)))(Display *);
    SDL_SysWMinfo info;
    SDL_VERSION(&info.version);
    if (!SDL_GetWindowWMInfo(window, &info) || info.subsystem != SDL_SYSWM_X11)
        return;
    void *xlib = SDL_LoadObject("libX11.so.6");
    void *exits = xlib ? SDL_LoadFunction(xlib, "XSetIOErrorExitHandler") : NULL;
    void *words = xlib ? SDL_LoadFunction(xlib, "XSetIOErrorHandler") : NULL;
    if (!exits || !words)
        return;
    memcpy(&set_exit, &exits, sizeof exits); /* ISO C has no cast from data to functions */
    memcpy(&set_words, &words, sizeof words);
    set_exit(info.info.x11.display, note_loss, is_lost);
    set_words(say_nothing);
}

#else

void display_watch(struct SDL_Window *window, bool *is_lost) {
    (void)window;
    (void)is_lost;
}

#endif
