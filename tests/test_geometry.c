/* geometry: exactly constructed polytopes have their D_i and their names. Coordinates and D_i are
 * those of the convex polytopes themselves (Elhage et al. 2022, "The geometry of superposition").
 */
#include "sim/metric/geometry.h"
#include "tests/polytopes.h"

typedef struct Row {
    Polytope polytope;
    const char *name;
    double D, D_last; /* of the first corner and of the last */
} Row;

enum { N_ROWS = 22 };

static void make_rows(Row *rows) {
    const Row made[N_ROWS] = {
        {dedicated(1), "dedicated", 1, 1},
        {dedicated(4), "4 dedicated", 1, 1},
        {cross(1), "digon", 1 / 2., 1 / 2.},
        {cross(2), "2 digons", 1 / 2., 1 / 2.},
        {cross(3), "3 digons", 1 / 2., 1 / 2.}, /* the octahedron */
        {polygon(3), "triangle", 2 / 3., 2 / 3.},
        {polygon(4), "2 digons", 1 / 2., 1 / 2.},
        {polygon(5), "pentagon", 2 / 5., 2 / 5.},
        {polygon(6), "hexagon", 1 / 3., 1 / 3.},
        {hexagon(), "hexagon", 1 / 3., 1 / 3.},
        {polygon(7), "heptagon", 2 / 7., 2 / 7.},
        {polygon(8), "octagon", 1 / 4., 1 / 4.},
        {polygon(11), "11-gon", 2 / 11., 2 / 11.},
        {simplex(3), "tetrahedron", 3 / 4., 3 / 4.},
        {simplex(4), "simplex of 5", 4 / 5., 4 / 5.},
        {simplex(5), "simplex of 6", 5 / 6., 5 / 6.},
        {cube(), "cube", 3 / 8., 3 / 8.},
        {antiprism(), "square antiprism", 3 / 8., 3 / 8.},
        {icosahedron(), "icosahedron", 1 / 4., 1 / 4.},
        {bipyramid(3), "triangle + digon", 2 / 3., 1 / 2.},
        {bipyramid(5), "pentagon + digon", 2 / 5., 1 / 2.},
        {simplex(2), "triangle", 2 / 3., 2 / 3.}, /* a plane in three dimensions */
    };
    memcpy(rows, made, sizeof made);
}

/* Corners with small whole coordinates are exact in a model's floats: their D_i is held to 1e-12.
 * The others are off by a float's rounding, 6e-8 of a coordinate. */
Test(geometry, polytopes_have_their_dimensionality) {
    static Row rows[N_ROWS];
    int n_exact = 0;
    make_rows(rows);
    for (int r = 0; r < N_ROWS; r++) {
        const Polytope *p = &rows[r].polytope;
        float W[MAX_CORNERS * MAX_M];
        Model model;
        bool is_exact = model_of_polytope(p, W, &model);
        Arena arena = {0};
        Measurements out = {.arena = &arena};
        const double *D = measure(&model, "feature_dimensionality", &out)->values;
        double tolerance = is_exact ? 1e-12 : 3e-7, last = D[p->n - 1];
        cr_assert_float_eq(D[0], rows[r].D, tolerance, "%s: %.15g", rows[r].name, D[0]);
        cr_assert_float_eq(last, rows[r].D_last, tolerance, "%s: %.15g", rows[r].name, last);
        n_exact += is_exact;
        arena_release(&arena);
    }
    cr_assert_geq(n_exact, 10);
}

Test(geometry, names_keep_under_rotation_order_scale_and_noise) {
    static Row rows[N_ROWS];
    make_rows(rows);
    Rng rng;
    rng_init(&rng, 11, 0, 0);
    for (int trial = 0; trial < 20 * N_ROWS; trial++) {
        const Row *row = &rows[trial % N_ROWS];
        double norm = 0;
        for (int k = 0; k < MAX_M; k++)
            norm += row->polytope.x[0][k] * row->polytope.x[0][k];
        double scale = (0.6 + rng_uniform(&rng)) / sqrt(norm), noise = trial % 2 ? 0.01 : 0;
        float W[MAX_CORNERS * (MAX_M + 4)];
        Model model = model_from(&row->polytope, trial % 5, scale, noise, &rng, W);
        Arena arena = {0};
        const char *name = geometry_name(&model, &arena);
        cr_assert_str_eq(name, row->name, "%s is called %s", row->name, name);
        cr_assert(metric_labelling("geometry_name")->is_label("geometry_name", name), "%s", name);
        arena_release(&arena);
    }
}

/* Two or more features that lean on each other and form nothing known. */
Test(geometry, names_of_the_irregular_and_the_absent) {
    static const struct {
        int n, m;
        float W[8];
        const char *name;
    } rows[] = {
        {2, 2, {1, 0, 0.6f, 0.8f}, "irregular 2 in 2"},
        {2, 2, {1, 0, 1.3f, 0.05f}, "collapsed pair"},
        {3, 2, {1, 0, -1, 0.1f, 1, 0.1f}, "irregular 3 in 1"},
        {2, 2, {0.5f, 0, 0, 0.1f}, "nothing represented"},
        {2, 2, {1, 0, 0.4f, 0}, "dedicated"},
        {3, 2, {1, 0, 0.05f, 1, 0.1f, 0.2f}, "2 dedicated"},
        {4, 2, {1, 0.05f, -1, 0.05f, 0.05f, 1, -0.05f, -1}, "2 digons"},
        {3, 2, {0, 1, 0.1f, -1, 1, 0}, "digon + dedicated"},
        {2, 2, {(float)NAN, 0, (float)INFINITY, 1}, "nothing represented"},
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        float W[8];
        memcpy(W, rows[r].W, sizeof W);
        Model model = {.n_features = rows[r].n, .n_hidden = rows[r].m, .W = W, .W2 = W};
        Arena arena = {0};
        const char *name = geometry_name(&model, &arena);
        cr_assert_str_eq(name, rows[r].name, "row %zu: %s", r, name);
        cr_assert(metric_labelling("geometry_name")->is_label("geometry_name", name), "%s", name);
        arena_release(&arena);
    }
}

