/* metric: what belongs to sets of features, on models built by hand. Expected numbers are closed
 * forms of the shapes. */
#include "sim/metric/metric.h"
#include "sim/metric/overlap.h"
#include "sim/base/rng.h"
#include "tests/choose.h"

#include <math.h>

enum { MAX_N = 12, MAX_M = 6 };

/* A model by hand and the data that says which features form sets. */
typedef struct Bench {
    Arena arena;
    Data data;
    Model model;
    float W[MAX_N * MAX_M];
} Bench;

static void bench_open(Bench *bench, int n, int m, int set_size) {
    Error error = {0};
    *bench = (Bench){.arena = {0}};
    const char *kind = set_size > 1
                           ? arena_print(&bench->arena, "correlated, set_size: %d", set_size)
                           : "independent";
    Choice choice = choose(
        &data_table,
        arena_print(&bench->arena, "{n_features: %d, feature_probability: 0.1, kind: %s}", n, kind),
        &bench->arena);
    cr_assert(data_open(&bench->data, &choice, &bench->arena, &error), "%s", error.text);
    bench->model = (Model){.n_features = n, .n_hidden = m, .W = bench->W, .W2 = bench->W};
}

static void set_polar(Bench *bench, int i, double norm, double degrees) {
    bench->W[2 * i] = (float)(norm * cos(degrees * M_PI / 180));
    bench->W[2 * i + 1] = (float)(norm * sin(degrees * M_PI / 180));
}

static const Measurement *measure(Bench *bench, const char *name) {
    const MetricKind *metric = metric_making(name);
    Measurements *out = ARENA_NEW(&bench->arena, Measurements, 1);
    Error error = {0};
    out->arena = &bench->arena;
    MetricInput input = {.model = &bench->model, .data = &bench->data};
    cr_assert(metric->measure(&input, out, &error), "%s", error.text);
    cr_assert_str_eq(out->items[0].name, metric->kind.name);
    const Measurement *found = measurement_find(out, name);
    cr_assert_not_null(found, "%s", name);
    return found;
}

static void expect_each(Bench *bench, const char *name, double expected) {
    const Measurement *found = measure(bench, name);
    for (int64_t i = 0; i < measurement_count(found); i++)
        cr_assert_float_eq(found->values[i], expected, 1e-5, "%s[%d] is %g, not %g", name, (int)i,
                           found->values[i], expected);
}

/* Three pairs, mates side by side. A k-gon is a tight frame: sum_j cos^2 = k / 2, so that of
 * interference there is (k / 2 - 1) r^2 in all. */
Test(sets, hexagon) {
    const double r = 0.98;
    Bench bench;
    bench_open(&bench, 6, 2, 2);
    for (int i = 0; i < 6; i++)
        set_polar(&bench, i, r, 20 + 60 * i);
    expect_each(&bench, "set_angle", 60);
    expect_each(&bench, "set_overlap", r * r / 2);
    expect_each(&bench, "set_interference", r * r / 4);
    expect_each(&bench, "cross_set_interference", 2 * r * r - r * r / 4);
    expect_each(&bench, "set_alignment", 0.75); /* (1 + cos 60) / 2 */
    expect_each(&bench, "collapsed_sets", 0);
    cr_assert_eq(measure(&bench, "set_alignment")->shape[0], 3);
    cr_assert_eq(measure(&bench, "set_angle")->shape[0], 6);
    cr_assert_eq(measure(&bench, "set_angle")->shape[1], 1);
    arena_release(&bench.arena);
}

/* Anticorrelated sets at their best: mates opposite, sets orthogonal. */
Test(sets, opposite_mates) {
    Bench bench;
    bench_open(&bench, 4, 2, 2);
    for (int i = 0; i < 4; i++)
        set_polar(&bench, i, 1, 30 + 90 * (i / 2) + 180 * (i % 2));
    expect_each(&bench, "set_angle", 180);
    expect_each(&bench, "set_overlap", 1);
    expect_each(&bench, "set_interference", 1);
    expect_each(&bench, "cross_set_interference", 0);
    expect_each(&bench, "set_alignment", 0);
    expect_each(&bench, "collapsed_sets", 0);
    arena_release(&bench.arena);
}

/* Sets become principal components: k equal vectors of length 1 / sqrt(k). Near each other counts,
 * short ones and opposite ones do not. */
Test(sets, collapse) {
    static const struct {
        int size;
        double norm, spread; /* degrees between neighbours in a set */
        double alignment;
        int n_collapsed; /* of two sets */
    } rows[] = {
        {2, 0.7071067811865476, 0, 1, 2},
        {3, 0.5773502691896258, 0, 1, 2},
        {4, 0.5, 0, 1, 2},
        {2, 0.7, 20, 0.9698463103929543, 2}, /* (1 + cos 20) / 2 */
        {2, 0.7, 30, 0.9330127018922193, 0},
        {2, 0.7, 60, 0.75, 0},
        {2, 0.7, 180, 0, 0},
        {3, 1, 120, 0, 0},
        {2, 0.36, 0, 1, 2}, /* squares: 0.2592 and below a quarter */
        {2, 0.35, 0, 1, 0},
        {2, 0, 0, 0, 0},
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        Bench bench;
        int size = rows[r].size;
        bench_open(&bench, 2 * size, 2, size);
        for (int i = 0; i < 2 * size; i++)
            set_polar(&bench, i, rows[r].norm, 77.0 * (i / size) + rows[r].spread * (i % size));
        expect_each(&bench, "set_alignment", rows[r].alignment);
        expect_each(&bench, "collapsed_sets", rows[r].n_collapsed);
        arena_release(&bench.arena);
    }
}

