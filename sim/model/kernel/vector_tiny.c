/* Path for tiny models (path.h says how tiny): samples across the lanes.
 *
 *   a group of LANES samples, feature-major       every number of a weight in all lanes
 *   x  [n_features][LANES]   -- W_ik -->   h [n_hidden][LANES]   in registers
 *   z  [n_features][LANES]   <-- W2_ik --  h, then in place g = dloss/dz
 *   d  [n_hidden][LANES]     <-- W2_ik --  g
 *   sums of the gradient, every lane for itself: W [n_features][n_hidden][LANES] and so on; the
 *   lanes are added up once, at the end of the batch.
 *
 * The number of hidden dimensions is a constant in each of the eight builds of the two hot
 * functions (FOR_EACH_SIZE), so that h and d have names and stay in registers. The last lanes are
 * the empty sample with its weight, and padding of weight 0. */
#include "sim/model/kernel/vector.h"

#include <string.h>

/* A worker's scratch; arrays end in [LANES]. */
typedef struct Group {
    float *x, *y; /* [n_features]; y = x where targets are the inputs */
    float *z;     /* [n_features]; g after the loss */
    float *h;     /* [n_hidden] */
    float *own_y; /* room for y */
    float *sums;  /* the gradient, as the layout says */
    double weight[LANES];
    double loss[LANES], loss_squared[LANES]; /* sums over groups */
} Group;

typedef void Pass(const Workspace *workspace, const Model *model, Group *group);

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

/* h, and z before the output's activation. */
INLINE void forward(const int M, const Workspace *workspace, const Model *model, Group *group) {
    DECLARE(h)
    const float *W = model->W;
    const float *x = group->x;
    if (model->b_hidden) {
#define BIAS(k) h##k = splat(model->b_hidden[k]);
        EACH(M, BIAS)
    }
    for (int i = 0; i < model->n_features; i++, W += M, x += LANES) {
        Vec value = load(x);
#define ENCODE(k) h##k += value * splat(W[k]);
        EACH(M, ENCODE)
    }
    Mask always = always_passing(workspace->hidden);
#define ACTIVATE(k)                                                                                \
    h##k = keep(h##k, passing(h##k, always));                                                      \
    store(group->h + (k)*LANES, h##k);
    EACH(M, ACTIVATE)
    const float *W2 = model->W2;
    for (int i = 0; i < model->n_features; i++, W2 += M) {
        Vec z = splat(model->b[i]);
#define DECODE(k) z += h##k * splat(W2[k]);
        EACH(M, DECODE)
        store(group->z + i * LANES, z);
    }
}

/* From g, h and x to the sums of the gradient. */
INLINE void backward(const int M, const Workspace *workspace, const Model *model, Group *group) {
    DECLARE(h)
    DECLARE(d)
    const Layout *layout = &workspace->layout;
    const float *W2 = model->W2;
    float *sum_W = group->sums + layout->W * LANES, *sum_W2 = group->sums + layout->W2 * LANES;
    float *sum_b = group->sums + layout->b * LANES;
#define LOAD(k) h##k = load(group->h + (k)*LANES);
    EACH(M, LOAD)
    for (int i = 0; i < model->n_features; i++, W2 += M, sum_W2 += M * LANES) {
        Vec g = load(group->z + i * LANES);
        store(sum_b + i * LANES, load(sum_b + i * LANES) + g);
#define DECODE_BACK(k)                                                                             \
    d##k += g * splat(W2[k]);                                                                      \
    store(sum_W2 + (k)*LANES, load(sum_W2 + (k)*LANES) + g * h##k);
        EACH(M, DECODE_BACK)
    }
    Mask always = always_passing(workspace->hidden);
#define ACTIVATE_BACK(k) d##k = keep(d##k, passing(h##k, always));
    EACH(M, ACTIVATE_BACK)
    if (workspace->has_hidden_bias) {
        float *sum = group->sums + layout->b_hidden * LANES;
#define BIAS_BACK(k) store(sum + (k)*LANES, load(sum + (k)*LANES) + d##k);
        EACH(M, BIAS_BACK)
    }
    for (int i = 0; i < model->n_features; i++, sum_W += M * LANES) {
        Vec value = load(group->x + i * LANES);
#define ENCODE_BACK(k) store(sum_W + (k)*LANES, load(sum_W + (k)*LANES) + value * d##k);
        EACH(M, ENCODE_BACK)
    }
}

#define BUILD(M)                                                                                   \
    static void forward_##M(const Workspace *workspace, const Model *model, Group *group) {        \
        forward(M, workspace, model, group);                                                       \
    }                                                                                              \
    static void backward_##M(const Workspace *workspace, const Model *model, Group *group) {       \
        backward(M, workspace, model, group);                                                      \
    }
FOR_EACH_SIZE(BUILD)

#define ROW(M) {forward_##M, backward_##M},
static const struct { Pass *forward, *backward; } sizes[] = {{NULL, NULL}, FOR_EACH_SIZE(ROW)};

