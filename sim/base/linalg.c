#include "sim/base/linalg.h"

#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>

/* Before main, so that no thread ever sees it change. */
static void __attribute__((constructor)) silence_gsl(void) {
    gsl_set_error_handler_off();
}

/* What one decomposition needs; members are NULL where memory was short. Without vectors it costs a
 * tenth. */
typedef struct Eigen {
    gsl_matrix *A, *vectors;
    gsl_vector *values;
    gsl_eigen_symm_workspace *values_workspace;
    gsl_eigen_symmv_workspace *workspace;
} Eigen;

static bool eigen_init(Eigen *eigen, int n, bool has_vectors) {
    *eigen = (Eigen){.A = gsl_matrix_alloc(n, n), .values = gsl_vector_alloc(n)};
    if (!has_vectors) {
        eigen->values_workspace = gsl_eigen_symm_alloc(n);
        return eigen->A && eigen->values && eigen->values_workspace;
    }
    eigen->vectors = gsl_matrix_alloc(n, n);
    eigen->workspace = gsl_eigen_symmv_alloc(n);
    return eigen->A && eigen->values && eigen->vectors && eigen->workspace;
}

static void eigen_release(Eigen *eigen) {
    if (eigen->A)
        gsl_matrix_free(eigen->A);
    if (eigen->vectors)
        gsl_matrix_free(eigen->vectors);
    if (eigen->values)
        gsl_vector_free(eigen->values);
    if (eigen->values_workspace)
        gsl_eigen_symm_free(eigen->values_workspace);
    if (eigen->workspace)
        gsl_eigen_symmv_free(eigen->workspace);
}

/* Copies the lower triangle. GSL's iteration may never end on NaN, so such input is refused. */
static bool eigen_fill(Eigen *eigen, const double *A, int n, Error *error) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) {
            double value = A[(size_t)i * n + j];
            if (!isfinite(value))
                return error_set(error, "element [%d][%d] of a matrix is %g", i, j, value);
            gsl_matrix_set(eigen->A, i, j, value);
            gsl_matrix_set(eigen->A, j, i, value);
        }
    return true;
}

static int by_value_down(const void *a, const void *b) {
    double first = *(const double *)a, second = *(const double *)b;
    return (first < second) - (first > second);
}

static bool eigen_solve(Eigen *eigen, int n, double *values, double *vectors, Error *error) {
    int code = vectors ? gsl_eigen_symmv(eigen->A, eigen->values, eigen->vectors, eigen->workspace)
                       : gsl_eigen_symm(eigen->A, eigen->values, eigen->values_workspace);
    if (code == GSL_SUCCESS && vectors)
        code = gsl_eigen_symmv_sort(eigen->values, eigen->vectors, GSL_EIGEN_SORT_VAL_DESC);
    if (code != GSL_SUCCESS)
        return error_set(error, "eigenvalues of a %d x %d matrix: %s", n, n, gsl_strerror(code));
    for (int k = 0; k < n; k++) {
        values[k] = gsl_vector_get(eigen->values, k);
        for (int i = 0; vectors && i < n; i++)
            vectors[(size_t)k * n + i] = gsl_matrix_get(eigen->vectors, i, k);
    }
    if (!vectors)
        qsort(values, n, sizeof *values, by_value_down);
    return true;
}

bool linalg_eigen(const double *A, int n, double *values, double *vectors, Error *error) {
    if (n == 0)
        return true;
    Eigen eigen;
    bool good = eigen_init(&eigen, n, vectors != NULL) ||
                error_set(error, "not enough memory for the eigenvalues of a %d x %d matrix", n, n);
    good =
        good && eigen_fill(&eigen, A, n, error) && eigen_solve(&eigen, n, values, vectors, error);
    eigen_release(&eigen);
    return good;
}

/* A A^T where A has fewer rows than columns, else A^T A; out [size][size], lower triangle. */
static void smaller_gram(const double *A, int n_rows, int n_columns, double *out) {
    bool of_rows = n_rows <= n_columns;
    int size = of_rows ? n_rows : n_columns, n = of_rows ? n_columns : n_rows;
    size_t step = of_rows ? 1 : (size_t)n_columns, between = of_rows ? (size_t)n_columns : 1;
    for (int i = 0; i < size; i++)
        for (int j = 0; j <= i; j++) {
            double sum = 0;
            for (int k = 0; k < n; k++)
                sum += A[i * between + k * step] * A[j * between + k * step];
            out[(size_t)i * size + j] = sum;
        }
}

bool linalg_rank(const double *A, int n_rows, int n_columns, double relative, int *rank,
                 Error *error) {
    int size = n_rows < n_columns ? n_rows : n_columns;
    double *gram = calloc((size_t)size * size + size + 1, sizeof *gram);
    if (!gram)
        return error_set(error, "not enough memory for the rank of a %d x %d matrix", n_rows,
                         n_columns);
    double *values = gram + (size_t)size * size;
    smaller_gram(A, n_rows, n_columns, gram);
    bool good = linalg_eigen(gram, size, values, NULL, error);
    *rank = 0;
    while (good && *rank < size && values[*rank] > relative * relative * values[0])
        ++*rank;
    free(gram);
    return good;
}

bool linalg_pseudo_inverse(const double *A, int n, double relative, double *out, Error *error) {
    double *values = calloc((size_t)n * n + n + 1, sizeof *values);
    if (!values)
        return error_set(error, "not enough memory for the inverse of a %d x %d matrix", n, n);
    double *vectors = values + n;
    bool good = linalg_eigen(A, n, values, vectors, error);
    double largest = 0;
    for (int k = 0; k < n; k++)
        largest = fmax(largest, fabs(values[k]));
    for (size_t i = 0; i < (size_t)n * n; i++)
        out[i] = 0;
    for (int k = 0; good && k < n; k++) {
        if (fabs(values[k]) <= relative * largest)
            continue;
        const double *v = vectors + (size_t)k * n;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                out[(size_t)i * n + j] += v[i] * v[j] / values[k];
    }
    free(values);
    return good;
}
