/* The phase-change problems: the idealised candidates and their boundaries in closed form, the
 * exact optimum against more starts, other quadrature and trained models, and the bias-free
 * surface. */
#include "sim/base/rng.h"
#include "sim/theory/expected_loss.h"
#include "sim/theory/minimum.h"
#include "sim/theory/phase_optimum.h"
#include "sim/theory/phase_surface.h"
#include "tests/settings.h"

#include <math.h>
#include <stdio.h>

/* Elhage et al. 2022, "Superposition as a phase change": 4r/(5r+2) is where g = h_last, 4/(2r+5)
 * where f = h_last; all three meet at r = 1, s = 4/7. */
Test(phase, candidates_meet_on_the_boundaries) {
    for (int i = 0; i <= 200; i++) {
        double r = pow(10, -1 + i / 100.);
        double s_g = 4 * r / (5 * r + 2), s_f = 4 / (2 * r + 5);
        cr_expect_float_eq(phase_candidate_loss(PHASE_IGNORE_LAST, s_g, r),
                           phase_candidate_loss(PHASE_ANTIPODAL_LAST, s_g, r), 1e-12);
        cr_expect_float_eq(phase_candidate_loss(PHASE_IGNORE_FIRST, s_f, r),
                           phase_candidate_loss(PHASE_ANTIPODAL_LAST, s_f, r), 1e-12);
        double boundary = phase_boundary(2, r);
        cr_expect_float_eq(boundary, fmin(s_g, s_f), 1e-15);
        PhaseClass above = r < 1 ? PHASE_NOT_REPRESENTED : PHASE_DEDICATED;
        cr_expect_eq(phase_ideal(2, boundary * (1 - 1e-9), r).class, PHASE_SUPERPOSITION);
        if (i != 100)
            cr_expect_eq(phase_ideal(2, boundary * (1 + 1e-9), r).class, above, "r = %g", r);
        if (r < 1) {
            cr_expect_eq(phase_ideal(3, boundary * (1 - 1e-9), r).class, PHASE_SUPERPOSITION);
            cr_expect_eq(phase_ideal(3, boundary * (1 + 1e-9), r).class, above);
        } else if (i > 100) {
            cr_expect_eq(phase_boundary(3, r), 0);
            cr_expect_eq(phase_ideal(3, boundary / 2, r).class, PHASE_DEDICATED);
            cr_expect_eq(phase_ideal(3, boundary / 2, r).candidate, PHASE_ANTIPODAL_FIRST);
            cr_expect_eq(phase_ideal(3, 0.9, r).candidate, PHASE_IGNORE_FIRST);
        }
    }
    double f = phase_candidate_loss(PHASE_IGNORE_FIRST, 4 / 7., 1);
    cr_expect_float_eq(phase_candidate_loss(PHASE_IGNORE_LAST, 4 / 7., 1), f, 1e-15);
    cr_expect_float_eq(phase_candidate_loss(PHASE_ANTIPODAL_LAST, 4 / 7., 1), f, 1e-15);
    cr_expect_float_eq(phase_candidate_loss(PHASE_ANTIPODAL_FIRST, 4 / 7., 1), f, 1e-15);
    cr_expect_float_eq(f, 16 / 147., 1e-15, "s/3 - s^2/4 by hand");
    cr_expect_float_eq(phase_boundary(2, 1), 4 / 7., 1e-15);
}

/* The candidates' losses are the exact expected losses of the models they stand for. */
Test(phase, candidates_are_the_losses_of_their_models) {
    static const struct {
        PhaseCandidate candidate;
        int n;
        double W[6], bias[3]; /* in halves of s */
    } rows[] = {{PHASE_IGNORE_FIRST, 2, {0, 1}, {1, 0}},
                {PHASE_IGNORE_LAST, 2, {-1, 0}, {0, 1}},
                {PHASE_ANTIPODAL_LAST, 2, {1, -1}, {0, 0}},
                {PHASE_IGNORE_FIRST, 3, {0, 0, 0, 1, 1, 0}, {1, 0, 0}},
                {PHASE_IGNORE_LAST, 3, {0, 1, 1, 0, 0, 0}, {0, 0, 1}},
                {PHASE_ANTIPODAL_LAST, 3, {1, 0, 0, 1, -1, 0}, {0, 0, 0}},
                {PHASE_ANTIPODAL_FIRST, 3, {0, 1, 0, -1, 1, 0}, {0, 0, 0}}};
    static const double densities[] = {0.01, 0.3, 0.8, 1};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int d = 0; d < 4; d++) {
            double s = densities[d], r = 2.5, b[3];
            for (int j = 0; j < 3; j++)
                b[j] = rows[i].bias[j] * s / 2;
            cr_expect_float_eq(phase_loss(rows[i].n, s, r, rows[i].W, b),
                               phase_candidate_loss(rows[i].candidate, s, r), 1e-14, "row %zu", i);
        }
}

