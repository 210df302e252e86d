#include "sim/theory/phase_optimum.h"

#include "sim/base/rng.h"
#include "sim/theory/expected_loss.h"
#include "sim/theory/minimum.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

/* Random starts beside the idealised ones, for a problem by itself and for a cell of a grid, which
 * gets its neighbours' optima too. A 13 x 13 grid of either kind finds the same optima with both.
 */
enum { STARTS_ALONE = 12, STARTS_OF_CELL = 2 };

/* The variables of a minimum: W, then b. */
typedef struct Problem {
    int n; /* features; n - 1 dimensions */
    double s, r;
} Problem;

static int n_weights(int n) {
    return n * (n - 1);
}

/* The expected loss by (W, b), through G = W W^T: dW = (dG + dG^T) W. */
static double loss_at(const void *context, const double *x, double *gradient) {
    const Problem *problem = context;
    enum { N = PHASE_MAX_FEATURES };
    int n = problem->n, m = n - 1;
    double G[N * N], dG[N * N], p[N], importance[N];
    for (int i = 0; i < n; i++) {
        p[i] = problem->s;
        importance[i] = i == n - 1 ? problem->r : 1;
        for (int j = 0; j < n; j++) {
            G[i * n + j] = 0;
            for (int k = 0; k < m; k++)
                G[i * n + j] += x[i * m + k] * x[j * m + k];
        }
    }
    ExpectedLossInput input = {n, ACTIVATION_RELU, G, x + n_weights(n), p, importance};
    if (!gradient) {
        ExpectedLoss loss;
        expected_loss_terms(&input, n, NULL, &loss);
        return loss.total;
    }
    double loss = expected_loss_gradient(&input, n, dG, gradient + n_weights(n));
    for (int i = 0; i < n; i++)
        for (int k = 0; k < m; k++) {
            gradient[i * m + k] = 0;
            for (int j = 0; j < n; j++)
                gradient[i * m + k] += (dG[i * n + j] + dG[j * n + i]) * x[j * m + k];
        }
    return loss;
}

double phase_loss(int n_features, double s, double r, const double *W, const double *b) {
    assert(n_features == 2 || n_features == 3);
    Problem problem = {n_features, s, r};
    double x[MAX_VARIABLES];
    memcpy(x, W, (size_t)n_weights(n_features) * sizeof *x);
    memcpy(x + n_weights(n_features), b, (size_t)n_features * sizeof *x);
    return loss_at(&problem, x, NULL);
}

/* Descends from x and keeps the result where it is lower by more than rounding. */
static bool improve(const Problem *problem, const double *from, PhaseOptimum *best) {
    int n = problem->n, n_w = n_weights(n);
    double x[MAX_VARIABLES];
    memcpy(x, from, (size_t)(n_w + n) * sizeof *x);
    Surface surface = {n_w + n, loss_at, problem};
    double loss = minimum_descend(&surface, x);
    if (!(loss < best->loss - 1e-12))
        return false;
    best->loss = loss;
    memcpy(best->W, x, (size_t)n_w * sizeof *x);
    memcpy(best->b, x + n_w, (size_t)n * sizeof *x);
    return true;
}

static bool improve_from(const Problem *problem, const PhaseOptimum *other, PhaseOptimum *best) {
    int n = problem->n;
    double x[MAX_VARIABLES];
    memcpy(x, other->W, (size_t)n_weights(n) * sizeof *x);
    memcpy(x + n_weights(n), other->b, (size_t)n * sizeof *x);
    return improve(problem, x, best);
}

/* The idealised candidates up to an exchange of the first two features, and three at 120 degrees:
 * angles of the W_i, -1 for W_i = 0 (and bias s/2). */
static const struct {
    int n;
    double degrees[PHASE_MAX_FEATURES];
} ideals[] = {{2, {0, -1}},     {2, {-1, 0}},      {2, {0, 180}},     {3, {0, 90, -1}},
              {3, {-1, 0, 90}}, {3, {0, 180, 90}}, {3, {90, 0, 180}}, {3, {0, 120, 240}}};

static void start_at_ideal(const Problem *problem, int which, double *x) {
    int n = problem->n, m = n - 1;
    for (int i = 0; i < n; i++) {
        double degrees = ideals[which].degrees[i];
        bool is_ignored = degrees < 0;
        x[i * m] = is_ignored ? 0 : cos(degrees * M_PI / 180);
        if (m > 1)
            x[i * m + 1] = is_ignored ? 0 : sin(degrees * M_PI / 180);
        x[n_weights(n) + i] = is_ignored ? problem->s / 2 : 0;
    }
}

