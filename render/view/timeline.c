/* The time line: the loss of the shown run as a small curve over the steps, marks, and where the
 * viewer stands. Dragging looks back while the training goes on. */
#include "render/draw/label.h"
#include "render/scene/time_sign.h"
#include "render/view/state.h"

#include <math.h>

static const double MARK_REACH = 5;

/* The plot, and the steps at its ends. */
typedef struct Span {
    Rect plot;
    double last;
} Span;

static double x_of(const Span *span, int64_t step) {
    return span->plot.x + span->plot.width * fmin((double)step / span->last, 1);
}

static int64_t step_at(const Span *span, double x) {
    double place = (x - span->plot.x) / span->plot.width;
    return (int64_t)(fmin(fmax(place, 0), 1) * span->last + 0.5);
}

/* The range of the loss's logarithm. */
static void find_range(const Moment *moments, int n, double *low, double *high) {
    *low = HUGE_VAL;
    *high = -HUGE_VAL;
    for (int i = 0; i < n; i++)
        if (moments[i].loss > 0) {
            *low = fmin(*low, log(moments[i].loss));
            *high = fmax(*high, log(moments[i].loss));
        }
    if (!(*high > *low + 0.1)) {
        *low -= 0.5;
        *high += 0.5;
    }
}

/* Of all moments in a column of pixels the range of their losses: as quick for 2000 as for 20. */
static void draw_loss(const View *view, const Span *span, cairo_t *cairo) {
    int n;
    const Moment *moments = history_moments(view->stage->histories[view->shown], &n);
    double low, high, top = span->plot.y + 4, height = span->plot.height - 8;
    find_range(moments, n, &low, &high);
    bool has_point = false;
    for (int i = 0; i < n; i++) {
        if (!(moments[i].loss > 0))
            continue;
        double x = x_of(span, moments[i].step);
        double y = top + height * (1 - (log(moments[i].loss) - low) / (high - low));
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

/* What the mark under the pointer says. */
static void explain_mark(View *view, const Span *span, double x) {
    int n;
    const TimeMark *marks = history_marks(view->stage->histories[view->shown], &n);
    for (int i = 0; i < n; i++)
        if (fabs(x_of(span, marks[i].step) - x) <= MARK_REACH) {
            ui_tip(&view->ui, arena_print(&view->ui.arena, "step %lld: %s",
                                          (long long)marks[i].step, marks[i].text));
            return;
        }
}

static void react(View *view, const Span *span, const UiRegion *region) {
    if (region->is_double)
        view_go_to_now(view);
    else if (region->is_held)
        view_go_to(view, step_at(span, region->x));
    else if (region->is_hot)
        explain_mark(view, span, region->x);
}

void timeline_frame(View *view, Rect rect) {
    cairo_t *cairo = view->ui.cairo;
    const Style *style = &view->style;
    Span span = {{rect.x + 8, rect.y + 4, rect.width - 16, rect.height - 22},
                 (double)stage_n_steps(view->stage, view->shown)};
    widget_card(cairo, style, rect);
    UiRegion region = ui_region(&view->ui, ID_TIMELINE, rect, 0, CURSOR_HAND);
    draw_loss(view, &span, cairo);
    draw_marks(view, &span, cairo);
    draw_head(view, &span, cairo);
    Arena *arena = &view->ui.arena;
    double base = rect.y + rect.height - 6;
    label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_LEFT, 0}, style->muted, span.plot.x, base,
               "0");
    label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_RIGHT, 0}, style->muted,
               span.plot.x + span.plot.width, base, label_number(arena, span.last, 7));
    react(view, &span, &region);
}
