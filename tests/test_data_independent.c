/* data: the law of independent features, by statistics at fixed seeds; the form of their batches.
 */
#include "sim/base/rng.h"
#include "tests/independent.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* What is counted over all samples of a distribution. */
enum { MOST = 64, N_SIDE = 12 };
typedef struct Tally {
    double n_samples, n_active, n_neighbours;
    double x, x2, product; /* sums of x, x^2; of x x' of neighbouring entries about their mean */
    double *active;        /* [n_features] */
    double pair[N_SIDE][N_SIDE];
    double with[MOST + 1]; /* samples with that many active features; the last: or more */
    double *first;         /* [n_features + 1] samples whose first active feature it is */
} Tally;

static void check_form(const Batch *batch, const float *x, int row, bool is_signed, int *n_active) {
    int n = 0;
    for (int i = 0; i < batch->n_features; i++) {
        cr_assert(x[i] <= 1 && x[i] >= (is_signed ? -1 : 0));
        n += x[i] != 0;
    }
    *n_active = n;
    if (batch->form != BATCH_SPARSE)
        return;
    int start = batch->start[row], end = batch->start[row + 1];
    cr_assert_eq(end - start, n, "values of entries are never 0");
    cr_assert_gt(n, 0, "empty samples are not listed");
    for (int e = start; e < end; e++)
        cr_assert(batch->index[e] >= 0 && batch->index[e] < batch->n_features &&
                  (e == start || batch->index[e] > batch->index[e - 1]));
}

static void tally_row(Tally *tally, const float *x, int n_features, double mean) {
    int n = 0, first = -1;
    for (int i = 0; i < n_features; i++) {
        if (x[i] == 0)
            continue;
        if (i > 0 && x[i - 1] != 0) {
            tally->n_neighbours++;
            tally->product += ((double)x[i] - mean) * ((double)x[i - 1] - mean);
        }
        first = first < 0 ? i : first;
        n++;
        tally->active[i]++;
        tally->x += (double)x[i];
        tally->x2 += (double)x[i] * (double)x[i];
    }
    for (int i = 0; i < n_features && i < N_SIDE; i++)
        for (int j = 0; j < i; j++)
            tally->pair[i][j] += x[i] != 0 && x[j] != 0;
    tally->n_active += n;
    tally->with[n < MOST ? n : MOST]++;
    tally->first[first < 0 ? n_features : first]++;
}

/* About a million features of a distribution, in batches that end with a part of a block. */
static Tally tally_data(const Data *data, bool is_signed, Arena *arena) {
    int n = data->n_features, block = data_block(n), batch_size_ = 2 * block + block / 3;
    Tally tally = {.active = ARENA_NEW(arena, double, n), .first = ARENA_NEW(arena, double, n + 1)};
    Batch batch;
    float *x = ARENA_NEW(arena, float, n);
    cr_assert(batch_init(&batch, n, block, arena));
    uint64_t key = rng_key(11, 0, PURPOSE_TRAIN);
    int n_steps = 1 + (int)(1e6 / ((double)n * batch_size_));
    for (int step = 0; step < (n > 1000 ? 40 : n_steps); step++)
        for (int b = 0; b < 3; b++) {
            data_draw(data, key, (uint64_t)step, (uint64_t)b, batch_size_, &batch);
            cr_assert_eq(batch_size(&batch), b < 2 ? block : block / 3);
            for (int r = 0; r < batch.n_rows; r++) {
                int n_active;
                batch_row(&batch, batch.x, r, x);
                check_form(&batch, x, r, is_signed, &n_active);
                tally_row(&tally, x, n, is_signed ? 0 : 0.5);
            }
            tally.n_samples += batch_size(&batch);
            tally.with[0] += batch.n_empty;
            tally.first[n] += batch.n_empty;
        }
    return tally;
}

/* Within 5 standard errors of what is expected; exactly so where nothing varies. */
static void check_near(const char *what, const Row *row, double sum, double mean, double variance) {
    cr_assert_leq(fabs(sum - mean), 5 * sqrt(variance), "%s, n = %d, p = %s: %g, not %g +- %g",
                  what, row->n_features, row->probability, sum, mean, sqrt(variance));
}

