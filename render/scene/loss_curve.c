#include "render/scene/loss_curve.h"

#include "render/draw/label.h"
#include "render/panel/curves.h"

#include <math.h>

static const double log_span = 5, dot = 6.5, sign = 11, reach = 14;

typedef struct Curve {
    CurvesPanel panel;
    CurveSeries series[2];
    double *x, *y;           /* [n] of all runs of the plane */
    int64_t *runs, n;        /* their numbers */
    double *best_x, *best_y; /* [plane->sizes[0]] */
} Curve;

double sweep_run_loss(const SceneInput *input, int64_t run) {
    const SweepRun *at = &input->sweep->runs[run];
    for (int i = 0; i < input->n_all && at->state == STATE_TRAINING && isnan(at->loss); i++) {
        int n;
        const Moment *moments = history_moments(input->all[i], &n);
        if (input->numbers && input->numbers[i] == run && n)
            return moments[n - 1].loss;
    }
    return at->loss;
}

static void gather(const SceneInput *input, const Plane *plane, Curve *curve) {
    Arena *arena = input->arena;
    int n = plane->sizes[0];
    int64_t restarts = plane->map->restarts;
    curve->x = ARENA_NEW(arena, double, n *restarts);
    curve->y = ARENA_NEW(arena, double, n *restarts);
    curve->runs = ARENA_NEW(arena, int64_t, n * restarts);
    curve->best_x = ARENA_NEW(arena, double, n);
    curve->best_y = ARENA_NEW(arena, double, n);
    for (int place = 0; place < n; place++) {
        int64_t point = plane_point(plane, place, 0), best = sweep_best(plane->map, point);
        curve->best_x[place] = plane_value(plane, 0, place);
        curve->best_y[place] = best < 0 ? (double)NAN : plane->map->runs[best].loss;
        for (int64_t k = 0; k < restarts; k++) {
            curve->x[curve->n] = curve->best_x[place];
            curve->y[curve->n] = sweep_run_loss(input, point * restarts + k);
            curve->runs[curve->n++] = point * restarts + k;
        }
    }
}

static Axis loss_axis(const Curve *curve) {
    Axis axis = {.form = AXIS_LOG, .label = "loss <i>L</i>"};
    axis_cover(&axis, curve->y, curve->n, 0.05);
    if (axis.to < log_span * axis.from) {
        axis.form = AXIS_LINEAR;
        axis_cover(&axis, curve->y, curve->n, 0.05);
    }
    return axis;
}

static Curve *lay_out(const SceneInput *input, const Plane *plane, const Style *style) {
    Curve *curve = ARENA_NEW(input->arena, Curve, 1);
    gather(input, plane, curve);
    Color color = style_category(style, 0);
    curve->series[0] = (CurveSeries){.color = style_tint(style, color, 0.5),
                                     .mark = MARK_DISC,
                                     .mark_size = dot,
                                     .n = curve->n,
                                     .x = curve->x,
                                     .y = curve->y};
    curve->series[1] = (CurveSeries){.color = color,
                                     .mark = MARK_DISC,
                                     .mark_size = 1.4 * dot,
                                     .has_line = plane_is_ordered(plane, 0),
                                     .n = plane->sizes[0],
                                     .x = curve->best_x,
                                     .y = curve->best_y};
    curve->panel.series = curve->series;
    curve->panel.n_series = 2;
    curve->panel.axes.x = plane_axis(plane, 0, input->arena);
    curve->panel.axes.y = loss_axis(curve);
    return curve;
}

/* Where a run's mark is: on the axis below while its loss is not known. */
static double place_y(const Curve *curve, Rect plot, int64_t i) {
    double y = axes_y(&curve->panel.axes, plot, curve->y[i]);
    return isfinite(y) ? y : plot.y + plot.height - 8;
}

void loss_curve_draw(const SceneInput *input, const Plane *plane, cairo_t *cairo, Rect rect,
                     const Style *style) {
    const Curve *curve = lay_out(input, plane, style);
    Rect plot = curves_panel_draw(cairo, rect, &curve->panel, style);
    for (int64_t i = 0; i < curve->n; i++) {
        RunState state = plane->map->runs[curve->runs[i]].state;
        double x = axes_x(&curve->panel.axes, plot, curve->x[i]), y = place_y(curve, plot, i);
        Mark mark = state == STATE_TRAINING ? MARK_RING
                    : state == STATE_FAILED ? MARK_CROSS
                                            : MARK_NONE;
        mark_path(cairo, mark, x, y, sign);
        mark_paint(cairo, style, mark, style->ink);
        if (curve->runs[i] != plane->shown)
            continue;
        mark_path(cairo, MARK_RING, x, y, 1.8 * sign);
        mark_paint(cairo, style, MARK_RING, style->ink);
    }
}

bool loss_curve_pick(const SceneInput *input, const Plane *plane, Rect rect, const Style *style,
                     double x, double y, Pick *pick) {
    const Curve *curve = lay_out(input, plane, style);
    Rect plot = curves_panel_plot(rect, &curve->panel, style);
    double least = reach;
    for (int64_t i = 0; i < curve->n; i++) {
        double away =
            hypot(axes_x(&curve->panel.axes, plot, curve->x[i]) - x, place_y(curve, plot, i) - y);
        if (away < least) {
            least = away;
            pick->run = curve->runs[i];
        }
    }
    if (least < reach)
        pick_say(pick, sweep_run_text(input, plane, pick->run));
    return least < reach;
}

const char *sweep_title(const SceneInput *input) {
    const SweepMap *map = input->sweep;
    Plane plane = plane_of(input);
    const char *fixed = plane_fixed(&plane, input->arena);
    const char *failed =
        map->n_failed ? arena_print(input->arena, ", %lld failed", (long long)map->n_failed) : "";
    return arena_print(input->arena, "%lld of %lld runs done%s%s%s", (long long)map->n_done,
                       (long long)sweep_n_runs(map), failed, *fixed ? ";  at " : "", fixed);
}

static const char *value(const SceneInput *input, const char *before, const char *name,
                         double number) {
    return isnan(number) ? before
                         : arena_print(input->arena, "%s, %s %s", before, name,
                                       label_number(input->arena, number, 4));
}

const char *sweep_run_text(const SceneInput *input, const Plane *plane, int64_t run) {
    const SweepRun *at = &plane->map->runs[run];
    int64_t restarts = plane->map->restarts;
    const char *text =
        arena_print(input->arena, "%s: %s", plane_name(plane, run / restarts, input->arena),
                    run_state_word(at->state));
    text = value(input, text, isnan(at->loss) ? "loss of its last batch" : "loss",
                 sweep_run_loss(input, run));
    text = value(input, text, "‖<i>W<sub>n</sub></i>‖", at->last_norm);
    text = value(input, text, "interference", at->interference);
    return restarts > 1 ? arena_print(input->arena, "%s (restart %lld of %lld)", text,
                                      (long long)(run % restarts), (long long)restarts)
                        : text;
}
