/* The measurements come from the store; what has no picture of its own is laid out by forces. */
#include "render/figure/model_graph.h"

#include "render/draw/label.h"

static const double head = 16, row_height = 18;

const char model_graph_reading[] =
    "Nodes are represented features; lines |<i>W<sub>i</sub></i> · <i>W<sub>j</sub></i>|, the "
    "bolder the larger; of many without a name three each";

bool model_graph_read(const FigureInput *input, const ShownModel *shown, ModelGraph *graph,
                      Error *error) {
    Measurement shape, component, edges;
    GraphSource source = {&shown->model, &shape, &component, &edges};
    int n;
    if (!shown_measure(input, shown, "geometry", "geometry", &shape, error) ||
        !shown_measure(input, shown, "geometry", "geometry_component", &component, error) ||
        !shown_measure(input, shown, "geometry_graph", "geometry_graph", &edges, error))
        return false;
    GraphComponent *components = graph_components(&source, &n, input->arena);
    for (int c = 0; c < n; c++)
        if (!components[c].is_placed)
            force_layout(components[c].n, components[c].edges, components[c].n_edges,
                         components[c].x, components[c].y);
    graph_fill(components, n, input->style, graph, input->arena);
    return true;
}

double model_graph_foot(const ModelGraph *graph) {
    return graph->n_shapes ? head + graph->n_shapes * row_height : 0;
}

void model_graph_draw(cairo_t *cairo, Rect rect, const ModelGraph *graph, double foot,
                      const Style *style) {
    Rect square = {rect.x, rect.y, rect.width, rect.height - foot};
    graph_panel_draw(cairo, square, &graph->panel, style);
    double y = square.y + square.height + head;
    for (int i = 0; i < graph->n_shapes; i++)
        y += legend_draw(cairo, style, &graph->shapes[i], 1, rect.x, y + 4, rect.width);
    if (!graph->n_shapes)
        label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_CENTER, rect.width}, style->muted,
                   rect.x + rect.width / 2, rect.y + square.height / 2,
                   "no feature is represented");
}
