/* Model graph: a model's feature geometry graph, ready to draw, and the count of its shapes. */
#ifndef SUPERPOSE_RENDER_FIGURE_MODEL_GRAPH_H
#define SUPERPOSE_RENDER_FIGURE_MODEL_GRAPH_H

#include "render/figure/shown.h"
#include "render/model/graph.h"

/** The graph of a model that has a run: nodes are the represented features, edges those of the
 * metric geometry_graph, the parts the components of the metric geometry; polytopes have their own
 * picture, other components lie as forces between their nodes put them. Of more than 400 edges the
 * heaviest are drawn. Nothing of a model without represented features. */
bool model_graph_read(const FigureInput *input, const ShownModel *shown, ModelGraph *graph,
                      Error *error);

/** How to read one, in markup. */
extern const char model_graph_reading[];

/** Draws the graph into the rectangle, and the count of its shapes along the lower edge, which
 * takes model_graph_foot of its height. */
void model_graph_draw(cairo_t *cairo, Rect rect, const ModelGraph *graph, double foot,
                      const Style *style);
double model_graph_foot(const ModelGraph *graph);

#endif
