#include "render/scene/course.h"

#include "render/draw/label.h"
#include "render/scene/time_sign.h"

#include <math.h>

enum { FIRST_STEPS = 10 }; /* on the axis at least: steps are whole */
static const double label_row = 20, sign_row = 15, between = 10, sign_size = 10, reach = 6,
                    faded =
                        0.5; /* a sign's line behind the curves, of which some have its colour */

Course course_of(const SceneInput *input) {
    Course course = {.input = input};
    course.moments = history_moments(input->history, &course.n);
    int64_t last = FIRST_STEPS;
    for (int i = 0; i < 2; i++) {
        int n;
        const Moment *moments = course_moments(&course, i, &n);
        last = n && moments[n - 1].step > last ? moments[n - 1].step : last;
    }
    course.steps = (Axis){.label = "step", .from = 0, .to = (double)last};
    return course;
}

const Moment *course_moments(const Course *course, int run, int *n) {
    const History *history = run ? course->input->beside : course->input->history;
    *n = 0;
    return history ? history_moments(history, n) : NULL;
}

/* ---- layout ---- */

/* Where the viewer stands, unless that is at the newest moment. */
static bool has_playhead(const Course *course) {
    return course->n && course->input->step < course->moments[course->n - 1].step;
}

static bool has_signs(const Course *course) {
    int n, n_beside = 0;
    history_marks(course->input->history, &n);
    if (course->input->beside)
        history_marks(course->input->beside, &n_beside);
    return n || n_beside || has_playhead(course);
}

static LevelsPanel frame_of(const Course *course, int plot) {
    const CoursePlot *it = &course->plots[plot];
    LevelsPanel panel = {.curves = {.axes = {.x = course->steps, .y = it->y, .left = course->left}},
                         .levels = it->levels,
                         .n_levels = it->n_levels,
                         .right = course->right};
    bool is_last = plot == course->n_plots - 1;
    panel.curves.axes.y.label = NULL;
    panel.curves.axes.x.hides_numbers = !is_last;
    if (!is_last || course->rect.height < 300)
        panel.curves.axes.x.label = NULL;
    return panel;
}

static Rect plot_of(const Course *course, int plot, Rect rect, const Style *style) {
    LevelsPanel panel = frame_of(course, plot);
    rect.width -= course->right;
    return curves_panel_plot(rect, &panel.curves, style);
}

/* The rectangle of a plot with its numbers, but without its label's row; `rect` is that of all. */
static Rect frame_rect(const Course *course, int plot, Rect rect, const Style *style) {
    double head = has_signs(course) ? sign_row : 0, foot[MAX_COURSE_PLOTS], shares = 0;
    double room = rect.height - head - between * (course->n_plots - 1);
    for (int p = 0; p < course->n_plots; p++) {
        Rect plain = {0, 0, rect.width, 1000};
        foot[p] = 1000 - plot_of(course, p, plain, style).height;
        room -= label_row + foot[p];
        shares += course->plots[p].share;
    }
    Rect frame = {rect.x, rect.y + head, rect.width, 0};
    for (int p = 0; p <= plot; p++) {
        frame.y += frame.height + (p ? between : 0) + label_row;
        frame.height = foot[p] + fmax(room, 0) * course->plots[p].share / shares;
    }
    return frame;
}

void course_place(Course *course, Rect rect, const Style *style) {
    course->rect = rect;
    course->left = course->right = 0;
    for (int p = 0; p < course->n_plots; p++) {
        const CoursePlot *plot = &course->plots[p];
        if (plot->n_levels)
            course->right =
                fmax(course->right, levels_panel_room(style, plot->levels, plot->n_levels));
    }
    double left = 0;
    for (int p = 0; p < course->n_plots; p++) {
        Rect frame = frame_rect(course, p, rect, style);
        left = fmax(left, plot_of(course, p, frame, style).x - rect.x);
    }
    course->left = left;
    for (int p = 0; p < course->n_plots; p++)
        course->plots[p].rect = plot_of(course, p, frame_rect(course, p, rect, style), style);
}

/* ---- drawing ---- */

static void draw_head(const Course *course, int plot, cairo_t *cairo, const Style *style) {
    const CoursePlot *it = &course->plots[plot];
    double y = it->rect.y - 10 - (plot == 0 && has_signs(course) ? sign_row : 0);
    double room = course->rect.width, used = 0;
    if (it->y.label)
        used = label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, room}, style->ink,
                          course->rect.x, y, it->y.label) +
               28;
    double width = 0;
    for (int i = 0; i < it->n_legend; i++)
        width += 48 + label_width(style, (Label){TEXT_SMALL, ALIGN_LEFT, 0}, it->legend[i].name);
    double right = it->rect.x + it->rect.width;
    if (it->n_legend && width < right - course->rect.x - used)
        legend_draw(cairo, style, it->legend, it->n_legend, right - width + 22, y, width);
}

void course_draw_frames(const Course *course, cairo_t *cairo, const Style *style) {
    for (int p = 0; p < course->n_plots; p++) {
        LevelsPanel panel = frame_of(course, p);
        levels_panel_draw(cairo, frame_rect(course, p, course->rect, style), &panel, style);
        draw_head(course, p, cairo, style);
    }
}

/* A value's place on the page, at most a little outside of the plot: a line that leaves it still
 * shows whither. */
static double place_of(const CoursePlot *plot, double value) {
    double place = axis_place(&plot->y, value);
    return plot->rect.y + plot->rect.height * (1 - fmin(fmax(place, -0.02), 1.02));
}

