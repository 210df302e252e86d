/* Sparse samples, one row after another, of models with a linear code, on which there is no
 * penalty, and rectified outputs. With the Gram matrix A = W W2^T, made once a step, a sample of
 * few active features has its outputs as
 *
 *     z = z_empty + sum_e x_e A_e          e: the active features; A_e: row of A
 *
 *        A   e1 |----|----|----|--        eight vectors of outputs at a time, in registers;
 *            e2 |----|----|----|--        of a group only the bits z > 0 are looked at, and
 *               ------------------        those few outputs listed. Nothing else of size
 *        z      |  . |    | .. |          n_features is gone through.
 *                  |        ||
 *        list   (j, z_j) (j, z_j) ...     loss, and gradient g_j
 *
 * An output at 0 has no gradient, and a loss only where its target is not 0: an active feature. So
 * the loss is a sum over the listed outputs and the active features, and the gradient goes over the
 * same two lists, with the code h and its gradient d in registers:
 *
 *     h = b_hidden + sum_e x_e W_e      d = sum_j g_j W2_j      gW2_j += g_j h      gW_e += x_e d
 *
 * Such a row costs about (n_features / LANES) (1 + active features) steps instead of n_features
 * n_hidden multiply-adds. */
#include "sim/model/kernel/block.h"

enum { GROUP = 8 * LANES, BAND = 48 }; /* outputs at a time; rows of the Gram matrix in a task */

/* An output that has a loss: a listed one (z > 0), or the target of an active feature. */
typedef struct List {
    int n, n_active; /* outputs; the first n_active have z > 0 */
    int *output;
    float *z, *y, *importance, *g;
} List;

/* A worker's scratch. */
typedef struct Row {
    float *z;       /* [n_columns] */
    float *targets; /* [n_columns]: 0 between samples */
    List list;
    int n_entries; /* the sample's active features */
    const int *index;
    const float *x, *y;
    int *own_index; /* room for them, where the batch does not list them */
    float *own_x, *own_y, *dense;
} Row;

static int columns_of(const Workspace *workspace) {
    return round_up(workspace->n_features, LANES);
}

int64_t rows_scratch(const Workspace *workspace) {
    return 16LL * (columns_of(workspace) + 2 * LANES) * (int64_t)sizeof(float);
}

static Row row_of(const Workspace *workspace, void *scratch) {
    int64_t n = columns_of(workspace) + 2 * LANES;
    Row row = {.z = scratch};
    row.targets = row.z + n;
    row.own_x = row.targets + n;
    row.own_y = row.own_x + n;
    row.dense = row.own_y + n;
    row.own_index = (int *)(void *)(row.dense + n);
    row.list.z = row.dense + 2 * n;
    row.list.y = row.list.z + 2 * n;
    row.list.importance = row.list.y + 2 * n;
    row.list.g = row.list.importance + 2 * n;
    row.list.output = (int *)(void *)(row.list.g + 2 * n);
    return row;
}

void rows_prepare(const Workspace *workspace, const Weights *weights) {
    int n = workspace->n_features, m = workspace->n_hidden;
    int64_t step = padded_hidden(workspace);
    for (int j = 0; j < n; j++) {
        float z = weights->b[j];
        for (int k = 0; workspace->has_hidden_bias && k < m; k++)
            z += weights->b_hidden[k] * weights->W2[j * step + k];
        weights->z_empty[j] = z;
    }
}

/* ---- the Gram matrix ---- */

int gram_tasks(const Workspace *workspace) {
    return (workspace->n_features + BAND - 1) / BAND;
}

