/* Measurements as JSON: nested lists, codes as their labels, null for what is not finite. */
#ifndef SUPERPOSE_STORE_NESTED_H
#define SUPERPOSE_STORE_NESTED_H

#include "sim/metric/measurement.h"

#include <jansson.h>

/** The number, or null where it is not finite. */
json_t *nested_number(double value);

/** A measurement's values: lists of its last dimension in lists of the one before, …; one value
 * alone where its rank is 0. */
json_t *nested_values(const Measurement *measurement, Arena *arena);

#endif
