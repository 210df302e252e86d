/* Set numbers come from the settings of a run; angles and collapsed sets are measurements. */
#include "render/figure/sets.h"

#include "render/model/features.h"

#include <math.h>

const int *sets_of(const ShownModel *shown, Arena *arena) {
    return features_in_sets(shown->model.n_features, shown->data.set_size, arena);
}

/* Angles that are alike are one number. */
static const char *describe_angles(const Measurement *angles, Arena *arena) {
    const double alike = 5;
    double least = HUGE_VAL, most = -HUGE_VAL, sum = 0;
    int n = 0;
    for (int64_t i = 0; i < measurement_count(angles); i++)
        if (!isnan(angles->values[i])) {
            least = fmin(least, angles->values[i]);
            most = fmax(most, angles->values[i]);
            sum += angles->values[i];
            n++;
        }
    if (!n)
        return NULL;
    return most - least < alike ? arena_print(arena, "mates at %.0f°", sum / n)
                                : arena_print(arena, "mates at %.0f–%.0f°", least, most);
}

bool sets_describe(const FigureInput *input, const ShownModel *shown, const char **text,
                   Error *error) {
    Measurement angles, collapsed;
    int size = shown->data.set_size;
    *text = NULL;
    if (size < 2)
        return true;
    if (!shown_measure(input, shown, "collapsed_sets", "collapsed_sets", &collapsed, error) ||
        !shown_measure(input, shown, "set_angle", "set_angle", &angles, error))
        return false;
    *text = collapsed.values[0] > 0
                ? arena_print(input->arena, "%.0f of %d %s collapsed", collapsed.values[0],
                              shown->model.n_features / size, size == 2 ? "pairs" : "sets")
                : describe_angles(&angles, input->arena);
    return true;
}
