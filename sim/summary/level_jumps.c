/* Features jump between levels of dimensionality ("energy levels") while they train, and the loss
 * falls when they do. A jump is where the fastest feature is fastest: a local maximum of
 *
 *     max_i |mean of D_i over the w snapshots after t - mean over the w before|
 *
 * and the fall of the loss there is the same difference of the loss. Whether that is much is told
 * by what it is everywhere else in the run, away from jumps: the median is the drift, the median
 * absolute deviation the noise, which events do not move. */
#include "sim/store/course.h"
#include "sim/summary/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_ELSEWHERE = 10 };
/* Of a normal distribution: standard deviations in a median absolute deviation. */
static const double deviations = 1.4826, clear = 3;

typedef struct Settings {
    SummarySettings summary;
    int64_t window, from;
    double least;
} Settings;

static const Field fields[] = {
    {.name = "window",
     .type = FIELD_INTEGER,
     .offset = offsetof(Settings, window),
     .fallback = "10",
     .minimum = 1,
     .maximum = 1e6,
     .unit = "snapshots",
     .help = "on either side, over which D and the loss are averaged; jumps are twice that apart"},
    {.name = "least",
     .type = FIELD_REAL,
     .offset = offsetof(Settings, least),
     .fallback = "0.1",
     .minimum = 0,
     .maximum = 1,
     .help = "how much the mean of a feature's D must change"},
    {.name = "from",
     .type = FIELD_INTEGER,
     .offset = offsetof(Settings, from),
     .fallback = "0",
     .minimum = 0,
     .maximum = 1e15,
     .unit = "steps",
     .help = "jumps are looked for from here on: at first everything moves"},
};

enum { COUNT, RUN, STEP, FEATURE, CHANGE, FALL, SIGMAS, SHARE, ELSEWHERE, N_PARTS };

static const SummaryPart parts[N_PARTS] = {
    [COUNT] = {NULL, "jumps in each run [runs]", false},
    [RUN] = {"run", "of each jump, run by run: the number of the run [jumps]", false},
    [STEP] = {"step", "of each jump: when [jumps]", false},
    [FEATURE] = {"feature", "of each jump: whose D changed most [jumps]", false},
    [CHANGE] = {"change", "of each jump: by how much [jumps]", false},
    [FALL] = {"fall", "of each jump: how much the loss fell [jumps]", false},
    [SIGMAS] = {"sigmas",
                "of each jump: that beyond the run's drift elsewhere, in its standard deviations "
                "[jumps]",
                false},
    [SHARE] = {"share", "of each run's fall of the loss, the part that is in its jumps [runs]",
               false},
    [ELSEWHERE] = {"elsewhere",
                   "of each run's other snapshots, the part with a fall above 3 sigmas [runs]",
                   false}};

typedef struct Jump {
    int64_t run, step, at; /* number; step; snapshot */
    int feature;
    double change, fall, sigmas;
} Jump;

/* A run as it is looked at. */
typedef struct Path {
    const Settings *settings;
    int64_t number, n, n_features; /* n: snapshots */
    const int64_t *steps;          /* [n] */
    const double *D, *loss;        /* [n][n_features], [n] */
    double *change, *fall;         /* [n]: over the window; NaN where it does not fit */
    int *fastest;                  /* [n] */
    bool *is_near;                 /* [n]: within two windows of a jump */
    Jump *jumps;                   /* [n_jumps], by step */
    int64_t n_jumps;
    double share, elsewhere;
} Path;

/* Mean over the window after snapshot k less that over the window before, of one of `stride`
 * interleaved courses. */
static double difference(const double *values, int64_t stride, int64_t k, int64_t window) {
    double sum = 0;
    for (int64_t j = 1; j <= window; j++)
        sum += values[(k + j) * stride] - values[(k - j) * stride];
    return sum / (double)window;
}

