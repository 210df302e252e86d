#include "render/scene/projection.h"

#include "sim/base/linalg.h"
#include "sim/metric/overlap.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const double rest = 3, turn = 1.5; /* seconds of a pair, and of the way to the next */
static const double mean_speed = 0.2;     /* of the tour's turns: radians a second */
static const double golden = 0.61803398874989485;

void projection_apply(const Model *model, const double *frame, int n_axes, float *points) {
    int m = model->n_hidden;
    for (int i = 0; i < model->n_features; i++)
        for (int a = 0; a < n_axes; a++) {
            double sum = 0;
            for (int k = 0; k < m; k++)
                sum += (double)model->W[(size_t)i * m + k] * frame[(size_t)a * m + k];
            points[(size_t)i * n_axes + a] = (float)sum;
        }
}

/* ---- pairs ---- */

int projection_pair(int n_hidden, double time, double *frame) {
    assert(n_hidden > 2 && time >= 0);
    double n_before = floor(time / (rest + turn));
    int k = (int)fmod(n_before, n_hidden), row = (int)fmod(n_before, 2);
    double on_way = fmax(time - n_before * (rest + turn) - rest, 0) / turn;
    double angle = M_PI / 2 * (1 - cos(M_PI * on_way)) / 2; /* starts and ends slowly */
    /* One axis stays, the other turns into the next; which is which alternates. */
    double *leaves = frame + (size_t)row * n_hidden, *stays = frame + (size_t)(1 - row) * n_hidden;
    memset(frame, 0, 2 * (size_t)n_hidden * sizeof *frame);
    stays[(k + 1) % n_hidden] = 1;
    leaves[k] = cos(angle);
    leaves[(k + 2) % n_hidden] = sin(angle);
    return on_way > 0 ? -1 - k : k;
}

/* ---- tour ---- */

/* The cosines of which the discrete cosine transform of length m (type II, its vectors of length 1)
 * is made: that of k and f is table[(2 k + 1) f mod 4 m], times sqrt(2 / m), or sqrt(1 / m) for f =
 * 0. */
static double *cosine_table(int m, Arena *arena) {
    double *table = ARENA_NEW(arena, double, 4 * (size_t)m);
    for (int i = 0; i < 4 * m; i++)
        table[i] = cos(M_PI * i / (2 * m));
    return table;
}

static double mixed(const double *table, int m, int k, int f) {
    return sqrt((f ? 2.0 : 1.0) / m) * table[(2 * (int64_t)k + 1) * f % (4 * m)];
}

/* Each vector of the transform turns with its neighbour; the axes are mixtures of all of them. */
void projection_tour(int n_hidden, double time, double *frame) {
    int m = n_hidden;
    Arena scratch = {0};
    double *table = cosine_table(m, &scratch);
    memset(frame, 0, 3 * (size_t)m * sizeof *frame);
    for (int a = 0; a < 3; a++)
        for (int f = 0; f < m; f += 2) {
            int pair = f / 2 + 1;
            double part = pair * golden - floor(pair * golden);
            double angle = f + 1 < m ? mean_speed * (0.5 + part) * time : 0;
            double c = cos(angle), s = sin(angle), u = mixed(table, m, a, f),
                   v = f + 1 < m ? mixed(table, m, a, f + 1) : 0;
            for (int k = 0; k < m; k++)
                frame[(size_t)a * m + k] +=
                    (c * u - s * v) * mixed(table, m, k, f) +
                    (f + 1 < m ? (s * u + c * v) * mixed(table, m, k, f + 1) : 0);
        }
    arena_release(&scratch);
}

/* ---- principal components ---- */

/* What is remembered of a history. */
typedef struct Principal {
    uint64_t serial; /* of the moment; 0: none yet */
    double share;
    double frame[]; /* [3][n_hidden] */
} Principal;

/* The three main eigenvectors of W^T W into axes [3][m], those of W W^T taken back through W where
 * these are fewer numbers; where W has a lower rank other axes fill up. */
