#include "sim/theory/kgon.h"

#include "sim/theory/minimum.h"
#include "sim/theory/relu_integral.h"

#include <assert.h>
#include <math.h>

/* h / (3 k) by (l, b): what an active feature does to its own output, and to the others'. */
static double feature_error(const void *context, const double *x, double *gradient) {
    int k = *(const int *)context;
    double sum = 0, by_l = 0, by_b = 0;
    for (int j = 0; j < k; j++) {
        double cosine = cos(2 * M_PI * j / k), a = x[0] * x[0] * cosine, slope[2];
        sum += relu_integral(1, &a, x[1], j == 0 ? 0 : -1, slope);
        by_l += slope[0] * 2 * x[0] * cosine;
        by_b += slope[1];
    }
    if (gradient) {
        gradient[0] = by_l;
        gradient[1] = by_b;
    }
    return sum;
}

Kgon kgon_of(int k) {
    assert(k >= KGON_LEAST && k <= KGON_MOST);
    if (k <= 4)
        return (Kgon){k, 1, 0, 0};
    Surface surface = {2, feature_error, &k};
    double x[2] = {1.2, -0.3};
    double error = minimum_descend(&surface, x);
    return (Kgon){k, x[0], x[1], 3 * k * error};
}

double kgon_loss(int k, int c, int n_plus) {
    assert(c >= k && n_plus >= 0 && n_plus <= c - k);
    double n = c;
    return (kgon_of(k).h + n - k) / (3 * n) - n_plus / (4 * n * n);
}
