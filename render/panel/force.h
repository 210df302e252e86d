/* Force layout: places for the nodes of a graph that has no better picture. Nodes push each other
 * apart, edges pull them together (Fruchterman & Reingold 1991, "Graph drawing by force-directed
 * placement"). */
#ifndef SUPERPOSE_RENDER_PANEL_FORCE_H
#define SUPERPOSE_RENDER_PANEL_FORCE_H

typedef struct GraphEdge {
    int from, to;  /* nodes */
    double weight; /* in [0, 1] */
} GraphEdge;

/** Places n nodes into the unit disc, their mean at its centre and the outermost on its edge: x and
 * y [n]. The same graph gets the same places. Costs n^2 + n_edges for each of 200 steps. */
void force_layout(int n, const GraphEdge *edges, int n_edges, double *x, double *y);

#endif
