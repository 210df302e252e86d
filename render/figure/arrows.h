/* Arrows: the directions of models with two or three hidden dimensions, as figures draw them in
 * their cells: what is coloured how, what belongs together, how a shape is called. */
#ifndef SUPERPOSE_RENDER_FIGURE_ARROWS_H
#define SUPERPOSE_RENDER_FIGURE_ARROWS_H

#include "render/figure/page.h"
#include "render/figure/shown.h"
#include "render/panel/directions.h"
#include "render/panel/solid.h"

/* One model's. */
typedef struct Arrows {
    int n_hidden; /* 2: `plane`, 3: `space`; 0: no run has finished */
    DirectionsPanel plane;
    SolidPanel space;
} Arrows;

/** Those of shown [n] into arrows [n]: all to one scale, with the same colour for the same
 * importance, or one for each set where features are in sets. In space each is seen from where its
 * shape shows. Fails where a model has other dimensions than two or three. */
bool arrows_fill(const FigureInput *input, const ShownModel *shown, int n, Arrows *arrows,
                 Error *error);

/** Draws it into the largest square in the middle of the rectangle. */
void arrows_draw(cairo_t *cairo, Rect rect, const Arrows *arrows, const Style *style);

/** In markup, "hexagon, mates at 65°"; a shape without a name says less than its sets do. NULL:
 * nothing to say. */
bool arrows_describe(const FigureInput *input, const ShownModel *shown, const char **text,
                     Error *error);

/** What a page must say of arrows [n]: how to read them, and the scale of their importance. */
void arrows_explain(const FigureInput *input, const ShownModel *shown, int n, const Arrows *arrows,
                    Page *page);

#endif
