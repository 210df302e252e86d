/* Inside the group sampler: what sampler_group.c prepares and vector_group.c, built for every
 * instruction-set level, draws from. */
#ifndef SUPERPOSE_DATA_SAMPLER_GROUP_H
#define SUPERPOSE_DATA_SAMPLER_GROUP_H

#include "sim/data/sampler.h"

/* The most samples a block has. */
enum { MOST_SAMPLES = 1024 };

/* A feature is active where a random number u < T = p 2^30, and then its value is (T - u) / T; for
 * signed values (T - 1 - 2u) / T. As long as all features before it are inactive, and the sample is
 * not to be empty, threshold and scale have the bits of first_… changed. */
typedef struct GroupFeature {
    int threshold, first_threshold;
    uint32_t scale, first_scale; /* the bits of a float: -1 / T; for signed values 1 / T */
} GroupFeature;

/** Draws n_samples samples into x, in lanes; returns how many are listed. */
int group_fill_baseline(const GroupSampler *sampler, const RngLanes lanes[2], int n_samples,
                        int n_features, float *x);
#ifdef __x86_64__
/** The same, and the same bits. */
int group_fill_avx2(const GroupSampler *sampler, const RngLanes lanes[2], int n_samples,
                    int n_features, float *x);
int group_fill_avx512(const GroupSampler *sampler, const RngLanes lanes[2], int n_samples,
                      int n_features, float *x);
#endif

#endif
