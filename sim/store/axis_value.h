/* The value that a sweep axis has in a run, as its JSON says. */
#ifndef SUPERPOSE_STORE_AXIS_VALUE_H
#define SUPERPOSE_STORE_AXIS_VALUE_H

#include "sim/base/arena.h"

#include <jansson.h>

typedef enum AxisType { AXIS_NUMBER, AXIS_BOOL, AXIS_TEXT } AxisType;

typedef struct AxisValue {
    AxisType type;
    double number;    /* NaN for a text */
    const char *text; /* as exported; a list as JSON */
} AxisValue;

/** NULL, where a run has no such axis, is a number that is not there: NaN. */
AxisValue swept_value(const json_t *value, Arena *arena);

#endif
