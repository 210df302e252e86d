/* Data from a line of YAML, and what was drawn against what was expected. */
#ifndef SUPERPOSE_TESTS_OPENED_DATA_H
#define SUPERPOSE_TESTS_OPENED_DATA_H

#include "tests/choose.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static inline Data open_yaml(const char *yaml, Arena *arena) {
    Choice choice = choose(&data_table, yaml, arena);
    Data data;
    Error error = {0};
    cr_assert(data_open(&data, &choice, arena, &error), "%s: %s", yaml, error.text);
    return data;
}

/* Pearson's chi-square of counts against what is expected; bins of less than 5 are merged. */
static inline void check_law(const char *what, const double *seen, const double *expected, int n) {
    double chi = 0, s = 0, e = 0;
    int n_bins = 0;
    for (int i = 0; i < n; i++) {
        if (expected[i] == 0)
            cr_assert_eq(seen[i], 0, "%s: %g times what cannot be (%d)", what, seen[i], i);
        s += seen[i];
        e += expected[i];
        if (e < 5 && i < n - 1)
            continue;
        chi += e > 0 ? (s - e) * (s - e) / e : 0;
        n_bins += e > 0;
        s = e = 0;
    }
    cr_assert_gt(gsl_cdf_chisq_Q(chi, n_bins - 1), 1e-5, "%s: %g over %d bins", what, chi, n_bins);
}

static inline bool has_field(const Kind *kind, const char *name) {
    for (int i = 0; i < kind->n_fields; i++)
        if (strcmp(kind->fields[i].name, name) == 0)
            return true;
    return false;
}

#endif
