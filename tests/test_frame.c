/* metric: how represented directions share their dimensions: coherence, frame potential, leverage,
 * ranks. Expected numbers are closed forms of the polytopes and bounds that hold for any matrix. */
#include "sim/metric/overlap.h"
#include "tests/polytopes.h"

typedef struct Row {
    Polytope polytope;
    double coherence;
    bool is_tight, is_equiangular; /* equality in the frame and in Welch's bound */
    double D, D_last;
} Row;

enum { N_ROWS = 17 };

/* An odd k-gon's corners are nearest to the axis of another at 180 / k degrees; the antiprism's
 * across its squares: (sqrt(2) + 1) / 3. */
static void make_rows(Row *rows) {
    const Row made[N_ROWS] = {
        {dedicated(4), 0, true, true, 1, 1},
        {cross(1), 1, true, true, 1 / 2., 1 / 2.},
        {cross(3), 1, true, false, 1 / 2., 1 / 2.},
        {polygon(3), 1 / 2., true, true, 2 / 3., 2 / 3.},
        {polygon(5), cos(M_PI / 5), true, false, 2 / 5., 2 / 5.},
        {polygon(6), 1, true, false, 1 / 3., 1 / 3.},
        {polygon(7), cos(M_PI / 7), true, false, 2 / 7., 2 / 7.},
        {polygon(8), 1, true, false, 1 / 4., 1 / 4.},
        {polygon(11), cos(M_PI / 11), true, false, 2 / 11., 2 / 11.},
        {simplex(3), 1 / 3., false, false, 3 / 4., 3 / 4.},
        {simplex(4), 1 / 4., false, false, 4 / 5., 4 / 5.},
        {simplex(5), 1 / 5., false, false, 5 / 6., 5 / 6.},
        {cube(), 1, true, false, 3 / 8., 3 / 8.},
        {antiprism(), (sqrt(2) + 1) / 3, true, false, 3 / 8., 3 / 8.},
        {icosahedron(), 1, true, false, 1 / 4., 1 / 4.},
        {bipyramid(3), 1, false, false, 2 / 3., 1 / 2.},
        {bipyramid(5), 1, false, false, 2 / 5., 1 / 2.},
    };
    memcpy(rows, made, sizeof made);
}

static double scalar(const Model *model, const char *metric, Arena *arena) {
    Measurements out = {.arena = arena};
    return measure(model, metric, &out)->values[0];
}

static double further(const Model *model, const char *metric, const char *name, Arena *arena) {
    Measurements out = {.arena = arena};
    measure(model, metric, &out);
    return measurement_find(&out, name)->values[0];
}

/* Every corner is an eigenvector of the sum of all, so its leverage is its dimensionality. */
Test(frame, polytopes_have_their_closed_forms) {
    static Row rows[N_ROWS];
    make_rows(rows);
    for (int r = 0; r < N_ROWS; r++) {
        const Polytope *p = &rows[r].polytope;
        float W[MAX_CORNERS * MAX_M];
        Model model;
        double tolerance = model_of_polytope(p, W, &model) ? 1e-12 : 1e-6;
        Arena arena = {0};
        Measurements out = {.arena = &arena};
        double mu = scalar(&model, "coherence", &arena);
        double welch = further(&model, "coherence", "welch_bound", &arena);
        double frame = scalar(&model, "frame_potential", &arena);
        double bound = further(&model, "frame_potential", "frame_potential_bound", &arena);
        const double *leverage = measure(&model, "leverage", &out)->values;
        cr_assert_float_eq(mu, rows[r].coherence, tolerance, "row %d: %.15g", r, mu);
        cr_assert_float_eq(leverage[0], rows[r].D, tolerance, "row %d: %.15g", r, leverage[0]);
        cr_assert_float_eq(leverage[p->n - 1], rows[r].D_last, tolerance, "row %d", r);
        cr_assert(rows[r].is_tight == (fabs(frame - bound) < 1e-5), "row %d: %g", r, frame);
        cr_assert(rows[r].is_equiangular == (fabs(mu - welch) < 1e-6), "row %d: %g", r, welch);
        if (rows[r].is_tight) {
            double overlap = scalar(&model, "mean_squared_overlap", &arena);
            double used = scalar(&model, "participation_ratio", &arena);
            cr_assert_float_eq(frame, (double)p->n * p->n / p->m, 1e-5);
            cr_assert_float_eq(overlap, welch * welch, 1e-6);
            cr_assert_float_eq(used, p->m, 1e-5);
            cr_assert_float_eq(scalar(&model, "effective_rank", &arena), p->m, 1e-5);
        }
        arena_release(&arena);
    }
}

