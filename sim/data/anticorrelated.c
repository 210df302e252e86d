/* Anticorrelated sets: an active set has exactly one active feature, each as likely. The paper's 1
 * - S is the chance of a set; ARENA's feature_probability is that of a feature, set_size times
 * less. One of the two is given. */
#include "sim/data/sets.h"

#include <math.h>

typedef struct AnticorrelatedSettings {
    DataSettings common;
    double feature_probability, set_probability; /* NaN: none */
    int64_t set_size;
    ValueSettings values;
} AnticorrelatedSettings;

static bool anticorrelated_open(Data *data, Arena *arena, Error *error) {
    const AnticorrelatedSettings *settings = data->settings;
    double p = settings->feature_probability, size = (double)settings->set_size;
    if (isnan(p) == isnan(settings->set_probability))
        return error_set(error,
                         "data: anticorrelated takes feature_probability or "
                         "set_probability, %s",
                         isnan(p) ? "and neither is given" : "not both");
    if (p * size > 1)
        return error_set(error,
                         "data.feature_probability: %g for each of %g features that exclude each "
                         "other is more than 1; at most %g",
                         p, size, 1 / size);
    const SetLaw law = {.size = (int)settings->set_size,
                        .probability = isnan(p) ? settings->set_probability : p * size,
                        .is_exclusive = true};
    return sets_open(data, &law, &settings->values, arena, error);
}

static const char *const none[] = {"none", NULL};

static int anticorrelated_set_size(const void *settings) {
    return (int)((const AnticorrelatedSettings *)settings)->set_size;
}

static const Field fields[] = {
    {.name = "feature_probability",
     .type = FIELD_REAL,
     .offset = offsetof(AnticorrelatedSettings, feature_probability),
     .fallback = "none",
     .maximum = 1,
     .is_live = true,
     .words = none,
     .help = "chance that a feature is active in a sample; a set is with set_size times that"},
    {.name = "set_probability",
     .type = FIELD_REAL,
     .offset = offsetof(AnticorrelatedSettings, set_probability),
     .fallback = "none",
     .maximum = 1,
     .is_live = true,
     .words = none,
     .help = "instead of feature_probability: chance that a set is active, the paper's 1 - S"},
    SET_SIZE_FIELD(AnticorrelatedSettings),
    VALUE_FIELDS(AnticorrelatedSettings, values)};

const DataKind data_anticorrelated = {
    .kind = {.name = "anticorrelated",
             .summary = "of the features of a set at most one is active",
             .source = "Elhage et al. 2022, The Geometry of Superposition, Correlated Features",
             .fields = fields,
             .n_fields = sizeof fields / sizeof *fields,
             .settings_size = sizeof(AnticorrelatedSettings)},
    .open = anticorrelated_open,
    .draw = sets_draw,
    .probability = sets_probability,
    .empty = sets_empty,
    .work = sets_work,
    .set_size = anticorrelated_set_size};