Test(phase, classes_go_by_norm_and_interference) {
    cr_expect_eq(phase_class_of(0.5, 1), PHASE_NOT_REPRESENTED);
    cr_expect_eq(phase_class_of(0.51, 0), PHASE_DEDICATED);
    cr_expect_eq(phase_class_of(1, 0.25), PHASE_DEDICATED);
    cr_expect_eq(phase_class_of(1, 1), PHASE_SUPERPOSITION);
    cr_expect_str_eq(phase_class_name(PHASE_DEDICATED), "dedicated dimension");
}

typedef struct Problem {
    int n;
    double s, r;
} Problem;

static double value_at(const void *context, const double *x, double *gradient) {
    const Problem *p = context;
    int n_weights = p->n * (p->n - 1), n = n_weights + p->n;
    double moved[MAX_VARIABLES];
    memcpy(moved, x, n * sizeof *x);
    for (int v = 0; gradient && v < n; v++) {
        moved[v] = x[v] + 1e-6;
        double above = phase_loss(p->n, p->s, p->r, moved, moved + n_weights);
        moved[v] = x[v] - 1e-6;
        gradient[v] = (above - phase_loss(p->n, p->s, p->r, moved, moved + n_weights)) / 2e-6;
        moved[v] = x[v];
    }
    return phase_loss(p->n, p->s, p->r, x, x + n_weights);
}

static const Problem cells[] = {{2, 1, 1},     {2, 0.8, 0.5}, {2, 0.55, 1}, {2, 0.5, 1.5},
                                {2, 0.3, 1},   {2, 0.1, 0.1}, {2, 0.2, 10}, {2, 0.01, 1},
                                {3, 0.7, 1.2}, {3, 0.5, 0.8}, {3, 0.3, 2},  {3, 0.05, 0.5}};
enum { N_CELLS = sizeof cells / sizeof *cells };

/* The least over many other random starts, with differences for derivatives, is not lower; the
 * weights have the loss that is said; the idealised models are not better. */
Test(phase_optimum, is_not_beaten_by_more_starts) {
    for (int c = 0; c < N_CELLS; c++) {
        Problem p = cells[c];
        int n = p.n * p.n;
        PhaseOptimum best;
        phase_optimum(p.n, p.s, p.r, &best);
        cr_expect_float_eq(phase_loss(p.n, p.s, p.r, best.W, best.b), best.loss, 1e-15);
        cr_expect_leq(best.ideal_ratio, 1 + 1e-12);
        cr_expect_float_eq(best.ideal_ratio * phase_ideal(p.n, p.s, p.r).loss, best.loss, 1e-15);
        Rng rng;
        rng_init(&rng, 41, c, 0);
        Surface surface = {n, value_at, &p};
        double least = INFINITY;
        for (int start = 0; start < (p.n == 2 ? 100 : 15); start++) {
            double x[MAX_VARIABLES];
            for (int v = 0; v < n; v++)
                x[v] = rng_normal(&rng);
            least = fmin(least, minimum_descend(&surface, x));
        }
        cr_expect_geq(least, best.loss - 1e-9, "cell %d: %g under %g", c, least, best.loss);
        cr_expect_float_eq(least, best.loss, 1e-6, "cell %d: the same is found", c);
    }
}

/* As s -> 0 the idealised pair is optimal: errors are of two active features, and weights of ±1
 * without bias leave none to one. At s = 0.3, r = 1 the optimum is an antipodal pair with bias; by
 * symmetry W = [w, -w], b = [b, b], whose loss is a sum of three integrals, here by the midpoint
 * rule. */
