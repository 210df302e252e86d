/* Where the features point. One hidden dimension: arrows in rows; two: arrows in the plane; three:
 * a solid that turns; more: a projection, or which features lean on which. What is drawn and what
 * is found under the pointer are one arrangement of panels. */
#include "render/draw/label.h"
#include "render/model/features.h"
#include "render/panel/directions.h"
#include "render/panel/line.h"
#include "render/scene/graph_look.h"
#include "render/scene/graph_places.h"
#include "render/scene/overlay.h"
#include "render/scene/projection.h"
#include "render/scene/tell.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

enum { MOST_DRAWN = 5000, MOST_HULL = 24, MOST_BOLD = 30, MOST_NUMBERED = 40 };
/* Least radii: the picture grows only where arrows are longer. A turn of the solid takes 36 s. */
static const double least_plane = 1.3, least_space = 1.15, degrees_a_second = 10, tilt = 20,
                    least_line = 560; /* in which all that is said has room */

typedef enum Look { LOOK_LINE, LOOK_PLANE, LOOK_SPACE, LOOK_GRAPH } Look;

typedef struct Arrangement {
    Look look;
    const Model *model;
    bool has_numbers;
    Rect body; /* of the picture; the captions stand below */
    LinePanel line;
    DirectionsPanel plane;
    SolidPanel space;
    GraphLook graph;
    Captions captions;
} Arrangement;

static const Model *model_of(const SceneInput *input) {
    return history_model(input->history, input->moment);
}

static Look look_of(const SceneInput *input) {
    int m = model_of(input)->n_hidden;
    if (m <= 3)
        return m == 1 ? LOOK_LINE : m == 2 ? LOOK_PLANE : LOOK_SPACE;
    int projection = input->state->projection;
    return projection == PROJECTION_GRAPH   ? LOOK_GRAPH
           : projection == PROJECTION_PAIRS ? LOOK_PLANE
                                            : LOOK_SPACE;
}

static const Measurement *measure(const SceneInput *input, const char *name) {
    return history_measure(input->history, input->moment, name, NULL);
}

static const char *refuses(const SceneInput *input) {
    int n = model_of(input)->n_features;
    const char *why;
    if (n > MOST_DRAWN)
        return arena_print(input->arena, "%d arrows would be one blot; up to %d are drawn", n,
                           MOST_DRAWN);
    if (look_of(input) == LOOK_GRAPH &&
        !history_measure(input->history, input->moment, "geometry_graph", &why))
        return arena_print(input->arena, "there is no graph of the features: %s", why);
    return NULL;
}

/* ---- what the features look like ---- */

static double *weights_of(const SceneInput *input, int n) {
    const double *importance = importances_of(input);
    double *weight = ARENA_NEW(input->arena, double, n), least = HUGE_VAL, most = -HUGE_VAL;
    for (int i = 0; i < n; i++) {
        least = fmin(least, importance[i]);
        most = fmax(most, importance[i]);
    }
    features_weigh(importance, n, least, most, weight);
    return weight;
}

static const int *sets_of(const SceneInput *input, int n) {
    const Data *data = history_world(input->history, input->step)->input.data;
    return features_in_sets(n, data->set_size, input->arena);
}

static double longest_of(const float *points, int n, int n_axes) {
    double longest = 0;
    for (int i = 0; i < n; i++) {
        double square = 0;
        for (int a = 0; a < n_axes; a++)
            square +=
                (double)points[(size_t)i * n_axes + a] * (double)points[(size_t)i * n_axes + a];
        longest = fmax(longest, square);
    }
    return sqrt(longest);
}

/* The picture grows where arrows are longer, also those of a run beside it: one length is drawn
 * alike in both. */
static double radius_of(const SceneInput *input, double least) {
    History *const runs[] = {input->history, input->beside};
    double radius = least;
    for (int r = 0; r < 2; r++) {
        int moment = runs[r] ? history_moment_at(runs[r], input->step) : -1;
        const Model *model = moment < 0 ? NULL : history_model(runs[r], moment);
        if (model)
            radius = fmax(radius, 1.1 * longest_of(model->W, model->n_features, model->n_hidden));
    }
    return radius;
}

