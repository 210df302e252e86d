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

/* Rows first … first + TILE - 1, times their scale (NULL: 1), one column of W after the other: tile
 * [n_hidden][TILE]; rows past the last feature are 0. */
static void load_tile(const Model *model, const double *scale, int first, double (*tile)[TILE]) {
    for (int t = 0; t < TILE; t++) {
        bool is_row = first + t < model->n_features;
        const float *row = is_row ? model->W + (int64_t)(first + t) * model->n_hidden : NULL;
        double factor = is_row && scale ? scale[first + t] : 1;
        for (int k = 0; k < model->n_hidden; k++)
            tile[k][t] = row ? factor * (double)row[k] : 0;
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

static void mirror(int size, double *C) {
    for (int k = 0; k < size; k++)
        for (int l = 0; l < k; l++)
            C[(size_t)k * size + l] = C[(size_t)l * size + k];
}

static bool columns_gram(const Model *model, const double *scale, double *C, Arena *scratch) {
    int m = model->n_hidden;
    double(*tile)[TILE] = arena_try(scratch, m, sizeof *tile);
    for (int i = 0; tile && i < model->n_features; i += TILE) {
        load_tile(model, scale, i, tile);
        add_tile((const double(*)[TILE])tile, m, C);
    }
    mirror(m, C);
    return tile != NULL;
}

static void rows_gram(const Model *model, const double *scale, double *G) {
    int n = model->n_features;
    for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++)
            G[(size_t)i * n + j] = overlap_dot(model, i, j) * (scale ? scale[i] * scale[j] : 1);
    mirror(n, G);
}

bool overlap_smaller(const Model *model, const double *scale, Arena *arena, SmallerGram *gram,
                     Error *error) {
    int n = model->n_features, m = model->n_hidden;
    *gram = (SmallerGram){.of_columns = m < n, .size = m < n ? m : n};
    gram->values = ARENA_TRY(arena, double, (size_t)gram->size * gram->size);
    bool good = gram->values;
    if (good && gram->of_columns)
        good = columns_gram(model, scale, gram->values, arena);
    else if (good)
        rows_gram(model, scale, gram->values);
    return good || error_set(error, "not enough memory for overlaps in %d hidden dimensions", m);
}

bool overlap_forms(const Model *model, const double *C, double *out, Error *error) {
    int n = model->n_features, m = model->n_hidden;
    Arena scratch = {0};
    double(*tile)[TILE] = arena_try(&scratch, m, sizeof *tile);
    for (int i = 0; tile && i < n; i += TILE) {
        double forms[TILE];
        load_tile(model, NULL, i, tile);
        tile_forms((const double(*)[TILE])tile, m, C, forms);
        for (int t = 0; t < TILE && i + t < n; t++)
            out[i + t] = forms[t];
    }
    arena_release(&scratch);
    return tile || error_set(error, "not enough memory for overlaps in %d hidden dimensions", m);
}

bool overlap_squares(const Model *model, double *sums, Error *error) {
    if (model->n_features <= model->n_hidden) {
        squares_of_rows(model, sums);
        return true;
    }
    Arena scratch = {0};
    SmallerGram gram;
    bool good = overlap_smaller(model, NULL, &scratch, &gram, error) &&
                overlap_forms(model, gram.values, sums, error);
    arena_release(&scratch);
    return good;
}

int overlap_unit_scales(const Model *model, double *scale) {
    int n = 0;
    for (int i = 0; i < model->n_features; i++) {
        double norm = sqrt(overlap_dot(model, i, i));
        bool is_represented = norm > REPRESENTED_NORM && isfinite(norm);
        scale[i] = is_represented ? 1 / norm : 0;
        n += is_represented;
    }
    return n;
}
