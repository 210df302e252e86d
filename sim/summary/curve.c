#include "sim/summary/curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const curve_runs_words[] = {
    [CURVE_BEST] = "best",     [CURVE_MEAN] = "mean",       [CURVE_MEDIAN] = "median",
    [CURVE_LOWEST] = "lowest", [CURVE_HIGHEST] = "highest", NULL};
const char *const curve_all_words[] = {[CURVE_BEST] = "best",
                                       [CURVE_MEAN] = "mean",
                                       [CURVE_MEDIAN] = "median",
                                       [CURVE_LOWEST] = "lowest",
                                       [CURVE_HIGHEST] = "highest",
                                       [CURVE_ALL] = "all",
                                       NULL};
const char *const curve_log_words[] = {
    [LOG_NONE] = "none", [LOG_X] = "x", [LOG_Y] = "y", [LOG_BOTH] = "both", NULL};

/* A run on its way into a curve; runs of one class and key meet. */
typedef struct Sample {
    int class;
    double key, x, y, loss;
    int64_t n_runs; /* that were joined in it */
} Sample;

/* What tells the classes apart. */
typedef struct Classes {
    const Yaml *wanted;  /* list, or NULL: all there are */
    const double *known; /* [n]: without `wanted`, the different values */
    int n;
} Classes;

static int by_number(const void *a, const void *b) {
    double first = *(const double *)a, second = *(const double *)b;
    return (first > second) - (first < second);
}

