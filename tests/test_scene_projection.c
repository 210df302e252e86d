/* render: how models of many hidden dimensions are seen in three. Expected: frames are orthonormal;
 * nothing moves faster than the angles' speeds allow; principal directions of matrices whose
 * singular vectors and values are known by construction. */
#include "render/scene/projection.h"
#include "tests/watched.h"

#include <math.h>
#include <stdio.h>

/* A moment with these first parameters [n]; the others are 0. */
static void add(Watched *watched, int64_t step, const float *parameters, int n) {
    float all[4096] = {0};
    memcpy(all, parameters, n * sizeof *parameters);
    watched_add(watched, step, 0.5, all);
}

static double dot(const double *a, const double *b, int n) {
    double sum = 0;
    for (int k = 0; k < n; k++)
        sum += a[k] * b[k];
    return sum;
}

static void check_orthonormal(const double *frame, int n_axes, int m, double tolerance) {
    for (int a = 0; a < n_axes; a++)
        for (int b = 0; b <= a; b++)
            cr_assert_float_eq(dot(frame + a * m, frame + b * m, m), a == b, tolerance,
                               "axes %d and %d of %d", a, b, m);
}

/* The largest distance that an axis went. */
static double moved(const double *a, const double *b, int n_axes, int m) {
    double most = 0;
    for (int axis = 0; axis < n_axes; axis++) {
        double square = 0;
        for (int k = axis * m; k < (axis + 1) * m; k++)
            square += (a[k] - b[k]) * (a[k] - b[k]);
        most = fmax(most, sqrt(square));
    }
    return most;
}

/* A vector moves as fast as the fastest of the turns that it takes part in: at most 0.3 radians a
 * second. Entries of a frame have a mean square of 1 / m. */
Test(projection, tour_is_orthonormal_and_smooth_and_goes_everywhere) {
    const int sizes[] = {4, 5, 20, 101};
    for (int s = 0; s < 4; s++) {
        int m = sizes[s];
        double before[303], now[303], visited[101] = {0};
        projection_tour(m, 0, before);
        for (int frame = 1; frame < 20000; frame++) {
            projection_tour(m, frame / 60.0, now);
            check_orthonormal(now, 3, m, 1e-12);
            double step = moved(before, now, 3, m);
            cr_assert(step > 0.05 / 60 && step <= 0.3 / 60 + 1e-9, "%g at %d of %d", step, frame,
                      m);
            memcpy(before, now, sizeof now);
            for (int k = 0; k < m; k++)
                for (int a = 0; a < 3; a++)
                    visited[k] = fmax(visited[k], fabs(now[a * m + k]));
        }
        for (int k = 0; k < m; k++)
            cr_assert_gt(visited[k], 1.5 / sqrt(m) < 0.6 ? 1.5 / sqrt(m) : 0.6,
                         "dimension %d of %d", k, m);
    }
}

/* A quarter turn in 1.5 s, as a half cosine: at most pi^2 / 6 radians a second. */
Test(projection, pairs_rest_on_planes_and_turn_from_one_to_the_next) {
    for (int m = 4; m <= 7; m++) {
        double before[14], now[14];
        int n_rests = 0, last = -1;
        projection_pair(m, 0, before);
        for (int frame = 0; frame < 60 * 4.5 * 3 * m; frame++) { /* three times round */
            int k = projection_pair(m, frame / 60.0, now);
            check_orthonormal(now, 2, m, 1e-12);
            cr_assert_leq(moved(before, now, 2, m), M_PI * M_PI / 6 / 60 + 1e-9, "%d of %d", frame,
                          m);
            memcpy(before, now, sizeof now);
            for (int h = 0; k >= 0 && h < m; h++)
                cr_assert_float_eq(fabs(now[h]) + fabs(now[m + h]), h == k || h == (k + 1) % m,
                                   1e-12);
            if (k >= 0 && k != last) {
                cr_assert_eq(k, n_rests % m);
                n_rests++;
                last = k;
            }
        }
        cr_assert_eq(n_rests, 3 * m);
    }
}

/* Column c of the 8 x 8 Hadamard matrix (Sylvester), of length 1. */
static double hadamard(int row, int c) {
    return (__builtin_popcount((unsigned)(row & c)) % 2 ? -1 : 1) / sqrt(8);
}

