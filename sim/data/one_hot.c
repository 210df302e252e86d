/* One-hot samples: exactly one feature, i with chance w_i / sum_j w_j. */
#include "sim/data/sampler.h"
#include "sim/data/data.h"

#include <math.h>

typedef struct OneHotSettings {
    DataSettings common;
    FeatureValues weight;
    ValueSettings values;
} OneHotSettings;

typedef struct State {
    ValueLaw law;
    bool is_uniform;
    double *probabilities, *end; /* [n_features]; the sums of the probabilities up to each */
} State;

static bool expand_weights(const FeatureValues *weight, int n, State *state, Error *error) {
    double sum = 0;
    if (!feature_values_expand(weight, n, state->probabilities, error))
        return error_prefix(error, "data.weight: ");
    for (int i = 0; i < n; i++)
        state->end[i] = sum += state->probabilities[i];
    if (!(sum > 0) || !isfinite(sum))
        return error_set(error, "data.weight: the weights' sum is %g", sum);
    for (int i = 0; i < n; i++) {
        state->end[i] /= sum;
        state->probabilities[i] /= sum;
    }
    state->is_uniform = weight->form == FORM_SCALAR;
    return true;
}

static bool one_hot_open(Data *data, Arena *arena, Error *error) {
    const OneHotSettings *settings = data->settings;
    int n = data->n_features;
    State *state = ARENA_NEW(arena, State, 1);
    state->law = values_drawn(&settings->values);
    state->probabilities = ARENA_TRY(arena, double, n);
    state->end = ARENA_TRY(arena, double, n);
    if (!state->probabilities || !state->end)
        return error_set(error, "no memory for data of %d features", n);
    data->values = &settings->values;
    data->state = state;
    return expand_weights(&settings->weight, n, state, error);
}

static void one_hot_draw(const Data *data, const DrawPlace *place, int n_samples, Batch *batch) {
    const State *state = data->state;
    int n = data->n_features;
    Rng rng;
    rng_init(&rng, place->key, place->step, place->block);
    for (int row = 0; row < n_samples; row++) {
        double u = rng_uniform(&rng);
        batch->start[row] = row;
        batch->index[row] = state->is_uniform ? (int)(u * n) : first_end_after(state->end, n, u);
        batch->x[row] = value_draw(state->law, &rng);
    }
    batch->start[n_samples] = n_samples;
    batch->form = BATCH_SPARSE;
    batch->n_rows = n_samples;
}

static double one_hot_probability(const Data *data, int i) {
    const State *state = data->state;
    return state->probabilities[i];
}

/* A place and a value. */
static DrawWork one_hot_work(const Data *data) {
    const State *state = data->state;
    double n_halvings = state->is_uniform ? 0 : log2(data->n_features);
    return (DrawWork){.numbers = 2, .choices = n_halvings, .is_listed = true};
}

static const Field fields[] = {
    {.name = "weight",
     .type = FIELD_FEATURES,
     .offset = offsetof(OneHotSettings, weight),
     .fallback = "1",
     .maximum = HUGE_VAL,
     .is_live = true,
     .forms = FORM_SCALAR | FORM_LIST | FORM_FIRST_REST | FORM_DECAY | FORM_LAST,
     .help = "how likely a feature is the one, beside the others; any sum; decay: r^i"},
    VALUE_FIELDS(OneHotSettings, values)};

const DataKind data_one_hot = {
    .kind = {.name = "one_hot",
             .summary = "every sample has exactly one active feature",
             .source = "Chen et al. 2023, Dynamical versus Bayesian Phase Transitions in a Toy "
                       "Model of Superposition",
             .fields = fields,
             .n_fields = sizeof fields / sizeof *fields,
             .settings_size = sizeof(OneHotSettings)},
    .open = one_hot_open,
    .draw = one_hot_draw,
    .probability = one_hot_probability,
    .work = one_hot_work};