/* The others of the set stand in their order, the feature itself left out. */
Test(sets, angles_of_larger_sets_and_of_short_directions) {
    static const double degrees[] = {0, 10, 40, 100, 101, 103};
    static const double expected[6][2] = {{10, 40}, {10, 30}, {40, 30}, {1, 3}, {1, 2}, {3, 2}};
    Bench bench;
    bench_open(&bench, 6, 2, 3);
    for (int i = 0; i < 6; i++)
        set_polar(&bench, i, 1.5, degrees[i]);
    const Measurement *angle = measure(&bench, "set_angle");
    for (int i = 0; i < 12; i++)
        cr_assert_float_eq(angle->values[i], expected[i / 2][i % 2], 1e-4);
    set_polar(&bench, 1, 0.49, 10);
    set_polar(&bench, 3, 0, 0);
    angle = measure(&bench, "set_angle");
    cr_assert(isnan(angle->values[0]) && isnan(angle->values[2]) && isnan(angle->values[3]));
    cr_assert_float_eq(angle->values[1], 40, 1e-4);
    cr_assert(isnan(angle->values[8]) && !isnan(angle->values[9]), "mates of the one left out");
    cr_assert_float_eq(measure(&bench, "set_overlap")->values[0], 1.5 * 0.49 * cos(10 * M_PI / 180),
                       1e-5);
    cr_assert_eq(measure(&bench, "set_interference")->values[3], 0);
    cr_assert_eq(measure(&bench, "cross_set_interference")->values[3], 0);
    arena_release(&bench.arena);
}

/* The two parts of the interference are all of it, whichever way the overlaps are summed. */
Test(sets, interference_is_divided) {
    static const int sizes[] = {2, 3, 4, 6, MAX_N};
    Rng rng;
    rng_init(&rng, 5, 0, 0);
    for (int m = 1; m <= MAX_M; m++)
        for (int k = 0; k < 5; k++) {
            Bench bench;
            int size = sizes[k];
            bench_open(&bench, MAX_N, m, size);
            for (int i = 0; i < MAX_N * m; i++)
                bench.W[i] = (float)rng_normal(&rng);
            const double *within = measure(&bench, "set_interference")->values;
            const double *across = measure(&bench, "cross_set_interference")->values;
            const double *all = measure(&bench, "interference")->values;
            for (int i = 0; i < MAX_N; i++) {
                double sum = 0;
                for (int j = i / size * size; j < i / size * size + size; j++)
                    sum += j == i ? 0 : pow(overlap_dot(&bench.model, i, j), 2);
                sum /= overlap_dot(&bench.model, i, i);
                cr_assert_float_eq(within[i], sum, 1e-9 * (1 + sum));
                cr_assert_float_eq(within[i] + across[i], all[i], 1e-9 * (1 + all[i]));
                cr_assert(size < MAX_N || across[i] < 1e-9 * all[i], "there is one set");
            }
            arena_release(&bench.arena);
        }
}

Test(sets, are_not_defined_where_there_are_none) {
    static const char *const names[] = {"set_angle",        "set_overlap",
                                        "set_interference", "cross_set_interference",
                                        "collapsed_sets",   "set_alignment"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        Bench bench;
        bench_open(&bench, 5, 2, 1);
        for (int i = 0; i < 5; i++)
            set_polar(&bench, i, 1, 72 * i);
        const Measurement *found = measure(&bench, names[k]);
        cr_assert_geq(measurement_count(found), 1);
        for (int64_t i = 0; i < measurement_count(found); i++)
            cr_assert(isnan(found->values[i]), "%s", names[k]);
        arena_release(&bench.arena);
    }
}

/* Settings alone tell it; data that is open says the same. */
Test(sets, size_is_told_by_the_kinds_in_sets) {
    static const struct {
        const char *yaml;
        int size;
    } rows[] = {{"{kind: correlated, n_features: 12, feature_probability: 0.1, set_size: 3}", 3},
                {"{kind: correlated, n_features: 12, feature_probability: 0.1}", 2},
                {"{kind: anticorrelated, n_features: 12, set_probability: 0.1, set_size: 4}", 4},
                {"{kind: hierarchical, n_features: 12, feature_probability: 0.1, set_size: 6}", 6},
                {"{kind: independent, n_features: 12, feature_probability: 0.1}", 1},
                {"{kind: one_hot, n_features: 12}", 1}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        Arena arena = {0};
        Data data;
        Error error = {0};
        Choice choice = choose(&data_table, rows[r].yaml, &arena);
        data_describe(&data, &choice);
        cr_assert_eq(data.set_size, rows[r].size, "%s", rows[r].yaml);
        cr_assert_eq(data.n_features, 12);
        cr_assert(data_open(&data, &choice, &arena, &error), "%s", error.text);
        cr_assert_eq(data.set_size, rows[r].size, "%s", rows[r].yaml);
        arena_release(&arena);
    }
}
