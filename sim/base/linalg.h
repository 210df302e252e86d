/* Linear algebra in double, on plain row-major arrays. GSL does the work: its error handler, which
 * would end the program, is switched off before main starts, and its codes become Errors. */
#ifndef SUPERPOSE_BASE_LINALG_H
#define SUPERPOSE_BASE_LINALG_H

#include "sim/base/error.h"

/** Eigenvalues of a symmetric A [n][n], largest first, into values [n]; row k of vectors [n][n] is
 * the unit eigenvector of values[k] (may be NULL). Only the lower triangle of A is read. Fails on
 * numbers that are not finite and where memory is short. */
bool linalg_eigen(const double *A, int n, double *values, double *vectors, Error *error);

/** Number of singular values of A [n_rows][n_columns] above `relative` times the largest; 0 for a
 * matrix of zeros. They come from the smaller of A A^T and A^T A, so `relative` below 1e-7 means
 * nothing. Fails as linalg_eigen. */
bool linalg_rank(const double *A, int n_rows, int n_columns, double relative, int *rank,
                 Error *error);

/** The pseudo-inverse of a symmetric A [n][n] into out [n][n]: eigenvalues of size at most
 * `relative` times the largest count as 0. Fails as linalg_eigen. */
bool linalg_pseudo_inverse(const double *A, int n, double relative, double *out, Error *error);

#endif
