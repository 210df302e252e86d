#include "render/scene/overlay.h"

#include "render/draw/label.h"
#include "sim/theory/kgon.h"

#include <math.h>
#include <string.h>

static const float represented = 0.5f;
static const double alike = 0.85; /* of the longest */

static const Measurement *measure(const SceneInput *input, const char *name) {
    return history_measure(input->history, input->moment, name, NULL);
}

/* To three decimals: unrelated features have some 1e-5. */
static const char *decimals(const SceneInput *input, double value) {
    return label_number(input->arena, round(1000 * value) / 1000, 3);
}

static const char *coherence_text(const SceneInput *input) {
    const Measurement *coherence = measure(input, "coherence"),
                      *bound = measure(input, "welch_bound");
    if (!coherence || !bound || isnan(coherence->values[0]))
        return NULL;
    return arena_print(input->arena, "coherence %s (Welch bound %s)",
                       decimals(input, coherence->values[0]), decimals(input, bound->values[0]));
}

bool overlay_has_kgons(const SceneInput *input) {
    const Model *model = history_model(input->history, input->moment);
    const World *world = history_world(input->history, input->step);
    const Data *data = world->input.data;
    const ValueSettings *values = data->values;
    bool is_good =
        strcmp(data->kind->kind.name, "one_hot") == 0 && values && values->value == VALUE_UNIFORM &&
        values->value_scale == 1 && !values->unit_norm && model->n_hidden == 2 &&
        strcmp(model->kind->kind.name, "relu_output") == 0 && world->input.loss_exponent == 2;
    for (int i = 0; is_good && i < data->n_features; i++)
        is_good = world->input.task->importance[i] == 1 &&
                  fabs(data->kind->probability(data, i) * data->n_features - 1) < 1e-9;
    return is_good && strcmp(world->input.task->kind->kind.name, "identity") == 0;
}

/* The loss that as many features as are represented would have on a regular polygon. */
static const char *kgon_text(const SceneInput *input) {
    int n_moments, n = history_model(input->history, input->moment)->n_features;
    int k = history_moments(input->history, &n_moments)[input->moment].features_represented;
    return k >= KGON_LEAST && k <= KGON_MOST && overlay_has_kgons(input)
               ? arena_print(input->arena, "loss of a one-hot %d-gon %s", k,
                             label_number(input->arena, kgon_loss(k, n, 0), 3))
               : NULL;
}

/* What parts at right angles, of features of about the same norm, make together. */
static const char *whole_of(const SceneInput *input, const char *parts) {
    static const struct {
        const char *parts, *whole;
    } wholes[] = {{"2 digons", "a square"},
                  {"3 digons", "an octahedron"},
                  {"triangle + digon", "a triangular bipyramid"},
                  {"digon + triangle", "a triangular bipyramid"},
                  {"pentagon + digon", "a pentagonal bipyramid"},
                  {"digon + pentagon", "a pentagonal bipyramid"}};
    int n_moments, n = history_model(input->history, input->moment)->n_features;
    const float *norm = history_moments(input->history, &n_moments)[input->moment].feature_norm;
    double least = HUGE_VAL, most = 0;
    for (int i = 0; i < n; i++) {
        most = fmax(most, (double)norm[i]);
        least = norm[i] > represented ? fmin(least, (double)norm[i]) : least;
    }
    for (size_t w = 0; w < sizeof wholes / sizeof *wholes && least > alike * most; w++)
        if (strcmp(parts, wholes[w].parts) == 0)
            return wholes[w].whole;
    return NULL;
}

static const char *name_text(const SceneInput *input) {
    const Measurement *name = measure(input, "geometry_name");
    if (!name || !name->n_labels)
        return NULL;
    const char *text = label_escape(input->arena, name->labels[0]);
    const char *whole = whole_of(input, name->labels[0]);
    return whole ? arena_print(input->arena, "%s (%s)", text, whole) : text;
}

void overlay_add_geometry(const SceneInput *input, bool has_name, const char *more,
                          Captions *captions) {
    const char *parts[] = {has_name ? name_text(input) : NULL, coherence_text(input),
                           kgon_text(input), more};
    const char *text = NULL;
    for (int p = 0; p < 4; p++)
        if (parts[p])
            text = text ? arena_print(input->arena, "%s; %s", text, parts[p]) : parts[p];
    captions_add(captions, text);
}
