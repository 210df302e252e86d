/* Families: the first feature of a set is the parent, the others its children, who come with it.
 * With alone_probability they also come, more rarely or more often, without it: loosely correlated
 * or, above child_probability, anticorrelated families. */
#include "sim/data/sets.h"

typedef struct HierarchicalSettings {
    DataSettings common;
    double feature_probability;
    int64_t set_size;
    double child_probability, alone_probability;
    ValueSettings values;
} HierarchicalSettings;

static bool hierarchical_open(Data *data, Arena *arena, Error *error) {
    const HierarchicalSettings *settings = data->settings;
    const SetLaw law = {.size = (int)settings->set_size,
                        .probability = settings->feature_probability,
                        .has_parent = true,
                        .with = settings->child_probability,
                        .without = settings->alone_probability};
    return sets_open(data, &law, &settings->values, arena, error);
}

static int hierarchical_set_size(const void *settings) {
    return (int)((const HierarchicalSettings *)settings)->set_size;
}

static const Field fields[] = {
    {.name = "feature_probability",
     .type = FIELD_REAL,
     .offset = offsetof(HierarchicalSettings, feature_probability),
     .maximum = 1,
     .is_live = true,
     .help = "chance that a parent, the first feature of its set, is active in a sample"},
    SET_SIZE_FIELD(HierarchicalSettings),
    {.name = "child_probability",
     .type = FIELD_REAL,
     .offset = offsetof(HierarchicalSettings, child_probability),
     .fallback = "0.5",
     .maximum = 1,
     .is_live = true,
     .help = "chance that a child is active when its parent is, each on its own"},
    {.name = "alone_probability",
     .type = FIELD_REAL,
     .offset = offsetof(HierarchicalSettings, alone_probability),
     .fallback = "0",
     .maximum = 1,
     .is_live = true,
     .help = "chance that a child is active when its parent is not"},
    VALUE_FIELDS(HierarchicalSettings, values)};

const DataKind data_hierarchical = {
    .kind = {.name = "hierarchical",
             .summary = "a child is active only with its parent, the first feature of its set",
             .source = "Chanin et al. 2025, Feature Hedging, toy models of hierarchical features",
             .fields = fields,
             .n_fields = sizeof fields / sizeof *fields,
             .settings_size = sizeof(HierarchicalSettings)},
    .open = hierarchical_open,
    .draw = sets_draw,
    .probability = sets_probability,
    .empty = sets_empty,
    .work = sets_work,
    .set_size = hierarchical_set_size};
