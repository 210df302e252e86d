/* Path for tiny models (path.h says how tiny): samples across the lanes.
 *
 *   a group of 16 samples, feature-major, as the batch has it; LANES of them at a time:
 *   x  [n_features][16]   -- W_ik -->   h [n_hidden]  in registers, every weight in all lanes
 *   output by output:  z_i = b_i + sum_k h_k W2_ik,  g_i ~ dloss/dz_i,  d_k += g_i W2_ik
 *
 *   a block of four groups, once they all have g, h and d:
 *
 *            h [n_hidden]  d [n_hidden]
 *          +-------------+             a tile of a few features' rows of the gradient, each number
 *   g [n]  | tile        |  + x d      a vector of LANES samples' sums, stays in registers over the
 *          +-------------+             block; in tied models g_i h_k + x_i d_k at once
 *
 * The lanes are added up at the end of the batch. The number of hidden dimensions is a constant in
 * each of the eight builds (FOR_EACH_SIZE), so that h, d and tiles stay in registers; the square of
 * the error has builds of its own, other exponents share. The last lanes are the empty sample with
 * its weight, and padding of weight 0. Batches of another form, which are few, are put into lanes
 * first. The tiniest models' gradients are vector_gram.c's.
 *
 * Nothing is written in parts and then read as a whole vector: a processor does not forward that,
 * and the wait would cost as much as a group's arithmetic. So weights change only with the last
 * group. */
#include "sim/model/kernel/vector_gram.h"

#include <string.h>

enum { BLOCK_GROUPS = 4, BLOCK_ROWS = BLOCK_GROUPS * BATCH_GROUP };

typedef float HalfVec __attribute__((vector_size(2 * LANES)));
typedef double HalfDoubles __attribute__((vector_size(4 * LANES)));

/* A double for every lane. */
typedef union Halves {
    HalfDoubles half[2];
    double lane[LANES];
} Halves;

/* A worker's scratch, and the block it is at; arrays end in [BATCH_GROUP] and begin with [groups].
 */
typedef struct Block {
    const float *x, *y;   /* [n_features], of the batch or its own */
    float *own_x, *own_y; /* [n_features] */
    float *g;             /* [n_features] */
    float *h, *d;         /* [n_hidden] */
    float *sums;          /* [n_floats][LANES]: the gradient; NULL: only the losses are wanted */
    int first, n_groups;  /* of the batch's rows */
    float float_weight[LANES];
    Halves weight;        /* of the samples, in both precisions */
    Halves loss, squared; /* sums over groups */
} Block;

typedef void Pass(const Workspace *workspace, const Model *model, const Batch *batch, Block *block);

static void load_block(const Workspace *workspace, const Batch *batch, int first, Block *block);
static void weigh(const Batch *batch, int first, Block *block);

#define FOR_EACH_SIZE(do)                                                                          \
    do                                                                                             \
    (1) do(2) do(3) do(4) do(5) do(6) do(7) do(8)

/* What is done for hidden dimension k in a build for M of them, and for row i of a tile of I. */
/* clang-format off */
#define EACH(M, do)                                                                                \
    do(0) if ((M) > 1) { do(1) } if ((M) > 2) { do(2) } if ((M) > 3) { do(3) }                     \
    if ((M) > 4) { do(4) } if ((M) > 5) { do(5) } if ((M) > 6) { do(6) } if ((M) > 7) { do(7) }
#define EACH_ROW(I, do)                                                                            \
    do(0) if ((I) > 1) { do(1) } if ((I) > 2) { do(2) } if ((I) > 3) { do(3) }
/* clang-format on */

/* Adds the lanes' losses, in double. */
INLINE void add_losses(Vec loss, Block *block) {
    HalfVec halves[2];
    memcpy(halves, &loss, sizeof loss);
    for (int i = 0; i < 2; i++) {
        HalfDoubles value = __builtin_convertvector(halves[i], HalfDoubles);
        HalfDoubles weighted = block->weight.half[i] * value;
        block->loss.half[i] += weighted;
        if (!block->sums)
            block->squared.half[i] += weighted * value;
    }
}

