#include "render/scene/sample_words.h"

#include "render/draw/label.h"

#include <math.h>
#include <stdio.h>

enum { MOST_LINES = 6 };
static const double number_room = 20, between = 9; /* pixels */
static const double right = 0.001;

static const char *number(Arena *arena, double value) {
    return label_number(arena, value, 3);
}

/* ---- sentences ---- */

/* "Feature 2 is on, at 0.64." The parts of a linear code are its active features, largest first. */
static const char *input_words(const Sample *sample, Arena *arena) {
    int n = sample->model->n_features, largest = 0;
    for (int i = 1; i < n; i++)
        if (fabs((double)sample->x[i]) > fabs((double)sample->x[largest]))
            largest = i;
    const char *value = number(arena, (double)sample->x[largest]);
    if (!sample->n_active)
        return "No feature is on.";
    return sample->n_active == 1
               ? arena_print(arena, "Feature %d is on, at %s.", largest, value)
               : arena_print(arena, "%d of %d features are on, most of all %d, at %s.",
                             sample->n_active, n, largest, value);
}

static const char *hidden_words(const Sample *sample, Arena *arena) {
    int n = sample->model->n_features, m = sample->model->n_hidden;
    if (!sample->by_feature)
        return arena_print(arena, "%d of %d neurons are active.", sample->n_parts, m);
    const char *what = sample->n_active == 1 ? "Its direction, times its value, is"
                                             : "Their directions, times their values, add up to";
    return arena_print(arena, "%s the hidden code: %d number%s for %d features.", what, m,
                       m == 1 ? "" : "s", n);
}

/* The largest that a feature adds to the output of another one. */
static const char *parts_words(const Sample *sample, Arena *arena) {
    int n = sample->model->n_features, part = -1, output = 0;
    double most = 0;
    if (!sample->by_feature)
        return "Each active neuron adds to every output, by its weights out.";
    for (int p = 0; p < sample->n_parts; p++)
        for (int i = 0; i < n; i++) {
            double adds = i == sample->parts[p] ? 0 : sample_adds(sample, p, i);
            if (fabs(adds) > fabs(most)) {
                most = adds;
                part = sample->parts[p];
                output = i;
            }
        }
    return part < 0 ? "No feature adds to the output of another one: nothing interferes."
                    : arena_print(arena,
                                  "Read back, feature %d also adds %s to output %d: that is "
                                  "interference.",
                                  part, number(arena, most), output);
}

static const char *output_words(const Sample *sample, Arena *arena) {
    static const char *const after[] = {[ACTIVATION_LINEAR] = "In the end",
                                        [ACTIVATION_RELU] =
                                            "The ReLU cuts off what is below 0. Then",
                                        [ACTIVATION_GELU] = "After the GELU"};
    int worst = 0;
    for (int i = 1; i < sample->model->n_features; i++)
        if (fabs((double)sample->out[i] - (double)sample->y[i]) >
            fabs((double)sample->out[worst] - (double)sample->y[worst]))
            worst = i;
    if (!(fabs((double)sample->out[worst] - (double)sample->y[worst]) >= right))
        return arena_print(arena, "%s all outputs are right, to 0.001.",
                           after[sample->model->output]);
    return arena_print(
        arena, "%s output %d is most wrong: %s, should be %s.", after[sample->model->output], worst,
        number(arena, (double)sample->out[worst]), number(arena, (double)sample->y[worst]));
}

void sample_words_make(const SceneInput *input, const Sample *sample,
                       const char *words[SAMPLE_WORDS]) {
    words[0] = input_words(sample, input->arena);
    words[1] = hidden_words(sample, input->arena);
    words[2] = parts_words(sample, input->arena);
    words[3] = output_words(sample, input->arena);
}

void sample_words_draw(cairo_t *cairo, Rect rect, const Style *style,
                       const char *const words[SAMPLE_WORDS]) {
    const Label label = {TEXT_BODY, ALIGN_LEFT, fmax(rect.width - number_room, 1)};
    double first = style->fonts[TEXT_BODY].size, y = rect.y;
    for (int w = 0; w < SAMPLE_WORDS; w++) {
        char number[16];
        LabelSize size = label_size(style, label, MOST_LINES, words[w]);
        if (y + size.height > rect.y + rect.height)
            break;
        snprintf(number, sizeof number, "<b>%d</b>", w + 1);
        label_draw(cairo, style, (Label){TEXT_BODY, ALIGN_LEFT, 0}, style->muted, rect.x, y + first,
                   number);
        label_draw_lines(cairo, style, label, MOST_LINES, style->ink, rect.x + number_room,
                         y + first, words[w]);
        y += size.height + between;
    }
}
