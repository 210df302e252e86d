/* Energy levels: the dimensionality of every feature of one run while it trains, over its loss,
 * with the jumps that a summary found marked in both. The y axis' ticks are the levels that
 * polytopes have. Of the loss what is above its final value is drawn, on a logarithmic axis: late
 * falls are small, and no less sharp than early ones. */
#include "render/draw/label.h"
#include "render/figure/followed.h"
#include "render/figure/page.h"
#include "render/panel/curves.h"
#include "sim/metric/overlap.h"
#include "sim/store/course.h"

#include <math.h>
#include <string.h>

enum { MAX_FEATURES_DRAWN = 400, MAX_LEVELS = 7, MAX_JUMPS = 64 };
static const double body_width = 880, upper_height = 330, lower_height = 190, between = 12,
                    left = 108;

typedef struct DynamicsSettings {
    FollowedSettings followed;
    const char *jumps; /* name of a summary level_jumps; "none" */
    int step_scale;    /* AxisForm */
} DynamicsSettings;

typedef struct Content {
    CurvesPanel levels, loss;
} Content;

/* From what is shown first where there is no room for all: shapes and their dimensionality. */
static const struct {
    double level;
    const char *label;
} known_levels[] = {{0, "0"},
                    {1 / 2., "digon 1/2"},
                    {2 / 3., "triangle 2/3"},
                    {2 / 5., "pentagon 2/5"},
                    {1, "dedicated 1"},
                    {3 / 4., "tetrahedron 3/4"},
                    {3 / 8., "antiprism 3/8"}};

static void draw_body(const void *content, cairo_t *cairo, Rect body, const Style *style) {
    const Content *dynamics = content;
    Rect upper = {body.x, body.y, body.width, upper_height};
    Rect lower = {body.x, body.y + body.height - lower_height, body.width, lower_height};
    curves_panel_draw(cairo, upper, &dynamics->levels, style);
    curves_panel_draw(cairo, lower, &dynamics->loss, style);
}

/* Those that lie on the axis and not on each other, as its ticks. */
static void add_levels(Axis *axis, double height, Arena *arena) {
    double *ticks = ARENA_NEW(arena, double, MAX_LEVELS);
    const char **labels = ARENA_NEW(arena, const char *, MAX_LEVELS);
    const double nearest = 15;
    int n = 0;
    for (int i = 0; i < MAX_LEVELS; i++) {
        double place = axis_place(axis, known_levels[i].level);
        bool fits = place >= 0 && place <= 1;
        for (int k = 0; fits && k < n; k++)
            fits = fabs(axis_place(axis, ticks[k]) - place) * height >= nearest;
        if (fits) {
            ticks[n] = known_levels[i].level;
            labels[n++] = known_levels[i].label;
        }
    }
    axis->ticks = ticks;
    axis->tick_labels = labels;
    axis->n_ticks = n;
}

static const double *as_reals(const int64_t *values, int64_t n, Arena *arena) {
    double *reals = ARENA_NEW(arena, double, n);
    for (int64_t i = 0; i < n; i++)
        reals[i] = (double)values[i];
    return reals;
}

static CurveSeries line_of(const StoreCourse *D, int feature, const double *x, Color color,
                           Arena *arena) {
    double *y = ARENA_NEW(arena, double, D->n);
    for (int64_t k = 0; k < D->n; k++)
        y[k] = D->values[k * D->n_each + feature];
    return (CurveSeries){.color = color, .has_line = true, .n = D->n, .x = x, .y = y};
}

/* Blue for what the model keeps, orange for what it drops; neighbours differ a little in shade. */
static void fill_features(const FigureInput *input, const Followed *followed, const StoreCourse *D,
                          CurvesPanel *panel) {
    static const char *const fates[2] = {"kept at the end", "dropped"};
    Arena *arena = input->arena;
    int n = (int)D->n_each;
    double *norms = ARENA_NEW(arena, double, n);
    const double *x = as_reals(D->steps, D->n, arena);
    CurveSeries *series = ARENA_NEW(arena, CurveSeries, n);
    overlap_norms(&followed->shown.model, norms);
    for (int is_dropped = 0; is_dropped < 2; is_dropped++) {
        int n_alike = 0, k = 0;
        for (int i = 0; i < n; i++)
            n_alike += (norms[i] <= REPRESENTED_NORM) == is_dropped;
        for (int i = 0; i < n; i++)
            if ((norms[i] <= REPRESENTED_NORM) == is_dropped) {
                double shade = 1 - 0.35 * k++ / (n_alike > 1 ? n_alike - 1 : 1);
                Color color =
                    style_tint(input->style, style_category(input->style, is_dropped), shade);
                series[panel->n_series] = line_of(D, i, x, color, arena);
                if (k == 1)
                    series[panel->n_series].name =
                        arena_print(arena, "%s: %d of %d features", fates[is_dropped], n_alike, n);
                panel->n_series++;
            }
    }
    panel->series = series;
}

/* The loss falls far before features come to their levels: the axis begins where it is after a
 * twentieth of the training, or at the first jump, and the curve comes in from above. */
static void fill_loss(const FigureInput *input, const StoreCourse *loss, CurvesPanel *panel) {
    CurveSeries *series = ARENA_NEW(input->arena, CurveSeries, 1);
    *series = (CurveSeries){.color = input->style->ink,
                            .has_line = true,
                            .n = loss->n,
                            .x = as_reals(loss->steps, loss->n, input->arena),
                            .y = loss->values};
    int64_t first = loss->n / 20;
    while (first && panel->n_guides && series->x[first] > panel->guides[0].value)
        first--;
    panel->series = series;
    panel->n_series = 1;
    axis_cover(&panel->axes.y, loss->values + first, loss->n - first, 0.08);
}

