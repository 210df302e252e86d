/* Products with W_E. All are sums of rows of a matrix, each times a number, taken in the order of
 * the rows and in double: however the results are shared out among threads, the bits are the same.
 */
#include "sim/model/embedding.h"

#include "sim/base/rng.h"

#include <math.h>
#include <string.h>

enum { GROUP = 16 }; /* columns at a time: sums that stay in registers */

/* A matrix or a column of one, as factors: number k is at[k * step]. */
typedef struct Factors {
    const float *at;
    int64_t step;
    int n;
} Factors;

/* to[k] = sum_j factors_j rows[j][k], of GROUP columns. */
static void combine_group(Factors factors, const float *restrict rows, int64_t n_columns,
                          float *restrict to) {
    double sums[GROUP] = {0};
    for (int64_t j = 0; j < factors.n; j++) {
        double factor = (double)factors.at[j * factors.step];
        const float *row = rows + j * n_columns;
        for (int k = 0; k < GROUP; k++)
            sums[k] += factor * (double)row[k];
    }
    for (int k = 0; k < GROUP; k++)
        to[k] = (float)sums[k];
}

/* The same of all columns of rows [factors.n][n_columns]. */
static void combine(Factors factors, const float *rows, int64_t n_columns, float *to) {
    int64_t k = 0;
    for (; k + GROUP <= n_columns; k += GROUP)
        combine_group(factors, rows + k, n_columns, to + k);
    for (; k < n_columns; k++) {
        double sum = 0;
        for (int64_t j = 0; j < factors.n; j++)
            sum += (double)factors.at[j * factors.step] * (double)rows[j * n_columns + k];
        to[k] = (float)sum;
    }
}

static Factors row_of(const Model *model, int feature) {
    return (Factors){model->W_E + (int64_t)feature * model->n_embedding, 1, model->n_embedding};
}

static Factors column_of(const Model *model, int coordinate) {
    return (Factors){model->W_E + coordinate, model->n_embedding, model->n_features};
}

void embedding_derive_features(Model *model, int first, int end) {
    int64_t m = model->n_hidden;
    for (int i = first; i < end; i++) {
        combine(row_of(model, i), model->W_in, m, model->W + i * m);
        combine(row_of(model, i), model->W_out, m, model->W2 + i * m);
        combine(row_of(model, i), model->b_out, 1, model->b + i);
    }
}

/* Partial sums of every eighth number, which vectors can hold. */
static double dot(const float *a, const float *b, int n) {
    enum { LANES = 8 };
    double sums[LANES] = {0}, sum = 0;
    int i = 0;
    for (; i + LANES <= n; i += LANES)
        for (int k = 0; k < LANES; k++)
            sums[k] += (double)a[i + k] * (double)b[i + k];
    for (; i < n; i++)
        sums[0] += (double)a[i] * (double)b[i];
    for (int k = 0; k < LANES; k++)
        sum += sums[k];
    return sum;
}

static void derive_mixing(Model *model) {
    int64_t n = model->n_features;
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) {
            double overlap = dot(row_of(model, i).at, row_of(model, j).at, model->n_embedding);
            model->M[i * n + j] = model->M[j * n + i] = (float)(overlap - (i == j));
        }
}

void embedding_derive(Model *model) {
    embedding_derive_features(model, 0, model->n_features);
    derive_mixing(model);
}

void embedding_init(Model *model, uint64_t key) {
    int d = model->n_embedding;
    Rng rng;
    rng_init(&rng, key, 0, 2); /* W_in and W_out have 0 and 1 */
    for (int i = 0; i < model->n_features; i++) {
        float *row = model->W_E + (int64_t)i * d;
        for (int j = 0; j < d; j++)
            row[j] = (float)rng_normal(&rng);
        double norm = sqrt(dot(row, row, d));
        for (int j = 0; j < d; j++)
            row[j] = (float)((double)row[j] / norm);
    }
    embedding_derive(model);
}

void embedding_pull(const Model *model, const float *effective, int first, int end,
                    float *gradient) {
    int64_t n = model->n_features, m = model->n_hidden, d = model->n_embedding;
    int64_t n_hidden_bias = model->b_hidden ? m : 0;
    const float *W = effective, *W2 = W + n * m, *b_hidden = W2 + n * m;
    float *W_in = gradient, *W_out = W_in + d * m, *to_b_hidden = W_out + d * m;
    for (int j = first; j < end; j++) {
        combine(column_of(model, j), W, m, W_in + j * m);
        combine(column_of(model, j), W2, m, W_out + j * m);
        combine(column_of(model, j), b_hidden + n_hidden_bias, 1, to_b_hidden + n_hidden_bias + j);
    }
    if (first == 0)
        memcpy(to_b_hidden, b_hidden, (size_t)n_hidden_bias * sizeof(float));
}
