#include "sim/metric/measurement.h"

#include <assert.h>
#include <string.h>

static Measurement *grow(Measurements *measurements) {
    if (measurements->n == measurements->capacity) {
        int capacity = measurements->capacity ? 2 * measurements->capacity : 8;
        Measurement *items = ARENA_NEW(measurements->arena, Measurement, capacity);
        if (measurements->n)
            memcpy(items, measurements->items, (size_t)measurements->n * sizeof *items);
        measurements->items = items;
        measurements->capacity = capacity;
    }
    return &measurements->items[measurements->n++];
}

double *measurement_add(Measurements *measurements, const char *name, int rank,
                        const int64_t *shape) {
    assert(rank >= 0 && rank <= MAX_RANK);
    Measurement *measurement = grow(measurements);
    measurement->name = name;
    measurement->rank = rank;
    for (int d = 0; d < rank; d++)
        measurement->shape[d] = shape[d];
    measurement->values = ARENA_NEW(measurements->arena, double, measurement_count(measurement));
    return measurement->values;
}

void measurement_add_scalar(Measurements *measurements, const char *name, double value) {
    *measurement_add(measurements, name, 0, NULL) = value;
}

int64_t measurement_count(const Measurement *measurement) {
    int64_t n = 1;
    for (int d = 0; d < measurement->rank; d++)
        n *= measurement->shape[d];
    return n;
}

const char *measurement_label(const Measurement *measurement, int64_t i) {
    double code = measurement->values[i];
    bool is_known = measurement->labels && code >= 0 && code < measurement->n_labels;
    return is_known ? measurement->labels[(int)code] : "";
}

const Measurement *measurement_find(const Measurements *measurements, const char *name) {
    for (int i = 0; i < measurements->n; i++)
        if (strcmp(measurements->items[i].name, name) == 0)
            return &measurements->items[i];
    return NULL;
}