Test(phase_optimum, is_near_ideal_where_sparse_and_lower_where_dense) {
    PhaseOptimum best;
    phase_optimum(2, 0.01, 1, &best);
    cr_expect_gt(best.ideal_ratio, 0.999);
    phase_optimum(2, 0.3, 1, &best);
    enum { N = 1000 };
    double a = best.W[0] * best.W[0], b = best.b[0], none = fmax(b, 0) * fmax(b, 0), one = 0;
    double two = 0;
    cr_expect_float_eq(best.W[0], -best.W[1], 1e-5);
    cr_expect_float_eq(best.b[0], best.b[1], 1e-5);
    for (int i = 0; i < N; i++) {
        double x = (i + 0.5) / N;
        one += (pow(x - fmax(a * x + b, 0), 2) + pow(fmax(b - a * x, 0), 2)) / N;
        for (int j = 0; j < N; j++)
            two += pow(x - fmax(a * (x - (j + 0.5) / N) + b, 0), 2) / ((double)N * N);
    }
    double loss = 2 * (0.49 * none + 0.21 * one + 0.09 * two);
    cr_expect_float_eq(best.loss, loss, 1e-6);
    cr_expect_float_eq(best.ideal_ratio, best.loss / 0.03, 1e-12, "h_last = s^2/3");
    cr_expect_lt(best.ideal_ratio, 0.98);
}

/* A cell of the grid is what it is alone; exchanging the two features of 2->1 turns r into 1/r and
 * the loss into loss / r. */
Test(phase_optimum, of_a_grid_is_that_of_its_cells) {
    enum { N = 5 };
    double s[N], r[N];
    PhaseOptimum grid[N * N];
    for (int i = 0; i < N; i++) {
        s[i] = pow(10, -2. * i / (N - 1) * 0.5);
        r[i] = pow(10, -1 + 2. * i / (N - 1));
    }
    for (int n = 2; n <= 3; n++) {
        phase_optimum_grid(n, s, N, r, N, NULL, grid);
        for (int i = 0; i < N * N; i++) {
            PhaseOptimum alone;
            phase_optimum(n, s[i / N], r[i % N], &alone);
            cr_expect_float_eq(grid[i].loss, alone.loss, 1e-9 * alone.loss + 1e-11);
            double mirrored = grid[i / N * N + N - 1 - i % N].loss * r[i % N];
            if (n == 2)
                cr_expect_float_eq(grid[i].loss, mirrored, 1e-9);
        }
    }
}

/* In a fine grid most cells start from their neighbours: on both sides of the places where the
 * class flips they still find the optimum that a search of their own does. */
Test(phase_optimum, of_a_fine_grid_is_that_of_its_cells) {
    enum { N = 9 };
    double s[N], r[N];
    PhaseOptimum grid[N * N];
    for (int n = 2; n <= 3; n++) {
        int flips = 0;
        for (int i = 0; i < N; i++) {
            s[i] = 0.8 * pow(1.1, -i);
            r[i] = 0.7 * pow(1.1, i);
        }
        phase_optimum_grid(n, s, N, r, N, NULL, grid);
        for (int i = 0; i < N * N; i += 10) {
            PhaseOptimum alone;
            phase_optimum(n, s[i / N], r[i % N], &alone);
            cr_expect_float_eq(grid[i].loss, alone.loss, 1e-8 * alone.loss);
            cr_expect_eq(grid[i].class, alone.class, "%d features, cell %d", n, i);
            flips += grid[i].class != grid[0].class;
        }
        cr_expect_gt(flips, 2, "more than one class is there");
    }
}

/* Where the class flips; it is not where the idealised classes do. */
Test(phase_optimum, boundary_is_where_the_class_flips) {
    static const double importances[] = {0.3, 3};
    for (int i = 0; i < 2; i++) {
        double r = importances[i], s = phase_optimum_boundary(2, r, 0.05, 1, 1e-4);
        PhaseOptimum below, above;
        phase_optimum(2, s * 0.999, r, &below);
        phase_optimum(2, s * 1.001, r, &above);
        cr_expect_eq(below.class, PHASE_SUPERPOSITION);
        cr_expect_eq(above.class, i ? PHASE_DEDICATED : PHASE_NOT_REPRESENTED);
        double ideal = phase_boundary(2, r);
        cr_expect_gt(s, 1.01 * ideal, "r = %g: %g, idealised %g", r, s, ideal);
    }
    cr_expect_eq(phase_optimum_boundary(2, 1, 0.05, 0.2, 1e-3), 0.2, "no other class");
}

