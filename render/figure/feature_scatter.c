#include "render/figure/feature_scatter.h"

#include "render/model/shapes.h"
#include "sim/theory/bounds.h"

#include <math.h>
#include <stdlib.h>

static const double jitter = 0.28, nothing = 1 / 200., dot = 2.75, least_top = 0.9;

/* The features of all models, by shape. */
typedef struct Dots {
    double *x[N_SHAPES], *y[N_SHAPES];
    int64_t n[N_SHAPES];
    double top; /* largest dimensionality */
} Dots;

typedef struct Ranked {
    double value;
    int feature;
} Ranked;

static int by_value(const void *a, const void *b) {
    const Ranked *left = a, *right = b;
    if (left->value != right->value)
        return left->value < right->value ? -1 : 1;
    return (left->feature > right->feature) - (left->feature < right->feature);
}

/* The logarithm of x from one model to the nearest other; models of one place share it. */
static double step_at(const DensitySeries *series, int i) {
    double step = HUGE_VAL;
    for (int j = 0; j < series->n; j++)
        if (series->x[j] != series->x[i])
            step = fmin(step, fabs(log(series->x[j] / series->x[i])));
    return isfinite(step) ? step : 0.2;
}

static void add_dot(Dots *dots, Shape shape, double x, double y) {
    dots->x[shape][dots->n[shape]] = x;
    dots->y[shape][dots->n[shape]++] = y;
    dots->top = fmax(dots->top, y);
}

/* Neighbours in value are a golden section apart across the column, so that they do not cover each
 * other. */
static void add_model(const DensitySeries *series, int i, const Measurement *shape,
                      const Measurement *dimensionality, Arena *arena, Dots *dots) {
    const double golden_section = 0.61803398874989485;
    int n = series->models[i]->model.n_features, n_nothing = 0;
    double width = jitter * step_at(series, i);
    Ranked *ranked = ARENA_NEW(arena, Ranked, n);
    for (int f = 0; f < n; f++)
        ranked[f] = (Ranked){dimensionality->values[f], f};
    qsort(ranked, (size_t)n, sizeof *ranked, by_value);
    for (int rank = 0; rank < n; rank++) {
        int code = (int)shape->values[ranked[rank].feature];
        bool is_named = code >= 0 && code < shape->n_labels;
        bool is_nothing = ranked[rank].value < nothing;
        double aside = 2 * fmod(golden_section * rank, 1) - 1;
        if (is_nothing && n_nothing++)
            continue;
        add_dot(dots, shape_of(is_named ? shape->labels[code] : ""),
                series->x[i] * exp(is_nothing ? 0 : width * aside), ranked[rank].value);
    }
}

static bool read_dots(const FigureInput *input, const DensitySeries *series, Dots *dots,
                      Error *error) {
    int64_t n = 0;
    for (int i = 0; i < series->n; i++)
        n += series->models[i]->model.n_features;
    for (int s = 0; s < N_SHAPES; s++) {
        dots->x[s] = ARENA_NEW(input->arena, double, n);
        dots->y[s] = ARENA_NEW(input->arena, double, n);
    }
    for (int i = 0; i < series->n; i++) {
        Measurement shape, dimensionality;
        if (!shown_measure(input, series->models[i], "geometry", "geometry", &shape, error) ||
            !shown_measure(input, series->models[i], "feature_dimensionality",
                           "feature_dimensionality", &dimensionality, error))
            return false;
        add_model(series, i, &shape, &dimensionality, input->arena, dots);
    }
    return true;
}

static void fill_levels(Arena *arena, LevelsPanel *panel) {
    NamedLevel *levels = ARENA_NEW(arena, NamedLevel, n_dimensionality_levels);
    for (int l = 0; l < n_dimensionality_levels; l++)
        levels[l] = (NamedLevel){dimensionality_levels[l].value,
                                 arena_print(arena, "%s  %s", dimensionality_levels[l].text,
                                             dimensionality_levels[l].polytope)};
    panel->levels = levels;
    panel->n_levels = n_dimensionality_levels;
}

bool feature_scatter(const FigureInput *input, const DensitySeries *series, LevelsPanel *panel,
                     Error *error) {
    Dots dots = {.top = 0};
    if (!read_dots(input, series, &dots, error))
        return false;
    static const double ticks[] = {0, 0.25, 0.5, 0.75, 1}; /* the last where there is room */
    CurveSeries *curves = ARENA_NEW(input->arena, CurveSeries, 2 * N_SHAPES);
    CurvesPanel *plot = &panel->curves;
    plot->n_series = 0;
    for (int s = 0; s < N_SHAPES; s++) /* the legend's order */
        if (dots.n[s])
            curves[plot->n_series++] = (CurveSeries){.name = shape_label((Shape)s),
                                                     .color = shape_color(input->style, (Shape)s),
                                                     .mark = MARK_DOT,
                                                     .mark_size = dot};
    for (int s = N_SHAPES - 1; s >= 0; s--) /* what has a name over what has none */
        if (dots.n[s])
            curves[plot->n_series++] = (CurveSeries){.color = shape_color(input->style, (Shape)s),
                                                     .mark = MARK_DOT,
                                                     .mark_size = dot,
                                                     .n = dots.n[s],
                                                     .x = dots.x[s],
                                                     .y = dots.y[s]};
    plot->series = curves;
    plot->axes.y = (Axis){.label = "<i>D<sub>i</sub></i>",
                          .from = 0,
                          .ticks = ticks,
                          .n_ticks = dots.top > 0.85 ? 5 : 4,
                          .to = dots.top > 0.85 ? 1.04 : least_top};
    fill_levels(input->arena, panel);
    return true;
}
