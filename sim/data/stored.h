/* A finite list of samples, and walks through it: each pass ("epoch") takes every sample once, in
 * the list's order or in a new one each time. Batches follow one another without a gap, so a batch
 * as large as the list is a full batch, and one that does not divide it goes on in the next epoch.
 */
#ifndef SUPERPOSE_DATA_STORED_H
#define SUPERPOSE_DATA_STORED_H

#include "sim/data/data.h"

/* The samples, sparse, whatever the form they are drawn in: entries of sample t are start[t] …
 * start[t + 1] - 1. */
typedef struct Stored {
    int64_t n_samples;
    int64_t *start;        /* [n_samples + 1] */
    int *index;            /* [start[n_samples]], increasing in each sample */
    float *x;              /* [start[n_samples]], not 0 where there is no y */
    float *y;              /* [start[n_samples]]: targets that come with the samples; or NULL */
    double *probabilities; /* [n_features]: the share of samples in which each is active */
    double empty;          /* the share of samples without an active feature */
    BatchForm form;        /* of a draw */
    bool is_shuffled;
} Stored;

/* The most active features that all samples together may have. */
enum { MOST_STORED = 1 << 28 };

/** Writes sample t into the emptied batch (capacity 1), sparse; with targets, also to y_own. */
typedef void StoredSample(void *context, int64_t t, Batch *one);

/** Takes n_samples samples, each asked for twice, to be counted and to be kept, with targets where
 * has_targets. Fails where they have more than MOST_STORED active features, or memory is short. */
bool stored_fill(Stored *stored, int n_features, int64_t n_samples, bool has_targets,
                 StoredSample *sample, void *context, Arena *arena, Error *error);

/** Draws the samples of a place of the walk into an emptied batch. */
void stored_draw(const Stored *stored, const DrawPlace *place, int n_samples, Batch *batch);

/** What looking up a sample takes: in the samples' order, in that of a shuffled table, or in that
 * of a network, which goes through its rounds twice or more. Measured, in random numbers. */
DrawWork stored_work(const Stored *stored);

/* An order of the samples: up to SMALL_ORDER of them shuffled in a table; more are permuted by a
 * Feistel network over 4^half numbers with these keys, which needs no table. */
enum { SMALL_ORDER = 1024, ORDER_ROUNDS = 8 };
typedef struct Order {
    int64_t n;
    int half;
    uint64_t keys[ORDER_ROUNDS];
    short table[SMALL_ORDER];
} Order;

/** Makes the order of n samples that belongs to the key; each order is as likely. */
void order_init(Order *order, uint64_t key, int64_t n);

/** The sample at place t of 0 … n - 1. */
int64_t order_at(const Order *order, int64_t t);

extern const char *const order_words[]; /* fixed, shuffled: what is_shuffled means */

#endif
