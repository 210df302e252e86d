/* How much of a dimension each feature has to itself, over the steps: lines that gather at the
 * levels of polytopes, above the loss, which falls where they do. Of more features than lines can
 * be told apart it is where they are dense that is drawn. */
#include "render/draw/label.h"
#include "render/draw/raster.h"
#include "render/scene/loss_plot.h"
#include "sim/theory/bounds.h"

#include <math.h>
#include <string.h>

enum { MOST_LINES = 30, SHADES = 64 };
static const double represented = 0.5, level_gap = 14;
static const float top = 1.04f; /* of the axis */

typedef struct Content {
    Course course;
    LossPlot *loss;
    LegendEntry legend[2];
} Content;

static const char *refuses(const SceneInput *input) {
    int n;
    const Moment *moments = history_moments(input->history, &n);
    return n && !moments[0].dimensionality
               ? "the dimensionality of more than 2000 features is not followed"
               : NULL;
}

/* ---- levels ---- */

/* From what is named first where there is no room for all. */
static int rank_of(const DimensionalityLevel *level) {
    static const char *const first[] = {"1/2", "2/3", "2/5", "3/4", "3/8"};
    const int n = sizeof first / sizeof *first;
    int rank = 0;
    while (rank < n && strcmp(first[rank], level->text) != 0)
        rank++;
    return rank;
}

/* Those that the model has the dimensions for. Their polytopes are named where overlays are on and
 * there is room beside the plot. */
static void add_levels(const SceneInput *input, CoursePlot *plot, double width, double height) {
    NamedLevel *levels = ARENA_NEW(input->arena, NamedLevel, n_dimensionality_levels);
    int n_hidden = history_model(input->history, input->moment)->n_hidden;
    bool has_names = input->state->has_overlays && width > 500;
    int n_named = (int)(height / level_gap) - 4; /* they lie close together: not all have room */
    for (int l = 0; l < n_dimensionality_levels; l++) {
        const DimensionalityLevel *level = &dimensionality_levels[l];
        if (level->n_dimensions <= n_hidden &&
            (n_named >= n_dimensionality_levels || rank_of(level) < n_named / 2 + 2))
            levels[plot->n_levels++] =
                (NamedLevel){level->value, has_names ? arena_print(input->arena, "%s  %s",
                                                                   level->text, level->polytope)
                                                     : level->text};
    }
    plot->levels = levels;
}

/* ---- layout ---- */

static Color color_of(const Style *style, bool is_represented) {
    return style_category(style, is_represented ? 0 : 1);
}

static int n_features_of(const SceneInput *input) {
    return history_model(input->history, input->moment)->n_features;
}

/* Colours say what holds at the moment that is looked at. */
static void add_legend(const SceneInput *input, Content *content, const Style *style) {
    const Moment *now = &content->course.moments[input->moment];
    int n = n_features_of(input), n_kept = now->features_represented;
    CoursePlot *plot = &content->course.plots[0];
    plot->legend = content->legend;
    for (int is_kept = 1; is_kept >= 0; is_kept--) {
        int n_alike = is_kept ? n_kept : n - n_kept;
        if (n_alike && n <= MOST_LINES)
            content->legend[plot->n_legend++] =
                (LegendEntry){.name = arena_print(input->arena, "%d %srepresented", n_alike,
                                                  is_kept ? "" : "not "),
                              .color = color_of(style, is_kept),
                              .has_line = true};
    }
}

static Content *lay_out(const SceneInput *input, Rect rect, const Style *style) {
    static const double few[] = {0, 1}, ticks[] = {0, 0.25, 0.5, 0.75, 1};
    Content *content = ARENA_NEW(input->arena, Content, 1);
    Course *course = &content->course;
    *course = course_of(input);
    content->loss = loss_plot_of(course, style);
    course->n_plots = 2;
    course->plots[0] = (CoursePlot){.y = {.label = "dimensionality <i>D<sub>i</sub></i>",
                                          .from = 0,
                                          .to = (double)top,
                                          .ticks = rect.height > 300 ? ticks : few,
                                          .n_ticks = rect.height > 300 ? 5 : 2},
                                    .share = 2};
    course->plots[1] = content->loss->plot;
    course->plots[1].share = 1;
    add_levels(input, &course->plots[0], rect.width, (rect.height - 90) * 2 / 3);
    add_legend(input, content, style);
    course_place(course, rect, style);
    return content;
}