static void measure_changes(Path *path) {
    int64_t w = path->settings->window;
    for (int64_t k = 0; k < path->n; k++) {
        path->change[k] = path->fall[k] = (double)NAN;
        if (k < w || k + w >= path->n)
            continue;
        path->change[k] = 0;
        for (int i = 0; i < path->n_features; i++) {
            double change = fabs(difference(path->D + i, path->n_features, k, w));
            if (change > path->change[k]) {
                path->change[k] = change;
                path->fastest[k] = i;
            }
        }
        if (path->steps[k] >= path->settings->from)
            path->fall[k] = -difference(path->loss, 1, k, w);
    }
}

/* Of equal ones the last. Where it is not known on both sides, nothing is the most. */
static bool is_peak(const Path *path, int64_t k) {
    const double *change = path->change;
    return !isnan(path->fall[k]) && change[k] >= path->settings->least && k && k + 1 < path->n &&
           change[k] >= change[k - 1] && change[k] > change[k + 1];
}

static int by_step(const void *a, const void *b) {
    const Jump *x = a, *y = b;
    return (x->step > y->step) - (x->step < y->step);
}

/* The largest first; what is near to one belongs to it. */
static void find_jumps(Path *path) {
    int64_t reach = 2 * path->settings->window;
    for (;;) {
        int64_t best = -1;
        for (int64_t k = 0; k < path->n; k++)
            if (!path->is_near[k] && is_peak(path, k) &&
                (best < 0 || path->change[k] > path->change[best]))
                best = k;
        if (best < 0)
            break;
        path->jumps[path->n_jumps++] = (Jump){.run = path->number,
                                              .step = path->steps[best],
                                              .at = best,
                                              .feature = path->fastest[best],
                                              .change = path->change[best],
                                              .fall = path->fall[best]};
        for (int64_t k = best - reach; k <= best + reach; k++)
            if (k >= 0 && k < path->n)
                path->is_near[k] = true;
    }
    qsort(path->jumps, (size_t)path->n_jumps, sizeof *path->jumps, by_step);
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int64_t n) {
    qsort(values, (size_t)n, sizeof *values, by_value);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* Falls elsewhere say what a fall is worth. */
static void judge(Path *path, Arena *scratch) {
    double *values = ARENA_NEW(scratch, double, path->n),
           *away = ARENA_NEW(scratch, double, path->n);
    int64_t n = 0, n_clear = 0;
    for (int64_t k = 0; k < path->n; k++)
        if (!path->is_near[k] && !isnan(path->fall[k]))
            values[n++] = path->fall[k];
    bool is_told = n >= LEAST_ELSEWHERE;
    double drift = is_told ? median(values, n) : (double)NAN;
    for (int64_t k = 0; k < n; k++)
        away[k] = fabs(values[k] - drift);
    double sigma = is_told ? deviations * median(away, n) : (double)NAN;
    for (int64_t k = 0; k < n; k++)
        n_clear += values[k] - drift > clear * sigma;
    for (int64_t j = 0; j < path->n_jumps; j++)
        path->jumps[j].sigmas = (path->jumps[j].fall - drift) / sigma;
    path->elsewhere = is_told ? (double)n_clear / (double)n : (double)NAN;
}

/* What of the fall from the first looked at to the last is within the windows of jumps. */
static void share_out(Path *path) {
    int64_t w = path->settings->window, first = 0, done = 0;
    while (first < path->n && path->steps[first] < path->settings->from)
        first++;
    double whole = first < path->n ? path->loss[first] - path->loss[path->n - 1] : 0, part = 0;
    for (int64_t j = 0; j < path->n_jumps; j++) {
        int64_t from = path->jumps[j].at - w, to = path->jumps[j].at + w;
        from = from > first ? from : first;
        from = from > done ? from : done;
        part += path->loss[from] - path->loss[to];
        done = to;
    }
    path->share = whole > 0 ? part / whole : (double)NAN;
}

static bool refuse(const StoredRun *run, const char *name, Error *error) {
    return error_set(error,
                     "run %lld has no %s over time: it was trained when the config did not ask for "
                     "it; --fresh trains it anew",
                     (long long)run->number, name);
}

/* The final snapshot is left out where its loss was measured on other samples. */
static bool read_path(const SummaryInput *input, const StoredRun *run, Path *path, Error *error) {
    StoreCourse D, loss;
    Arena *arena = input->arena;
    if (!store_course(input->store, run, "feature_dimensionality", arena, &D, error) ||
        !store_course(input->store, run, "loss", arena, &loss, error))
        return false;
    if (D.n < 2 || loss.n < 2)
        return refuse(run, D.n < 2 ? "feature_dimensionality" : "loss", error);
    int64_t n = D.n < loss.n ? D.n : loss.n;
    if (memcmp(D.steps, loss.steps, (size_t)n * sizeof *D.steps) != 0)
        return error_set(error, "run %lld has its loss and D at different steps",
                         (long long)run->number);
    *path = (Path){.settings = input->settings,
                   .number = run->number,
                   .n = n,
                   .n_features = D.n_each,
                   .steps = D.steps,
                   .D = D.values,
                   .loss = loss.values,
                   .change = ARENA_NEW(arena, double, n),
                   .fall = ARENA_NEW(arena, double, n),
                   .fastest = ARENA_NEW(arena, int, n),
                   .is_near = ARENA_NEW(arena, bool, n),
                   .jumps = ARENA_NEW(arena, Jump, n)};
    return true;
}

static void add_runs(const SummaryInput *input, const Path *paths, Measurements *out) {
    double *count = summary_add(input, out, parts[COUNT].ending, 1, &input->n_runs);
    double *share = summary_add(input, out, parts[SHARE].ending, 1, &input->n_runs);
    double *elsewhere = summary_add(input, out, parts[ELSEWHERE].ending, 1, &input->n_runs);
    for (int64_t r = 0; r < input->n_runs; r++) {
        count[r] = (double)paths[r].n_jumps;
        share[r] = paths[r].share;
        elsewhere[r] = paths[r].elsewhere;
    }
}

static void add_jumps(const SummaryInput *input, const Path *paths, Measurements *out) {
    int64_t n = 0, k = 0;
    double *values[N_PARTS];
    for (int64_t r = 0; r < input->n_runs; r++)
        n += paths[r].n_jumps;
    for (int p = RUN; p <= SIGMAS; p++)
        values[p] = summary_add(input, out, parts[p].ending, 1, &n);
    for (int64_t r = 0; r < input->n_runs; r++)
        for (int64_t j = 0; j < paths[r].n_jumps; j++, k++) {
            const Jump *jump = &paths[r].jumps[j];
            values[RUN][k] = (double)jump->run;
            values[STEP][k] = (double)jump->step;
            values[FEATURE][k] = jump->feature;
            values[CHANGE][k] = jump->change;
            values[FALL][k] = jump->fall;
            values[SIGMAS][k] = jump->sigmas;
        }
}

static bool summarize(const SummaryInput *input, Measurements *measurements, Error *error) {
    Path *paths = ARENA_NEW(input->arena, Path, input->n_runs);
    for (int64_t r = 0; r < input->n_runs; r++) {
        if (!read_path(input, &input->runs[r], &paths[r], error))
            return false;
        measure_changes(&paths[r]);
        find_jumps(&paths[r]);
        judge(&paths[r], input->arena);
        share_out(&paths[r]);
    }
    add_runs(input, paths, measurements);
    add_jumps(input, paths, measurements);
    return true;
}

static const char *const over_time[] = {"loss", "feature_dimensionality", NULL};

const SummaryKind summary_level_jumps = {
    .kind = {.name = "level_jumps",
             .summary = "when features jump between levels of D while they train, and how much the "
                        "loss falls then",
             .source = "Elhage et al. 2022, Superposition and learning dynamics",
             .fields = fields,
             .n_fields = sizeof fields / sizeof *fields,
             .settings_size = sizeof(Settings)},
    .parts = parts,
    .n_parts = N_PARTS,
    .over_time = over_time,
    .summarize = summarize,
};
