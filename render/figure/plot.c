/* Series → colours and marks → axes → guides, last, since sloping ones end where the axes end. */
#include "render/figure/plot.h"

#include "render/draw/label.h"
#include "render/figure/guides.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ORDERED = 8, MAX_MARKS = 1500, N_SHAPES = 4 };
static const double faint_share = 0.5, faint_size = 4.5, mark_size = 6.5, log_span = 50;

static Color color_of(const FigureInput *input, const SeriesSet *set, const RunSeries *series) {
    bool is_ordered = set->by.name && !set->by.texts && set->n_by > 2;
    if (is_ordered)
        return style_weight(input->style, (double)series->by / (set->n_by - 1));
    return style_category(input->style, set->by.name ? series->by : series->quantity);
}

static Mark shape_of(const SeriesSet *set, const RunSeries *series) {
    static const Mark shapes[N_SHAPES] = {MARK_DISC, MARK_SQUARE, MARK_DIAMOND, MARK_TRIANGLE};
    return shapes[(set->by.name && set->n_y == 1 ? series->by : series->quantity) % N_SHAPES];
}

/* All runs as faint marks, under everything else. */
static int add_runs(const FigureInput *input, const PlotSettings *settings, const Plot *plot,
                    CurveSeries *curves) {
    int runs = settings->series.runs, n = 0;
    bool is_alone = runs == SERIES_ALL;
    for (int s = 0; s < plot->set.n && (is_alone || runs == SERIES_BOTH); s++) {
        const RunSeries *series = &plot->set.series[s];
        if (!is_alone && series->n_all == series->n)
            continue;
        Color color = color_of(input, &plot->set, series);
        curves[n] =
            (CurveSeries){.name = is_alone ? series->name : NULL,
                          .color = is_alone ? color : style_tint(input->style, color, faint_share),
                          .mark = shape_of(&plot->set, series),
                          .mark_size = faint_size,
                          .n = series->n_all,
                          .x = series->all_x,
                          .y = series->all_y};
        n++;
    }
    return n;
}

static int add_lines(const FigureInput *input, const PlotSettings *settings, const Plot *plot,
                     CurveSeries *curves) {
    int n = 0;
    for (int s = 0; s < plot->set.n && settings->series.runs != SERIES_ALL; s++) {
        const RunSeries *series = &plot->set.series[s];
        curves[n] = (CurveSeries){.name = series->name,
                                  .color = color_of(input, &plot->set, series),
                                  .mark = shape_of(&plot->set, series),
                                  .mark_size = mark_size,
                                  .has_line = !plot->set.x.texts,
                                  .is_dashed = plot->set.by.name && series->quantity > 0,
                                  .n = series->n,
                                  .x = series->x,
                                  .y = series->y,
                                  .low = series->low,
                                  .high = series->high};
        n++;
    }
    return n;
}

static int64_t count_marks(const SeriesSet *set) {
    int64_t n = 0;
    for (int s = 0; s < set->n; s++)
        n += set->series[s].n_all;
    return n;
}

