#include "render/scene/tell.h"

#include "render/draw/label.h"
#include "sim/metric/overlap.h"

#include <math.h>

enum { LEAST_WIDTH = 300, LEAST_HEIGHT = 240, DIGITS = 4 };
static const double leading = 1.6, side_gap = 12, between_scales = 28;

void captions_add(Captions *captions, const char *markup) {
    if (markup && captions->n_lines < MAX_CAPTIONS)
        captions->lines[captions->n_lines++] = markup;
}

bool is_small(Rect rect) {
    return rect.width < LEAST_WIDTH || rect.height < LEAST_HEIGHT;
}

static double row_of(const Style *style) {
    return leading * style->fonts[TEXT_SMALL].size;
}

static double scales_width(const Captions *captions, const Style *style) {
    double width = 0;
    for (int s = 0; s < captions->n_scales; s++)
        width += color_scale_width(style, &captions->scales[s]) + between_scales;
    return width;
}

/* Lines, and one more for scales that have no room beside the last. */
static int count_rows(const Captions *captions, Rect rect, const Style *style) {
    double last = captions->n_lines ? label_width(style, (Label){TEXT_SMALL, ALIGN_LEFT, 0},
                                                  captions->lines[captions->n_lines - 1])
                                    : 0;
    bool fits = last + scales_width(captions, style) + 2 * side_gap <= rect.width;
    return captions->n_lines + (captions->n_scales && (!captions->n_lines || !fits));
}

Rect captions_part(Captions *captions, Rect rect, const Style *style) {
    if (is_small(rect))
        *captions = (Captions){.n_lines = 0};
    while (captions->n_scales && scales_width(captions, style) > rect.width)
        captions->n_scales--;
    int n_rows = count_rows(captions, rect, style);
    rect.height -= n_rows ? (n_rows + 0.6) * row_of(style) : 0;
    return rect;
}

void captions_draw(cairo_t *cairo, Rect rect, const Captions *captions, const Style *style) {
    const Label label = {TEXT_SMALL, ALIGN_LEFT, rect.width - 2 * side_gap};
    double row = row_of(style), end = rect.y + rect.height - 0.5 * row;
    double y = end - (count_rows(captions, rect, style) - 1) * row, x = rect.x + rect.width;
    for (int l = 0; l < captions->n_lines; l++)
        label_draw(cairo, style, label, style->muted, rect.x + side_gap, y + l * row,
                   captions->lines[l]);
    for (int s = captions->n_scales - 1; s >= 0; s--)
        x -= color_scale_draw(cairo, style, &captions->scales[s], x - side_gap, end) +
             between_scales;
}

const double *importances_of(const SceneInput *input) {
    return history_world(input->history, input->step)->input.task->importance;
}

void captions_add_importance(Captions *captions, const SceneInput *input) {
    const double *importance = importances_of(input);
    double least = HUGE_VAL, most = -HUGE_VAL;
    int n = history_model(input->history, input->moment)->n_features;
    for (int i = 0; i < n; i++) {
        least = fmin(least, importance[i]);
        most = fmax(most, importance[i]);
    }
    if (!(least < most) || captions->n_scales == MAX_CAPTION_SCALES)
        return;
    captions->scales[captions->n_scales++] =
        (ColorScale){.title = "importance <i>I<sub>i</sub></i>",
                     .from_label = label_number(input->arena, most, 3),
                     .to_label = label_number(input->arena, least, 3),
                     .color = style_weight,
                     .from = 1,
                     .to = 0};
}

/* ---- under the pointer ---- */

void tell_text(int feature, const char *markup, Pick *pick) {
    *pick = (Pick){.feature = feature, .run = -1, .step = -1};
    pick_say(pick, markup);
}

static const char *number(const SceneInput *input, double value) {
    return label_number(input->arena, value, DIGITS);
}

static const char *product_text(const SceneInput *input, int i, int j) {
    const Model *model = history_model(input->history, input->moment);
    const char *value = number(input, overlap_dot(model, i, j));
    return i == j ? arena_print(input->arena, "‖<i>W</i><sub>%d</sub>‖² = %s", i, value)
                  : arena_print(input->arena, "<i>W</i><sub>%d</sub>·<i>W</i><sub>%d</sub> = %s", i,
                                j, value);
}

void tell_product(const SceneInput *input, int row, int column, Pick *pick) {
    tell_text(column, product_text(input, row, column), pick);
}

void tell_feature(const SceneInput *input, int feature, Pick *pick) {
    int n;
    const Moment *now = &history_moments(input->history, &n)[input->moment];
    const Measurement *shared =
        history_measure(input->history, input->moment, "interference", NULL);
    bool has_other = input->selected >= 0 && input->selected != feature;
    const char *text = arena_print(
        input->arena, "‖<i>W</i><sub>%d</sub>‖ = %s%s%s, interference %s", feature,
        number(input, (double)now->feature_norm[feature]),
        now->dimensionality ? arena_print(input->arena, ", <i>D</i><sub>%d</sub> = ", feature) : "",
        now->dimensionality ? number(input, (double)now->dimensionality[feature]) : "",
        shared ? number(input, shared->values[feature]) : "–");
    if (has_other)
        text = arena_print(input->arena, "%s, %s", product_text(input, input->selected, feature),
                           text);
    tell_text(feature, text, pick);
}
