/* Descent of a smooth function of a few variables to the minimum below a start (GSL, BFGS). */
#ifndef SUPERPOSE_THEORY_MINIMUM_H
#define SUPERPOSE_THEORY_MINIMUM_H

/* The most variables. */
enum { MAX_VARIABLES = 9 };

typedef struct Surface {
    int n; /* variables, at most MAX_VARIABLES */
    /** The value at x [n]; its derivatives into gradient [n] unless that is NULL. */
    double (*value)(const void *context, const double *x, double *gradient);
    const void *context;
} Surface;

/** Moves x [n] down to where the gradient is 0 within about 1e-9 or no step helps; returns the
 * value there, never above that at the start. Deterministic. Where memory is short x stays. */
double minimum_descend(const Surface *surface, double *x);

#endif