/* What LANES samples have in registers; all indices are constants. */
typedef struct Hidden {
    Vec h[8], d[8];
} Hidden;

/* row += left times right. */
INLINE void add_row(const int M, Vec left, const Vec *right, Vec *row) {
#define ADD_PRODUCT(k) row[k] += left * right[k];
    EACH(M, ADD_PRODUCT)
}

/* The hidden penalty's loss, and its part of d, in which a factor of -exponent is left to the end.
 */
INLINE void penalize(const int M, const Workspace *workspace, Vec weight, Hidden *hidden,
                     Vec *loss) {
    const Vec rate = splat(workspace->hidden_penalty);
    const Vec factor = weight * splat(-workspace->hidden_penalty / (float)workspace->exponent);
#define PENALIZE(k)                                                                                \
    *loss += rate * magnitude_of(hidden->h[k]);                                                    \
    hidden->d[k] = factor * sign_of(hidden->h[k]);
    EACH(M, PENALIZE)
}

/* An output of LANES samples: its loss; returns g, and adds to d. The sum over k is
 * taken in two, as the second half of it would wait for the first. */
INLINE Vec run_output(const int M, Power power, float exponent, const Vec *weights, float b,
                      float importance, Vec y, Vec weight, Mask always, Hidden *hidden, Vec *loss) {
    Vec z[2] = {splat(b) + hidden->h[0] * weights[0], {0}};
#define DECODE(k)                                                                                  \
    if ((k) > 0)                                                                                   \
        z[(k) % 2] += hidden->h[k] * weights[k];
    EACH(M, DECODE)
    Vec slope = residual(power, exponent, z[0] + z[1], y, splat(importance), weight, always, loss);
    add_row(M, slope, weights, hidden->d);
    return slope;
}

/* P = 1 or 2 groups' vectors of LANES samples, `lane` on from the group's start: from x to losses,
 * g, h and d. Two go side by side where registers suffice: that halves the loads of weights, and
 * one fills the other's waits. */
INLINE void run_lanes(const int M, const int P, const bool is_weighted, Power power,
                      const Workspace *workspace, const Model *model, int group, int lane,
                      Block *block) {
    const int n = model->n_features, step = n * BATCH_GROUP, at = group * step + lane;
    const Mask never = {0};
    const Mask always = always_passing(workspace->output);
    const float *W = model->W, *W2 = model->W2, *x = block->x + at, *y = block->y + at;
    const float exponent = (float)workspace->exponent;
    float *g = block->g + at;
    Hidden first = {0}, second = {0};
    Vec weights[8], first_loss = {0}, second_loss = {0},
                    weight = is_weighted ? load(block->float_weight) : splat(1);
    if (model->b_hidden) {
#define BIAS(k) first.h[k] = second.h[k] = splat(model->b_hidden[k]);
        EACH(M, BIAS)
    }
    for (int i = 0; i < n; i++, W += M, x += BATCH_GROUP) {
#define LOAD_W(k) weights[k] = splat(W[k]);
        EACH(M, LOAD_W)
        add_row(M, load(x), weights, first.h);
        if (P == 2)
            add_row(M, load(x + step), weights, second.h);
    }
#define RECTIFY(k)                                                                                 \
    first.h[k] = keep(first.h[k], passing(first.h[k], never));                                     \
    second.h[k] = keep(second.h[k], passing(second.h[k], never));
    if (workspace->hidden == ACTIVATION_RELU) {
        EACH(M, RECTIFY)
    }
    if (workspace->hidden_penalty != 0) {
        penalize(M, workspace, weight, &first, &first_loss);
        if (P == 2)
            penalize(M, workspace, weight, &second, &second_loss);
    }
    for (int i = 0; i < n; i++, W2 += M, y += BATCH_GROUP, g += BATCH_GROUP) {
        float b = model->b[i], importance = workspace->importance[i];
#define LOAD_W2(k) weights[k] = splat(W2[k]);
        EACH(M, LOAD_W2)
        store(g, run_output(M, power, exponent, weights, b, importance, load(y), weight, always,
                            &first, &first_loss));
        if (P == 2)
            store(g + step, run_output(M, power, exponent, weights, b, importance, load(y + step),
                                       weight, always, &second, &second_loss));
    }
    add_losses(first_loss, block);
    if (P == 2)
        add_losses(second_loss, block);
    float *h = block->h + group * M * BATCH_GROUP + lane;
    float *d = block->d + group * M * BATCH_GROUP + lane;
#define STORE_HIDDEN(k)                                                                            \
    store(h + (k)*BATCH_GROUP, first.h[k]);                                                        \
    store(d + (k)*BATCH_GROUP, first.d[k]);                                                        \
    if (P == 2) {                                                                                  \
        store(h + (M + (k)) * BATCH_GROUP, second.h[k]);                                           \
        store(d + (M + (k)) * BATCH_GROUP, second.d[k]);                                           \
    }
    EACH(M, STORE_HIDDEN)
}

