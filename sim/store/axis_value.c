#include "sim/store/axis_value.h"

#include "sim/base/text.h"

#include <math.h>
#include <stdlib.h>

AxisValue swept_value(const json_t *value, Arena *arena) {
    char number[32];
    if (!value)
        return (AxisValue){AXIS_NUMBER, (double)NAN, ""};
    if (json_is_boolean(value))
        return (AxisValue){AXIS_BOOL, json_is_true(value), json_is_true(value) ? "true" : "false"};
    if (json_is_integer(value))
        return (AxisValue){AXIS_NUMBER, (double)json_integer_value(value),
                           arena_print(arena, "%lld", (long long)json_integer_value(value))};
    if (json_is_real(value))
        return (AxisValue){AXIS_NUMBER, json_real_value(value),
                           arena_copy(arena, text_number(number, json_real_value(value)))};
    if (json_is_string(value))
        return (AxisValue){AXIS_TEXT, (double)NAN, arena_copy(arena, json_string_value(value))};
    char *dump = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
    AxisValue list = {AXIS_TEXT, (double)NAN, arena_copy(arena, dump ? dump : "")};
    free(dump);
    return list;
}
