/* Numbering: small numbers beside marks, as many as fit without touching each other. */
#ifndef SUPERPOSE_RENDER_DRAW_NUMBERING_H
#define SUPERPOSE_RENDER_DRAW_NUMBERING_H

#include "render/draw/canvas.h"

typedef struct NumberedMark {
    double x, y;   /* of the mark */
    double dx, dy; /* the number stands in this direction from it; both 0: below */
    double away;   /* so far: pixels */
    char text[24];
    bool is_first; /* stands whatever the others do, and in ink */
} NumberedMark;

/** Draws the numbers of marks [n], the first ones first; those that would touch one drawn already
 * are left out. */
void numbering_draw(cairo_t *cairo, const Style *style, const NumberedMark *marks, int n);

/** The text of a mark that stands for features [n], increasing: "0, 3", of many "×5". */
void numbering_text(const int *features, int n, char text[24]);

#endif
