/* Polytopes, bounds and one-hot k-gons: by the definition of feature dimensionality, by closed
 * forms and by the paper's tables. */
#include "sim/theory/bounds.h"
#include "sim/theory/kgon.h"
#include "sim/theory/polytope.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static double cosine(const Polytope *p, int i, int j) {
    double sum = 0;
    for (int k = 0; k < p->n_dimensions; k++)
        sum += p->corners[i * p->n_dimensions + k] * p->corners[j * p->n_dimensions + k];
    return sum;
}

static Polytope make(const char *name, Arena *arena) {
    Polytope polytope;
    Error error = {0};
    cr_assert(polytope_make(name, arena, &polytope, &error), "%s", error.text);
    return polytope;
}

/* D_i = 1 / sum_j cos_ij^2 for unit directions: Elhage et al. 2022, "Uniform superposition". As
 * many dimensions are shared out as the corners span. */
static void check_dimensionality(const char *name) {
    Arena arena = {0};
    Polytope p = make(name, &arena);
    double total = 0;
    cr_expect_str_eq(p.name, name);
    for (int i = 0; i < p.n_corners; i++) {
        double sum = 0;
        for (int j = 0; j < p.n_corners; j++)
            sum += cosine(&p, i, j) * cosine(&p, i, j);
        cr_expect_float_eq(cosine(&p, i, i), 1, 1e-14, "%s, corner %d", name, i);
        cr_expect_float_eq(p.dimensionality[i], 1 / sum, 1e-13, "%s, corner %d", name, i);
        total += p.dimensionality[i];
    }
    cr_expect_float_eq(total, p.n_dimensions, 1e-12, "%s", name);
    arena_release(&arena);
}

Test(polytope, has_the_dimensionality_of_its_corners) {
    static const char *const numbered[] = {"3-gon",
                                           "9-gon",
                                           "100-gon",
                                           "simplex of 2",
                                           "simplex of 6",
                                           "cross-polytope of 1",
                                           "cross-polytope of 5"};
    for (int i = 0; i < polytope_count(); i++)
        check_dimensionality(polytope_name(i));
    for (size_t i = 0; i < sizeof numbered / sizeof *numbered; i++)
        check_dimensionality(numbered[i]);
}

/* The smallest angle between corners, from the solids themselves (Coxeter, Regular Polytopes, table
 * I, by cos of the angle an edge is seen under), and the number of pairs at it: the edges. */
Test(polytope, has_the_edges_of_its_solid) {
    static const struct {
        const char *name;
        int n_edges;
        double cosine;
    } rows[] = {{"digon", 1, -1},
                {"collapsed pair", 1, 1},
                {"triangle", 3, -0.5},
                {"square", 4, 0},
                {"pentagon", 5, 0.30901699437494742},
                {"tetrahedron", 6, -1 / 3.},
                {"octahedron", 12, 0},
                {"cube", 12, 1 / 3.},
                {"icosahedron", 30, 0.44721359549995794},
                {"dodecahedron", 30, 0.74535599249992990},
                {"simplex of 6", 15, -0.2},
                {"square antiprism", 8, 1 / 3.}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        Arena arena = {0};
        Polytope p = make(rows[r].name, &arena);
        double largest = -1;
        int n_edges = 0;
        for (int i = 0; i < p.n_corners; i++)
            for (int j = 0; j < i; j++)
                largest = fmax(largest, cosine(&p, i, j));
        for (int i = 0; i < p.n_corners; i++)
            for (int j = 0; j < i; j++)
                n_edges += cosine(&p, i, j) > largest - 1e-9;
        cr_expect_float_eq(largest, rows[r].cosine, 1e-14, "%s", p.name);
        cr_expect_eq(n_edges, rows[r].n_edges, "%s: %d", p.name, n_edges);
        arena_release(&arena);
    }
}

Test(polytope, refuses_other_names) {
    static const char *const names[] = {"",
                                        "gon",
                                        "2-gon",
                                        "-3-gon",
                                        "5-gons",
                                        "simplex of",
                                        "simplex of 1",
                                        "simplex of 3 ",
                                        "Pentagon",
                                        "9999999999-gon",
                                        "cross-polytope of 0"};
    Arena arena = {0};
    Polytope polytope;
    Error error;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        cr_expect_not(polytope_make(names[i], &arena, &polytope, &error), "%s", names[i]);
    cr_expect_not(polytope_make("1001-gon", &arena, &polytope, &error));
    cr_expect_str_eq(error.text, "polytope \"1001-gon\" has 1001 corners; 1000 is the most");
    arena_release(&arena);
}

/* Each level is that of every corner of the polytope it names. */
Test(bounds, levels_are_those_of_their_polytopes) {
    for (int i = 0; i < n_dimensionality_levels; i++) {
        const DimensionalityLevel *level = &dimensionality_levels[i];
        Arena arena = {0};
        Polytope p = make(level->polytope, &arena);
        int above, below;
        cr_expect_eq(p.n_dimensions, level->n_dimensions, "%s", level->text);
        for (int c = 0; c < p.n_corners; c++)
            cr_expect_float_eq(p.dimensionality[c], level->value, 1e-15, "%s", level->text);
        cr_expect_eq(sscanf(level->text, "%d/%d", &above, &below), 2);
        cr_expect_float_eq(level->value, (double)above / below, 1e-15);
        cr_expect(i == 0 || level->value < level[-1].value);
        arena_release(&arena);
    }
}