/* The hidden activation's way back, d *= act'(h): apart from run_lanes, which would have to keep
 * its masks in registers. */
static void rectify_back(const Block *block, int m) {
    const Mask never = {0};
    for (int i = 0; i < block->n_groups * m * BATCH_GROUP; i += LANES)
        store(block->d + i, keep(load(block->d + i), passing(load(block->h + i), never)));
}

/* All groups of the block. */
INLINE void run_groups(const int M, Power power, const Workspace *workspace, const Model *model,
                       const Batch *batch, Block *block) {
    const int P = LANES == 16 && M <= 5 ? 2 : 1;
    int group = 0, n_full = (batch->n_rows - block->first) / BATCH_GROUP;
    n_full = n_full < block->n_groups ? n_full : block->n_groups;
    for (; group + P <= n_full; group += P)
        for (int lane = 0; lane < BATCH_GROUP; lane += LANES)
            run_lanes(M, P, false, power, workspace, model, group, lane, block);
    for (; group < block->n_groups; group++)
        for (int lane = 0; lane < BATCH_GROUP; lane += LANES) {
            weigh(batch, block->first + group * BATCH_GROUP + lane, block);
            run_lanes(M, 1, true, power, workspace, model, group, lane, block);
        }
}

/* Rows of a gradient matrix, each number's sums in LANES lanes; all indices are constants. */
typedef struct Tile {
    Vec rows[4][8], bias[4];
} Tile;

/* Rows in a tile: what leaves registers for a row of h or d. */
INLINE int tile_rows(const int M) {
    if (LANES == 16)
        return M <= 5 ? 4 : 2;
    return M <= 3 ? 3 : M <= 5 ? 2 : 1;
}

/* tile += left^T right over the block's samples, left [groups][n][16] from the tile's first row on,
 * right [groups][M][16]; the sums of left go to the tile's bias. */
INLINE void add_products(const int M, const int I, const bool has_bias, const float *left,
                         const float *right, int n, int n_groups, Tile *tile) {
    for (; n_groups > 0; n_groups--, left += n * BATCH_GROUP, right += M * BATCH_GROUP)
        for (int lane = 0; lane < BATCH_GROUP; lane += LANES) {
            Vec column[8], value;
#define LOAD_RIGHT(k) column[k] = load(right + (k)*BATCH_GROUP + lane);
            EACH(M, LOAD_RIGHT)
#define ADD_ROW(i)                                                                                 \
    value = load(left + (i)*BATCH_GROUP + lane);                                                   \
    add_row(M, value, column, tile->rows[i]);                                                      \
    if (has_bias)                                                                                  \
        tile->bias[i] += value;
            EACH_ROW(I, ADD_ROW)
        }
}

INLINE void move_row(const int M, const bool is_load, float *sums, Vec *row) {
#define MOVE(k)                                                                                    \
    if (is_load)                                                                                   \
        row[k] = load(sums + (k)*LANES);                                                           \
    else                                                                                           \
        store(sums + (k)*LANES, row[k]);
    EACH(M, MOVE)
}

INLINE void move_tile(const int M, const int I, const bool is_load, float *sums, Tile *tile) {
#define MOVE_ROW(i) move_row(M, is_load, sums + (i)*M * LANES, tile->rows[i]);
    EACH_ROW(I, MOVE_ROW)
}

