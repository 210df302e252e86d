/* Any thread finds any place of any epoch alone: a short order is shuffled anew where it is needed,
 * and a long one is a keyed permutation, a Feistel network whose results past the end are sent
 * through it again ("cycle walking": Black & Rogaway 2002, "Ciphers with Arbitrary Finite
 * Domains"). Over few numbers such a network would prefer some orders. */
#include "sim/data/stored.h"

#include <string.h>

/* Up to so many features are drawn in lanes; of more, from this share of active ones on, rows. */
enum { FEW_FEATURES = 32 };
static const double DENSE_FROM = 0.12;

const char *const order_words[] = {"fixed", "shuffled", NULL};

void order_init(Order *order, uint64_t key, int64_t n) {
    Rng rng;
    rng_init(&rng, key, 0, 0);
    order->n = n;
    if (n <= SMALL_ORDER) { /* Fisher and Yates, inside out */
        for (int i = 0; i < n; i++) {
            int j = (int)(rng_uniform(&rng) * (i + 1));
            order->table[i] = order->table[j];
            order->table[j] = (short)i;
        }
        return;
    }
    order->half = 1;
    while ((int64_t)1 << 2 * order->half < n)
        order->half++;
    for (int i = 0; i < ORDER_ROUNDS; i++)
        order->keys[i] = rng_next(&rng);
}

/* Some function of the right half and a key, in the upper bits. */
static uint64_t round_function(uint64_t right, uint64_t key) {
    uint64_t z = (right + 1) * 0x9e3779b97f4a7c15u ^ key;
    z = (z ^ z >> 32) * 0xd6e8feb86659fd93u;
    return z >> 32;
}

int64_t order_at(const Order *order, int64_t t) {
    if (order->n <= SMALL_ORDER)
        return order->table[t];
    const uint64_t mask = ((uint64_t)1 << order->half) - 1;
    do {
        uint64_t left = (uint64_t)t >> order->half, right = (uint64_t)t & mask;
        for (int i = 0; i < ORDER_ROUNDS; i++) {
            uint64_t next = left ^ (round_function(right, order->keys[i]) & mask);
            left = right;
            right = next;
        }
        t = (int64_t)(left << order->half | right);
    } while (t >= order->n);
    return t;
}

static bool count_samples(Stored *stored, int n_features, StoredSample *sample, void *context,
                          Batch *one, Error *error) {
    int64_t n_entries = 0, n_empty = 0;
    for (int64_t t = 0; t < stored->n_samples; t++) {
        sample(context, t, one);
        int n = one->start[one->n_rows], n_active = 0;
        stored->start[t] = n_entries;
        n_entries += n;
        for (int e = 0; e < n; e++) {
            bool is_active = one->x[e] != 0; /* else there is only a target */
            stored->probabilities[one->index[e]] += is_active;
            n_active += is_active;
        }
        n_empty += n_active == 0;
        if (n_entries > MOST_STORED)
            return error_set(error,
                             "data: the first %lld of %lld samples have more than %d active "
                             "features already",
                             (long long)t + 1, (long long)stored->n_samples, MOST_STORED);
    }
    stored->start[stored->n_samples] = n_entries;
    stored->empty = (double)n_empty / (double)stored->n_samples;
    for (int i = 0; i < n_features; i++)
        stored->probabilities[i] /= (double)stored->n_samples;
    return true;
}

static bool keep_samples(Stored *stored, int n_features, bool has_targets, StoredSample *sample,
                         void *context, Batch *one, Arena *arena, Error *error) {
    if (!count_samples(stored, n_features, sample, context, one, error))
        return false;
    int64_t n = stored->start[stored->n_samples];
    stored->index = ARENA_TRY(arena, int, n + 1);
    stored->x = ARENA_TRY(arena, float, n + 1);
    stored->y = has_targets ? ARENA_TRY(arena, float, n + 1) : NULL;
    if (!stored->index || !stored->x || (has_targets && !stored->y))
        return error_set(error, "no memory for %lld active features of a dataset", (long long)n);
    for (int64_t t = 0; t < stored->n_samples; t++) {
        size_t n_here = (size_t)(stored->start[t + 1] - stored->start[t]);
        sample(context, t, one);
        memcpy(stored->index + stored->start[t], one->index, n_here * sizeof(int));
        memcpy(stored->x + stored->start[t], one->x, n_here * sizeof(float));
        if (has_targets)
            memcpy(stored->y + stored->start[t], one->y_own, n_here * sizeof(float));
    }
    return true;
}

