/* Components from the metrics' arrays, largest first; their edges; their count. */
#include "render/model/graph.h"

#include "render/model/shapes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of what has no name and more features, only the heaviest edges of each are seen through. */
enum { MOST_FULL = 12, N_HEAVIEST = 3 };

/* The component of a feature; -1: it is not represented. */
static int component_of(const GraphSource *source, int feature) {
    double number = source->component->values[feature];
    return number >= 0 ? (int)number : -1;
}

static int count_components(const GraphSource *source) {
    int n = 0;
    for (int i = 0; i < source->model->n_features; i++)
        n = component_of(source, i) >= n ? component_of(source, i) + 1 : n;
    return n;
}

static const char *name_of(const GraphSource *source, int feature) {
    int code = (int)source->shape->values[feature];
    return code >= 0 && code < source->shape->n_labels ? source->shape->labels[code] : "";
}

/* Components with their features; `node` [n_features] says which node of its component each is. */
static GraphComponent *find_components(const GraphSource *source, int n, int *node, Arena *arena) {
    int n_features = source->model->n_features;
    GraphComponent *components = ARENA_NEW(arena, GraphComponent, n);
    int **features = ARENA_NEW(arena, int *, n);
    for (int i = 0; i < n_features; i++)
        if (component_of(source, i) >= 0)
            components[component_of(source, i)].n++;
    for (int c = 0; c < n; c++) {
        components[c].features = features[c] = ARENA_NEW(arena, int, components[c].n);
        components[c].n = 0;
    }
    for (int i = 0; i < n_features; i++) {
        int c = component_of(source, i);
        if (c < 0)
            continue;
        components[c].name = name_of(source, i);
        node[i] = components[c].n;
        features[c][components[c].n++] = i;
    }
    return components;
}

static void fill_edges(const GraphSource *source, const int *node, GraphComponent *components,
                       int n, Arena *arena) {
    int64_t n_edges = source->edges->shape[0];
    for (int pass = 0; pass < 2; pass++) {
        for (int64_t e = 0; e < n_edges; e++) {
            const double *edge = source->edges->values + 3 * e;
            int from = (int)edge[0], to = (int)edge[1];
            GraphComponent *component = &components[component_of(source, from)];
            if (pass)
                component->edges[component->n_edges] =
                    (GraphEdge){node[from], node[to], fmin(edge[2], 1)};
            component->n_edges++;
        }
        for (int c = 0; c < n && !pass; c++) {
            components[c].edges = ARENA_NEW(arena, GraphEdge, components[c].n_edges);
            components[c].n_edges = 0;
        }
    }
}

/* The heaviest edges of a node, the first the heaviest. */
typedef struct Heaviest {
    double weight[N_HEAVIEST];
} Heaviest;

static void rank(Heaviest *heaviest, double weight) {
    for (int k = 0; k < N_HEAVIEST; k++)
        if (weight > heaviest->weight[k]) {
            double lighter = heaviest->weight[k];
            heaviest->weight[k] = weight;
            weight = lighter;
        }
}

static int root_of(int *above, int node) {
    while (above[node] != node)
        node = above[node] = above[above[node]];
    return node;
}

/* The heaviest edge between nodes that no path of kept ones joins; -1: all are joined. */
static int heaviest_bridge(const GraphComponent *component, int *above) {
    int heaviest = -1;
    for (int e = 0; e < component->n_edges; e++) {
        const GraphEdge *edge = &component->edges[e];
        if ((heaviest < 0 || edge->weight > component->edges[heaviest].weight) &&
            root_of(above, edge->from) != root_of(above, edge->to))
            heaviest = e;
    }
    return heaviest;
}

/* Keeps more edges until those kept hang together, as all do. */
static void bridge(const GraphComponent *component, bool *is_kept, Arena *arena) {
    int *above = ARENA_NEW(arena, int, component->n);
    for (int i = 0; i < component->n; i++)
        above[i] = i;
    for (int e = 0; e < component->n_edges; e++)
        if (is_kept[e])
            above[root_of(above, component->edges[e].from)] =
                root_of(above, component->edges[e].to);
    for (int e; (e = heaviest_bridge(component, above)) >= 0; is_kept[e] = true)
        above[root_of(above, component->edges[e].from)] = root_of(above, component->edges[e].to);
}

