/* Weights, sets and polygons first, then the panel of as many dimensions as the model has. */
#include "render/figure/arrows.h"

#include "render/draw/label.h"
#include "render/figure/sets.h"
#include "render/model/features.h"

#include <math.h>
#include <string.h>

enum { MAX_SWATCHES = 12 };

static bool check_dimensions(const ShownModel *shown, int n, Error *error) {
    for (int i = 0; i < n; i++)
        if (shown[i].run && shown[i].model.n_hidden != 2 && shown[i].model.n_hidden != 3)
            return error_set(error,
                             "directions are drawn in two or three dimensions, and point %lld has "
                             "n_hidden: %d; the kind gram shows any size",
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

static bool fill_one(const FigureInput *input, const ShownModel *shown, double least, double most,
                     Arrows *arrows, Error *error) {
    Measurement geometry;
    int n = shown->model.n_features;
    double *weight = ARENA_NEW(input->arena, double, n);
    int *polygon = ARENA_NEW(input->arena, int, n);
    const int *sets = sets_of(shown, input->arena);
    *arrows = (Arrows){.n_hidden = shown->model.n_hidden};
    features_weigh(shown->importance, n, least, most, weight);
    if (arrows->n_hidden == 3) {
        arrows->space = (SolidPanel){.n_features = n,
                                     .W = shown->model.W,
                                     .weight = weight,
                                     .group = sets,
                                     .camera = solid_camera(shown->model.W, sets, n),
                                     .selected = -1};
        return true;
    }
    if (!shown_measure(input, shown, "geometry", "geometry", &geometry, error))
        return false;
    features_in_polygons(&geometry, polygon);
    arrows->plane = (DirectionsPanel){.n_features = n,
                                      .W = shown->model.W,
                                      .weight = weight,
                                      .polygon = polygon,
                                      .group = sets,
                                      .selected = -1};
    return true;
}

static void fill_radius(const ShownModel *shown, int n, Arrows *arrows) {
    double longest = 1;
    for (int i = 0; i < n; i++)
        for (int f = 0; arrows[i].n_hidden && f < shown[i].model.n_features; f++) {
            double square = 0;
            for (int k = 0; k < arrows[i].n_hidden; k++) {
                double w = (double)shown[i].model.W[arrows[i].n_hidden * f + k];
                square += w * w;
            }
            longest = fmax(longest, sqrt(square));
        }
    for (int i = 0; i < n; i++) {
        arrows[i].plane.radius = longest * 1.06;
        arrows[i].space.radius = longest * 1.1;
    }
}

bool arrows_fill(const FigureInput *input, const ShownModel *shown, int n, Arrows *arrows,
                 Error *error) {
    double least, most;
    if (!check_dimensions(shown, n, error))
        return false;
    find_range(shown, n, &least, &most);
    for (int i = 0; i < n; i++)
        if (shown[i].run && !fill_one(input, &shown[i], least, most, &arrows[i], error))
            return false;
    fill_radius(shown, n, arrows);
    return true;
}

void arrows_draw(cairo_t *cairo, Rect rect, const Arrows *arrows, const Style *style) {
    if (arrows->n_hidden == 2)
        directions_panel_draw(cairo, rect, &arrows->plane, style);
    else if (arrows->n_hidden == 3)
        solid_panel_draw(cairo, rect, &arrows->space, style);
    else
        shown_draw_none(cairo, rect, style);
}

bool arrows_describe(const FigureInput *input, const ShownModel *shown, const char **text,
                     Error *error) {
    Measurement name;
    const char *sets;
    if (!shown_measure(input, shown, "geometry", "geometry_name", &name, error) ||
        !sets_describe(input, shown, &sets, error))
        return false;
    const char *geometry = name.n_labels ? name.labels[0] : NULL;
    *text = geometry ? label_escape(input->arena, geometry) : sets;
    if (geometry && sets)
        *text = strstr(geometry, "irregular") || strstr(geometry, "collapsed") ||
                        strcmp(geometry, "nothing represented") == 0
                    ? sets
                    : arena_print(input->arena, "%s, %s", *text, sets);
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

static void add_scale(const FigureInput *input, const ShownModel *shown, int n,
                      const Arrows *arrows, Page *page) {
    double least, most;
    find_range(shown, n, &least, &most);
    if (!(most > least))
        return;
    const ShownModel *common = common_importance(shown, n);
    ColorScale *scale = &page->scales[page->n_scales++];
    *scale = (ColorScale){.title = "importance <i>I<sub>i</sub></i>",
                          .from_label = label_number(input->arena, most, 3),
                          .to_label = label_number(input->arena, least, 3),
                          .color = style_weight,
                          .from = 1,
                          .to = 0};
    for (int i = 0; common && i < n; i++)
        if (arrows[i].n_hidden && common->model.n_features <= MAX_SWATCHES) {
            scale->values =
                arrows[i].n_hidden == 2 ? arrows[i].plane.weight : arrows[i].space.weight;
            scale->n_values = common->model.n_features;
        }
}

void arrows_explain(const FigureInput *input, const ShownModel *shown, int n, const Arrows *arrows,
                    Page *page) {
    bool has_sets = false, is_flat = false, is_solid = false;
    for (int i = 0; i < n; i++) {
        has_sets = has_sets || arrows[i].plane.group || arrows[i].space.group;
        is_flat = is_flat || arrows[i].n_hidden == 2;
        is_solid = is_solid || arrows[i].n_hidden == 3;
    }
    page->subtitle = arena_print(
        input->arena,
        "Each %s is the direction <i>W<sub>i</sub></i> of one feature%s; the circle has radius 1",
        is_flat && is_solid ? "arrow or ball"
        : is_solid          ? "ball"
                            : "arrow",
        has_sets ? ", each colour a set of features" : "");
    add_scale(input, shown, n, arrows, page);
}
