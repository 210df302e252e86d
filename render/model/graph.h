/* Graph of a model: its feature geometry graph as parts for the graph panel, and the count of its
 * shapes. Nodes are the represented features, edges those of the metric geometry_graph, the parts
 * the components of the metric geometry. */
#ifndef SUPERPOSE_RENDER_MODEL_GRAPH_H
#define SUPERPOSE_RENDER_MODEL_GRAPH_H

#include "render/draw/mark.h"
#include "render/panel/graph.h"
#include "sim/metric/measurement.h"
#include "sim/model/model.h"

/* The measurements geometry [n_features], geometry_component [n_features] and geometry_graph
 * [n_edges][3] of a model. */
typedef struct GraphSource {
    const Model *model;
    const Measurement *shape, *component, *edges;
} GraphSource;

typedef struct GraphComponent {
    const char *name;    /* of its shape; "": none */
    const int *features; /* [n]: of its nodes */
    int n;
    GraphEdge *edges; /* [n_edges] */
    int n_edges;
    bool is_thinned; /* it has more edges than these */
    double *x, *y;   /* [n], in the unit disc */
    bool is_placed;  /* x and y are those of its polytope; else they are 0, to be laid out */
} GraphComponent;

typedef struct ModelGraph {
    GraphPanel panel;
    const LegendEntry *shapes; /* [n_shapes]: "29 digons", in the order of the parts */
    int n_shapes;
} ModelGraph;

/** The components [*n], larger ones first, of equal size those of a kind together; none of a model
 * without represented features. Of one without a name and with more than 12 features only those
 * edges are there that are among the three heaviest of one of their ends, and the heaviest that
 * join what these leave apart. */
GraphComponent *graph_components(const GraphSource *source, int *n, Arena *arena);

/** Components [n] as the parts of a panel, which is drawn with their places. */
void graph_fill(const GraphComponent *components, int n, const Style *style, ModelGraph *graph,
                Arena *arena);

#endif
