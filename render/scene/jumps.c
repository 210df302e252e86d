/* Where each feature stood last, and the window behind the moment that is looked at. */
#include "render/scene/jumps.h"

#include "render/draw/label.h"
#include "sim/theory/bounds.h"

#include <math.h>

enum { LEAST_MOMENTS = 4, LONGEST = 8, APART = 2, LOOKS = 16 }; /* LOOKS: in a window */
static const double still = 0.03, least = 0.08, sure = 3, named = 0.02;

/* The level that a feature stood at last. */
typedef struct Stand {
    bool is_known;
    int64_t look; /* the last one that found it there */
    int64_t step; /* of that look */
    double level, loss, error;
} Stand;

struct Jumps {
    int n_features;
    int64_t window;
    int64_t looked; /* up to this step; -1: nothing yet */
    int64_t look;   /* counts */
    Stand *stands;  /* [n_features] */
};

/* The moments from `first` to `last`, both included, and their loss with its standard error. */
typedef struct Window {
    const Moment *moments;
    int first, last;
    double loss, error; /* NaN: too few are known */
} Window;

int64_t jumps_window(int64_t n_steps) {
    return n_steps >= 64 ? n_steps / 32 : 2;
}

Jumps *jumps_open(int n_features, int64_t window, Arena *arena) {
    Jumps *jumps = ARENA_NEW(arena, Jumps, 1);
    *jumps = (Jumps){.n_features = n_features,
                     .window = window,
                     .looked = -1,
                     .stands = ARENA_NEW(arena, Stand, n_features)};
    return jumps;
}

/* Noise is what the loss does from one moment to the next: a slope hardly counts. */
static void measure_loss(Window *window) {
    double sum = 0, squares = 0, before = (double)NAN;
    int n = 0;
    for (int k = window->first; k <= window->last; k++) {
        double loss = window->moments[k].loss;
        if (isnan(loss))
            continue;
        sum += loss;
        squares += n ? (loss - before) * (loss - before) : 0;
        before = loss;
        n++;
    }
    bool is_told = n >= LEAST_MOMENTS;
    window->loss = is_told ? sum / n : (double)NAN;
    window->error = is_told ? sqrt(squares / (2.0 * (n - 1) * n)) : (double)NAN;
}

/* The window that ends with the moment; false where the run has not been under these settings for
 * so long, or too few moments are known. */
static bool window_at(const Jumps *jumps, const History *history, const Moment *moments, int last,
                      Window *window) {
    int64_t from = moments[last].step - jumps->window;
    if (from < moments[0].step || from < history_world(history, moments[last].step)->step)
        return false;
    int first = history_moment_at(history, from);
    first += moments[first].step < from;
    *window = (Window){.moments = moments, .first = first, .last = last};
    if (last - first + 1 < LEAST_MOMENTS)
        return false;
    measure_loss(window);
    return true;
}

/* Whether the feature stands, and where. */
static bool level_of(const Window *window, int feature, double *level) {
    double low = HUGE_VAL, high = -HUGE_VAL, sum = 0;
    for (int k = window->first; k <= window->last; k++) {
        double D = (double)window->moments[k].dimensionality[feature];
        low = fmin(low, D);
        high = fmax(high, D);
        sum += D;
    }
    *level = sum / (window->last - window->first + 1);
    return high - low <= still;
}

static bool is_jump(const Jumps *jumps, const History *history, const Window *window,
                    const Stand *from, double level) {
    int64_t arrived = window->moments[window->last].step - jumps->window;
    int64_t settled = history_world(history, arrived)->step;
    return from->is_known && from->look + 1 < jumps->look && from->step >= settled &&
           fabs(level - from->level) >= least && arrived - from->step <= LONGEST * jumps->window &&
           from->loss - window->loss > sure * hypot(from->error, window->error);
}

/* The first moment after it left that is beyond the middle. */
static int64_t middle_of(const History *history, const Window *window, int feature, int64_t left,
                         double from, double to) {
    int k = history_moment_at(history, left);
    double middle = (from + to) / 2, sign = to > from ? 1 : -1;
    while (k < window->last &&
           ((double)window->moments[k].dimensionality[feature] - middle) * sign < 0)
        k++;
    return window->moments[k].step;
}

static bool has_mark_near(const Jumps *jumps, const History *history, int64_t step) {
    int n;
    const TimeMark *marks = history_marks(history, &n);
    for (int i = 0; i < n; i++)
        if (marks[i].kind == TIME_JUMP && marks[i].step > step - APART * jumps->window &&
            marks[i].step < step + APART * jumps->window)
            return true;
    return false;
}

/* As the paper's guide lines have it, where it is near to one. */
static const char *level_name(Arena *arena, double level) {
    const DimensionalityLevel *near = NULL;
    for (int i = 0; i < n_dimensionality_levels; i++)
        if (fabs(dimensionality_levels[i].value - level) <= named &&
            (!near || fabs(dimensionality_levels[i].value - level) < fabs(near->value - level)))
            near = &dimensionality_levels[i];
    return near ? near->text : label_number(arena, level < least / 2 ? 0 : level, 2);
}

static void mark(History *history, int64_t step, int feature, double from, double to) {
    Arena scratch = {0};
    history_add_mark(history, step, TIME_JUMP,
                     arena_print(&scratch, "feature %d jumps, <i>D</i>: %s → %s", feature,
                                 level_name(&scratch, from), level_name(&scratch, to)));
    arena_release(&scratch);
}

static int look_at(Jumps *jumps, History *history, const Window *window) {
    int n = 0;
    int64_t step = window->moments[window->last].step;
    jumps->look++;
    for (int i = 0; i < jumps->n_features; i++) {
        double level;
        Stand *stand = &jumps->stands[i];
        if (!level_of(window, i, &level))
            continue;
        if (is_jump(jumps, history, window, stand, level)) {
            int64_t at = middle_of(history, window, i, stand->step, stand->level, level);
            if (!has_mark_near(jumps, history, at)) {
                mark(history, at, i, stand->level, level);
                n++;
            }
        }
        *stand = (Stand){true, jumps->look, step, level, window->loss, window->error};
    }
    return n;
}

int jumps_look(Jumps *jumps, History *history) {
    int n_moments, n = 0;
    const Moment *moments = history_moments(history, &n_moments);
    int64_t between = jumps->window / LOOKS;
    int k = n_moments && jumps->looked >= 0 ? history_moment_at(history, jumps->looked) : 0;
    for (; k < n_moments && moments[k].dimensionality; k++) {
        Window window;
        if (jumps->looked >= 0 && moments[k].step <= jumps->looked + between)
            continue;
        jumps->looked = moments[k].step;
        if (window_at(jumps, history, moments, k, &window))
            n += look_at(jumps, history, &window);
    }
    return n;
}
