/* Path for all other models: blocks of 48 samples, register-tiled products (product.h), and nothing
 * of size batch x n_features ever in memory. m: hidden dimensions, padded to whole vectors.
 *
 *                       one panel of columns (at most 128 or 96 of all outputs)
 *                     +--------------+
 *   H = act(X W)      | W2^T   [m][w]|  strips of columns, made by prepare
 *   +------+          +--------------+
 *   | [48] | product  |  Z           |  then in one pass: + b, activation, residual, loss,
 *   | [m]  | -------> |  -> G [48][w]|  gradient with respect to z, in place; gb += G
 *   +------+          +--------------+
 *      ^               |           |
 *      |      D += G W2            gW2 += G^T H
 *      |          |
 *   X sparse:     +--> D *= act'(H);  gb_hidden += D;  gW += X^T D
 *   only over the non-zeros; dense: panels of X in the same buffer, by products. Where few outputs
 *   of a panel are active, D and gW2 too go over the non-zeros of G.
 *
 * The empty samples are one more row with a weight. Where sparse rows cost less (rows_pay), a first
 * stage makes the Gram matrix, and rows go through vector_rows.c as long as few outputs are active.
 *
 * Padding. Products take rows in whole tiles, and in gW2 += G^T H and gW += X^T D the panel's
 * columns are the rows: a panel is whole tiles. Past the last feature anything finite may stand: it
 * meets weights and importances of 0, and rows of the gradient that nobody gathers. So does what
 * stands in rows past the block's. Dense rows are read where they lie (take_dense). */
#include "sim/model/kernel/block.h"
#include "sim/model/kernel/block_encode.h"
#include "sim/model/kernel/gelu.h"

#include <string.h>

enum { BLOCK_ROWS = 48, PANEL = LANES == 16 ? 128 : 96, PANEL_STEP = PANEL + 16 };
_Static_assert(PANEL % TILE_ROWS == 0 && PANEL % TILE_COLUMNS == 0, "whole tiles either way");

/* Sparse rows cost less while fewer outputs than this part are active; so many rows are run to find
 * out. */
static const double most_active = 0.3;
enum { PROBE_ROWS = 16 };

/* A worker's scratch, and the block it is at. */
typedef struct Block {
    float *h, *d;      /* [BLOCK_ROWS][m] */
    float *bend;       /* [BLOCK_ROWS][m]: slope of a hidden GELU; NULL: the code is enough */
    float *g;          /* [BLOCK_ROWS][PANEL_STEP]: z, then dloss/dz */
    float *y;          /* [BLOCK_ROWS][PANEL_STEP]: targets that are not dense rows; also x */
    float *sum_b;      /* [PANEL]: the panel's gradient of b */
    double *loss;      /* [BLOCK_ROWS] */
    int *next;         /* [BLOCK_ROWS]: sparse: the row's first entry not yet taken into y */
    int m;             /* n_hidden, padded */
    int first;         /* row of the batch */
    int n_listed;      /* rows of the batch in this block */
    int n_rows;        /* with the empty sample */
    int n_tiled;       /* in whole tiles */
    int column, width; /* of the panel; width in whole vectors */
    int n_real;        /* columns that are outputs */
    int n_active;      /* numbers of G in the panel that are not 0 */
} Block;

static Weights weights_of(const Workspace *workspace) {
    int64_t n_rows = padded_rows(workspace), m = padded_hidden(workspace);
    Weights weights = {.W = workspace->prepared};
    weights.W2 = workspace->is_tied ? weights.W : weights.W + n_rows * m;
    weights.W2T = weights.W2 + n_rows * m;
    weights.b_hidden = weights.W2T + n_rows * workspace->n_hidden;
    weights.b = weights.b_hidden + m;
    weights.z_empty = weights.b + n_rows;
    weights.gram = weights.z_empty + n_rows;
    return weights;
}

static Block block_of(const Workspace *workspace, void *scratch) {
    Block block = {.loss = scratch, .m = padded_hidden(workspace)};
    block.next = (int *)(void *)(block.loss + BLOCK_ROWS);
    block.h = (float *)(void *)(block.next + BLOCK_ROWS);
    block.d = block.h + BLOCK_ROWS * (int64_t)block.m;
    block.g = block.d + BLOCK_ROWS * (int64_t)block.m;
    block.y = block.g + BLOCK_ROWS * PANEL_STEP;
    block.sum_b = block.y + BLOCK_ROWS * PANEL_STEP;
    if (workspace->hidden == ACTIVATION_GELU)
        block.bend = block.sum_b + PANEL;
    return block;
}

