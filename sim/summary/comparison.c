/* Two curves beside each other: of two measurements, or of one measurement at two values of another
 * axis (or of two classes of runs), at the values of the axis that both have. */
#include "sim/summary/curve.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

static const Field fields[] = {
    CURVE_FIELD_METRIC("loss"),
    {.name = "with",
     .type = FIELD_TEXT,
     .offset = offsetof(CurveSettings, with),
     .fallback = "none",
     .help = "another measurement; none: two classes of runs are compared"},
    CURVE_FIELD_AXIS,
    CURVE_FIELD_BY("none", "the column that tells the two classes apart, as another axis"),
    CURVE_FIELD_CLASSES("its two values: [200, 400]"),
    CURVE_FIELD_RUNS(curve_runs_words, "how the runs at a value of the axis become one; best: that "
                                       "of lowest loss"),
};

static const SummaryUse uses[] = {{"metric", SUMMARY_COLUMN},
                                  {"with", SUMMARY_COLUMN},
                                  {"axis", SUMMARY_AXIS},
                                  {"by", SUMMARY_COLUMN},
                                  {"classes", SUMMARY_VALUES}};

static const SummaryPart parts[] = {
    {NULL, "largest relative difference, |second / first - 1|; NaN: no value in common", false},
    {"correlation", "of the two curves (Pearson)", false},
    {"x", "values of the axis that both have [n]", false},
    {"curves", "first and second there [2][n]", false},
    {"ratio", "second over first there [n]", false},
};

static bool is_of_two_metrics(const CurveSettings *settings) {
    return strcmp(settings->with, "none") != 0;
}

/* The first and the second curve. */
static bool read_pair(const SummaryInput *input, Curve *first, Curve *second, Error *error) {
    const CurveSettings *settings = input->settings;
    Curves curves, others;
    if (!curves_read(input, settings->metric, false, &curves, error))
        return false;
    *first = curves.items[0];
    if (!is_of_two_metrics(settings)) {
        *second = curves.items[1];
        return true;
    }
    if (!curves_read(input, settings->with, false, &others, error))
        return false;
    *second = others.items[0];
    return true;
}

static bool summarize(const SummaryInput *input, Measurements *measurements, Error *error) {
    Curve first, second;
    if (!read_pair(input, &first, &second, error))
        return false;
    double *x = ARENA_NEW(input->arena, double, first.n);
    double *a = ARENA_NEW(input->arena, double, first.n);
    double *b = ARENA_NEW(input->arena, double, first.n);
    int64_t n = curves_meet(&first, &second, x, a, b);
    double largest = n ? 0 : (double)NAN;
    for (int64_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(b[i] / a[i] - 1));
    summary_add_scalar(input, measurements, NULL, largest);
    double correlation = n ? gsl_stats_correlation(a, 1, b, 1, (size_t)n) : (double)NAN;
    summary_add_scalar(input, measurements, "correlation", correlation);
    double *to_x = summary_add(input, measurements, "x", 1, &n);
    double *to = summary_add(input, measurements, "curves", 2, (const int64_t[]){2, n});
    double *ratio = summary_add(input, measurements, "ratio", 1, &n);
    for (int64_t i = 0; i < n; i++) {
        to_x[i] = x[i];
        to[i] = a[i];
        to[n + i] = b[i];
        ratio[i] = b[i] / a[i];
    }
    return true;
}

static void check(const void *settings, Place place, Problems *problems) {
    const CurveSettings *own = settings;
    bool has_classes = curve_has_classes(own) || own->classes;
    if (is_of_two_metrics(own) && has_classes)
        problem_add(problems, place,
                    "a comparison is with another measurement, or by a column with two classes");
    else if (!is_of_two_metrics(own))
        curve_check_classes(own, 2, place, problems);
}

const SummaryKind summary_comparison = {
    .kind = {.name = "comparison",
             .summary = "how far two curves along an axis differ: of two measurements, or at two "
                        "values of another axis",
             .fields = fields,
             .n_fields = sizeof fields / sizeof *fields,
             .settings_size = sizeof(CurveSettings)},
    .parts = parts,
    .n_parts = sizeof parts / sizeof *parts,
    .uses = uses,
    .n_uses = sizeof uses / sizeof *uses,
    .check = check,
    .summarize = summarize,
};
