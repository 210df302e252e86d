/* Path for tiny models (path.h says how tiny): samples across the lanes.
 *
 *   a group of LANES samples, feature-major       every number of a weight in all lanes
 *   x  [n_features][LANES]   -- W_ik -->   h [n_hidden][LANES]   in registers
 *   output by output:  z_i = b_i + sum_k h_k W2_ik,  g_i = dloss/dz_i,  d_k += g_i W2_ik
 *   g  [n_features][LANES]   d [n_hidden][LANES]   the latter in registers again
 *   sums of the gradient, every lane for itself: W [n_features][n_hidden][LANES] and so on, in
 *   tied models g_i h_k + x_i d_k at once; the lanes are added up at the end of the batch.
 *
 * A pass runs all groups of a batch. The number of hidden dimensions is a constant in each of its
 * eight builds (FOR_EACH_SIZE), so that h and d have names and stay in registers; the square of the
 * error has builds of its own, other exponents share. The last lanes are the empty sample with its
 * weight, and padding of weight 0.
 *
 * Nothing is written in parts and then read as a whole vector: a processor does not forward that,
 * and the wait would cost as much as a group's arithmetic. So dense rows become columns four by
 * four in registers (pack_dense), and weights change only with the last group. */
#include "sim/model/kernel/vector_gram.h"

#include <string.h>

typedef float HalfVec __attribute__((vector_size(2 * LANES)));
typedef double HalfDoubles __attribute__((vector_size(4 * LANES)));

/* A double for every lane. */
typedef union Halves {
    HalfDoubles half[2];
    double lane[LANES];
} Halves;

/* A worker's scratch; arrays end in [LANES]. */
typedef struct Group {
    float *x, *y;         /* [n_features]; y = x where targets are the inputs */
    float *g;             /* [n_features] */
    float *own_y;         /* room for y */
    float *sums;          /* the gradient, as the layout says; NULL: only the losses are wanted */
    float factor[LANES];  /* -exponent * weight */
    Halves weight;        /* of the samples */
    Halves loss, squared; /* sums over groups */
} Group;

typedef void Pass(const Workspace *workspace, const Model *model, const Batch *batch, Group *group);

static void load_group(const Workspace *workspace, const Batch *batch, int first, Group *group);

#define FOR_EACH_SIZE(do)                                                                          \
    do                                                                                             \
    (1) do(2) do(3) do(4) do(5) do(6) do(7) do(8)

/* What is done for hidden dimension k in a build for M of them. */
/* clang-format off */
#define EACH(M, do)                                                                                \
    do(0) if ((M) > 1) { do(1) } if ((M) > 2) { do(2) } if ((M) > 3) { do(3) }                     \
    if ((M) > 4) { do(4) } if ((M) > 5) { do(5) } if ((M) > 6) { do(6) } if ((M) > 7) { do(7) }
/* clang-format on */

#define DECLARE(name)                                                                              \
    Vec name##0 = {0}, name##1 = {0}, name##2 = {0}, name##3 = {0}, name##4 = {0}, name##5 = {0},  \
        name##6 = {0}, name##7 = {0};

INLINE void add_to(float *sum, Vec value) {
    store(sum, load(sum) + value);
}

/* Adds the lanes' losses, in double. */
INLINE void add_losses(Vec loss, Group *group) {
    HalfVec halves[2];
    memcpy(halves, &loss, sizeof loss);
    for (int i = 0; i < 2; i++) {
        HalfDoubles value = __builtin_convertvector(halves[i], HalfDoubles);
        HalfDoubles weighted = group->weight.half[i] * value;
        group->loss.half[i] += weighted;
        group->squared.half[i] += weighted * value;
    }
}

