/* Correlated sets: one coin, of chance p, decides for a whole set. With correlation c below 1 each
 * feature follows its set with chance c and has a coin of its own otherwise, so that in an active
 * set it is active with c + (1 - c) p, and in another with (1 - c) p. Every feature keeps the
 * marginal p; two of a set have the correlation c^2. */
#include "sim/data/sets.h"

#include <math.h>

typedef struct CorrelatedSettings {
    DataSettings common;
    double feature_probability;
    int64_t set_size;
    double correlation;
    ValueSettings values;
} CorrelatedSettings;

static bool correlated_open(Data *data, Arena *arena, Error *error) {
    const CorrelatedSettings *settings = data->settings;
    double p = settings->feature_probability, own = 1 - settings->correlation;
    const SetLaw law = {.size = (int)settings->set_size,
                        .probability = p,
                        .with = fmin(settings->correlation + own * p, 1),
                        .without = own * p};
    return sets_open(data, &law, &settings->values, arena, error);
}

static int correlated_set_size(const void *settings) {
    return (int)((const CorrelatedSettings *)settings)->set_size;
}

static const Field fields[] = {
    {.name = "feature_probability",
     .type = FIELD_REAL,
     .offset = offsetof(CorrelatedSettings, feature_probability),
     .maximum = 1,
     .is_live = true,
     .help = "chance that a set, and so each of its features, is active in a sample: 1 - S"},
    SET_SIZE_FIELD(CorrelatedSettings),
    {.name = "correlation",
     .type = FIELD_REAL,
     .offset = offsetof(CorrelatedSettings, correlation),
     .fallback = "1",
     .maximum = 1,
     .is_live = true,
     .help = "chance that a feature follows its set; otherwise it is active on its own"},
    VALUE_FIELDS(CorrelatedSettings, values)};

const DataKind data_correlated = {
    .kind = {.name = "correlated",
             .summary = "the features of a set are active together",
             .source = "Elhage et al. 2022, The Geometry of Superposition, Correlated Features",
             .fields = fields,
             .n_fields = sizeof fields / sizeof *fields,
             .settings_size = sizeof(CorrelatedSettings)},
    .open = correlated_open,
    .draw = sets_draw,
    .probability = sets_probability,
    .empty = sets_empty,
    .work = sets_work,
    .set_size = correlated_set_size};