/* Simplices reach Welch's bound, tight frames the other two; a pentagon is tight but has cos 36 =
 * 0.809 against 0.612 (both by hand). */
Test(bounds, are_reached_by_simplices_and_tight_frames) {
    static const char *const names[] = {"triangle", "tetrahedron",      "simplex of 9", "pentagon",
                                        "cube",     "square antiprism", "dodecahedron"};
    for (int r = 0; r < 7; r++) {
        Arena arena = {0};
        Polytope p = make(names[r], &arena);
        int n = p.n_corners, m = p.n_dimensions;
        double potential = 0, largest = 0;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                potential += cosine(&p, i, j) * cosine(&p, i, j);
                largest = i == j ? largest : fmax(largest, fabs(cosine(&p, i, j)));
            }
        cr_expect_float_eq(bound_frame_potential(n, m), potential, 1e-12, "%s", p.name);
        cr_expect_float_eq(bound_mean_square_cosine(n, m), (potential - n) / (n * (n - 1.)), 1e-13,
                           "%s", p.name);
        if (r < 3)
            cr_expect_float_eq(bound_welch(n, m), largest, 1e-13, "%s", p.name);
        else
            cr_expect_lt(bound_welch(n, m), largest, "%s", p.name);
        arena_release(&arena);
    }
    cr_expect_float_eq(bound_welch(5, 2), sqrt(3 / 8.), 1e-15);
    cr_expect_eq(bound_welch(3, 3), 0);
    cr_expect_eq(bound_welch(1, 1), 0);
    cr_expect_eq(bound_frame_potential(2, 3), 2);
}

/* Chen et al. 2023, table of k-gons: five digits. */
Test(kgon, is_the_papers_table) {
    static const Kgon rows[] = {{2, 1, 0, 0},
                                {3, 1, 0, 0},
                                {4, 1, 0, 0},
                                {5, 1.17046, -0.28230, 0.23738},
                                {6, 1.32053, -0.61814, 0.86746},
                                {7, 1.44839, -0.96691, 1.74870},
                                {8, 1.55045, -1.29119, 2.77311}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        Kgon kgon = kgon_of(rows[r].k);
        cr_expect_float_eq(kgon.radius, rows[r].radius, 1e-4, "k = %d: %g", kgon.k, kgon.radius);
        cr_expect_float_eq(kgon.bias, rows[r].bias, 1e-4, "k = %d: %g", kgon.k, kgon.bias);
        cr_expect_float_eq(kgon.h, rows[r].h, 1e-4, "k = %d: %g", kgon.k, kgon.h);
    }
}

/* The same paper's losses, and its exact statement that each k+ lowers L by 1/(4 c^2). */
Test(kgon, has_the_papers_losses) {
    static const struct {
        int k, c, n_plus;
        double loss;
    } rows[] = {{5, 5, 0, 0.01583}, {4, 5, 0, 0.06667}, {4, 5, 1, 0.05667}, {6, 6, 0, 0.04819},
                {5, 6, 0, 0.06874}, {5, 6, 1, 0.06180}, {4, 6, 1, 0.10417}, {4, 4, 0, 0}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        cr_expect_float_eq(kgon_loss(rows[r].k, rows[r].c, rows[r].n_plus), rows[r].loss, 1e-5,
                           "L(%d, %d)", rows[r].k, rows[r].c);
    cr_expect_float_eq(kgon_loss(5, 6, 1), kgon_loss(5, 6, 0) - 1 / 144., 1e-9);
    cr_expect_float_eq(kgon_loss(4, 6, 2), kgon_loss(4, 6, 0) - 2 / 144., 1e-9);
}

/* The one-hot loss from its definition, by the midpoint rule on a fine grid (its error: h^2 / 24
 * times the second derivative, below 1e-8): live features on the polygon, a dead one with a bias.
 */
Test(kgon, losses_are_those_of_the_model) {
    enum { C = 6, N = 20000 };
    for (int k = 5; k <= C; k++)
        for (int n_plus = 0; n_plus <= C - k; n_plus++) {
            Kgon kgon = kgon_of(k);
            double loss = 0, squared = kgon.radius * kgon.radius;
            for (int active = 0; active < C; active++)
                for (int i = 0; i < C; i++)
                    for (int q = 0; q < N; q++) {
                        double x = (q + 0.5) / N, bias = i < k ? kgon.bias : n_plus / (2. * C);
                        double G =
                            i < k && active < k ? squared * cos(2 * M_PI * (i - active) / k) : 0;
                        double error = x * (i == active) - fmax(G * x + bias, 0);
                        loss += error * error / (N * (double)C);
                    }
            cr_expect_float_eq(kgon_loss(k, C, n_plus), loss, 1e-7, "k = %d + %d", k, n_plus);
        }
}
