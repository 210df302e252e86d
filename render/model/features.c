#include "render/model/features.h"

#include "render/draw/style.h"
#include "sim/base/text.h"

#include <math.h>
#include <string.h>

void features_weigh(const double *importance, int n, double least, double most, double *weight) {
    bool is_same = !(most > least), by_decades = least > 0 && most / least > 50;
    for (int i = 0; i < n; i++)
        weight[i] = is_same      ? 0.8
                    : by_decades ? log(importance[i] / least) / log(most / least)
                                 : (importance[i] - least) / (most - least);
}

const int *features_in_sets(int n, int set_size, Arena *arena) {
    if (set_size < 2 || n / set_size < 2 || n / set_size > N_CATEGORIES)
        return NULL;
    int *sets = ARENA_NEW(arena, int, n);
    for (int i = 0; i < n; i++)
        sets[i] = i / set_size;
    return sets;
}

static bool is_polygon(const char *name) {
    return strcmp(name, "triangle") == 0 || (text_ends(name, "gon") && strcmp(name, "digon") != 0);
}

void features_in_polygons(const Measurement *geometry, int *polygon) {
    for (int64_t i = 0; i < measurement_count(geometry); i++) {
        int code = (int)geometry->values[i];
        bool is_named = code >= 0 && code < geometry->n_labels;
        polygon[i] = is_named && is_polygon(geometry->labels[code]) ? code : -1;
    }
}