/* In the m dimensions it spans, a simplex of m + 1 corners reaches Welch's bound 1/m: the unit
 * vectors of m + 1 dimensions minus their mean, in a basis of Helmert's rows. */
Test(frame, simplices_reach_the_welch_bound) {
    for (int m = 2; m <= MAX_M; m++) {
        float W[(MAX_M + 1) * MAX_M];
        for (int i = 0; i <= m; i++)
            for (int k = 0; k < m; k++)
                W[i * m + k] = (float)((i <= k       ? 1.
                                        : i == k + 1 ? -(k + 1.)
                                                     : 0.) /
                                       sqrt((k + 1.) * (k + 2.)));
        Model model = {.n_features = m + 1, .n_hidden = m, .W = W, .W2 = W};
        Arena arena = {0};
        cr_assert_float_eq(scalar(&model, "coherence", &arena), 1. / m, 1e-6);
        cr_assert_float_eq(further(&model, "coherence", "welch_bound", &arena), 1. / m, 1e-15);
        cr_assert_float_eq(scalar(&model, "frame_potential", &arena), (m + 1.) * (m + 1) / m, 1e-5);
        arena_release(&arena);
    }
}

/* Random sizes, wide and tall, full rank and not, some features too short to be represented. */
static Model random_model(Rng *rng, float *W, int *rank) {
    int n = 1 + (int)(rng_next(rng) % 24), m = 1 + (int)(rng_next(rng) % 12);
    int r = 1 + (int)(rng_next(rng) % m);
    double basis[12][12];
    for (int k = 0; k < r * m; k++)
        basis[k / m][k % m] = rng_normal(rng);
    for (int i = 0; i < n; i++) {
        double x[12] = {0}, length = i % 4 == 3 ? 0.1 : 1;
        for (int q = 0; q < r; q++) {
            double a = rng_normal(rng);
            for (int k = 0; k < m; k++)
                x[k] += a * basis[q][k];
        }
        for (int k = 0; k < m; k++)
            W[i * m + k] = (float)(length * x[k] / sqrt(m));
    }
    *rank = r < n ? r : n;
    return (Model){.n_features = n, .n_hidden = m, .W = W, .W2 = W};
}

/* Scherlis et al. 2022; Welch 1974; Benedetto and Fickus 2003. */
Test(frame, bounds_hold_for_any_matrix) {
    Rng rng;
    rng_init(&rng, 21, 0, 0);
    for (int trial = 0; trial < 200; trial++) {
        float W[24 * 12];
        int rank;
        Model model = random_model(&rng, W, &rank);
        int n = model.n_features;
        Arena arena = {0};
        Measurements out = {.arena = &arena};
        const double *D = measure(&model, "feature_dimensionality", &out)->values;
        const double *leverage = measure(&model, "leverage", &out)->values;
        double sum = 0, sum_D = 0;
        for (int i = 0; i < n; i++) {
            cr_assert(D[i] <= leverage[i] + 1e-6 && leverage[i] <= 1);
            sum += leverage[i];
            sum_D += D[i];
        }
        cr_assert_float_eq(sum, rank, 1e-5, "%g, rank %d", sum, rank);
        cr_assert_leq(sum_D, rank + 1e-6);
        double used = scalar(&model, "effective_rank", &arena);
        double ratio = scalar(&model, "participation_ratio", &arena);
        cr_assert(used >= 1 - 1e-9 && used <= rank + 0.01, "%g, rank %d", used, rank);
        cr_assert(ratio >= 1 - 1e-9 && ratio <= used + 1e-6, "%g, %g", ratio, used);
        double frame = scalar(&model, "frame_potential", &arena);
        cr_assert_geq(frame,
                      further(&model, "frame_potential", "frame_potential_bound", &arena) - 1e-9);
        if (scalar(&model, "features_represented", &arena) > 1) {
            double mu = scalar(&model, "coherence", &arena);
            double welch = further(&model, "coherence", "welch_bound", &arena);
            double overlap = scalar(&model, "mean_squared_overlap", &arena);
            cr_assert(mu >= welch - 1e-12 && mu <= 1 + 1e-12);
            cr_assert(overlap >= welch * welch - 1e-12 && overlap <= mu * mu + 1e-12);
        } else {
            cr_assert(isnan(scalar(&model, "coherence", &arena)));
            cr_assert(isnan(further(&model, "coherence", "welch_bound", &arena)));
            cr_assert(isnan(scalar(&model, "mean_squared_overlap", &arena)));
        }
        arena_release(&arena);
    }
}

