/* Products of vector_large.c: dense ones in parts that fit the first-level cache, and those over
 * lists of the numbers that are not 0, whose sums stay in registers over a list, so that a
 * multiplication costs one load. */
#ifndef SUPERPOSE_MODEL_KERNEL_LARGE_PRODUCT_H
#define SUPERPOSE_MODEL_KERNEL_LARGE_PRODUCT_H

#include "sim/model/kernel/large.h"

/** b [n_rows][n_columns], rows b_step apart, in one piece. */
INLINE void pack(const float *b, int64_t b_step, int n_rows, int n_columns, float *to) {
    for (int row = 0; row < n_rows; row++, b += b_step, to += n_columns)
        for (int i = 0; i < n_columns; i += LANES)
            store(to + i, load(b + i));
}

/** product, for C that is added to, strip of columns after strip, in K_BLOCKs of sums: so much of B
 * is brought into the first-level cache, in one piece, and meets all rows. */
static inline void products(int n_rows, int n_columns, int n_products, Operand a, Operand b,
                            float *c, int64_t c_step, float *room) {
    for (int column = 0; column < n_columns; column += TILE_COLUMNS, b.at += b.row_step) {
        int width = n_columns - column < TILE_COLUMNS ? n_columns - column : TILE_COLUMNS;
        for (int k = 0; k < n_products; k += K_BLOCK) {
            int n = n_products - k < K_BLOCK ? n_products - k : K_BLOCK;
            pack(b.at + k * b.k_step, b.k_step, n, width, room);
            product(round_up(n_rows, TILE_ROWS), width, n,
                    (Operand){a.at + k * a.k_step, a.row_step, a.k_step}, (Operand){room, 0, width},
                    c + column, c_step, true);
        }
    }
}

/** Rows [n_rows][m] to rows `step` apart; only those where active [n_rows], unless NULL, is not 0.
 */
static inline void copy_rows(const float *rows, int n_rows, int m, const int *active, float *to,
                             int step) {
    for (int64_t row = 0; row < n_rows; row++)
        if (!active || active[row])
            memcpy(to + row * step, rows + row * m, (size_t)m * sizeof(float));
}

/** Appends the numbers of g [LIST_BLOCK] that are not 0; returns how many there are then. Four at a
 * time, since mostly all of them are 0, and without a branch for each where not. */
static inline int list_numbers(const float *g, int *index, float *value, int n) {
    for (int i = 0; i < LIST_BLOCK; i += 4) {
        uint64_t bits[2];
        memcpy(bits, g + i, sizeof bits);
        if (!(bits[0] | bits[1]))
            continue;
        for (int k = i; k < i + 4; k++) {
            index[n] = k;
            value[n] = g[k];
            n += g[k] != 0;
        }
    }
    return n;
}

/** Lists the numbers of G that are not 0: for each feature, in LIST_BLOCKs of samples, and for each
 * sample. */
static inline void make_lists(const Sizes *s, const Samples *samples, const Panel *panel,
                              Scratch *scratch) {
    int n = 0, n_lists = 0;
    for (int i = 0; i < samples->n; i++)
        scratch->first[i] = scratch->last[i] = i * s->panel;
    for (int j = 0; j < panel->n; j++)
        for (int begin = 0; begin < samples->n; begin += LIST_BLOCK, n_lists++) {
            const float *g = scratch->g + (int64_t)j * s->sample_step;
            scratch->start[n_lists] = n;
            if (panel->active[j] > 0)
                n = list_numbers(g + begin, scratch->index, scratch->value, n);
            scratch->end[n_lists] = n;
            for (int e = scratch->start[n_lists]; e < n; e++) {
                int to = scratch->last[begin + scratch->index[e]]++;
                scratch->sample_index[to] = j;
                scratch->sample_value[to] = scratch->value[e];
            }
        }
}

/** c [LISTED] += sum over the list of value * the row of b: one load a multiplication. */
INLINE void add_list(const int *index, const float *value, int n, const float *b, int64_t b_step,
                     float *c) {
    Vec c0 = load(c), c1 = load(c + LANES), c2 = load(c + 2 * LANES), c3 = load(c + 3 * LANES);
    for (int e = 0; e < n; e++) {
        const float *row = b + index[e] * b_step;
        Vec factor = splat(value[e]);
        c0 += factor * load(row);
        c1 += factor * load(row + LANES);
        c2 += factor * load(row + 2 * LANES);
        c3 += factor * load(row + 3 * LANES);
    }
    store(c, c0);
    store(c + LANES, c1);
    store(c + 2 * LANES, c2);
    store(c + 3 * LANES, c3);
}

/* Rows' lists: entries first[row * step] … end[row * step] - 1 of index and value. */
typedef struct Lists {
    const int *first, *end;
    int step;
    const int *index;
    const float *value;
} Lists;

/** c [row][s->step] += sum over the row's list, whose entries are rows of b [n][s->step]. Long
 * lists go block after block of columns, so that all of that of b is in the first-level cache;
 * short ones go through whole rows. */
static inline void products_listed(const Sizes *s, int n_rows, Lists lists, bool is_long,
                                   const float *b, int n, float *c, float *room) {
    int n_columns = is_long ? LISTED : s->step;
    for (int block = 0; block < s->m; block += n_columns) {
        if (is_long)
            pack(b + block, s->step, n, LISTED, room);
        for (int64_t row = 0; row < n_rows; row++) {
            int first = lists.first[row * lists.step], end = lists.end[row * lists.step];
            for (int k = block; end > first && k < s->m && k < block + n_columns; k += LISTED)
                add_list(lists.index + first, lists.value + first, end - first,
                         is_long ? room : b + k, is_long ? LISTED : s->step, c + row * s->step + k);
        }
    }
}

#endif