static int64_t block_bytes(const Workspace *workspace) {
    int64_t m = padded_hidden(workspace);
    int64_t n_arrays = workspace->hidden == ACTIVATION_GELU ? 3 : 2;
    int64_t n_floats = n_arrays * BLOCK_ROWS * m + 2LL * BLOCK_ROWS * PANEL_STEP + PANEL;
    return BLOCK_ROWS * (int64_t)(sizeof(double) + sizeof(int)) + n_floats * (int64_t)sizeof(float);
}

static void plan(Workspace *workspace) {
    int m = padded_hidden(workspace);
    int64_t n_rows = padded_rows(workspace);
    workspace->layout = layout_of(workspace, m, n_rows);
    workspace->n_prepared =
        n_rows * m * (workspace->is_tied ? 1 : 2) + n_rows * workspace->n_hidden + m + 2 * n_rows;
    workspace->scratch_bytes = block_bytes(workspace);
    if (rows_may_pay(workspace)) {
        workspace->n_prepared += n_rows * round_up(workspace->n_features, LANES);
        workspace->scratch_bytes += rows_scratch(workspace);
    }
    if (rows_fit(workspace)) { /* also where they do not pay: models of one data have like stages */
        workspace->stages[0] = (Stage){.n_tasks = gram_tasks(workspace)};
        workspace->stages[1] = (Stage){.takes_blocks = true};
        workspace->n_stages = 2;
    }
}

static void copy_rows(const float *from, int n_rows, int n_columns, float *to, int step) {
    for (int64_t row = 0; row < n_rows; row++)
        memcpy(to + row * step, from + row * n_columns, (size_t)n_columns * sizeof(float));
}

static void prepare(Workspace *workspace, const Model *model) {
    Weights weights = weights_of(workspace);
    int n = workspace->n_features, m = workspace->n_hidden, step = padded_hidden(workspace);
    copy_rows(model->W, n, m, weights.W, step);
    if (!workspace->is_tied)
        copy_rows(model->W2, n, m, weights.W2, step);
    if (model->b_hidden)
        copy_rows(model->b_hidden, 1, m, weights.b_hidden, step);
    copy_rows(model->b, 1, n, weights.b, n);
    int n_columns = round_up(n, LANES);
    for (int column = 0; column < n; column += TILE_COLUMNS) {
        int width = n_columns - column < TILE_COLUMNS ? LANES : TILE_COLUMNS;
        int n_real = n - column < width ? n - column : width;
        float *strip = weights.W2T + (int64_t)column * m;
        for (int j = 0; j < n_real; j++)
            for (int k = 0; k < m; k++)
                strip[k * width + j] = model->W2[(int64_t)(column + j) * m + k];
    }
    if (rows_pay(workspace))
        rows_prepare(workspace, &weights);
}

static void take_panel(const Workspace *workspace, Block *block, int column) {
    int n_columns = round_up(workspace->n_features, LANES);
    block->column = column;
    block->width = n_columns - column < PANEL ? n_columns - column : PANEL;
    block->n_real = workspace->n_features - column < PANEL ? workspace->n_features - column : PANEL;
}

/* The panel of x or y of a batch that is not sparse: where dense rows lie, if whole tiles do, else
 * in block->y, the empty sample as 0. */
static Operand take_dense(const Batch *batch, const float *values, Block *block) {
    int n = batch->n_features;
    if (batch->form == BATCH_ROWS && block->n_listed == block->n_rows &&
        block->first + block->n_tiled <= batch->capacity)
        return (Operand){values + (int64_t)block->first * n + block->column, n, 1};
    for (int row = 0; row < block->n_rows; row++) {
        float *to = block->y + row * PANEL_STEP;
        if (row < block->n_listed && batch->form == BATCH_LANES)
            batch_row(batch, values, block->first + row, to); /* of few features: all in a panel */
        else if (row < block->n_listed)
            memcpy(to, values + (int64_t)(block->first + row) * n + block->column,
                   (size_t)block->n_real * sizeof(float));
        else
            memset(to, 0, (size_t)block->n_real * sizeof(float));
    }
    return (Operand){block->y, PANEL_STEP, 1};
}

/* The panel of a sparse y; panels come from left to right. */
static Operand take_sparse(const Batch *batch, Block *block) {
    for (int row = 0; row < block->n_rows; row++) {
        float *to = block->y + row * PANEL_STEP;
        memset(to, 0, (size_t)block->width * sizeof(float));
        if (row >= block->n_listed)
            continue;
        int e = block->next[row], end = batch->start[block->first + row + 1];
        for (; e < end && batch->index[e] < block->column + block->width; e++)
            to[batch->index[e] - block->column] = batch->y[e];
        block->next[row] = e;
    }
    return (Operand){block->y, PANEL_STEP, 1};
}

