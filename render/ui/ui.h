/* Ui: widgets in immediate mode. A frame calls ui_begin, then one function a widget (the same call
 * lays it out, draws it and says what the user did to it), then ui_end. What a widget shows is its
 * caller's; the Ui remembers only the pointer, what is under it, in hand and in focus.
 *
 * An input goes to what the user saw: ui_input looks up the widget in the frame drawn last (the
 * topmost where several overlap), keeps the input for its call in the next frame, and says whether
 * there was one. What a press begins, the same widget gets until the release. Focus (arrow keys)
 * comes by a press on a widget that wants them, and goes by a press elsewhere or Escape.
 *
 * A widget's id is any number > 0 of its own that stays the same from frame to frame. */
#ifndef SUPERPOSE_RENDER_UI_UI_H
#define SUPERPOSE_RENDER_UI_UI_H

#include "render/draw/widget.h"
#include "render/ui/input.h"
#include "sim/base/arena.h"

enum { UI_MAX_INPUTS = 64, UI_MAX_WIDGETS = 512 };

/* What a widget wants beside the pointer. Whoever wants arrows can have the focus. */
typedef enum UiWants {
    UI_WANTS_WHEEL = 1,
    UI_WANTS_ARROWS = 2,
    UI_WANTS_RETURN = 4,
    UI_WANTS_PAGES = 8 /* Page Up and Down, Home, End */
} UiWants;

/* A widget as it was drawn. */
typedef struct UiPlace {
    int id;
    Rect rect; /* as much of it as is seen */
    unsigned wants;
    Cursor cursor;
    int scroller; /* behind it, that takes the wheel; 0: none */
} UiPlace;

/* An input on its way to a widget. */
typedef struct UiInput {
    Input input;
    int id;
    double moved_x, moved_y; /* by a drag, since the input before it */
    bool is_click;           /* of a release: the pointer stayed where it was pressed */
} UiInput;

/* {0} is ready for use. */
typedef struct Ui {
    cairo_t *cairo;
    const Style *style;
    Arena arena; /* of this frame */
    Rect page;
    double now;               /* seconds */
    double x, y;              /* the pointer */
    bool is_inside;           /* it is in the window */
    int hot, held, focused;   /* ids; 0: none */
    int button;               /* that holds */
    double press_x, press_y;  /* where */
    unsigned press_modifiers; /* then */
    bool is_dragged;          /* moved away from there */
    double grip;              /* what a widget keeps while it is held */
    int tip_hot;              /* id under the pointer since tip_since */
    double tip_since;         /* seconds; infinite: pressed, needs no explanation any more */
    const char *tip;          /* markup to draw in this frame; NULL: none */
    Rect tip_around;          /* what it explains */
    bool is_waiting;          /* a tip is about to appear */
    bool is_in_scroller;      /* widgets are drawn in one, … */
    Rect window;              /* … behind which they are seen … */
    int first_in_scroller;    /* … since this one of `drawn` */
    UiPlace seen[UI_MAX_WIDGETS], drawn[UI_MAX_WIDGETS]; /* in the last frame, in this one */
    int n_seen, n_drawn;
    UiInput inputs[UI_MAX_INPUTS]; /* for the next frame */
    int n_inputs;
} Ui;

/** Takes an input for the next frame; returns whether a widget wants it. Others (keys, presses on
 * bare ground) are for the caller. */
bool ui_input(Ui *ui, const Input *input);

/** Begins a frame on the page; `now` is in seconds of any clock. */
void ui_begin(Ui *ui, cairo_t *cairo, const Style *style, Rect page, double now);

/** Draws the tip; lets go what is in hand or in focus and was not drawn in this frame. */
void ui_end(Ui *ui);

/** Frees it; empty again. */
void ui_release(Ui *ui);

/** The pointer's shape over what is under it. */
Cursor ui_cursor(const Ui *ui);

/* What the user did to a part of the page since the last frame. */
typedef struct UiRegion {
    bool is_hot;             /* the pointer is over it, and nothing else has it */
    bool is_pressed;         /* a button went down */
    bool is_double;          /* for the second time in short order */
    bool is_held;            /* and is still down */
    bool is_dragged;         /* the pointer moved while it was down */
    bool is_released;        /* it went up */
    bool is_clicked;         /* it went up where it went down */
    int button;              /* of all these: a Button */
    unsigned modifiers;      /* of the last press, wheel or key */
    double x, y;             /* the pointer */
    double from_x, from_y;   /* where it was pressed */
    double moved_x, moved_y; /* by the drag, since the last frame */
    double wheel;            /* notches, up > 0 */
    int right, up;           /* arrow keys, ten for one with Shift */
    int pages, ends;         /* Page Up > 0, Down < 0; Home > 0, End < 0 */
    bool is_confirmed;       /* by Return */
} UiRegion;

