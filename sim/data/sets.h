/* Features in sets: consecutive features form a set, and sets are independent of each other. Three
 * kinds of data are settings of one law and share its sampler. */
#ifndef SUPERPOSE_DATA_SETS_H
#define SUPERPOSE_DATA_SETS_H

#include "sim/data/data.h"

/* A set is active with `probability`. Which of its features are active then: */
typedef struct SetLaw {
    int size;           /* features of a set */
    double probability; /* of a set's being active, in [0, 1] */
    bool is_exclusive;  /* exactly one of an active set, each as likely; none of another */
    bool has_parent;    /* the first feature is active when its set is, and not otherwise */
    double with;        /* chance of each other feature in an active set, on its own … */
    double without;     /* … and in a set that is not active */
} SetLaw;

typedef struct SetSampler {
    SetLaw law;
    ValueLaw values;
    int n_sets;
    double event;        /* chance that a set has an active feature */
    double active_share; /* of such sets: how many are active ones */
} SetSampler;

/** Settings that kinds in sets have: how many features a set has. */
#define SET_SIZE_FIELD(Settings)                                                                   \
    {                                                                                              \
        .name = "set_size", .type = FIELD_INTEGER, .offset = offsetof(Settings, set_size),         \
        .fallback = "2", .minimum = 1, .maximum = MAX_FEATURES, .unit = "features",                \
        .help = "consecutive features that form a set; it divides n_features"                      \
    }

/** Opens data of this law: its state is a SetSampler. Fails where sets do not divide the features.
 */
bool sets_open(Data *data, const SetLaw *law, const ValueSettings *values, Arena *arena,
               Error *error);

/** Draws sparse samples: the gap before the next set with an active feature is geometric, and so
 * are gaps inside a set, so the cost is that of what is active. */
void sets_draw(const Data *data, const DrawPlace *place, int n_samples, Batch *batch);

/** Marginal probability of feature i. */
double sets_probability(const Data *data, int i);

/** Each set with an active feature is an event; what is drawn inside it. */
DrawWork sets_work(const Data *data);

/** (1 - event)^n_sets. */
double sets_empty(const Data *data);

#endif
