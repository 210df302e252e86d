/* sampler: the lane code inside, against definitions, scalar code and every possible draw. */
#include "sim/data/sampler.c"
#include "sim/data/sampler_group.h"

#include <criterion/criterion.h>

static void lanes_at(RngLanes lanes[2], uint64_t place) {
    for (uint64_t half = 0; half < 2; half++)
        rng_lanes_init(&lanes[half], rng_key(5, 0, PURPOSE_TRAIN), place, half);
}

/* xoshiro128+ of one lane, as its authors define it (Blackman & Vigna 2021, section 5). */
static uint32_t next_scalar(uint32_t s[4]) {
    uint32_t result = s[0] + s[3], t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 11) | (s[3] >> 21);
    return result;
}

typedef struct Scalar {
    uint32_t s[2 * LANES][4];
} Scalar;

static Scalar scalar_of(const RngLanes lanes[2]) {
    Scalar scalar;
    for (int lane = 0; lane < 2 * LANES; lane++)
        for (int word = 0; word < 4; word++)
            scalar.s[lane][word] = lanes[lane / LANES].s[word][lane % LANES];
    return scalar;
}

static const double some_probabilities[] = {1, 0.5, 0, 0.2, 0.12, 1e-3, 0.9, 0.7, 0.3, 0.05, 0.6};

/* x of position i is a function of the i-th draw alone: T - u or T - 1 - 2u over T. */
Test(dense, gives_what_scalar_code_gives) {
    for (int law = VALUE_UNIFORM; law <= VALUE_SIGNED_UNIFORM; law++)
        for (int n_features = 1; n_features <= 11; n_features++) {
            Arena arena = {0};
            Batch batch;
            DenseSampler sampler;
            RngLanes lanes[2];
            enum { N = 41 };
            cr_assert(batch_init(&batch, n_features, N, &arena));
            cr_assert(dense_sampler_init(&sampler, some_probabilities, n_features, (ValueLaw)law,
                                         &arena));
            lanes_at(lanes, (uint64_t)n_features);
            Scalar scalar = scalar_of(lanes);
            dense_sampler_draw(&sampler, lanes, N, &batch);
            for (int i = 0; i < N * n_features; i++) {
                int u = (int)(next_scalar(scalar.s[i % (2 * LANES)]) >> 8),
                    n = sampler.threshold[i % n_features];
                int steps = law == VALUE_UNIFORM ? n - u : n - 1 - 2 * u;
                float expected = u < n ? (float)steps * (1.0f / (float)n) : 0;
                cr_assert_eq(batch.x[i], expected);
            }
            arena_release(&arena);
        }
}

/* The C library's logarithm is the other program. */
Test(gaps, logarithm_is_within_1_2e_7_for_every_draw) {
    double worst = 0;
    for (int i = 1; i <= 1 << 24; i += LANES) {
        FloatLanes u, result;
        for (int k = 0; k < LANES; k++)
            u[k] = (float)(i + k <= 1 << 24 ? i + k : 1) * STEP_24;
        log_lanes(&u, &result);
        for (int k = 0; k < LANES; k++) {
            double expected = log((double)u[k]);
            worst = fmax(worst, expected == 0 ? fabs((double)result[k])
                                              : fabs((double)result[k] / expected - 1));
        }
    }
    cr_assert_leq(worst, 1.2e-7, "%g", worst);
}

/* Of all 2^24 draws, (1 - p)^k 2^24 must give a gap of k or more. */
Test(gaps, have_the_geometric_law_over_all_draws) {
    static const double rows[] = {0.12, 0.05, 0.01, GAP_LEAST_PROBABILITY};
    enum { LONGEST = 20000 };
    int *n_of = calloc(LONGEST + 2, sizeof *n_of);
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        double p = rows[r], worst = 0;
        memset(n_of, 0, (LONGEST + 2) * sizeof *n_of);
        for (uint32_t i = 0; i < 1 << 24; i += LANES) {
            UintLanes bits = {0, 1, 2, 3, 4, 5, 6, 7};
            IntLanes gaps;
            bits = (bits + i) << 8;
            gap_lanes(&bits, (float)(1 / log1p(-p)), &gaps);
            for (int k = 0; k < LANES; k++) {
                cr_assert(gaps[k] >= 0 && gaps[k] <= LONGEST);
                n_of[gaps[k]]++;
            }
        }
        double n_longer = 1 << 24;
        for (int k = 0; k <= LONGEST; n_longer -= n_of[k++])
            worst = fmax(worst, fabs(n_longer - 0x1p24 * exp(k * log1p(-p))));
        cr_assert_leq(worst, 1.5e-7 * 0x1p24, "p = %g: off by %g draws", p, worst);
    }
    free(n_of);
}

