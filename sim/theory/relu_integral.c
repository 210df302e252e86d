/* Where the form z = b + c.x is positive all over the cube the ReLU is the identity, and where it
 * is negative it is 0. Between them, seen along one coordinate, the integral over all others is a
 * polynomial but for the places where the plane z = 0 passes a corner of their cube. So the
 * coordinate is cut there, and a Gauss-Legendre rule of enough points is exact on each piece: no
 * error but rounding, even where a c_j is tiny and the closed form by truncated powers,
 * sum_s ± (b + c.s)_+^{k+2} / (c_1 … c_k (k + 2)! / 2), cancels. */
#include "sim/theory/relu_integral.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

/* A Gauss-Legendre rule on [0, 1]: exact up to degree 2 n - 1. */
typedef struct Rule {
    int n;
    double x[3], weight[3];
} Rule;

#define GAUSS_2 0.21132486540518711775 /* (1 - 1/sqrt(3)) / 2 */
#define GAUSS_3 0.11270166537925831148 /* (1 - sqrt(3/5)) / 2 */

static const Rule two_points = {2, {GAUSS_2, 1 - GAUSS_2}, {0.5, 0.5}};
static const Rule three_points = {3, {GAUSS_3, 0.5, 1 - GAUSS_3}, {5 / 18., 8 / 18., 5 / 18.}};

/* What is summed over the part of the cube where z > 0. */
typedef struct Sums {
    int k, target;
    const double *c;
    double x[MAX_ACTIVE];
    double change;    /* of (t - ReLU(z))^2 against t^2: z^2 - 2 t z */
    double *gradient; /* or NULL */
} Sums;

double linear_integral(int k, const double *c, double b, int target, double *gradient) {
    double mean = b, variance = 0;
    for (int j = 0; j < k; j++) {
        double d = c[j] - (j == target);
        mean += d / 2;
        variance += d * d / 12;
    }
    if (gradient) {
        for (int j = 0; j < k; j++)
            gradient[j] = mean + (c[j] - (j == target)) / 6;
        gradient[k] = 2 * mean;
    }
    return mean * mean + variance;
}

static void add_node(Sums *sums, double z, double weight) {
    double t = sums->target < 0 ? 0 : sums->x[sums->target];
    sums->change += weight * z * (z - 2 * t);
    if (!sums->gradient)
        return;
    double slope = 2 * weight * (z - t);
    for (int j = 0; j < sums->k; j++)
        sums->gradient[j] += slope * sums->x[j];
    sums->gradient[sums->k] += slope;
}

/* Where along coordinate `axis` the plane passes a corner of the cube of the coordinates before it:
 * 0, the cuts in order, 1. */
static int find_cuts(const double *c, int axis, double b, double *cuts) {
    int n = 0;
    cuts[n++] = 0;
    for (int corner = 0; corner < 1 << axis; corner++) {
        double z = b;
        for (int j = 0; j < axis; j++)
            z += corner >> j & 1 ? c[j] : 0;
        /* -z / c in (0, 1), without the quotient where there is none. */
        if (z * c[axis] >= 0 || fabs(z) >= fabs(c[axis]))
            continue;
        double cut = -z / c[axis];
        int at = n++;
        for (; at > 1 && cuts[at - 1] > cut; at--)
            cuts[at] = cuts[at - 1];
        cuts[at] = cut;
    }
    cuts[n++] = 1;
    return n;
}

/* Adds the nodes of coordinates 0 … k-1, those above being set: z is b + what they add. Integrating
 * one coordinate raises the degree, 2 at first, by one. */
static void add_nodes(Sums *sums, int k, double b, double weight) {
    if (k == 0) {
        if (b > 0)
            add_node(sums, b, weight);
        return;
    }
    double highest = b, cuts[(1 << (MAX_ACTIVE - 1)) + 2];
    for (int j = 0; j < k; j++)
        highest += fmax(sums->c[j], 0);
    if (highest <= 0)
        return;
    const Rule *rule = k < 3 ? &two_points : &three_points;
    int n_cuts = find_cuts(sums->c, k - 1, b, cuts);
    for (int piece = 1; piece < n_cuts; piece++) {
        double from = cuts[piece - 1], length = cuts[piece] - from;
        for (int q = 0; q < rule->n; q++) {
            sums->x[k - 1] = from + length * rule->x[q];
            add_nodes(sums, k - 1, b + sums->c[k - 1] * sums->x[k - 1],
                      weight * length * rule->weight[q]);
        }
    }
}

double relu_integral(int k, const double *c, double b, int target, double *gradient) {
    assert(k >= 0 && k <= MAX_ACTIVE && target < k);
    double lowest = b;
    for (int j = 0; j < k; j++)
        lowest += fmin(c[j], 0);
    if (lowest >= 0)
        return linear_integral(k, c, b, target, gradient);
    if (gradient)
        for (int j = 0; j <= k; j++)
            gradient[j] = 0;
    Sums sums = {.k = k, .target = target, .c = c, .gradient = gradient};
    add_nodes(&sums, k, b, 1);
    return (target < 0 ? 0 : 1 / 3.) + sums.change;
}
