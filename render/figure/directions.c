/* The paper's introduction figure: for each point of a sweep, the features' directions in a plane.
 * Every cell has the same scale, so lengths can be compared across the page. */
#include "render/draw/label.h"
#include "render/figure/sets.h"
#include "render/figure/sheet.h"
#include "render/figure/shown.h"
#include "render/panel/directions.h"

#include <math.h>
#include <string.h>

enum { MAX_SWATCHES = 12 };

typedef struct Content {
    Sheet sheet;
    const ShownModel *shown;
    DirectionsPanel *panels; /* [n_cells] */
} Content;

static void draw_cell(const void *content, int cell, cairo_t *cairo, Rect rect,
                      const Style *style) {
    const Content *directions = content;
    if (directions->shown[cell].run)
        directions_panel_draw(cairo, rect, &directions->panels[cell], style);
    else
        label_draw(cairo, style, (Label){TEXT_SMALL, ALIGN_CENTER, rect.width}, style->muted,
                   rect.x + rect.width / 2, rect.y + rect.height / 2, "no run has finished");
}

static bool check_plane(const ShownModel *shown, int n, Error *error) {
    for (int i = 0; i < n; i++)
        if (shown[i].run && shown[i].model.n_hidden != 2)
            return error_set(error,
                             "directions are drawn in a plane, and point %lld has n_hidden: %d, "
                             "not 2; the kind gram shows any size",
                             (long long)shown[i].point, shown[i].model.n_hidden);
    return true;
}

/* The range of all importances. */
static void find_range(const ShownModel *shown, int n, double *least, double *most) {
    *least = HUGE_VAL;
    *most = -HUGE_VAL;
    for (int i = 0; i < n; i++)
        for (int f = 0; shown[i].run && f < shown[i].model.n_features; f++) {
            *least = fmin(*least, shown[i].importance[f]);
            *most = fmax(*most, shown[i].importance[f]);
        }
}

/* Importance as a colour's weight in [0, 1]: evenly, or by its logarithm where it spans decades. */
static double weight_of(double importance, double least, double most) {
    if (!(most > least))
        return 0.8;
    if (least > 0 && most / least > 50)
        return log(importance / least) / log(most / least);
    return (importance - least) / (most - least);
}

/* Of a polygon's name: only in the plane do its corners have an outline. */
static bool is_polygon(const char *name) {
    return strcmp(name, "triangle") == 0 || (text_ends(name, "gon") && strcmp(name, "digon") != 0);
}

static bool find_polygons(const FigureInput *input, const ShownModel *shown, int *polygon,
                          Error *error) {
    Measurement geometry;
    if (!shown_measure(input, shown, "geometry", "geometry", &geometry, error))
        return false;
    for (int i = 0; i < shown->model.n_features; i++) {
        int code = (int)geometry.values[i];
        bool is_named = code >= 0 && code < geometry.n_labels;
        polygon[i] = is_named && is_polygon(geometry.labels[code]) ? code : -1;
    }
    return true;
}

static bool fill_panel(const FigureInput *input, const ShownModel *shown, double least, double most,
                       DirectionsPanel *panel, Error *error) {
    int n = shown->model.n_features;
    double *weight = ARENA_NEW(input->arena, double, n);
    int *polygon = ARENA_NEW(input->arena, int, n);
    if (!find_polygons(input, shown, polygon, error))
        return false;
    for (int i = 0; i < n; i++)
        weight[i] = weight_of(shown->importance[i], least, most);
    *panel = (DirectionsPanel){n, shown->model.W, weight, polygon, sets_of(shown, input->arena), 0};
    return true;
}

static void fill_radius(const ShownModel *shown, int n, DirectionsPanel *panels) {
    double longest = 1;
    for (int i = 0; i < n; i++)
        for (int f = 0; f < panels[i].n_features; f++) {
            const float *W = shown[i].model.W + 2 * f;
            double norm = hypot((double)W[0], (double)W[1]);
            longest = norm > longest ? norm : longest;
        }
    for (int i = 0; i < n; i++)
        panels[i].radius = longest * 1.06;
}

/* "hexagon, mates at 65°". A shape without a name says less than its sets do. */
static bool describe(const FigureInput *input, const ShownModel *shown, const char **text,
                     Error *error) {
    Measurement name;
    const char *sets;
    if (!shown_measure(input, shown, "geometry", "geometry_name", &name, error) ||
        !sets_describe(input, shown, &sets, error))
        return false;
    const char *geometry = name.n_labels ? name.labels[0] : NULL;
    *text = geometry ? label_escape(input->arena, geometry) : sets;
    if (geometry && sets)
        *text = strstr(geometry, "irregular") || strstr(geometry, "collapsed")
                    ? sets
                    : arena_print(input->arena, "%s, %s", *text, sets);
    return true;
}