/* The ideals as they are lie on saddles (W_i = 0 has no gradient), so each is also shaken. */
static void search(const Problem *problem, int n_random, PhaseOptimum *best) {
    Rng rng;
    rng_init(&rng, 1, 0, 0);
    double x[MAX_VARIABLES];
    int n_variables = n_weights(problem->n) + problem->n;
    for (size_t which = 0; which < sizeof ideals / sizeof *ideals; which++) {
        if (ideals[which].n != problem->n)
            continue;
        start_at_ideal(problem, (int)which, x);
        improve(problem, x, best);
        for (int v = 0; v < n_variables; v++)
            x[v] += 0.1 * rng_normal(&rng);
        improve(problem, x, best);
    }
    for (int start = 0; start < n_random; start++) {
        for (int v = 0; v < n_variables; v++)
            x[v] = 0.7 * rng_normal(&rng);
        improve(problem, x, best);
    }
}

/* What the weights say of the last feature. */
static void describe(const Problem *problem, PhaseOptimum *out) {
    int n = problem->n, m = n - 1;
    const double *last = out->W + (size_t)(n - 1) * m;
    double square = 0, interference = 0;
    for (int k = 0; k < m; k++)
        square += last[k] * last[k];
    for (int j = 0; j < n - 1; j++) {
        double dot = 0;
        for (int k = 0; k < m; k++)
            dot += last[k] * out->W[j * m + k];
        interference += dot * dot;
    }
    out->norm = sqrt(square);
    out->interference = out->norm > 1e-6 ? interference / square : 0;
    out->class = phase_class_of(out->norm, out->interference);
    out->ideal_ratio = out->loss / phase_ideal(n, problem->s, problem->r).loss;
}

void phase_optimum(int n_features, double s, double r, PhaseOptimum *out) {
    assert((n_features == 2 || n_features == 3) && s > 0 && s <= 1 && r > 0);
    Problem problem = {n_features, s, r};
    *out = (PhaseOptimum){.loss = HUGE_VAL};
    search(&problem, STARTS_ALONE, out);
    describe(&problem, out);
}

/* Starts from the optima of the cells beside cell i. */
static bool improve_from_neighbours(const Problem *problem, int n_s, int n_r, int i,
                                    PhaseOptimum *out) {
    static const int steps[4][2] = {{0, -1}, {-1, 0}, {0, 1}, {1, 0}};
    bool has_improved = false;
    for (int d = 0; d < 4; d++) {
        int row = i / n_r + steps[d][0], column = i % n_r + steps[d][1];
        if (row >= 0 && row < n_s && column >= 0 && column < n_r)
            has_improved |= improve_from(problem, &out[row * n_r + column], &out[i]);
    }
    return has_improved;
}

/* A cell that got better may help its neighbours, so rounds go on until none does. */
void phase_optimum_grid(int n_features, const double *s, int n_s, const double *r, int n_r,
                        PhaseOptimum *out) {
    assert(n_features == 2 || n_features == 3);
    for (int i = 0; i < n_s * n_r; i++) {
        Problem problem = {n_features, s[i / n_r], r[i % n_r]};
        out[i] = (PhaseOptimum){.loss = HUGE_VAL};
        search(&problem, STARTS_OF_CELL, &out[i]);
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (int i = 0; i < n_s * n_r; i++) {
            Problem problem = {n_features, s[i / n_r], r[i % n_r]};
            changed |= improve_from_neighbours(&problem, n_s, n_r, i, out);
        }
    }
    for (int i = 0; i < n_s * n_r; i++)
        describe(&(Problem){n_features, s[i / n_r], r[i % n_r]}, &out[i]);
}

double phase_optimum_boundary(int n_features, double r, double s_low, double s_high,
                              double tolerance) {
    PhaseOptimum low, high;
    phase_optimum(n_features, s_low, r, &low);
    phase_optimum(n_features, s_high, r, &high);
    PhaseClass class = low.class;
    if (high.class == class)
        return s_high;
    while (s_high > s_low * (1 + tolerance)) {
        PhaseOptimum middle = {.loss = HUGE_VAL};
        Problem problem = {n_features, sqrt(s_low * s_high), r};
        search(&problem, STARTS_OF_CELL, &middle);
        improve_from(&problem, &low, &middle);
        improve_from(&problem, &high, &middle);
        describe(&problem, &middle);
        *(middle.class == class ? &s_low : &s_high) = problem.s;
        *(middle.class == class ? &low : &high) = middle;
    }
    return sqrt(s_low * s_high);
}