/* to[j][i] = from[i][j], 4 by 4. */
INLINE void transpose_four(const float *from, float *to, int64_t step) {
    Four r0 = load_four(from), r1 = load_four(from + step);
    Four r2 = load_four(from + 2 * step), r3 = load_four(from + 3 * step);
    Four low01 = __builtin_shufflevector(r0, r1, 0, 4, 1, 5);
    Four low23 = __builtin_shufflevector(r2, r3, 0, 4, 1, 5);
    Four high01 = __builtin_shufflevector(r0, r1, 2, 6, 3, 7);
    Four high23 = __builtin_shufflevector(r2, r3, 2, 6, 3, 7);
    store_four(to, __builtin_shufflevector(low01, low23, 0, 1, 4, 5));
    store_four(to + step, __builtin_shufflevector(low01, low23, 2, 3, 6, 7));
    store_four(to + 2 * step, __builtin_shufflevector(high01, high23, 0, 1, 4, 5));
    store_four(to + 3 * step, __builtin_shufflevector(high01, high23, 2, 3, 6, 7));
}

/* A band of rows by the tiled product. In tied models it is symmetric: only what is right of the
 * diagonal is computed, and copied to its mirror image. */
void gram_run(const Workspace *workspace, const Weights *weights, int band) {
    int n = workspace->n_features, n_columns = columns_of(workspace), m = workspace->n_hidden;
    int first = band * BAND, end = first + BAND < n ? first + BAND : n;
    int left = workspace->is_tied ? first / TILE_COLUMNS * TILE_COLUMNS : 0;
    int right = n_columns / TILE_COLUMNS * TILE_COLUMNS;
    int64_t step = padded_hidden(workspace);
    float *rows = weights->gram + (int64_t)first * n_columns;
    Operand W = {weights->W + first * step, step, 1};
    product(end - first, right - left, m, W,
            (Operand){weights->W2T + (int64_t)left * m, m * TILE_COLUMNS, TILE_COLUMNS},
            rows + left, n_columns, false);
    product(end - first, n_columns - right, m, W,
            (Operand){weights->W2T + (int64_t)right * m, 0, LANES}, rows + right, n_columns, false);
    for (int row = first; workspace->is_tied && row < end; row += 4)
        for (int column = end; column < n; column += 4)
            transpose_four(weights->gram + (int64_t)row * n_columns + column,
                           weights->gram + (int64_t)column * n_columns + row, n_columns);
}

/* ---- a sample's active features ---- */

static void list_entries(const Batch *batch, int sample, Row *row) {
    int n = batch->n_features, n_entries = 0;
    batch_row(batch, batch->x, sample, row->dense);
    for (int i = 0; i < n; i++) {
        row->own_index[n_entries] = i;
        row->own_x[n_entries] = row->dense[i];
        n_entries += row->dense[i] != 0;
    }
    batch_row(batch, batch->y, sample, row->dense);
    for (int e = 0; e < n_entries; e++)
        row->own_y[e] = row->dense[row->own_index[e]];
    row->n_entries = n_entries;
    row->index = row->own_index, row->x = row->own_x, row->y = row->own_y;
}

/* The sample after the last is an empty one. */
static void take_sample(const Batch *batch, int sample, Row *row) {
    row->n_entries = 0;
    if (sample >= batch->n_rows)
        return;
    if (batch->form != BATCH_SPARSE) {
        list_entries(batch, sample, row);
        return;
    }
    int start = batch->start[sample];
    row->n_entries = batch->start[sample + 1] - start;
    row->index = batch->index + start, row->x = batch->x + start, row->y = batch->y + start;
}

/* ---- forward: the list of outputs ---- */

/* What is done for vector v of V, up to 4 and up to 8. */
/* clang-format off */
#define EACH_OF_4(V, do)                                                                           \
    do(0) if ((V) > 1) { do(1) } if ((V) > 2) { do(2) } if ((V) > 3) { do(3) }
#define EACH(V, do)                                                                                \
    EACH_OF_4(V, do)                                                                               \
    if ((V) > 4) { do(4) } if ((V) > 5) { do(5) } if ((V) > 6) { do(6) } if ((V) > 7) { do(7) }
/* clang-format on */

/* Appends the outputs whose bit is set; returns how many there are then. */
INLINE int append(uint64_t bits, int first, const float *z, int n, List *list) {
    for (; bits; bits &= bits - 1, n++) {
        int j = first + __builtin_ctzll(bits);
        list->output[n] = j;
        list->z[n] = z[j];
    }
    return n;
}

