/* Gradients of the tiniest models: at most six features, tied weights, a linear hidden code without
 * a penalty. There the hidden code need not be computed at all. With Q = W W^T and the slopes g_i =
 * dloss/dz_i,
 *
 *     z_i  = b_i + sum_j Q_ij x_j                         C_ij = sum over samples g_i x_j
 *     dW_i = sum_j (C_ij + C_ji) W_j                      db_i = sum over samples g_i
 *
 * so a sample takes 2 n^2 multiply-adds whatever the number of hidden dimensions, all of them
 * independent of each other, and only n^2 + 2 n numbers are summed over the batch.
 *
 *     group of 16 samples     x [n][16]    y [n][16]     straight from the batch, no transposes
 *     strip of K outputs      C [K][n], db [K], loss [K] each a vector of LANES samples' sums, in
 *                                                        registers from the first group to the last
 *
 * A strip goes over all groups; K is what registers can hold (strip_outputs). The importance of an
 * output is a factor of all its sums, and multiplied at the end. The last group alone has weights,
 * for the empty sample and the padding after it; x is 0 there, so C needs none. b_hidden is a
 * constant added to z, and comes into the gradient from db alone. */
#if defined(__GNUC__) && !defined(__clang__)
/* Loops over a few hidden dimensions would each get vector code, and the choice which to take costs
 * more than the loop: an eighth of a step of 2 -> 1. */
#pragma GCC optimize("no-tree-loop-vectorize")
#endif
#include "sim/model/kernel/vector_gram.h"

enum { MOST_SUMS = GRAM_FEATURES + 2 }; /* of an output: C_i, db_i, loss_i */

/* What goes into the passes and comes out of them. */
typedef struct Gram {
    float Q[GRAM_FEATURES * GRAM_FEATURES]; /* [n][n] */
    float b[GRAM_FEATURES];
    float sums[GRAM_FEATURES * MOST_SUMS + 4]; /* [n][n + 2], and room for a whole four */
} Gram;

/* A strip's sums; all indices are constants, so that each is a register. */
typedef struct Strip {
    Vec C[3][GRAM_FEATURES], b[3], loss[3];
} Strip;

/* What is done for feature j of N, for output k of K. */
/* clang-format off */
#define EACH_FEATURE(N, do)                                                                        \
    do(0) if ((N) > 1) { do(1) } if ((N) > 2) { do(2) }                                            \
    if ((N) > 3) { do(3) } if ((N) > 4) { do(4) } if ((N) > 5) { do(5) }
#define EACH_OUTPUT(K, do)                                                                         \
    do(0) if ((K) > 1) { do(1) } if ((K) > 2) { do(2) }
/* clang-format on */

/* One output of LANES samples. */
INLINE void take_output(const int N, const bool is_relu, const bool is_last, const Vec *x, Vec y,
                        const float *Q, float b, Vec weight, Vec *C, Vec *sum_b, Vec *loss) {
    Vec z = splat(b);
#define ADD_INPUT(j) z += splat(Q[j]) * x[j];
    EACH_FEATURE(N, ADD_INPUT)
    Mask pass = passing(z, always_passing(is_relu ? ACTIVATION_RELU : ACTIVATION_LINEAR));
    Vec r = keep(z, pass) - y, g = keep(r, pass);
    *loss += (is_last ? weight * r : r) * r;
    *sum_b += is_last ? weight * g : g;
#define ADD_SLOPE(j) C[j] += g * x[j];
    EACH_FEATURE(N, ADD_SLOPE)
}

/* Outputs first … first + K - 1 of LANES samples. */
INLINE void take(const int N, const int K, const bool is_relu, const bool is_last, const float *x,
                 const float *y, const float *Q, const float *b, Vec weight, Strip *strip) {
    Vec values[GRAM_FEATURES];
#define LOAD(j) values[j] = load(x + (j)*BATCH_GROUP);
    EACH_FEATURE(N, LOAD)
#define OUTPUT(k)                                                                                  \
    take_output(N, is_relu, is_last, values, load(y + (k)*BATCH_GROUP), Q + (k)*N, b[k], weight,   \
                strip->C[k], &strip->b[k], &strip->loss[k]);
    EACH_OUTPUT(K, OUTPUT)
}

/* 1 for the listed samples, then n_empty once, then 0. */
INLINE Vec last_weights(int n_listed, int n_empty) {
    Vec weight;
    for (int lane = 0; lane < LANES; lane++)
        weight[lane] = lane < n_listed ? 1 : lane == n_listed ? (float)n_empty : 0;
    return weight;
}