/* Whether all that is represented has a name: only then does a hull say something. */
static bool is_named(const SceneInput *input) {
    const Measurement *name = measure(input, "geometry_name");
    return name && name->n_labels && !strstr(name->labels[0], "irregular") &&
           !strstr(name->labels[0], "nothing");
}

/* ---- line and plane ---- */

static void arrange_line(const SceneInput *input, Arrangement *at) {
    const Model *model = at->model;
    int n = model->n_features;
    at->line = (LinePanel){.n_features = n,
                           .W = model->W,
                           .weight = weights_of(input, n),
                           .group = sets_of(input, n),
                           .radius = radius_of(input, least_plane),
                           .selected = input->selected};
    captions_add(&at->captions, "each row is a feature, its arrow the number <i>W<sub>i</sub></i>");
}

static void arrange_plane(const SceneInput *input, Arrangement *at) {
    const Model *model = at->model;
    int n = model->n_features;
    const Measurement *geometry = measure(input, "geometry");
    int *polygon = ARENA_NEW(input->arena, int, n);
    if (geometry)
        features_in_polygons(geometry, polygon);
    at->plane = (DirectionsPanel){.n_features = n,
                                  .W = model->W,
                                  .weight = weights_of(input, n),
                                  .polygon = geometry ? polygon : NULL,
                                  .group = sets_of(input, n),
                                  .radius = radius_of(input, least_plane),
                                  .selected = input->selected,
                                  .has_numbers = at->has_numbers};
}

/* The longest that an arrow gets in any plane of neighbouring hidden dimensions. */
static double longest_pair(const Model *model) {
    int m = model->n_hidden;
    double longest = 0;
    for (int i = 0; i < model->n_features; i++)
        for (int k = 0; k < m; k++) {
            const float *W = model->W + (size_t)i * m;
            longest = fmax(longest, hypot((double)W[k], (double)W[(k + 1) % m]));
        }
    return longest;
}

static void arrange_pair(const SceneInput *input, Arrangement *at) {
    const Model *model = at->model;
    int n = model->n_features, m = model->n_hidden;
    double *frame = ARENA_NEW(input->arena, double, 2 * (size_t)m);
    float *points = ARENA_NEW(input->arena, float, 2 * (size_t)n);
    int k = projection_pair(m, input->time, frame);
    projection_apply(model, frame, 2, points);
    at->plane = (DirectionsPanel){.n_features = n,
                                  .W = points,
                                  .weight = weights_of(input, n),
                                  .group = sets_of(input, n),
                                  .radius = fmax(1.1 * longest_pair(model), 0.1),
                                  .selected = input->selected,
                                  .has_numbers = at->has_numbers};
    captions_add(
        &at->captions,
        k >= 0 ? arena_print(input->arena, "the plane of hidden dimensions %d and %d of %d", k,
                             (k + 1) % m, m)
               : arena_print(input->arena, "from hidden dimensions %d and %d to %d and %d of %d",
                             -1 - k, -k % m, -k % m, (1 - k) % m, m));
}

/* ---- space ---- */

/* From where the solid is seen: it turns by itself about its upright axis until the user holds it;
 * what the user then turns is what was seen last. */
static Camera camera_of(const SceneInput *input) {
    static const Camera front = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    Camera *camera = &input->state->camera;
    bool is_chosen = camera->axes[2][0] != 0 || camera->axes[2][1] != 0 || camera->axes[2][2] != 0;
    if (!input->state->is_held || !is_chosen)
        *camera = camera_turned(camera_turned(front, fmod(degrees_a_second * input->time, 360), 0),
                                0, tilt);
    return *camera;
}

