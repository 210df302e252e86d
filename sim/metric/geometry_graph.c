/* The feature geometry graph: nodes are the represented features, joined as in geometry.h where
 * |cos(W_i, W_j)| > 0.15, with weight |W_i . W_j|. The metric geometry says which component a
 * feature is in and what that is called. */
#include "sim/metric/directions.h"
#include "sim/metric/geometry.h"
#include "sim/metric/metric.h"

#include <math.h>

/* Where all lean on all, 2000 features have 2 million edges: 48 MB in the store for every time it
 * is measured. */
enum { MAX_GRAPH = 2000 };

/* Edges (i, j, weight), i < j, into out [n_edges][3]; NULL: only counted. */
static int64_t edges_of(const Directions *directions, double *out) {
    int64_t n_edges = 0;
    for (int a = 0; a < directions->n; a++)
        for (int b = a + 1; b < directions->n; b++) {
            double cosine = fabs(directions_cosine(directions, a, b));
            if (!(cosine > EDGE_COSINE))
                continue;
            if (out) {
                out[3 * n_edges] = directions->feature[a];
                out[3 * n_edges + 1] = directions->feature[b];
                out[3 * n_edges + 2] = cosine * directions->norm[a] * directions->norm[b];
            }
            n_edges++;
        }
    return n_edges;
}

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    if (input->model->n_features > MAX_GRAPH)
        return error_set(error, "it is measured up to %d features, not %d", MAX_GRAPH,
                         input->model->n_features);
    Arena scratch = {0};
    Directions directions;
    bool good = directions_find(input->model, &scratch, &directions, error);
    if (good) {
        int64_t shape[] = {edges_of(&directions, NULL), 3};
        edges_of(&directions, measurement_add(measurements, "geometry_graph", 2, shape));
    }
    arena_release(&scratch);
    return good;
}

const MetricKind metric_geometry_graph = {
    .kind = {.name = "geometry_graph",
             .summary = "edges (i, j, |W_i.W_j|) of the feature geometry graph: represented "
                        "features i < j with |cos(W_i, W_j)| > 0.15, up to 2000 features [n_edges]"
                        "[3]",
             .source =
                 "Elhage et al. 2022, The geometry of superposition (feature geometry graph)"},
    .measure = measure,
    .max_features = MAX_GRAPH,
    .needs_model_only = true,
};
