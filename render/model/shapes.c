/* Corners come from sim/theory/polytope.h; features are assigned to them by backtracking. */
#include "render/model/shapes.h"

#include "sim/metric/overlap.h"
#include "sim/theory/polytope.h"

#include <math.h>
#include <string.h>

/* More corners than any named component has. */
enum { MAX_CORNERS = 12 };
static const double cosine_tolerance = 0.2, eye = 2.2; /* from the centre, in radii */

static const struct {
    const char *name; /* in the metric; NULL: not one name */
    const char *label, *one, *many;
    int category;
} looks[] = {
    [SHAPE_DEDICATED] = {"dedicated", "alone", "alone", "alone", 5},
    [SHAPE_TETRAHEDRON] = {"tetrahedron", "tetrahedron", "tetrahedron", "tetrahedra", 2},
    [SHAPE_TRIANGLE] = {"triangle", "triangle", "triangle", "triangles", 1},
    [SHAPE_DIGON] = {"digon", "digon", "digon", "digons", 0},
    [SHAPE_PENTAGON] = {"pentagon", "pentagon", "pentagon", "pentagons", 3},
    [SHAPE_ANTIPRISM] = {"square antiprism", "square antiprism", "square antiprism",
                         "square antiprisms", 4},
    [SHAPE_OTHER] = {NULL, "other shape", "other", "others", 6},
    [SHAPE_NONE] = {"not represented", "not represented", "not represented", "not represented", 6}};

Shape shape_of(const char *name) {
    for (int s = 0; s < N_SHAPES; s++)
        if (looks[s].name && strcmp(looks[s].name, name) == 0)
            return (Shape)s;
    return SHAPE_OTHER;
}

const char *shape_label(Shape shape) {
    return looks[shape].label;
}

const char *shape_count(Arena *arena, Shape shape, int n) {
    return arena_print(arena, "%d %s", n, n == 1 ? looks[shape].one : looks[shape].many);
}

Color shape_color(const Style *style, Shape shape) {
    Color color = style_category(style, looks[shape].category);
    return shape == SHAPE_NONE ? style_tint(style, color, 0.45) : color;
}

/* Assigning features to corners: which feature each corner has so far. */
typedef struct Fit {
    int n;
    const double *cosines; /* [n][n] of the features */
    const Polytope *polytope;
    int feature[MAX_CORNERS]; /* of corner 0 … */
    bool is_used[MAX_CORNERS];
} Fit;

static double corner_dot(const Polytope *polytope, int a, int b) {
    double dot = 0;
    for (int k = 0; k < polytope->n_dimensions; k++)
        dot += polytope->corners[a * polytope->n_dimensions + k] *
               polytope->corners[b * polytope->n_dimensions + k];
    return dot;
}

static bool fits_at(const Fit *fit, int corner, int feature) {
    for (int c = 0; c < corner; c++)
        if (!(fabs(fit->cosines[feature * fit->n + fit->feature[c]] -
                   corner_dot(fit->polytope, corner, c)) <= cosine_tolerance))
            return false;
    return true;
}

static bool assign(Fit *fit, int corner) {
    if (corner == fit->n)
        return true;
    for (int f = 0; f < fit->n; f++) {
        if (fit->is_used[f] || !fits_at(fit, corner, f))
            continue;
        fit->is_used[f] = true;
        fit->feature[corner] = f;
        if (assign(fit, corner + 1))
            return true;
        fit->is_used[f] = false;
    }
    return false;
}

/* A corner on the page. Of a solid the depth is the third coordinate, of a simplex the first, on
 * which one of its corners lies. */
static void view(const Polytope *polytope, int corner, double *x, double *y) {
    int n = polytope->n_corners, m = polytope->n_dimensions;
    const double *at = polytope->corners + (size_t)corner * m;
    double turn = 2 * M_PI * corner / n + M_PI / 2;
    bool is_simplex = n == m + 1;
    if (m == 1) { /* a pair on one direction would be one node */
        double apart = corner_dot(polytope, 0, n - 1) > 0 ? 0.4 : 1;
        *x = *y = (corner ? -apart : apart) * (n > 1) / sqrt(2);
    } else if (m == 2) { /* a corner on top */
        *x = -at[1];
        *y = at[0];
    } else if (m == 3) {
        double depth = is_simplex ? at[0] : at[2], size = (eye - 1) / (eye - depth);
        *x = -size * (is_simplex ? at[2] : at[0]);
        *y = size * at[1];
    } else {
        *x = cos(turn);
        *y = sin(turn);
    }
}

static void fill_cosines(const Model *model, const int *features, int n, double *cosines) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            cosines[i * n + j] = overlap_dot(model, features[i], features[j]) /
                                 sqrt(overlap_dot(model, features[i], features[i]) *
                                      overlap_dot(model, features[j], features[j]));
}

/* So that the outermost corner lies on the circle; what is small stays small. */
static void fill_disc(int n, double *x, double *y) {
    double radius = 0;
    for (int i = 0; i < n; i++)
        radius = fmax(radius, hypot(x[i], y[i]));
    for (int i = 0; i < n && radius > 0.5; i++) {
        x[i] /= radius;
        y[i] /= radius;
    }
}

/* The directions themselves, where they lie in a plane: along the first one and across it. */
static bool place_plane(int n, const double *cosines, double *x, double *y) {
    const double tolerance = 0.3; /* of a direction of length 1, out of the plane */
    int second = 0;
    for (int i = 0; i < n; i++)
        if (fabs(cosines[i]) < fabs(cosines[second]))
            second = i;
    double across = sqrt(fmax(1 - cosines[second] * cosines[second], 0));
    for (int i = 0; i < n; i++) {
        double along = cosines[i];
        double aside =
            across > 0 ? (cosines[second * n + i] - cosines[second] * along) / across : 0;
        if (fabs(1 - along * along - aside * aside) > tolerance * tolerance)
            return false;
        x[i] = -aside;
        y[i] = along;
    }
    return true;
}

bool shape_places(const char *name, const Model *model, const int *features, int n, double *x,
                  double *y) {
    Arena scratch = {0};
    Error error = {0};
    Polytope polytope = {0};
    double cosines[MAX_CORNERS * MAX_CORNERS];
    if (n < 1 || n > MAX_CORNERS)
        return false;
    fill_cosines(model, features, n, cosines);
    bool is_polytope = polytope_make(name, &scratch, &polytope, &error) && polytope.n_corners == n;
    Fit fit = {.n = n, .cosines = cosines, .polytope = &polytope};
    if (is_polytope && assign(&fit, 0)) {
        for (int c = 0; c < n; c++)
            view(&polytope, c, &x[fit.feature[c]], &y[fit.feature[c]]);
        fill_disc(n, x, y);
    } else {
        is_polytope = false;
    }
    arena_release(&scratch);
    return is_polytope || place_plane(n, cosines, x, y);
}
