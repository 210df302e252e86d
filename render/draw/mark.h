/* Marks: the small shapes of points, told apart by shape as well as by colour, and a legend that
 * says what they stand for. */
#ifndef SUPERPOSE_RENDER_DRAW_MARK_H
#define SUPERPOSE_RENDER_DRAW_MARK_H

#include "render/draw/canvas.h"

typedef enum Mark {
    MARK_NONE,
    MARK_DISC,
    MARK_SQUARE,
    MARK_DIAMOND,
    MARK_TRIANGLE,
    MARK_RING,
    MARK_CROSS,
    MARK_DOT, /* a disc that costs an SVG a tenth of one, for thousands of them */
    N_MARKS
} Mark;

/** Adds the mark of this size (the diameter) to the path: many of one colour are one path. */
void mark_path(cairo_t *cairo, Mark mark, double x, double y, double size);

/** Paints the marks of the path, all of the size last given: rings, crosses and dots are stroked,
 * the others filled. */
void mark_paint(cairo_t *cairo, const Style *style, Mark mark, Color color);

/* What a legend says of one series. */
typedef struct LegendEntry {
    const char *name; /* markup */
    Color color;
    Mark mark;
    bool has_line, is_dashed;
} LegendEntry;

/** Draws the entries in a row from x, its texts' baseline at y, on further rows below where they
 * reach past x + width; returns the height of all rows. */
double legend_draw(cairo_t *cairo, const Style *style, const LegendEntry *entries, int n, double x,
                   double y, double width);

/** That height. */
double legend_height(const Style *style, const LegendEntry *entries, int n, double width);

/** The width that an entry takes in a row, with the gap to the next. */
double legend_entry_width(const Style *style, const LegendEntry *entry);

#endif
