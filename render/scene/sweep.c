#include "render/scene/sweep.h"

int64_t sweep_n_runs(const SweepMap *map) {
    return map->n_points * map->restarts;
}

int64_t sweep_best(const SweepMap *map, int64_t point) {
    int64_t best = -1;
    for (int64_t i = point * map->restarts; i < (point + 1) * map->restarts; i++)
        if (map->runs[i].state == STATE_DONE &&
            (best < 0 || !(map->runs[best].loss <= map->runs[i].loss)))
            best = i;
    return best;
}

int sweep_index(const SweepMap *map, int64_t point, int axis) {
    for (int i = map->n_axes - 1; i > axis; i--)
        point /= map->axes[i].n;
    return (int)(point % map->axes[axis].n);
}
