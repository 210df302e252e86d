/* Register-tiled products C = A B or C += A B of vector_block.c.
 *
 *            B [K][columns]            A tile of C is 6 rows by 2 vectors: 12 accumulators, two
 *            +----+----+--+            vectors of B and one number of A in every lane make 15
 *            |  b0 | b1 |bh|  row k    registers, which AVX2 has, and 12 independent sums cover
 *            +----+----+--+            the latency of a fused multiply-add. AVX-512 has 32: 8
 *   A        C                         rows, and where columns end in half a vector, that half
 *   [r][k]   c00  c01  c0h             beside the last tile: its 512-bit instructions cost twice
 *    ...     c10  c11  c1h             a 256-bit one's, so padding to whole vectors would be paid.
 *            ...                       The accumulators are named, since gcc 12 keeps arrays of
 *            c50  c51  c5h             them on the stack at less than half the speed.
 *
 * A is read at a[r * row_step + k * k_step]: as it lies (k_step 1) or transposed (row_step 1).
 * Rows of C come in whole tiles: callers pad with rows whose A is 0. */
#ifndef SUPERPOSE_MODEL_KERNEL_PRODUCT_H
#define SUPERPOSE_MODEL_KERNEL_PRODUCT_H

#include "sim/model/kernel/vector.h"

#if LANES == 16
enum { TILE_ROWS = 8 };
#define EACH_ROW(do)                                                                               \
    do                                                                                             \
    (0) do(1) do(2) do(3) do(4) do(5) do(6) do(7)
#else
enum { TILE_ROWS = 6 };
#define EACH_ROW(do)                                                                               \
    do                                                                                             \
    (0) do(1) do(2) do(3) do(4) do(5)
#endif
enum { TILE_COLUMNS = 2 * LANES };

typedef struct Operand {
    const float *at;
    int64_t row_step, k_step; /* A; B uses k_step alone */
} Operand;

/** A tile of C, V vectors wide (0, 1, 2) and half a vector more where has_half; with is_sum added
 * to what is there. a.k_step and b.k_step count. */
INLINE void tile(const int V, const bool has_half, int n_products, Operand a, Operand b, float *c,
                 int64_t c_step, bool is_sum) {
#define DECLARE(r)                                                                                 \
    Vec c##r##0 = {0}, c##r##1 = {0};                                                              \
    ShortVec c##r##h = {0};
#define MULTIPLY(r)                                                                                \
    {                                                                                              \
        Vec s = splat(a.at[(r)*a.row_step]);                                                       \
        if (V > 0)                                                                                 \
            c##r##0 += s * b0;                                                                     \
        if (V > 1)                                                                                 \
            c##r##1 += s * b1;                                                                     \
        if (has_half)                                                                              \
            c##r##h += lower_half(s) * bh;                                                         \
    }
#define STORE(r)                                                                                   \
    {                                                                                              \
        float *row = c + (r)*c_step;                                                               \
        if (V > 0)                                                                                 \
            store(row, is_sum ? load(row) + c##r##0 : c##r##0);                                    \
        if (V > 1)                                                                                 \
            store(row + LANES, is_sum ? load(row + LANES) + c##r##1 : c##r##1);                    \
        row += V * LANES;                                                                          \
        if (has_half)                                                                              \
            store_half(row, is_sum ? load_half(row) + c##r##h : c##r##h);                          \
    }
    EACH_ROW(DECLARE)
    for (int k = 0; k < n_products; k++, a.at += a.k_step, b.at += b.k_step) {
        Vec b0 = {0}, b1 = {0};
        ShortVec bh = {0};
        if (V > 0)
            b0 = load(b.at);
        if (V > 1)
            b1 = load(b.at + LANES);
        if (has_half)
            bh = load_half(b.at + V * LANES);
        EACH_ROW(MULTIPLY)
    }
    EACH_ROW(STORE)
#undef DECLARE
#undef MULTIPLY
#undef STORE
}

/** All rows of a strip of columns. */
INLINE void strip(const int V, const bool has_half, int n_rows, int n_products, Operand a,
                  Operand b, float *c, int64_t c_step, bool is_sum) {
    for (int row = 0; row < n_rows; row += TILE_ROWS) {
        Operand rows = a;
        rows.at += row * a.row_step;
        tile(V, has_half, n_products, rows, b, c + row * c_step, c_step, is_sum);
    }
}

/** C [n_rows][n_columns], rows c_step apart: strip after strip, so that a strip of B stays in the
 * first-level cache. n_columns is whole vectors, and half a one where B's strips are next to each
 * other. b.row_step: from one strip of TILE_COLUMNS to the next. */
INLINE void product(int n_rows, int n_columns, int n_products, Operand a, Operand b, float *c,
                    int64_t c_step, bool is_sum) {
    bool has_half = n_columns % LANES;
    int column = 0, n_wide = n_columns / TILE_COLUMNS, n_last = n_columns % TILE_COLUMNS;
    if (has_half && n_last < LANES && n_wide > 0)
        n_last += TILE_COLUMNS, n_wide--;
    for (; n_wide > 0; n_wide--, column += TILE_COLUMNS, b.at += b.row_step)
        strip(2, false, n_rows, n_products, a, b, c + column, c_step, is_sum);
    if (has_half && n_last > TILE_COLUMNS)
        strip(2, true, n_rows, n_products, a, b, c + column, c_step, is_sum);
    else if (has_half && n_last > LANES)
        strip(1, true, n_rows, n_products, a, b, c + column, c_step, is_sum);
    else if (has_half)
        strip(0, true, n_rows, n_products, a, b, c + column, c_step, is_sum);
    else if (n_last > 0)
        strip(1, false, n_rows, n_products, a, b, c + column, c_step, is_sum);
}

#undef EACH_ROW

#endif