void course_draw_lines(const Course *course, int plot, cairo_t *cairo, const CourseLine *lines,
                       int n_lines) {
    Arena scratch = {0};
    const CoursePlot *it = &course->plots[plot];
    TraceLine *traces = ARENA_NEW(&scratch, TraceLine, n_lines);
    for (int l = 0; l < n_lines; l++) {
        double *x = ARENA_NEW(&scratch, double, course->n);
        double *y = ARENA_NEW(&scratch, double, course->n);
        int n = 0;
        for (int i = 0; i < course->n; i++)
            if (!isnan(axis_place(&it->y, lines[l].y[i]))) {
                double place = axis_place(&course->steps, (double)course->moments[i].step);
                x[n] = it->rect.x + it->rect.width * place;
                y[n++] = place_of(it, lines[l].y[i]);
            }
        traces[l] = (TraceLine){n, x, y, lines[l].color, lines[l].width};
    }
    const double edge = 1;
    Rect clip = {it->rect.x - edge, it->rect.y - edge, it->rect.width + 2 * edge,
                 it->rect.height + 2 * edge};
    trace_draw(cairo, clip, traces, n_lines);
    for (int l = 0; l < n_lines; l++) { /* what has only begun is no line yet */
        if (traces[l].n != 1)
            continue;
        mark_path(cairo, MARK_DISC, traces[l].x[0], traces[l].y[0], 4);
        canvas_set_color(cairo, traces[l].color);
        cairo_fill(cairo);
    }
    arena_release(&scratch);
}

static void upright(const Course *course, cairo_t *cairo, double x, double from) {
    cairo_move_to(cairo, x, from);
    for (int p = 0; p < course->n_plots; p++) {
        const Rect *plot = &course->plots[p].rect;
        cairo_move_to(cairo, x, p ? plot->y : from);
        cairo_line_to(cairo, x, plot->y + plot->height);
    }
    cairo_stroke(cairo);
}

static double x_of(const Course *course, int64_t step) {
    const Rect *plot = &course->plots[0].rect;
    return plot->x + plot->width * axis_place(&course->steps, (double)step);
}

/* Its step stands beside it, on the side that has room. */
static void draw_playhead(const Course *course, cairo_t *cairo, const Style *style) {
    const Rect *plot = &course->plots[0].rect;
    double x = x_of(course, course->input->step), y = plot->y - sign_row + 4;
    bool is_right = x < plot->x + plot->width / 2;
    canvas_set_color(cairo, style->ink);
    cairo_set_line_width(cairo, style->line);
    upright(course, cairo, x, y);
    mark_path(cairo, MARK_DISC, x, y, 6);
    mark_paint(cairo, style, MARK_DISC, style->ink);
    if (plot->width < 400)
        return; /* there may be signs on both sides */
    label_draw(cairo, style, (Label){TEXT_SMALL, is_right ? ALIGN_LEFT : ALIGN_RIGHT, 0},
               style->ink, x + (is_right ? 7 : -7), y + 4,
               arena_print(course->input->arena, "step %lld", (long long)course->input->step));
}

void course_draw_signs(const Course *course, cairo_t *cairo, const Style *style) {
    const double dashes[] = {1, 3};
    int n;
    const TimeMark *marks = history_marks(course->input->history, &n);
    double top = course->plots[0].rect.y;
    cairo_save(cairo);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_BUTT);
    for (int i = 0; i < n; i++) {
        double x = x_of(course, marks[i].step);
        if (!(x <= course->plots[0].rect.x + course->plots[0].rect.width + 0.5))
            continue; /* a change that comes later */
        cairo_set_dash(cairo, dashes, 2, 0);
        cairo_set_line_width(cairo, style->line);
        canvas_set_color(cairo, style_tint(style, time_sign_color(style, marks[i].kind), faded));
        upright(course, cairo, x, top);
        cairo_set_dash(cairo, dashes, 0, 0);
        time_sign_draw(cairo, style, marks[i].kind, x, top - sign_row / 2, sign_size);
    }
    if (has_playhead(course))
        draw_playhead(course, cairo, style);
    cairo_restore(cairo);
}

/* ---- pointing ---- */

static int nearest_moment(const Course *course, double step) {
    int at = history_moment_at(course->input->history, (int64_t)step);
    const Moment *near = &course->moments[at];
    if (at + 1 < course->n && (double)near[1].step - step < step - (double)near[0].step)
        at++;
    return at;
}

static bool pick_mark(const Course *course, double x, double y, Pick *pick) {
    int n;
    const TimeMark *marks = history_marks(course->input->history, &n);
    double top = course->plots[0].rect.y;
    for (int i = n - 1; i >= 0; i--)
        if (y < top && y > top - sign_row - 2 && fabs(x - x_of(course, marks[i].step)) < reach) {
            pick->step = marks[i].step;
            pick_say(pick, arena_print(course->input->arena, "step %lld: %s",
                                       (long long)marks[i].step, marks[i].text));
            return true;
        }
    return false;
}

bool course_pick(const Course *course, double x, double y, Pick *pick, int *plot, int *moment) {
    const Rect *first = &course->plots[0].rect, *last = &course->plots[course->n_plots - 1].rect;
    *plot = *moment = -1;
    if (!course->n || x < first->x - reach || x > first->x + first->width + reach ||
        y < first->y - sign_row || y > last->y + last->height)
        return false;
    double place = fmin(fmax((x - first->x) / first->width, 0), 1);
    *moment = nearest_moment(course, axis_value(&course->steps, place));
    if (pick_mark(course, x, y, pick))
        return true;
    pick->step = course->moments[*moment].step;
    pick_say(pick, arena_print(course->input->arena, "step %lld", (long long)pick->step));
    for (int p = 0; p < course->n_plots; p++)
        if (y >= course->plots[p].rect.y - reach &&
            y <= course->plots[p].rect.y + course->plots[p].rect.height + reach)
            *plot = p;
    return true;
}
