/* The hidden code of a sparse row, before its activation: h = b_hidden + sum_e x_e W_e over the
 * row's entries, in registers, so many vectors at a time. */
#ifndef SUPERPOSE_MODEL_KERNEL_BLOCK_ENCODE_H
#define SUPERPOSE_MODEL_KERNEL_BLOCK_ENCODE_H

#include "sim/model/kernel/vector.h"

/** V vectors of h, from entries start … end - 1; the last may be half a one. */
INLINE void encode_part(const int V, const bool has_half, const float *W, const float *b_hidden,
                        const Batch *batch, int start, int end, int m, float *h) {
    const int last = V - 1;
    Vec h0 = {0}, h1 = h0, h2 = h0, h3 = h0;
#define LOAD(v, from) (has_half && (v) == last ? widen(load_half(from)) : load(from))
#define PART(v, do)                                                                                \
    if ((v) < V) {                                                                                 \
        do                                                                                         \
            (v)                                                                                    \
    }
#define PARTS(do) PART(0, do) PART(1, do) PART(2, do) PART(3, do)
#define START(v) h##v = LOAD(v, b_hidden + (v)*LANES);
    PARTS(START)
    for (int e = start; e < end; e++) {
        const float *from = W + (int64_t)batch->index[e] * m;
        Vec x = splat(batch->x[e]);
#define ADD(v) h##v += x * LOAD(v, from + (v)*LANES);
        PARTS(ADD)
    }
#define FINISH(v)                                                                                  \
    if (has_half && (v) == last)                                                                   \
        store_half(h + (v)*LANES, lower_half(h##v));                                               \
    else                                                                                           \
        store(h + (v)*LANES, h##v);
    PARTS(FINISH)
}

/** h [m] of a row whose entries these are. */
INLINE void encode_row(const float *W, const float *b_hidden, const Batch *batch, int start,
                       int end, int m, float *h) {
    int k = 0;
    for (; k + 4 * LANES <= m; k += 4 * LANES)
        encode_part(4, false, W + k, b_hidden + k, batch, start, end, m, h + k);
    for (; k + 2 * LANES <= m; k += 2 * LANES)
        encode_part(2, false, W + k, b_hidden + k, batch, start, end, m, h + k);
    if (k + LANES < m)
        encode_part(2, true, W + k, b_hidden + k, batch, start, end, m, h + k);
    else if (k + LANES == m)
        encode_part(1, false, W + k, b_hidden + k, batch, start, end, m, h + k);
    else if (k < m)
        encode_part(1, true, W + k, b_hidden + k, batch, start, end, m, h + k);
}

#undef LOAD
#undef PART
#undef PARTS
#undef START
#undef ADD
#undef FINISH

#endif