/* ---- drawing ---- */

static double *course_of_feature(const Course *course, int feature) {
    double *y = ARENA_NEW(course->input->arena, double, course->n);
    for (int i = 0; i < course->n; i++)
        y[i] = (double)course->moments[i].dimensionality[feature];
    return y;
}

/* Neighbours differ a little in shade; what is represented lies on top. */
static void draw_features(const Content *content, int n, cairo_t *cairo, const Style *style) {
    const Course *course = &content->course;
    const SceneInput *input = course->input;
    const Moment *now = &course->moments[input->moment];
    CourseLine lines[MOST_LINES];
    int n_lines = 0;
    for (int is_kept = 0; is_kept < 2; is_kept++)
        for (int i = 0; i < n; i++) {
            if (((double)now->feature_norm[i] > represented) != is_kept)
                continue;
            double shade = (input->selected >= 0 ? 0.6 : 1) * (1 - 0.35 * i / n);
            lines[n_lines++] =
                (CourseLine){course_of_feature(course, i),
                             style_tint(style, color_of(style, is_kept), shade), 1.3 * style->line};
        }
    course_draw_lines(course, 0, cairo, lines, n_lines);
}

/* Adds 1 to the rows of a column that a line of that thickness from row y0 to y1 covers. */
static void add_cover(float *column, int n_rows, float y0, float y1) {
    const float half = 0.7f;
    float from = (y0 < y1 ? y0 : y1) - half, to = (y0 < y1 ? y1 : y0) + half;
    from = from > 0 ? from : 0;
    to = to < (float)n_rows ? to : (float)n_rows;
    if (!(from < to))
        return;
    int first = (int)from, last = (int)to - ((float)(int)to == to); /* ceil is a call */
    for (int row = first; row <= last; row++)
        column[row] += 1;
    column[first] -= from - (float)first;
    column[last] -= (float)(last + 1) - to;
}

/* The moment that each column stands for: the last before its right edge; -1: beyond all. */
static int *moments_of(const Course *course, int n_columns) {
    int *moment = ARENA_NEW(course->input->arena, int, n_columns);
    double end = axis_place(&course->steps, (double)course->moments[course->n - 1].step);
    for (int c = 0, i = 0; c < n_columns; c++) {
        while (i + 1 < course->n &&
               axis_place(&course->steps, (double)course->moments[i + 1].step) * n_columns <= c + 1)
            i++;
        moment[c] = c <= end * n_columns ? i : -1;
    }
    return moment;
}

/* A single feature is seen, a hundred on one level are not a hundred times as dark. */
static void fill_shades(uint32_t *shades, const Style *style) {
    for (int k = 0; k < SHADES; k++) {
        double share = (double)k / (SHADES - 1);
        shades[k] = raster_pixel(
            style_tint(style, color_of(style, true), fmin(4 * share, 0.2 + 0.8 * share)));
    }
}

/* The cells [n_rows][n_columns] of the plot by how many features pass through each. */
static void fill_cells(const Course *course, int n, int n_rows, int n_columns,
                       const uint32_t *shades, uint32_t *cells) {
    const int *moment = moments_of(course, n_columns);
    float *column = ARENA_NEW(course->input->arena, float, n_rows);
    float *y = ARENA_NEW(course->input->arena, float, n), scale = (float)n_rows / top;
    float full = log1pf(fmaxf((float)n / 8, 4));
    for (int i = 0; i < n; i++)
        y[i] = (float)n_rows - scale * course->moments[0].dimensionality[i];
    for (int i = 0; i < n_rows * n_columns; i++)
        cells[i] = shades[0];
    for (int c = 0; c < n_columns && moment[c] >= 0; c++) {
        const float *now = course->moments[moment[c]].dimensionality;
        for (int i = 0; i < n; i++) {
            float before = y[i];
            y[i] = (float)n_rows - scale * now[i];
            add_cover(column, n_rows, before, y[i]);
        }
        for (int row = 0; row < n_rows; row++) {
            if (!(column[row] > 0))
                continue;
            int shade = (int)(SHADES * log1pf(column[row]) / full);
            cells[(size_t)row * n_columns + c] = shades[shade < SHADES ? shade : SHADES - 1];
            column[row] = 0;
        }
    }
}

