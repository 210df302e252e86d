/* The straight line through the points of a sweep: least squares of a measurement on an axis, or on
 * another measurement, with the part of the spread that it explains. */
#include "sim/summary/curve.h"

#include <gsl/gsl_fit.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

static const Field fields[] = {
    CURVE_FIELD_METRIC("loss"),
    {.name = "axis",
     .type = FIELD_TEXT,
     .offset = offsetof(CurveSettings, axis),
     .fallback = "auto",
     .help = "x: an axis, or a measurement; auto: the sweep's only axis"},
    CURVE_FIELD_BY("none", "a column: a line for each of its values"),
    CURVE_FIELD_CLASSES("which of them, in this order (default: all)"),
    CURVE_FIELD_RUNS(curve_all_words, "how a point's runs become one; best: that of lowest loss"),
    CURVE_FIELD_LOG("what is taken in the logarithm (natural); both: the slope is an exponent"),
};

static const SummaryUse uses[] = {{"metric", SUMMARY_COLUMN},
                                  {"axis", SUMMARY_X},
                                  {"by", SUMMARY_COLUMN},
                                  {"classes", SUMMARY_VALUES}};

static const SummaryPart parts[] = {
    {NULL, "the slope; NaN: fewer than two different x ([classes] with `by`)", false},
    {"intercept", "where the line is at x = 0 (log: at x = 1)", false},
    {"r2", "1 - residual over total sum of squares: 1 on a line", false},
    {"class", "what each line is of", true},
};

typedef struct Line {
    double slope, intercept, r2;
} Line;

static Line fit(const Curve *curve) {
    size_t n = (size_t)curve->n;
    Line line;
    double covariance[3], residual;
    gsl_fit_linear(curve->x, 1, curve->y, 1, n, &line.intercept, &line.slope, &covariance[0],
                   &covariance[1], &covariance[2], &residual);
    double total = gsl_stats_tss(curve->y, 1, n);
    bool is_level = total == 0 && !isnan(line.slope);
    line.r2 = is_level ? 1 : 1 - residual / total;
    return line;
}

static bool summarize(const SummaryInput *input, Measurements *measurements, Error *error) {
    const CurveSettings *settings = input->settings;
    Curves curves;
    if (!curves_read(input, settings->metric, true, &curves, error) ||
        !curves_take_log(settings, &curves, error))
        return false;
    int rank = curve_has_classes(settings);
    int64_t n = curves.n;
    double *slopes = summary_add(input, measurements, NULL, rank, &n);
    double *intercepts = summary_add(input, measurements, "intercept", rank, &n);
    double *r2 = summary_add(input, measurements, "r2", rank, &n);
    double *codes = ARENA_NEW(input->arena, double, n);
    for (int c = 0; c < curves.n; c++) {
        Line line = fit(&curves.items[c]);
        slopes[c] = line.slope;
        intercepts[c] = line.intercept;
        r2[c] = line.r2;
        codes[c] = c;
    }
    curve_add_labels(input, &curves, measurements, "class", rank, &n, codes);
    return true;
}

const SummaryKind summary_slope = {
    .kind = {.name = "slope",
             .summary = "least squares of a measurement on an axis or another measurement",
             .fields = fields,
             .n_fields = sizeof fields / sizeof *fields,
             .settings_size = sizeof(CurveSettings)},
    .parts = parts,
    .n_parts = sizeof parts / sizeof *parts,
    .uses = uses,
    .n_uses = sizeof uses / sizeof *uses,
    .summarize = summarize,
};