/* Leaves the edges that are among the heaviest of one of their ends, and what joins their parts:
 * who leans on whom most stays to be seen where all lean on all. */
static void thin_edges(GraphComponent *component, Arena *arena) {
    Heaviest *heaviest = ARENA_NEW(arena, Heaviest, component->n);
    bool *is_kept = ARENA_NEW(arena, bool, component->n_edges);
    int n_kept = 0, last = N_HEAVIEST - 1;
    for (int e = 0; e < component->n_edges; e++) {
        const GraphEdge *edge = &component->edges[e];
        rank(&heaviest[edge->from], edge->weight);
        rank(&heaviest[edge->to], edge->weight);
    }
    for (int e = 0; e < component->n_edges; e++) {
        const GraphEdge *edge = &component->edges[e];
        is_kept[e] = edge->weight >=
                     fmin(heaviest[edge->from].weight[last], heaviest[edge->to].weight[last]);
    }
    bridge(component, is_kept, arena);
    for (int e = 0; e < component->n_edges; e++)
        if (is_kept[e])
            component->edges[n_kept++] = component->edges[e];
    component->is_thinned = n_kept < component->n_edges;
    component->n_edges = n_kept;
}

/* Larger first; of equal size those of a kind together. */
static int by_size(const void *a, const void *b) {
    const GraphComponent *left = a, *right = b;
    if (left->n != right->n)
        return left->n > right->n ? -1 : 1;
    int order = strcmp(left->name, right->name);
    return order ? order : (left->features[0] > right->features[0]) * 2 - 1;
}

GraphComponent *graph_components(const GraphSource *source, int *n, Arena *arena) {
    int *node = ARENA_NEW(arena, int, source->model->n_features);
    *n = count_components(source);
    GraphComponent *components = find_components(source, *n, node, arena);
    fill_edges(source, node, components, *n, arena);
    for (int c = 0; c < *n; c++) {
        GraphComponent *component = &components[c];
        component->x = ARENA_NEW(arena, double, component->n);
        component->y = ARENA_NEW(arena, double, component->n);
        component->is_placed = shape_places(component->name, source->model, component->features,
                                            component->n, component->x, component->y);
        if (!component->is_placed && component->n > MOST_FULL)
            thin_edges(component, arena);
    }
    qsort(components, (size_t)*n, sizeof *components, by_size);
    return components;
}

/* "29 digons"; of what has no name of its own, also how many features: "2 others, of 11 to 24
 * features". The components come largest first. */
static const char *count_text(const GraphComponent *components, int n, Arena *arena) {
    Shape shape = shape_of(components[0].name);
    int most = components[0].n, least = components[n - 1].n;
    const char *count = shape_count(arena, shape, n);
    if (shape != SHAPE_OTHER)
        return count;
    if (most == least)
        return arena_print(arena, "%s, of %d features", count, most);
    return arena_print(arena, "%s, of %d to %d features", count, least, most);
}

static void fill_shapes(const GraphComponent *components, int n, const Style *style,
                        ModelGraph *graph, Arena *arena) {
    LegendEntry *entries = ARENA_NEW(arena, LegendEntry, N_SHAPES);
    GraphComponent *alike = ARENA_NEW(arena, GraphComponent, n);
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

void graph_fill(const GraphComponent *components, int n, const Style *style, ModelGraph *graph,
                Arena *arena) {
    GraphPart *parts = ARENA_NEW(arena, GraphPart, n);
    for (int c = 0; c < n; c++) {
        const GraphComponent *from = &components[c];
        parts[c] = (GraphPart){.n = from->n,
                               .x = from->x,
                               .y = from->y,
                               .edges = from->edges,
                               .n_edges = from->n_edges,
                               .color = shape_color(style, shape_of(from->name)),
                               .features = from->features};
    }
    *graph =
        (ModelGraph){.panel = {.parts = parts, .n_parts = n, .selected_part = -1, .selected = -1}};
    fill_shapes(components, n, style, graph, arena);
}
