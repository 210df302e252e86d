/* Independent features: feature i is active with probability p_i = 1 - S_i, and then has a value of
 * its own. */
#include "sim/data/data.h"
#include "sim/data/sampler.h"

#include <math.h>

typedef struct IndependentSettings {
    DataSettings common;
    FeatureValues feature_probability;
    ValueSettings values;
} IndependentSettings;

typedef enum Method { METHOD_GROUPS, METHOD_DENSE, METHOD_GAPS, METHOD_HAZARD } Method;

typedef struct State {
    Method method;
    ValueLaw law;
    double *probabilities; /* [n_features] */
    GroupSampler groups;
    DenseSampler dense;
    HazardSampler hazard;
} State;

/* From this mean probability on, one uniform for every feature costs less than one gap for every
 * active one (0.18 and 1.56 ns). */
static const double DENSE_FROM = 0.12;

/* Up to this number of features sixteen samples are drawn next to each other. Of the non-empty
 * samples all features are drawn then, 0.16 ns each: at most 5 ns a sample, where gaps would take
 * 1.56 ns an active feature and the kernel several ns to put the sample into lanes. */
enum { GROUP_FEATURES = 32 };

static Method choose_method(const FeatureValues *values, const double *probabilities, int n) {
    double sum = 0, least = 1;
    for (int i = 0; i < n; i++) {
        sum += probabilities[i];
        least = probabilities[i] > 0 ? fmin(least, probabilities[i]) : least;
    }
    if (values->form == FORM_SCALAR)
        sum = values->a * n;
    if (n <= GROUP_FEATURES && (sum >= DENSE_FROM * n || least >= GAP_LEAST_PROBABILITY))
        return METHOD_GROUPS;
    if (sum >= DENSE_FROM * n)
        return METHOD_DENSE;
    return values->form == FORM_SCALAR && values->a >= GAP_LEAST_PROBABILITY ? METHOD_GAPS
                                                                             : METHOD_HAZARD;
}

static bool open_sampler(State *state, int n, Arena *arena) {
    switch (state->method) {
    case METHOD_GROUPS:
        return group_sampler_init(&state->groups, state->probabilities, n, state->law, arena);
    case METHOD_DENSE:
        return dense_sampler_init(&state->dense, state->probabilities, n, state->law, arena);
    case METHOD_HAZARD:
        return hazard_sampler_init(&state->hazard, state->probabilities, n, state->law, arena);
    case METHOD_GAPS:
        break;
    }
    return true;
}

static bool independent_open(Data *data, Arena *arena, Error *error) {
    const IndependentSettings *settings = data->settings;
    int n = data->n_features;
    State *state = ARENA_NEW(arena, State, 1);
    state->law = values_drawn(&settings->values);
    state->probabilities = ARENA_TRY(arena, double, n);
    bool is_ready = state->probabilities;
    if (is_ready) {
        if (!feature_probabilities(&settings->feature_probability, n, state->probabilities, error))
            return false;
        state->method = choose_method(&settings->feature_probability, state->probabilities, n);
        is_ready = open_sampler(state, n, arena);
    }
    data->values = &settings->values;
    data->state = state;
    return is_ready || error_set(error, "no memory for data of %d features", n);
}

static void independent_draw(const Data *data, const DrawPlace *place, int n_samples,
                             Batch *batch) {
    const State *state = data->state;
    if (state->method == METHOD_HAZARD) {
        Rng rng;
        rng_init(&rng, place->key, place->step, place->block);
        hazard_sampler_draw(&state->hazard, &rng, n_samples, batch);
        return;
    }
    RngLanes lanes[2];
    for (uint64_t half = 0; half < 2; half++)
        rng_lanes_init(&lanes[half], place->key, place->step, 2 * place->block + half);
    switch (state->method) {
    case METHOD_GROUPS:
        group_sampler_draw(&state->groups, lanes, n_samples, batch);
        break;
    case METHOD_DENSE:
        dense_sampler_draw(&state->dense, lanes, n_samples, batch);
        break;
    default:
        gap_sampler_draw(state->probabilities[0], state->law, lanes, n_samples, batch);
    }
}

static double independent_probability(const Data *data, int i) {
    const State *state = data->state;
    return state->probabilities[i];
}

static double independent_empty(const Data *data) {
    const State *state = data->state;
    return probability_of_none(state->probabilities, data->n_features);
}

static const Field fields[] = {
    {.name = "feature_probability",
     .type = FIELD_FEATURES,
     .offset = offsetof(IndependentSettings, feature_probability),
     .maximum = 1,
     .is_live = true,
     .forms = FORM_SCALAR | FORM_LIST | FORM_FIRST_REST | FORM_ZIPF,
     .help = "chance that a feature is active in a sample: 1 - S; zipf, active: proportional to "
             "(i + 1)^-zipf, `active` features expected"},
    VALUE_FIELDS(IndependentSettings, values)};

const DataKind data_independent = {
    .kind = {.name = "independent",
             .summary = "every feature is active on its own, with its own probability",
             .source = "Elhage et al. 2022, Demonstrating Superposition, Experiment Setup",
             .fields = fields,
             .n_fields = sizeof fields / sizeof *fields,
             .settings_size = sizeof(IndependentSettings)},
    .open = independent_open,
    .draw = independent_draw,
    .probability = independent_probability,
    .empty = independent_empty};