/* Singular values 3, 2, 1, 0 in four dimensions: q = 1/2, 1/3, 1/6, so the entropy is
 * ln 2 / 2 + ln 3 / 3 + ln 6 / 6; and (9 + 4 + 1)^2 / (81 + 16 + 1) = 2. */
Test(frame, ranks_of_known_singular_values) {
    float W[] = {3, 0, 0, 0, /**/ 0, 2, 0, 0, /**/ 0, 0, -1, 0};
    for (int transposed = 0; transposed < 2; transposed++) {
        float other[12];
        for (int i = 0; i < 12; i++)
            other[i] = transposed ? W[i % 3 * 4 + i / 3] : W[i];
        Model model = {.n_features = transposed ? 4 : 3, .n_hidden = transposed ? 3 : 4};
        model.W = model.W2 = other;
        Arena arena = {0};
        double used = scalar(&model, "effective_rank", &arena);
        cr_assert_float_eq(used, exp(log(2) / 2 + log(3) / 3 + log(6) / 6), 1e-12);
        cr_assert_float_eq(scalar(&model, "participation_ratio", &arena), 2, 1e-12);
        arena_release(&arena);
    }
}

Test(frame, nothing_is_divided_by_zero) {
    static float W[12];
    Model zero = {.n_features = 4, .n_hidden = 3, .W = W, .W2 = W};
    Arena arena = {0};
    static const char *const metrics[] = {"frame_potential", "effective_rank",
                                          "participation_ratio", "leverage", "polysemanticity"};
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
        cr_assert_eq(scalar(&zero, metrics[i], &arena), 0, "%s", metrics[i]);
    arena_release(&arena);
}

/* Features 0 and 1 share the first unit with weights 1 and -1, 2 has the second to itself, the
 * third has weights 2, 1, 1: (4 + 1 + 1)^2 / (16 + 1 + 1) = 2. */
Test(frame, neurons_by_hand) {
    float W[] = {1, 0, 2, 0, /**/ -1, 0, 1, 0, /**/ 0, 0.5f, 1, 0};
    static const double expected[] = {2, 1, 2, 0};
    static const double weights[] = {1, -1, 0, 0, 0, 0.5, 2, 1, 1, 0, 0, 0};
    ModelKind tied = {.is_tied = true}, untied = {.is_tied = false};
    Model model = {.kind = &tied, .n_features = 3, .n_hidden = 4, .W = W, .W2 = W};
    Arena arena = {0};
    Measurements out = {.arena = &arena}, scaled = {.arena = &arena};
    const double *features = measure(&model, "polysemanticity", &out)->values;
    const Measurement *stack = measure(&model, "neuron_weights", &out);
    model.kind = &untied;
    const double *largest_is_1 = measure(&model, "neuron_weights", &scaled)->values;
    cr_assert(stack->rank == 2 && stack->shape[0] == 4 && stack->shape[1] == 3);
    for (int k = 0; k < 4; k++) {
        double largest = k == 1 ? 0.5 : k == 2 ? 2 : 1;
        cr_assert_float_eq(features[k], expected[k], 1e-12);
        for (int i = 0; i < 3; i++) {
            cr_assert_eq(stack->values[k * 3 + i], weights[k * 3 + i]);
            cr_assert_eq(largest_is_1[k * 3 + i], weights[k * 3 + i] / largest);
        }
    }
    arena_release(&arena);
}

