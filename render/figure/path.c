/* The way of one run: how its directions lie at some of its snapshots, and where these are on the
 * way of its loss, beside those of the other restarts (the paper's geometric transformations). */
#include "render/draw/label.h"
#include "render/figure/arrows.h"
#include "render/figure/followed.h"
#include "render/panel/curves.h"
#include "sim/store/course.h"

#include <math.h>

enum { MAX_OTHERS = 100, LINES = 3 };
static const double body_width = 1040, cell_gap = 14, caption_height = 76, curve_height = 230;

typedef struct PathSettings {
    FollowedSettings followed;
    const Yaml *steps; /* NULL or "auto", or a list */
    int64_t from;      /* step */
} PathSettings;

typedef struct Content {
    int n_cells;
    Arrows arrows[FOLLOWED_STEPS];
    const char *captions[FOLLOWED_STEPS][LINES]; /* markup; NULL: none */
    double side;                                 /* of a cell */
    CurvesPanel curves;
} Content;

static void draw_cells(const Content *content, cairo_t *cairo, Rect body, const Style *style) {
    static const TextRole roles[LINES] = {TEXT_HEADING, TEXT_SMALL, TEXT_SMALL};
    double pitch = (body.width + cell_gap) / content->n_cells, room = pitch - cell_gap;
    for (int c = 0; c < content->n_cells; c++) {
        double x = body.x + pitch * c, middle = x + room / 2;
        arrows_draw(cairo, (Rect){middle - content->side / 2, body.y, content->side, content->side},
                    &content->arrows[c], style);
        double y = body.y + content->side + 20;
        for (int line = 0; line < LINES; line++)
            if (content->captions[c][line])
                label_draw(cairo, style, (Label){roles[line], ALIGN_CENTER, room},
                           line ? style->muted : style->ink, middle, y + 16 * line,
                           content->captions[c][line]);
    }
}

static void draw_body(const void *content, cairo_t *cairo, Rect body, const Style *style) {
    const Content *path = content;
    draw_cells(path, cairo, body, style);
    Rect below = {body.x, body.y + body.height - curve_height, body.width, curve_height};
    curves_panel_draw(cairo, below, &path->curves, style);
}

/* The loss at a step; NaN where it was not measured. */
static double loss_at(const StoreCourse *course, int64_t step) {
    for (int64_t k = 0; k < course->n; k++)
        if (course->steps[k] == step)
            return course->values[k];
    return (double)NAN;
}

static bool fill_cells(const FigureInput *input, const Followed *followed, const StoreCourse *loss,
                       const int64_t *steps, Content *content, ShownModel *shown, Error *error) {
    int n = content->n_cells;
    for (int c = 0; c < n; c++)
        if (!shown_at(input, &followed->shown, steps[c], &shown[c], error))
            return false;
    if (!arrows_fill(input, shown, n, content->arrows, error))
        return false;
    for (int c = 0; c < n; c++) {
        double value = loss_at(loss, steps[c]);
        content->arrows[c].space.camera = content->arrows[n - 1].space.camera;
        content->captions[c][0] = arena_print(input->arena, "%d · step %s", c + 1,
                                              label_number(input->arena, (double)steps[c], 9));
        if (!arrows_describe(input, &shown[c], &content->captions[c][1], error))
            return false;
        if (!isnan(value))
            content->captions[c][2] =
                arena_print(input->arena, "loss %s", label_number(input->arena, value, 3));
    }
    return true;
}

static const double *as_reals(const int64_t *values, int64_t n, Arena *arena) {
    double *reals = ARENA_NEW(arena, double, n);
    for (int64_t i = 0; i < n; i++)
        reals[i] = (double)values[i];
    return reals;
}

static CurveSeries series_of(const StoreCourse *course, Color color, Arena *arena) {
    return (CurveSeries){.color = color,
                         .has_line = true,
                         .n = course->n,
                         .x = as_reals(course->steps, course->n, arena),
                         .y = course->values};
}

static bool add_others(const FigureInput *input, const Followed *followed, CurveSeries *series,
                       int *n, Error *error) {
    for (int64_t r = 0; r < followed->n_runs && *n < MAX_OTHERS; r++) {
        StoreCourse course;
        if (followed->runs[r].id == followed->shown.run->id)
            continue;
        if (!store_course(input->store, &followed->runs[r], "loss", input->arena, &course, error))
            return false;
        series[*n] = series_of(&course, input->style->faint, input->arena);
        series[*n].name = *n ? NULL : "the other restarts";
        ++*n;
    }
    return true;
}

