/* Kinds of data: every row of the table keeps what Data promises; finite datasets. */
#include "sim/data/stored.h"
#include "tests/opened_data.h"

/* ---- every row of the table ---- */

/* The kind with n features and, where it takes one, a probability; all else as it is by default. */
static Data open_default(const Kind *kind, int n, Arena *arena) {
    return open_yaml(
        arena_print(arena, "{kind: %s, n_features: %d%s}", kind->name, n,
                    has_field(kind, "feature_probability") ? ", feature_probability: 0.06" : ""),
        arena);
}

static void check_rows(const Batch *batch) {
    for (int row = 0; batch->form == BATCH_SPARSE && row < batch->n_rows; row++) {
        cr_assert_gt(batch->start[row + 1], batch->start[row], "empty samples are not listed");
        for (int e = batch->start[row]; e < batch->start[row + 1]; e++) {
            cr_assert_neq(batch->x[e], 0);
            cr_assert(batch->index[e] >= 0 && batch->index[e] < batch->n_features);
            cr_assert(e == batch->start[row] || batch->index[e] > batch->index[e - 1]);
        }
    }
}

static bool is_same(const Batch *a, const Batch *b, int n_rows) {
    Arena arena = {0};
    float *x = ARENA_NEW(&arena, float, a->n_features),
          *y = ARENA_NEW(&arena, float, a->n_features);
    bool same = a->form == b->form;
    for (int row = 0; same && row < n_rows; row++) {
        batch_row(a, a->x, row, x);
        batch_row(b, b->x, row, y);
        same = memcmp(x, y, (size_t)a->n_features * sizeof *x) == 0;
    }
    arena_release(&arena);
    return same;
}

static void check_marginals(const Data *data, const char *name, Arena *arena) {
    enum { N_BLOCKS = 300 };
    int n = data->n_features, block = data_block(n);
    double *active = ARENA_NEW(arena, double, n), n_empty = 0, n_samples = N_BLOCKS * block;
    float *x = ARENA_NEW(arena, float, n);
    Batch batch;
    cr_assert(batch_init(&batch, n, block, arena));
    for (uint64_t b = 0; b < N_BLOCKS; b++) {
        data_draw(data, 5, 1, b, N_BLOCKS * block, &batch);
        cr_assert_eq(batch_size(&batch), block);
        check_rows(&batch);
        n_empty += batch.n_empty;
        for (int row = 0; row < batch.n_rows; row++) {
            batch_row(&batch, batch.x, row, x);
            for (int i = 0; i < n; i++)
                active[i] += x[i] != 0;
        }
    }
    double sum = 0, empty = data_empty(data);
    for (int i = 0; i < n; i++) {
        double p = data->kind->probability(data, i);
        sum += p;
        cr_assert_leq(fabs(active[i] - n_samples * p), 5 * sqrt(n_samples * p * (1 - p)) + 1e-9,
                      "%s: feature %d of %d: %g of %g samples, not %g", name, i, n, active[i],
                      n_samples, p);
    }
    cr_assert_float_eq(data_active_features(data), sum, 1e-9);
    cr_assert(empty >= 0 && empty <= 1);
    if (batch.form == BATCH_SPARSE)
        cr_assert_leq(fabs(n_empty - n_samples * empty),
                      5 * sqrt(n_samples * empty * (1 - empty)) + 1e-9,
                      "%s: %g empty of %g, not %g", name, n_empty, n_samples, empty);
}

/* Blocks are what they are whoever draws them first, and a shorter one begins the longer. */
static void check_purity(const Data *data, const char *name, Arena *arena) {
    int n = data->n_features, block = data_block(n);
    Batch batch[3], again;
    cr_assert(batch_init(&again, n, block, arena));
    for (int b = 0; b < 3; b++) {
        cr_assert(batch_init(&batch[b], n, block, arena));
        data_draw(data, 7, 3, (uint64_t)b, 3 * block, &batch[b]);
    }
    for (int b = 2; b >= 0; b--) {
        data_draw(data, 7, 3, (uint64_t)b, 3 * block, &again);
        cr_assert(again.n_rows == batch[b].n_rows && again.n_empty == batch[b].n_empty);
        cr_assert(is_same(&again, &batch[b], again.n_rows), "%s: drawn twice", name);
    }
    cr_assert_not(is_same(&batch[0], &batch[1], 20), "%s: blocks", name);
    data_draw(data, 7, 4, 0, 3 * block, &again);
    cr_assert_not(is_same(&batch[0], &again, 20), "%s: steps", name);
    data_draw(data, 8, 3, 0, 3 * block, &again);
    cr_assert_not(is_same(&batch[0], &again, 20), "%s: seeds", name);
    data_draw(data, 7, 3, 0, block, &batch[0]);
    data_draw(data, 7, 3, 0, block, &again);
    cr_assert(is_same(&again, &batch[0], again.n_rows));
}