/* Pearson's chi-square over bins merged until 10 are expected in each. */
static void check_law(const char *what, const Row *row, const double *seen, const double *expected,
                      int n) {
    double chi = 0, s = 0, e = 0, left = 0;
    int n_bins = 0;
    for (int i = 0; i < n; i++)
        left += expected[i];
    for (int i = 0; i < n; i++) {
        s += seen[i];
        e += expected[i];
        left -= expected[i];
        if ((e >= 10 && left >= 10) || i == n - 1) {
            chi += e > 0 ? (s - e) * (s - e) / e : s;
            n_bins += e > 0;
            s = e = 0;
        }
    }
    if (n_bins > 1)
        cr_assert_gt(gsl_cdf_chisq_Q(chi, n_bins - 1), 1e-6, "%s, n = %d, p = %s: %g over %d bins",
                     what, row->n_features, row->probability, chi, n_bins);
}

/* Number of active features of a sample: each feature in turn adds itself or not. First active
 * feature: i with p_i times the chance that none before it is. */
static void check_counts(const Row *row, const Tally *tally, Arena *arena) {
    double with[MOST + 1] = {tally->n_samples}, none = tally->n_samples;
    double *first = ARENA_NEW(arena, double, row->n_features + 1);
    for (int i = 0; i < row->n_features; i++) {
        double p = probability_of(row, i);
        with[MOST] += p * with[MOST - 1];
        for (int k = MOST - 1; k > 0; k--)
            with[k] += p * (with[k - 1] - with[k]);
        with[0] *= 1 - p;
        first[i] = p * none;
        none *= 1 - p;
    }
    first[row->n_features] = none;
    check_law("active features", row, tally->with, with, MOST + 1);
    check_law("first active feature", row, tally->first, first, row->n_features + 1);
}

static void check_features(const Row *row, const Tally *tally) {
    double n = tally->n_samples, sum = 0, variance = 0;
    for (int i = 0; i < row->n_features; i++) {
        double p = probability_of(row, i);
        sum += n * p;
        variance += n * p * (1 - p);
        if (n * p >= 20 || p == 0)
            check_near("one feature", row, tally->active[i], n * p, n * p * (1 - p));
        for (int j = 0; j < i && i < N_SIDE; j++) {
            double both = p * probability_of(row, j);
            if (n * both >= 20 || both == 0)
                check_near("pair", row, tally->pair[i][j], n * both, n * both * (1 - both));
        }
    }
    check_near("all features", row, tally->n_active, sum, variance);
}

/* Pairs (i, i+1) in all samples: the mean of n - 1 products, where products that share a feature
 * covary by p^3 - p^4. For one probability. */
static void check_neighbours(const Row *row, const Tally *tally) {
    double p = row->first, p2 = p * p, n = row->n_features;
    if (row->list || row->first != row->rest || n < 2)
        return;
    double variance = (n - 1) * (p2 - p2 * p2) + 2 * (n - 2) * (p2 * p - p2 * p2);
    if (tally->n_samples * (n - 1) * p2 >= 20)
        check_near("neighbours", row, tally->n_neighbours, tally->n_samples * (n - 1) * p2,
                   tally->n_samples * variance);
}

/* Uniform on [0,1]: mean 1/2, variance 1/12; on [-1,1]: 0, 1/3. x^2: mean 1/3, variance 4/45 in
 * both. Values of neighbours are independent: their products about the mean have mean 0. */
static void check_values(const Row *row, const Tally *tally, bool is_signed) {
    double n = tally->n_active, variance = is_signed ? 1.0 / 3 : 1.0 / 12;
    double rounding = n * 0x1p-23; /* of values to steps of 2^-24 / p */
    check_near("mean", row, tally->x, is_signed ? 0 : n / 2, n * variance + rounding);
    check_near("second moment", row, tally->x2, n / 3, n * 4 / 45 + rounding);
    check_near("neighbouring values", row, tally->product, 0,
               tally->n_neighbours * variance * variance);
}

Test(independent, has_its_law, .timeout = 60) {
    for (int law = 0; law < 2; law++)
        for (int r = 0; r < N_ROWS; r++) {
            Arena arena = {0};
            Data data = open_data(rows[r].n_features, rows[r].probability, values[law], &arena);
            Tally tally = tally_data(&data, law == 1, &arena);
            check_counts(&rows[r], &tally, &arena);
            check_features(&rows[r], &tally);
            check_neighbours(&rows[r], &tally);
            check_values(&rows[r], &tally, law == 1);
            arena_release(&arena);
        }
}

/* ---- the joint law of few features ---- */

enum { N_PATTERNS = 32, N_BINS = 16 };

