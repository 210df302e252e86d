/* Widgets as pictures: how a slider, a button, a row of a list look in each state. Nothing here
 * remembers or reacts; render/ui/ui.h does. All texts are markup; sizes follow the style's type.
 */
#ifndef SUPERPOSE_RENDER_DRAW_WIDGET_H
#define SUPERPOSE_RENDER_DRAW_WIDGET_H

#include "render/draw/canvas.h"
#include "render/draw/icon.h"

/* States add up. */
typedef enum WidgetState {
    WIDGET_HOT = 1,      /* the pointer is over it */
    WIDGET_HELD = 2,     /* and holds it down */
    WIDGET_FOCUSED = 4,  /* takes the arrow keys */
    WIDGET_DISABLED = 8, /* shows, does not act */
    WIDGET_ON = 16,      /* switched on, chosen */
    WIDGET_PRIMARY = 32  /* what most people want next */
} WidgetState;

typedef struct SliderLook {
    const char *label, *value;
    double place;        /* of the knob: 0 left … 1 right */
    const double *ticks; /* [n_ticks] places; may be NULL */
    int n_ticks;
} SliderLook;

/** The colour of what is on, chosen or in hand; contrast >= 4.5 with the background. */
Color widget_accent(const Style *style);

/** The height of a line of text above a track. */
double widget_slider_height(const Style *style);

/** The knob's diameter. */
double widget_knob_size(const Style *style);

/** Where the middle of a slider's knob moves: from the left end of this rect to its right end. */
Rect widget_slider_track(const Style *style, Rect slider);

/** A slider: label and value above the track; the value is set in figures of one width. */
void widget_slider(cairo_t *cairo, const Style *style, Rect rect, const SliderLook *look,
                   unsigned state);

/** A button with words; `label` is shortened where it does not fit. */
void widget_button(cairo_t *cairo, const Style *style, Rect rect, const char *label,
                   unsigned state);

/** A button with an icon; WIDGET_ON tints its ground. */
void widget_icon(cairo_t *cairo, const Style *style, Rect rect, Icon icon, unsigned state);

/** A switch at the right end of the rect, its label at the left. */
void widget_toggle(cairo_t *cairo, const Style *style, Rect rect, const char *label,
                   unsigned state);

/** One of a row of tabs; the chosen one is WIDGET_ON. */
void widget_tab(cairo_t *cairo, const Style *style, Rect rect, const char *label, unsigned state);

/** A row of a list: a title, and under it, where it is not NULL, a lesson in small type, in as many
 * lines as the row is high for. */
void widget_row(cairo_t *cairo, const Style *style, Rect rect, const char *title,
                const char *lesson, unsigned state);

/** What a row must be higher so that its lesson is read whole (three lines at most). */
double widget_row_more(const Style *style, double width, const char *lesson);

/** A scroll bar's thumb over `rect`: the part from `from` to `to` (of 1) of the list is seen. */
void widget_scroll_bar(cairo_t *cairo, const Style *style, Rect rect, double from, double to,
                       unsigned state);

/** The ground of a group of controls. */
void widget_card(cairo_t *cairo, const Style *style, Rect rect);

/** The edge of a card behind which there is more: what lies there fades, downwards or upwards. */
void widget_fade(cairo_t *cairo, const Style *style, Rect rect, bool is_down);

/** An explanation of what lies in `around`: below it or, where that is out of `bounds`, above it,
 * from its right end on as far as `bounds` allow. Long ones go on below, as after \n. */
void widget_tip(cairo_t *cairo, const Style *style, Rect bounds, Rect around, const char *markup);

/** What a pointer there covers: `around` of what is told about a point. */
Rect widget_pointer(double x, double y);

/** A key's cap with its name on it, left end at x, text's baseline at y; returns its width. */
double widget_key(cairo_t *cairo, const Style *style, double x, double y, const char *name);

#endif