Test(kinds, every_row_keeps_what_data_promises, .timeout = 60) {
    static const int sizes[] = {2, 12, 400};
    cr_assert_geq(data_table.n_rows, 7);
    for (int r = 0; r < data_table.n_rows; r++)
        for (int s = 0; s < COUNT(sizes); s++) {
            Arena arena = {0};
            const Kind *kind = data_table.rows[r];
            if (has_field(kind, "path"))
                continue; /* it needs a file */
            Data data = open_default(kind, sizes[s], &arena);
            check_marginals(&data, kind->name, &arena);
            check_purity(&data, kind->name, &arena);
            arena_release(&arena);
        }
}

/* p_i = C (i + 1)^-r with sum p_i = active. */
Test(kinds, power_laws_of_probabilities) {
    static const struct {
        int n;
        double zipf, active;
    } rows[] = {{10, 1, 2}, {1000, 1.2, 0.5}, {5, 0, 1}, {300, 0.5, 15}};
    for (int r = 0; r < COUNT(rows); r++) {
        Arena arena = {0};
        Data data = open_yaml(arena_print(&arena,
                                          "{kind: independent, n_features: %d, "
                                          "feature_probability: {zipf: %g, active: %g}}",
                                          rows[r].n, rows[r].zipf, rows[r].active),
                              &arena);
        double first = data.kind->probability(&data, 0);
        cr_assert_float_eq(data_active_features(&data), rows[r].active, 1e-12 * rows[r].n);
        for (int i = 0; i < rows[r].n; i++)
            cr_assert_float_eq(data.kind->probability(&data, i) / first, pow(i + 1, -rows[r].zipf),
                               1e-12);
        check_marginals(&data, "zipf", &arena);
        arena_release(&arena);
    }
}

/* ---- finite datasets ---- */

Test(order, is_a_permutation) {
    static bool is_seen[20000];
    static const int64_t sizes[] = {1, 2, 3, 100, 1023, 1024, 1025, 4096, 4097, 20000};
    for (int s = 0; s < COUNT(sizes); s++)
        for (uint64_t key = 0; key < 5; key++) {
            Order order;
            order_init(&order, key, sizes[s]);
            memset(is_seen, 0, sizeof is_seen);
            for (int64_t t = 0; t < sizes[s]; t++) {
                int64_t at = order_at(&order, t);
                cr_assert(at >= 0 && at < sizes[s] && !is_seen[at]);
                is_seen[at] = true;
            }
        }
}

/* Over keys, the sample at a place and the distance to the next one's are uniform, each in 20 bins
 * of as many numbers. */
Test(order, of_many_is_even) {
    enum { N = 2000, N_KEYS = 20000, N_BINS = 20 };
    static const int64_t places[] = {0, 1, 777, N - 2};
    for (int p = 0; p < COUNT(places); p++) {
        double seen[2][N_BINS] = {{0}}, expected[N_BINS];
        for (uint64_t key = 0; key < N_KEYS; key++) {
            Order order;
            order_init(&order, rng_key(key, 1, PURPOSE_DATASET), N);
            int64_t here = order_at(&order, places[p]), next = order_at(&order, places[p] + 1);
            seen[0][here * N_BINS / N]++;
            seen[1][(next - here + N) % N * N_BINS / N]++;
        }
        for (int i = 0; i < N_BINS; i++)
            expected[i] = (double)N_KEYS / N_BINS;
        check_law("places", seen[0], expected, N_BINS);
        for (int i = 0; i < N_BINS; i++) /* a distance is 1 … N - 1 */
            expected[i] = (double)N_KEYS / (N - 1) * (N / N_BINS - (i == 0));
        check_law("distances", seen[1], expected, N_BINS);
    }
}

/* Over many keys each of the n! orders is as likely. */
Test(order, gives_every_order_as_often) {
    enum { N_KEYS = 60000, MOST_ORDERS = 120 };
    for (int n = 2, n_orders = 2; n <= 5; n_orders *= ++n) {
        double seen[MOST_ORDERS] = {0}, expected[MOST_ORDERS];
        for (uint64_t key = 0; key < N_KEYS; key++) {
            int64_t order[5];
            int number = 0; /* of the order, by Lehmer's code */
            Order made;
            order_init(&made, rng_key(key, 0, PURPOSE_DATASET), n);
            for (int t = 0; t < n; t++)
                order[t] = order_at(&made, t);
            for (int t = 0; t < n; t++) {
                int n_smaller = 0;
                for (int u = t + 1; u < n; u++)
                    n_smaller += order[u] < order[t];
                number = number * (n - t) + n_smaller;
            }
            seen[number]++;
        }
        for (int i = 0; i < n_orders; i++)
            expected[i] = (double)N_KEYS / n_orders;
        check_law("orders", seen, expected, n_orders);
    }
}