/** A part of the page that reacts and draws nothing: a scene, a timeline, the ground of all that
 * follows. `wants` is a sum of UiWants. */
UiRegion ui_region(Ui *ui, int id, Rect rect, unsigned wants, Cursor cursor);

/** Another shape of the pointer over the region drawn last. */
void ui_point(Ui *ui, Cursor cursor);

/** Gives the arrow keys to a widget that this frame, or the next, draws. */
void ui_focus(Ui *ui, int id);

/** How the region looks: HOT, HELD, FOCUSED. */
unsigned ui_state(const Ui *ui, int id);

/** Explains the widget drawn last to who rests on it for half a second; a part of it alone. */
void ui_tip(Ui *ui, const char *markup);
void ui_tip_part(Ui *ui, Rect part, const char *markup);

/** Buttons: true when clicked. `look` is a sum of WIDGET_DISABLED, WIDGET_ON, WIDGET_PRIMARY. */
bool ui_button(Ui *ui, int id, Rect rect, const char *label, unsigned look);
bool ui_icon(Ui *ui, int id, Rect rect, Icon icon, unsigned look);

/** A switch; returns whether it was turned. */
bool ui_toggle(Ui *ui, int id, Rect rect, const char *label, unsigned look, bool *is_on);

typedef struct UiTab {
    const char *label;
    const char *tip; /* NULL: the label, where that is cut */
    bool is_off;     /* cannot be chosen */
} UiTab;

/** Tabs [n], all texts markup, each as wide as its label needs, or less where the rect is narrow.
 * Returns whether another one was chosen. */
enum { UI_MAX_TABS = 16 };
bool ui_tabs(Ui *ui, int id, Rect rect, const UiTab *tabs, int n, int *chosen);

/* What is behind a window that scrolls, as its caller keeps it. */
typedef struct UiScroll {
    double top;    /* how much of it is above the window */
    double height; /* of all of it, as the last frame has found */
} UiScroll;

/** Lets the widgets until ui_scroll_end scroll behind the rect, by the wheel and a bar along its
 * right edge, which takes UI_SCROLL_BAR of its width; returns the y at which they begin. Under it,
 * the wheel turns a slider only when that has the focus. Needs the ids `id` and `id` + 1. */
enum { UI_SCROLL_BAR = 12 };
double ui_scroll_begin(Ui *ui, int id, Rect rect, UiScroll *scroll);

/** `bottom`: where they end. Shows where there is more. */
void ui_scroll_end(Ui *ui, int id, UiScroll *scroll, double bottom);

typedef struct UiSlider {
    const char *label;   /* markup */
    double from, to;     /* values at its ends; from > to turns it round */
    bool is_log;         /* both > 0 */
    double step;         /* values are its multiples (counted from `from` where linear); 0: any */
    double initial;      /* a double click returns to it */
    const double *ticks; /* [n_ticks] values */
    int n_ticks;
    bool is_disabled;
    const char *(*print)(Arena *arena, double value); /* markup; NULL: three digits */
} UiSlider;

typedef struct UiSlide {
    bool is_changed; /* *value is another one now */
    bool is_held;    /* the knob is in hand: more may come */
} UiSlide;

/** A slider: by dragging, by the wheel (a fiftieth of the way a notch), by arrow keys (a
 * hundredth), and at least by a step. A value outside of its range is shown at the end, and kept
 * until the user moves it. */
UiSlide ui_slider(Ui *ui, int id, Rect rect, const UiSlider *slider, double *value);

typedef struct UiRow {
    const char *title, *lesson; /* markup; lesson may be NULL */
} UiRow;

typedef struct UiList {
    const UiRow *rows; /* [n] */
    int n;
    double row_height; /* at least 24; a lesson of more than a line has more */
    int chosen;        /* shown as the present one; -1: none */
} UiList;

/** A list that scrolls by the wheel, its bar, and keys (arrows, pages, Home, End), which move
 * *marked
 * (-1: none); *scroll is the height above the first row in sight. Returns the row that was clicked
 * or confirmed, or -1. */
int ui_list(Ui *ui, int id, Rect rect, const UiList *list, int *marked, double *scroll);

/** The height of all its rows, in a rect of this width. */
double ui_list_height(Ui *ui, double width, const UiList *list);

/** Scrolls just as far as brings the row into sight. */
void ui_list_show(Ui *ui, Rect rect, const UiList *list, int row, double *scroll);

#endif