/* Samples by which features they have (bit i: feature i), and values by feature, in which bin of
 * equal probability, apart for a sample's first active feature and for later ones. */
typedef struct Joint {
    double patterns[N_PATTERNS];
    double bins[5][2][N_BINS];
} Joint;

static void count_row(Joint *joint, const float *x, int n, bool is_signed) {
    int pattern = 0;
    for (int i = 0; i < n; i++) {
        if (x[i] == 0)
            continue;
        double at = is_signed ? ((double)x[i] + 1) / 2 : (double)x[i];
        int bin = (int)ceil(at * N_BINS) - 1;
        joint->bins[i][pattern != 0][bin < 0 ? 0 : bin]++;
        pattern |= 1 << i;
    }
    joint->patterns[pattern]++;
}

static void check_joint(const Row *row, bool is_signed) {
    enum { N_SAMPLES = 400 * 1024 };
    Arena arena = {0};
    Joint joint = {0};
    Batch batch;
    int n = row->n_features;
    Data data = open_data(n, row->probability, values[is_signed], &arena);
    cr_assert(batch_init(&batch, n, 1024, &arena));
    for (uint64_t step = 0; step < N_SAMPLES / 1024; step++) {
        data_draw(&data, rng_key(3, 0, PURPOSE_TRAIN), step, 0, 1024, &batch);
        joint.patterns[0] += batch.n_empty;
        for (int r = 0; r < batch.n_rows; r++) {
            float x[5];
            batch_row(&batch, batch.x, r, x);
            count_row(&joint, x, n, is_signed);
        }
    }
    double expected[N_PATTERNS] = {0};
    for (int pattern = 0; pattern < 1 << n; pattern++) {
        expected[pattern] = N_SAMPLES;
        for (int i = 0; i < n; i++)
            expected[pattern] *=
                pattern >> i & 1 ? probability_of(row, i) : 1 - probability_of(row, i);
    }
    check_law("patterns", row, joint.patterns, expected, 1 << n);
    for (int i = 0; i < n; i++)
        for (int later = 0; later < 2; later++) {
            double sum = 0, even[N_BINS];
            for (int bin = 0; bin < N_BINS; bin++)
                sum += joint.bins[i][later][bin];
            for (int bin = 0; bin < N_BINS; bin++)
                even[bin] = sum / N_BINS;
            check_law("values", row, joint.bins[i][later], even, N_BINS);
        }
    arena_release(&arena);
}

/* All patterns of active features at once: marginals, pairs and higher, and empty samples. Values
 * are uniform whether or not a feature is active before, as conditions are on patterns alone. */
Test(independent, has_its_joint_law, .timeout = 60) {
    static const double falling[] = {0.5, 0.3, 0.1, 0.03, 0.01}, odd[] = {0, 0.02, 0, 0.2, 0};
    static const Row few[] = {{1, "0.3", 0.3, 0.3, NULL},
                              {2, "0.01", 0.01, 0.01, NULL},
                              {2, "0.5", 0.5, 0.5, NULL},
                              {2, "0.9", 0.9, 0.9, NULL},
                              {3, "0.002", 0.002, 0.002, NULL},
                              {5, "0.05", 0.05, 0.05, NULL},
                              {5, "0.25", 0.25, 0.25, NULL},
                              {5, "0.5", 0.5, 0.5, NULL},
                              {5, "[0.5, 0.3, 0.1, 0.03, 0.01]", 0, 0, falling},
                              {5, "[0, 0.02, 0, 0.2, 0]", 0, 0, odd},
                              {4, "{first: 0.001, rest: 0.2}", 0.001, 0.2, NULL},
                              {4, "{first: 0.2, rest: 0.0005}", 0.2, 0.0005, NULL}};
    for (size_t r = 0; r < sizeof few / sizeof *few; r++)
        for (int is_signed = 0; is_signed < 2; is_signed++)
            check_joint(&few[r], is_signed);
}

Test(independent, knows_its_probabilities) {
    for (int r = 0; r < N_ROWS; r++) {
        Arena arena = {0};
        Data data = open_data(rows[r].n_features, rows[r].probability, "uniform", &arena);
        double sum = 0;
        for (int i = 0; i < data.n_features; i++) {
            cr_assert_eq(data.kind->probability(&data, i), probability_of(&rows[r], i));
            sum += probability_of(&rows[r], i);
        }
        cr_assert_float_eq(data_active_features(&data), sum, 1e-9 * (1 + sum));
        arena_release(&arena);
    }
}
