/* Kinds of data: the joint law of each against its definition, by statistics at fixed seeds; laws
 * of values. */
#include "sim/data/stored.h"
#include "tests/opened_data.h"

#include <gsl/gsl_sf_gamma.h>

/* ---- the joint law of few features ---- */

enum { MOST_FEATURES = 6 };

typedef struct Law Law;
struct Law {
    const char *yaml; /* without n_features */
    int n, size;      /* features; of a set */
    /* chance of a pattern of a set's features, bit i: feature i */
    double (*chance)(const Law *law, int pattern);
    double p, a, b;
};

static double bernoulli(double p, bool is_active) {
    return is_active ? p : 1 - p;
}

/* The coin of the set, and for each feature: it follows, or has a coin of its own. */
static double correlated(const Law *law, int pattern) {
    double sum = 0;
    for (int set = 0; set < 2; set++) {
        double chance = bernoulli(law->p, set);
        for (int i = 0; i < law->size; i++) {
            bool is_active = pattern >> i & 1;
            chance *= law->a * (is_active == set) + (1 - law->a) * bernoulli(law->p, is_active);
        }
        sum += chance;
    }
    return sum;
}

/* p: of a set. */
static double anticorrelated(const Law *law, int pattern) {
    if (!pattern)
        return 1 - law->p;
    return pattern & (pattern - 1) ? 0 : law->p / law->size;
}

static double hierarchical(const Law *law, int pattern) {
    bool has_parent = pattern & 1;
    double chance = bernoulli(law->p, has_parent);
    for (int i = 1; i < law->size; i++)
        chance *= bernoulli(has_parent ? law->a : law->b, pattern >> i & 1);
    return chance;
}

static double one_hot(const Law *law, int pattern) {
    static const double weights[] = {1, 0, 3, 4};
    for (int i = 0; i < law->n; i++)
        if (pattern == 1 << i)
            return law->a ? weights[i] / 8 : 1.0 / law->n;
    return 0;
}

/* a: how many are active. */
static double exactly_k(const Law *law, int pattern) {
    int n_active = 0;
    for (int i = 0; i < law->n; i++)
        n_active += pattern >> i & 1;
    return n_active == (int)law->a ? 1 / gsl_sf_choose((unsigned)law->n, (unsigned)law->a) : 0;
}

static double independent(const Law *law, int pattern) {
    return bernoulli(law->p, pattern & 1);
}

static const Law laws[] = {
    {"correlated, feature_probability: 0.2", 4, 2, correlated, 0.2, 1, 0},
    {"correlated, feature_probability: 0.01, set_size: 3", 6, 3, correlated, 0.01, 1, 0},
    {"correlated, feature_probability: 1, set_size: 3", 6, 3, correlated, 1, 1, 0},
    {"correlated, feature_probability: 0.3, set_size: 3, correlation: 0.6", 6, 3, correlated, 0.3,
     0.6, 0},
    {"correlated, feature_probability: 0.1, set_size: 5, correlation: 0.2", 5, 5, correlated, 0.1,
     0.2, 0},
    {"correlated, feature_probability: 0.15, set_size: 2, correlation: 0", 6, 2, correlated, 0.15,
     0, 0},
    {"correlated, feature_probability: 1, set_size: 2, correlation: 0.3", 4, 2, correlated, 1, 0.3,
     0},
    {"correlated, feature_probability: 0.4, set_size: 1, correlation: 0.5", 3, 1, correlated, 0.4,
     0.5, 0},
    {"anticorrelated, set_probability: 0.2", 4, 2, anticorrelated, 0.2, 0, 0},
    {"anticorrelated, feature_probability: 0.1, set_size: 3", 6, 3, anticorrelated, 0.3, 0, 0},
    {"anticorrelated, feature_probability: 0.25, set_size: 4", 4, 4, anticorrelated, 1, 0, 0},
    {"anticorrelated, set_probability: 0.01, set_size: 5", 5, 5, anticorrelated, 0.01, 0, 0},
    {"hierarchical, feature_probability: 0.25, child_probability: 0.2", 4, 2, hierarchical, 0.25,
     0.2, 0},
    {"hierarchical, feature_probability: 0.3, set_size: 5", 5, 5, hierarchical, 0.3, 0.5, 0},
    {"hierarchical, feature_probability: 0.25, child_probability: 0.2, alone_probability: 0.1", 4,
     2, hierarchical, 0.25, 0.2, 0.1},
    {"hierarchical, feature_probability: 0.2, set_size: 3, child_probability: 0, "
     "alone_probability: 0.4",
     6, 3, hierarchical, 0.2, 0, 0.4},
    {"hierarchical, feature_probability: 0, set_size: 3, alone_probability: 1", 3, 3, hierarchical,
     0, 0.5, 1},
    {"one_hot", 5, 5, one_hot, 0, 0, 0},
    {"one_hot, weight: [1, 0, 3, 4]", 4, 4, one_hot, 0, 1, 0},
    {"exactly_k", 6, 6, exactly_k, 0, 1, 0},
    {"exactly_k, n_active: 2", 5, 5, exactly_k, 0, 2, 0},
    {"exactly_k, n_active: 3", 6, 6, exactly_k, 0, 3, 0},
    {"exactly_k, n_active: 4", 4, 4, exactly_k, 0, 4, 0},
    {"exactly_k, n_active: 5", 6, 6, exactly_k, 0, 5, 0},
    {"dataset, feature_probability: 0.2, n_samples: 300000", 5, 1, independent, 0.2, 0, 0},
};

