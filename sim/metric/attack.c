#include "sim/metric/attack.h"
#include "sim/metric/overlap.h"
#include "sim/metric/samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool attack_is_defined(const MetricInput *input) {
    const Model *model = input->model;
    return model->kind->is_tied && model->hidden == ACTIVATION_LINEAR &&
           (model->output == ACTIVATION_LINEAR || model->output == ACTIVATION_RELU) &&
           input->loss_exponent == 2;
}

bool attack_norms(const Model *model, double *norms, Error *error) {
    if (!overlap_squares(model, norms, error))
        return false;
    for (int i = 0; i < model->n_features; i++)
        norms[i] = sqrt(norms[i]);
    return true;
}

/* W W^T (W W^T)_i = W (sum_k (W_i . W_k) W_k): two passes over W. `code` [n_hidden] is scratch. */
static void squared_gram_row(const Model *model, int feature, double *code, double *out) {
    int64_t m = model->n_hidden;
    memset(code, 0, (size_t)m * sizeof *code);
    for (int k = 0; k < model->n_features; k++) {
        double dot = overlap_dot(model, feature, k);
        for (int64_t h = 0; h < m; h++)
            code[h] += dot * (double)model->W[k * m + h];
    }
    for (int j = 0; j < model->n_features; j++) {
        out[j] = 0;
        for (int64_t h = 0; h < m; h++)
            out[j] += (double)model->W[j * m + h] * code[h];
    }
}

void attack_shifts(const Model *model, int feature, double norm, double *shifts) {
    Arena scratch = {0};
    squared_gram_row(model, feature, ARENA_NEW(&scratch, double, model->n_hidden), shifts);
    for (int j = 0; j < model->n_features; j++)
        shifts[j] = norm > 0 ? shifts[j] / norm : 0;
    arena_release(&scratch);
}

/* Pre-activations and targets of all outputs: [n_features][n_rows] each, `capacity` apart. */
typedef struct Traces {
    Model linear; /* the model without its output activation */
    int n_rows, capacity;
    float *z, *y;
    double *weight; /* [n_rows] */
    float *out;     /* [n_features] */
} Traces;

static void add_row(void *context, const float *x, const float *y, int64_t weight) {
    Traces *traces = context;
    int row = traces->n_rows++;
    model_forward(&traces->linear, x, NULL, traces->out);
    for (int j = 0; j < traces->linear.n_features; j++) {
        traces->z[(size_t)j * traces->capacity + row] = traces->out[j];
        traces->y[(size_t)j * traces->capacity + row] = y[j];
    }
    traces->weight[row] = (double)weight;
}

static bool trace(const MetricInput *input, int n_samples, Traces *traces, Arena *arena,
                  Error *error) {
    int n = input->model->n_features;
    *traces = (Traces){.linear = *input->model};
    traces->linear.output = ACTIVATION_LINEAR;
    traces->capacity = n_samples;
    traces->z = ARENA_TRY(arena, float, (size_t)n *n_samples);
    traces->y = ARENA_TRY(arena, float, (size_t)n *n_samples);
    traces->weight = ARENA_NEW(arena, double, n_samples);
    traces->out = ARENA_NEW(arena, float, n);
    if (!traces->z || !traces->y)
        return error_set(error, "not enough memory for %d outputs of %d samples", n, n_samples);
    return samples_visit(input, n_samples, add_row, traces, error);
}

/* A sample of one output; and, once they are sorted by z, largest first, what all samples up to
 * and with this one sum to, those that are active where this one is the last: weights, weights
 * times y - z, times its square, and times y^2. */
typedef struct Point {
    double z, y, weight;
    double sum, residual, residual_squared, silent;
} Point;

static int by_z_down(const void *a, const void *b) {
    double first = ((const Point *)a)->z, second = ((const Point *)b)->z;
    return (first < second) - (first > second);
}

/* points [n_rows + 1]: the first is before all samples. */
static void fill_points(const Traces *traces, int output, Point *points) {
    const float *z = traces->z + (size_t)output * traces->capacity;
    const float *y = traces->y + (size_t)output * traces->capacity;
    int n = traces->n_rows;
    for (int row = 0; row < n; row++)
        points[row + 1] =
            (Point){.z = (double)z[row], .y = (double)y[row], .weight = traces->weight[row]};
    points[0] = (Point){.z = (double)INFINITY};
    qsort(points + 1, n, sizeof *points, by_z_down);
    for (Point *p = points + 1; p <= points + n; p++) {
        double r = p->y - p->z;
        p->sum = p[-1].sum + p->weight;
        p->residual = p[-1].residual + p->weight * r;
        p->residual_squared = p[-1].residual_squared + p->weight * r * r;
        p->silent = p[-1].silent + p->weight * p->y * p->y;
    }
}

/* The sum over samples of (y - ReLU(z + shift))^2, or of (y - z - shift)^2. */
static double shifted_loss(const Point *points, int n, bool has_relu, double shift) {
    int first = 0, end = n; /* points first … are active; after end they are not */
    if (!has_relu)
        first = n;
    while (first < end) {
        int middle = (first + end + 1) / 2;
        if (points[middle].z + shift > 0)
            first = middle;
        else
            end = middle - 1;
    }
    const Point *last = &points[first];
    return points[n].silent - last->silent + last->residual_squared - 2 * shift * last->residual +
           shift * shift * last->sum;
}

/* Adds what output j loses under each attack to losses [n_features]. */
static void add_output(const MetricInput *input, const Traces *traces, int j, double epsilon,
                       const double *norms, Arena *scratch, double *losses) {
    const Model *model = input->model;
    int n = model->n_features;
    Point *points = ARENA_NEW(scratch, Point, traces->n_rows + 1);
    double *row = ARENA_NEW(scratch, double, n),
           *code = ARENA_NEW(scratch, double, model->n_hidden);
    fill_points(traces, j, points);
    squared_gram_row(model, j, code, row);
    for (int i = 0; i < n; i++) {
        double shift = norms[i] > 0 ? epsilon * row[i] / norms[i] : 0;
        losses[i] += input->task->importance[j] *
                     shifted_loss(points, traces->n_rows, model->output == ACTIVATION_RELU, shift);
    }
}

bool attack_worst(const MetricInput *input, double epsilon, int n_samples, const double *norms,
                  int *worst, Error *error) {
    Arena scratch = {0};
    Traces traces;
    int n = input->model->n_features;
    bool good = trace(input, n_samples, &traces, &scratch, error);
    double *losses = ARENA_NEW(&scratch, double, n);
    for (int j = 0; good && j < n; j++) {
        Arena room = {0};
        add_output(input, &traces, j, epsilon, norms, &room, losses);
        arena_release(&room);
    }
    *worst = 0;
    for (int i = 1; good && i < n; i++)
        if (losses[i] > losses[*worst])
            *worst = i;
    arena_release(&scratch);
    return good;
}
