/* The mean squared error of one output over uniform active features, exactly: an integral over the
 * unit interval, square or cube whose integrand is a polynomial on each side of the plane where the
 * ReLU switches. */
#ifndef SUPERPOSE_THEORY_RELU_INTEGRAL_H
#define SUPERPOSE_THEORY_RELU_INTEGRAL_H

/* The most active features an integral is taken over. */
enum { MAX_ACTIVE = 3 };

/** int over x in [0,1]^k of (t - ReLU(b + sum_j c_j x_j))^2, where t = x_target, or t = 0 where
 * `target` is -1. k in [0, MAX_ACTIVE], c [k]. Exact to rounding. `gradient` [k + 1] gets its
 * derivatives by c_0 … c_{k-1} and b; NULL: not wanted. Elhage et al. 2022, "Mathematical
 * understanding" (the terms of L_0, L_1, L_2 and L_3). */
double relu_integral(int k, const double *c, double b, int target, double *gradient);

/** The same without the ReLU: int (t - b - sum_j c_j x_j)^2 = e^2 + sum_j d_j^2 / 12, with d = c
 * (less 1 at the target) and e = b + sum_j d_j / 2. */
double linear_integral(int k, const double *c, double b, int target, double *gradient);

#endif
