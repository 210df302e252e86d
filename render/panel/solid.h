/* Solid panel: the rows of W as lines from the origin in three dimensions, with a ball at each end,
 * and the edges of the polytope whose corners these are. What is behind is lighter and thinner. */
#ifndef SUPERPOSE_RENDER_PANEL_SOLID_H
#define SUPERPOSE_RENDER_PANEL_SOLID_H

#include "render/draw/canvas.h"

/* From where it is seen: the page's right, up, and towards the viewer, in the axes of W; unit
 * vectors at right angles. */
typedef struct Camera {
    double axes[3][3];
} Camera;

typedef struct SolidPanel {
    int n_features;
    const float *W;       /* [n_features][3] */
    const double *weight; /* [n_features] in [0, 1]: colour, as style_weight */
    const int *group; /* [n_features]: features with the same number >= 0 have one colour, instead
                         of that of their weight, and lines between their ends; NULL: no groups */
    Camera camera;
    double radius;    /* of the part of space that is shown: > 0, the same in panels to compare */
    bool hides_hull;  /* no edges but those of groups */
    int selected;     /* this feature stands out, with a ring around its ball; -1: none does */
    bool has_numbers; /* each ball has its feature's, where there is room */
} SolidPanel;

/** A view of W [n_features][3] in which its shape is seen, the same for any rotation of it: the
 * first group upwards and the others downwards (without groups: the longest direction upwards),
 * seen from a little above. */
Camera solid_camera(const float *W, const int *group, int n_features);

/** The camera after the scene was turned by so many degrees: to the right about the page's upright
 * axis, then downwards about its level one. */
Camera camera_turned(Camera camera, double right, double down);

/** Draws it into the largest square in the middle of the rectangle. Where several end in one place,
 * ×2 says how many. The circle of radius 1 is drawn where it fits. The more there are of more than
 * 40, the smaller are their balls, and those at the origin have none. */
void solid_panel_draw(cairo_t *cairo, Rect rect, const SolidPanel *panel, const Style *style);

/** The feature whose ball is nearest to x, y, of those on each other the one in front; -1: none is
 * near. */
int solid_panel_pick(Rect rect, const SolidPanel *panel, double x, double y);

/** The edges of the convex hull of points [n][3], as pairs of their numbers into edges [n (n - 1) /
 * 2]; returns how many. Points nearer to each other than a fifth of the largest distance from the
 * origin count as one; faces that meet at less than 7 degrees are one. Costs n^3 log n. */
int solid_edges(const float *points, int n, int (*edges)[2]);

#endif
