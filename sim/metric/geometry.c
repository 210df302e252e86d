#include "sim/metric/geometry.h"
#include "sim/base/linalg.h"
#include "sim/base/text.h"
#include "sim/metric/directions.h"
#include "sim/metric/geometry_shape.h"
#include "sim/metric/metric.h"
#include "sim/metric/overlap.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A singular value counts towards the rank above this part of the largest: a digon bent by 17
 * degrees, or k directions that noise of 0.05 lifts out of their plane, keep their rank. */
static const double rank_tolerance = 0.15;

/* Gives all directions that can be reached from `first` the label; `queue` [n] gets them, and how
 * many is returned. The n x n graph is never stored. */
static int flood(const Directions *directions, int first, int label, int *labels, int *queue) {
    int n = directions->n, n_found = 0;
    queue[n_found++] = first;
    labels[first] = label;
    for (int q = 0; q < n_found; q++) {
        for (int d = 0; d < n; d++)
            if (labels[d] < 0 && fabs(directions_cosine(directions, queue[q], d)) > EDGE_COSINE) {
                labels[d] = label;
                queue[n_found++] = d;
            }
    }
    return n_found;
}

static int by_index(const void *a, const void *b) {
    return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b);
}

/* Rank, cosines and name of the directions members [n]. */
static bool component_name(Component *component, const Directions *directions, const int *members,
                           Arena *arena, Error *error) {
    int n = component->n, m = directions->m;
    Arena scratch = {0};
    double *unit = ARENA_TRY(&scratch, double, (size_t)n *m);
    bool good = unit || error_set(error, "not enough memory for a component of %d features", n);
    for (int i = 0; good && i < n; i++)
        memcpy(unit + (size_t)i * m, directions->unit + (size_t)members[i] * m, m * sizeof *unit);
    good = good && linalg_rank(unit, n, m, rank_tolerance, &component->rank, error);
    if (good) {
        double cosines[MAX_SHAPE * MAX_SHAPE];
        for (int i = 0; n <= MAX_SHAPE && i < n; i++)
            for (int j = 0; j < n; j++)
                cosines[i * n + j] = directions_cosine(directions, members[i], members[j]);
        ShapeName name = shape_name(n, component->rank, n <= MAX_SHAPE ? cosines : NULL, arena);
        component->name = name.singular;
        component->plural = name.plural;
    }
    arena_release(&scratch);
    return good;
}

static bool add_component(Geometry *geometry, const Directions *directions, int *members, int n,
                          Arena *arena, Error *error) {
    int *features = ARENA_NEW(arena, int, n);
    Component *component = &geometry->components[geometry->n_components];
    *component = (Component){.n = n, .features = features};
    qsort(members, n, sizeof *members, by_index);
    for (int i = 0; i < n; i++) {
        features[i] = directions->feature[members[i]];
        geometry->component[features[i]] = geometry->n_components;
    }
    geometry->n_components++;
    return component_name(component, directions, members, arena, error);
}

bool geometry_find(const Model *model, Arena *arena, Geometry *geometry, Error *error) {
    Arena scratch = {0};
    Directions directions;
    bool good = directions_find(model, &scratch, &directions, error);
    int *labels = ARENA_NEW(&scratch, int, directions.n),
        *queue = ARENA_NEW(&scratch, int, directions.n);
    *geometry = (Geometry){.components = ARENA_NEW(arena, Component, directions.n),
                           .component = ARENA_NEW(arena, int, model->n_features)};
    for (int i = 0; i < model->n_features; i++)
        geometry->component[i] = -1;
    for (int d = 0; d < directions.n; d++)
        labels[d] = -1;
    for (int d = 0; good && d < directions.n; d++)
        if (labels[d] < 0) {
            int n = flood(&directions, d, geometry->n_components, labels, queue);
            good = add_component(geometry, &directions, queue, n, arena, error);
        }
    arena_release(&scratch);
    return good;
}

static int by_size(const void *a, const void *b) {
    const Component *first = a, *second = b;
    if (first->n != second->n)
        return first->n > second->n ? -1 : 1;
    if (first->rank != second->rank)
        return first->rank > second->rank ? -1 : 1;
    return strcmp(first->name, second->name);
}

