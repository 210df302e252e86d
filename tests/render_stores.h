/* Stores with constructed models, for tests of figures: what a right reproduction shows, without
 * training it. */
#ifndef SUPERPOSE_TESTS_RENDER_STORES_H
#define SUPERPOSE_TESTS_RENDER_STORES_H

#include "sim/store/store.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct StoreShape {
    const char *title, *config; /* facts */
    int n_features, n_hidden, n_points, n_restarts;
    double decay;     /* importance decay^i */
    int failed_point; /* -1: none */
    bool has_claims;
    /* W_i [n_hidden] at a point. */
    void (*direction)(int point, int i, int n_hidden, float *W_i);
    const char *data; /* kind, and settings after it; NULL: independent */
} StoreShape;

/* Two orthogonal features, two digons, a pentagon: the paper's introduction figure. */
static inline void intro_direction(int point, int i, int n_hidden, float *W_i) {
    (void)n_hidden;
    if (point < 3 && i < 2)
        W_i[i] = 1;
    else if (point >= 3 && point < 6 && i < 4)
        W_i[i % 2] = i < 2 ? 1.02f : -1.02f;
    else if (point >= 6)
        for (int k = 0; k < 2; k++)
            W_i[k] = (float)(1.134 * (k ? sin : cos)(2 * M_PI * (i * 3 % 5) / 5 + 0.4));
}

/* From orthogonal features to antipodal pairs: with each point, one more dimension in ten holds a
 * pair; small overlaps everywhere. */
static inline void pairs_direction(int point, int i, int n_hidden, float *W_i) {
    int n_pairs = n_hidden * point / 6;
    for (int k = 0; k < n_hidden; k++)
        W_i[k] = (float)(0.02 * point * sin(37.0 * i + 11.0 * k));
    if (i < n_hidden)
        W_i[n_hidden - 1 - i] += 1;
    else if (i < n_hidden + n_pairs)
        W_i[i - n_hidden] -= 0.9f;
}

/* Two sets of three, each along the three axes, opposite to the other: an octahedron that grows. */
static inline void octahedron_direction(int point, int i, int n_hidden, float *W_i) {
    W_i[i % n_hidden] = (i < n_hidden ? 1.01f : -1.01f) * (float)(point + 1) / 4;
}

static inline double shape_probability(const StoreShape *shape, int point) {
    return pow(20, -(double)point / (shape->n_points > 1 ? shape->n_points - 1 : 1));
}

static inline bool add_shape_run(Store *store, const StoreShape *shape, int point, int restart,
                                 Arena *arena, Error *error) {
    int n = shape->n_features, m = shape->n_hidden;
    float *W = ARENA_NEW(arena, float, n *m), *b = ARENA_NEW(arena, float, n);
    for (int i = 0; i < n; i++) {
        shape->direction(point, i, m, W + (size_t)i * m);
        b[i] = -0.04f * (float)point;
    }
    bool is_failed = point == shape->failed_point;
    StoredRun run = {.number = point * shape->n_restarts + restart,
                     .point = point,
                     .restart = restart,
                     .identity = arena_print(arena, "%032x", point * 1000 + restart),
                     .settings =
                         arena_print(arena,
                                     "{data: {kind: %s, n_features: %d, feature_probability: 0.1}, "
                                     "task: {kind: identity, importance: {decay: %g}}, model: "
                                     "{kind: relu_output, n_hidden: %d}}",
                                     shape->data ? shape->data : "independent", n, shape->decay, m),
                     .axes = arena_print(arena, "{\"data.feature_probability\": %.17g}",
                                         shape_probability(shape, point)),
                     .status = is_failed ? RUN_FAILED : RUN_DONE,
                     .steps = 100,
                     .loss = is_failed ? (double)NAN : 0.01 * (restart + 1) / (point + 1),
                     .error = is_failed ? "step 3: W is not finite" : NULL};
    StoredTensor tensors[] = {
        {100, {.name = "W", .n_rows = n, .n_columns = m}, W},
        {100, {.name = "b", .n_rows = n, .n_columns = 1, .is_vector = true}, b}};
    return store_add_run(store, &run, tensors, is_failed ? 0 : 2, NULL, 0, error);
}

static inline bool set_claims(Store *store, Error *error) {
    static const StoredClaim claims[] = {
        {"feature_dimensionality at data.feature_probability 0.05, best, each in [0.39, 0.41]",
         "0.3996 … 0.4003", "held", "Elhage et al. 2022, Geometry", NULL, NULL},
        {"geometry_name at data.feature_probability 1, best, is 2 dedicated", "3 dedicated",
         "not held", NULL, NULL, NULL},
        {"feature_norm at data.feature_probability 0.05, best, each = 1.32", "1.134", "known", NULL,
         "the printed formula is not what the data obey", "gram"}};
    return store_set_claims(store, claims, 3, error);
}

/* Writes the file; false, with the reason, where the store cannot. */
static inline bool make_store(const char *path, const StoreShape *shape, Error *error) {
    Store *store;
    Arena arena = {0};
    if (!store_open(&store, path, STORE_WRITE, error))
        return false;
    bool good = store_set_fact(store, "name", "constructed", error) &&
                store_set_fact(store, "title", shape->title, error) &&
                store_set_fact(store, "config", shape->config, error) &&
                store_set_fact(store, "axes", "[\"data.feature_probability\"]", error) &&
                store_begin(store, error);
    for (int point = 0; good && point < shape->n_points; point++)
        for (int restart = 0; good && restart < shape->n_restarts; restart++)
            good = add_shape_run(store, shape, point, restart, &arena, error);
    good = good && store_commit(store, error) && (!shape->has_claims || set_claims(store, error));
    arena_release(&arena);
    return store_close(store, error) && good;
}

static const StoreShape intro_shape = {"Five features in two dimensions",
                                       "figures:\n  - {kind: directions}\n  - kind: gram\n",
                                       5,
                                       2,
                                       10,
                                       2,
                                       0.9,
                                       -1,
                                       true,
                                       intro_direction,
                                       NULL};
static const StoreShape basic_shape = {"Twenty features in five dimensions",
                                       "figures: [{kind: gram, name: basic, theme: dark}]\n",
                                       20,
                                       5,
                                       7,
                                       1,
                                       0.7,
                                       4,
                                       false,
                                       pairs_direction,
                                       NULL};
static const StoreShape large_shape = {"Eighty features in twenty dimensions",
                                       "figures: []\n",
                                       80,
                                       20,
                                       7,
                                       1,
                                       0.9,
                                       -1,
                                       true,
                                       pairs_direction,
                                       NULL};

static const StoreShape octahedron_shape = {"Six features in three dimensions",
                                            "figures: [directions]\n",
                                            6,
                                            3,
                                            4,
                                            1,
                                            1,
                                            2,
                                            true,
                                            octahedron_direction,
                                            "correlated, set_size: 3"};

#endif