/* A measurement of the experiment; NULL where it was not made. */
static bool read_part(const FigureInput *input, const char *summary, const char *part,
                      const Measurement **found, Error *error) {
    const char *name = arena_print(input->arena, "%s_%s", summary, part);
    StoredMeasurement *stored = ARENA_NEW(input->arena, StoredMeasurement, 1);
    bool is_found;
    if (!store_measurement(input->store, 0, name, 0, input->arena, stored, &is_found, error))
        return false;
    *found = is_found ? &stored->measurement : NULL;
    return true;
}

static bool add_jumps(const FigureInput *input, const StoredRun *run, Content *content,
                      Error *error) {
    const DynamicsSettings *settings = input->settings;
    const Measurement *runs, *steps;
    if (strcmp(settings->jumps, "none") == 0)
        return true;
    if (!read_part(input, settings->jumps, "run", &runs, error) ||
        !read_part(input, settings->jumps, "step", &steps, error))
        return false;
    if (!runs || !steps)
        return error_set(error,
                         "jumps: %s is no summary level_jumps that was made; none: without marks",
                         settings->jumps);
    CurveGuide *guides = ARENA_NEW(input->arena, CurveGuide, MAX_JUMPS);
    int n = 0;
    for (int64_t j = 0; j < measurement_count(steps) && n < MAX_JUMPS; j++)
        if (runs->values[j] == (double)run->number)
            guides[n++] = (CurveGuide){.is_vertical = true, .value = steps->values[j]};
    content->levels.guides = content->loss.guides = guides;
    content->levels.n_guides = content->loss.n_guides = n;
    return true;
}

static bool fill(const FigureInput *input, const Followed *followed, Content *content,
                 Error *error) {
    const DynamicsSettings *settings = input->settings;
    const StoredRun *run = followed->shown.run;
    StoreCourse D, loss;
    if (!store_course(input->store, run, "feature_dimensionality", input->arena, &D, error) ||
        !store_course(input->store, run, "loss", input->arena, &loss, error))
        return false;
    if (D.n < 2 || loss.n < 2)
        return error_set(error,
                         "run %lld was not followed: %s is not among "
                         "record.metrics_over_time, or there were no snapshots",
                         (long long)run->number, D.n < 2 ? "feature_dimensionality" : "loss");
    if (D.n_each > MAX_FEATURES_DRAWN)
        return error_set(error, "%lld features would not be legible; up to %d are drawn",
                         (long long)D.n_each, MAX_FEATURES_DRAWN);
    Axis steps = {.form = (AxisForm)settings->step_scale};
    *content =
        (Content){.levels = {.axes = {.x = steps,
                                      .y = {.label = "feature dimensionality <i>D<sub>i</sub></i>"},
                                      .left = left}},
                  .loss = {.axes = {.x = steps, .y = {.label = "loss <i>L</i>"}, .left = left}}};
    fill_features(input, followed, &D, &content->levels);
    curves_panel_cover(&content->levels);
    if (!add_jumps(input, run, content, error))
        return false;
    fill_loss(input, &loss, &content->loss);
    axis_include(&content->levels.axes.y, 0);
    content->loss.axes.x = content->levels.axes.x;
    content->levels.axes.x.hides_numbers = true;
    content->loss.axes.x.label = "step";
    add_levels(&content->levels.axes.y, upper_height - 40, input->arena);
    return true;
}

static bool compose(const FigureInput *input, Picture *picture, Error *error) {
    const DynamicsSettings *settings = input->settings;
    Content *content = ARENA_NEW(input->arena, Content, 1);
    Followed followed;
    if (!followed_read(input, settings->followed.run, &followed, error) ||
        !fill(input, &followed, content, error))
        return false;
    Page page = {.subtitle = content->levels.n_guides
                                 ? "Each line is a feature; dotted: where one jumps"
                                 : "Each line is a feature",
                 .common = followed.about,
                 .width = body_width,
                 .height = upper_height + between + lower_height,
                 .content = content,
                 .draw_body = draw_body};
    return page_compose(&page, input, picture, error);
}

static const char *const scales[] = {[AXIS_LINEAR] = "linear", [AXIS_LOG] = "log", NULL};

static const Field fields[] = {
    FOLLOWED_FIELD,
    {.name = "jumps",
     .type = FIELD_TEXT,
     .offset = offsetof(DynamicsSettings, jumps),
     .fallback = "none",
     .help = "the name of a summary level_jumps, whose jumps are marked; none: no marks"},
    {.name = "step_scale",
     .type = FIELD_WORD,
     .offset = offsetof(DynamicsSettings, step_scale),
     .fallback = "linear",
     .words = scales,
     .help = "of the axis of steps"},
};

extern const FigureKind figure_dynamics;
const FigureKind figure_dynamics = {
    .kind = {.name = "dynamics",
             .summary = "every feature's dimensionality while one run trains, over its loss",
             .source = "Elhage et al. 2022, Superposition and learning dynamics",
             .fields = fields,
             .n_fields = sizeof fields / sizeof *fields,
             .settings_size = sizeof(DynamicsSettings)},
    .compose = compose,
};
