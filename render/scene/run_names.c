#include "render/scene/run_names.h"

#include "render/draw/label.h"

#include <math.h>

int64_t run_point(const SceneInput *input, int i) {
    return input->numbers[i] / input->sweep->restarts;
}

const char *run_value(const SceneInput *input, int axis, int i, int digits) {
    const SweepAxis *from = &input->sweep->axes[axis];
    int at = sweep_index(input->sweep, run_point(input, i), axis);
    return digits && !isnan(from->values[at]) ? label_number(input->arena, from->values[at], digits)
                                              : from->labels[at];
}

/* Whether watched runs differ on the axis; on axis -1: in their restart. */
static bool differs(const SceneInput *input, int n, int axis) {
    const SweepMap *map = input->sweep;
    for (int i = 1; i < n; i++)
        if (axis < 0 ? input->numbers[i] % map->restarts != input->numbers[0] % map->restarts
                     : sweep_index(map, run_point(input, i), axis) !=
                           sweep_index(map, run_point(input, 0), axis))
            return true;
    return false;
}

const char *run_caption(const SceneInput *input, int n, int i, bool is_short, int digits) {
    const SweepMap *map = input->sweep;
    const char *text = "";
    for (int a = 0; a < map->n_axes; a++)
        if (differs(input, n, a))
            text = arena_print(input->arena, "%s%s%s%s%s", text, *text ? ", " : "",
                               is_short ? "" : map->axes[a].label, is_short ? "" : " = ",
                               run_value(input, a, i, digits));
    return differs(input, n, -1) ? arena_print(input->arena, "%s%s%s%lld", text, *text ? ", " : "",
                                               is_short ? "#" : "restart ",
                                               (long long)(input->numbers[i] % map->restarts))
                                 : text;
}

const char *run_axes(const SceneInput *input, int n) {
    const char *text = "";
    for (int a = 0; a < input->sweep->n_axes; a++)
        if (differs(input, n, a))
            text = arena_print(input->arena, "%s%s%s", text, *text ? ", " : "",
                               input->sweep->axes[a].label);
    return differs(input, n, -1)
               ? arena_print(input->arena, "%s%s#restart", text, *text ? ", " : "")
               : text;
}
