#include "sim/metric/overlap.h"

#include <math.h>

/* Rows that are handled together, so that the m x m matrix is read n / TILE times and not n. */
enum { TILE = 8 };

double overlap_dot(const Model *model, int i, int j) {
    const float *a = model->W + (int64_t)i * model->n_hidden;
    const float *b = model->W + (int64_t)j * model->n_hidden;
    double sum = 0;
    for (int k = 0; k < model->n_hidden; k++)
        sum += (double)a[k] * (double)b[k];
    return sum;
}

void overlap_norms(const Model *model, double *norms) {
    for (int i = 0; i < model->n_features; i++)
        norms[i] = sqrt(overlap_dot(model, i, i));
}

static void squares_of_rows(const Model *model, double *sums) {
    for (int i = 0; i < model->n_features; i++)
        sums[i] = 0;
    for (int i = 0; i < model->n_features; i++)
        for (int j = 0; j <= i; j++) {
            double dot = overlap_dot(model, i, j);
            sums[i] += dot * dot;
            if (j != i)
                sums[j] += dot * dot;
        }
}

/* Rows first … first + TILE - 1, one column of W after the other: tile [n_hidden][TILE]; rows past
 * the last feature are 0. */
static void load_tile(const Model *model, int first, double (*tile)[TILE]) {
    for (int t = 0; t < TILE; t++) {
        bool is_row = first + t < model->n_features;
        const float *row = is_row ? model->W + (int64_t)(first + t) * model->n_hidden : NULL;
        for (int k = 0; k < model->n_hidden; k++)
            tile[k][t] = row ? (double)row[k] : 0;
    }
}

/* C += tile^T tile, the part l >= k. */
static void add_tile(const double (*tile)[TILE], int m, double *C) {
    for (int k = 0; k < m; k++)
        for (int l = k; l < m; l++) {
            double sum = 0;
            for (int t = 0; t < TILE; t++)
                sum += tile[k][t] * tile[l][t];
            C[(size_t)k * m + l] += sum;
        }
}

/* out[t] = w C w^T for each row w of the tile; C symmetric, of which l >= k is read. */
static void tile_forms(const double (*tile)[TILE], int m, const double *C, double *out) {
    for (int t = 0; t < TILE; t++)
        out[t] = 0;
    for (int k = 0; k < m; k++) {
        double sum[TILE] = {0};
        for (int l = k; l < m; l++)
            for (int t = 0; t < TILE; t++)
                sum[t] += C[(size_t)k * m + l] * tile[l][t];
        double diagonal = C[(size_t)k * m + k];
        for (int t = 0; t < TILE; t++)
            out[t] += tile[k][t] * (2 * sum[t] - diagonal * tile[k][t]);
    }
}

static bool squares_of_columns(const Model *model, double *sums, Error *error) {
    int n = model->n_features, m = model->n_hidden;
    Arena scratch = {0};
    double *C = ARENA_TRY(&scratch, double, (size_t)m *m);
    double(*tile)[TILE] = arena_try(&scratch, m, sizeof *tile);
    bool good = C && tile;
    if (!good)
        error_set(error, "not enough memory for overlaps in %d hidden dimensions", m);
    for (int i = 0; good && i < n; i += TILE) {
        load_tile(model, i, tile);
        add_tile((const double(*)[TILE])tile, m, C);
    }
    for (int i = 0; good && i < n; i += TILE) {
        double forms[TILE];
        load_tile(model, i, tile);
        tile_forms((const double(*)[TILE])tile, m, C, forms);
        for (int t = 0; t < TILE && i + t < n; t++)
            sums[i + t] = forms[t];
    }
    arena_release(&scratch);
    return good;
}

bool overlap_squares(const Model *model, double *sums, Error *error) {
    if (model->n_features > model->n_hidden)
        return squares_of_columns(model, sums, error);
    squares_of_rows(model, sums);
    return true;
}