/* One group, from x to losses and gradient. */
INLINE void run_group(const int M, Power power, const Workspace *workspace, const Model *model,
                      Group *group) {
    DECLARE(h)
    DECLARE(d)
    const int n = model->n_features;
    const Layout *layout = &workspace->layout;
    const Mask always_h = always_passing(workspace->hidden);
    const Mask always = always_passing(workspace->output);
    const float *W = model->W, *W2 = model->W2, *x = group->x, *y = group->y;
    const float exponent = (float)workspace->exponent;
    float *g = group->g, *sums = group->sums;
    if (model->b_hidden) {
#define BIAS(k) h##k = splat(model->b_hidden[k]);
        EACH(M, BIAS)
    }
    for (int i = 0; i < n; i++, W += M) {
        Vec value = load(x + i * LANES);
#define ENCODE(k) h##k += value * splat(W[k]);
        EACH(M, ENCODE)
    }
#define ACTIVATE(k) h##k = keep(h##k, passing(h##k, always_h));
    EACH(M, ACTIVATE)
    Vec loss = {0}, factor = load(group->factor);
    for (int i = 0; i < n; i++, W2 += M) {
        Vec z = splat(model->b[i]);
#define DECODE(k) z += h##k * splat(W2[k]);
        EACH(M, DECODE)
        Vec slope = residual(power, exponent, z, load(y + i * LANES),
                             splat(workspace->importance[i]), factor, always, &loss);
        store(g + i * LANES, slope);
#define DECODE_BACK(k) d##k += slope * splat(W2[k]);
        EACH(M, DECODE_BACK)
    }
    add_losses(loss, group);
    if (!sums)
        return;
#define ACTIVATE_BACK(k) d##k = keep(d##k, passing(h##k, always_h));
    EACH(M, ACTIVATE_BACK)
    if (workspace->has_hidden_bias) {
        float *sum = sums + layout->b_hidden * LANES;
#define BIAS_BACK(k) add_to(sum + (k)*LANES, d##k);
        EACH(M, BIAS_BACK)
    }
    float *sum_W = sums + layout->W * LANES, *sum_W2 = sums + layout->W2 * LANES;
    float *sum_b = sums + layout->b * LANES;
    for (int i = 0; i < n; i++, sum_W += M * LANES, sum_W2 += M * LANES) {
        Vec slope = load(g + i * LANES), value = load(x + i * LANES);
        add_to(sum_b + i * LANES, slope);
#define TIED_BACK(k) add_to(sum_W + (k)*LANES, slope * h##k + value * d##k);
#define UNTIED_BACK(k)                                                                             \
    add_to(sum_W2 + (k)*LANES, slope * h##k);                                                      \
    add_to(sum_W + (k)*LANES, value * d##k);
        if (workspace->is_tied) {
            EACH(M, TIED_BACK)
        } else {
            EACH(M, UNTIED_BACK)
        }
    }
}

INLINE void pass(const int M, Power power, const Workspace *workspace, const Model *model,
                 const Batch *batch, Group *group) {
    for (int first = 0; first < row_count(batch); first += LANES) {
        load_group(workspace, batch, first, group);
        run_group(M, power, workspace, model, group);
    }
}

#define BUILD(M)                                                                                   \
    static void square_##M(const Workspace *workspace, const Model *model, const Batch *batch,     \
                           Group *group) {                                                         \
        pass(M, POWER_2, workspace, model, batch, group);                                          \
    }                                                                                              \
    static void power_##M(const Workspace *workspace, const Model *model, const Batch *batch,      \
                          Group *group) {                                                          \
        pass(M, workspace->power, workspace, model, batch, group);                                 \
    }
FOR_EACH_SIZE(BUILD)

#define ROW(M) {square_##M, power_##M},
static const struct { Pass *square, *power; } sizes[] = {{NULL, NULL}, FOR_EACH_SIZE(ROW)};

_Static_assert(sizeof sizes / sizeof *sizes == TINY_HIDDEN + 1, "a build for each size");

/* LANES / 4 rows of four numbers, next to each other. */
INLINE Vec load_quarters(const float *rows, int64_t step) {
    Four first = load_four(rows);
#if LANES == 4
    (void)step;
    return first;
#else
    typedef float Eight __attribute__((vector_size(32)));
    Eight low = __builtin_shufflevector(first, load_four(rows + step), 0, 1, 2, 3, 4, 5, 6, 7);
#if LANES == 8
    return low;
#else
    Eight high = __builtin_shufflevector(load_four(rows + 2 * step), load_four(rows + 3 * step), 0,
                                         1, 2, 3, 4, 5, 6, 7);
    return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#endif
#endif
}

/* In every group of four lanes: lanes p, q of a, then r, s of b. */
#if LANES == 4
#define FOURS(a, b, p, q, r, s) __builtin_shufflevector(a, b, p, q, 4 + (r), 4 + (s))
#elif LANES == 8
#define FOURS(a, b, p, q, r, s)                                                                    \
    __builtin_shufflevector(a, b, p, q, 8 + (r), 8 + (s), 4 + (p), 4 + (q), 12 + (r), 12 + (s))
#else
#define FOURS(a, b, p, q, r, s)                                                                    \
    __builtin_shufflevector(a, b, p, q, 16 + (r), 16 + (s), 4 + (p), 4 + (q), 20 + (r), 20 + (s),  \
                            8 + (p), 8 + (q), 24 + (r), 24 + (s), 12 + (p), 12 + (q), 28 + (r),    \
                            28 + (s))
#endif

/* LANES dense rows to columns, four features at a time. Four numbers are read from every row, also
 * where fewer are left: those are the next row's, or the slack after the last. */
static void pack_dense(const float *rows, int n, float *out) {
    for (int i = 0; i < n; i += 4, rows += 4, out += 4 * LANES) {
        Vec r0 = load_quarters(rows, 4 * n), r1 = load_quarters(rows + n, 4 * n);
        Vec r2 = load_quarters(rows + 2 * n, 4 * n), r3 = load_quarters(rows + 3 * n, 4 * n);
        Vec low01 = FOURS(r0, r1, 0, 1, 0, 1), low23 = FOURS(r2, r3, 0, 1, 0, 1);
        Vec high01 = FOURS(r0, r1, 2, 3, 2, 3), high23 = FOURS(r2, r3, 2, 3, 2, 3);
        store(out, FOURS(low01, low23, 0, 2, 0, 2));
        if (i + 1 < n)
            store(out + LANES, FOURS(low01, low23, 1, 3, 1, 3));
        if (i + 2 < n)
            store(out + 2 * LANES, FOURS(high01, high23, 0, 2, 0, 2));
        if (i + 3 < n)
            store(out + 3 * LANES, FOURS(high01, high23, 1, 3, 1, 3));
    }
}

