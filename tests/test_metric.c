/* metric: overlaps, and the metrics of W and b alone. */
#include "sim/base/linalg.h"
#include "sim/base/rng.h"
#include "sim/metric/metric.h"
#include "sim/metric/overlap.h"
#include "tests/settings.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static Model model_of(int n, int m, float *W, float *b) {
    return (Model){.n_features = n, .n_hidden = m, .W = W, .W2 = W, .b = b};
}

/* Normal entries; `rank` < m leaves only a random subspace of that many dimensions. */
static void random_matrix(Rng *rng, int n, int m, int rank, float *W) {
    double *basis = calloc((size_t)rank * m, sizeof *basis);
    for (int i = 0; i < rank * m; i++)
        basis[i] = rng_normal(rng);
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < m; k++)
            W[i * m + k] = 0;
        for (int r = 0; r < rank; r++) {
            double a = rng_normal(rng);
            for (int k = 0; k < m; k++)
                W[i * m + k] += (float)(a * basis[r * m + k]);
        }
    }
    free(basis);
}

static const Measurement *measure(const Model *model, const char *metric, Measurements *out) {
    const MetricKind *kind = NULL;
    for (int r = 0; r < metric_table.n_rows; r++)
        if (strcmp(metric_table.rows[r]->name, metric) == 0)
            kind = (const MetricKind *)metric_table.rows[r];
    cr_assert_not_null(kind, "%s", metric);
    Error error = {0};
    MetricInput input = {.model = model};
    int before = out->n;
    cr_assert(kind->measure(&input, out, &error), "%s", error.text);
    cr_assert_str_eq(out->items[before].name, metric, "the first has the metric's name");
    return &out->items[before];
}

static double sum_of(const double *values, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += values[i];
    return sum;
}

Test(measurement, grows_and_is_found) {
    Arena arena = {0};
    Measurements measurements = {.arena = &arena};
    static char names[40][16];
    for (int i = 0; i < 40; i++) {
        snprintf(names[i], sizeof names[i], "m%d", i);
        double *values = measurement_add(&measurements, names[i], 2, (int64_t[]){i + 1, 3});
        for (int j = 0; j < 3 * (i + 1); j++) {
            cr_assert_eq(values[j], 0);
            values[j] = i;
        }
    }
    measurement_add_scalar(&measurements, "one", 7);
    cr_assert_eq(measurements.n, 41);
    for (int i = 0; i < 40; i++) {
        const Measurement *found = measurement_find(&measurements, names[i]);
        cr_assert_eq(measurement_count(found), 3 * (i + 1));
        cr_assert_eq(found->values[3 * i + 2], i);
    }
    cr_assert_eq(measurement_count(measurement_find(&measurements, "one")), 1);
    cr_assert_null(measurement_find(&measurements, "none"));
    arena_release(&arena);
}

/* The eigenvalues of the path graph's matrix (2 on the diagonal, -1 beside it) are
 * 2 - 2 cos(k pi / (n + 1)). */
Test(linalg, eigenvalues_of_a_path) {
    enum { N = 9 };
    double A[N * N] = {0}, values[N], vectors[N * N];
    for (int i = 0; i < N; i++) {
        A[i * N + i] = 2;
        if (i)
            A[i * N + i - 1] = -1; /* the lower triangle is enough */
    }
    Error error = {0};
    cr_assert(linalg_eigen(A, N, values, vectors, &error));
    for (int k = 0; k < N; k++) {
        cr_assert_float_eq(values[k], 2 - 2 * cos((N - k) * M_PI / (N + 1)), 1e-13);
        for (int i = 0; i < N; i++) {
            const double *v = vectors + k * N;
            double Av = 2 * v[i] - (i ? v[i - 1] : 0) - (i + 1 < N ? v[i + 1] : 0);
            cr_assert_float_eq(Av, values[k] * v[i], 1e-13);
        }
    }
}

