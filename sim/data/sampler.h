/* Samplers of independent features: four exact ways to the same law, many numbers at a time.
 *
 * In all of them feature i of a sample is 0 with probability 1 - p_i, and else a value of the law
 * (one of those that are drawn: see values_drawn); all features and samples are independent. The
 * rows of a block are drawn one after another (or sixteen next to each other) from the stream and
 * the settings alone, so a shorter block is the beginning of a longer one. The bits are the same on
 * every machine with IEEE arithmetic: the vector code exists once, and is compiled for several
 * instruction sets. */
#ifndef SUPERPOSE_DATA_SAMPLER_H
#define SUPERPOSE_DATA_SAMPLER_H

#include "sim/base/rng.h"
#include "sim/data/batch.h"
#include "sim/data/values.h"

/* One uniform number u a position: active where u < p, and then u / p is again uniform and gives
 * the value, so x = max(0, (u' - S) / (1 - S)) of u' = 1 - u has the law of a mask times a uniform.
 * Probabilities are rounded to multiples of 2^-24 (signed values: 2^-23). */
typedef struct DenseSampler {
    ValueLaw law;
    bool is_same;         /* all features have the probability of the first */
    const int *threshold; /* [n_features + 8], around the corner again: p_i * 2^24 */
    const float *scale;   /* [n_features + 8]: value of one step of u, 1 / threshold */
} DenseSampler;

/** Prepares it for probabilities [n_features]; false where memory is short. */
bool dense_sampler_init(DenseSampler *sampler, const double *probabilities, int n_features,
                        ValueLaw law, Arena *arena);

/** Fills the emptied batch with n_samples samples, in rows; the two streams take turns. */
void dense_sampler_draw(const DenseSampler *sampler, RngLanes lanes[2], int n_samples,
                        Batch *batch);

/* Few features: sixteen samples next to each other. Empty samples are only counted, and the others
 * drawn on the condition that they are not empty, unless nearly all are. One uniform number a
 * feature decides and gives the value, as in the DenseSampler. Probabilities, with and without the
 * condition, are rounded to multiples of 2^-30 (signed values: 2^-29), that of a sample's not being
 * empty to 2^-31: what has probability p is there within 2^-20 p for p >= 2^-10. */
typedef struct GroupSampler {
    ValueLaw law;
    bool is_conditioned;                 /* on not being empty */
    int listed;                          /* probability of that, times 2^31 */
    const struct GroupFeature *features; /* [n_features] */
} GroupSampler;

/** Prepares it for probabilities [n_features]; false where memory is short. */
bool group_sampler_init(GroupSampler *sampler, const double *probabilities, int n_features,
                        ValueLaw law, Arena *arena);

/** Fills the emptied batch with n_samples samples, at most 1024, in lanes. The streams' states are
 * left as they are. */
void group_sampler_draw(const GroupSampler *sampler, const RngLanes lanes[2], int n_samples,
                        Batch *batch);

/* The least probability for which gaps are drawn in single precision, from 24 random bits: the
 * chance of a gap of k or more is there within 1.5e-7 of (1 - p)^k. */
#define GAP_LEAST_PROBABILITY (1.0 / 1024)

/** One probability p for all, lanes[0] for gaps and lanes[1] for values: the gap before the next
 * active position is geometric, floor(log(u) / log(1 - p)), so only active positions cost anything.
 * Fills the emptied batch with the n_samples samples, sparse. Needs GAP_LEAST_PROBABILITY <= p <=
 * 1/2, and a data_block of samples at most. */
void gap_sampler_draw(double p, ValueLaw law, RngLanes lanes[2], int n_samples, Batch *batch);

/** n values of the law, x [n + BATCH_SLACK]. The stream's state is left as it is. */
void values_sampler_draw(ValueLaw law, const RngLanes *lanes, int n, float *x);

/* Any probabilities, few active features: feature i is a stretch of length -log(1 - p_i) on a line
 * that all samples line up on, and an exponential step of mean 1 from the end of the last active
 * feature's stretch ends in the next one's. Steps are in double precision from 53 random bits. */
typedef struct HazardSampler {
    ValueLaw law;
    const double *end; /* [n_features]: the sum of the lengths up to feature i, it included */
} HazardSampler;

/** Prepares it for probabilities [n_features]; false where memory is short. */
bool hazard_sampler_init(HazardSampler *sampler, const double *probabilities, int n_features,
                         ValueLaw law, Arena *arena);

/** The first i with end[i] > at, of n increasing numbers; the last where there is none. */
int first_end_after(const double *end, int n, double at);

/** Fills the emptied batch with n_samples samples, sparse. */
void hazard_sampler_draw(const HazardSampler *sampler, Rng *rng, int n_samples, Batch *batch);

#endif
