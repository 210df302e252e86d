/* sampler: the lane code inside, against definitions, scalar code and every possible draw. */
#include "sim/data/sampler.c"

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
            sampler.is_compact = false;
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

Test(dense, compaction_drops_empty_rows_and_nothing_else) {
    for (int n_features = 1; n_features <= 11; n_features++) {
        Arena arena = {0};
        Batch all, some;
        DenseSampler sampler;
        RngLanes lanes[2];
        enum { N = 1000 };
        double p[11];
        for (int i = 0; i < n_features; i++)
            p[i] = 0.1;
        cr_assert(batch_init(&all, n_features, N, &arena) &&
                  batch_init(&some, n_features, N, &arena));
        cr_assert(dense_sampler_init(&sampler, p, n_features, VALUE_UNIFORM, &arena));
        cr_assert(sampler.is_compact, "0.9^%d of rows are empty", n_features);
        lanes_at(lanes, 1);
        dense_sampler_draw(&sampler, lanes, N, &some);
        sampler.is_compact = false;
        lanes_at(lanes, 1);
        dense_sampler_draw(&sampler, lanes, N, &all);
        cr_assert_eq(all.n_rows, N);
        int row = 0;
        for (int r = 0; r < N; r++) {
            bool is_empty = true;
            for (int i = 0; i < n_features; i++)
                is_empty &= all.x[r * n_features + i] == 0;
            if (!is_empty)
                cr_assert_arr_eq(some.x + row++ * n_features, all.x + r * n_features,
                                 (size_t)n_features * sizeof(float));
        }
        cr_assert_eq(row, some.n_rows);
        cr_assert_eq(some.n_empty, N - row);
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
