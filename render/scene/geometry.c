/* Where the features point: arrows in the plane. */
#include "render/draw/label.h"
#include "render/panel/directions.h"
#include "render/scene/scene.h"

#include <math.h>

static const char *refuses(const SceneInput *input) {
    return history_model(input->history, input->moment)->n_hidden == 2
               ? NULL
               : "arrows are drawn in two hidden dimensions";
}

/* Importance as a colour's weight: the largest is 1. */
static double *weights_of(const SceneInput *input, int n) {
    const Task *task = history_world(input->history, input->step)->input.task;
    double *weight = ARENA_NEW(input->arena, double, n), most = 0;
    for (int i = 0; i < n; i++)
        most = fmax(most, task->importance[i]);
    for (int i = 0; i < n; i++)
        weight[i] = most > 0 ? task->importance[i] / most : 1;
    return weight;
}

static void draw(const SceneInput *input, cairo_t *cairo, Rect rect, const Style *style) {
    const Model *model = history_model(input->history, input->moment);
    int n = model->n_features;
    DirectionsPanel panel = {
        .n_features = n, .W = model->W, .weight = weights_of(input, n), .radius = 1.4};
    directions_panel_draw(cairo, rect, &panel, style);
}

static bool pick(const SceneInput *input, Rect rect, const Style *style, double x, double y,
                 Pick *pick) {
    (void)input;
    (void)rect;
    (void)style;
    (void)x;
    (void)y;
    (void)pick;
    return false;
}

extern const SceneKind scene_geometry;
const SceneKind scene_geometry = {
    .kind = {.name = "geometry",
             .summary = "the directions W_i of the features",
             .source = "Elhage et al. 2022, introduction"},
    .refuses = refuses,
    .draw = draw,
    .pick = pick,
};