Test(linalg, ranks_of_products) {
    static const struct {
        int n_rows, n_columns, rank;
    } rows[] = {{3, 7, 3}, {7, 3, 3}, {10, 8, 1}, {8, 10, 5}, {6, 6, 0}, {1, 1, 1}};
    Rng rng;
    rng_init(&rng, 1, 0, 0);
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        int n = rows[r].n_rows, m = rows[r].n_columns, rank = -1;
        float W[80];
        double A[80];
        random_matrix(&rng, n, m, rows[r].rank, W);
        for (int i = 0; i < n * m; i++)
            A[i] = (double)W[i];
        Error error = {0};
        cr_assert(linalg_rank(A, n, m, 1e-4, &rank, &error));
        cr_assert_eq(rank, rows[r].rank, "%d x %d: %d", n, m, rank);
    }
}

/* The four Moore-Penrose conditions define it. */
Test(linalg, pseudo_inverse_of_a_singular_matrix) {
    enum { N = 6, RANK = 3 };
    Rng rng;
    rng_init(&rng, 2, 0, 0);
    float W[N * N];
    random_matrix(&rng, N, N, RANK, W);
    double A[N * N], P[N * N], AP[N * N] = {0};
    Error error = {0};
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            A[i * N + j] = 0;
            for (int k = 0; k < N; k++)
                A[i * N + j] += (double)W[i * N + k] * (double)W[j * N + k];
        }
    cr_assert(linalg_pseudo_inverse(A, N, 1e-6, P, &error));
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            for (int k = 0; k < N; k++)
                AP[i * N + j] += A[i * N + k] * P[k * N + j];
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            double APA = 0, PAP = 0;
            for (int k = 0; k < N; k++) {
                APA += AP[i * N + k] * A[k * N + j];
                PAP += P[i * N + k] * AP[k * N + j];
            }
            cr_assert_float_eq(APA, A[i * N + j], 1e-5);
            cr_assert_float_eq(PAP, P[i * N + j], 1e-5);
            cr_assert_float_eq(AP[i * N + j], AP[j * N + i], 1e-6);
        }
}

Test(linalg, refuses_what_is_not_finite) {
    double A[4] = {1, 0, (double)NAN, 1}, values[2];
    Error error = {0};
    cr_assert_not(linalg_eigen(A, 2, values, NULL, &error));
    cr_assert_str_eq(error.text, "element [1][0] of a matrix is nan");
}

/* Both ways to sum (W_i.W_j)^2, against the double sum, on sizes around the tile of 8. */
Test(overlap, squares_are_the_double_sum) {
    static const struct {
        int n, m;
    } rows[] = {{1, 1}, {2, 5}, {5, 2}, {8, 8}, {9, 3}, {16, 7}, {23, 22}, {30, 31}};
    Rng rng;
    rng_init(&rng, 3, 0, 0);
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        int n = rows[r].n, m = rows[r].m;
        float W[1000];
        double sums[32];
        random_matrix(&rng, n, m, m, W);
        Model model = model_of(n, m, W, NULL);
        Error error = {0};
        cr_assert(overlap_squares(&model, sums, &error));
        for (int i = 0; i < n; i++) {
            double expected = 0;
            for (int j = 0; j < n; j++) {
                double dot = 0;
                for (int k = 0; k < m; k++)
                    dot += (double)W[i * m + k] * (double)W[j * m + k];
                expected += dot * dot;
            }
            cr_assert_float_eq(sums[i], expected, 1e-12 * expected, "%d x %d", n, m);
        }
    }
}

/* 0 <= D_i <= leverage_i = W_i^T (W^T W)^+ W_i by Cauchy-Schwarz, and the leverages sum to the
 * rank (Scherlis et al. 2022). */