_Static_assert(sizeof sizes / sizeof *sizes == TINY_HIDDEN + 1, "a build for each size");

/* Turns z into g and adds the lanes' losses. */
INLINE void losses_of(Power power, const Workspace *workspace, Group *group) {
    float weight[LANES], lanes[LANES];
    for (int lane = 0; lane < LANES; lane++)
        weight[lane] = (float)group->weight[lane];
    Vec factor = splat(-(float)workspace->exponent) * load(weight);
    Mask always = always_passing(workspace->output);
    float exponent = (float)workspace->exponent;
    Vec loss = {0};
    for (int i = 0; i < workspace->n_features; i++) {
        Vec z = load(group->z + i * LANES), y = load(group->y + i * LANES);
        Vec importance = splat(workspace->importance[i]);
        store(group->z + i * LANES,
              residual(power, exponent, z, y, importance, factor, always, &loss));
    }
    store(lanes, loss);
    for (int lane = 0; lane < LANES; lane++) {
        double value = (double)lanes[lane], weighted = group->weight[lane] * value;
        group->loss[lane] += weighted;
        group->loss_squared[lane] += weighted * value;
    }
}

static void add_losses(const Workspace *workspace, Group *group) {
    switch (workspace->power) {
    case POWER_ANY:
        losses_of(POWER_ANY, workspace, group);
        break;
    case POWER_1:
        losses_of(POWER_1, workspace, group);
        break;
    case POWER_2:
        losses_of(POWER_2, workspace, group);
        break;
    case POWER_3:
        losses_of(POWER_3, workspace, group);
        break;
    case POWER_4:
        losses_of(POWER_4, workspace, group);
        break;
    }
}

/* Rows first … first + n_rows - 1 of `values`, feature-major; other lanes are 0. */
static void pack(const Batch *batch, const float *restrict values, int first, int n_rows,
                 float *restrict out) {
    int n = batch->n_features;
    if (batch->is_dense) {
        const float *rows = values + (int64_t)first * n;
        if (n_rows < LANES)
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
static void load_group(const Batch *batch, int first, Group *group) {
    int n_listed = batch->n_rows - first;
    n_listed = n_listed > LANES ? LANES : n_listed;
    pack(batch, batch->x, first, n_listed, group->x);
    group->y = batch->y == batch->x ? group->x : group->own_y;
    if (batch->y != batch->x)
        pack(batch, batch->y, first, n_listed, group->own_y);
    for (int lane = n_listed; lane < LANES; lane++)
        group->weight[lane] = lane == n_listed ? batch->n_empty : 0;
}

static Group group_of(const Workspace *workspace, void *scratch) {
    int64_t n_column = (int64_t)workspace->n_features * LANES;
    Group group = {.x = scratch};
    group.own_y = group.x + n_column;
    group.z = group.own_y + n_column;
    group.h = group.z + n_column;
    group.sums = group.h + TINY_HIDDEN * LANES;
    for (int lane = 0; lane < LANES; lane++)
        group.weight[lane] = 1;
    return group;
}

static void plan(Workspace *workspace) {
    workspace->layout = layout_of(workspace, workspace->n_hidden, workspace->n_features);
    int64_t n_rows = 3LL * workspace->n_features + TINY_HIDDEN + workspace->layout.n_floats + 16;
    workspace->scratch_bytes = n_rows * LANES * (int64_t)sizeof(float);
}

/* Adds up the lanes of the sums into the chunk's gradient. */
static void add_lanes(const Workspace *workspace, const Group *group, float *gradient) {
    for (int64_t i = 0; i < workspace->layout.n_floats; i++) {
        float sum = 0;
        for (int lane = 0; lane < LANES; lane++)
            sum += group->sums[i * LANES + lane];
        gradient[i] += sum;
    }
}

static void run(const Workspace *workspace, const Model *model, const Batch *batch, void *scratch,
                float *gradient, LossSums *sums) {
    Group group = group_of(workspace, scratch);
    Pass *forward_pass = sizes[workspace->n_hidden].forward;
    Pass *backward_pass = sizes[workspace->n_hidden].backward;
    size_t n_sums = (size_t)workspace->layout.n_floats * LANES;
    if (gradient)
        memset(group.sums, 0, n_sums * sizeof(float));
    for (int first = 0; first < row_count(batch); first += LANES) {
        load_group(batch, first, &group);
        forward_pass(workspace, model, &group);
        add_losses(workspace, &group);
        if (gradient)
            backward_pass(workspace, model, &group);
    }
    if (gradient)
        add_lanes(workspace, &group, gradient);
    sums->n_samples += batch_size(batch);
    for (int lane = 0; lane < LANES; lane++) {
        sums->loss += group.loss[lane];
        sums->loss_squared += group.loss_squared[lane];
    }
}

const Path LEVEL_NAME(path_tiny) = {.plan = plan, .run = run};