static int by_real(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* All x, or all y, sorted, each once. */
static double *distinct(const SeriesSet *set, bool is_x, int64_t *n, Arena *arena) {
    double *values = ARENA_NEW(arena, double, count_marks(set));
    int64_t n_values = 0, n_kept = 0;
    for (int s = 0; s < set->n; s++)
        for (int64_t i = 0; i < set->series[s].n_all; i++)
            values[n_values++] = is_x ? set->series[s].all_x[i] : set->series[s].all_y[i];
    qsort(values, (size_t)n_values, sizeof *values, by_real);
    for (int64_t i = 0; i < n_values; i++)
        if (!n_kept || values[i] != values[n_kept - 1])
            values[n_kept++] = values[i];
    *n = n_kept;
    return values;
}

/* How much the gaps differ: 1 where all values are evenly spaced. */
static double unevenness(const double *values, int64_t n, bool is_log) {
    double least = HUGE_VAL, most = 0;
    for (int64_t i = 1; i < n; i++) {
        double gap = is_log ? log(values[i] / values[i - 1]) : values[i] - values[i - 1];
        least = fmin(least, gap);
        most = fmax(most, gap);
    }
    return most / least;
}

/* A sweep says by its spacing how it is meant; measurements say it by their span. */
static AxisForm form_of(const SeriesSet *set, bool is_x, int scale, Arena *arena) {
    int64_t n;
    const double *values = distinct(set, is_x, &n, arena);
    if (scale != SCALE_AUTO || values[0] <= 0)
        return scale == SCALE_LOG ? AXIS_LOG : AXIS_LINEAR;
    bool is_swept = is_x && set->x.is_setting && n > 2;
    bool is_log = is_swept ? unevenness(values, n, true) < unevenness(values, n, false)
                           : values[n - 1] / values[0] >= log_span;
    return is_log ? AXIS_LOG : AXIS_LINEAR;
}

/* Texts stand side by side. */
static void set_categories(const SeriesSet *set, Axis *axis, Arena *arena) {
    int64_t n;
    double *values = distinct(set, true, &n, arena);
    axis->n_ticks = n < MAX_TICKS ? (int)n : MAX_TICKS;
    const char **labels = ARENA_NEW(arena, const char *, axis->n_ticks);
    for (int k = 0; k < axis->n_ticks; k++)
        labels[k] = set->x.texts[(int)values[k]];
    axis->ticks = values;
    axis->tick_labels = labels;
    axis->from = values[0] - 0.5;
    axis->to = values[n - 1] + 0.5;
}

/* [from, to], each a number or auto. */
static bool set_range(const Yaml *range, const char *what, Axis *axis, Error *error) {
    double *const ends[] = {&axis->from, &axis->to};
    if (!range || (range->type == YAML_SCALAR && strcmp(range->text, "auto") == 0))
        return true;
    bool is_good = range->type == YAML_LIST && range->n == 2;
    for (int i = 0; is_good && i < 2; i++) {
        const Yaml *end = range->items[i];
        bool is_auto = end->type == YAML_SCALAR && strcmp(end->text, "auto") == 0;
        is_good =
            is_auto || (yaml_is_real(end, ends[i]) && (axis->form == AXIS_LINEAR || *ends[i] > 0));
    }
    return (is_good && axis->from != axis->to) ||
           error_set(error, "%s: must be [from, to], each a number%s or auto", what,
                     axis->form == AXIS_LOG ? " > 0, since the axis is logarithmic," : "");
}

/* Where zero is near, the axis begins there. */
static void start_at_zero(const SeriesSet *set, Axis *axis, Arena *arena) {
    int64_t n;
    const double *values = distinct(set, false, &n, arena);
    if (axis->form == AXIS_LINEAR && values[0] >= 0 && values[0] < values[n - 1] - values[0])
        axis->from = 0;
}

static const char *label_of(const FigureInput *input, const char *given, const char *fallback) {
    return strcmp(given, "auto") == 0 ? fallback : label_escape(input->arena, given);
}

static bool set_axes(const FigureInput *input, const PlotSettings *settings, Plot *plot,
                     Error *error) {
    SeriesSet *set = &plot->set;
    Axes *axes = &plot->panel.axes;
    axes->x.form = form_of(set, true, settings->x_scale, input->arena);
    axes->y.form = form_of(set, false, settings->y_scale, input->arena);
    axes->x.label = label_of(input, settings->x_label, set->x.label);
    axes->y.label = label_of(input, settings->y_label, set->n_y == 1 ? set->y[0].label : NULL);
    if (strcmp(settings->heading, "none") != 0)
        axes->title = label_escape(input->arena, settings->heading);
    curves_panel_cover(&plot->panel);
    start_at_zero(set, &axes->y, input->arena);
    if (set->x.texts)
        set_categories(set, &axes->x, input->arena);
    return set_range(settings->x_range, "x_range", &axes->x, error) &&
           set_range(settings->y_range, "y_range", &axes->y, error);
}

/* Texts are told apart by colour and shape; numbers of many values by a colour scale. */
static bool set_key(const FigureInput *input, Plot *plot, Error *error) {
    SeriesSet *set = &plot->set;
    bool is_ordered = set->by.name && !set->by.texts && set->n_y == 1;
    if (is_ordered && set->n > MAX_ORDERED) {
        plot->by =
            (ColorScale){.title = set->by.label,
                         .from_label = label_number(input->arena, set->by_values[0], 3),
                         .to_label = label_number(input->arena, set->by_values[set->n_by - 1], 3),
                         .color = style_weight,
                         .from = 0,
                         .to = 1};
        for (int s = 0; s < set->n; s++)
            set->series[s].name = NULL;
        return true;
    }
    return set->n <= CURVES_LEGEND ||
           error_set(error,
                     "%d series cannot be told apart, %d can: choose some with at: {%s: […]}",
                     set->n, CURVES_LEGEND, set->by.name ? set->by.name : "loss");
}

/* Too many marks make a file slow to open, and lie on each other: then the band of all runs. */
static bool thin(const FigureInput *input, PlotSettings *settings, Plot *plot, Error *error) {
    int runs = settings->series.runs;
    bool has_marks = runs == SERIES_ALL || runs == SERIES_BOTH;
    plot->is_thinned = has_marks && plot->set.x.is_setting && count_marks(&plot->set) > MAX_MARKS;
    if (!plot->is_thinned)
        return true;
    settings->series.runs = SERIES_SPREAD;
    return series_read(input, &settings->series, &plot->set, error);
}

bool plot_compose(const FigureInput *input, const PlotSettings *given, Plot *plot, Error *error) {
    PlotSettings settings = *given;
    *plot = (Plot){0};
    if (!series_read(input, &settings.series, &plot->set, error) ||
        !thin(input, &settings, plot, error) || !set_key(input, plot, error))
        return false;
    int n_guides = settings.guides ? settings.guides->n : 0;
    CurveSeries *curves = ARENA_NEW(input->arena, CurveSeries, 2 * plot->set.n + n_guides);
    plot->panel.series = curves;
    plot->panel.n_series = add_runs(input, &settings, plot, curves);
    plot->panel.n_series += add_lines(input, &settings, plot, curves + plot->panel.n_series);
    return set_axes(input, &settings, plot, error) &&
           guides_add(input, settings.guides, &plot->panel, curves, error);
}