static bool find_axes(const Model *model, double *axes, double *share, Arena *arena, Error *error) {
    int m = model->n_hidden, n = model->n_features;
    SmallerGram gram;
    if (!overlap_smaller(model, NULL, arena, &gram, error))
        return false;
    double *values = ARENA_NEW(arena, double, gram.size), sum = 0, held = 0;
    double *vectors = ARENA_TRY(arena, double, (size_t)gram.size *gram.size);
    if (!vectors)
        return error_set(error, "not enough memory for the eigenvectors of %d dimensions", m);
    if (!linalg_eigen(gram.values, gram.size, values, vectors, error))
        return false;
    for (int k = 0; k < gram.size; k++) {
        sum += fmax(values[k], 0);
        held += k < 3 ? fmax(values[k], 0) : 0;
    }
    *share = sum > 0 ? held / sum : 0;
    memset(axes, 0, 3 * (size_t)m * sizeof *axes);
    for (int a = 0; a < 3 && a < gram.size; a++)
        for (int k = 0; k < m; k++)
            if (gram.of_columns)
                axes[(size_t)a * m + k] = vectors[(size_t)a * m + k];
            else
                for (int i = 0; i < n; i++)
                    axes[(size_t)a * m + k] +=
                        vectors[(size_t)a * n + i] * (double)model->W[(size_t)i * m + k];
    return true;
}

static double dot(const double *a, const double *b, int n) {
    double sum = 0;
    for (int k = 0; k < n; k++)
        sum += a[k] * b[k];
    return sum;
}

/* Makes vectors [3][m] unit vectors at right angles (Gram and Schmidt, twice for its rounding); one
 * that has nothing of its own is replaced by the first axis that has. */
static void straighten(double *vectors, int m) {
    for (int a = 0, spare = 0; a < 3; a++) {
        double *v = vectors + (size_t)a * m, before = sqrt(dot(v, v, m));
        for (int round = 0; round < 2; round++)
            for (int b = 0; b < a; b++) {
                double along = dot(v, vectors + (size_t)b * m, m);
                for (int k = 0; k < m; k++)
                    v[k] -= along * vectors[(size_t)b * m + k];
            }
        double length = sqrt(dot(v, v, m));
        if (!(length > 1e-6 * before) || !(length > 1e-9)) {
            for (int k = 0; k < m; k++)
                v[k] = k == spare;
            spare++;
            a--; /* once more, with this one */
            continue;
        }
        for (int k = 0; k < m; k++)
            v[k] /= length;
    }
}

/* Turns axes [3][m] within their space to where `old` was: the old ones' shadows there, made
 * straight. */
static void align(double *axes, const double *old, int m, double *scratch) {
    for (int a = 0; a < 3; a++) {
        double *shadow = scratch + (size_t)a * m;
        memset(shadow, 0, (size_t)m * sizeof *shadow);
        for (int b = 0; b < 3; b++) {
            double along = dot(old + (size_t)a * m, axes + (size_t)b * m, m);
            for (int k = 0; k < m; k++)
                shadow[k] += along * axes[(size_t)b * m + k];
        }
    }
    for (int a = 0; a < 3; a++) /* what has no shadow says nothing of where to turn */
        if (!(dot(scratch + (size_t)a * m, scratch + (size_t)a * m, m) > 0.01))
            return;
    straighten(scratch, m);
    for (int a = 0; a < 3; a++) { /* almost parallel shadows may have left the space */
        double held = 0;
        for (int b = 0; b < 3; b++) {
            double along = dot(scratch + (size_t)a * m, axes + (size_t)b * m, m);
            held += along * along;
        }
        if (!(held > 1 - 1e-9))
            return;
    }
    memcpy(axes, scratch, 3 * (size_t)m * sizeof *axes);
}

bool projection_pca(History *history, int moment, double *frame, double *share, Error *error) {
    int n_moments;
    const Moment *now = &history_moments(history, &n_moments)[moment];
    const Model *model = history_model(history, moment);
    int m = model->n_hidden;
    size_t n_bytes = 3 * (size_t)m * sizeof(double);
    Principal *kept =
        history_remember(history, "principal components", sizeof(Principal) + n_bytes);
    Arena scratch = {0};
    bool good = true;
    if (kept->serial != now->serial) {
        double *axes = ARENA_NEW(&scratch, double, 6 * (size_t)m);
        good = find_axes(model, axes, &kept->share, &scratch, error);
        if (good) {
            straighten(axes, m);
            if (kept->serial)
                align(axes, kept->frame, m, axes + 3 * (size_t)m);
            memcpy(kept->frame, axes, n_bytes);
            kept->serial = now->serial;
        }
    }
    memcpy(frame, kept->frame, n_bytes);
    *share = kept->share;
    arena_release(&scratch);
    return good;
}