/* Outputs column … column + V LANES - 1. */
INLINE int run_group(const int V, const Weights *weights, int64_t n_columns, int column,
                     const Row *row, int n_active, List *list) {
    const float *z_empty = weights->z_empty + column, *gram = weights->gram + column;
    float *z = row->z + column;
    uint64_t low = 0, high = 0;
    Vec z0 = {0}, z1 = z0, z2 = z0, z3 = z0, z4 = z0, z5 = z0, z6 = z0, z7 = z0;
#define START(v) z##v = load(z_empty + (v)*LANES);
    EACH(V, START)
    for (int e = 0; e < row->n_entries; e++) {
        const float *from = gram + row->index[e] * n_columns;
        Vec x = splat(row->x[e]);
#define ADD(v) z##v += x * load(from + (v)*LANES);
        EACH(V, ADD)
    }
#define FINISH(v)                                                                                  \
    store(z + (v)*LANES, z##v);                                                                    \
    if ((v) < 4)                                                                                   \
        low |= (uint64_t)passing_bits(z##v) << ((v) % 4 * LANES);                                  \
    else                                                                                           \
        high |= (uint64_t)passing_bits(z##v) << ((v) % 4 * LANES);
    EACH(V, FINISH)
    n_active = append(low, column, row->z, n_active, list);
    if (V > 4)
        n_active = append(high, column + 4 * LANES, row->z, n_active, list);
    return n_active;
}

INLINE int run_last_group(int n_vectors, const Weights *weights, int64_t n_columns, int column,
                          const Row *row, int n_active, List *list) {
    switch (n_vectors) {
#define BUILD(V)                                                                                   \
    case V:                                                                                        \
        return run_group(V, weights, n_columns, column, row, n_active, list);
        BUILD(1)
        BUILD(2)
        BUILD(3)
        BUILD(4)
        BUILD(5)
        BUILD(6)
        BUILD(7)
    default:
        return n_active;
    }
}

/* Lists all outputs with z > 0, then the active features' targets that none of those has met, and a
 * vector of zeros. */
static void list_outputs(const Workspace *workspace, const Weights *weights, Row *row) {
    List *list = &row->list;
    int n_columns = columns_of(workspace), column = 0, n = 0;
    for (; column + GROUP <= n_columns; column += GROUP)
        n = run_group(8, weights, n_columns, column, row, n, list);
    n = run_last_group((n_columns - column) / LANES, weights, n_columns, column, row, n, list);
    list->n_active = n;
    for (int e = 0; e < row->n_entries; e++)
        row->targets[row->index[e]] = row->y[e];
    for (int i = 0; i < list->n_active; i++) {
        int j = list->output[i];
        list->y[i] = row->targets[j];
        list->importance[i] = workspace->importance[j];
        row->targets[j] = 0;
    }
    for (int e = 0; e < row->n_entries; e++, n++) {
        int j = row->index[e];
        list->z[n] = 0;
        list->y[n] = row->targets[j];
        list->importance[n] = workspace->importance[j];
        row->targets[j] = 0;
    }
    list->n = n;
    store(list->z + n, (Vec){0});
    store(list->y + n, (Vec){0});
    store(list->importance + n, (Vec){0});
}

/* ---- loss and its slope ---- */

INLINE float residuals(Power power, float exponent, float factor, List *list) {
    Vec loss = {0};
    for (int i = 0; i < list->n; i += LANES)
        store(list->g + i, residual(power, exponent, load(list->z + i), load(list->y + i),
                                    load(list->importance + i), splat(factor), (Mask){0}, &loss));
    return sum_of_lanes(loss);
}

/* Sets list->g; returns the loss. */
static float add_residuals(const Workspace *workspace, int weight, List *list) {
    float exponent = (float)workspace->exponent, factor = -exponent * (float)weight;
    switch (workspace->power) {
    case POWER_2:
        return residuals(POWER_2, exponent, factor, list);
    default:
        return residuals(workspace->power, exponent, factor, list);
    }
}

/* ---- backward ---- */

/* V vectors of hidden dimensions from k on; the last may be half a one. */
INLINE void run_back(const int V, const bool has_half, const Workspace *workspace,
                     const Weights *weights, const Row *row, int64_t m, int k, float *gradient) {
    const Layout *layout = &workspace->layout;
    const List *list = &row->list;
    const int last = V - 1;
    float *sum_W = gradient + layout->W + k, *sum_W2 = gradient + layout->W2 + k;
    const float *W = weights->W + k, *W2 = weights->W2 + k;
    Vec h0 = {0}, h1 = h0, h2 = h0, h3 = h0, d0 = h0, d1 = h0, d2 = h0, d3 = h0;
#define LOAD(v, from) (has_half && (v) == last ? widen(load_half(from)) : load(from))
#define ADD_TO(v, to, value)                                                                       \
    if (has_half && (v) == last)                                                                   \
        store_half(to, load_half(to) + lower_half(value));                                         \
    else                                                                                           \
        store(to, load(to) + (value));
#define BIAS(v) h##v = LOAD(v, weights->b_hidden + k + (v)*LANES);
    EACH_OF_4(V, BIAS)
    for (int e = 0; e < row->n_entries; e++) {
        const float *from = W + row->index[e] * m;
        Vec x = splat(row->x[e]);
#define ENCODE(v) h##v += x * LOAD(v, from + (v)*LANES);
        EACH_OF_4(V, ENCODE)
    }
    for (int i = 0; i < list->n_active; i++) {
        int64_t at = list->output[i] * m;
        Vec g = splat(list->g[i]);
#define DECODE_BACK(v)                                                                             \
    d##v += g * LOAD(v, W2 + at + (v)*LANES);                                                      \
    ADD_TO(v, sum_W2 + at + (v)*LANES, g * h##v)
        EACH_OF_4(V, DECODE_BACK)
    }
    for (int e = 0; e < row->n_entries; e++) {
        float *to = sum_W + row->index[e] * m;
        Vec x = splat(row->x[e]);
#define ENCODE_BACK(v) ADD_TO(v, to + (v)*LANES, x * d##v)
        EACH_OF_4(V, ENCODE_BACK)
    }
    if (workspace->has_hidden_bias) {
        float *to = gradient + layout->b_hidden + k;
#define BIAS_BACK(v) ADD_TO(v, to + (v)*LANES, d##v)
        EACH_OF_4(V, BIAS_BACK)
    }
}

static void add_gradient(const Workspace *workspace, const Weights *weights, const Row *row,
                         float *gradient) {
    const List *list = &row->list;
    int m = padded_hidden(workspace), k = 0;
    float *sum_b = gradient + workspace->layout.b;
    for (int i = 0; i < list->n_active; i++)
        sum_b[list->output[i]] += list->g[i];
    for (; k + 4 * LANES <= m; k += 4 * LANES)
        run_back(4, false, workspace, weights, row, m, k, gradient);
    for (; k + 2 * LANES <= m; k += 2 * LANES)
        run_back(2, false, workspace, weights, row, m, k, gradient);
    if (k + LANES < m)
        run_back(2, true, workspace, weights, row, m, k, gradient);
    else if (k + LANES == m)
        run_back(1, false, workspace, weights, row, m, k, gradient);
    else if (k < m)
        run_back(1, true, workspace, weights, row, m, k, gradient);
}

void rows_run(const Workspace *workspace, const Weights *weights, const Batch *batch, int first,
              int end, void *scratch, float *gradient, RowsResult *result) {
    Row row = row_of(workspace, scratch);
    for (int sample = first; sample < end; sample++) {
        int weight = row_weight(batch, sample);
        take_sample(batch, sample, &row);
        list_outputs(workspace, weights, &row);
        result->n_active += row.list.n_active;
        sums_add(&result->sums, weight, (double)add_residuals(workspace, weight, &row.list));
        if (row.list.n_active > 0)
            add_gradient(workspace, weights, &row, gradient);
    }
}
