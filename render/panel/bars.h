/* Bars panel: numbers side by side as bars from a common zero line; several in a column lie on each
 * other where their caller stacks them. */
#ifndef SUPERPOSE_RENDER_PANEL_BARS_H
#define SUPERPOSE_RENDER_PANEL_BARS_H

#include "render/draw/canvas.h"

typedef enum BarLook {
    BAR_SOLID,
    BAR_HOLLOW, /* an outline: what should be */
    BAR_TICK    /* a line across the column at `to` */
} BarLook;

typedef struct Bar {
    int column;
    double from, to; /* values at its ends */
    Color color;
    BarLook look;
    double left, right; /* in the column, of its width: 0 … 1 */
} Bar;

typedef struct BarsPanel {
    const char *label; /* markup, above */
    int n_columns;
    const char *const *names; /* [n_columns] markup, under the columns; NULL: none. Where they are
                                 too close, some are left out */
    const Bar *bars;          /* [n_bars], the later over the earlier */
    int n_bars;
    double low, high;   /* values at bottom and top: low <= 0 <= high, low < high */
    double left, pitch; /* room for numbers on the left; width of a column */
    int selected;       /* column with a ground of its own; -1: none */
} BarsPanel;

/** Sets low and high so that all bars and 0 lie inside, a little apart from the edges. */
void bars_panel_cover(BarsPanel *panel);

/** Room above and below the plot. */
double bars_panel_head(const BarsPanel *panel);
double bars_panel_foot(const BarsPanel *panel);

/** Draws it. */
void bars_panel_draw(cairo_t *cairo, Rect rect, const BarsPanel *panel, const Style *style);

/** The column at x, y, -1: none; *bar becomes the solid bar there, or -1. */
int bars_panel_at(Rect rect, const BarsPanel *panel, double x, double y, int *bar);

#endif
