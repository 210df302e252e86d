#include "render/figure/turn.h"

#include <math.h>

static const double represented = 0.5, on_line = 0.05;

static double norm_of(const Model *model, int i) {
    return hypot((double)model->W[2 * i], (double)model->W[2 * i + 1]);
}

/* The first represented feature from this one on, or n_features. */
static int next_represented(const Model *model, int i) {
    while (i < model->n_features && norm_of(model, i) <= represented)
        i++;
    return i;
}

/* Rotates all so that the unit vector u points up, and then clockwise by `angle`. */
static void rotate(Model *model, double ux, double uy, double angle) {
    for (int i = 0; i < model->n_features; i++) {
        double x = (double)model->W[2 * i], y = (double)model->W[2 * i + 1];
        double right = x * uy - y * ux, up = x * ux + y * uy;
        model->W[2 * i] = (float)(right * cos(angle) + up * sin(angle));
        model->W[2 * i + 1] = (float)(up * cos(angle) - right * sin(angle));
    }
}

/* Whether the first represented feature beside the line through `feature` lies to its left. */
static bool is_mirrored(const Model *model, int feature) {
    for (int i = next_represented(model, 0); i < model->n_features;
         i = next_represented(model, i + 1))
        if (i != feature && fabs((double)model->W[2 * i]) > on_line)
            return model->W[2 * i] < 0;
    return false;
}

void turn_up(Model *model, int feature) {
    bool is_there = norm_of(model, feature) > represented;
    int first = is_there ? feature : next_represented(model, 0);
    if (first == model->n_features)
        return;
    double norm = norm_of(model, first);
    rotate(model, (double)model->W[2 * first] / norm, (double)model->W[2 * first + 1] / norm, 0);
    if (is_mirrored(model, first))
        for (int i = 0; i < model->n_features; i++)
            model->W[2 * i] = -model->W[2 * i];
    if (!is_there)
        rotate(model, 0, 1, M_PI / 4);
}
