/* Pictures of polytopes: corners, angles and colours of the shapes that components are drawn as. */
#include "render/model/shapes.h"
#include "sim/theory/polytope.h"
#include "tests/figure_bench.h"

#include <math.h>

enum { MAX_N = 12, MAX_M = 11 };

/* A polytope's corners as a model's rows in another order, `scale` long, disturbed a little. */
static Model model_of(const Polytope *polytope, double scale, float *W, int *features) {
    int n = polytope->n_corners, m = polytope->n_dimensions;
    for (int i = 0; i < n; i++) {
        features[i] = i;
        for (int k = 0; k < m; k++)
            W[(5 * i + 2) % n * m + k] =
                (float)(scale * (polytope->corners[i * m + k] + 0.02 * sin(7 * i + 3 * k)));
    }
    return (Model){.n_features = n, .n_hidden = m, .W = W, .W2 = W};
}

/* Names of the metric geometry; 5 and n must have no common divisor for another order. */
Test(shapes, every_polytope_has_a_picture_without_hidden_corners) {
    static const char *const names[] = {"dedicated",    "digon",       "collapsed pair",
                                        "triangle",     "hexagon",     "heptagon",
                                        "octagon",      "tetrahedron", "simplex of 6",
                                        "simplex of 7", "cube",        "square antiprism",
                                        "icosahedron"};
    for (size_t s = 0; s < sizeof names / sizeof *names; s++) {
        Arena arena = {0};
        Error error;
        Polytope polytope;
        float W[MAX_N * MAX_M];
        double x[MAX_N], y[MAX_N], outermost = 0;
        int features[MAX_N], n;
        cr_assert(polytope_make(names[s], &arena, &polytope, &error), "%s", error.text);
        n = polytope.n_corners;
        Model model = model_of(&polytope, 1.1, W, features);
        cr_assert(shape_places(names[s], &model, features, n, x, y), "%s", names[s]);
        for (int i = 0; i < n; i++) {
            outermost = fmax(outermost, hypot(x[i], y[i]));
            for (int j = 0; j < i; j++)
                cr_assert_gt(hypot(x[i] - x[j], y[i] - y[j]), 0.2, "%s: %d on %d", names[s], i, j);
        }
        cr_assert(outermost <= 1 + 1e-9 && (n == 1 || outermost > 0.35), "%s", names[s]);
        arena_release(&arena);
    }
}

/* On a unit circle corners are sqrt(2 - 2 cos) apart; the outlines' own corners are on top. */
Test(shapes, polygons_keep_their_angles) {
    static const int sizes[] = {3, 5, 6, 7, 8};
    for (int s = 0; s < 5; s++) {
        int n = sizes[s], features[MAX_N];
        float W[2 * MAX_N];
        double x[MAX_N], y[MAX_N], top = -1;
        static const char *const names[] = {
            [3] = "triangle", [5] = "pentagon", [6] = "hexagon", [7] = "heptagon", [8] = "octagon"};
        for (int i = 0; i < n; i++) { /* every second, or third, corner is the next feature */
            double angle = 2 * M_PI * i * (n % 2 ? 2 : n == 8 ? 3 : 5) / n + 0.3;
            W[2 * i] = (float)(0.9 * cos(angle));
            W[2 * i + 1] = (float)(0.9 * sin(angle));
            features[i] = i;
        }
        Model model = {.n_features = n, .n_hidden = 2, .W = W, .W2 = W};
        cr_assert(shape_places(names[n], &model, features, n, x, y));
        for (int i = 0; i < n; i++) {
            top = fmax(top, y[i]);
            for (int j = 0; j < i; j++)
                cr_assert_float_eq(hypot(x[i] - x[j], y[i] - y[j]),
                                   sqrt(2 - 2 * cosine(&model, i, j)), 1e-5, "%d: %d, %d", n, i, j);
        }
        cr_assert_float_eq(top, 1, 1e-5);
    }
}

/* From 2.2 radii away corners at heights ±sqrt(1/3) are (2.2 - h) : (2.2 + h) as large. */
Test(shapes, an_antiprism_is_a_square_in_a_square) {
    Arena arena = {0};
    Error error;
    Polytope polytope;
    float W[24];
    double x[8], y[8], height = sqrt(1 / 3.);
    int features[8], n_outer = 0;
    cr_assert(polytope_make("square antiprism", &arena, &polytope, &error));
    Model model = model_of(&polytope, 1, W, features);
    cr_assert(shape_places("square antiprism", &model, features, 8, x, y));
    for (int i = 0; i < 8; i++) {
        double radius = hypot(x[i], y[i]);
        n_outer += radius > 0.8;
        cr_assert_float_eq(radius, radius > 0.8 ? 1 : (2.2 - height) / (2.2 + height), 1e-9);
        for (int j = 0; j < i; j++) /* within a square cosines are ±1/3 */
            cr_assert_eq(fabs(fabs(cosine(&model, i, j)) - 1 / 3.) < 0.1,
                         fabs(hypot(x[j], y[j]) - radius) < 0.1);
    }
    cr_assert_eq(n_outer, 4);
    arena_release(&arena);
}

/* Two digons at 60 degrees lie in a plane; three dimensions that are no polytope are for others. */
Test(shapes, what_lies_in_a_plane_is_drawn_as_it_lies) {
    const int features[] = {0, 1, 2, 3};
    float plane[] = {2, 0, 0, -1, 0, 0, 0.5f, 0, 0.8660254f, -1, 0, -1.7320508f};
    float space[] = {1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1};
    Model flat = {.n_features = 4, .n_hidden = 3, .W = plane, .W2 = plane};
    Model solid = {.n_features = 4, .n_hidden = 3, .W = space, .W2 = space};
    double x[4], y[4];
    cr_assert(shape_places("irregular 4 in 2", &flat, features, 4, x, y));
    for (int i = 0; i < 4; i++) {
        cr_assert_float_eq(hypot(x[i], y[i]), 1, 1e-6);
        for (int j = 0; j < 4; j++)
            cr_assert_float_eq(x[i] * x[j] + y[i] * y[j], cosine(&flat, i, j), 1e-6);
    }
    cr_assert_not(shape_places("irregular 4 in 3", &solid, features, 4, x, y));
    cr_assert_not(shape_places("tetrahedron", &solid, features, 4, x, y));
}

Test(shapes, colours_tell_shapes_apart_and_counts_have_their_plural) {
    Arena arena = {0};
    const Style *style = style_of(THEME_LIGHT);
    cr_assert_eq(shape_of("pentagon"), SHAPE_PENTAGON);
    cr_assert_eq(shape_of("irregular 4 in 2"), SHAPE_OTHER);
    cr_assert_str_eq(shape_count(&arena, SHAPE_TETRAHEDRON, 2), "2 tetrahedra");
    cr_assert_str_eq(shape_count(&arena, SHAPE_DIGON, 1), "1 digon");
    for (int a = 0; a < N_SHAPES; a++)
        for (int b = 0; b < a; b++) {
            Color first = shape_color(style, (Shape)a), second = shape_color(style, (Shape)b);
            cr_assert_gt(fabs(first.red - second.red) + fabs(first.green - second.green) +
                             fabs(first.blue - second.blue),
                         0.2, "%d, %d", a, b);
        }
    arena_release(&arena);
}