/* W = sum_c s_c u_c v_c^T: u_c are Hadamard columns in 8 features, v_c of the first m = 8 (or, with
 * padding, of 16) hidden dimensions. */
static void fill_known(const double *strength, int m, float *W) {
    for (int i = 0; i < 8; i++)
        for (int k = 0; k < m; k++) {
            double sum = 0;
            for (int c = 0; c < 8; c++)
                sum += strength[c] * hadamard(i, c) * (k < 8 ? hadamard(k, 7 - c) : 0);
            W[i * m + k] = (float)sum;
        }
}

/* The share of a unit vector that lies in the span of the known directions a, b, c. */
static double share_in(const double *axis, int m, const int *known) {
    double sum = 0;
    for (int c = 0; c < 3; c++) {
        double along = 0;
        for (int k = 0; k < 8 && k < m; k++)
            along += axis[k] * hadamard(k, 7 - known[c]);
        sum += along * along;
    }
    return sum;
}

Test(projection, principal_directions_hold_the_most) {
    const double strength[8] = {1, 3, 0.5, 2, 0.1, 0.2, 4, 0.3};
    const int known[3] = {1, 3, 6};
    const int sizes[] = {8, 16}; /* W^T W and, where it is smaller, W W^T */
    for (int s = 0; s < 2; s++) {
        int m = sizes[s];
        char model[80];
        float W[128];
        double frame[48], share, sum = 0;
        Error error = {0};
        snprintf(model, sizeof model, "{kind: relu_output, n_hidden: %d}", m);
        Watched watched;
        watched_open(&watched, "{kind: independent, n_features: 8, feature_probability: 1}", model);
        fill_known(strength, m, W);
        add(&watched, 0, W, 8 * m);
        cr_assert(projection_pca(watched.history, 0, frame, &share, &error), "%s", error.text);
        check_orthonormal(frame, 3, m, 1e-9);
        for (int c = 0; c < 8; c++)
            sum += strength[c] * strength[c];
        cr_assert_float_eq(share, (16 + 9 + 4) / sum, 1e-6);
        for (int a = 0; a < 3; a++)
            cr_assert_float_eq(share_in(frame + a * m, m, known), 1, 1e-6);
        float points[24];
        projection_apply(history_model(watched.history, 0), frame, 3, points);
        double held = 0;
        for (int k = 0; k < 24; k++)
            held += (double)points[k] * (double)points[k];
        cr_assert_float_eq(held, 29, 1e-4);
        watched_close(&watched);
    }
}

/* The strongest two change places, which exchanges eigenvectors, and signs are anybody's: what is
 * seen stays where it was. */
Test(projection, principal_directions_do_not_jump) {
    double strength[8] = {1, 3, 0.5, 2, 0.1, 0.2, 4, 0.3};
    Watched watched;
    watched_open(&watched, "{kind: independent, n_features: 8, feature_probability: 1}",
                 "{kind: relu_output, n_hidden: 8}");
    double before[24], now[24], share;
    Error error = {0};
    for (int step = 0; step <= 20; step++) {
        float W[64];
        strength[1] = 3 + 0.1 * step;
        strength[6] = 4 - 0.1 * step;
        fill_known(strength, 8, W);
        add(&watched, step, W, 64);
        cr_assert(projection_pca(watched.history, step, now, &share, &error));
        if (step)
            cr_assert_lt(moved(before, now, 3, 8), 1e-5, "step %d", step);
        memcpy(before, now, sizeof now);
    }
    watched_close(&watched);
}

/* One direction alone, and none: there is a frame all the same. */
Test(projection, principal_directions_of_little_are_still_a_frame) {
    for (int n_strong = 0; n_strong <= 1; n_strong++) {
        const double strength[8] = {n_strong};
        Watched watched;
        watched_open(&watched, "{kind: independent, n_features: 8, feature_probability: 1}",
                     "{kind: relu_output, n_hidden: 8}");
        double frame[24], share;
        float W[64];
        Error error = {0};
        fill_known(strength, 8, W);
        add(&watched, 0, W, 64);
        cr_assert(projection_pca(watched.history, 0, frame, &share, &error), "%s", error.text);
        check_orthonormal(frame, 3, 8, 1e-9);
        cr_assert_float_eq(share, n_strong, 1e-9);
        watched_close(&watched);
    }
}