/* Two digons, one feature that is not represented, one dedicated. */
Test(geometry, measurements_carry_labels) {
    float W[] = {1,       0, 0, /**/ 0, 0,  0.2f, /**/ 0, 1, 0,
                 /**/ -1, 0, 0, /**/ 0, -1, 0,    /**/ 0, 0, 1};
    static const char *const expected[] = {"digon", "not represented", "digon",
                                           "digon", "digon",           "dedicated"};
    Model model = {.n_features = 6, .n_hidden = 3, .W = W, .W2 = W};
    Arena arena = {0};
    Measurements out = {.arena = &arena};
    const Measurement *geometry = measure(&model, "geometry", &out);
    const Measurement *whole = measurement_find(&out, "geometry_name");
    for (int i = 0; i < 6; i++)
        cr_assert_str_eq(geometry->labels[(int)geometry->values[i]], expected[i]);
    cr_assert_eq(geometry->n_labels, 3);
    cr_assert_eq(whole->rank, 0);
    cr_assert_str_eq(whole->labels[(int)whole->values[0]], "2 digons + dedicated");
    static const double components[] = {0, (double)NAN, 1, 0, 1, 2};
    const double *component = measurement_find(&out, "geometry_component")->values;
    for (int i = 0; i < 6; i++)
        cr_assert(isnan(components[i]) ? isnan(component[i]) : component[i] == components[i]);
    const Measurement *graph = measure(&model, "geometry_graph", &out);
    static const double edges[] = {0, 3, 1, 2, 4, 1};
    cr_assert(graph->rank == 2 && graph->shape[0] == 2 && graph->shape[1] == 3);
    for (int e = 0; e < 6; e++)
        cr_assert_eq(graph->values[e], edges[e]);
    arena_release(&arena);
}

/* More features than are ever compared with a shape, and two groups that meet in no coordinate. */
Test(geometry, large_components_are_described) {
    enum { N = 300, M = 20 };
    static float W[N * M];
    Rng rng;
    rng_init(&rng, 12, 0, 0);
    for (int i = 0; i < N; i++)
        for (int k = 0; k < M / 2; k++)
            W[i * M + k + (i < 100 ? M / 2 : 0)] = (float)rng_normal(&rng);
    Model model = {.n_features = N, .n_hidden = M, .W = W, .W2 = W};
    Arena arena = {0};
    Geometry geometry;
    Error error = {0};
    cr_assert(geometry_find(&model, &arena, &geometry, &error));
    cr_assert_eq(geometry.n_components, 2);
    for (int i = 0; i < N; i++)
        cr_assert_eq(geometry.component[i], i >= 100);
    cr_assert_str_eq(geometry_describe(&geometry, &arena),
                     "irregular 200 in 10 + irregular 100 in 10");
    arena_release(&arena);
}

/* Norms 2 and 1 at 60 degrees, the third at 90 to the first and 30 to the second; and none. */
Test(geometry, graph_weighs_edges_by_inner_products) {
    float W[] = {2, 0, 0.5f, (float)sqrt(0.75), 0, 1}, zero[6] = {0};
    static const double edges[2][3] = {{0, 1, 1}, {1, 2, 0.8660254037844386}};
    Model model = {.n_features = 3, .n_hidden = 2, .W = W, .W2 = W};
    Arena arena = {0};
    Measurements out = {.arena = &arena}, none = {.arena = &arena};
    const Measurement *graph = measure(&model, "geometry_graph", &out);
    cr_assert_eq(graph->shape[0], 2);
    for (int e = 0; e < 6; e++)
        cr_assert_float_eq(graph->values[e], edges[e / 3][e % 3], 1e-7);
    model.W = zero;
    cr_assert_eq(measurement_count(measure(&model, "geometry_graph", &none)), 0);
    arena_release(&arena);
}

/* Names that geometry_name can give, and such that it cannot. */
Test(geometry, knows_its_names) {
    static const char *const good[] = {"pentagon",
                                       "2 digons",
                                       "3 irregular 4 in 3 + digon",
                                       "12-gon",
                                       "2 9-gons",
                                       "simplex of 7 + 2 simplices of 5",
                                       "tetrahedron + 10 dedicated",
                                       "nothing represented"};
    static const char *const bad[] = {"pentagn",
                                      "2 digon",
                                      "1 digon",
                                      "digons",
                                      "pentagon +",
                                      "+ pentagon",
                                      "",
                                      "2",
                                      "2 ",
                                      "gon",
                                      "-gon",
                                      "irregular 4",
                                      "simplex of",
                                      "not represented",
                                      "pentagon  + digon"};
    const MetricKind *metric = metric_labelling("geometry_name");
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        cr_assert(metric->is_label("geometry_name", good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_assert_not(metric->is_label("geometry_name", bad[i]), "%s", bad[i]);
    for (int i = 0; metric->labels[i]; i++)
        cr_assert(metric->is_label("geometry_name", metric->labels[i]) ||
                  metric->is_label("geometry", metric->labels[i]));
    cr_assert(metric->is_label("geometry", "not represented") &&
              metric->is_label("geometry", "digon") && !metric->is_label("geometry", "2 digons"));
    cr_assert_null(metric_labelling("geometry_component"));
    cr_assert_null(metric_labelling("loss"));
}
