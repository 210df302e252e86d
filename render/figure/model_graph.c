/* Components from the metrics' arrays, largest first; their places; their edges; their count. */
#include "render/figure/model_graph.h"

#include "render/draw/label.h"
#include "render/figure/shapes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_EDGES = 400 };
static const double head = 16, row_height = 18;

const char model_graph_reading[] =
    "Nodes are represented features; lines join those that lean on each other, the bolder the "
    "larger |<i>W<sub>i</sub></i> · <i>W<sub>j</sub></i>|";

typedef struct Component {
    const char *name;
    int *features;  /* [n] */
    int n, n_edges; /* n_edges: of the graph so far */
    double *x, *y;
    GraphEdge *edges;
} Component;

/* What the graph is made from. */
typedef struct Source {
    const Model *model;
    Measurement shape, component, edges; /* geometry, geometry_component, geometry_graph */
    int *node;                           /* [n_features]: which node of its component */
} Source;

static bool read_source(const FigureInput *input, const ShownModel *shown, Source *source,
                        Error *error) {
    source->model = &shown->model;
    source->node = ARENA_NEW(input->arena, int, shown->model.n_features);
    return shown_measure(input, shown, "geometry", "geometry", &source->shape, error) &&
           shown_measure(input, shown, "geometry", "geometry_component", &source->component,
                         error) &&
           shown_measure(input, shown, "geometry_graph", "geometry_graph", &source->edges, error);
}

/* The component of a feature; -1: it is not represented. */
static int component_of(const Source *source, int feature) {
    double number = source->component.values[feature];
    return number >= 0 ? (int)number : -1;
}

static Component *find_components(const Source *source, int *n, Arena *arena) {
    int n_features = source->model->n_features;
    *n = 0;
    for (int i = 0; i < n_features; i++)
        *n = component_of(source, i) >= *n ? component_of(source, i) + 1 : *n;
    Component *components = ARENA_NEW(arena, Component, *n);
    for (int i = 0; i < n_features; i++)
        if (component_of(source, i) >= 0)
            components[component_of(source, i)].n++;
    for (int c = 0; c < *n; c++) {
        components[c].features = ARENA_NEW(arena, int, components[c].n);
        components[c].n = 0;
    }
    for (int i = 0; i < n_features; i++) {
        if (component_of(source, i) < 0)
            continue;
        Component *component = &components[component_of(source, i)];
        int code = (int)source->shape.values[i];
        bool is_named = code >= 0 && code < source->shape.n_labels;
        component->name = is_named ? source->shape.labels[code] : "";
        source->node[i] = component->n;
        component->features[component->n++] = i;
    }
    return components;
}

static void fill_edges(const Source *source, Component *components, int n, Arena *arena) {
    int64_t n_edges = source->edges.shape[0];
    for (int pass = 0; pass < 2; pass++) {
        for (int64_t e = 0; e < n_edges; e++) {
            const double *edge = source->edges.values + 3 * e;
            int from = (int)edge[0], to = (int)edge[1];
            Component *component = &components[component_of(source, from)];
            if (pass)
                component->edges[component->n_edges] =
                    (GraphEdge){source->node[from], source->node[to], fmin(edge[2], 1)};
            component->n_edges++;
        }
        for (int c = 0; c < n && !pass; c++) {
            components[c].edges = ARENA_NEW(arena, GraphEdge, components[c].n_edges);
            components[c].n_edges = 0;
        }
    }
}

static void fill_places(const Source *source, Component *component, Arena *arena) {
    component->x = ARENA_NEW(arena, double, component->n);
    component->y = ARENA_NEW(arena, double, component->n);
    if (!shape_places(component->name, source->model, component->features, component->n,
                      component->x, component->y))
        force_layout(component->n, component->edges, component->n_edges, component->x,
                     component->y);
}

/* Larger first; of equal size those of a kind together. */
static int by_size(const void *a, const void *b) {
    const Component *left = a, *right = b;
    if (left->n != right->n)
        return left->n > right->n ? -1 : 1;
    int order = strcmp(left->name, right->name);
    return order ? order : (left->features[0] > right->features[0]) * 2 - 1;
}

static int by_weight(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left < right) - (left > right);
}

/* The weight below which edges are left out. */
static double least_weight(const Component *components, int n, Arena *arena) {
    int n_edges = 0;
    for (int c = 0; c < n; c++)
        n_edges += components[c].n_edges;
    if (n_edges <= MAX_EDGES)
        return 0;
    double *weights = ARENA_NEW(arena, double, n_edges);
    n_edges = 0;
    for (int c = 0; c < n; c++)
        for (int e = 0; e < components[c].n_edges; e++)
            weights[n_edges++] = components[c].edges[e].weight;
    qsort(weights, (size_t)n_edges, sizeof *weights, by_weight);
    return weights[MAX_EDGES - 1];
}

static int keep_edges(GraphEdge *edges, int n, double least) {
    int n_kept = 0;
    for (int e = 0; e < n; e++)
        if (edges[e].weight >= least)
            edges[n_kept++] = edges[e];
    return n_kept;
}

/* "29 digons"; of what has no name of its own, also how many features: "2 others, of 11 to 24
 * features". The components come largest first. */
static const char *count_text(const Component *components, int n, Arena *arena) {
    Shape shape = shape_of(components[0].name);
    int most = components[0].n, least = components[n - 1].n;
    const char *count = shape_count(arena, shape, n);
    if (shape != SHAPE_OTHER)
        return count;
    if (most == least)
        return arena_print(arena, "%s, of %d features", count, most);
    return arena_print(arena, "%s, of %d to %d features", count, least, most);
}

static void fill_shapes(const Component *components, int n, const Style *style, ModelGraph *graph,
                        Arena *arena) {
    LegendEntry *entries = ARENA_NEW(arena, LegendEntry, N_SHAPES);
    Component *alike = ARENA_NEW(arena, Component, n);
    bool is_told[N_SHAPES] = {false};
    graph->shapes = entries;
    for (int c = 0; c < n; c++) {
        Shape shape = shape_of(components[c].name);
        int n_alike = 0;
        for (int k = c; k < n && !is_told[shape]; k++)
            if (shape_of(components[k].name) == shape)
                alike[n_alike++] = components[k];
        if (!is_told[shape])
            entries[graph->n_shapes++] = (LegendEntry){.name = count_text(alike, n_alike, arena),
                                                       .color = shape_color(style, shape),
                                                       .mark = MARK_DISC};
        is_told[shape] = true;
    }
}

bool model_graph_read(const FigureInput *input, const ShownModel *shown, ModelGraph *graph,
                      Error *error) {
    Arena *arena = input->arena;
    Source source;
    int n;
    *graph = (ModelGraph){.n_shapes = 0};
    if (!read_source(input, shown, &source, error))
        return false;
    Component *components = find_components(&source, &n, arena);
    fill_edges(&source, components, n, arena);
    for (int c = 0; c < n; c++)
        fill_places(&source, &components[c], arena);
    qsort(components, (size_t)n, sizeof *components, by_size);
    double least = least_weight(components, n, arena);
    GraphPart *parts = ARENA_NEW(arena, GraphPart, n);
    for (int c = 0; c < n; c++) {
        const Component *from = &components[c];
        parts[c] = (GraphPart){.n = from->n,
                               .x = from->x,
                               .y = from->y,
                               .edges = from->edges,
                               .n_edges = keep_edges(from->edges, from->n_edges, least),
                               .color = shape_color(input->style, shape_of(from->name))};
    }
    graph->panel = (GraphPanel){.parts = parts, .n_parts = n};
    fill_shapes(components, n, input->style, graph, arena);
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