/* Features first … first + I - 1 of the block's gradients. */
INLINE void add_tile(const int M, const int I, const Workspace *workspace, const Block *block,
                     int first) {
    const int n = workspace->n_features, at = first * BATCH_GROUP;
    const Layout *layout = &workspace->layout;
    float *sum_W = block->sums + (layout->W + first * M) * LANES;
    float *sum_W2 = block->sums + (layout->W2 + first * M) * LANES;
    float *sum_b = block->sums + (layout->b + first) * LANES;
    Tile tile = {0};
    move_tile(M, I, true, sum_W2, &tile);
    add_products(M, I, true, block->g + at, block->h, n, block->n_groups, &tile);
    if (!workspace->is_tied) {
        move_tile(M, I, false, sum_W2, &tile);
        move_tile(M, I, true, sum_W, &tile);
    }
    add_products(M, I, false, block->x + at, block->d, n, block->n_groups, &tile);
    move_tile(M, I, false, sum_W, &tile);
#define ADD_BIAS(i) store(sum_b + (i)*LANES, load(sum_b + (i)*LANES) + tile.bias[i]);
    EACH_ROW(I, ADD_BIAS)
}

static void add_hidden_bias(const Workspace *workspace, const Block *block) {
    const int m = workspace->n_hidden;
    for (int k = 0; k < m; k++) {
        float *sum = block->sums + (workspace->layout.b_hidden + k) * LANES;
        Vec value = load(sum);
        for (int group = 0; group < block->n_groups; group++)
            for (int lane = 0; lane < BATCH_GROUP; lane += LANES)
                value += load(block->d + (group * m + k) * BATCH_GROUP + lane);
        store(sum, value);
    }
}

INLINE void pass(const int M, Power power, const Workspace *workspace, const Model *model,
                 const Batch *batch, Block *block) {
    const int n = workspace->n_features, I = tile_rows(M), n_rows = row_count(batch);
    for (int first = 0; first < n_rows; first += BLOCK_ROWS) {
        load_block(workspace, batch, first, block);
        run_groups(M, power, workspace, model, batch, block);
        if (!block->sums)
            continue;
        if (workspace->hidden == ACTIVATION_RELU)
            rectify_back(block, M);
        int i = 0;
        for (; i + I <= n; i += I)
            add_tile(M, I, workspace, block, i);
        for (; i < n; i++)
            add_tile(M, 1, workspace, block, i);
        if (workspace->has_hidden_bias)
            add_hidden_bias(workspace, block);
    }
}

#define BUILD(M)                                                                                   \
    static void square_##M(const Workspace *workspace, const Model *model, const Batch *batch,     \
                           Block *block) {                                                         \
        pass(M, POWER_2, workspace, model, batch, block);                                          \
    }                                                                                              \
    static void power_##M(const Workspace *workspace, const Model *model, const Batch *batch,      \
                          Block *block) {                                                          \
        pass(M, workspace->power, workspace, model, batch, block);                                 \
    }
FOR_EACH_SIZE(BUILD)

#define ROW(M) {square_##M, power_##M},
static const struct { Pass *square, *power; } sizes[] = {{NULL, NULL}, FOR_EACH_SIZE(ROW)};

_Static_assert(sizeof sizes / sizeof *sizes == TINY_HIDDEN + 1, "a build for each size");

/* The block's rows of `values` into lanes; the others are 0. */
static void pack(const Batch *batch, const float *values, int first, float *out) {
    const Batch to = {.form = BATCH_LANES, .n_features = batch->n_features};
    int n_rows = batch->n_rows - first < BLOCK_ROWS ? batch->n_rows - first : BLOCK_ROWS;
    memset(out, 0, sizeof(float) * BLOCK_ROWS * (size_t)batch->n_features);
    for (int r = 0; r < n_rows; r++) {
        float *lane = out + batch_place(&to, r, 0);
        if (batch->form == BATCH_SPARSE)
            for (int e = batch->start[first + r]; e < batch->start[first + r + 1]; e++)
                lane[batch->index[e] * BATCH_GROUP] = values[e];
        else
            for (int i = 0; i < batch->n_features; i++)
                lane[i * BATCH_GROUP] = values[batch_place(batch, first + r, i)];
    }
}