static void encode_sparse(const Weights *weights, const Batch *batch, Block *block) {
    for (int row = 0; row < block->n_rows; row++) {
        bool is_listed = row < block->n_listed;
        int start = is_listed ? batch->start[block->first + row] : 0;
        int end = is_listed ? batch->start[block->first + row + 1] : 0;
        encode_row(weights->W, weights->b_hidden, batch, start, end, block->m,
                   block->h + (int64_t)row * block->m);
    }
}

static void encode_dense(const Workspace *workspace, const Weights *weights, const Batch *batch,
                         Block *block) {
    int m = block->m;
    for (int64_t row = 0; row < block->n_rows; row++)
        memcpy(block->h + row * m, weights->b_hidden, (size_t)m * sizeof(float));
    for (int column = 0; column < workspace->n_features; column += PANEL) {
        take_panel(workspace, block, column);
        Operand x = take_dense(batch, batch->x, block);
        Operand W = {weights->W + (int64_t)column * m, TILE_COLUMNS, m};
        product(block->n_tiled, m, block->n_real, x, W, block->h, m, true);
    }
}

static void encode(const Workspace *workspace, const Weights *weights, const Batch *batch,
                   Block *block) {
    if (batch->form != BATCH_SPARSE)
        encode_dense(workspace, weights, batch, block);
    else
        encode_sparse(weights, batch, block);
    Mask always = always_passing(workspace->hidden);
    for (int64_t i = 0; i < (int64_t)block->n_tiled * block->m; i += LANES) {
        Vec h = load(block->h + i), bend;
        if (!block->bend) {
            store(block->h + i, keep(h, passing(h, always)));
            continue;
        }
        store(block->h + i, gelu(h, &bend));
        store(block->bend + i, bend);
    }
}

/* D *= act'(H) */
static void bend_back(const Workspace *workspace, const Block *block) {
    Mask always = always_passing(workspace->hidden);
    for (int64_t i = 0; i < (int64_t)block->n_tiled * block->m; i += LANES) {
        Vec d = load(block->d + i);
        store(block->d + i, block->bend ? d * load(block->bend + i)
                                        : keep(d, passing(load(block->h + i), always)));
    }
}

/* The hidden penalty's loss, and its part of D, which products then add to. */
static void penalize(const Workspace *workspace, const Batch *batch, Block *block) {
    const int m = block->m;
    const float rate = workspace->hidden_penalty;
    for (int row = 0; row < block->n_tiled; row++) {
        bool is_run = row < block->n_rows;
        const float *h = block->h + (int64_t)row * m;
        float *d = block->d + (int64_t)row * m;
        Vec factor = splat(is_run ? rate * (float)row_weight(batch, block->first + row) : 0);
        Vec sum = {0};
        for (int k = 0; k < m; k += LANES) {
            bool is_whole = k + LANES <= m;
            Vec code = is_whole ? load(h + k) : widen(load_half(h + k));
            Vec slope = factor * sign_of(code);
            sum += magnitude_of(code);
            if (is_whole)
                store(d + k, slope);
            else
                store_half(d + k, lower_half(slope));
        }
        if (is_run)
            block->loss[row] += (double)(rate * sum_of_lanes(sum));
    }
}

/* Turns Z into G, adds the rows' losses to block->loss, and sums G into block->sum_b. */
INLINE void residuals(const bool is_gelu, Power power, const Workspace *workspace,
                      const Weights *weights, const Batch *batch, Operand targets, Block *block) {
    const float *b = weights->b + block->column;
    const float *importance = workspace->importance + block->column;
    float exponent = (float)workspace->exponent;
    Mask always = always_passing(workspace->output);
    int n_active = 0;
    memset(block->sum_b, 0, PANEL * sizeof(float));
    for (int row = 0; row < block->n_rows; row++) {
        float *g = block->g + row * PANEL_STEP;
        const float *y = targets.at + row * targets.row_step;
        Vec factor = splat(-exponent * (float)row_weight(batch, block->first + row));
        Vec loss = {0};
        for (int j = 0; j < block->width; j += LANES) {
            Vec z = load(g + j) + load(b + j), target = load(y + j), weight = load(importance + j);
            Vec slope = is_gelu
                            ? residual_of_gelu(power, exponent, z, target, weight, factor, &loss)
                            : residual(power, exponent, z, target, weight, factor, always, &loss);
            store(g + j, slope);
            n_active += __builtin_popcount(nonzero_bits(slope));
            store(block->sum_b + j, load(block->sum_b + j) + slope);
        }
        block->loss[row] += (double)sum_of_lanes(loss);
    }
    block->n_active = n_active;
}

