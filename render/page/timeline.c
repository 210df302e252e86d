/* The time line: the loss of the shown run as a small curve over the steps, marks, and where the
 * viewer stands. Dragging looks back while the training goes on.
 *
 * It reaches to the run's end; where that is minutes away and most of it would be empty, to a round
 * number of steps not far from the newest moment. */
#include "render/draw/label.h"
#include "render/scene/time_sign.h"
#include "render/page/parts.h"

#include <math.h>

static const double MARK_REACH = 5, PATIENCE = 120, FULL = 0.75;
enum { FAR = 16 };

/* The plot, the steps at its ends, and what is in it. */
typedef struct Span {
    Rect plot;
    double last, end;      /* that it reaches to; of the run */
    const Moment *moments; /* [n] */
    int n;
    double low, high; /* range of the loss's logarithm */
} Span;

static double x_of(const Span *span, int64_t step) {
    return span->plot.x + span->plot.width * fmin((double)step / span->last, 1);
}

static int64_t step_at(const Span *span, double x) {
    double place = (x - span->plot.x) / span->plot.width;
    return (int64_t)(fmin(fmax(place, 0), 1) * span->last + 0.5);
}

static double y_of(const Span *span, double loss) {
    double place = (log(loss) - span->low) / (span->high - span->low);
    return span->plot.y + 4 + (span->plot.height - 10) * (1 - place);
}

static void find_range(Span *span) {
    span->low = HUGE_VAL;
    span->high = -HUGE_VAL;
    for (int i = 0; i < span->n; i++)
        if (span->moments[i].loss > 0) {
            span->low = fmin(span->low, log(span->moments[i].loss));
            span->high = fmax(span->high, log(span->moments[i].loss));
        }
    if (!(span->high > span->low + 0.1)) {
        span->low -= 0.5;
        span->high += 0.5;
    }
}

/* To 1, 2 or 5 times a power of ten. */
static double round_up(double value) {
    double ten = pow(10, floor(log10(value)));
    return (value <= ten ? 1 : value <= 2 * ten ? 2 : value <= 5 * ten ? 5 : 10) * ten;
}

/* The run's end, or a round number of steps that has room for what there is. A pause changes
 * nothing. */
static double find_last(const View *view, double end, double newest) {
    double pace = speeds[view->speed];
    if (isinf(pace) && view->steps_per_second > 0)
        pace = view->steps_per_second;
    if (!view->stage->live || newest * FAR >= end || end - newest <= PATIENCE * pace)
        return end;
    return fmin(round_up(fmax(newest / FULL, FAR)), end);
}

static Span span_of(View *view, Rect plot) {
    Span span = {.plot = plot, .end = (double)stage_n_steps(view->stage, view->shown)};
    span.moments = history_moments(view->stage->histories[view->shown], &span.n);
    double newest = span.n ? (double)span.moments[span.n - 1].step : 0;
    if (!view->is_paused || !(view->timeline_last >= newest))
        view->timeline_last = find_last(view, span.end, newest);
    span.last = fmax(view->timeline_last, 1);
    find_range(&span);
    return span;
}

/* What is known: from the first moment to the newest. */
static void draw_known(const View *view, const Span *span, cairo_t *cairo) {
    if (!span->n)
        return;
    double from = x_of(span, span->moments[0].step);
    double to = x_of(span, span->moments[span->n - 1].step);
    cairo_rectangle(cairo, from, span->plot.y + span->plot.height - 1.5, to - from, 3);
    canvas_set_color(cairo, style_tint(&view->style, view->style.ink, 0.25));
    cairo_fill(cairo);
}

static void draw_loss(const View *view, const Span *span, cairo_t *cairo) {
    bool has_point = false;
    for (int i = 0; i < span->n; i++) {
        if (!(span->moments[i].loss > 0))
            continue;
        double x = x_of(span, span->moments[i].step), y = y_of(span, span->moments[i].loss);
        if (has_point)
            cairo_line_to(cairo, x, y);
        else
            cairo_move_to(cairo, x, y);
        has_point = true;
    }
    cairo_set_line_width(cairo, 1.25);
    canvas_set_color(cairo, style_tint(&view->style, view->style.ink, 0.55));
    cairo_stroke(cairo);
}

static void draw_mark(const Style *style, cairo_t *cairo, const Span *span, const TimeMark *mark) {
    double x = x_of(span, mark->step);
    canvas_set_color(cairo, time_sign_color(style, mark->kind));
    cairo_set_line_width(cairo, style->hairline);
    cairo_move_to(cairo, x, span->plot.y);
    cairo_line_to(cairo, x, span->plot.y + span->plot.height);
    cairo_stroke(cairo);
    time_sign_draw(cairo, style, mark->kind, x, span->plot.y + 4, 9);
}

