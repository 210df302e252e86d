/* Measurement: a named array of doubles with its shape, and labels where the numbers are codes.
 * Metrics, instruments and summaries all return these; figures and claims read nothing else. */
#ifndef SUPERPOSE_METRIC_MEASUREMENT_H
#define SUPERPOSE_METRIC_MEASUREMENT_H

#include "sim/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum { MAX_RANK = 3 };

typedef struct Measurement {
    const char *name;
    int rank; /* 0: one number */
    int64_t shape[MAX_RANK];
    double *values;            /* [product of shape]; NaN: not defined there */
    const char *const *labels; /* [n_labels]: values are indices into it; NULL: plain numbers */
    int n_labels;
} Measurement;

/* What one metric made; grows in its arena. */
typedef struct Measurements {
    Arena *arena;
    Measurement *items;
    int n, capacity;
} Measurements;

/** Adds one with zeroed values and returns its values [product of shape]; `name` is kept, not
 * copied. */
double *measurement_add(Measurements *measurements, const char *name, int rank,
                        const int64_t *shape);

/** Adds a single number. */
void measurement_add_scalar(Measurements *measurements, const char *name, double value);

/** Number of values: the product of the shape. */
int64_t measurement_count(const Measurement *measurement);

/** The label of value i, "" where it has none. */
const char *measurement_label(const Measurement *measurement, int64_t i);

/** The one of that name, or NULL. */
const Measurement *measurement_find(const Measurements *measurements, const char *name);

#endif
