#include "render/scene/overlay.h"

#include "render/draw/label.h"
#include "sim/theory/kgon.h"

#include <math.h>
#include <string.h>

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

/* The loss that as many features as are represented would have on a regular polygon, where it is
 * known: one feature active at a time, all of equal importance, in two dimensions. */
static const char *kgon_text(const SceneInput *input) {
    const MetricInput *world = &history_world(input->history, input->step)->input;
    const Model *model = history_model(input->history, input->moment);
    int n_moments, n = model->n_features;
    int k = history_moments(input->history, &n_moments)[input->moment].features_represented;
    bool is_known = strcmp(world->data->kind->kind.name, "one_hot") == 0 && model->n_hidden == 2 &&
                    k >= KGON_LEAST && k <= KGON_MOST && world->loss_exponent == 2 &&
                    model->output == ACTIVATION_RELU && model->hidden == ACTIVATION_LINEAR;
    for (int i = 0; i < n; i++)
        is_known = is_known && world->task->importance[i] == 1;
    return is_known ? arena_print(input->arena, "loss of a one-hot %d-gon %s", k,
                                  label_number(input->arena, kgon_loss(k, n, 0), 3))
                    : NULL;
}

void overlay_add_geometry(const SceneInput *input, bool has_name, Captions *captions) {
    const Measurement *name = measure(input, "geometry_name");
    const char *parts[] = {
        has_name && name && name->n_labels ? label_escape(input->arena, name->labels[0]) : NULL,
        coherence_text(input), kgon_text(input)};
    const char *text = NULL;
    for (int p = 0; p < 3; p++)
        if (parts[p])
            text = text ? arena_print(input->arena, "%s; %s", text, parts[p]) : parts[p];
    captions_add(captions, text);
}