const char *geometry_describe(const Geometry *geometry, Arena *arena) {
    int n = geometry->n_components;
    if (n == 0)
        return "nothing represented";
    Component *sorted = ARENA_NEW(arena, Component, n);
    memcpy(sorted, geometry->components, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_size);
    Text text = {0};
    for (int i = 0, count; i < n; i += count) {
        for (count = 1; i + count < n && !strcmp(sorted[i].name, sorted[i + count].name);)
            count++;
        text_add(&text, "%s", i ? " + " : "");
        if (count == 1)
            text_add(&text, "%s", sorted[i].name);
        else
            text_add(&text, "%d %s", count, sorted[i].plural);
    }
    const char *name = arena_copy(arena, text_of(&text));
    text_release(&text);
    return name;
}

const char *geometry_name(const Model *model, Arena *arena) {
    Geometry geometry;
    Error error = {0};
    return geometry_find(model, arena, &geometry, &error) ? geometry_describe(&geometry, arena)
                                                          : NULL;
}

/* Codes of names, in order of appearance; code 0 is "not represented". */
static int label_code(const char **labels, int *n_labels, const char *name) {
    for (int l = 0; l < *n_labels; l++)
        if (strcmp(labels[l], name) == 0)
            return l;
    labels[(*n_labels)++] = name;
    return *n_labels - 1;
}

/* Of the measurement added last. */
static void set_labels(Measurements *measurements, const char *const *labels, int n_labels) {
    Measurement *added = &measurements->items[measurements->n - 1];
    added->labels = labels;
    added->n_labels = n_labels;
}

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    Arena *arena = measurements->arena;
    int64_t n = input->model->n_features;
    Geometry geometry;
    if (!geometry_find(input->model, arena, &geometry, error))
        return false;
    const char **labels = ARENA_NEW(arena, const char *, geometry.n_components + 1);
    int n_labels = 0;
    label_code(labels, &n_labels, "not represented");
    double *values = measurement_add(measurements, "geometry", 1, &n);
    for (int i = 0; i < n; i++) {
        int c = geometry.component[i];
        values[i] = c < 0 ? 0 : label_code(labels, &n_labels, geometry.components[c].name);
    }
    set_labels(measurements, labels, n_labels);

    const char **name = ARENA_NEW(arena, const char *, 1);
    name[0] = geometry_describe(&geometry, arena);
    measurement_add_scalar(measurements, "geometry_name", 0);
    set_labels(measurements, name, 1);

    values = measurement_add(measurements, "geometry_component", 1, &n);
    for (int i = 0; i < n; i++)
        values[i] = geometry.component[i] < 0 ? (double)NAN : geometry.component[i];
    return true;
}

static const char *const more[] = {"geometry_name", "geometry_component", NULL};
static const char *const texts[] = {"geometry", "geometry_name", NULL};
static const char *const known_labels[] = {"dedicated",
                                           "digon",
                                           "2 digons",
                                           "collapsed pair",
                                           "triangle",
                                           "tetrahedron",
                                           "pentagon",
                                           "hexagon",
                                           "heptagon",
                                           "octagon",
                                           "cube",
                                           "square antiprism",
                                           "icosahedron",
                                           "2 dedicated",
                                           "digon + dedicated",
                                           "not represented",
                                           "nothing represented",
                                           NULL};

/* "pentagon", "2 digons": text [n]. */
static bool is_group(const char *text, int n) {
    int used = 0;
    unsigned count;
    if (sscanf(text, "%u %n", &count, &used) == 1 && used > 0 && used < n && text[used - 1] == ' ')
        return count > 1 && shape_is_name(text + used, n - used, true);
    return shape_is_name(text, n, false);
}

static bool is_label(const char *measurement, const char *text) {
    if (strcmp(measurement, "geometry") == 0)
        return strcmp(text, "not represented") == 0 ||
               shape_is_name(text, (int)strlen(text), false);
    if (strcmp(text, "nothing represented") == 0)
        return true;
    for (const char *plus; (plus = strstr(text, " + ")); text = plus + 3)
        if (!is_group(text, (int)(plus - text)))
            return false;
    return is_group(text, (int)strlen(text));
}

const MetricKind metric_geometry = {
    .kind = {.name = "geometry",
             .summary = "what each feature's group of leaning directions forms [n_features]; "
                        "geometry_name for the whole model: pentagon, 2 digons, …; "
                        "geometry_component: which group, from 0, NaN: none [n_features]",
             .source =
                 "Elhage et al. 2022, The geometry of superposition (feature geometry graph)"},
    .measure = measure,
    .needs_model_only = true,
    .more = more,
    .texts = texts,
    .is_label = is_label,
    .labels = known_labels,
};
