#include "render/figure/density.h"

#include "render/draw/label.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char axis[] = "data.feature_probability";

/* A model with its place and what its series is told by. */
typedef struct Placed {
    const ShownModel *model;
    const char *others; /* its other axes, as JSON */
    double x;
    int order; /* of the series, then of the model among the shown */
} Placed;

static bool read_axes(const FigureInput *input, const ShownModel *model, Placed *placed,
                      Error *error) {
    StoredRun run = *model->run;
    if (!store_run_texts(input->store, &run, input->arena, error))
        return false;
    json_t *axes = run.axes ? json_loads(run.axes, 0, NULL) : NULL;
    double probability = json_number_value(json_object_get(axes, axis));
    if (probability > 0) {
        json_object_del(axes, axis);
        char *others = json_dumps(axes, JSON_COMPACT | JSON_SORT_KEYS);
        *placed = (Placed){model, arena_copy(input->arena, others), 1 / probability, 0};
        free(others);
    }
    json_decref(axes);
    return probability > 0 ||
           error_set(error, "it is drawn over 1/(1 − S), and %s is no axis of the sweep", axis);
}

static int by_order(const void *a, const void *b) {
    const Placed *left = a, *right = b;
    return (left->order > right->order) - (left->order < right->order);
}

static int by_place(const void *a, const void *b) {
    const Placed *left = a, *right = b;
    return left->x != right->x ? (left->x > right->x ? 1 : -1) : by_order(a, b);
}

/* Numbers the series in the order in which they begin, and brings each one's models together. */
static int group(Placed *placed, int n) {
    int n_series = 0;
    for (int i = 0; i < n; i++) {
        int first = 0;
        while (strcmp(placed[first].others, placed[i].others) != 0)
            first++;
        int series = first == i ? n_series++ : placed[first].order / n;
        placed[i].order = series * n + i;
    }
    qsort(placed, (size_t)n, sizeof *placed, by_order);
    return n_series;
}

static const char *size_name(const ShownModel *model, Arena *arena) {
    return arena_print(arena, "%d features in %d dimensions", model->model.n_features,
                       model->model.n_hidden);
}

/* "learning rate = 0.001, seed = 1" */
static const char *axes_name(const char *others, Arena *arena) {
    json_t *axes = json_loads(others, 0, NULL), *value;
    const char *key, *name = "";
    json_object_foreach(axes, key, value) {
        char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
        name = arena_print(arena, "%s%s%s = %s", name, *name ? ", " : "", label_setting(arena, key),
                           json_is_number(value) ? label_number(arena, json_number_value(value), 4)
                                                 : label_escape(arena, text ? text : ""));
        free(text);
    }
    json_decref(axes);
    return name;
}

/* By their sizes where these tell them apart, else by their axes. */
static void fill_names(const Placed *placed, DensitySeries *series, int n_series, Arena *arena) {
    bool is_told = true;
    for (int s = 0; s < n_series; s++)
        for (int t = 0; t < s; t++)
            is_told &=
                series[s].models[0]->model.n_features != series[t].models[0]->model.n_features ||
                series[s].models[0]->model.n_hidden != series[t].models[0]->model.n_hidden;
    for (int s = 0, first = 0; s < n_series; first += series[s++].n)
        if (n_series > 1)
            series[s].name = is_told ? size_name(series[s].models[0], arena)
                                     : axes_name(placed[first].others, arena);
}

bool density_series(const FigureInput *input, const ShownModel *shown, int n,
                    DensitySeries **series, int *n_series, Error *error) {
    Arena *arena = input->arena;
    Placed *placed = ARENA_NEW(arena, Placed, n);
    int n_placed = 0;
    for (int i = 0; i < n; i++)
        if (shown[i].run && !read_axes(input, &shown[i], &placed[n_placed++], error))
            return false;
    *n_series = group(placed, n_placed);
    *series = ARENA_NEW(arena, DensitySeries, *n_series);
    const ShownModel **models = ARENA_NEW(arena, const ShownModel *, n_placed);
    double *x = ARENA_NEW(arena, double, n_placed);
    for (int s = 0, first = 0, end; s < *n_series; s++, first = end) {
        for (end = first; end < n_placed && placed[end].order / n_placed == s;)
            end++;
        qsort(placed + first, (size_t)(end - first), sizeof *placed, by_place);
        for (int i = first; i < end; i++) {
            models[i] = placed[i].model;
            x[i] = placed[i].x;
        }
        (*series)[s] = (DensitySeries){NULL, models + first, x + first, end - first};
    }
    fill_names(placed, *series, *n_series, arena);
    return true;
}
