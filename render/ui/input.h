/* Input: what the user did, one event at a time, in our own words. The window makes them from the
 * system's events, tests make them by hand; nothing else knows where they come from.
 *
 * Places and sizes are logical pixels: those of the page as it is drawn, whatever the density of
 * the display and the scale of the interface. */
#ifndef SUPERPOSE_RENDER_UI_INPUT_H
#define SUPERPOSE_RENDER_UI_INPUT_H

#include <stdbool.h>

typedef enum InputKind {
    INPUT_MOVE,    /* the pointer is at x, y */
    INPUT_PRESS,   /* a button went down at x, y */
    INPUT_RELEASE, /* and up */
    INPUT_WHEEL,   /* turned at x, y */
    INPUT_LEAVE,   /* the pointer left the window */
    INPUT_KEY,     /* a key went down, or repeats */
    INPUT_RESIZE,  /* the page is now width x height, on an empty picture */
    INPUT_CLOSE    /* the user wants the window closed */
} InputKind;

/* A key is the character it stands for: 'a' … 'z' (never upper case: see MODIFIER_SHIFT), ' ', and
 * every other printable ASCII character as it was typed ('1', '+', '?', '['), wherever the keyboard
 * has it; with Control held, as its key cap has it. The rest have names. */
typedef enum Key {
    KEY_NONE,
    KEY_ESCAPE = 256,
    KEY_TAB,
    KEY_RETURN,
    KEY_LEFT,
    KEY_RIGHT,
    KEY_UP,
    KEY_DOWN,
    KEY_HOME,
    KEY_END,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN,
    KEY_F1,
    KEY_F11
} Key;

typedef enum Modifier { MODIFIER_SHIFT = 1, MODIFIER_CONTROL = 2, MODIFIER_ALT = 4 } Modifier;

typedef enum Button { BUTTON_LEFT = 1, BUTTON_MIDDLE, BUTTON_RIGHT } Button;

typedef struct Input {
    InputKind kind;
    double x, y;          /* of the pointer: move, press, release, wheel */
    int button;           /* press, release: a Button */
    int clicks;           /* press: 1 single, 2 double, … */
    double wheel;         /* notches, up > 0 */
    int key;              /* a Key, or a character */
    bool is_repeat;       /* key: held down */
    unsigned modifiers;   /* of Modifier: press, wheel, key */
    double width, height; /* resize … */
    double scale;         /* … and that of the page it is the size of; 0: the present one */
} Input;

/* The pointer's shape: what can be clicked, turned, moved to the left and right. */
typedef enum Cursor { CURSOR_ARROW, CURSOR_HAND, CURSOR_MOVE, CURSOR_SLIDE, N_CURSORS } Cursor;

#endif
