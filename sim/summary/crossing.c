/* Where two branches cross: along an axis, the lowest loss of one class of runs against that of
 * another. Between the two values where the order turns both are taken as straight lines. */
#include "sim/summary/curve.h"

#include <math.h>

static const Field fields[] = {
    CURVE_FIELD_METRIC("loss"),
    CURVE_FIELD_AXIS,
    CURVE_FIELD_BY("geometry_name", "the column that tells the branches apart"),
    CURVE_FIELD_CLASSES("the two branches: [pentagon, 2 digons]; a list inside is one branch"),
    CURVE_FIELD_RUNS(curve_runs_words, "how a branch's runs at a value of the axis become one; "
                                       "best: that of lowest loss"),
    CURVE_FIELD_LOG("what is a straight line in the logarithm (natural)"),
};

static const SummaryUse uses[] = {{"metric", SUMMARY_COLUMN},
                                  {"axis", SUMMARY_AXIS},
                                  {"by", SUMMARY_COLUMN},
                                  {"classes", SUMMARY_VALUES}};

static const SummaryPart parts[] = {
    {NULL, "where on the axis the branches cross first; NaN: they do not", false},
    {"count", "how often they cross", false},
    {"value", "the metric where they cross first", false},
    {"slopes", "of both branches there, by what `log` makes of metric and axis [2]", false},
    {"slope_ratio", "of the first over the second", false},
    {"x", "values of the axis that either branch has [n]", false},
    {"branches", "both branches there; NaN where a branch has no run [2][n]", false},
};

typedef struct Crossing {
    int count;
    double x, value, slopes[2]; /* of the first; NaN: none */
} Crossing;

/* Notes a turn between points `from` and `to`; what lies between is equal. */
static void note_turn(Crossing *crossing, const double *x, const double *a, const double *b,
                      int64_t from, int64_t to) {
    double first = a[from] - b[from], second = a[to] - b[to];
    double part =
        to > from + 1 ? (x[from + 1] - x[from]) / (x[to] - x[from]) : first / (first - second);
    if (crossing->count++)
        return;
    crossing->x = x[from] + part * (x[to] - x[from]);
    crossing->value = to > from + 1 ? a[from + 1] : a[from] + part * (a[to] - a[from]);
    crossing->slopes[0] = (a[to] - a[from]) / (x[to] - x[from]);
    crossing->slopes[1] = (b[to] - b[from]) / (x[to] - x[from]);
}

/* Points [n] at which both branches are. */
static Crossing find_crossing(const double *x, const double *a, const double *b, int64_t n) {
    Crossing crossing = {0, (double)NAN, (double)NAN, {(double)NAN, (double)NAN}};
    int64_t last = -1; /* where they last differed */
    for (int64_t i = 0; i < n; i++) {
        if (a[i] == b[i])
            continue;
        if (last >= 0 && (a[i] > b[i]) != (a[last] > b[last]))
            note_turn(&crossing, x, a, b, last, i);
        last = i;
    }
    return crossing;
}

/* Both branches at all values of the axis. */
static void add_branches(const SummaryInput *input, const Curves *curves,
                         Measurements *measurements) {
    const Curve *a = &curves->items[0], *b = &curves->items[1];
    double *x = ARENA_NEW(input->arena, double, a->n + b->n);
    int64_t n = curves_join(a, b, x);
    double *to = summary_add(input, measurements, "x", 1, &n);
    for (int64_t i = 0; i < n; i++)
        to[i] = x[i];
    to = summary_add(input, measurements, "branches", 2, (const int64_t[]){2, n});
    for (int c = 0; c < 2; c++)
        for (int64_t i = 0; i < n; i++)
            to[c * n + i] = curve_at(&curves->items[c], x[i]);
}

static bool summarize(const SummaryInput *input, Measurements *measurements, Error *error) {
    const CurveSettings *settings = input->settings;
    Curves curves;
    if (!curves_read(input, settings->metric, false, &curves, error))
        return false;
    add_branches(input, &curves, measurements);
    if (!curves_take_log(settings, &curves, error))
        return false;
    int64_t most = curves.items[0].n;
    double *x = ARENA_NEW(input->arena, double, most), *a = ARENA_NEW(input->arena, double, most),
           *b = ARENA_NEW(input->arena, double, most);
    int64_t n = curves_meet(&curves.items[0], &curves.items[1], x, a, b);
    Crossing crossing = find_crossing(x, a, b, n);
    summary_add_scalar(input, measurements, NULL,
                       curve_log_x(settings) ? exp(crossing.x) : crossing.x);
    summary_add_scalar(input, measurements, "count", crossing.count);
    summary_add_scalar(input, measurements, "value",
                       curve_log_y(settings) ? exp(crossing.value) : crossing.value);
    double *slopes = summary_add(input, measurements, "slopes", 1, (const int64_t[]){2});
    slopes[0] = crossing.slopes[0];
    slopes[1] = crossing.slopes[1];
    summary_add_scalar(input, measurements, "slope_ratio", slopes[0] / slopes[1]);
    return true;
}

static void check(const void *settings, Place place, Problems *problems) {
    curve_check_classes(settings, 2, place, problems);
}

const SummaryKind summary_crossing = {
    .kind = {.name = "crossing",
             .summary = "where two branches of runs, told apart by what they became, cross along "
                        "an axis",
             .source = "Elhage et al. 2022, Non-uniform superposition (perturbing one feature)",
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
