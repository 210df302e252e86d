/* Graph panel: a graph drawn part by part, each in a square of its own whose area grows with its
 * nodes (the paper's feature geometry graphs): what a model consists of can be counted. */
#ifndef SUPERPOSE_RENDER_PANEL_GRAPH_H
#define SUPERPOSE_RENDER_PANEL_GRAPH_H

#include "render/draw/canvas.h"
#include "render/panel/force.h"

/* Nodes that hang together. */
typedef struct GraphPart {
    int n;
    const double *x, *y;    /* [n], in the unit disc; y points up */
    const GraphEdge *edges; /* [n_edges]: the heavier, the darker and the wider */
    int n_edges;
    Color color;         /* of its nodes */
    const int *features; /* [n]: the nodes' numbers */
} GraphPart;

typedef struct GraphPanel {
    const GraphPart *parts; /* [n_parts], larger ones first */
    int n_parts;
    double largest; /* side of a square for one node, in pixels, where there is room for more; <= 0:
                       what looks well */
    double most_node; /* a node's diameter is at most so much, where nodes are not far apart; <= 0:
                         what looks well on paper */
    bool draws_apart; /* each edge by itself: on a surface of pixels faster where many cross, and in
                         a file larger */
    int selected_part, selected; /* this node of this part stands out, with a ring; -1: none does */
    bool has_numbers;            /* nodes have theirs, where there is room */
} GraphPanel;

/** Draws the parts from the top left, as large as they fit into the rectangle side by side. */
void graph_panel_draw(cairo_t *cairo, Rect rect, const GraphPanel *panel, const Style *style);

/** The node nearest to x, y and its part; false: none is near. */
bool graph_panel_pick(Rect rect, const GraphPanel *panel, double x, double y, int *part, int *node);

/** Finds a square for each part, not overlapping, inside of width x height, the corners at squares
 * [n_parts], and returns the side for one node: a part of n nodes has sqrt(n) times that. */
double graph_panel_squares(const GraphPanel *panel, double width, double height, Rect *squares);

/** The height that the squares then take, at most `height`. */
double graph_panel_height(const GraphPanel *panel, double width, double height);

#endif