Test(gaps, positions_are_split_exactly) {
    static const int rows[] = {1, 2, 3, 5, 7, 31, 32, 33, 100, 641, 9999, 100000};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        for (int i = 0; i < (1 << 24) - LANES; i += i < 4000 ? LANES : 4093) {
            IntLanes positions = {i, i + 1, i + 2, i + 3, i + 4, i + 5, i + 6, i + 7}, row, feature;
            int n = rows[r];
            split_positions(&positions, n, 1.0f / (float)n, &row, &feature);
            for (int k = 0; k < LANES && i + k < n * 1024; k++)
                cr_assert(row[k] == (i + k) / n && feature[k] == (i + k) % n, "%d of %d", i + k, n);
        }
}

Test(instruction_sets, give_the_same_bits) {
    if (!has_avx2())
        return;
    Arena arena = {0};
    Batch one, other;
    RngLanes lanes[2];
    enum { N_FEATURES = 11, N = 1000 };
    cr_assert(batch_init(&one, N_FEATURES, N, &arena) && batch_init(&other, N_FEATURES, N, &arena));
    for (int law = VALUE_UNIFORM; law <= VALUE_SIGNED_UNIFORM; law++) {
        DenseSampler sampler;
        cr_assert(
            dense_sampler_init(&sampler, some_probabilities, N_FEATURES, (ValueLaw)law, &arena));
        lanes_at(lanes, 2);
        dense_fill_baseline(&sampler, lanes, N * N_FEATURES, N_FEATURES, one.x);
        lanes_at(lanes, 2);
        dense_fill_avx2(&sampler, lanes, N * N_FEATURES, N_FEATURES, other.x);
        cr_assert_arr_eq(one.x, other.x, N * N_FEATURES * sizeof(float));
        for (double p = 0.12; p > GAP_LEAST_PROBABILITY; p /= 2) {
            lanes_at(lanes, 3);
            gap_fill_baseline(p, (ValueLaw)law, lanes, N, &one);
            lanes_at(lanes, 3);
            gap_fill_avx2(p, (ValueLaw)law, lanes, N, &other);
            cr_assert_eq(one.n_rows, other.n_rows);
            size_t n = (size_t)one.start[one.n_rows];
            cr_assert_arr_eq(one.start, other.start, ((size_t)one.n_rows + 1) * sizeof(int));
            cr_assert_arr_eq(one.index, other.index, n * sizeof(int));
            cr_assert_arr_eq(one.x, other.x, n * sizeof(float));
        }
    }
    arena_release(&arena);
}

/* ---- groups of samples ---- */

typedef int Fill(const GroupSampler *sampler, const RngLanes lanes[2], int n_samples,
                 int n_features, float *x);

/* Those that this machine runs; returns how many. */
static int group_fills(Fill *fills[3]) {
    int n = 0;
    fills[n++] = group_fill_baseline;
#ifdef __x86_64__
    if (has_avx2() && __builtin_cpu_supports("fma"))
        fills[n++] = group_fill_avx2;
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl"))
        fills[n++] = group_fill_avx512;
#endif
    return n;
}