static bool fill_caption(const FigureInput *input, const ShownModel *shown, Caption *caption,
                         Error *error) {
    Arena *arena = input->arena;
    const char *geometry;
    *caption = (Caption){shown->caption, shown->row_caption, shown->cell_caption, {NULL}};
    if (!shown->run)
        return true;
    if (!describe(input, shown, &geometry, error))
        return false;
    const char *loss =
        isnan(shown->run->loss)
            ? NULL
            : arena_print(arena, "loss %s", label_number(arena, shown->run->loss, 3));
    if (shown->caption) {
        caption->lines[0] = geometry;
        caption->lines[1] = loss;
    } else {
        *caption = (Caption){.heading = geometry, .lines = {loss}};
    }
    return true;
}

/* Whether all models have the importances of the first one with a run, which is returned. */
static const ShownModel *common_importance(const ShownModel *shown, int n) {
    const ShownModel *first = NULL;
    for (int i = 0; i < n; i++) {
        if (!shown[i].run)
            continue;
        first = first ? first : &shown[i];
        int n_features = first->model.n_features;
        if (shown[i].model.n_features != n_features ||
            memcmp(shown[i].importance, first->importance, n_features * sizeof(double)) != 0)
            return NULL;
    }
    return first;
}

static void fill_scale(const FigureInput *input, const ShownModel *shown, int n, double least,
                       double most, Content *content) {
    if (!(most > least))
        return;
    const ShownModel *common = common_importance(shown, n);
    content->sheet.page.n_scales = 1;
    ColorScale *scale = &content->sheet.page.scales[0];
    *scale = (ColorScale){.title = "importance <i>I<sub>i</sub></i>",
                          .from_label = label_number(input->arena, most, 3),
                          .to_label = label_number(input->arena, least, 3),
                          .color = style_weight,
                          .from = 1,
                          .to = 0};
    for (int i = 0; common && i < n; i++)
        if (content->panels[i].n_features && content->panels[i].n_features <= MAX_SWATCHES) {
            scale->values = content->panels[i].weight;
            scale->n_values = content->panels[i].n_features;
        }
}

/* A cell's side: few cells are drawn larger, many, or many in a row, smaller. */
static double side_of(int n_cells, int row) {
    if (n_cells <= 2)
        return 260;
    if (n_cells <= 4)
        return 190;
    if (row > 6)
        return 112;
    return n_cells <= 20 ? 152 : n_cells <= 40 ? 132 : 112;
}

static const char *subtitle_of(const DirectionsPanel *panels, int n) {
    bool has_sets = false;
    for (int i = 0; i < n; i++)
        has_sets = has_sets || panels[i].group;
    return has_sets
               ? "Each arrow is the direction <i>W<sub>i</sub></i> of one feature, each colour a "
                 "set of features; the circle has radius 1"
               : "Each arrow is the direction <i>W<sub>i</sub></i> of one feature; the circle "
                 "has radius 1";
}

static bool compose(const FigureInput *input, Picture *picture, Error *error) {
    const PointsSettings *settings = input->settings;
    ShownModel *shown;
    ShownLayout layout;
    int n;
    double least, most;
    if (!shown_read(input, &shown, &n, &layout, error) || !check_plane(shown, n, error))
        return false;
    find_range(shown, n, &least, &most);
    Caption *captions = ARENA_NEW(input->arena, Caption, n);
    Content *content = ARENA_NEW(input->arena, Content, 1);
    content->shown = shown;
    content->panels = ARENA_NEW(input->arena, DirectionsPanel, n);
    for (int i = 0; i < n; i++)
        if ((shown[i].run &&
             !fill_panel(input, &shown[i], least, most, &content->panels[i], error)) ||
            !fill_caption(input, &shown[i], &captions[i], error))
            return false;
    fill_radius(shown, n, content->panels);
    content->sheet =
        (Sheet){.page = {.subtitle = subtitle_of(content->panels, n), .common = layout.common},
                .n_cells = n,
                .n_columns = (int)settings->columns,
                .cell_width = side_of(n, layout.row),
                .cell_height = side_of(n, layout.row),
                .captions = captions,
                .align = ALIGN_CENTER,
                .content = content,
                .draw_cell = draw_cell};
    fill_scale(input, shown, n, least, most, content);
    content->sheet.row = layout.row;
    return sheet_compose(&content->sheet, input, picture, error);
}

extern const FigureKind figure_directions;
const FigureKind figure_directions = {
    .kind = {.name = "directions",
             .summary =
                 "feature directions W_i as arrows in the plane, for each point (n_hidden 2)",
             .source = "Elhage et al. 2022, introduction",
             .fields = points_fields,
             .n_fields = N_POINTS_FIELDS,
             .settings_size = sizeof(PointsSettings)},
    .compose = compose,
};
