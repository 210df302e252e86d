#include "render/scene/graph_look.h"

#include "render/scene/graph_places.h"

#include <math.h>

static const double most_node = 12; /* its diameter: pixels */

static const Measurement *measure(const SceneInput *input, const char *name) {
    return history_measure(input->history, input->moment, name, NULL);
}

static const char *shapes_text(const SceneInput *input, const ModelGraph *graph) {
    const char *text = "";
    for (int s = 0; s < graph->n_shapes; s++) {
        Color color = graph->shapes[s].color;
        text = arena_print(input->arena, "%s%s<span foreground=\"#%02x%02x%02x\">●</span> %s", text,
                           s ? "   " : "", (unsigned)lround(255 * color.red),
                           (unsigned)lround(255 * color.green), (unsigned)lround(255 * color.blue),
                           graph->shapes[s].name);
    }
    return graph->n_shapes ? text : "no feature is represented";
}

/* The weakest edge is faint and the strongest dark, whatever they are: in a large component all are
 * weak, and what it is made of would not be seen. */
static void stretch_edges(GraphComponent *components, int n) {
    double least = HUGE_VAL, most = 0;
    for (int c = 0; c < n; c++)
        for (int e = 0; e < components[c].n_edges; e++) {
            least = fmin(least, components[c].edges[e].weight);
            most = fmax(most, components[c].edges[e].weight);
        }
    for (int c = 0; c < n && most > 1.2 * least; c++)
        for (int e = 0; e < components[c].n_edges; e++) {
            double *weight = &components[c].edges[e].weight;
            *weight = (*weight - least) / (most - least);
        }
}

void graph_look_make(const SceneInput *input, const Style *style, GraphLook *look,
                     Captions *captions) {
    GraphSource source = {history_model(input->history, input->moment), measure(input, "geometry"),
                          measure(input, "geometry_component"), measure(input, "geometry_graph")};
    int n;
    if (!source.shape || !source.component || !source.edges)
        return;
    look->components = graph_components(&source, &n, input->arena);
    graph_places_lay_out(input->history, input->moment, look->components, n);
    graph_fill(look->components, n, style, &look->graph, input->arena);
    stretch_edges(look->components, n);
    captions_add(captions, shapes_text(input, &look->graph));
    if (input->state->has_overlays && n && look->components[0].is_thinned)
        captions_add(captions, "in the largest: each feature’s three heaviest lines");
}

static void select_node(const SceneInput *input, GraphLook *look) {
    for (int c = 0; c < look->graph.panel.n_parts; c++)
        for (int i = 0; i < look->components[c].n; i++)
            if (look->components[c].features[i] == input->selected) {
                look->graph.panel.selected_part = c;
                look->graph.panel.selected = i;
            }
}

/* The squares, which a panel puts at its top left, in the middle. */
static Rect centered(Rect rect, const Rect *squares, int n) {
    double width = 0, height = 0;
    for (int p = 0; p < n; p++) {
        width = fmax(width, squares[p].x + squares[p].width);
        height = fmax(height, squares[p].y + squares[p].height);
    }
    rect.x += (rect.width - width) / 2;
    rect.y += (rect.height - height) / 2;
    return rect;
}

Rect graph_look_place(const SceneInput *input, Rect rect, GraphLook *look) {
    GraphPanel *panel = &look->graph.panel;
    Rect *squares = ARENA_NEW(input->arena, Rect, panel->n_parts);
    panel->draws_apart = true;
    panel->most_node = most_node;
    panel->largest = fmin(rect.width, rect.height) / 3;
    graph_panel_squares(panel, rect.width, rect.height, squares);
    graph_places_glide(input->history, input->time, squares, rect.width, rect.height,
                       look->components, panel->n_parts);
    select_node(input, look);
    return centered(rect, squares, panel->n_parts);
}
