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
 * y [n]. The same graph gets the same places. Costs n^2 + n_edges for each of 300 steps. */
void force_layout(int n, const GraphEdge *edges, int n_edges, double *x, double *y);

/* Its parts, for a layout that goes on while the graph changes. */

/** Where nodes begin: a sunflower in the unit disc, x and y [n]. */
void force_start(int n, double *x, double *y);

/** Moves each node along the forces on it, by at most `longest`, in a disc whose size is about 1.
 */
void force_step(int n, const GraphEdge *edges, int n_edges, double longest, double *x, double *y);

/** Moves and scales all so that their mean is at the centre and the outermost on the disc's edge.
 */
void force_fit(int n, double *x, double *y);

#endif
