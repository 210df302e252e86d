#include "sim/metric/geometry_shape.h"

#include "sim/base/text.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Trained shapes have angles within about 5 degrees of the ideal: 0.09 in a cosine. Ideals of equal
 * n and rank differ by 0.19 at least. */
static const double cosine_tolerance = 0.1;

/* Cosines from one corner to all others, smallest first. */
typedef struct Shape {
    ShapeName name;
    int n, rank;
    double cosines[MAX_SHAPE - 1];
} Shape;

/* The antiprism is the tight one (D = 3/8): corners at height ±sqrt(1/3), so neighbours in a square
 * have 1/3, opposite ones -1/3, and across ±sqrt(2)/3 - 1/3. */
static const Shape shapes[] = {
    {{"digon", "digons"}, 2, 1, {-1}},
    {{"collapsed pair", "collapsed pairs"}, 2, 1, {1}},
    {{"square antiprism", "square antiprisms"},
     8,
     3,
     {-0.80473785412436495, -0.80473785412436495, -1 / 3., 0.13807118745769836, 0.13807118745769836,
      1 / 3., 1 / 3.}},
    {{"cube", "cubes"}, 8, 3, {-1, -1 / 3., -1 / 3., -1 / 3., 1 / 3., 1 / 3., 1 / 3.}},
    {{"icosahedron", "icosahedra"},
     12,
     3,
     {-1, -0.44721359549995794, -0.44721359549995794, -0.44721359549995794, -0.44721359549995794,
      -0.44721359549995794, 0.44721359549995794, 0.44721359549995794, 0.44721359549995794,
      0.44721359549995794, 0.44721359549995794}},
};

/* A polygon with 4 corners falls into two digons. */
static const ShapeName polygon_names[] = {
    [3] = {"triangle", "triangles"}, [5] = {"pentagon", "pentagons"}, [6] = {"hexagon", "hexagons"},
    [7] = {"heptagon", "heptagons"}, [8] = {"octagon", "octagons"},
};

static int by_value(const void *a, const void *b) {
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

/* Each corner's cosines to the others, sorted: rows [n][MAX_SHAPE]. */
static void sorted_rows(int n, const double *cosines, double (*rows)[MAX_SHAPE]) {
    for (int i = 0; i < n; i++) {
        int count = 0;
        for (int j = 0; j < n; j++)
            if (j != i)
                rows[i][count++] = cosines[i * n + j];
        qsort(rows[i], count, sizeof(double), by_value);
    }
}

static bool rows_match(const double (*rows)[MAX_SHAPE], int n, const double *ideal) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n - 1; j++)
            if (!(fabs(rows[i][j] - ideal[j]) <= cosine_tolerance))
                return false;
    return true;
}

static bool is_polygon(const double (*rows)[MAX_SHAPE], int n) {
    double ideal[MAX_SHAPE] = {0};
    for (int j = 1; j < n; j++)
        ideal[j - 1] = cos(2 * M_PI * j / n);
    qsort(ideal, n - 1, sizeof *ideal, by_value);
    return rows_match(rows, n, ideal);
}

static bool is_simplex(const double (*rows)[MAX_SHAPE], int n) {
    double ideal[MAX_SHAPE];
    for (int j = 0; j < n - 1; j++)
        ideal[j] = -1. / (n - 1);
    return rows_match(rows, n, ideal);
}

static ShapeName polygon_name(int n, Arena *arena) {
    if (n < (int)(sizeof polygon_names / sizeof *polygon_names) && polygon_names[n].singular)
        return polygon_names[n];
    return (ShapeName){arena_print(arena, "%d-gon", n), arena_print(arena, "%d-gons", n)};
}

static ShapeName simplex_name(int n, Arena *arena) {
    if (n == 4)
        return (ShapeName){"tetrahedron", "tetrahedra"};
    return (ShapeName){arena_print(arena, "simplex of %d", n),
                       arena_print(arena, "simplices of %d", n)};
}

ShapeName shape_name(int n, int rank, const double *cosines, Arena *arena) {
    if (n == 1)
        return (ShapeName){"dedicated", "dedicated"};
    if (cosines) {
        double rows[MAX_SHAPE][MAX_SHAPE];
        sorted_rows(n, cosines, rows);
        const double(*corners)[MAX_SHAPE] = (const double(*)[MAX_SHAPE])rows;
        for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
            if (shapes[s].n == n && shapes[s].rank == rank &&
                rows_match(corners, n, shapes[s].cosines))
                return shapes[s].name;
        if (rank == 2 && is_polygon(corners, n))
            return polygon_name(n, arena);
        if (rank == n - 1 && is_simplex(corners, n))
            return simplex_name(n, arena);
    }
    const char *name = arena_print(arena, "irregular %d in %d", n, rank);
    return (ShapeName){name, name};
}

static bool is_same(const char *text, int n, ShapeName name, bool is_plural) {
    const char *wanted = is_plural ? name.plural : name.singular;
    return wanted && (int)strlen(wanted) == n && strncmp(wanted, text, n) == 0;
}

bool shape_is_name(const char *text, int n, bool is_plural) {
    static const ShapeName others[] = {{"dedicated", "dedicated"}, {"tetrahedron", "tetrahedra"}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (is_same(text, n, others[i], is_plural))
            return true;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (is_same(text, n, shapes[i].name, is_plural))
            return true;
    for (size_t i = 0; i < sizeof polygon_names / sizeof *polygon_names; i++)
        if (is_same(text, n, polygon_names[i], is_plural))
            return true;
    return text_matches(text, n, is_plural ? "#-gons" : "#-gon") ||
           text_matches(text, n, is_plural ? "simplices of #" : "simplex of #") ||
           text_matches(text, n, "irregular # in #");
}