/* Takes rows first … first + BLOCK_ROWS - 1: listed ones, then the empty sample, then padding. */
static void load_block(const Workspace *workspace, const Batch *batch, int first, Block *block) {
    int n_groups = (row_count(batch) - first + BATCH_GROUP - 1) / BATCH_GROUP;
    block->first = first;
    block->n_groups = n_groups < BLOCK_GROUPS ? n_groups : BLOCK_GROUPS;
    if (batch->form == BATCH_LANES) {
        block->x = batch->x + first * workspace->n_features;
        block->y = batch->y + first * workspace->n_features;
        return;
    }
    pack(batch, batch->x, first, block->own_x);
    block->x = block->y = block->own_x;
    if (batch->y == batch->x)
        return;
    pack(batch, batch->y, first, block->own_y);
    block->y = block->own_y;
}

/* The weights of rows first … first + LANES - 1; those of listed rows are 1 from the start. */
static void weigh(const Batch *batch, int first, Block *block) {
    for (int lane = batch->n_rows - first > 0 ? batch->n_rows - first : 0; lane < LANES; lane++) {
        double weight = first + lane == batch->n_rows ? batch->n_empty : 0;
        block->weight.lane[lane] = weight;
        block->float_weight[lane] = (float)weight;
    }
}

static Block block_of(const Workspace *workspace, void *scratch, bool has_gradient) {
    int64_t n_column = (int64_t)workspace->n_features * BLOCK_ROWS;
    int64_t n_hidden = (int64_t)workspace->n_hidden * BLOCK_ROWS;
    Block block = {.own_x = scratch};
    block.own_y = block.own_x + n_column;
    block.g = block.own_y + n_column;
    block.h = block.g + n_column;
    block.d = block.h + n_hidden;
    block.sums = has_gradient ? block.d + n_hidden : NULL;
    for (int lane = 0; lane < LANES; lane++) {
        block.weight.lane[lane] = 1;
        block.float_weight[lane] = 1;
    }
    return block;
}

static void plan(Workspace *workspace) {
    workspace->layout = layout_of(workspace, workspace->n_hidden, workspace->n_features);
    int64_t n_rows = 3LL * workspace->n_features + 2LL * workspace->n_hidden;
    int64_t n_sums = round_up((int)workspace->layout.n_floats, 4);
    workspace->scratch_bytes = (n_rows * BLOCK_ROWS + n_sums * LANES) * (int64_t)sizeof(float);
}

/* Adds up the lanes of the sums into the chunk's gradient. All sums are linear in g, which has been
 * without this factor. */
static void add_lanes(const float *sums, int n_sums, float factor, float *gradient) {
    for (int i = 0; i < n_sums; i += 4) {
        float four[4];
        sum_lanes(sums + i * LANES, 4, four);
        for (int j = 0; j < 4 && i + j < n_sums; j++)
            gradient[i + j] += factor * four[j];
    }
}

static void run(const Workspace *workspace, const Model *model, const Batch *batch, void *scratch,
                float *gradient, LossSums *sums) {
    if (gradient && gram_suits(workspace, batch)) {
        LEVEL_NAME(gram_add)(workspace, model, batch, gradient, sums);
        return;
    }
    Block block = block_of(workspace, scratch, gradient != NULL);
    int n_sums = (int)workspace->layout.b + workspace->n_features;
    if (gradient)
        memset(block.sums, 0, (size_t)round_up(n_sums, 4) * LANES * sizeof(float));
    bool is_square = workspace->power == POWER_2;
    (is_square ? sizes[workspace->n_hidden].square
               : sizes[workspace->n_hidden].power)(workspace, model, batch, &block);
    if (gradient)
        add_lanes(block.sums, n_sums, -(float)workspace->exponent, gradient);
    sums->n_samples += batch_size(batch);
    for (int lane = 0; lane < LANES; lane++) {
        sums->loss += block.loss.lane[lane];
        sums->loss_squared += block.squared.lane[lane];
    }
}

const Path LEVEL_NAME(path_tiny) = {.plan = plan, .run = run};
