#include "sim/metric/directions.h"
#include "sim/metric/overlap.h"

#include <math.h>

/* Four sums side by side: one would wait for itself, and n^2 / 2 of these are most of the cost. */
static double dot(const double *a, const double *b, int m) {
    double sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
    int k = 0;
    for (; k + 4 <= m; k += 4) {
        sum0 += a[k] * b[k];
        sum1 += a[k + 1] * b[k + 1];
        sum2 += a[k + 2] * b[k + 2];
        sum3 += a[k + 3] * b[k + 3];
    }
    for (; k < m; k++)
        sum0 += a[k] * b[k];
    return (sum0 + sum1) + (sum2 + sum3);
}

static void fill(Directions *directions, const Model *model) {
    for (int d = 0; d < directions->n; d++) {
        int64_t row = (int64_t)directions->feature[d] * model->n_hidden;
        double *unit = directions->unit + (size_t)d * directions->m;
        for (int k = 0; k < directions->m; k++)
            unit[k] = (double)model->W[row + k] / directions->norm[d];
    }
}

bool directions_find(const Model *model, Arena *arena, Directions *directions, Error *error) {
    int n = model->n_features;
    *directions = (Directions){.m = model->n_hidden,
                               .feature = ARENA_NEW(arena, int, n),
                               .norm = ARENA_NEW(arena, double, n)};
    for (int i = 0; i < n; i++) {
        double norm = sqrt(overlap_dot(model, i, i));
        if (norm > REPRESENTED_NORM && isfinite(norm)) {
            directions->norm[directions->n] = norm;
            directions->feature[directions->n++] = i;
        }
    }
    directions->unit = ARENA_TRY(arena, double, (size_t)directions->n * directions->m);
    if (!directions->unit)
        return error_set(error,
                         "not enough memory for the directions of %d features in %d "
                         "dimensions",
                         directions->n, directions->m);
    fill(directions, model);
    return true;
}

double directions_cosine(const Directions *directions, int a, int b) {
    int m = directions->m;
    return dot(directions->unit + (size_t)a * m, directions->unit + (size_t)b * m, m);
}
