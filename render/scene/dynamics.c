/* A run as a whole over its steps: the loss, dimensions per feature D*, and how many features are
 * represented. More of them than there are dimensions is superposition. */
#include "render/draw/label.h"
#include "render/scene/loss_plot.h"

#include <math.h>

static const double most_dimensions = 2; /* of a D* that is shown: weights that are still small
                                            have any */

typedef struct Content {
    Course course;
    LossPlot *loss;
    double *dimensions, *represented; /* [n] of the moments */
    int n_features, n_hidden;
} Content;

static const char *refuses(const SceneInput *input) {
    (void)input;
    return NULL;
}

static CoursePlot dimensions_plot(const Content *content, bool is_small) {
    static const double middle[] = {0.5};
    static const NamedLevel levels[] = {{1, "1 each"}, {0.5, "1/2: pairs"}};
    double most = 0.5;
    for (int run = 0; run < 2; run++) {
        int n;
        const Moment *moments = course_moments(&content->course, run, &n);
        for (int i = 0; i < n; i++)
            if (moments[i].dimensions_per_feature > most)
                most = fmin(moments[i].dimensions_per_feature, most_dimensions);
    }
    bool has_levels = content->course.input->state->has_overlays;
    return (CoursePlot){.y = {.label = "dimensions per feature <i>D</i>*",
                              .from = 0,
                              .to = 1.06 * most,
                              .ticks = middle,
                              .n_ticks = is_small},
                        .share = 1,
                        .levels = levels,
                        .n_levels = has_levels ? 2 : 0};
}

/* As many as there are dimensions is a level of its own. */
static CoursePlot represented_plot(const Content *content, bool is_small) {
    Arena *arena = content->course.input->arena;
    int n = content->n_features, m = content->n_hidden;
    NamedLevel *level = ARENA_NEW(arena, NamedLevel, 1);
    double *ticks = ARENA_NEW(arena, double, 3);
    ticks[0] = n;
    ticks[2] = n / 2; // NOLINT(bugprone-integer-division): a number of features
    *level = (NamedLevel){m, arena_print(arena, "<i>m</i> = %d", m)};
    return (CoursePlot){.y = {.label = "features represented",
                              .from = 0,
                              .to = 1.06 * n,
                              .ticks = ticks,
                              .n_ticks = is_small  ? 1
                                         : n >= 10 ? 3
                                                   : 2},
                        .share = 1,
                        .levels = level,
                        .n_levels = 1};
}

static Content *lay_out(const SceneInput *input, Rect rect, const Style *style) {
    Content *content = ARENA_NEW(input->arena, Content, 1);
    Course *course = &content->course;
    const Model *model = history_model(input->history, input->moment);
    content->n_features = model->n_features;
    content->n_hidden = model->n_hidden;
    *course = course_of(input);
    content->dimensions = ARENA_NEW(input->arena, double, course->n);
    content->represented = ARENA_NEW(input->arena, double, course->n);
    for (int i = 0; i < course->n; i++) {
        content->dimensions[i] = course->moments[i].dimensions_per_feature;
        content->represented[i] = course->moments[i].features_represented;
    }
    content->loss = loss_plot_of(course, style);
    course->n_plots = 3;
    bool is_small = rect.height < 260; /* no room for several numbers in a plot */
    course->plots[0] = content->loss->plot;
    course->plots[0].share = 1.2;
    course->plots[1] = dimensions_plot(content, is_small);
    course->plots[2] = represented_plot(content, is_small);
    course_place(course, rect, style);
    return content;
}

static void draw(const SceneInput *input, cairo_t *cairo, Rect rect, const Style *style) {
    const Content *content = lay_out(input, rect, style);
    const Course *course = &content->course;
    const CourseLine dimensions = {content->dimensions, style_category(style, 0),
                                   1.6 * style->line};
    const CourseLine represented = {content->represented, style_category(style, 2),
                                    1.6 * style->line};
    course_draw_frames(course, cairo, style);
    loss_plot_draw(content->loss, course, 0, cairo, style);
    course_draw_lines(course, 1, cairo, &dimensions, 1);
    course_draw_lines(course, 2, cairo, &represented, 1);
    course_draw_signs(course, cairo, style);
}

static bool pick(const SceneInput *input, Rect rect, const Style *style, double x, double y,
                 Pick *pick) {
    const Content *content = lay_out(input, rect, style);
    int plot, moment;
    if (!course_pick(&content->course, x, y, pick, &plot, &moment))
        return false;
    if (plot == 0)
        loss_plot_pick(content->loss, &content->course, moment, pick);
    else if (plot == 1)
        pick_say(pick, arena_print(input->arena, "%s: <i>D</i>* = %s", pick->text,
                                   label_number(input->arena, content->dimensions[moment], 4)));
    else if (plot == 2)
        pick_say(pick, arena_print(input->arena,
                                   "%s: %d of %d features represented, in %d "
                                   "dimensions",
                                   pick->text, (int)content->represented[moment],
                                   content->n_features, content->n_hidden));
    return true;
}

extern const SceneKind scene_dynamics;
const SceneKind scene_dynamics = {
    .kind = {.name = "dynamics",
             .summary = "loss, dimensions per feature and features represented, over the steps",
             .source = "Elhage et al. 2022, Superposition and learning dynamics"},
    .refuses = refuses,
    .draw = draw,
    .pick = pick,
};
