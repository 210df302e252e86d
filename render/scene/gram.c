/* What each feature adds to each output, W W^T, as a heat map, with the biases and norms beside it;
 * in small rectangles the heat map alone. */
#include "render/panel/gram.h"

#include "render/draw/label.h"
#include "render/scene/tell.h"

#include <math.h>

enum { MOST_DRAWN = 1000, MAX_PIXELS = 400 };

typedef struct Arrangement {
    Rect body;
    GramPanel panel;
    Captions captions;
} Arrangement;

static const Measurement *measure(const SceneInput *input, const char *name) {
    return history_measure(input->history, input->moment, name, NULL);
}

static const char *refuses(const SceneInput *input) {
    int n = history_model(input->history, input->moment)->n_features;
    return n > MOST_DRAWN
               ? arena_print(input->arena, "%d features would not be legible; up to %d are drawn",
                             n, MOST_DRAWN)
               : NULL;
}

/* A bar's full length, in steps: the scale rests while norms grow. */
static double norm_max_of(const double *norm, int n) {
    double longest = 1.25;
    for (int i = 0; i < n; i++)
        longest = fmax(longest, norm[i]);
    return ceil(4 * longest) / 4;
}

static void add_captions(const SceneInput *input, Captions *captions) {
    int n_moments;
    const Moment *now = &history_moments(input->history, &n_moments)[input->moment];
    if (input->state->has_overlays)
        captions_add(captions,
                     arena_print(input->arena, "%.2f dimensions per feature, %d of %d represented",
                                 now->dimensions_per_feature, now->features_represented,
                                 history_model(input->history, input->moment)->n_features));
    for (int i = 0; i < 2; i++)
        captions->scales[captions->n_scales++] = gram_panel_scales[i];
}

/* The largest panel in the middle of the rectangle, with its numbers. */
static Rect fit(Rect rect, const GramPanel *panel, const Style *style) {
    bool is_bare = panel->is_bare;
    double head = is_bare ? 0 : gram_panel_head(style), a_side = is_bare ? 1 : gram_panel_width(1);
    double gap = is_bare ? 2 : 12; /* to the edges */
    double left = panel->has_numbers && !is_bare ? gram_panel_numbers(style, panel->n_features) : 0;
    double side = fmax(fmin((rect.width - 2 * gap - left) / a_side, rect.height - head - gap), 1);
    return (Rect){rect.x + (rect.width - side * a_side + left) / 2,
                  rect.y + (rect.height - side - head) / 2, side * a_side, side + head};
}

static bool arrange(const SceneInput *input, Rect rect, const Style *style, Arrangement *at) {
    const Measurement *gram = measure(input, "gram"), *bias = measure(input, "bias"),
                      *norm = measure(input, "feature_norm"),
                      *interference = measure(input, "interference");
    if (!gram || !bias || !norm || !interference)
        return false;
    int n = (int)norm->shape[0];
    int set_size = history_world(input->history, input->step)->input.data->set_size;
    *at = (Arrangement){.panel = {.n_features = n,
                                  .gram = gram->values,
                                  .bias = bias->values,
                                  .norm = norm->values,
                                  .interference = interference->values,
                                  .set_size = set_size > 1 ? set_size : 0,
                                  .norm_max = norm_max_of(norm->values, n),
                                  .max_pixels = MAX_PIXELS,
                                  .is_bare = is_small(rect),
                                  .selected = input->selected,
                                  .has_numbers = input->state->has_overlays}};
    add_captions(input, &at->captions);
    at->body = fit(captions_part(&at->captions, rect, style), &at->panel, style);
    return true;
}

static void draw(const SceneInput *input, cairo_t *cairo, Rect rect, const Style *style) {
    Arrangement at;
    if (!arrange(input, rect, style, &at))
        return;
    gram_panel_draw(cairo, at.body, &at.panel, style);
    captions_draw(cairo, rect, &at.captions, style);
}

static bool pick(const SceneInput *input, Rect rect, const Style *style, double x, double y,
                 Pick *pick) {
    Arrangement at;
    GramPart part;
    int row, column;
    if (!arrange(input, rect, style, &at) ||
        !gram_panel_pick(at.body, &at.panel, style, x, y, &part, &row, &column))
        return false;
    if (part == GRAM_ENTRY)
        tell_product(input, row, column, pick);
    else if (part == GRAM_BAR)
        tell_feature(input, row, pick);
    else
        tell_text(row,
                  arena_print(input->arena, "<i>b</i><sub>%d</sub> = %s", row,
                              label_number(input->arena, at.panel.bias[row], 4)),
                  pick);
    return true;
}

extern const SceneKind scene_gram;
const SceneKind scene_gram = {
    .kind = {.name = "gram",
             .summary = "W W^T and b as heat maps beside the features' norms",
             .source = "Elhage et al. 2022, Demonstrating superposition: basic results"},
    .refuses = refuses,
    .draw = draw,
    .pick = pick,
};
