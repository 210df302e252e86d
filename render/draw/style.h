/* Style: one look for every picture, in a light and a dark theme: colours by their role, the type
 * scale, the widths of lines. Lengths are in pixels of a picture at scale 1. */
#ifndef SUPERPOSE_RENDER_DRAW_STYLE_H
#define SUPERPOSE_RENDER_DRAW_STYLE_H

#include "render/draw/color.h"

#include <stdbool.h>

typedef enum Theme { THEME_LIGHT, THEME_DARK } Theme;

/* Steps of the type scale. */
typedef enum TextRole { TEXT_TITLE, TEXT_HEADING, TEXT_BODY, TEXT_SMALL, N_TEXT_ROLES } TextRole;

typedef struct Font {
    double size;  /* of the em */
    bool is_bold; /* semi-bold */
} Font;

typedef struct Style {
    Theme theme;
    Color background;
    Color ink;          /* text, and what matters */
    Color muted;        /* secondary text; contrast >= 4.5 */
    Color faint;        /* circles, axes, ticks: seen, not read */
    Color wash;         /* areas behind the marks */
    Color held, broken; /* a claim's mark; its shape says the same */
    Color recording;    /* the red dot */
    Font fonts[N_TEXT_ROLES];
    double hairline, line, arrow; /* widths of strokes */
    double margin;                /* around a picture */
} Style;

/** The theme's style; it lives for ever. */
const Style *style_of(Theme theme);

/** A mark's colour by its weight in [0, 1]: 1 stands out most from the background (dark on light,
 * light on dark), and 0 still has a contrast of 3. */
Color style_weight(const Style *style, double weight);

/** The colour of one of several things without an order: blue, orange-red, green, purple … (Okabe
 * and Ito's, told apart by colour-blind eyes), each with a contrast of 3 at least; `index` wraps at
 * N_CATEGORIES. */
enum { N_CATEGORIES = 7 };
Color style_category(const Style *style, int index);

/** A colour mixed with the background: share 1 is the colour, 0 the background. Marks that lie on
 * each other stay legible, and files need no transparency. */
Color style_tint(const Style *style, Color color, double share);

/** A mark's colour where another one is selected: paler, and still seen. */
Color style_unselected(const Style *style, Color color);

/** A signed value in [-1, 1]: blue below 0, the background's lightness at 0, orange above. */
Color style_signed(const Style *style, double value);

#endif
