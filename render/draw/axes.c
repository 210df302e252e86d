/* Ticks first, since their numbers say how much room the plot has. */
#include "render/draw/axes.h"

#include "render/draw/label.h"

#include <math.h>
#include <string.h>

static const double tick_length = 4, number_gap = 7, label_gap = 8, line_height = 16,
                    x_tick_pitch = 62, y_tick_pitch = 36;

static bool has_place(const Axis *axis, double value) {
    return isfinite(value) && (axis->form == AXIS_LINEAR || value > 0);
}

static double warp(const Axis *axis, double value) {
    return axis->form == AXIS_LOG ? log10(value) : value;
}

static double unwarp(const Axis *axis, double value) {
    return axis->form == AXIS_LOG ? pow(10, value) : value;
}

double axis_place(const Axis *axis, double value) {
    if (!has_place(axis, value))
        return (double)NAN;
    double from = warp(axis, axis->from), to = warp(axis, axis->to);
    return (warp(axis, value) - from) / (to - from);
}

double axis_value(const Axis *axis, double place) {
    double from = warp(axis, axis->from), to = warp(axis, axis->to);
    return unwarp(axis, from + (to - from) * place);
}

void axis_include(Axis *axis, double value) {
    if (!has_place(axis, value))
        return;
    bool is_turned = axis->from > axis->to;
    double *low = is_turned ? &axis->to : &axis->from, *high = is_turned ? &axis->from : &axis->to;
    *low = fmin(*low, value);
    *high = fmax(*high, value);
}

void axis_cover(Axis *axis, const double *values, int64_t n, double margin) {
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (int64_t i = 0; i < n; i++)
        if (has_place(axis, values[i])) {
            low = fmin(low, values[i]);
            high = fmax(high, values[i]);
        }
    if (!(low <= high)) {
        low = axis->form == AXIS_LOG ? 0.1 : 0;
        high = 1;
    }
    low = warp(axis, low);
    high = warp(axis, high);
    double length = high > low ? high - low : fmax(fabs(high) * 0.1, 1e-9);
    double more = length * (high > low ? margin : 1);
    axis->from = unwarp(axis, low - more);
    axis->to = unwarp(axis, high + more);
}

/* 1, 2 or 5 times a power of ten: the least that gives at most so many steps. */
static double round_step(double length, int max_steps) {
    double least = length / max_steps, power = pow(10, floor(log10(least)));
    static const double times[] = {1, 2, 5};
    for (int k = 0; k < 3; k++)
        if (times[k] * power >= least * (1 - 1e-9))
            return times[k] * power;
    return 10 * power;
}

static int linear_ticks(double low, double high, int max_ticks, double ticks[MAX_TICKS]) {
    double step = round_step(high - low, max_ticks), slack = 1e-9 * step;
    int n = 0;
    double first = ceil((low - slack) / step);
    while (n < max_ticks && (first + n) * step <= high + slack) {
        ticks[n] = (first + n) * step;
        n++;
    }
    return n;
}

/* Powers of ten, every so many; where there is at most one, 1, 2 and 5 times these. */
static int log_ticks(double low, double high, int max_ticks, double ticks[MAX_TICKS]) {
    const double slack = 1e-9;
    int first = (int)ceil(low - slack), last = (int)floor(high + slack), n = 0;
    int step = 1 + (last - first) / max_ticks;
    if (last - first < 1 && high - low < 0.3)
        return -1;
    static const double times[] = {1, 2, 5};
    bool has_parts = last - first < 2 && max_ticks >= 3 * (high - low);
    for (int power = first - 1; power <= last; power++)
        for (int k = 0; k < (has_parts ? 3 : 1); k++) {
            double value = log10(times[k]) + power;
            bool is_step = has_parts || (power - first) % step == 0;
            if (is_step && value >= low - slack && value <= high + slack && n < max_ticks)
                ticks[n++] = pow(10, power) * times[k];
        }
    return n;
}

int axis_ticks(const Axis *axis, int max_ticks, double ticks[MAX_TICKS]) {
    double low = fmin(axis->from, axis->to), high = fmax(axis->from, axis->to);
    int most = max_ticks < 2 ? 2 : max_ticks > MAX_TICKS ? MAX_TICKS : max_ticks, n = -1;
    if (axis->form == AXIS_LOG)
        n = log_ticks(log10(low), log10(high), most, ticks);
    return n >= 0 ? n : linear_ticks(low, high, most, ticks);
}

/* The axis' ticks with their labels: given ones, or round ones along `length`. */
typedef struct Ticks {
    int n;
    double values[MAX_TICKS];
    const char *labels[MAX_TICKS];
} Ticks;

static Ticks ticks_of(const Axis *axis, double length, double pitch, Arena *arena) {
    Ticks ticks = {0};
    if (axis->n_ticks) {
        ticks.n = axis->n_ticks < MAX_TICKS ? axis->n_ticks : MAX_TICKS;
        memcpy(ticks.values, axis->ticks, ticks.n * sizeof *ticks.values);
    } else {
        ticks.n = axis_ticks(axis, (int)(length / pitch), ticks.values);
    }
    for (int i = 0; i < ticks.n; i++)
        ticks.labels[i] = axis->n_ticks && axis->tick_labels
                              ? axis->tick_labels[i]
                              : label_number(arena, ticks.values[i], 4);
    return ticks;
}

