/* Register-tiled products C = A B or C += A B of vector_block.c.
 *
 *            B [K][columns]                 A tile of C is 6 rows by 2 vectors: 12 accumulators,
 * two
 *            +----+----+                    vectors of B and one number of A in every lane: 15
 *            |  b0 | b1 |  row k            registers, which AVX2 has, and 12 independent sums
 *            +----+----+                    cover the latency of a fused multiply-add. The
 *   A        C                              accumulators are named, since gcc 12 keeps arrays of
 *   [r][k]   c00  c01                       them on the stack at less than half the speed.
 *    ...     c10  c11     6 rows
 *            ...                            A is read at a[r * row_step + k * k_step]: as it lies
 *            c50  c51                       (k_step 1) or transposed (row_step 1).
 *
 * Rows of C come in sixes: callers pad with rows whose A is 0. Columns come in whole vectors; an
 * odd one out is a tile of one vector. */
#ifndef SUPERPOSE_MODEL_KERNEL_PRODUCT_H
#define SUPERPOSE_MODEL_KERNEL_PRODUCT_H

#include "sim/model/kernel/vector.h"

enum { TILE_ROWS = 6, TILE_COLUMNS = 2 * LANES };

typedef struct Operand {
    const float *at;
    int64_t row_step, k_step; /* A; B uses k_step alone */
} Operand;

#define EACH_ROW(do)                                                                               \
    do                                                                                             \
    (0) do(1) do(2) do(3) do(4) do(5)

/** A tile of C [6][2 LANES]; with is_sum added to what is there. a.k_step and b.k_step count. */
INLINE void tile_wide(int n_products, Operand a, Operand b, float *c, int64_t c_step, bool is_sum) {
#define DECLARE(r) Vec c##r##0 = {0}, c##r##1 = {0};
#define MULTIPLY(r)                                                                                \
    {                                                                                              \
        Vec s = splat(a.at[(r)*a.row_step]);                                                       \
        c##r##0 += s * b0;                                                                         \
        c##r##1 += s * b1;                                                                         \
    }
#define ADD_OLD(r)                                                                                 \
    c##r##0 += load(c + (r)*c_step);                                                               \
    c##r##1 += load(c + (r)*c_step + LANES);
#define STORE(r)                                                                                   \
    store(c + (r)*c_step, c##r##0);                                                                \
    store(c + (r)*c_step + LANES, c##r##1);
    EACH_ROW(DECLARE)
    for (int k = 0; k < n_products; k++, a.at += a.k_step, b.at += b.k_step) {
        Vec b0 = load(b.at), b1 = load(b.at + LANES);
        EACH_ROW(MULTIPLY)
    }
    if (is_sum) {
        EACH_ROW(ADD_OLD)
    }
    EACH_ROW(STORE)
#undef DECLARE
#undef MULTIPLY
#undef ADD_OLD
#undef STORE
}

/** The same, one vector wide. */
INLINE void tile_narrow(int n_products, Operand a, Operand b, float *c, int64_t c_step,
                        bool is_sum) {
#define DECLARE(r) Vec c##r = {0};
#define MULTIPLY(r) c##r += splat(a.at[(r)*a.row_step]) * b0;
#define ADD_OLD(r) c##r += load(c + (r)*c_step);
#define STORE(r) store(c + (r)*c_step, c##r);
    EACH_ROW(DECLARE)
    for (int k = 0; k < n_products; k++, a.at += a.k_step, b.at += b.k_step) {
        Vec b0 = load(b.at);
        EACH_ROW(MULTIPLY)
    }
    if (is_sum) {
        EACH_ROW(ADD_OLD)
    }
    EACH_ROW(STORE)
#undef DECLARE
#undef MULTIPLY
#undef ADD_OLD
#undef STORE
}

/** C [n_rows][n_columns], rows c_step apart: all rows of a strip of columns, then the next strip,
 * so that a strip of B stays in the first-level cache. b.row_step: from one strip of TILE_COLUMNS
 * to the next. */
INLINE void product(int n_rows, int n_columns, int n_products, Operand a, Operand b, float *c,
                    int64_t c_step, bool is_sum) {
    int column = 0;
    for (; column + TILE_COLUMNS <= n_columns; column += TILE_COLUMNS, b.at += b.row_step)
        for (int row = 0; row < n_rows; row += TILE_ROWS) {
            Operand rows = a;
            rows.at += row * a.row_step;
            tile_wide(n_products, rows, b, c + row * c_step + column, c_step, is_sum);
        }
    if (column < n_columns)
        for (int row = 0; row < n_rows; row += TILE_ROWS) {
            Operand rows = a;
            rows.at += row * a.row_step;
            tile_narrow(n_products, rows, b, c + row * c_step + column, c_step, is_sum);
        }
}

#undef EACH_ROW

#endif
