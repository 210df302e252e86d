/* Geometry: which represented features lean on each other, and the name of what each group forms.
 *
 * Features with ||W_i|| > 0.5 are nodes; two are joined where |cos(W_i, W_j)| > 0.15. A connected
 * component is named by its number of features, the rank of its unit directions, and every
 * feature's cosines to the others: dedicated (1 feature), digon, triangle, pentagon, … of the
 * plane, tetrahedron and other simplices, square antiprism, cube, icosahedron; collapsed pair (two
 * features on one direction, Elhage et al. 2022, "Collapsing of correlated features"); otherwise
 * "irregular k in r": k features of rank r.
 *
 * Orthogonal parts do not lean on each other, so they are components of their own: a square is two
 * digons, an octahedron three, a triangular bipyramid a triangle and a digon, a pentagonal one a
 * pentagon and a digon. Their feature dimensionalities are the same either way (Elhage et al. 2022:
 * tegum products).
 *
 * In untied kinds this is about W, the directions that features are read by. */
#ifndef SUPERPOSE_METRIC_GEOMETRY_H
#define SUPERPOSE_METRIC_GEOMETRY_H

#include "sim/model/model.h"

/* Two directions lean on each other above this |cosine|. Neighbours in a pentagon have 0.31, in the
 * largest simplex named (7 corners) 0.167; what training leaves between unrelated features is 0.02
 * to 0.05, so 0.15 is three times the noise and half of a pentagon's. */
#define EDGE_COSINE 0.15

typedef struct Component {
    int n, rank;
    const int *features; /* [n], increasing */
    const char *name;    /* "pentagon" */
    const char *plural;  /* "pentagons" */
} Component;

typedef struct Geometry {
    int n_components;
    Component *components; /* [n_components], ordered by their first feature */
    int *component;        /* [n_features]: the feature's; -1: not represented */
} Geometry;

/** Finds and names the components; all memory from the arena. Costs n^2 m for n represented
 * features in m dimensions. Fails where memory for the rank of a component is short. */
bool geometry_find(const Model *model, Arena *arena, Geometry *geometry, Error *error);

/** One name for all components, larger ones first, equal ones counted: "pentagon", "2 digons",
 * "digon + 2 dedicated"; "nothing represented" where there are none. Features that are not
 * represented are not named. */
const char *geometry_describe(const Geometry *geometry, Arena *arena);

/** geometry_describe of a model, for captions; NULL where geometry_find fails. */
const char *geometry_name(const Model *model, Arena *arena);

#endif