static void arrange_solid(const SceneInput *input, const float *points, double radius,
                          Arrangement *at) {
    int n = at->model->n_features;
    at->space = (SolidPanel){.n_features = n,
                             .W = points,
                             .weight = weights_of(input, n),
                             .group = sets_of(input, n),
                             .camera = camera_of(input),
                             .radius = radius,
                             .hides_hull = true,
                             .selected = input->selected,
                             .has_numbers = at->has_numbers};
}

static void arrange_space(const SceneInput *input, Arrangement *at) {
    const Model *model = at->model;
    int n = model->n_features;
    arrange_solid(input, model->W, radius_of(input, least_space), at);
    at->space.hides_hull = n > MOST_HULL || !is_named(input);
}

static void arrange_pca(const SceneInput *input, Arrangement *at) {
    const Model *model = at->model;
    int n = model->n_features, m = model->n_hidden;
    double *frame = ARENA_NEW(input->arena, double, 3 * (size_t)m), share;
    float *points = ARENA_NEW(input->arena, float, 3 * (size_t)n);
    Error error = {0};
    if (!projection_pca(input->history, input->moment, frame, &share, &error)) {
        captions_add(&at->captions, label_escape(input->arena, error.text));
        return;
    }
    projection_apply(model, frame, 3, points);
    arrange_solid(input, points, fmax(1.1 * longest_of(points, n, 3), 0.1), at);
    captions_add(&at->captions,
                 arena_print(input->arena,
                             "the three principal directions: %.0f%% of ‖<i>W</i>‖² in 3 of %d "
                             "dimensions",
                             100 * share, m));
}

/* An arrow's part in three of m dimensions has a mean square of 3 / m; none of hundreds is more
 * than about twice as long. */
static void arrange_tour(const SceneInput *input, Arrangement *at) {
    const Model *model = at->model;
    int n = model->n_features, m = model->n_hidden;
    double *frame = ARENA_NEW(input->arena, double, 3 * (size_t)m);
    float *points = ARENA_NEW(input->arena, float, 3 * (size_t)n);
    projection_tour(m, input->time, frame);
    projection_apply(model, frame, 3, points);
    double part = fmin(1.1, 2.2 * sqrt(3.0 / m));
    arrange_solid(input, points, fmax(part * longest_of(model->W, n, m), 0.1), at);
    captions_add(
        &at->captions,
        arena_print(input->arena, "a space of three dimensions that wanders through all %d", m));
}

/* ---- the scene ---- */

static void arrange_look(const SceneInput *input, const Style *style, Arrangement *at) {
    if (at->look == LOOK_LINE)
        arrange_line(input, at);
    else if (at->look == LOOK_GRAPH)
        graph_look_make(input, style, &at->graph, &at->captions);
    else if (at->look == LOOK_PLANE)
        (at->model->n_hidden == 2 ? arrange_plane : arrange_pair)(input, at);
    else if (at->model->n_hidden == 3)
        arrange_space(input, at);
    else
        (input->state->projection == PROJECTION_PCA ? arrange_pca : arrange_tour)(input, at);
}

/* What the circle and the colours are, and what lets a solid go. */
static const char *scenery_text(const SceneInput *input, const Arrangement *at) {
    double radius = at->look == LOOK_PLANE   ? at->plane.radius
                    : at->look == LOOK_SPACE ? at->space.radius
                                             : 0;
    bool has_sets = at->look != LOOK_GRAPH && sets_of(input, at->model->n_features);
    const char *parts[] = {
        radius >= 1 ? "circle: length 1" : NULL, has_sets ? "a colour for each set" : NULL,
        at->look == LOOK_SPACE && input->state->is_held ? "double click: turn by itself" : NULL};
    const char *text = NULL;
    for (int p = 0; p < 3; p++)
        if (parts[p])
            text = text ? arena_print(input->arena, "%s; %s", text, parts[p]) : parts[p];
    return text;
}