/* Opposite to a corner of an odd k-gon are two, at 180 / k degrees from its axis; each corner of a
 * simplex is opposite to all others. */
Test(frame, partners_are_opposite) {
    const struct {
        Polytope polytope;
        double partner, others; /* products of unit directions */
    } rows[] = {{dedicated(4), 0, 0},     {cross(3), -1, 0},
                {polygon(4), -1, 0},      {polygon(5), -cos(M_PI / 5), cos(M_PI / 5)},
                {polygon(6), -1, 1 / 2.}, {simplex(3), -1 / 3., 1 / 3.},
                {cube(), -1, 1 / 3.}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        const Polytope *p = &rows[r].polytope;
        float W[MAX_CORNERS * MAX_M];
        Model model;
        model_of_polytope(p, W, &model);
        Arena arena = {0};
        Measurements out = {.arena = &arena};
        const double *partner = measure(&model, "partner_overlap", &out)->values;
        const double *others = measurement_find(&out, "other_overlap")->values;
        for (int i = 0; i < p->n; i++) {
            double square = overlap_dot(&model, i, i);
            cr_assert_float_eq(partner[i], rows[r].partner * square, 1e-5, "row %zu: %g", r,
                               partner[i]);
            cr_assert_float_eq(others[i], rows[r].others * square, 1e-5, "row %zu: %g", r,
                               others[i]);
        }
        arena_release(&arena);
    }
}

Test(frame, a_feature_alone_has_no_partner_and_two_have_no_others) {
    float W[] = {3, 0, -1, 2};
    Model one = {.n_features = 1, .n_hidden = 2, .W = W, .W2 = W}, two = one;
    two.n_features = 2;
    Arena arena = {0};
    Measurements out = {.arena = &arena};
    cr_assert(isnan(measure(&one, "partner_overlap", &out)->values[0]));
    cr_assert(isnan(measurement_find(&out, "other_overlap")->values[0]));
    Measurements more = {.arena = &arena};
    cr_assert_eq(measure(&two, "partner_overlap", &more)->values[0], -3);
    cr_assert(isnan(measurement_find(&more, "other_overlap")->values[1]));
    arena_release(&arena);
}

/* What costs too much is refused with its limit in the row, so that a config is refused too. */
Test(frame, refuses_what_is_too_large) {
    static const struct {
        const char *metric;
        int n, m;
        const char *text;
    } rows[] = {
        {"partner_overlap", 2001, 1, "up to 2000 features, not 2001"},
        {"coherence", 20001, 1, "up to 20000 features, not 20001"},
        {"geometry_graph", 2001, 1, "up to 2000 features, not 2001"},
        {"neuron_weights", 2001, 1, "not 2001 features in 1 dimensions"},
        {"neuron_weights", 2000, 2001, "not 2000 features in 2001 dimensions"},
        {"leverage", 1001, 1001, "up to 1000 features or hidden dimensions, not 1001"},
        {"effective_rank", 2001, 9999, "up to 2000 features or hidden dimensions, not 2001"}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        const MetricKind *kind = (const MetricKind *)kind_find(&metric_table, rows[r].metric);
        Model large = {.n_features = rows[r].n, .n_hidden = rows[r].m};
        Arena arena = {0};
        Measurements out = {.arena = &arena};
        Error error = {0};
        cr_assert_not(kind->measure(&(MetricInput){.model = &large}, &out, &error));
        cr_assert(strstr(error.text, rows[r].text), "%s", error.text);
        cr_assert(kind->max_features || kind->max_rank);
        arena_release(&arena);
    }
}