Test(metric, dimensionality_is_bounded_by_leverage_and_rank) {
    Rng rng;
    rng_init(&rng, 4, 0, 0);
    for (int trial = 0; trial < 40; trial++) {
        int n = 1 + (int)(rng_next(&rng) % 24), m = 1 + (int)(rng_next(&rng) % 12);
        int rank = 1 + (int)(rng_next(&rng) % m), full = rank < n ? rank : n;
        float W[24 * 12];
        double C[144] = {0}, P[144];
        random_matrix(&rng, n, m, rank, W);
        for (int k = 0; k < m * m; k++)
            for (int i = 0; i < n; i++)
                C[k] += (double)W[i * m + k / m] * (double)W[i * m + k % m];
        Error error = {0};
        cr_assert(linalg_pseudo_inverse(C, m, 1e-9, P, &error));
        Arena arena = {0};
        Measurements out = {.arena = &arena};
        Model model = model_of(n, m, W, NULL);
        const double *D = measure(&model, "feature_dimensionality", &out)->values;
        for (int i = 0; i < n; i++) {
            double leverage = 0;
            for (int k = 0; k < m * m; k++)
                leverage += P[k] * (double)W[i * m + k / m] * (double)W[i * m + k % m];
            cr_assert(D[i] > 0 && D[i] <= leverage + 1e-6, "%g %g", D[i], leverage);
        }
        cr_assert_leq(sum_of(D, n), full + 1e-6);
        arena_release(&arena);
    }
}

/* D_i does not see a sign, the common scale, or the order. */
Test(metric, dimensionality_keeps_under_sign_and_scale) {
    enum { N = 12, M = 5 };
    Rng rng;
    rng_init(&rng, 5, 0, 0);
    float W[N * M], other[N * M];
    random_matrix(&rng, N, M, M, W);
    for (int i = 0; i < N; i++)
        for (int k = 0; k < M; k++)
            other[(N - 1 - i) * M + k] = (i % 3 ? 1.f : -1.f) * 0.25f * W[i * M + k];
    Arena arena = {0};
    Measurements out = {.arena = &arena};
    Model first = model_of(N, M, W, NULL), second = model_of(N, M, other, NULL);
    const double *D = measure(&first, "feature_dimensionality", &out)->values;
    const double *E = measure(&second, "feature_dimensionality", &out)->values;
    for (int i = 0; i < N; i++)
        cr_assert_float_eq(D[i], E[N - 1 - i], 1e-14);
    arena_release(&arena);
}

/* By hand: W = (3, 4), (0, 2), (0, 0), (0, -0.5) with norms 5, 2, 0, 0.5. */
Test(metric, small_model_by_hand) {
    static float W[] = {3, 4, 0, 2, 0, 0, 0, -0.5f}, b[] = {1, -2, 0.5f, 0};
    static const struct {
        const char *metric;
        int n;
        double values[16];
    } rows[] = {
        {"feature_norm", 4, {5, 2, 0, 0.5}},
        {"interference", 4, {(64 + 4) / 25., (64 + 1) / 4., 0, (4 + 1) / 0.25}},
        {"feature_dimensionality",
         4,
         {625 / (625. + 64 + 4), 16 / (64. + 16 + 1), 0, 0.0625 / (4 + 1 + 0.0625)}},
        {"dimensions_per_feature", 1, {2 / 29.25}},
        {"features_represented", 1, {2}},
        {"gram", 16, {25, 8, 0, -2, 8, 4, 0, -1, 0, 0, 0, 0, -2, -1, 0, 0.25}},
        {"bias", 4, {1, -2, 0.5, 0}},
    };
    Model model = model_of(4, 2, W, b);
    Arena arena = {0};
    Measurements out = {.arena = &arena};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        const Measurement *found = measure(&model, rows[r].metric, &out);
        cr_assert_eq(measurement_count(found), rows[r].n);
        for (int i = 0; i < rows[r].n; i++)
            cr_assert_float_eq(found->values[i], rows[r].values[i], 1e-12, "%s[%d] = %g",
                               rows[r].metric, i, found->values[i]);
    }
    const double *angle = measure(&model, "adjacent_angle", &out)->values;
    double between = atan2(3, 4) * 180 / M_PI; /* from (3, 4) up to (0, 2) */
    cr_assert_float_eq(angle[0], between, 1e-12);
    cr_assert_float_eq(angle[1], 360 - between, 1e-12);
    cr_assert(isnan(angle[2]) && isnan(angle[3]), "not represented: 0, and 0.5 itself");
    arena_release(&arena);
}