/* Sample t of a dataset as sums over its features: enough to tell samples apart. */
static int draw_sums(const Data *data, uint64_t step, int batch_size_, double *sums) {
    Arena arena = {0};
    Batch batch;
    int n = data->n_features, block = data_block(n), n_rows = 0;
    cr_assert(batch_init(&batch, n, block, &arena));
    for (int b = 0; b * block < batch_size_; b++) {
        data_draw(data, 9, step, (uint64_t)b, batch_size_, &batch);
        for (int row = 0; row < batch.n_rows; row++) {
            sums[n_rows] = 0;
            for (int e = batch.start[row]; e < batch.start[row + 1]; e++)
                sums[n_rows] += (double)batch.x[e] * (batch.index[e] + 1);
            n_rows++;
        }
    }
    arena_release(&arena);
    return n_rows;
}

#define DATASET "{kind: dataset, n_features: 50, feature_probability: 0.1, order: "

/* A full batch has every sample once, whatever the order; fixed order repeats, shuffled does not;
 * a walk in other portions passes the same samples. */
Test(dataset, is_walked_through_again_and_again) {
    enum { T = 300 };
    Arena arena = {0};
    Data fixed = open_yaml(DATASET "fixed, n_samples: 300}", &arena);
    Data mixed = open_yaml(DATASET "shuffled, n_samples: 300}", &arena);
    static double first[T], again[T], shuffled_[T], portion[70];
    int n = draw_sums(&fixed, 0, T, first);
    cr_assert(n > 280 && n < T); /* (1 - 0.1)^50 of them are empty: 1.5 of 300 */
    for (uint64_t step = 0; step < 3; step++) {
        cr_assert_eq(draw_sums(&fixed, step, T, again), n);
        cr_assert_arr_eq(again, first, (size_t)n * sizeof *first);
        cr_assert_eq(draw_sums(&mixed, step, T, shuffled_), n);
        double sum = 0, total = 0;
        int n_in_place = 0;
        for (int i = 0; i < n; i++) {
            int n_found = 0;
            for (int j = 0; j < n; j++)
                n_found += shuffled_[j] == first[i];
            cr_assert_eq(n_found, 1);
            n_in_place += shuffled_[i] == first[i];
            sum += shuffled_[i];
            total += first[i];
        }
        cr_assert_lt(n_in_place, 20); /* 1 expected */
        cr_assert_float_eq(sum, total, 1e-6);
    }
    int at = 0;
    for (uint64_t step = 0; step < 9; step++)
        for (int i = 0, n_here = draw_sums(&fixed, step, 70, portion); i < n_here; i++)
            cr_assert_eq(portion[i], first[at++ % n]);
    arena_release(&arena);
}

/* Sample t has its own place in a stream: fewer samples are the beginning of more; another
 * dataset_seed is another dataset. Marginals are counts. */
Test(dataset, is_a_function_of_its_seed) {
    Arena arena = {0};
    static double many[300], few[100], other[300];
    Data large = open_yaml(DATASET "fixed, n_samples: 300}", &arena);
    Data small = open_yaml(DATASET "fixed, n_samples: 100}", &arena);
    Data reseeded = open_yaml(DATASET "fixed, n_samples: 300, dataset_seed: 1}", &arena);
    draw_sums(&large, 0, 300, many);
    int n = draw_sums(&small, 0, 100, few);
    cr_assert_arr_eq(few, many, (size_t)n * sizeof *few);
    draw_sums(&reseeded, 0, 300, other);
    for (int i = 0; i < 100; i++)
        cr_assert_neq(other[i], many[i]);
    cr_assert_float_eq(data_empty(&small), 1 - n / 100.0, 1e-15);
    Batch batch;
    double counts[50] = {0};
    cr_assert(batch_init(&batch, 50, 128, &arena));
    data_draw(&small, 0, 0, 0, 100, &batch);
    for (int e = 0; e < batch.start[batch.n_rows]; e++)
        counts[batch.index[e]]++;
    for (int i = 0; i < 50; i++)
        cr_assert_float_eq(small.kind->probability(&small, i), counts[i] / 100, 1e-15);
    arena_release(&arena);
}
