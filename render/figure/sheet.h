/* Sheet: a page whose body is equal cells with captions. Small multiples: what differs is in the
 * cells, what is common is said once. */
#ifndef SUPERPOSE_RENDER_FIGURE_SHEET_H
#define SUPERPOSE_RENDER_FIGURE_SHEET_H

#include "render/draw/label.h"
#include "render/figure/page.h"

enum { SHEET_LINES = 3 };

/* What stands under a cell, above or beside it, in markup; NULL: nothing. */
typedef struct Caption {
    const char *heading;
    const char *row, *cell; /* its halves: what cells of a row share, what tells them apart */
    const char *lines[SHEET_LINES];
} Caption;

typedef struct Sheet {
    Page page; /* its subtitle, common and scales; the body is the sheet's */
    int n_cells;
    int n_columns; /* 0: what gives a page a little wider than high */
    int row; /* cells that belong side by side: a row, with the half that they share said once above
                it, or where that has no room columns are a multiple of it; 0 or 1: none */
    double cell_width, cell_height;
    const Caption *captions; /* [n_cells] */
    Align align;             /* of the captions */
    bool is_headed;          /* they stand above their cells, not below */
    double beside; /* or to the left of their cells, in a column this wide; 0: they do not */
    const void *content;
    void (*draw_cell)(const void *content, int cell, cairo_t *cairo, Rect rect, const Style *style);
} Sheet;

/** Lays the page out; what the sheet names must live as long as the picture. */
bool sheet_compose(const Sheet *sheet, const FigureInput *input, Picture *picture, Error *error);

/** The number of columns for n cells of this size, captions included: a page of a slide's shape
 * where that is not too wide to read; a multiple of `row` where one is narrow enough. */
int sheet_columns(int n_cells, int row, double width, double height);

#endif
