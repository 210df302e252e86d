#include "render/scene/loss_plot.h"

#include "render/draw/label.h"
#include "render/scene/overlay.h"
#include "sim/theory/kgon.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_WINDOW = 9, MOST_WINDOW = 41, WINDOWS = 60, MEANS = 3 };
static const double log_span = 5, scatter = 0.02;

/* ---- smoothing ---- */

/* The window's values, sorted. */
typedef struct Sorted {
    double *values;
    int n;
} Sorted;

/* The first place whose value is not less. */
static int sorted_find(const Sorted *sorted, double value) {
    int low = 0, high = sorted->n;
    while (low < high) {
        int middle = (low + high) / 2;
        if (sorted->values[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void sorted_add(Sorted *sorted, double value) {
    int at = sorted_find(sorted, value);
    memmove(sorted->values + at + 1, sorted->values + at,
            (size_t)(sorted->n - at) * sizeof *sorted->values);
    sorted->values[at] = value;
    sorted->n++;
}

static void sorted_drop(Sorted *sorted, double value) {
    int at = sorted_find(sorted, value);
    sorted->n--;
    memmove(sorted->values + at, sorted->values + at + 1,
            (size_t)(sorted->n - at) * sizeof *sorted->values);
}

static double sorted_median(const Sorted *sorted) {
    int n = sorted->n;
    return n % 2 ? sorted->values[n / 2] : (sorted->values[n / 2 - 1] + sorted->values[n / 2]) / 2;
}

void running_median(const double *values, int n, int width, double *out) {
    Arena scratch = {0};
    int half = width / 2, first = 0, end = 0; /* first … end - 1 are in the window */
    Sorted sorted = {ARENA_NEW(&scratch, double, 2 * half + 1), 0};
    for (int i = 0; i < n; i++) {
        int back = i < half ? i : half, forth = n - 1 - i < back ? n - 1 - i : back;
        for (; first < i - back; first++)
            if (!isnan(values[first]))
                sorted_drop(&sorted, values[first]);
        for (; end <= i + forth; end++)
            if (!isnan(values[end]))
                sorted_add(&sorted, values[end]);
        out[i] = isnan(values[i]) ? (double)NAN : sorted_median(&sorted);
    }
    arena_release(&scratch);
}

/* Means over windows, where a median goes in small steps; NaN counts for nothing. */
static void running_mean(const double *values, int n, int width, double *out) {
    for (int i = 0; i < n; i++) {
        int reach = width / 2, n_found = 0;
        double sum = 0;
        reach = i < reach ? i : reach;
        reach = n - 1 - i < reach ? n - 1 - i : reach;
        for (int k = i - reach; k <= i + reach; k++)
            if (!isnan(values[k])) {
                sum += values[k];
                n_found++;
            }
        out[i] = isnan(values[i]) ? (double)NAN : sum / n_found;
    }
}

/* How far a loss is from the mean of its neighbours, as a share of it: the median of that. */
static double scatter_of(const double *loss, int n, Arena *arena) {
    Sorted sorted = {ARENA_NEW(arena, double, n + 1), 0};
    int step = 1 + n / 200; /* 200 of them tell */
    for (int i = 1; i + 1 < n; i += step) {
        double middle = (loss[i - 1] + loss[i + 1]) / 2;
        if (loss[i] > 0 && isfinite(middle))
            sorted_add(&sorted, fabs(loss[i] - middle) / loss[i]);
    }
    return sorted.n ? sorted_median(&sorted) : 0;
}

/* ---- the axis ---- */

/* Without any loss yet there is nothing to number. */
static Axis axis_of(const double *loss, const double *line, int n) {
    Axis axis = {.label = "loss <i>L</i>", .form = AXIS_LOG, .hides_numbers = true};
    for (int i = 0; i < n; i++)
        axis.hides_numbers &= !isfinite(line[i]);
    axis_cover(&axis, line, n, 0);
    if (axis.to / axis.from < log_span) {
        axis.form = AXIS_LINEAR;
        axis_cover(&axis, line, n, 0.06);
        if (axis.from < 0.5 * axis.to)
            axis.from = 0;
        return axis;
    }
    axis_cover(&axis, loss, n, 0.03);
    return axis;
}

/* ---- levels ---- */

static void add_kgons(const Course *course, CoursePlot *plot) {
    const SceneInput *input = course->input;
    if (!input->state->has_overlays || input->moment < 0 || !overlay_has_kgons(input))
        return;
    int c = history_model(input->history, input->moment)->n_features;
    NamedLevel *levels = ARENA_NEW(input->arena, NamedLevel, KGON_MOST + 1);
    for (int k = KGON_LEAST; k <= KGON_MOST && k <= c; k++) /* a larger k has a lower loss */
        levels[plot->n_levels++] =
            (NamedLevel){kgon_loss(k, c, 0), arena_print(input->arena, "%d-gon", k)};
    plot->levels = levels;
}

/* ---- the plot ---- */

/* A smoothed line where the losses scatter; else NULL. */
static const double *smooth_of(const double *loss, int n, Arena *arena) {
    if (n <= LEAST_WINDOW || scatter_of(loss, n, arena) <= scatter)
        return NULL;
    int width = n / WINDOWS;
    width = width < LEAST_WINDOW ? LEAST_WINDOW : width > MOST_WINDOW ? MOST_WINDOW : width;
    double *median = ARENA_NEW(arena, double, n), *smooth = ARENA_NEW(arena, double, n);
    running_median(loss, n, width | 1, median);
    running_mean(median, n, width / MEANS, smooth);
    return smooth;
}

LossPlot *loss_plot_of(const Course *course, const Style *style) {
    Arena *arena = course->input->arena;
    LossPlot *loss = ARENA_NEW(arena, LossPlot, 1);
    int n[2], end = 0;
    const Moment *moments[2];
    for (int run = 0; run < 2; run++)
        moments[run] = course_moments(course, run, &n[run]);
    double *values = ARENA_NEW(arena, double, n[0] + n[1] + 1);
    double *lines = ARENA_NEW(arena, double, n[0] + n[1] + 1);
    for (int run = 0; run < 2; run++) {
        for (int i = 0; i < n[run]; i++)
            values[end + i] = lines[end + i] = moments[run][i].loss;
        const double *smooth = smooth_of(values + end, n[run], arena);
        if (smooth)
            memcpy(lines + end, smooth, (size_t)n[run] * sizeof *lines);
        if (run == 0)
            loss->smooth = smooth;
        end += n[run];
    }
    loss->loss = values;
    loss->plot.y = axis_of(values, lines, end);
    add_kgons(course, &loss->plot);
    if (loss->smooth) {
        loss->legend[0] = (LegendEntry){
            .name = "batch", .color = style_tint(style, style->ink, 0.25), .has_line = true};
        loss->legend[1] = (LegendEntry){.name = "smoothed", .color = style->ink, .has_line = true};
        loss->plot.legend = loss->legend;
        loss->plot.n_legend = 2;
    }
    return loss;
}

void loss_plot_draw(const LossPlot *loss, const Course *course, int plot, cairo_t *cairo,
                    const Style *style) {
    CourseLine lines[2] = {
        {loss->loss, style_tint(style, style->ink, 0.25), style->line},
        {loss->smooth ? loss->smooth : loss->loss, style->ink, 1.4 * style->line}};
    int first = loss->smooth ? 0 : 1;
    course_draw_lines(course, plot, cairo, lines + first, 2 - first);
}

void loss_plot_pick(const LossPlot *loss, const Course *course, int moment, Pick *pick) {
    Arena *arena = course->input->arena;
    const Moment *at = &course->moments[moment];
    const char *text = pick->text;
    if (!isnan(at->loss))
        text = arena_print(arena, "%s: loss %s%s", text, label_number(arena, at->loss, 4),
                           loss->smooth ? " of its batch" : "");
    if (loss->smooth && !isnan(loss->smooth[moment]))
        text = arena_print(arena, "%s, smoothed %s", text,
                           label_number(arena, loss->smooth[moment], 4));
    if (!isnan(at->learning_rate))
        text = arena_print(arena, "%s, learning rate %s", text,
                           label_number(arena, at->learning_rate, 4));
    pick_say(pick, text);
}