Test(metric, nothing_is_divided_by_zero) {
    static float W[6], b[2];
    Model zero = model_of(2, 3, W, b);
    Arena arena = {0};
    Measurements out = {.arena = &arena};
    cr_assert_eq(sum_of(measure(&zero, "feature_dimensionality", &out)->values, 2), 0);
    cr_assert_eq(sum_of(measure(&zero, "interference", &out)->values, 2), 0);
    cr_assert(isnan(measure(&zero, "dimensions_per_feature", &out)->values[0]));
    cr_assert(isnan(measure(&zero, "adjacent_angle", &out)->values[0]), "three dimensions");
    arena_release(&arena);
}

Test(metric, gram_refuses_what_is_too_large) {
    Model large = {.n_features = 2001, .n_hidden = 1};
    Arena arena = {0};
    Measurements out = {.arena = &arena};
    Error error = {0};
    const MetricKind *gram = NULL;
    for (int r = 0; r < metric_table.n_rows; r++)
        if (strcmp(metric_table.rows[r]->name, "gram") == 0)
            gram = (const MetricKind *)metric_table.rows[r];
    cr_assert_not(gram->measure(&(MetricInput){.model = &large}, &out, &error));
    cr_assert(strstr(error.text, "not 2001"), "%s", error.text);
    cr_assert_eq(gram->max_features, 2000);
    cr_assert_eq(out.n, 0);
}

Test(metric, rows_are_documented) {
    for (int r = 0; r < metric_table.n_rows; r++) {
        const Kind *kind = metric_table.rows[r];
        cr_assert(kind->summary && strlen(kind->summary) > 20, "%s", kind->name);
        cr_assert(kind->source && strlen(kind->source) > 20, "%s", kind->name);
        cr_assert(((const MetricKind *)kind)->measure);
        for (int other = 0; other < r; other++)
            cr_assert_str_neq(kind->name, metric_table.rows[other]->name);
    }
}

/* What a config may rely on: names of measurements, and which of them hold names. */
static void check_measurements(const MetricKind *metric, const Measurements *made) {
    for (int i = 0; i < made->n; i++) {
        const Measurement *measurement = &made->items[i];
        const MetricKind *labelling = metric_labelling(measurement->name);
        cr_assert(metric_making(measurement->name) == metric, "%s", measurement->name);
        cr_assert_eq(measurement->labels != NULL, labelling != NULL,
                     "%s: `texts` of its row tells which have labels", measurement->name);
        for (int l = 0; l < measurement->n_labels; l++)
            cr_assert(metric_is_label(metric, measurement->name, measurement->labels[l]) ||
                          strcmp(measurement->labels[l], "not represented") == 0,
                      "%s: %s", measurement->name, measurement->labels[l]);
    }
}

/* Trained on nothing: any weights will do. */
Test(metric, makes_what_its_row_says) {
    static const char settings_text[] =
        "data: {kind: correlated, n_features: 6, set_size: 2, feature_probability: 0.2}\n"
        "task: {kind: identity}\nmodel: {kind: relu_output, n_hidden: 2}\n";
    Arena arena = {0};
    Error error = {0};
    Data data = {0};
    Task task = {0};
    Model model = {0};
    Rng rng;
    Settings settings = settings_read(settings_text, &arena);
    cr_assert(data_open(&data, &settings.data, &arena, &error), "%s", error.text);
    cr_assert(task_open(&task, &settings.task, 6, &arena, &error), "%s", error.text);
    cr_assert(model_open(&model, &settings.model, 6, &arena, &error), "%s", error.text);
    rng_init(&rng, 5, 0, 0);
    for (int64_t i = 0; i < model.n_parameters; i++)
        model.parameters[i] = (float)rng_normal(&rng);
    MetricInput input = {&model, &data, &task, .loss_exponent = 2, .loss_samples = 256, .key = 1};
    for (int r = 0; r < metric_table.n_rows; r++) {
        const MetricKind *metric = (const MetricKind *)metric_table.rows[r];
        Measurements made = {.arena = &arena};
        cr_assert(metric->measure(&input, &made, &error), "%s: %s", metric->kind.name, error.text);
        check_measurements(metric, &made);
        int n_more = 0;
        while (metric->more && metric->more[n_more])
            n_more++;
        cr_assert_leq(made.n, 1 + n_more, "%s", metric->kind.name);
    }
    arena_release(&arena);
}