static const Label number_label = {TEXT_SMALL, ALIGN_RIGHT, 0};

static double head_height(const Axes *axes) {
    return (axes->title ? line_height + 4 : 0) + (axes->y.label ? line_height + 2 : 0) + 4;
}

static double foot_height(const Axes *axes) {
    return tick_length + (axes->x.hides_numbers ? 0 : line_height) +
           (axes->x.label ? line_height + label_gap - 4 : 0);
}

static double left_width(const Style *style, const Axes *axes, double height, Arena *arena) {
    if (axes->left > 0)
        return axes->left;
    double widest = 0;
    Ticks ticks = ticks_of(&axes->y, height, y_tick_pitch, arena);
    for (int i = 0; i < ticks.n && !axes->y.hides_numbers; i++)
        widest = fmax(widest, label_width(style, number_label, ticks.labels[i]));
    return ceil(widest) + number_gap;
}

Rect axes_plot(const Style *style, const Axes *axes, Rect rect) {
    Arena scratch = {0};
    double head = head_height(axes), height = rect.height - head - foot_height(axes);
    double left = left_width(style, axes, height, &scratch);
    arena_release(&scratch);
    return (Rect){rect.x + left, rect.y + head, rect.width - left - 2, height};
}

double axes_x(const Axes *axes, Rect plot, double value) {
    return plot.x + plot.width * axis_place(&axes->x, value);
}

double axes_y(const Axes *axes, Rect plot, double value) {
    return plot.y + plot.height * (1 - axis_place(&axes->y, value));
}

static void line(cairo_t *cairo, double x0, double y0, double x1, double y1) {
    cairo_move_to(cairo, x0, y0);
    cairo_line_to(cairo, x1, y1);
}

/* Where a plot is small, or ticks are given, some would lie on each other: those go without. */
static void draw_numbers(cairo_t *cairo, const Style *style, const Axes *axes, Rect plot,
                         const Ticks *ticks, bool is_x) {
    const double gap = is_x ? 1 : -1; /* figures do not reach down to their line's end */
    Label label = {TEXT_SMALL, is_x ? ALIGN_CENTER : ALIGN_RIGHT, 0};
    double last = (double)NAN, last_half = 0; /* the middle of the number drawn last */
    for (int i = 0; i < ticks->n; i++) {
        double at =
            is_x ? axes_x(axes, plot, ticks->values[i]) : axes_y(axes, plot, ticks->values[i]);
        double half =
            (is_x ? label_width(style, label, ticks->labels[i]) : style->fonts[TEXT_SMALL].size) /
            2;
        if (fabs(at - last) < half + last_half + gap)
            continue;
        double x = is_x ? at : plot.x - number_gap;
        double y = is_x ? plot.y + plot.height + tick_length + line_height - 3 : at + 4;
        label_draw(cairo, style, label, style->muted, x, y, ticks->labels[i]);
        last = at;
        last_half = half;
    }
}

static void draw_x(cairo_t *cairo, const Style *style, const Axes *axes, Rect plot, Arena *arena) {
    Ticks ticks = ticks_of(&axes->x, plot.width, x_tick_pitch, arena);
    double bottom = plot.y + plot.height;
    for (int i = 0; i < ticks.n; i++) {
        double x = axes_x(axes, plot, ticks.values[i]);
        line(cairo, x, bottom, x, bottom + tick_length);
    }
    line(cairo, plot.x, bottom, plot.x + plot.width, bottom);
    canvas_set_color(cairo, style->muted);
    cairo_set_line_width(cairo, style->hairline);
    cairo_stroke(cairo);
    if (!axes->x.hides_numbers)
        draw_numbers(cairo, style, axes, plot, &ticks, true);
    if (axes->x.label)
        label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_CENTER, 0}, style->ink,
                   plot.x + plot.width / 2, bottom + foot_height(axes) - 3, axes->x.label);
}

static void draw_y(cairo_t *cairo, const Style *style, const Axes *axes, Rect plot, Arena *arena) {
    Ticks ticks = ticks_of(&axes->y, plot.height, y_tick_pitch, arena);
    for (int i = 0; i < ticks.n; i++) {
        double y = axes_y(axes, plot, ticks.values[i]);
        line(cairo, plot.x, y, plot.x + plot.width, y);
    }
    canvas_set_color(cairo, style->faint);
    cairo_set_line_width(cairo, style->hairline);
    cairo_stroke(cairo);
    if (!axes->y.hides_numbers)
        draw_numbers(cairo, style, axes, plot, &ticks, false);
}

Rect axes_draw(cairo_t *cairo, const Style *style, const Axes *axes, Rect rect) {
    Arena scratch = {0};
    Rect plot = axes_plot(style, axes, rect);
    cairo_save(cairo);
    draw_y(cairo, style, axes, plot, &scratch);
    draw_x(cairo, style, axes, plot, &scratch);
    if (axes->title)
        label_draw(cairo, style, (Label){TEXT_HEADING, ALIGN_LEFT, rect.width}, style->ink, rect.x,
                   rect.y + line_height - 3, axes->title);
    if (axes->y.label)
        label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, 0}, style->ink, rect.x, plot.y - 10,
                   axes->y.label);
    cairo_restore(cairo);
    arena_release(&scratch);
    return plot;
}