static void add_residuals(const Workspace *workspace, const Weights *weights, const Batch *batch,
                          Operand y, Block *block) {
    if (workspace->output == ACTIVATION_GELU) {
        residuals(true, workspace->power, workspace, weights, batch, y, block);
        return;
    }
    switch (workspace->power) {
#define BUILD(power)                                                                               \
    case power:                                                                                    \
        residuals(false, power, workspace, weights, batch, y, block);                              \
        break;
        BUILD(POWER_ANY)
        BUILD(POWER_1)
        BUILD(POWER_2)
        BUILD(POWER_3)
        BUILD(POWER_4)
    }
}

/* G of the panel, and the losses. */
static void decode(const Workspace *workspace, const Weights *weights, const Batch *batch,
                   Block *block) {
    int m = workspace->n_hidden;
    Operand h = {block->h, block->m, 1};
    int n_wide = block->width / TILE_COLUMNS * TILE_COLUMNS;
    const float *strips = weights->W2T + (int64_t)block->column * m;
    product(block->n_tiled, n_wide, m, h, (Operand){strips, m * TILE_COLUMNS, TILE_COLUMNS},
            block->g, PANEL_STEP, false);
    product(block->n_tiled, block->width - n_wide, m, h,
            (Operand){strips + (int64_t)n_wide * m, 0, LANES}, block->g + n_wide, PANEL_STEP,
            false);
    Operand y = batch->form == BATCH_SPARSE ? take_sparse(batch, block)
                                            : take_dense(batch, batch->y, block);
    add_residuals(workspace, weights, batch, y, block);
}

/* D += G W2 and gW2 += G^T H over the numbers of G that are not 0. They are listed first: the loop
 * that is hard to foresee is a short one. */
static void products_sparse(const Block *block, const float *W2, float *sum_W2) {
    const int m = block->m;
    int active[PANEL] = {0}; /* once a panel: the analyzer does not see the count */
    for (int64_t row = 0; row < block->n_rows; row++) {
        const float *g = block->g + row * PANEL_STEP;
        int n_active = 0;
        for (int j = 0; j < block->width; j += LANES)
            for (unsigned bits = nonzero_bits(load(g + j)); bits; bits &= bits - 1)
                active[n_active++] = j + __builtin_ctz(bits);
        for (int i = 0; i < n_active; i++) {
            int64_t j = active[i];
            add_scaled(block->d + row * m, g[j], W2 + j * m, m);
            add_scaled(sum_W2 + j * m, g[j], block->h + row * m, m);
        }
    }
}

/* From G of the panel: the gradients of b and W2, and its part of D. Once biases are negative few
 * outputs are active, and only they have a gradient: below a quarter of them a product over these
 * alone costs less. Which one is a function of the panel's own numbers. */
static void decode_back(const Workspace *workspace, const Weights *weights, Block *block,
                        float *gradient) {
    int m = block->m;
    bool is_begun = block->column > 0 || workspace->hidden_penalty != 0;
    float *sum_b = gradient + workspace->layout.b + block->column;
    float *sum_W2 = gradient + workspace->layout.W2 + (int64_t)block->column * m;
    const float *W2 = weights->W2 + (int64_t)block->column * m;
    for (int j = 0; j < block->width; j += LANES)
        store(sum_b + j, load(sum_b + j) + load(block->sum_b + j));
    if (4 * block->n_active < block->n_rows * block->n_real) {
        if (!is_begun)
            memset(block->d, 0, (size_t)block->n_tiled * (size_t)m * sizeof(float));
        products_sparse(block, W2, sum_W2);
        return;
    }
    product(block->n_tiled, m, block->n_real, (Operand){block->g, PANEL_STEP, 1},
            (Operand){W2, TILE_COLUMNS, m}, block->d, m, is_begun);
    product(block->n_real, m, block->n_rows, (Operand){block->g, 1, PANEL_STEP},
            (Operand){block->h, TILE_COLUMNS, m}, sum_W2, m, true);
}

static void encode_back_sparse(const Batch *batch, const Block *block, float *sum_W) {
    int m = block->m;
    for (int row = 0; row < block->n_listed; row++) {
        const float *d = block->d + (int64_t)row * m;
        int end = batch->start[block->first + row + 1];
        for (int e = batch->start[block->first + row]; e < end; e++) {
            add_scaled(sum_W + (int64_t)batch->index[e] * m, batch->x[e], d, m);
        }
    }
}

