#include "sim/theory/minimum.h"

#include <assert.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multimin.h>
#include <string.h>

enum { MAX_STEPS = 400, MAX_ROUNDS = 3 };

static const double first_step = 0.05, line_tolerance = 0.1, flat = 1e-10;

static void to_array(const gsl_vector *v, int n, double *x) {
    for (int i = 0; i < n; i++)
        x[i] = gsl_vector_get(v, i);
}

static double value_only(const gsl_vector *v, void *params) {
    const Surface *surface = params;
    double x[MAX_VARIABLES];
    to_array(v, surface->n, x);
    return surface->value(surface->context, x, NULL);
}

static void value_and_gradient(const gsl_vector *v, void *params, double *value, gsl_vector *out) {
    const Surface *surface = params;
    double x[MAX_VARIABLES], gradient[MAX_VARIABLES];
    to_array(v, surface->n, x);
    *value = surface->value(surface->context, x, gradient);
    for (int i = 0; i < surface->n; i++)
        gsl_vector_set(out, i, gradient[i]);
}

static void gradient_only(const gsl_vector *v, void *params, gsl_vector *out) {
    double value;
    value_and_gradient(v, params, &value, out);
}

/* Steps until flat, or until the line search gets no further. */
static void descend_once(gsl_multimin_fdfminimizer *minimizer, gsl_multimin_function_fdf *function,
                         const gsl_vector *start) {
    gsl_multimin_fdfminimizer_set(minimizer, function, start, first_step, line_tolerance);
    for (int step = 0; step < MAX_STEPS; step++)
        if (gsl_multimin_fdfminimizer_iterate(minimizer) != GSL_SUCCESS ||
            gsl_multimin_test_gradient(minimizer->gradient, flat) == GSL_SUCCESS)
            return;
}

/* Where the second derivatives jump, BFGS may stop on a model that no longer fits, so it starts
 * over from there until that wins nothing. */
double minimum_descend(const Surface *surface, double *x) {
    assert(surface->n <= MAX_VARIABLES);
    Surface copy = *surface;
    gsl_multimin_function_fdf function = {value_only, gradient_only, value_and_gradient,
                                          (size_t)surface->n, &copy};
    double best = surface->value(surface->context, x, NULL);
    gsl_vector *start = gsl_vector_alloc(surface->n);
    gsl_multimin_fdfminimizer *minimizer =
        gsl_multimin_fdfminimizer_alloc(gsl_multimin_fdfminimizer_vector_bfgs2, surface->n);
    for (int round = 0; start && minimizer && round < MAX_ROUNDS; round++) {
        for (int i = 0; i < surface->n; i++)
            gsl_vector_set(start, i, x[i]);
        descend_once(minimizer, &function, start);
        double value = minimizer->f, before = best;
        if (value < best) {
            to_array(minimizer->x, surface->n, x);
            best = value;
        }
        if (!(value < before - 1e-13 * before))
            break;
    }
    if (minimizer)
        gsl_multimin_fdfminimizer_free(minimizer);
    if (start)
        gsl_vector_free(start);
    return best;
}