/* Trained by samples, best of 4: no lower than the exact optimum, and within 1% of it. */
Test(phase_optimum, is_what_training_finds) {
    static const Problem trained[] = {
        {2, 0.3, 1}, {2, 0.5, 1.5}, {2, 0.8, 3}, {3, 0.3, 0.5}, {3, 0.5, 1}};
    for (size_t c = 0; c < sizeof trained / sizeof *trained; c++) {
        Problem p = trained[c];
        PhaseOptimum best;
        phase_optimum(p.n, p.s, p.r, &best);
        Arena arena = {0};
        Settings settings = settings_read(
            arena_print(&arena,
                        "{data: {n_features: %d, feature_probability: %g}, task: {importance: "
                        "{last: %g}}, model: {kind: relu_output, n_hidden: %d}, train: {steps: "
                        "4000, batch: 1024, learning_rate: 0.01, schedule: cosine, weight_decay: "
                        "0}}",
                        p.n, p.s, p.r, p.n - 1),
            &arena);
        double least = INFINITY;
        for (int restart = 0; restart < 4; restart++) {
            Phase phase = {.settings = &settings};
            Training *training;
            Error error = {0};
            cr_assert(
                training_open(&training, &phase, 1, restart, 1, isa_best(), NULL, &arena, &error));
            cr_assert(training_advance(training, 4000, NULL, NULL, &error));
            const Model *model = training_model(training);
            double W[6], b[3];
            for (int v = 0; v < p.n * (p.n - 1); v++)
                W[v] = (double)model->W[v];
            for (int i = 0; i < p.n; i++)
                b[i] = (double)model->b[i];
            least = fmin(least, phase_loss(p.n, p.s, p.r, W, b));
        }
        cr_expect_geq(least, best.loss - 1e-9);
        cr_expect_leq(least, 1.01 * best.loss, "n %d, s %g, r %g: %g, optimum %g", p.n, p.s, p.r,
                      least, best.loss);
        arena_release(&arena);
    }
}

/* The closed form is the exact expected loss with b = 0, on all sides of its cases. */
Test(phase_surface, is_the_expected_loss_without_biases) {
    static const double none[2];
    for (int i = 0; i < 21 * 21; i++) {
        double W[] = {-1.5 + 0.15 * (i % 21), -1.5 + 0.15 * (i / 21)};
        for (int d = 0; d < 3; d++) {
            static const double densities[] = {0.05, 0.5, 1};
            cr_expect_float_eq(phase_surface_loss(densities[d], 2.5, W[0], W[1]),
                               phase_loss(2, densities[d], 2.5, W, none), 1e-13, "W %g %g", W[0],
                               W[1]);
        }
    }
}

/* At s = r = 1 and W1 = W2 = w, q = w^2: L = 2 (1/3 - 7/6 q + 7/6 q^2), least at q = 1/2: 1/12. */
Test(phase_surface, has_the_confused_minimum_where_dense) {
    SurfaceMinimum minima[MAX_SURFACE_MINIMA];
    int n = phase_surface_minima(1, 1, minima);
    cr_assert_geq(n, 1);
    cr_expect_float_eq(minima[0].W[0], sqrt(0.5), 1e-6);
    cr_expect_float_eq(minima[0].W[1], sqrt(0.5), 1e-6);
    cr_expect_float_eq(minima[0].loss, 1 / 12., 1e-12);
}

/* Two minima coexist on both sides of the place where they change order; the antipodal one tends to
 * [1, -1] with s^2/3 as s -> 0. */
Test(phase_surface, has_two_minima_at_a_first_order_change) {
    SurfaceMinimum dense[MAX_SURFACE_MINIMA], sparse[MAX_SURFACE_MINIMA];
    cr_assert_eq(phase_surface_minima(0.6, 1, dense), 2);
    cr_assert_eq(phase_surface_minima(0.5, 1, sparse), 2);
    cr_expect_gt(dense[0].W[1], 0, "confused below antipodal");
    cr_expect_lt(dense[1].W[1], 0);
    cr_expect_lt(sparse[0].W[1], 0, "antipodal below confused");
    cr_expect_gt(sparse[1].W[1], 0);
    phase_surface_minima(0.001, 1, sparse);
    cr_expect_float_eq(sparse[0].W[0], 1, 1e-3);
    cr_expect_float_eq(sparse[0].W[1], -1, 1e-3);
    cr_expect_float_eq(sparse[0].loss / (0.001 * 0.001 / 3), 1, 2e-3);
    for (int i = 0; i < 2; i++)
        for (int step = 0; step < 100; step++) {
            double angle = 2 * M_PI * step / 100, *W = dense[i].W;
            cr_expect_geq(
                phase_surface_loss(0.6, 1, W[0] + 0.02 * cos(angle), W[1] + 0.02 * sin(angle)),
                dense[i].loss);
        }
}