static float float_of(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Row of a group, one number after another: lane r % 16 belongs to it. */
static void draw_row(const GroupSampler *sampler, int n_features, uint32_t s[4], float *row) {
    bool is_empty = sampler->is_conditioned;
    for (int i = 0; i < n_features; i++) {
        const GroupFeature *feature = &sampler->features[i];
        int threshold = feature->threshold ^ (is_empty ? feature->first_threshold : 0);
        float scale = float_of(feature->scale ^ (is_empty ? feature->first_scale : 0));
        int u = (int)(next_scalar(s) >> 2);
        int steps = sampler->law == VALUE_UNIFORM ? u - threshold : threshold - 1 - 2 * u;
        row[i] = u < threshold ? (float)steps * scale : 0;
        is_empty = is_empty && u >= threshold;
    }
}

/* The whole block by scalar code; returns the number of rows. */
static int draw_block(const GroupSampler *sampler, Scalar *scalar, int n_samples, Batch *batch) {
    int n_rows = sampler->is_conditioned ? 0 : n_samples, n_features = batch->n_features;
    for (int sample = 0; sampler->is_conditioned && sample < MOST_SAMPLES; sample++)
        n_rows +=
            (int)(next_scalar(scalar->s[sample % 16]) >> 1) < sampler->listed && sample < n_samples;
    batch->form = BATCH_LANES;
    batch->n_rows = n_rows;
    for (int row = 0; row < n_rows; row++) {
        float x[32];
        draw_row(sampler, n_features, scalar->s[row % 16], x);
        for (int i = 0; i < n_features; i++)
            batch->x[batch_place(batch, row, i)] = x[i];
    }
    return n_rows;
}

static void check_group(const double *p, int n_features, ValueLaw law, int n_samples) {
    Arena arena = {0};
    Batch expected, batch;
    GroupSampler sampler;
    RngLanes lanes[2];
    Fill *fills[3];
    cr_assert(batch_init(&expected, n_features, MOST_SAMPLES, &arena) &&
              batch_init(&batch, n_features, MOST_SAMPLES, &arena));
    cr_assert(group_sampler_init(&sampler, p, n_features, law, &arena));
    lanes_at(lanes, (uint64_t)n_features);
    Scalar scalar = scalar_of(lanes);
    int n_rows = draw_block(&sampler, &scalar, n_samples, &expected);
    for (int f = 0, n = group_fills(fills); f < n; f++) {
        for (int i = 0; i < n_features * (MOST_SAMPLES + BATCH_GROUP); i++)
            batch.x[i] = 9; /* what an earlier block may have left */
        cr_assert_eq(fills[f](&sampler, lanes, n_samples, n_features, batch.x), n_rows);
        cr_assert_arr_eq(batch.x, expected.x, (size_t)batch_n_values(&expected) * sizeof(float));
    }
    arena_release(&arena);
}

/* Past the last row the arrays are 0, which the arena gave and the scalar code did not touch. */
Test(groups, give_what_scalar_code_gives_at_every_level) {
    static const double few[] = {0.1, 0.02, 0, 0.05, 0.01, 0.2, 0, 0.3, 0.001, 0.1, 0};
    static const int sizes[] = {1, 15, 16, 17, 100, 1000, 1023, 1024};
    for (int law = VALUE_UNIFORM; law <= VALUE_SIGNED_UNIFORM; law++)
        for (int n_features = 1; n_features <= 11; n_features++)
            for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
                check_group(some_probabilities, n_features, (ValueLaw)law, sizes[i]);
                check_group(few, n_features, (ValueLaw)law, sizes[i]);
            }
}

/* The table against the closed form, sums and products in long double: thresholds within one step
 * of 2^-30 (signed: 2^-29). The last feature that can be active must be, where none was before. */
Test(groups, have_the_conditions_probabilities) {
    static const double rows[][4] = {
        {0.5, 0.2, 0.1, 0.05}, {0.01, 0.01, 0.01, 0.01}, {0, 0.3, 0, 0}, {0.001, 0.1, 0.001, 0}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        for (int law = VALUE_UNIFORM; law <= VALUE_SIGNED_UNIFORM; law++) {
            Arena arena = {0};
            GroupSampler sampler;
            long double empty = 1, step = 0x1p-30L * (1 + law);
            bool is_last = true;
            cr_assert(group_sampler_init(&sampler, rows[r], 4, (ValueLaw)law, &arena));
            cr_assert(sampler.is_conditioned);
            for (int i = 3; i >= 0; i--) {
                const GroupFeature *feature = &sampler.features[i];
                long double p = rows[r][i];
                int first = feature->threshold ^ feature->first_threshold;
                empty *= 1 - p;
                cr_assert_leq(fabsl(feature->threshold * 0x1p-30L - p), step);
                cr_assert_leq(fabsl(first * 0x1p-30L - (p > 0 ? p / (1 - empty) : 0)), step);
                cr_assert_eq(first == 1 << 30, is_last && p > 0);
                is_last = is_last && p == 0;
            }
            cr_assert_leq(fabsl(sampler.listed * 0x1p-31L - (1 - empty)), 0x1p-31L);
            arena_release(&arena);
        }
}