/* What suits the kernels: few features in lanes, others sparse where few of them are active. */
static BatchForm form_of(const Stored *stored, int n_features) {
    double n_numbers = (double)stored->n_samples * n_features;
    if (n_features <= FEW_FEATURES)
        return BATCH_LANES;
    return (double)stored->start[stored->n_samples] < DENSE_FROM * n_numbers ? BATCH_SPARSE
                                                                             : BATCH_ROWS;
}

bool stored_fill(Stored *stored, int n_features, int64_t n_samples, bool has_targets,
                 StoredSample *sample, void *context, Arena *arena, Error *error) {
    Arena scratch = {0};
    Batch one;
    stored->n_samples = n_samples;
    stored->start = ARENA_TRY(arena, int64_t, n_samples + 1);
    stored->probabilities = ARENA_TRY(arena, double, n_features);
    bool is_kept =
        stored->start && stored->probabilities && batch_init(&one, n_features, 1, &scratch);
    if (!is_kept)
        error_set(error, "no memory for a dataset of %lld samples", (long long)n_samples);
    else
        is_kept =
            keep_samples(stored, n_features, has_targets, sample, context, &one, arena, error);
    if (is_kept)
        stored->form = form_of(stored, n_features);
    arena_release(&scratch);
    return is_kept;
}

/* A batch without any sample yet, as long as that. */
static void clear(const Stored *stored, int n_samples, Batch *batch) {
    batch->form = stored->form;
    batch->n_rows = n_samples;
    if (stored->y)
        batch->y = batch->y_own;
    size_t n_bytes =
        stored->form == BATCH_SPARSE ? 0 : (size_t)batch_n_values(batch) * sizeof *batch->x;
    memset(batch->x, 0, n_bytes);
    if (stored->y)
        memset(batch->y, 0, n_bytes);
    batch->n_rows = 0;
}

/* Sample t as the batch's next row. */
static void add_dense(const Stored *stored, int64_t t, Batch *batch) {
    int row = batch->n_rows++;
    for (int64_t e = stored->start[t]; e < stored->start[t + 1]; e++) {
        int at = batch_place(batch, row, stored->index[e]);
        batch->x[at] = stored->x[e];
        if (stored->y)
            batch->y[at] = stored->y[e];
    }
}

/* Appends sample t; returns how many entries the batch has then. */
static int add_sample(const Stored *stored, int64_t t, int n_entries, Batch *batch) {
    int n = (int)(stored->start[t + 1] - stored->start[t]);
    if (!n)
        return n_entries;
    if (batch->form != BATCH_SPARSE) {
        add_dense(stored, t, batch);
        return n_entries;
    }
    memcpy(batch->index + n_entries, stored->index + stored->start[t], (size_t)n * sizeof(int));
    memcpy(batch->x + n_entries, stored->x + stored->start[t], (size_t)n * sizeof(float));
    if (stored->y)
        memcpy(batch->y + n_entries, stored->y + stored->start[t], (size_t)n * sizeof(float));
    batch->start[batch->n_rows++] = n_entries;
    return n_entries + n;
}

void stored_draw(const Stored *stored, const DrawPlace *place, int n_samples, Batch *batch) {
    uint64_t size = (uint64_t)data_block(batch->n_features), n = (uint64_t)stored->n_samples;
    uint64_t first = place->step * (uint64_t)place->batch_size + place->block * size;
    Order order = {0};
    int n_entries = 0;
    clear(stored, n_samples, batch);
    for (uint64_t i = first; i < first + (uint64_t)n_samples; i++) {
        if (stored->is_shuffled && (i == first || i % n == 0))
            order_init(&order, rng_key(place->key, i / n, PURPOSE_DATASET), (int64_t)n);
        int64_t t = (int64_t)(i % n);
        n_entries =
            add_sample(stored, stored->is_shuffled ? order_at(&order, t) : t, n_entries, batch);
    }
    batch->start[batch->n_rows] = n_entries;
    batch->n_empty = n_samples - batch->n_rows;
}

DrawWork stored_work(const Stored *stored) {
    static const double TABLE = 8, NETWORK = 48;
    double shuffled = stored->n_samples > SMALL_ORDER ? NETWORK : TABLE;
    return (DrawWork){.numbers = stored->is_shuffled ? shuffled : 0,
                      .choices = 1,
                      .is_listed = stored->form == BATCH_SPARSE};
}