static Data open_law(const Law *law, const char *more, Arena *arena) {
    return open_yaml(arena_print(arena, "{kind: %s, n_features: %d%s}", law->yaml, law->n, more),
                     arena);
}

static double chance_of(const Law *law, int pattern) {
    double chance = 1;
    for (int first = 0; first < law->n; first += law->size)
        chance *= law->chance(law, pattern >> first & ((1 << law->size) - 1));
    return chance;
}

static int pattern_of(const Batch *batch, int row) {
    float x[MOST_FEATURES];
    int pattern = 0;
    batch_row(batch, batch->x, row, x);
    for (int i = 0; i < batch->n_features; i++)
        pattern |= (x[i] != 0) << i;
    return pattern;
}

/* Which features are active together, over all patterns: marginals, pairs and higher. */
Test(kinds, have_their_joint_law, .timeout = 60) {
    enum { N_BLOCKS = 200, BLOCK = 1024 };
    for (int l = 0; l < COUNT(laws); l++) {
        Arena arena = {0};
        double seen[1 << MOST_FEATURES] = {0}, expected[1 << MOST_FEATURES];
        Batch batch;
        Data data = open_law(&laws[l], "", &arena);
        cr_assert(batch_init(&batch, laws[l].n, BLOCK, &arena));
        for (uint64_t b = 0; b < N_BLOCKS; b++) {
            data_draw(&data, 21, 0, b, N_BLOCKS * BLOCK, &batch);
            seen[0] += batch.n_empty;
            for (int row = 0; row < batch.n_rows; row++)
                seen[pattern_of(&batch, row)]++;
        }
        for (int pattern = 0; pattern < 1 << laws[l].n; pattern++)
            expected[pattern] = N_BLOCKS * BLOCK * chance_of(&laws[l], pattern);
        check_law(laws[l].yaml, seen, expected, 1 << laws[l].n);
        arena_release(&arena);
    }
}

/* Exactly, from the same sums over patterns. A dataset's are those of its samples. */
Test(kinds, know_their_probabilities) {
    for (int l = 0; l < COUNT(laws) && laws[l].chance != independent; l++) {
        Arena arena = {0};
        Data data = open_law(&laws[l], "", &arena);
        cr_assert_float_eq(data_empty(&data), chance_of(&laws[l], 0), 1e-12, "%s", laws[l].yaml);
        for (int i = 0; i < laws[l].n; i++) {
            double p = 0;
            for (int pattern = 0; pattern < 1 << laws[l].n; pattern++)
                p += pattern >> i & 1 ? chance_of(&laws[l], pattern) : 0;
            cr_assert_float_eq(data.kind->probability(&data, i), p, 1e-12, "%s: %d", laws[l].yaml,
                               i);
        }
        arena_release(&arena);
    }
}

/* ---- values ---- */

/* Values of all kinds are uniform, and those of neighbours that are active together independent:
 * products about the mean have mean 0 and, each value having the variance v, the variance v^2. */