/* Its own last, over the others; a disc where a cell is. */
static bool fill_curves(const FigureInput *input, const Followed *followed, const StoreCourse *loss,
                        const int64_t *steps, Content *content, Error *error) {
    Arena *arena = input->arena;
    CurveSeries *series = ARENA_NEW(arena, CurveSeries, MAX_OTHERS + 2);
    CurveGuide *guides = ARENA_NEW(arena, CurveGuide, FOLLOWED_STEPS);
    double *x = ARENA_NEW(arena, double, FOLLOWED_STEPS),
           *y = ARENA_NEW(arena, double, FOLLOWED_STEPS);
    int n = 0;
    if (!add_others(input, followed, series, &n, error))
        return false;
    bool has_others = n > 0;
    series[n] = series_of(loss, style_category(input->style, 2), arena);
    series[n++].name = has_others ? "this run" : NULL;
    for (int c = 0; c < content->n_cells; c++) {
        x[c] = (double)steps[c];
        y[c] = loss_at(loss, steps[c]);
        guides[c] = (CurveGuide){
            .is_vertical = true, .value = x[c], .label = arena_print(arena, "%d", c + 1)};
    }
    series[n] = (CurveSeries){.color = style_category(input->style, 2),
                              .mark = MARK_DISC,
                              .mark_size = 8,
                              .n = content->n_cells,
                              .x = x,
                              .y = y};
    n++;
    content->curves = (CurvesPanel){.axes = {.x = {.label = "step", .form = AXIS_LOG},
                                             .y = {.label = "loss <i>L</i>", .form = AXIS_LOG}},
                                    .series = series,
                                    .n_series = n,
                                    .guides = guides,
                                    .n_guides = content->n_cells};
    curves_panel_cover(&content->curves);
    content->curves.axes.x.from = fmax(1, (double)((const PathSettings *)input->settings)->from);
    return true;
}

static bool fill(const FigureInput *input, const Followed *followed, Content *content, Page *page,
                 Error *error) {
    const PathSettings *settings = input->settings;
    const StoredRun *run = followed->shown.run;
    int64_t steps[FOLLOWED_STEPS];
    ShownModel shown[FOLLOWED_STEPS];
    StoreCourse loss;
    if (!followed_steps(input, followed, settings->steps, steps, &content->n_cells, error) ||
        !store_course(input->store, run, "loss", input->arena, &loss, error) ||
        !fill_cells(input, followed, &loss, steps, content, shown, error))
        return false;
    double room = body_width / content->n_cells - cell_gap;
    content->side = fmin(room, 240);
    arrows_explain(input, shown, content->n_cells, content->arrows, page);
    return fill_curves(input, followed, &loss, steps, content, error);
}

static bool compose(const FigureInput *input, Picture *picture, Error *error) {
    const PathSettings *settings = input->settings;
    Content *content = ARENA_NEW(input->arena, Content, 1);
    Followed followed;
    Page page = {.width = body_width, .content = content, .draw_body = draw_body};
    if (!followed_read(input, settings->followed.run, &followed, error) ||
        !fill(input, &followed, content, &page, error))
        return false;
    page.common = followed.about;
    page.height = content->side + caption_height + curve_height;
    return page_compose(&page, input, picture, error);
}

static const Field fields[] = {
    FOLLOWED_FIELD,
    {.name = "steps",
     .type = FIELD_TREE,
     .offset = offsetof(PathSettings, steps),
     .fallback = "auto",
     .help = "which snapshots, up to eight: a list of steps, of which the nearest snapshots are "
             "taken; auto: six"},
    {.name = "from",
     .type = FIELD_INTEGER,
     .offset = offsetof(PathSettings, from),
     .fallback = "1",
     .minimum = 1,
     .maximum = 1e15,
     .unit = "steps",
     .help = "where the loss curve begins"},
};

extern const FigureKind figure_path;
const FigureKind figure_path = {
    .kind = {.name = "path",
             .summary =
                 "how the directions of one run move while it trains, and its loss (n_hidden "
                 "2 or 3)",
             .source = "Elhage et al. 2022, Superposition and learning dynamics",
             .fields = fields,
             .n_fields = sizeof fields / sizeof *fields,
             .settings_size = sizeof(PathSettings)},
    .sizes = {.n_hidden = {2, 3}},
    .compose = compose,
};
