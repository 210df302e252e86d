/* Exactly constructed polytopes: coordinates are those of the convex polytopes themselves (Elhage
 * et al. 2022, "The geometry of superposition"). */
#ifndef SUPERPOSE_TESTS_POLYTOPES_H
#define SUPERPOSE_TESTS_POLYTOPES_H

#include "sim/base/rng.h"
#include "sim/metric/metric.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { MAX_CORNERS = 16, MAX_M = 8 };

typedef struct Polytope {
    int n, m;
    double x[MAX_CORNERS][MAX_M];
} Polytope;

static inline void add(Polytope *p, int m, const double *x) {
    for (int k = 0; k < m; k++)
        p->x[p->n][k] = x[k];
    p->n++;
    p->m = m > p->m ? m : p->m;
}

/* k corners in the plane of axes 0 and 1. */
static inline Polytope polygon(int k) {
    Polytope p = {0};
    for (int i = 0; i < k; i++)
        add(&p, 2, (double[]){cos(2 * M_PI * i / k + 0.3), sin(2 * M_PI * i / k + 0.3)});
    return p;
}

/* m + 1 corners: the unit vectors of m + 1 dimensions minus their mean, times m + 1. */
static inline Polytope simplex(int m) {
    Polytope p = {0};
    for (int i = 0; i <= m; i++) {
        double x[MAX_M];
        for (int k = 0; k <= m; k++)
            x[k] = (m + 1) * (i == k) - 1;
        add(&p, m + 1, x);
    }
    return p;
}

/* The six points (1, -1, 0) in any order: a plane of three dimensions. */
static inline Polytope hexagon(void) {
    Polytope p = {0};
    for (int i = 0; i < 9; i++)
        if (i / 3 != i % 3) {
            double x[3] = {0};
            x[i / 3] = 1;
            x[i % 3] = -1;
            add(&p, 3, x);
        }
    return p;
}

static inline void add_pair(Polytope *p, int axis) {
    double x[MAX_M] = {0};
    x[axis] = 1;
    add(p, axis + 1, x);
    x[axis] = -1;
    add(p, axis + 1, x);
}

static inline Polytope cross(int m) {
    Polytope p = {0};
    for (int k = 0; k < m; k++)
        add_pair(&p, k);
    return p;
}

static inline Polytope bipyramid(int k) {
    Polytope p = polygon(k);
    add_pair(&p, 2);
    return p;
}

static inline Polytope cube(void) {
    Polytope p = {0};
    for (int c = 0; c < 8; c++)
        add(&p, 3, (double[]){c & 1 ? 1 : -1, c & 2 ? 1 : -1, c & 4 ? 1 : -1});
    return p;
}

/* Tight: sum of z^2 = 8/3, so z^2 = 1/3. */
static inline Polytope antiprism(void) {
    Polytope p = {0};
    for (int c = 0; c < 8; c++)
        add(&p, 3,
            (double[]){sqrt(2) * cos(M_PI * c / 4), sqrt(2) * sin(M_PI * c / 4), c % 2 ? 1 : -1});
    return p;
}

/* Even rotations of (0, ±1, ±golden). */
static inline Polytope icosahedron(void) {
    Polytope p = {0};
    double golden = (1 + sqrt(5)) / 2;
    for (int axis = 0; axis < 3; axis++)
        for (int c = 0; c < 4; c++) {
            double x[3] = {0};
            x[(axis + 1) % 3] = c & 1 ? 1 : -1;
            x[(axis + 2) % 3] = c & 2 ? golden : -golden;
            add(&p, 3, x);
        }
    return p;
}

static inline Polytope dedicated(int n) {
    Polytope p = {0};
    for (int i = 0; i < n; i++) {
        double x[MAX_M] = {0};
        x[i] = 1;
        add(&p, n, x);
    }
    return p;
}

/* The rows of `p`, turned by random reflections and rotations of the m + extra dimensions,
 * permuted, scaled and disturbed. Returns the model. */
static inline Model model_from(const Polytope *p, int extra, double scale, double noise, Rng *rng,
                               float *W) {
    int m = p->m + extra;
    double x[MAX_CORNERS][MAX_M + 4] = {0};
    for (int i = 0; i < p->n; i++)
        for (int k = 0; k < p->m; k++)
            x[i][k] = p->x[i][k];
    for (int turn = 0; extra > 0 && turn < 40; turn++) {
        int a = (int)(rng_next(rng) % m), c = (int)(rng_next(rng) % m);
        double angle = 2 * M_PI * rng_uniform(rng), sign = turn % 2 ? 1 : -1;
        for (int i = 0; a != c && i < p->n; i++) {
            double u = x[i][a], v = x[i][c];
            x[i][a] = cos(angle) * u + sin(angle) * v;
            x[i][c] = sign * (cos(angle) * v - sin(angle) * u);
        }
    }
    int offset = (int)(rng_next(rng) % p->n);
    for (int i = 0; i < p->n; i++)
        for (int k = 0; k < m; k++)
            W[(i + offset) % p->n * m + k] =
                (float)(scale * x[i][k] + noise * rng_normal(rng) / sqrt(m));
    return (Model){.n_features = p->n, .n_hidden = m, .W = W, .W2 = W};
}

/* The polytope as it is: features in its own dimensions. Returns whether the floats are exact. */
static inline bool model_of_polytope(const Polytope *p, float *W, Model *model) {
    bool is_exact = true;
    for (int i = 0; i < p->n; i++)
        for (int k = 0; k < p->m; k++) {
            W[i * p->m + k] = (float)p->x[i][k];
            is_exact = is_exact && p->x[i][k] == round(p->x[i][k]);
        }
    *model = (Model){.n_features = p->n, .n_hidden = p->m, .W = W, .W2 = W};
    return is_exact;
}

static inline const Measurement *measure(const Model *model, const char *name, Measurements *out) {
    for (int r = 0; r < metric_table.n_rows; r++) {
        const MetricKind *kind = (const MetricKind *)metric_table.rows[r];
        Error error = {0};
        if (strcmp(kind->kind.name, name) == 0)
            cr_assert(kind->measure(&(MetricInput){.model = model}, out, &error), "%s", error.text);
    }
    return measurement_find(out, name);
}

#endif
