/* Canonical polytopes: the corners that equally important features settle on, and the exact
 * dimensionality of each. Names are those of the metric geometry (which names a square, an
 * octahedron or a bipyramid by their parts: two digons, three, a triangle and a digon). */
#ifndef SUPERPOSE_THEORY_POLYTOPE_H
#define SUPERPOSE_THEORY_POLYTOPE_H

#include "sim/base/error.h"
#include "sim/base/arena.h"

typedef struct Polytope {
    const char *name;
    int n_corners, n_dimensions; /* its rank: the corners span all dimensions */
    double *corners;             /* [n_corners][n_dimensions], of length 1 */
    double *dimensionality; /* [n_corners]: D_i of features with these directions, in closed form:
                               dimensions / corners in a tight frame; in a bipyramid, whose base and
                               poles are orthogonal, each part's own */
} Polytope;

/** The polytope of that name, from the arena: dedicated, digon, collapsed pair, triangle, square,
 * pentagon, hexagon, heptagon, octagon, "k-gon" (k >= 3), tetrahedron, "simplex of n" (n >= 2),
 * octahedron, "cross-polytope of n" (2 n corners), cube, square antiprism (the tight one),
 * icosahedron, dodecahedron, triangular bipyramid, pentagonal bipyramid. Fails on another name and
 * on more than MAX_POLYTOPE_CORNERS corners. Elhage et al. 2022, "The geometry of superposition".
 */
bool polytope_make(const char *name, Arena *arena, Polytope *polytope, Error *error);

enum { MAX_POLYTOPE_CORNERS = 1000 };

/** Number of names without a number, and each of them. */
int polytope_count(void);
const char *polytope_name(int i);

#endif
