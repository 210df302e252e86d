/* What kinds of data that draw values share: the law of an active feature's value, and one
 * probability for each feature. The law lives in the settings of these kinds, through VALUE_FIELDS,
 * and not in those that all kinds have: samples read from a file bring values of their own, and
 * must not seem to listen to it. */
#ifndef SUPERPOSE_DATA_VALUES_H
#define SUPERPOSE_DATA_VALUES_H

#include "sim/base/rng.h"
#include "sim/config/field.h"
#include "sim/data/batch.h"

/* The law of an active feature's value before it is scaled: uniform on (0, 1], uniform on [-1, 1]
 * but never exactly 0, or always 1. */
typedef enum ValueLaw { VALUE_UNIFORM, VALUE_SIGNED_UNIFORM, VALUE_BINARY } ValueLaw;

typedef struct ValueSettings {
    int value; /* ValueLaw */
    double value_scale;
    bool unit_norm;
} ValueSettings;

extern const char *const value_words[];

/* The fields of `member`, a ValueSettings in the struct Settings. */
#define VALUE_FIELDS(Settings, member)                                                             \
    {.name = "value",                                                                              \
     .type = FIELD_WORD,                                                                           \
     .offset = offsetof(Settings, member.value),                                                   \
     .fallback = "uniform",                                                                        \
     .words = value_words,                                                                         \
     .help = "an active feature's value: uniform on [0, 1], signed_uniform on [-1, 1], binary 1"}, \
        {.name = "value_scale",                                                                    \
         .type = FIELD_REAL,                                                                       \
         .offset = offsetof(Settings, member.value_scale),                                         \
         .fallback = "1",                                                                          \
         .minimum = 1e-6,                                                                          \
         .maximum = 1e6,                                                                           \
         .is_live = true,                                                                          \
         .help = "factor of all values: with 2, uniform is uniform on [0, 2]"},                    \
    {                                                                                              \
        .name = "unit_norm", .type = FIELD_BOOL, .offset = offsetof(Settings, member.unit_norm),   \
        .fallback = "false",                                                                       \
        .help = "divide every sample by its norm, before value_scale; empty ones stay 0"           \
    }

/** The law that a sampler draws from: values_finish makes a binary value of any. */
ValueLaw values_drawn(const ValueSettings *settings);

/** Turns values just drawn into what the settings say: 1 where binary, samples of norm 1 where
 * asked for, times value_scale. */
void values_finish(const ValueSettings *settings, Batch *batch);

/** A value of a law that is drawn, from 24 random bits: (u + 1) 2^-24, or (2 u + 1) 2^-24 - 1. */
static inline float value_draw(ValueLaw law, Rng *rng) {
    int u = (int)(rng_next(rng) >> 40);
    return (float)(law == VALUE_UNIFORM ? u + 1 : 2 * u + 1 - (1 << 24)) * 0x1p-24f;
}

/** The setting feature_probability for each feature; out [n_features]. Fails, naming the setting,
 * where a list has another length, or a power law makes a probability larger than 1. */
bool feature_probabilities(const FeatureValues *values, int n_features, double *out, Error *error);

/** The probability that none of independent features is active: prod_i (1 - p_i). */
double probability_of_none(const double *probabilities, int n_features);

#endif