static bool is_same(double a, double b) {
    return a == b || fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

/* All values of the column, increasing: labels are numbered as the runs have them. */
static void find_classes(const StoreColumn *by, int64_t n_runs, Arena *arena, Classes *classes) {
    double *values = ARENA_NEW(arena, double, n_runs);
    int64_t n = 0;
    for (int64_t i = 0; i < n_runs; i++)
        if (!isnan(by->values[i]))
            values[n++] = by->values[i];
    if (n)
        qsort(values, (size_t)n, sizeof *values, by_number);
    for (int64_t i = 0; i < n; i++)
        if (!classes->n || !is_same(values[classes->n - 1], values[i]))
            values[classes->n++] = values[i];
    classes->known = values;
}

/* A class is a value, or a list of some. */
static bool is_in(const StoreColumn *by, int64_t run, const Yaml *wanted) {
    if (summary_is_value(by, run, wanted))
        return true;
    for (int i = 0; wanted->type == YAML_LIST && i < wanted->n; i++)
        if (summary_is_value(by, run, wanted->items[i]))
            return true;
    return false;
}

/* The run's class; -1: none. */
static int class_of(const Classes *classes, const StoreColumn *by, int64_t run) {
    if (!by->values)
        return 0;
    for (int c = 0; c < classes->n; c++)
        if (classes->wanted ? is_in(by, run, classes->wanted->items[c])
                            : is_same(by->values[run], classes->known[c]))
            return c;
    return -1;
}

static const char *class_label(const Classes *classes, const StoreColumn *by, int64_t n_runs,
                               int class, Arena *arena) {
    Text text = {0};
    char number[32];
    if (!by->values)
        return NULL;
    if (classes->wanted) {
        const Yaml *wanted = classes->wanted->items[class];
        if (wanted->type == YAML_LIST && wanted->n) /* a list goes by its first name */
            wanted = wanted->items[0];
        yaml_print(wanted, &text);
        const char *label = arena_copy(arena, wanted->text ? wanted->text : text_of(&text));
        text_release(&text);
        return label;
    }
    for (int64_t i = 0; by->labels && i < n_runs; i++)
        if (by->labels[i] && by->values[i] == classes->known[class])
            return by->labels[i];
    return arena_copy(arena, text_number(number, classes->known[class]));
}

static int by_class_and_key(const void *a, const void *b) {
    const Sample *x = a, *y = b;
    if (x->class != y->class)
        return x->class < y->class ? -1 : 1;
    return (x->key > y->key) - (x->key < y->key);
}

static double median(const Sample *samples, int64_t n, Arena *arena) {
    double *values = ARENA_NEW(arena, double, n);
    for (int64_t i = 0; i < n; i++)
        values[i] = samples[i].y;
    qsort(values, (size_t)n, sizeof *values, by_number);
    return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

/* Makes one of samples [n] that meet. */
static Sample join(const Sample *samples, int64_t n, CurveRuns runs, Arena *arena) {
    const Sample *best = samples;
    double sum_x = 0, sum_y = 0, low = HUGE_VAL, high = -HUGE_VAL;
    for (int64_t i = 0; i < n; i++) {
        sum_x += samples[i].x;
        sum_y += samples[i].y;
        low = fmin(low, samples[i].y);
        high = fmax(high, samples[i].y);
        if (samples[i].loss < best->loss || (isnan(best->loss) && !isnan(samples[i].loss)))
            best = &samples[i];
    }
    Sample joined = *best;
    joined.n_runs = n;
    if (runs == CURVE_BEST || runs == CURVE_ALL)
        return joined;
    joined.x = sum_x / (double)n;
    joined.y = runs == CURVE_MEAN     ? sum_y / (double)n
               : runs == CURVE_MEDIAN ? median(samples, n, arena)
               : runs == CURVE_LOWEST ? low
                                      : high;
    return joined;
}

static int by_x(const void *a, const void *b) {
    const Sample *x = a, *y = b;
    return (x->x > y->x) - (x->x < y->x);
}

/* One curve of the samples [n] of a class, which it sorts. */
static void make_curve(CurveRuns runs, Sample *samples, int64_t n, Arena *arena, Curve *curve) {
    int64_t n_points = 0;
    for (int64_t from = 0, to; from < n; from = to) {
        for (to = from + 1;
             runs != CURVE_ALL && to < n && is_same(samples[from].key, samples[to].key);)
            to++;
        samples[n_points++] = join(samples + from, to - from, runs, arena);
    }
    if (n_points)
        qsort(samples, (size_t)n_points, sizeof *samples, by_x);
    curve->x = ARENA_NEW(arena, double, n_points);
    curve->y = ARENA_NEW(arena, double, n_points);
    curve->n_runs = ARENA_NEW(arena, int64_t, n_points);
    curve->n = n_points;
    for (int64_t i = 0; i < n_points; i++) {
        curve->x[i] = samples[i].x;
        curve->y[i] = samples[i].y;
        curve->n_runs[i] = samples[i].n_runs;
    }
}

typedef struct Columns {
    StoreColumn x, y, by; /* by.values is NULL where there are no classes */
} Columns;

static bool read_columns(const SummaryInput *input, const char *metric, Columns *columns,
                         Error *error) {
    const CurveSettings *settings = input->settings;
    columns->by = (StoreColumn){0};
    return store_column(input->store, input->runs, input->n_runs, settings->axis, input->arena,
                        &columns->x, error) &&
           store_column(input->store, input->runs, input->n_runs, metric, input->arena, &columns->y,
                        error) &&
           (!curve_has_classes(settings) ||
            store_column(input->store, input->runs, input->n_runs, settings->by, input->arena,
                         &columns->by, error));
}

static int64_t take_samples(const SummaryInput *input, const Columns *columns,
                            const Classes *classes, bool by_point, Sample *samples) {
    int64_t n = 0;
    for (int64_t i = 0; i < input->n_runs; i++) {
        double x = columns->x.values[i], y = columns->y.values[i];
        int class = isnan(x) || isnan(y) ? -1 : class_of(classes, &columns->by, i);
        if (class >= 0)
            samples[n++] = (Sample){
                class, by_point ? (double)input->runs[i].point : x, x, y, input->runs[i].loss, 1};
    }
    if (n)
        qsort(samples, (size_t)n, sizeof *samples, by_class_and_key);
    return n;
}

bool curves_read(const SummaryInput *input, const char *metric, bool by_point, Curves *curves,
                 Error *error) {
    const CurveSettings *settings = input->settings;
    Arena *arena = input->arena;
    Columns columns;
    Classes classes = {.wanted = settings->classes};
    if (!read_columns(input, metric, &columns, error))
        return false;
    if (!columns.by.values)
        classes.n = 1;
    else if (classes.wanted)
        classes.n = classes.wanted->n;
    else
        find_classes(&columns.by, input->n_runs, arena, &classes);
    Sample *samples = ARENA_TRY(arena, Sample, input->n_runs + 1);
    if (!samples)
        return error_set(error, "%lld runs do not fit into memory", (long long)input->n_runs);
    int64_t n = take_samples(input, &columns, &classes, by_point, samples), from = 0;
    *curves = (Curves){ARENA_NEW(arena, Curve, classes.n), classes.n};
    for (int c = 0; c < classes.n; c++) {
        int64_t to = from;
        while (to < n && samples[to].class == c)
            to++;
        curves->items[c].label = class_label(&classes, &columns.by, input->n_runs, c, arena);
        make_curve((CurveRuns)settings->runs, samples + from, to - from, arena, &curves->items[c]);
        from = to;
    }
    return true;
}

int64_t curves_meet(const Curve *a, const Curve *b, double *x, double *y_a, double *y_b) {
    int64_t n = 0;
    for (int64_t i = 0, k = 0; i < a->n && k < b->n;) {
        if (is_same(a->x[i], b->x[k])) {
            x[n] = a->x[i];
            y_a[n] = a->y[i++];
            y_b[n++] = b->y[k++];
        } else if (a->x[i] < b->x[k]) {
            i++;
        } else {
            k++;
        }
    }
    return n;
}

int64_t curves_join(const Curve *a, const Curve *b, double *x) {
    int64_t n = 0;
    for (int64_t i = 0, k = 0; i < a->n || k < b->n; n++) {
        double next_a = i < a->n ? a->x[i] : HUGE_VAL, next_b = k < b->n ? b->x[k] : HUGE_VAL;
        x[n] = fmin(next_a, next_b);
        i += i < a->n && is_same(next_a, x[n]);
        k += k < b->n && is_same(next_b, x[n]);
    }
    return n;
}

double curve_at(const Curve *curve, double x) {
    for (int64_t i = 0; i < curve->n; i++)
        if (is_same(curve->x[i], x))
            return curve->y[i];
    return (double)NAN;
}

static bool take_logarithms(double *values, int64_t n, const char *of, Error *error) {
    for (int64_t i = 0; i < n; i++) {
        if (!(values[i] > 0))
            return error_set(error, "log: %s is %g, which has no logarithm", of, values[i]);
        values[i] = log(values[i]);
    }
    return true;
}

bool curves_take_log(const CurveSettings *settings, Curves *curves, Error *error) {
    for (int c = 0; c < curves->n; c++) {
        Curve *curve = &curves->items[c];
        if ((curve_log_x(settings) &&
             !take_logarithms(curve->x, curve->n, settings->axis, error)) ||
            (curve_log_y(settings) &&
             !take_logarithms(curve->y, curve->n, settings->metric, error)))
            return false;
    }
    return true;
}

bool curve_log_x(const CurveSettings *settings) {
    return settings->log == LOG_X || settings->log == LOG_BOTH;
}

bool curve_log_y(const CurveSettings *settings) {
    return settings->log == LOG_Y || settings->log == LOG_BOTH;
}

bool curve_has_classes(const CurveSettings *settings) {
    return settings->by && strcmp(settings->by, "none") != 0;
}

void curve_add_labels(const SummaryInput *input, const Curves *curves, Measurements *measurements,
                      const char *ending, int rank, const int64_t *shape, const double *values) {
    const char **labels = ARENA_NEW(measurements->arena, const char *, curves->n);
    double *to = summary_add(input, measurements, ending, rank, shape);
    Measurement *added = &measurements->items[measurements->n - 1];
    for (int c = 0; c < curves->n; c++)
        labels[c] = curves->items[c].label ? curves->items[c].label : "all";
    for (int64_t i = 0; i < measurement_count(added); i++)
        to[i] = values[i];
    added->labels = labels;
    added->n_labels = curves->n;
}

void curve_check_classes(const CurveSettings *settings, int n, Place place, Problems *problems) {
    if (!curve_has_classes(settings) || !settings->classes || settings->classes->n != n)
        problem_add(problems, settings->classes ? settings->classes->place : place,
                    "classes takes a list of %d values of the column `by`", n);
}