static void draw_density(const Content *content, int n, cairo_t *cairo, const Style *style) {
    const Course *course = &content->course;
    Rect plot = course->plots[0].rect;
    int n_columns = (int)fmax(plot.width, 1), n_rows = (int)fmax(plot.height, 1);
    uint32_t *cells = ARENA_NEW(course->input->arena, uint32_t, (size_t)n_columns * n_rows);
    uint32_t shades[SHADES];
    fill_shades(shades, style);
    fill_cells(course, n, n_rows, n_columns, shades, cells);
    raster_draw(cairo, plot, cells, n_rows, n_columns, 1);
}

static void draw_selected(const Content *content, cairo_t *cairo, const Style *style) {
    const Course *course = &content->course;
    int selected = course->input->selected;
    if (selected < 0 || selected >= n_features_of(course->input))
        return;
    const double *y = course_of_feature(course, selected);
    const CourseLine lines[] = {{y, style->background, 4.2 * style->line},
                                {y, style->ink, 2 * style->line}};
    course_draw_lines(course, 0, cairo, lines, 2);
}

static void draw(const SceneInput *input, cairo_t *cairo, Rect rect, const Style *style) {
    const Content *content = lay_out(input, rect, style);
    int n = n_features_of(input);
    if (n > MOST_LINES)
        draw_density(content, n, cairo, style);
    course_draw_frames(&content->course, cairo, style);
    if (n <= MOST_LINES)
        draw_features(content, n, cairo, style);
    draw_selected(content, cairo, style);
    loss_plot_draw(content->loss, &content->course, 1, cairo, style);
    course_draw_signs(&content->course, cairo, style);
}

/* ---- pointing ---- */

/* The feature whose dimensionality is nearest to the pointer; -1: none is near. */
static int nearest_feature(const Course *course, const Moment *at, int n, double y) {
    const double reach = 7;
    const CoursePlot *plot = &course->plots[0];
    int nearest = -1;
    double least = reach;
    for (int i = 0; i < n; i++) {
        double place = axis_place(&plot->y, (double)at->dimensionality[i]);
        double away = fabs(plot->rect.y + plot->rect.height * (1 - place) - y);
        if (away < least || (away <= least && i == course->input->selected)) {
            least = away;
            nearest = i;
        }
    }
    return nearest;
}

static bool pick(const SceneInput *input, Rect rect, const Style *style, double x, double y,
                 Pick *pick) {
    const Content *content = lay_out(input, rect, style);
    const Course *course = &content->course;
    int plot, moment;
    if (!course_pick(course, x, y, pick, &plot, &moment))
        return false;
    if (plot == 1)
        loss_plot_pick(content->loss, course, moment, pick);
    if (plot != 0)
        return true;
    const Moment *at = &course->moments[moment];
    int i = pick->feature = nearest_feature(course, at, n_features_of(input), y);
    if (i >= 0)
        pick_say(pick, arena_print(input->arena, "%s: feature %d, <i>D</i> = %s, ‖<i>W</i>‖ = %s",
                                   pick->text, i,
                                   label_number(input->arena, (double)at->dimensionality[i], 4),
                                   label_number(input->arena, (double)at->feature_norm[i], 4)));
    return true;
}

extern const SceneKind scene_dimensionality;
const SceneKind scene_dimensionality = {
    .kind = {.name = "dimensionality",
             .summary = "how much of a dimension each feature has, over the steps, above the loss",
             .source = "Elhage et al. 2022, Superposition and learning dynamics"},
    .refuses = refuses,
    .draw = draw,
    .pick = pick,
};