static void arrange(const SceneInput *input, Rect rect, const Style *style, Arrangement *at) {
    *at = (Arrangement){.look = look_of(input), .model = model_of(input)};
    at->has_numbers =
        input->state->has_overlays && !is_small(rect) && at->model->n_features <= MOST_NUMBERED;
    arrange_look(input, style, at);
    if (input->state->has_overlays && !is_small(rect)) {
        const char *scenery = scenery_text(input, at);
        bool is_narrow = rect.width < least_line;
        overlay_add_geometry(input, at->look != LOOK_GRAPH, is_narrow ? NULL : scenery,
                             &at->captions);
        captions_add(&at->captions, is_narrow ? scenery : NULL);
    }
    if (at->look != LOOK_GRAPH && !sets_of(input, at->model->n_features))
        captions_add_importance(&at->captions, input);
    at->body = captions_part(&at->captions, rect, style);
    if (at->look == LOOK_GRAPH)
        at->body = graph_look_place(input, at->body, &at->graph);
    at->graph.graph.panel.has_numbers = at->has_numbers;
}

/* Few arrows in a large rectangle are as bold as they would be on a page of its size. */
static Style bold_style(const Style *style, Rect body, int n_features) {
    Style bold = *style;
    double side = fmin(body.width, body.height);
    if (n_features <= MOST_BOLD)
        bold.arrow *= fmin(fmax(side / 240, 0.75), 2);
    return bold;
}

static void draw(const SceneInput *input, cairo_t *cairo, Rect rect, const Style *style) {
    Arrangement at;
    arrange(input, rect, style, &at);
    Style bold = bold_style(style, at.body, at.model->n_features);
    if (at.look == LOOK_LINE)
        line_panel_draw(cairo, at.body, &at.line, &bold);
    else if (at.look == LOOK_PLANE)
        directions_panel_draw(cairo, at.body, &at.plane, &bold);
    else if (at.look == LOOK_SPACE && at.space.n_features)
        solid_panel_draw(cairo, at.body, &at.space, style);
    else if (at.look == LOOK_GRAPH)
        graph_panel_draw(cairo, at.body, &at.graph.graph.panel, style);
    captions_draw(cairo, rect, &at.captions, style);
}

static bool pick(const SceneInput *input, Rect rect, const Style *style, double x, double y,
                 Pick *pick) {
    Arrangement at;
    int feature = -1, part, node;
    arrange(input, rect, style, &at);
    if (at.look == LOOK_LINE)
        feature = line_panel_pick(at.body, &at.line, x, y);
    else if (at.look == LOOK_PLANE)
        feature = directions_panel_pick(at.body, &at.plane, x, y);
    else if (at.look == LOOK_SPACE && at.space.n_features)
        feature = solid_panel_pick(at.body, &at.space, x, y);
    else if (at.look == LOOK_GRAPH &&
             graph_panel_pick(at.body, &at.graph.graph.panel, x, y, &part, &node))
        feature = at.graph.components[part].features[node];
    if (feature >= 0)
        tell_feature(input, feature, pick);
    return feature >= 0;
}

static bool turns(const SceneInput *input) {
    return look_of(input) == LOOK_SPACE;
}

/* A tour and the pairs go on while a solid is held; a graph's nodes may be underway. */
static bool moves(const SceneInput *input) {
    Look look = look_of(input);
    int m = model_of(input)->n_hidden;
    if (look == LOOK_GRAPH)
        return graph_places_move(input->history);
    bool wanders = m > 3 && input->state->projection != PROJECTION_PCA;
    return wanders || (look == LOOK_SPACE && !input->state->is_held);
}

static const SceneOption *options(const SceneInput *input, int *n) {
    static const char *const words[] = {"graph", "principal", "pairs", "tour", NULL};
    static const SceneOption option = {"projection", words, offsetof(SceneState, projection)};
    *n = model_of(input)->n_hidden > 3;
    return &option;
}

extern const SceneKind scene_geometry;
const SceneKind scene_geometry = {
    .kind = {.name = "geometry",
             .summary = "the directions W_i of the features",
             .source = "Elhage et al. 2022, introduction; The geometry of superposition"},
    .refuses = refuses,
    .draw = draw,
    .pick = pick,
    .turns = turns,
    .moves = moves,
    .options = options,
};