/* Rows first … first + n_rows - 1 of `values`, feature-major; other lanes are 0. */
static void pack(const Batch *batch, const float *restrict values, int first, int n_rows,
                 float *restrict out) {
    int n = batch->n_features;
    if (batch->form == BATCH_LANES) {
        const float *from = values + batch_place(batch, first, 0);
        for (int i = 0; i < n; i++)
            store(out + i * LANES, load(from + i * BATCH_GROUP));
        return;
    }
    if (batch->form == BATCH_ROWS) {
        const float *rows = values + (int64_t)first * n;
        if (n_rows == LANES) {
            pack_dense(rows, n, out);
            return;
        }
        memset(out, 0, sizeof(float) * LANES * (size_t)n);
        for (int lane = 0; lane < n_rows; lane++, rows += n)
            for (int i = 0; i < n; i++)
                out[i * LANES + lane] = rows[i];
        return;
    }
    memset(out, 0, sizeof(float) * LANES * (size_t)n);
    for (int lane = 0; lane < n_rows; lane++)
        for (int e = batch->start[first + lane]; e < batch->start[first + lane + 1]; e++)
            out[batch->index[e] * LANES + lane] = values[e];
}

/* Takes rows first … first + LANES - 1: listed ones, then the empty sample, then padding. */
static void load_group(const Workspace *workspace, const Batch *batch, int first, Group *group) {
    int n_listed = batch->n_rows - first;
    n_listed = n_listed > LANES ? LANES : n_listed;
    pack(batch, batch->x, first, n_listed, group->x);
    group->y = batch->y == batch->x ? group->x : group->own_y;
    if (batch->y != batch->x)
        pack(batch, batch->y, first, n_listed, group->own_y);
    for (int lane = n_listed; lane < LANES; lane++) {
        double weight = lane == n_listed ? batch->n_empty : 0;
        group->weight.lane[lane] = weight;
        group->factor[lane] = (float)(-workspace->exponent * weight);
    }
}

static Group group_of(const Workspace *workspace, void *scratch, bool has_gradient) {
    int64_t n_column = (int64_t)workspace->n_features * LANES;
    Group group = {.x = scratch};
    group.own_y = group.x + n_column;
    group.g = group.own_y + n_column;
    group.sums = has_gradient ? group.g + n_column : NULL;
    for (int lane = 0; lane < LANES; lane++) {
        group.weight.lane[lane] = 1;
        group.factor[lane] = -(float)workspace->exponent;
    }
    return group;
}

static void plan(Workspace *workspace) {
    workspace->layout = layout_of(workspace, workspace->n_hidden, workspace->n_features);
    int64_t n_rows = 3LL * workspace->n_features + workspace->layout.n_floats;
    workspace->scratch_bytes = n_rows * LANES * (int64_t)sizeof(float);
}

/* Adds up the lanes of the sums into the chunk's gradient. */
static void add_lanes(const float *sums, int64_t n_sums, float *gradient) {
    for (int64_t i = 0; i < n_sums; i++, sums += LANES) {
        float half[LANES / 2], quarter[LANES / 4], sum = 0;
        for (int lane = 0; lane < LANES / 2; lane++)
            half[lane] = sums[lane] + sums[LANES / 2 + lane];
        for (int lane = 0; lane < LANES / 4; lane++)
            quarter[lane] = half[lane] + half[LANES / 4 + lane];
        for (int lane = 0; lane < LANES / 4; lane++)
            sum += quarter[lane];
        gradient[i] += sum;
    }
}

static void run(const Workspace *workspace, const Model *model, const Batch *batch, void *scratch,
                float *gradient, LossSums *sums) {
    if (gradient && gram_suits(workspace, batch)) {
        LEVEL_NAME(gram_add)(workspace, model, batch, gradient, sums);
        return;
    }
    Group group = group_of(workspace, scratch, gradient != NULL);
    int64_t n_sums = workspace->layout.b + workspace->n_features;
    if (gradient)
        memset(group.sums, 0, (size_t)n_sums * LANES * sizeof(float));
    bool is_square = workspace->power == POWER_2;
    (is_square ? sizes[workspace->n_hidden].square
               : sizes[workspace->n_hidden].power)(workspace, model, batch, &group);
    if (gradient)
        add_lanes(group.sums, n_sums, gradient);
    sums->n_samples += batch_size(batch);
    for (int lane = 0; lane < LANES; lane++) {
        sums->loss += group.loss.lane[lane];
        sums->loss_squared += group.squared.lane[lane];
    }
}

const Path LEVEL_NAME(path_tiny) = {.plan = plan, .run = run};
