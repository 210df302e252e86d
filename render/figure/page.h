/* Page: what every figure has around its body: title, how to read it and what its colours mean
 * above, the claims of the experiment below. */
#ifndef SUPERPOSE_RENDER_FIGURE_PAGE_H
#define SUPERPOSE_RENDER_FIGURE_PAGE_H

#include "render/draw/scale.h"
#include "render/figure/figure.h"

enum { PAGE_SCALES = 2 };

typedef struct Page {
    const char *subtitle; /* markup: how to read the figure */
    const char *common;   /* markup: what is the same all over it; NULL: nothing to say */
    ColorScale scales[PAGE_SCALES];
    int n_scales;
    double width, height; /* of the body, without margins */
    const void *content;
    /** Draws the body; `body` is as high as asked for, and as wide or wider. */
    void (*draw_body)(const void *content, cairo_t *cairo, Rect body, const Style *style);
} Page;

/** Lays the page out, with the store's title and those of its claims that belong to this figure, or
 * to no particular one; what the page names must live as long as
 * the picture. */
bool page_compose(const Page *page, const FigureInput *input, Picture *picture, Error *error);

#endif
