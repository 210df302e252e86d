#include "sim/theory/phase_optimum.h"

#include "sim/base/arena.h"
#include "sim/base/rng.h"
#include "sim/theory/expected_loss.h"
#include "sim/theory/minimum.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

/* Random starts beside the idealised ones, for a problem by itself and for a cell of a grid. */
enum { STARTS_ALONE = 12, STARTS_OF_CELL = 2 };

/* In a grid not every cell is searched, but one within this factor in s and in r; the others get
 * their neighbours' optima. 50 x 50 cells over two decades each are searched every fourth row and
 * column, which finds what searching all does (losses to 1e-8 of them, and every class) in an
 * eighth of the time; so do every second and every seventh. */
static const double searched_factor = 1.5;

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

/* Cells of a grid; `round` says when each last got better. */
typedef struct Grid {
    int n_features, n_s, n_r;
    const double *s, *r;
    PhaseOptimum *optima; /* [n_s][n_r] */
    int *round;           /* likewise; -1: nothing is known yet */
} Grid;

static Problem problem_of(const Grid *grid, int i) {
    return (Problem){grid->n_features, grid->s[i / grid->n_r], grid->r[i % grid->n_r]};
}

/* Starts from the optima of the cells beside cell i that are new to it: those of this round and the
 * last. */
static bool improve_from_neighbours(const Grid *grid, int round, int i) {
    static const int steps[4][2] = {{0, -1}, {-1, 0}, {0, 1}, {1, 0}};
    Problem problem = problem_of(grid, i);
    bool has_improved = false;
    for (int d = 0; d < 4; d++) {
        int row = i / grid->n_r + steps[d][0], column = i % grid->n_r + steps[d][1];
        int neighbour = row * grid->n_r + column;
        if (row >= 0 && row < grid->n_s && column >= 0 && column < grid->n_r &&
            grid->round[neighbour] >= round - 1 && grid->round[neighbour] >= 0)
            has_improved |= improve_from(&problem, &grid->optima[neighbour], &grid->optima[i]);
    }
    if (has_improved)
        grid->round[i] = round;
    return has_improved;
}

/* How many rows, or columns, one search serves. */
static int stride_of(const double *values, int n) {
    double widest = 0;
    for (int i = 1; i < n; i++)
        widest = fmax(widest, fabs(log(values[i] / values[i - 1])));
    int stride = widest > 0 ? (int)fmin(log(searched_factor) / widest, n) : 1;
    return stride > 1 ? stride : 1;
}

static bool is_stopped(const atomic_bool *stop) {
    return stop && atomic_load_explicit(stop, memory_order_relaxed);
}

/* Cells by themselves: one of every few rows and columns. */
static void search_some(Grid *grid, const atomic_bool *stop) {
    int stride_s = stride_of(grid->s, grid->n_s), stride_r = stride_of(grid->r, grid->n_r);
    for (int i = 0; i < grid->n_s * grid->n_r; i++) {
        Problem problem = problem_of(grid, i);
        bool is_searched = i / grid->n_r % stride_s == 0 && i % grid->n_r % stride_r == 0;
        grid->optima[i] = (PhaseOptimum){.loss = HUGE_VAL};
        grid->round[i] = is_searched ? 0 : -1;
        if (is_searched && !is_stopped(stop))
            search(&problem, STARTS_OF_CELL, &grid->optima[i]);
    }
}

/* A cell that got better may help its neighbours, so rounds go on until none does. */
bool phase_optimum_grid(int n_features, const double *s, int n_s, const double *r, int n_r,
                        const atomic_bool *stop, PhaseOptimum *out) {
    assert(n_features == 2 || n_features == 3);
    Arena arena = {0};
    Grid grid = {n_features, n_s, n_r, s, r, out, ARENA_NEW(&arena, int, n_s *n_r)};
    search_some(&grid, stop);
    bool has_improved = true;
    for (int round = 1; has_improved && !is_stopped(stop); round++) {
        has_improved = false;
        for (int i = 0; i < n_s * n_r && !is_stopped(stop); i++)
            has_improved |= improve_from_neighbours(&grid, round, i);
    }
    for (int i = 0; i < n_s * n_r && !is_stopped(stop); i++) {
        Problem problem = problem_of(&grid, i);
        describe(&problem, &out[i]);
    }
    arena_release(&arena);
    return !is_stopped(stop);
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
