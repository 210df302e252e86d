/* Whether a measurement only rises, or only falls, along an axis: Kendall's tau and Spearman's rank
 * correlation say how nearly, and the largest step against the trend how badly it fails. */
#include "sim/summary/curve.h"

#include <gsl/gsl_statistics_double.h>
#include <math.h>

static const Field fields[] = {
    CURVE_FIELD_METRIC("loss"),
    CURVE_FIELD_AXIS,
    CURVE_FIELD_BY("none", "a column: a curve for each of its values"),
    CURVE_FIELD_CLASSES("which of them, in this order (default: all)"),
    CURVE_FIELD_RUNS(curve_runs_words, "how the runs at a value of the axis become one; best: that "
                                       "of lowest loss"),
};

static const SummaryUse uses[] = {{"metric", SUMMARY_COLUMN},
                                  {"axis", SUMMARY_AXIS},
                                  {"by", SUMMARY_COLUMN},
                                  {"classes", SUMMARY_VALUES}};

static const SummaryPart parts[] = {
    {NULL,
     "Kendall's tau: pairs that rise less pairs that fall, over all pairs: 1 always rising, -1 "
     "always falling; NaN: fewer than two values ([classes] with `by`)",
     false},
    {"spearman", "correlation of the ranks", false},
    {"violation",
     "largest fall of a rising metric from any value to a later one, or rise of a "
     "falling one; 0: never",
     false},
    {"class", "what each curve is of", true},
};

static double kendall(const double *y, int64_t n) {
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = i + 1; k < n; k++)
            sum += (y[k] > y[i]) - (y[k] < y[i]);
    return sum / ((double)n * (double)(n - 1) / 2);
}

static double spearman(const Curve *curve, Arena *arena) {
    double *work = ARENA_NEW(arena, double, 2 * curve->n);
    return gsl_stats_spearman(curve->x, 1, curve->y, 1, (size_t)curve->n, work);
}

static double violation(const double *y, int64_t n, double trend) {
    double worst = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = i + 1; k < n; k++)
            worst = fmax(worst, trend < 0 ? y[k] - y[i] : y[i] - y[k]);
    return worst;
}

static bool summarize(const SummaryInput *input, Measurements *measurements, Error *error) {
    const CurveSettings *settings = input->settings;
    Curves curves;
    if (!curves_read(input, settings->metric, false, &curves, error))
        return false;
    int rank = curve_has_classes(settings);
    int64_t n = curves.n;
    double *taus = summary_add(input, measurements, NULL, rank, &n);
    double *correlations = summary_add(input, measurements, "spearman", rank, &n);
    double *violations = summary_add(input, measurements, "violation", rank, &n);
    double *codes = ARENA_NEW(input->arena, double, n);
    for (int c = 0; c < curves.n; c++) {
        const Curve *curve = &curves.items[c];
        bool is_told = curve->n > 1;
        taus[c] = is_told ? kendall(curve->y, curve->n) : (double)NAN;
        correlations[c] = is_told ? spearman(curve, input->arena) : (double)NAN;
        violations[c] = is_told ? violation(curve->y, curve->n, taus[c]) : (double)NAN;
        codes[c] = c;
    }
    curve_add_labels(input, &curves, measurements, "class", rank, &n, codes);
    return true;
}

const SummaryKind summary_monotone = {
    .kind = {.name = "monotone",
             .summary = "whether a measurement only rises, or only falls, along an axis",
             .fields = fields,
             .n_fields = sizeof fields / sizeof *fields,
             .settings_size = sizeof(CurveSettings)},
    .parts = parts,
    .n_parts = sizeof parts / sizeof *parts,
    .uses = uses,
    .n_uses = sizeof uses / sizeof *uses,
    .summarize = summarize,
};