INLINE void run_strip(const int N, const int K, const bool is_relu, const Batch *batch, int first,
                      Gram *gram) {
    const float *x = batch->x, *y = batch->y + first * BATCH_GROUP;
    const float *Q = gram->Q + first * N, *b = gram->b + first;
    const int step = N * BATCH_GROUP, left = batch->n_rows % BATCH_GROUP;
    Strip strip = {0};
    for (int group = batch->n_rows / BATCH_GROUP; group > 0; group--, x += step, y += step)
        for (int lane = 0; lane < BATCH_GROUP; lane += LANES)
            take(N, K, is_relu, false, x + lane, y + lane, Q, b, (Vec){0}, &strip);
    for (int lane = 0; lane <= left; lane += LANES)
        take(N, K, is_relu, true, x + lane, y + lane, Q, b,
             last_weights(left - lane, batch->n_empty), &strip);
    _Alignas(64) float lanes[(3 * MOST_SUMS + 3) * LANES];
    float *to = lanes;
#define STORE(j) store(to + (j)*LANES, C[j]);
#define STORE_OUTPUT(k)                                                                            \
    {                                                                                              \
        const Vec *C = strip.C[k];                                                                 \
        EACH_FEATURE(N, STORE)                                                                     \
        store(to + N * LANES, strip.b[k]);                                                         \
        store(to + (N + 1) * LANES, strip.loss[k]);                                                \
        to += (N + 2) * LANES;                                                                     \
    }
    EACH_OUTPUT(K, STORE_OUTPUT)
    const int n_sums = round_up(K * (N + 2), 4);
    for (; to < lanes + n_sums * LANES; to += LANES)
        store(to, (Vec){0});
    sum_lanes(lanes, n_sums, gram->sums + first * (N + 2));
}

/* Outputs in a strip: with 32 registers three, or two of two or four features; with 16 what leaves
 * room for x. */
INLINE int strip_outputs(const int N) {
    if (LANES == 16)
        return N == 1 ? 1 : N % 2 == 0 && N < 6 ? 2 : 3;
    return N == 2 ? 2 : 1;
}

INLINE void run_strips(const int N, const bool is_relu, const Batch *batch, Gram *gram) {
    const int K = strip_outputs(N), rest = N % K;
    int first = 0;
    for (; first + K <= N; first += K)
        run_strip(N, K, is_relu, batch, first, gram);
    if (rest > 0)
        run_strip(N, rest, is_relu, batch, first, gram);
}

/* Q = W W^T and the constant part of z. */
INLINE void prepare(const int N, const Model *model, Gram *gram) {
    const float *W = model->W;
    const int m = model->n_hidden;
    for (int i = 0; i < N; i++) {
        float b = model->b[i];
        for (int k = 0; model->b_hidden && k < m; k++)
            b += model->b_hidden[k] * W[i * m + k];
        gram->b[i] = b;
        for (int j = 0; j <= i; j++) {
            float dot = 0;
            for (int k = 0; k < m; k++)
                dot += W[i * m + k] * W[j * m + k];
            gram->Q[i * N + j] = gram->Q[j * N + i] = dot;
        }
    }
}

/* From the sums to the gradient. */
INLINE void finish(const int N, const Workspace *workspace, const Model *model, Gram *gram,
                   float *gradient, LossSums *sums) {
    const Layout *layout = &workspace->layout;
    const int m = model->n_hidden;
    float *C = gram->sums, *sum_W = gradient + layout->W, *sum_b = gradient + layout->b;
    double loss = 0;
    for (int i = 0; i < N; i++) {
        float *of = C + i * (N + 2), importance = workspace->importance[i];
        loss += (double)importance * (double)of[N + 1];
        for (int j = 0; j <= N; j++)
            of[j] *= 2 * importance;
        sum_b[i] += of[N];
    }
    for (int k = 0; k < m; k++)
        for (int i = 0; i < N; i++) {
            float sum = model->b_hidden ? C[i * (N + 2) + N] * model->b_hidden[k] : 0;
            for (int j = 0; j < N; j++)
                sum += (C[i * (N + 2) + j] + C[j * (N + 2) + i]) * model->W[j * m + k];
            sum_W[i * m + k] += sum;
        }
    for (int k = 0; workspace->has_hidden_bias && k < m; k++)
        for (int i = 0; i < N; i++)
            gradient[layout->b_hidden + k] += C[i * (N + 2) + N] * model->W[i * m + k];
    sums->loss += loss;
}

typedef void Add(const Workspace *workspace, const Model *model, const Batch *batch,
                 float *gradient, LossSums *sums);

#define BUILD(N)                                                                                   \
    static void add_##N(const Workspace *workspace, const Model *model, const Batch *batch,        \
                        float *gradient, LossSums *sums) {                                         \
        Gram gram;                                                                                 \
        prepare(N, model, &gram);                                                                  \
        if (workspace->output == ACTIVATION_RELU)                                                  \
            run_strips(N, true, batch, &gram);                                                     \
        else                                                                                       \
            run_strips(N, false, batch, &gram);                                                    \
        finish(N, workspace, model, &gram, gradient, sums);                                        \
    }
BUILD(1)
BUILD(2)
BUILD(3)
BUILD(4)
BUILD(5)
BUILD(6)

void LEVEL_NAME(gram_add)(const Workspace *workspace, const Model *model, const Batch *batch,
                          float *gradient, LossSums *sums) {
    static Add *const sizes[] = {NULL, add_1, add_2, add_3, add_4, add_5, add_6};
    _Static_assert(sizeof sizes / sizeof *sizes == GRAM_FEATURES + 1, "a build for each size");
    sizes[workspace->n_features](workspace, model, batch, gradient, sums);
    sums->n_samples += batch_size(batch);
}