static void encode_back_dense(const Workspace *workspace, const Batch *batch, Block *block,
                              float *sum_W) {
    int m = block->m;
    for (int column = 0; column < workspace->n_features; column += PANEL) {
        take_panel(workspace, block, column);
        Operand x = take_dense(batch, batch->x, block);
        product(block->n_real, m, block->n_rows, (Operand){x.at, 1, x.row_step},
                (Operand){block->d, TILE_COLUMNS, m}, sum_W + (int64_t)column * m, m, true);
    }
}

/* From D: the gradients of b_hidden and W. */
static void encode_back(const Workspace *workspace, const Batch *batch, Block *block,
                        float *gradient) {
    const Layout *layout = &workspace->layout;
    bend_back(workspace, block);
    for (int64_t row = 0; workspace->has_hidden_bias && row < block->n_rows; row++)
        add_scaled(gradient + layout->b_hidden, 1, block->d + row * block->m, block->m);
    if (batch->form != BATCH_SPARSE)
        encode_back_dense(workspace, batch, block, gradient + layout->W);
    else
        encode_back_sparse(batch, block, gradient + layout->W);
}

static void take_block(const Batch *batch, int first, Block *block) {
    int n_left = row_count(batch) - first, n_listed = batch->n_rows - first;
    block->first = first;
    block->n_rows = n_left < BLOCK_ROWS ? n_left : BLOCK_ROWS;
    block->n_listed = n_listed < block->n_rows ? n_listed : block->n_rows;
    block->n_tiled = round_up(block->n_rows, TILE_ROWS);
    for (int row = 0; row < block->n_rows; row++)
        block->loss[row] = 0;
    for (int row = 0; batch->form == BATCH_SPARSE && row < block->n_listed; row++)
        block->next[row] = batch->start[first + row];
}

/* Samples from `first` on. */
static void run_blocks(const Workspace *workspace, const Weights *weights, const Batch *batch,
                       int first, void *scratch, float *gradient, LossSums *sums) {
    Block block = block_of(workspace, scratch);
    for (; first < row_count(batch); first += BLOCK_ROWS) {
        take_block(batch, first, &block);
        encode(workspace, weights, batch, &block);
        if (workspace->hidden_penalty != 0)
            penalize(workspace, batch, &block);
        for (int column = 0; column < workspace->n_features; column += PANEL) {
            take_panel(workspace, &block, column);
            decode(workspace, weights, batch, &block);
            if (gradient)
                decode_back(workspace, weights, &block, gradient);
        }
        if (gradient)
            encode_back(workspace, batch, &block, gradient);
        for (int row = 0; row < block.n_rows; row++)
            sums_add(sums, row_weight(batch, first + row), block.loss[row]);
    }
}

/* Sparse rows, as long as few outputs are active: the first rows of the batch tell. Returns how
 * many rows are done. */
static int run_rows(const Workspace *workspace, const Weights *weights, const Batch *batch,
                    void *scratch, float *gradient, LossSums *sums) {
    int n_rows = row_count(batch), n_first = n_rows < PROBE_ROWS ? n_rows : PROBE_ROWS;
    RowsResult result = {.sums = *sums};
    rows_run(workspace, weights, batch, 0, n_first, scratch, gradient, &result);
    bool is_few = (double)result.n_active < most_active * n_first * workspace->n_features;
    if (is_few)
        rows_run(workspace, weights, batch, n_first, n_rows, scratch, gradient, &result);
    *sums = result.sums;
    return is_few ? n_rows : n_first;
}

static void run(const Workspace *workspace, const Model *model, const Batch *batch, void *scratch,
                float *gradient, LossSums *sums) {
    (void)model; /* prepare has its weights */
    Weights weights = weights_of(workspace);
    int n_done = 0;
    if (gradient && rows_pay(workspace))
        n_done = run_rows(workspace, &weights, batch, (char *)scratch + block_bytes(workspace),
                          gradient, sums);
    run_blocks(workspace, &weights, batch, n_done, scratch, gradient, sums);
}

static void compute(Workspace *workspace, const Model *model, int stage, int task, void *scratch) {
    (void)model, (void)stage, (void)scratch;
    Weights weights = weights_of(workspace);
    if (rows_pay(workspace))
        gram_run(workspace, &weights, task);
}

const Path LEVEL_NAME(path_block) = {
    .plan = plan, .prepare = prepare, .compute = compute, .run = run};
