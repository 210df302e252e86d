#include "sim/theory/polytope.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* How to make a polytope; `number` is for `set`. */
typedef struct Shape {
    const char *name;
    int n_corners, n_dimensions;
    void (*set)(Polytope *polytope, int number);
    int number;
} Shape;

static double *corner(Polytope *polytope, int i) {
    return polytope->corners + (size_t)i * polytope->n_dimensions;
}

static void set_corner(Polytope *polytope, int i, double x, double y, double z) {
    double length = sqrt(x * x + y * y + z * z), *to = corner(polytope, i);
    to[0] = x / length;
    to[1] = y / length;
    to[2] = z / length;
}

/* The second of two corners on a line, or the only one. */
static void set_line(Polytope *polytope, int last) {
    polytope->corners[0] = 1;
    polytope->corners[polytope->n_corners - 1] = last;
}

static void set_polygon(Polytope *polytope, int k) {
    for (int i = 0; i < k; i++) {
        corner(polytope, i)[0] = cos(2 * M_PI * i / k);
        corner(polytope, i)[1] = sin(2 * M_PI * i / k);
    }
}

/* Along each axis in turn one corner takes the whole radius that is left, and those after it share
 * the balance; what they have left is the circumradius of their own simplex. */
static void set_simplex(Polytope *polytope, int n) {
    double radius = 1;
    for (int axis = 0; axis < n - 1; axis++) {
        double share = 1. / (n - 1 - axis);
        corner(polytope, axis)[axis] = radius;
        for (int i = axis + 1; i < n; i++)
            corner(polytope, i)[axis] = -radius * share;
        radius *= sqrt(1 - share * share);
    }
}

static void set_cross(Polytope *polytope, int m) {
    for (int i = 0; i < 2 * m; i++)
        corner(polytope, i)[i / 2] = i % 2 ? -1 : 1;
}

static void set_cube(Polytope *polytope, int first) {
    for (int i = 0; i < 8; i++)
        set_corner(polytope, first + i, i & 1 ? 1 : -1, i & 2 ? 1 : -1, i & 4 ? 1 : -1);
}

/* Two squares at heights ±sqrt(1/3), an eighth of a turn apart: sum z^2 = 8/3 makes it tight. */
static void set_antiprism(Polytope *polytope, int k) {
    for (int i = 0; i < 2 * k; i++) {
        double angle = M_PI * i / k;
        set_corner(polytope, i, sqrt(2) * cos(angle), sqrt(2) * sin(angle), i % 2 ? -1 : 1);
    }
}

/* (0, ±near, ±far) and its two rotations of coordinates. */
static void set_rectangles(Polytope *polytope, int first, double near, double far) {
    for (int i = 0; i < 4; i++) {
        double a = i & 1 ? near : -near, b = i & 2 ? far : -far;
        set_corner(polytope, first + 3 * i, 0, a, b);
        set_corner(polytope, first + 3 * i + 1, a, b, 0);
        set_corner(polytope, first + 3 * i + 2, b, 0, a);
    }
}

#define GOLDEN 1.61803398874989484820

static void set_icosahedron(Polytope *polytope, int first) {
    set_rectangles(polytope, first, 1, GOLDEN);
}

static void set_dodecahedron(Polytope *polytope, int first) {
    set_cube(polytope, first);
    set_rectangles(polytope, first + 8, 1 / GOLDEN, GOLDEN);
}

/* A tegum product: base and poles are orthogonal, so each keeps its dimensionality. */
static void set_bipyramid(Polytope *polytope, int k) {
    set_polygon(polytope, k);
    for (int i = 0; i < k; i++)
        polytope->dimensionality[i] = 2. / k;
    for (int pole = 0; pole < 2; pole++) {
        corner(polytope, k + pole)[2] = pole ? -1 : 1;
        polytope->dimensionality[k + pole] = 0.5;
    }
}

static const Shape shapes[] = {
    {"dedicated", 1, 1, set_line, 1},
    {"digon", 2, 1, set_line, -1},
    {"collapsed pair", 2, 1, set_line, 1},
    {"triangle", 3, 2, set_polygon, 3},
    {"square", 4, 2, set_polygon, 4},
    {"pentagon", 5, 2, set_polygon, 5},
    {"hexagon", 6, 2, set_polygon, 6},
    {"heptagon", 7, 2, set_polygon, 7},
    {"octagon", 8, 2, set_polygon, 8},
    {"tetrahedron", 4, 3, set_simplex, 4},
    {"octahedron", 6, 3, set_cross, 3},
    {"cube", 8, 3, set_cube, 0},
    {"square antiprism", 8, 3, set_antiprism, 4},
    {"icosahedron", 12, 3, set_icosahedron, 0},
    {"dodecahedron", 20, 3, set_dodecahedron, 0},
    {"triangular bipyramid", 5, 3, set_bipyramid, 3},
    {"pentagonal bipyramid", 7, 3, set_bipyramid, 5},
};

enum { N_SHAPES = sizeof shapes / sizeof *shapes };

int polytope_count(void) {
    return N_SHAPES;
}

const char *polytope_name(int i) {
    return shapes[i].name;
}

/* Reads a whole name that is a number with words around it. */
static bool is_numbered(const char *name, const char *before, const char *after, int *number) {
    size_t length = strlen(before);
    int end = 0;
    if (strncmp(name, before, length) != 0 || sscanf(name + length, "%7d%n", number, &end) != 1)
        return false;
    return strcmp(name + length + end, after) == 0 && *number >= 0;
}

static bool find_shape(const char *name, Shape *shape) {
    int k;
    for (int i = 0; i < N_SHAPES; i++)
        if (strcmp(name, shapes[i].name) == 0) {
            *shape = shapes[i];
            return true;
        }
    if (is_numbered(name, "", "-gon", &k) && k >= 3)
        *shape = (Shape){name, k, 2, set_polygon, k};
    else if (is_numbered(name, "simplex of ", "", &k) && k >= 2)
        *shape = (Shape){name, k, k - 1, set_simplex, k};
    else if (is_numbered(name, "cross-polytope of ", "", &k) && k >= 1)
        *shape = (Shape){name, 2 * k, k, set_cross, k};
    else
        return false;
    return true;
}

bool polytope_make(const char *name, Arena *arena, Polytope *polytope, Error *error) {
    Shape shape;
    if (!find_shape(name, &shape))
        return error_set(error, "there is no polytope \"%s\"", name);
    int n = shape.n_corners, m = shape.n_dimensions;
    if (n > MAX_POLYTOPE_CORNERS)
        return error_set(error, "polytope \"%s\" has %d corners; %d is the most", name, n,
                         MAX_POLYTOPE_CORNERS);
    *polytope = (Polytope){.name = arena_copy(arena, name), .n_corners = n, .n_dimensions = m};
    polytope->corners = ARENA_NEW(arena, double, (size_t)n *m);
    polytope->dimensionality = ARENA_NEW(arena, double, n);
    for (int i = 0; i < n; i++)
        polytope->dimensionality[i] = (double)m / n;
    shape.set(polytope, shape.number);
    return true;
}
