/* Draws of few features: samples in the lanes of a vector, feature after feature, so that a batch
 * is made in the order in which kernels read it.
 *
 *                    sample 0   1   2  ...  15
 *     feature 0         u<T0    .   .        .     one random number u each: active where u < T,
 *     feature 1         u<T1    .   .        .     and then it gives the value too
 *
 * Samples are independent of each other, so their order means nothing, and empty ones need no
 * place. How many of the samples are not empty is drawn first (one comparison each); then only
 * these are drawn, each on the condition that it is not empty: while a lane has no active feature
 * yet, feature i is active with p_i / (1 - prod_{j >= i} (1 - p_j)), which is 1 for the last one;
 * after that with p_i. Nothing is moved, and there is no branch to guess.
 *
 * The sixteen lanes of random numbers belong to the sixteen samples of a group. A narrower vector
 * goes over all groups for its part of them, and then for the next part: the same numbers. */
#include "sim/data/lanes.h"
#include "sim/data/sampler_group.h"

#include <string.h>

#define PASTE_(a, b) a##_##b
#define PASTE(a, b) PASTE_(a, b)

/* How many of the n_samples are not empty, of those whose group has them in this part. All samples
 * take their bits, so that a shorter block begins a longer one. */
INLINE int count_listed(int listed, const IntLanes *number, UintLanes s[4], int n_samples) {
    IntLanes count = {0};
    for (int first = 0; first < MOST_SAMPLES; first += BATCH_GROUP) {
        UintLanes bits;
        next_lanes(s, &bits);
        count -= ((IntLanes)(bits >> 1) < listed) & (*number < n_samples - first);
    }
    int sum = 0;
    for (int lane = 0; lane < LANES; lane++)
        sum += count[lane];
    return sum;
}

/* A feature of LANES samples: with u = 0 … 2^30 - 1, active where u < T; there T - u = 1 … T is
 * uniform, and so is T - 1 - 2u = -(T - 1), -(T - 3) … T - 1 (odd, as T is even). */
INLINE void draw_feature(ValueLaw law, bool is_conditioned, const GroupFeature *feature,
                         UintLanes s[4], IntLanes *is_empty, float *x) {
    UintLanes bits, scale = feature->scale - (UintLanes){0};
    IntLanes threshold = feature->threshold - (IntLanes){0};
    next_lanes(s, &bits);
    if (is_conditioned) {
        threshold ^= *is_empty & feature->first_threshold;
        scale ^= (UintLanes)*is_empty & feature->first_scale;
    }
    IntLanes u = (IntLanes)(bits >> 2), over = u - threshold;
    IntLanes steps = law == VALUE_UNIFORM ? over : -1 - over - u;
    FloatLanes value = __builtin_convertvector(steps, FloatLanes) * (FloatLanes)scale;
    /* Comparisons of wide vectors go to another kind of register, and back where is_empty needs it.
     */
    // cppcheck-suppress shiftTooManyBitsSigned
    IntLanes is_active = is_conditioned ? over >> 31 : over < 0;
    value = (FloatLanes)((IntLanes)value & is_active);
    *is_empty &= ~is_active;
    memcpy(x, &value, sizeof value);
}

/* Fills this part of whole groups, and clears what follows the last row. */
INLINE void draw_rows(ValueLaw law, bool is_conditioned, const GroupFeature *features,
                      int n_features, int n_rows, const IntLanes *number, const UintLanes *state,
                      float *x) {
    UintLanes s[4];
    memcpy(s, state, sizeof s);
    for (int row = 0; row <= n_rows; row += BATCH_GROUP) {
        IntLanes is_empty = (IntLanes){0} - 1;
        for (int i = 0; i < n_features; i++, x += BATCH_GROUP)
            draw_feature(law, is_conditioned, &features[i], s, &is_empty, x);
    }
    for (int i = 0; i < n_features; i++) {
        IntLanes values;
        x -= BATCH_GROUP;
        memcpy(&values, x, sizeof values);
        values &= *number < n_rows % BATCH_GROUP;
        memcpy(x, &values, sizeof values);
    }
}

/* A part's lanes: which sample of a group each has, and their state. */
INLINE void open_part(const RngLanes lanes[2], int part, IntLanes *number, UintLanes s[4]) {
    int samples[LANES];
    for (int lane = 0; lane < LANES; lane++)
        samples[lane] = part * LANES + lane;
    memcpy(number, samples, sizeof *number);
    for (int word = 0; word < 4; word++)
        for (int lane = 0; lane < LANES; lane += 4) {
            const uint32_t *from = lanes[samples[lane] / 8].s[word];
            memcpy((char *)&s[word] + 4 * lane, from + samples[lane] % 8, 16);
        }
}

INLINE void draw_parts(ValueLaw law, bool is_conditioned, const GroupSampler *sampler,
                       int n_features, int n_rows, const IntLanes *number, UintLanes (*s)[4],
                       float *x) {
    for (int part = 0; part < BATCH_GROUP / LANES; part++)
        draw_rows(law, is_conditioned, sampler->features, n_features, n_rows, &number[part],
                  s[part], x + part * LANES);
}

int PASTE(group_fill, LEVEL)(const GroupSampler *sampler, const RngLanes lanes[2], int n_samples,
                             int n_features, float *x) {
    IntLanes number[BATCH_GROUP / LANES];
    UintLanes s[BATCH_GROUP / LANES][4];
    for (int part = 0; part < BATCH_GROUP / LANES; part++)
        open_part(lanes, part, &number[part], s[part]);
    bool is_uniform = sampler->law == VALUE_UNIFORM;
    if (!sampler->is_conditioned) {
        if (is_uniform)
            draw_parts(VALUE_UNIFORM, false, sampler, n_features, n_samples, number, s, x);
        else
            draw_parts(VALUE_SIGNED_UNIFORM, false, sampler, n_features, n_samples, number, s, x);
        return n_samples;
    }
    int n_rows = 0;
    for (int part = 0; part < BATCH_GROUP / LANES; part++)
        n_rows += count_listed(sampler->listed, &number[part], s[part], n_samples);
    if (is_uniform)
        draw_parts(VALUE_UNIFORM, true, sampler, n_features, n_rows, number, s, x);
    else
        draw_parts(VALUE_SIGNED_UNIFORM, true, sampler, n_features, n_rows, number, s, x);
    return n_rows;
}