static void check_values(const Law *law, bool is_signed) {
    enum { N_BINS = 16, N_BLOCKS = 50, BLOCK = 1024 };
    Arena arena = {0};
    double bins[N_BINS] = {0}, expected[N_BINS], n = 0, product = 0, n_products = 0;
    Batch batch;
    Data data = open_law(law, is_signed ? ", value: signed_uniform" : "", &arena);
    cr_assert(batch_init(&batch, law->n, BLOCK, &arena));
    for (uint64_t b = 0; b < N_BLOCKS; b++) {
        data_draw(&data, 4, 0, b, N_BLOCKS * BLOCK, &batch);
        for (int row = 0; row < batch.n_rows; row++) {
            float x[MOST_FEATURES];
            batch_row(&batch, batch.x, row, x);
            for (int i = 0; i < law->n; i++) {
                double at = is_signed ? ((double)x[i] + 1) / 2 : (double)x[i], before = 0;
                if (x[i] == 0)
                    continue;
                bins[(int)ceil(at * N_BINS) - 1]++;
                n++;
                if (i == 0 || x[i - 1] == 0)
                    continue;
                before = is_signed ? ((double)x[i - 1] + 1) / 2 : (double)x[i - 1];
                product += (at - 0.5) * (before - 0.5);
                n_products++;
            }
        }
    }
    for (int i = 0; i < N_BINS; i++)
        expected[i] = n / N_BINS;
    check_law(law->yaml, bins, expected, N_BINS);
    cr_assert_leq(fabs(product), 5 * sqrt(n_products) / 12, "%s: %g", law->yaml, product);
    arena_release(&arena);
}

Test(values, are_uniform_and_independent_in_every_kind, .timeout = 60) {
    for (int l = 0; l < COUNT(laws); l++)
        for (int is_signed = 0; is_signed < 2; is_signed++)
            check_values(&laws[l], is_signed);
}

/* What unit_norm and value_scale make of a row of plain values. */
static void expect_row(const float *plain, bool is_binary, bool is_unit, double scale, int n,
                       double *expected) {
    double norm = 0;
    for (int i = 0; i < n; i++) {
        expected[i] = is_binary ? plain[i] != 0 : (double)plain[i];
        norm += expected[i] * expected[i];
    }
    for (int i = 0; i < n; i++)
        expected[i] *= is_unit && norm > 0 ? scale / sqrt(norm) : scale;
}

/* The settings of values, against the same draw without them, in every kind and form of batch. */
static void check_settings(const Data *data, const Data *plain_data, bool is_binary, bool is_unit,
                           double scale) {
    Arena arena = {0};
    Batch batch, plain;
    int n = data->n_features, block = data_block(n);
    float *x = ARENA_NEW(&arena, float, n), *y = ARENA_NEW(&arena, float, n);
    double *expected = ARENA_NEW(&arena, double, n);
    cr_assert(batch_init(&batch, n, block, &arena) && batch_init(&plain, n, block, &arena));
    data_draw(data, 6, 2, 0, block, &batch);
    data_draw(plain_data, 6, 2, 0, block, &plain);
    cr_assert(batch.n_rows == plain.n_rows && batch.form == plain.form);
    for (int row = 0; row < batch.n_rows; row++) {
        batch_row(&batch, batch.x, row, x);
        batch_row(&plain, plain.x, row, y);
        expect_row(y, is_binary, is_unit, scale, n, expected);
        for (int i = 0; i < n; i++)
            cr_assert_leq(fabs((double)x[i] - expected[i]), 2e-7 * fabs(expected[i]), "%s",
                          data->kind->kind.name);
    }
    arena_release(&arena);
}

Test(values, can_be_binary_scaled_and_of_unit_norm_in_every_kind) {
    static const int sizes[] = {4, 40};
    static const char *const probabilities[] = {"0.9", "0.4", "0.02"};
    for (int r = 0; r < data_table.n_rows; r++)
        for (int c = 0; c < 8 * COUNT(sizes) * COUNT(probabilities); c++) {
            Arena arena = {0};
            const Kind *kind = data_table.rows[r];
            bool is_binary = c & 1, is_unit = c & 2;
            double scale = c & 4 ? 2.5 : 1;
            const char *p = probabilities[c / 8 % COUNT(probabilities)];
            bool has_probability =
                has_field(kind, "feature_probability") && strcmp(kind->name, "anticorrelated") != 0;
            if (!has_field(kind, "value"))
                continue;
            const char *base =
                arena_print(&arena, "{kind: %s, n_features: %d%s%s", kind->name,
                            sizes[c / 8 / COUNT(probabilities)],
                            has_probability                          ? ", feature_probability: "
                            : has_field(kind, "feature_probability") ? ", set_probability: "
                                                                     : "",
                            has_field(kind, "feature_probability") ? p : "");
            Data plain = open_yaml(arena_print(&arena, "%s}", base), &arena);
            Data data = open_yaml(
                arena_print(&arena, "%s, value: %s, value_scale: %g, unit_norm: %s}", base,
                            is_binary ? "binary" : "uniform", scale, is_unit ? "true" : "false"),
                &arena);
            check_settings(&data, &plain, is_binary, is_unit, scale);
            arena_release(&arena);
        }
}
