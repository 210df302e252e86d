/* In the plane: the angle from each represented direction to the next one, counter-clockwise. A
 * regular k-gon has 360 / k degrees everywhere. */
#include "sim/metric/metric.h"
#include "sim/metric/overlap.h"

#include <math.h>
#include <stdlib.h>

typedef struct Direction {
    double angle; /* degrees, -180 … 180 */
    int feature;
} Direction;

static int by_angle(const void *a, const void *b) {
    const Direction *first = a, *second = b;
    if (first->angle != second->angle)
        return first->angle < second->angle ? -1 : 1;
    return (first->feature > second->feature) - (first->feature < second->feature);
}

static void measure_plane(const Model *model, Arena *arena, double *values) {
    Direction *directions = ARENA_NEW(arena, Direction, model->n_features);
    int n = 0;
    for (int i = 0; i < model->n_features; i++) {
        double x = (double)model->W[2 * i], y = (double)model->W[2 * i + 1];
        if (hypot(x, y) > REPRESENTED_NORM)
            directions[n++] = (Direction){atan2(y, x) * 180 / M_PI, i};
    }
    qsort(directions, n, sizeof *directions, by_angle);
    for (int d = 0; d < n; d++) {
        bool is_last = d + 1 == n;
        double next = is_last ? directions[0].angle + 360 : directions[d + 1].angle;
        values[directions[d].feature] = next - directions[d].angle;
    }
}

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    (void)error;
    int64_t n = input->model->n_features;
    double *values = measurement_add(measurements, "adjacent_angle", 1, &n);
    for (int i = 0; i < n; i++)
        values[i] = (double)NAN;
    if (input->model->n_hidden == 2)
        measure_plane(input->model, measurements->arena, values);
    return true;
}

const MetricKind metric_adjacent_angle = {
    .kind = {.name = "adjacent_angle",
             .summary = "degrees to the next represented direction, counter-clockwise; NaN where "
                        "||W_i|| <= 0.5 or n_hidden is not 2 [n_features]",
             .source = "Elhage et al. 2022, The geometry of superposition (polygons in the plane)"},
    .measure = measure,
    .needs_model_only = true,
};
