/* The lowest loss that each class of runs reached at each point: which structure is the best there,
 * and what the others cost, though restarts that found them were rejected. */
#include "sim/summary/curve.h"

#include <math.h>

static const Field fields[] = {
    CURVE_FIELD_METRIC("loss"),
    CURVE_FIELD_BY("geometry_name", "the column that tells classes apart"),
    CURVE_FIELD_CLASSES("its values, or lists of them that are one class (default: all)"),
};

static const SummaryUse uses[] = {
    {"metric", SUMMARY_COLUMN}, {"by", SUMMARY_COLUMN}, {"classes", SUMMARY_VALUES}};

static const SummaryPart parts[] = {
    {NULL, "lowest value of each class at each point; NaN: no run of it [points][classes]", false},
    {"count", "how many runs of each class have a value at each point [points][classes]", false},
    {"class", "the class of the lowest value at each point; none: no run of any [points]", true},
};

static bool summarize(const SummaryInput *input, Measurements *measurements, Error *error) {
    CurveSettings settings = *(const CurveSettings *)input->settings;
    SummaryInput by_point = *input;
    Curves curves;
    settings.axis = "point";
    settings.runs = CURVE_LOWEST;
    by_point.settings = &settings;
    if (!curves_read(&by_point, settings.metric, false, &curves, error))
        return false;
    const int64_t shape[] = {input->n_points, curves.n};
    double *lowest = summary_add(input, measurements, NULL, 2, shape);
    double *counts = summary_add(input, measurements, "count", 2, shape);
    double *best = ARENA_NEW(input->arena, double, input->n_points);
    for (int64_t point = 0; point < input->n_points; point++) {
        best[point] = (double)NAN;
        for (int c = 0; c < curves.n; c++)
            lowest[point * curves.n + c] = (double)NAN;
    }
    for (int c = 0; c < curves.n; c++)
        for (int64_t i = 0; i < curves.items[c].n; i++) {
            int64_t point = (int64_t)curves.items[c].x[i], at = point * curves.n + c;
            lowest[at] = curves.items[c].y[i];
            counts[at] = (double)curves.items[c].n_runs[i];
            if (isnan(best[point]) || lowest[at] < lowest[point * curves.n + (int)best[point]])
                best[point] = c;
        }
    curve_add_labels(input, &curves, measurements, "class", 1, &input->n_points, best);
    return true;
}

const SummaryKind summary_best_of_class = {
    .kind = {.name = "best_of_class",
             .summary = "the lowest loss of each class of runs at each point, and whose is lowest",
             .source = "Elhage et al. 2022, Non-uniform superposition",
             .fields = fields,
             .n_fields = sizeof fields / sizeof *fields,
             .settings_size = sizeof(CurveSettings)},
    .parts = parts,
    .n_parts = sizeof parts / sizeof *parts,
    .uses = uses,
    .n_uses = sizeof uses / sizeof *uses,
    .summarize = summarize,
};
