/* The sampler of few features: its tables, and the choice of an instruction set. */
#include "sim/data/sampler_group.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Not to list empty samples saves their share of the draws and of the kernel's work, and costs a
 * fifth of the draws and a number for each sample. */
static const double CONDITIONED_TO = 7.0 / 8;

static int threshold_of(double probability, ValueLaw law) {
    int unit = law == VALUE_UNIFORM ? 1 : 2; /* signed values need an even one */
    return unit * (int)lround(probability * 0x1p30 / unit);
}

/* The bits of about 1 / threshold, such that no value's magnitude is above 1. */
static uint32_t scale_of(int threshold, ValueLaw law) {
    float scale = threshold > 0 ? 1 / (float)threshold : 0;
    if ((float)threshold * scale > 1)
        scale = nextafterf(scale, 0);
    scale = law == VALUE_UNIFORM ? -scale : scale;
    uint32_t bits;
    memcpy(&bits, &scale, sizeof bits);
    return bits;
}

static void set_feature(GroupFeature *feature, double p, double first, ValueLaw law) {
    int threshold = threshold_of(p, law), first_threshold = threshold_of(first, law);
    feature->threshold = threshold;
    feature->scale = scale_of(threshold, law);
    feature->first_threshold = first_threshold ^ threshold;
    feature->first_scale = scale_of(first_threshold, law) ^ feature->scale;
}

bool group_sampler_init(GroupSampler *sampler, const double *probabilities, int n_features,
                        ValueLaw law, Arena *arena) {
    GroupFeature *features = ARENA_TRY(arena, GroupFeature, n_features);
    if (!features)
        return false;
    double log_empty = 0; /* of the features from i on */
    for (int i = n_features - 1; i >= 0; i--) {
        double p = probabilities[i];
        log_empty += log1p(-p);
        set_feature(&features[i], p, p > 0 ? fmin(p / -expm1(log_empty), 1) : 0, law);
    }
    double listed = -expm1(log_empty);
    *sampler = (GroupSampler){.law = law, .features = features};
    sampler->is_conditioned = listed <= CONDITIONED_TO;
    sampler->listed = (int)lround(fmin(listed, CONDITIONED_TO) * 0x1p31);
    return true;
}

typedef int Fill(const GroupSampler *sampler, const RngLanes lanes[2], int n_samples,
                 int n_features, float *x);

static Fill *best_fill(void) {
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return group_fill_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return group_fill_avx2;
#endif
    return group_fill_baseline;
}

void group_sampler_draw(const GroupSampler *sampler, const RngLanes lanes[2], int n_samples,
                        Batch *batch) {
    assert(n_samples <= MOST_SAMPLES);
    batch->form = BATCH_LANES;
    batch->n_rows = best_fill()(sampler, lanes, n_samples, batch->n_features, batch->x);
    batch->n_empty = n_samples - batch->n_rows;
}