static void draw_head(const View *view, const Span *span, cairo_t *cairo) {
    double x = x_of(span, view->step);
    canvas_set_color(cairo, view->is_now ? view->style.ink : widget_accent(&view->style));
    cairo_set_line_width(cairo, 2);
    cairo_move_to(cairo, x, span->plot.y);
    cairo_line_to(cairo, x, span->plot.y + span->plot.height);
    cairo_stroke(cairo);
    cairo_arc(cairo, x, span->plot.y + span->plot.height, 5, 0, 2 * M_PI);
    cairo_fill(cairo);
}

static void draw_marks(View *view, const Span *span, cairo_t *cairo) {
    int n;
    const TimeMark *marks = history_marks(view->stage->histories[view->shown], &n);
    for (int i = 0; i < n; i++)
        draw_mark(&view->style, cairo, span, &marks[i]);
}

/* ---- the pointer ---- */

/* The mark nearest to it; NULL: none is near. */
static const TimeMark *mark_at(const View *view, const Span *span, double x) {
    int n;
    const TimeMark *marks = history_marks(view->stage->histories[view->shown], &n), *near = NULL;
    double least = MARK_REACH;
    for (int i = 0; i < n; i++)
        if (fabs(x_of(span, marks[i].step) - x) <= least) {
            near = &marks[i];
            least = fabs(x_of(span, marks[i].step) - x);
        }
    return near;
}

static const Moment *moment_at(const View *view, const Span *span, double x) {
    int64_t step = step_at(span, x);
    int at = history_moment_at(view->stage->histories[view->shown], step);
    if (at + 1 < span->n && span->moments[at + 1].step - step < step - span->moments[at].step)
        at++;
    return at < 0 ? NULL : &span->moments[at];
}

/* What lies under it: a mark, or the step and the loss that were measured nearest. */
static void explain(View *view, const Span *span, Rect rect, double x) {
    Ui *ui = &view->ui;
    Rect around = {x, rect.y, 12, rect.height};
    const Moment *moment = moment_at(view, span, x);
    const TimeMark *mark = mark_at(view, span, x);
    if (mark) {
        widget_tip(ui->cairo, &view->style, ui->page, around,
                   arena_print(&ui->arena, "step %s: %s", label_count(&ui->arena, mark->step),
                               mark->text));
    } else if (moment) {
        if (moment->loss > 0) {
            cairo_arc(ui->cairo, x_of(span, moment->step), y_of(span, moment->loss), 3, 0,
                      2 * M_PI);
            canvas_set_color(ui->cairo, view->style.ink);
            cairo_fill(ui->cairo);
        }
        widget_tip(
            ui->cairo, &view->style, ui->page, around,
            arena_print(&ui->arena, "step %s%s%s", label_count(&ui->arena, moment->step),
                        isnan(moment->loss) ? "" : ", loss ",
                        isnan(moment->loss) ? "" : label_number(&ui->arena, moment->loss, 3)));
    }
}

/* A press on a mark goes to its step, not only near to it. */
static void go(View *view, const Span *span, const UiRegion *region) {
    const TimeMark *mark = region->is_dragged ? NULL : mark_at(view, span, region->x);
    view_go_to(view, mark ? mark->step : step_at(span, region->x));
}

static void react(View *view, const Span *span, Rect rect, const UiRegion *region) {
    if (region->is_double)
        view_go_to_now(view);
    else if (region->is_held)
        go(view, span, region);
    else if (region->is_hot)
        explain(view, span, rect, region->x);
}

static void draw_ends(View *view, const Span *span, cairo_t *cairo, double base) {
    Arena *arena = &view->ui.arena;
    const char *last = label_count(arena, (int64_t)span->last);
    if (span->last < span->end)
        last = arena_print(arena, "%s of %s", last, label_count(arena, (int64_t)span->end));
    label_draw(cairo, &view->style, (Label){TEXT_SMALL, ALIGN_LEFT, 0}, view->style.muted,
               span->plot.x, base, "0");
    label_draw(cairo, &view->style, (Label){TEXT_SMALL, ALIGN_RIGHT, 0}, view->style.muted,
               span->plot.x + span->plot.width, base, last);
}

void timeline_frame(View *view, Rect rect) {
    cairo_t *cairo = view->ui.cairo;
    Rect plot = {rect.x + 8, rect.y + 4, rect.width - 16, rect.height - 26};
    Span span = span_of(view, plot);
    widget_card(cairo, &view->style, rect);
    UiRegion region = ui_region(&view->ui, ID_TIMELINE, rect, 0, CURSOR_SLIDE);
    draw_known(view, &span, cairo);
    draw_loss(view, &span, cairo);
    draw_marks(view, &span, cairo);
    draw_head(view, &span, cairo);
    draw_ends(view, &span, cairo, rect.y + rect.height - 6);
    react(view, &span, rect, &region);
}
