/* Phase panel: what the last feature gets, as a map over its importance and the density: the
 * background's colour where it is not represented, blue where it has a dimension of its own, orange
 * where it shares one (the paper's phase diagram). */
#ifndef SUPERPOSE_RENDER_PANEL_PHASE_H
#define SUPERPOSE_RENDER_PANEL_PHASE_H

#include "render/draw/axes.h"
#include "sim/base/arena.h"

/* A boundary, drawn over the map; a point that has no place on the axes breaks it. */
typedef struct PhaseLine {
    int n;
    const double *x, *y; /* [n] */
    bool is_solid;       /* else it is dashed */
} PhaseLine;

typedef struct PhasePanel {
    Axes axes; /* their ends are the edges of the map, whose cells are equal on them */
    int n_rows, n_columns;
    const double *norm;         /* [n_rows][n_columns], the top row first: colour, 0 … 1 */
    const double *interference; /* likewise; NaN in either: nothing is known there */
    const Color *colors;        /* likewise: the cells', instead of what these two say; NULL */
    const int *region;          /* likewise: number of its name; -1: none */
    const char *const *names;   /* [n_regions] markup of one line or, with \n, two: written where a
                                   region has room for it */
    int n_regions;
    const PhaseLine *lines; /* [n_lines] */
    int n_lines;
    int max_pixels; /* a side of the embedded image, where the cells allow */
} PhasePanel;

/** The colour of a feature of that norm and interference, both clamped to [0, 1]; the neutral
 * colour of what is not known where one is NaN. */
Color phase_panel_color(const Style *style, double norm, double interference);

/** The two boundaries of the idealised theory over importance (x) and density (y), into lines [2]:
 * boundary(n_features, importance) is the density below which the last feature is in superposition;
 * above it it is ignored below importance 1 and alone above. With 3 features that is so below the
 * boundary's end, too. */
void phase_panel_boundary(const Axes *axes, int n_features,
                          double (*boundary)(int n_features, double importance), PhaseLine lines[2],
                          Arena *arena);

/** Draws it. */
void phase_panel_draw(cairo_t *cairo, Rect rect, const PhasePanel *panel, const Style *style);

/** The cell in the middle of the largest box of cells, in the shape of a box of width x height
 * cells and at least that large, that lies in the region and on no line: row and column of where a
 * name goes.
 * False: there is no room. */
bool phase_panel_place(const PhasePanel *panel, int region, double width, double height, int *row,
                       int *column);

#endif
