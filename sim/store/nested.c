#include "sim/store/nested.h"

#include <math.h>

json_t *nested_number(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

/* The values, then lists of the last dimension, then lists of these, … up to one. */
json_t *nested_values(const Measurement *measurement, Arena *arena) {
    int64_t counts[MAX_RANK + 1] = {1}, most = 1; /* of items at each depth */
    for (int d = 0; d < measurement->rank; d++) {
        counts[d + 1] = counts[d] * measurement->shape[d];
        most = counts[d + 1] > most ? counts[d + 1] : most;
    }
    json_t **items = ARENA_NEW(arena, json_t *, most);
    for (int64_t i = 0; i < counts[measurement->rank]; i++)
        items[i] = measurement->labels ? json_string(measurement_label(measurement, i))
                                       : nested_number(measurement->values[i]);
    for (int d = measurement->rank - 1; d >= 0; d--)
        for (int64_t i = 0; i < counts[d]; i++) {
            json_t *list = json_array();
            for (int64_t k = 0; k < measurement->shape[d]; k++)
                json_array_append_new(list, items[i * measurement->shape[d] + k]);
            items[i] = list;
        }
    return items[0];
}
