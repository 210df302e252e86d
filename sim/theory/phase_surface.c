#include "sim/theory/phase_surface.h"

#include "sim/theory/minimum.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct Setting {
    double s, r;
} Setting;

/* The first feature's error by its weight a > 0 and the other's c of the same sign, and its
 * derivatives by both. Nothing is cut off: y' = a^2 x + a c y. */
static double same_sign(double s, double a, double c, double *by_a, double *by_c) {
    double q = s * (1 - s), e = 1 - a * a;
    *by_a = (q + s * s) * (-4 * a * e + 2 * a * c * c) / 3 - s * s * (1 - 3 * a * a) * c / 2;
    *by_c = (q + s * s) * 2 * a * a * c / 3 - s * s * e * a / 2;
    return (q + s * s) * (e * e + a * a * c * c) / 3 - s * s * e * a * c / 2;
}

/* Moments of w = (a x - c y)_+ on the unit square, c the size of the opposite weight: E[w^2] and
 * its derivatives, by a (2 E[x w]) and c (-2 E[y w]), and the second derivatives. */
typedef struct Moments {
    double ww, a, c, aa, ac;
} Moments;

static Moments moments_of(double a, double c) {
    if (c > a)
        return (Moments){.ww = a * a * a / (12 * c),
                         .a = a * a / (4 * c),
                         .c = -a * a * a / (12 * c * c),
                         .aa = a / (2 * c),
                         .ac = -a * a / (4 * c * c)};
    double t = a > 0 ? c / a : 0;
    return (Moments){.ww = a * a / 3 - a * c / 2 + c * c / 3 - c * c * t / 12,
                     .a = 2 * a / 3 - c / 2 + c * t * t / 12,
                     .c = -a / 2 + 2 * c / 3 - c * t / 4,
                     .aa = 2 / 3. - t * t * t / 6,
                     .ac = -0.5 + t * t / 4};
}

/* The same for weights of opposite signs: y' = a w. */
static double opposite_sign(double s, double a, double c, double *by_a, double *by_c) {
    double q = s * (1 - s), e = 1 - a * a;
    Moments m = moments_of(a, c);
    *by_a = -4 * q * a * e / 3 + s * s * (-m.a - a * m.aa + 2 * a * m.ww + a * a * m.a);
    *by_c = s * s * (-a * m.ac + a * a * m.c);
    return q * e * e / 3 + s * s * (1 / 3. - a * m.a + a * a * m.ww);
}

static double surface_value(const void *context, const double *W, double *gradient) {
    const Setting *setting = context;
    double a = fabs(W[0]), c = fabs(W[1]), by_a[2], by_c[2];
    bool is_opposite = (W[0] < 0) != (W[1] < 0) && a > 0 && c > 0;
    double (*part)(double, double, double, double *, double *) =
        is_opposite ? opposite_sign : same_sign;
    double first = part(setting->s, a, c, &by_a[0], &by_c[0]);
    double second = part(setting->s, c, a, &by_c[1], &by_a[1]);
    if (gradient) {
        gradient[0] = (W[0] < 0 ? -1 : 1) * (by_a[0] + setting->r * by_a[1]);
        gradient[1] = (W[1] < 0 ? -1 : 1) * (by_c[0] + setting->r * by_c[1]);
    }
    return first + setting->r * second;
}

double phase_surface_loss(double s, double r, double W1, double W2) {
    Setting setting = {s, r};
    return surface_value(&setting, (double[]){W1, W2}, NULL);
}

/* Whether no point around is lower: a descent may also end at a saddle, or at the edge W2 = 0,
 * where the slope jumps. */
static bool is_lowest_around(const Setting *setting, const double *W, double value) {
    for (int d = 0; d < 16; d++) {
        double angle = 2 * M_PI * d / 16, step = 1e-3;
        double near[2] = {W[0] + step * cos(angle), W[1] + step * sin(angle)};
        if (surface_value(setting, near, NULL) < value)
            return false;
    }
    return true;
}

static bool is_known(const SurfaceMinimum *minima, int n, const double *W) {
    for (int i = 0; i < n; i++)
        if (hypot(minima[i].W[0] - W[0], minima[i].W[1] - W[1]) < 1e-3)
            return true;
    return false;
}

/* Descends from a grid over [0, 1.4] x [-1.4, 1.4] that has no point on an axis. */
int phase_surface_minima(double s, double r, SurfaceMinimum minima[MAX_SURFACE_MINIMA]) {
    Setting setting = {s, r};
    Surface surface = {2, surface_value, &setting};
    int n = 0;
    for (int start = 0; start < 7 * 14; start++) {
        int row = start / 7;
        double W[2] = {0.1 + 0.2 * (start % 7), -1.3 + 0.2 * row};
        double value = minimum_descend(&surface, W);
        if (W[0] < 0) {
            W[0] = -W[0];
            W[1] = -W[1];
        }
        if (n == MAX_SURFACE_MINIMA || is_known(minima, n, W) ||
            !is_lowest_around(&setting, W, value))
            continue;
        int at = n++;
        for (; at > 0 && minima[at - 1].loss > value; at--)
            minima[at] = minima[at - 1];
        minima[at] = (SurfaceMinimum){{W[0], W[1]}, value};
    }
    return n;
}
