/* The samplers of many features, eight positions at a time; at the end their vector code is
 * compiled for the baseline and for AVX2. */
#include "sim/data/sampler.h"
#include "sim/data/lanes.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const float STEP_24 = 0x1p-24f;

/* ---- one uniform a position ---- */

bool dense_sampler_init(DenseSampler *sampler, const double *probabilities, int n_features,
                        ValueLaw law, Arena *arena) {
    size_t n = (size_t)n_features + LANES;
    int *threshold = ARENA_TRY(arena, int, n);
    float *scale = ARENA_TRY(arena, float, n);
    if (!threshold || !scale)
        return false;
    bool is_same = true;
    for (size_t i = 0; i < n; i++) {
        double p = probabilities[i % (size_t)n_features];
        threshold[i] = law == VALUE_UNIFORM ? (int)lround(p * 0x1p24) : 2 * (int)lround(p * 0x1p23);
        scale[i] = threshold[i] ? 1.0f / (float)threshold[i] : 0.0f;
        is_same = is_same && p == probabilities[0];
    }
    *sampler =
        (DenseSampler){.law = law, .is_same = is_same, .threshold = threshold, .scale = scale};
    return true;
}

/* x of eight positions: with u = 0 … 2^24 - 1 and T = p 2^24, active where u < T; there T - u = 1 …
 * T is uniform, and so is T - 1 - 2u = -(T - 1), -(T - 3) … T - 1 (odd, as T is even). */
INLINE void dense_values(ValueLaw law, const UintLanes *bits, const IntLanes *threshold,
                         const FloatLanes *scale, FloatLanes *x) {
    IntLanes u = (IntLanes)(*bits >> 8), is_active = u < *threshold;
    IntLanes steps = law == VALUE_UNIFORM ? *threshold - u : *threshold - 1 - 2 * u;
    FloatLanes value = __builtin_convertvector(steps, FloatLanes) * *scale;
    *x = (FloatLanes)((IntLanes)value & is_active);
}

/* Eight positions, of which the first is of `feature`; returns the next one's. */
INLINE int dense_group(const DenseSampler *sampler, ValueLaw law, bool is_same, UintLanes s[4],
                       int n_features, int feature, float *x) {
    UintLanes bits;
    IntLanes threshold;
    FloatLanes scale, values;
    memcpy(&threshold, sampler->threshold + feature, sizeof threshold);
    memcpy(&scale, sampler->scale + feature, sizeof scale);
    next_lanes(s, &bits);
    dense_values(law, &bits, &threshold, &scale, &values);
    memcpy(x, &values, sizeof values);
    return is_same ? 0 : (feature + LANES) % n_features;
}

INLINE void dense_fill(const DenseSampler *sampler, ValueLaw law, bool is_same, RngLanes lanes[2],
                       size_t n, int n_features, float *x) {
    const DenseSampler local = *sampler; /* x could lie over it, for all a compiler knows */
    UintLanes s[4], t[4];
    memcpy(s, lanes[0].s, sizeof s);
    memcpy(t, lanes[1].s, sizeof t);
    int feature = 0;
    for (size_t i = 0; i < n; i += 2 * LANES) {
        feature = dense_group(&local, law, is_same, s, n_features, feature, x + i);
        feature = dense_group(&local, law, is_same, t, n_features, feature, x + i + LANES);
    }
}

INLINE void dense_fill_any(const DenseSampler *sampler, RngLanes lanes[2], size_t n, int n_features,
                           float *x) {
    if (sampler->law == VALUE_UNIFORM && sampler->is_same)
        dense_fill(sampler, VALUE_UNIFORM, true, lanes, n, n_features, x);
    else if (sampler->law == VALUE_UNIFORM)
        dense_fill(sampler, VALUE_UNIFORM, false, lanes, n, n_features, x);
    else if (sampler->is_same)
        dense_fill(sampler, VALUE_SIGNED_UNIFORM, true, lanes, n, n_features, x);
    else
        dense_fill(sampler, VALUE_SIGNED_UNIFORM, false, lanes, n, n_features, x);
}

/* ---- geometric gaps ---- */

/* log(u) for u in (0, 1], within 1.2e-7 relatively: u = 2^e (1 + f) with 1 + f in [sqrt(1/2),
 * sqrt(2)), and log(1 + f) = f - f^2/2 + f^3 P(f), P fitted to the least greatest relative error.
 */
INLINE void log_lanes(const FloatLanes *u, FloatLanes *result) {
    enum { SQRT_HALF = 0x3f3504f3, MANTISSA = 0x007fffff };
    IntLanes shifted = (IntLanes)*u - SQRT_HALF, exponent = shifted >> 23;
    FloatLanes f = (FloatLanes)((shifted & MANTISSA) + SQRT_HALF) - 1.0f, f2 = f * f;
    FloatLanes p = 0.0868920609f * f - 0.142626688f;
    p = p * f + 0.149166986f;
    p = p * f - 0.165783256f;
    p = p * f + 0.199629396f;
    p = p * f - 0.250013083f;
    p = p * f + 0.333339155f;
    FloatLanes fraction = f - (0.5f * f2 - f * f2 * p);
    *result = fraction + 0.693147181f * __builtin_convertvector(exponent, FloatLanes);
}

/* Sums of the lanes up to each. */
INLINE void prefix_sum_lanes(IntLanes *v) {
    const IntLanes zero = {0};
    *v += __builtin_shufflevector(zero, *v, 0, 8, 9, 10, 11, 12, 13, 14);
    *v += __builtin_shufflevector(zero, *v, 0, 1, 8, 9, 10, 11, 12, 13);
    *v += __builtin_shufflevector(zero, *v, 0, 1, 2, 3, 8, 9, 10, 11);
}

/* Gaps floor(log(u) / log(1 - p)) of u = (bits + 1) 2^-24, per_log = 1 / log(1 - p). */
INLINE void gap_lanes(const UintLanes *bits, float per_log, IntLanes *gaps) {
    FloatLanes u = __builtin_convertvector((IntLanes)(*bits >> 8) + 1, FloatLanes) * STEP_24, log_u;
    log_lanes(&u, &log_u);
    *gaps = __builtin_convertvector(log_u * per_log, IntLanes);
}

/* Row and feature of positions < 2^24: the quotient in single precision is off by at most one. */
INLINE void split_positions(const IntLanes *positions, int n_features, float reciprocal,
                            IntLanes *row, IntLanes *feature) {
    *row = __builtin_convertvector(__builtin_convertvector(*positions, FloatLanes) * reciprocal,
                                   IntLanes);
    *feature = *positions - *row * n_features;
    IntLanes is_below = *feature < 0;
    *row += is_below;
    *feature += n_features & is_below;
    IntLanes is_above = *feature >= n_features;
    *row -= is_above;
    *feature -= n_features & is_above;
}

/* Entries are made CHUNK at a time, step by step: many short chains of dependent instructions next
 * to each other keep a processor busier than one long one (1.5 instead of 2.7 ns an entry). */
enum { CHUNK = BATCH_SLACK };

typedef struct Gaps {
    UintLanes s[4], t[4]; /* streams of gaps and of values */
    IntLanes row;         /* the last eight positions' rows */
    int n_features, last; /* the last position so far */
    float per_log, reciprocal;
} Gaps;

INLINE void draw_steps(Gaps *gaps, int steps[CHUNK]) {
    for (int i = 0; i < CHUNK; i += LANES) {
        UintLanes bits;
        IntLanes gap;
        next_lanes(gaps->s, &bits);
        gap_lanes(&bits, gaps->per_log, &gap);
        gap += 1;
        memcpy(steps + i, &gap, sizeof gap);
    }
}

/* From steps to positions, and to features; is_new [CHUNK] is -1 where an entry begins a row. */
INLINE void place_steps(Gaps *gaps, const int steps[CHUNK], int positions[CHUNK], int *index,
                        int is_new[CHUNK]) {
    for (int i = 0; i < CHUNK; i += LANES) {
        IntLanes position, row, feature, before, differs;
        memcpy(&position, steps + i, sizeof position);
        prefix_sum_lanes(&position);
        position += gaps->last;
        gaps->last = position[LANES - 1];
        split_positions(&position, gaps->n_features, gaps->reciprocal, &row, &feature);
        before = __builtin_shufflevector(gaps->row, row, 7, 8, 9, 10, 11, 12, 13, 14);
        differs = row != before;
        gaps->row = row;
        memcpy(positions + i, &position, sizeof position);
        memcpy(index + i, &feature, sizeof feature);
        memcpy(is_new + i, &differs, sizeof differs);
    }
}

INLINE void draw_values(ValueLaw law, UintLanes state[4], float *x) {
    for (int i = 0; i < CHUNK; i += LANES) {
        UintLanes bits;
        next_lanes(state, &bits);
        IntLanes u = (IntLanes)(bits >> 8);
        IntLanes steps = law == VALUE_UNIFORM ? u + 1 : 2 * u + 1 - (1 << 24);
        FloatLanes values = __builtin_convertvector(steps, FloatLanes) * STEP_24;
        memcpy(x + i, &values, sizeof values);
    }
}

/* Notes where rows start among n entries from `entry` on; returns how many rows there are then. A
 * row that does not begin is overwritten by the next: no branch to guess. */
INLINE int add_rows(int *start, int n_rows, const int *is_new, int entry, int n) {
    for (int k = 0; k < n; k++) {
        start[n_rows] = entry + k;
        n_rows -= is_new[k];
    }
    return n_rows;
}

INLINE void gap_fill(double p, ValueLaw law, RngLanes lanes[2], int n_samples, Batch *batch) {
    Gaps gaps = {.row = {-1, -1, -1, -1, -1, -1, -1, -1},
                 .n_features = batch->n_features,
                 .last = -1,
                 .per_log = (float)(1.0 / log1p(-p)),
                 .reciprocal = 1.0f / (float)batch->n_features};
    memcpy(gaps.s, lanes[0].s, sizeof gaps.s);
    memcpy(gaps.t, lanes[1].s, sizeof gaps.t);
    const int end = n_samples * gaps.n_features;
    int n_entries = 0, n_rows = 0, *start = batch->start;
    int steps[CHUNK], positions[CHUNK], is_new[CHUNK];
    while (gaps.last < end) {
        draw_steps(&gaps, steps);
        place_steps(&gaps, steps, positions, batch->index + n_entries, is_new);
        draw_values(law, gaps.t, batch->x + n_entries);
        int n_here = CHUNK;
        while (positions[n_here - 1] >= end && --n_here > 0)
            continue;
        for (int k = 0; k < n_here; k += LANES)
            n_rows = add_rows(start, n_rows, is_new + k, n_entries + k,
                              n_here - k < LANES ? n_here - k : LANES);
        n_entries += n_here;
    }
    start[n_rows] = n_entries;
    batch->n_rows = n_rows;
}

INLINE void gap_fill_any(double p, ValueLaw law, RngLanes lanes[2], int n_samples, Batch *batch) {
    if (law == VALUE_UNIFORM)
        gap_fill(p, VALUE_UNIFORM, lanes, n_samples, batch);
    else
        gap_fill(p, VALUE_SIGNED_UNIFORM, lanes, n_samples, batch);
}

INLINE void values_fill(ValueLaw law, const RngLanes *lanes, int n, float *x) {
    UintLanes state[4];
    memcpy(state, lanes->s, sizeof state);
    for (int i = 0; i < n; i += CHUNK)
        if (law == VALUE_UNIFORM)
            draw_values(VALUE_UNIFORM, state, x + i);
        else
            draw_values(VALUE_SIGNED_UNIFORM, state, x + i);
}

/* ---- the same code for two instruction sets ---- */

static void dense_fill_baseline(const DenseSampler *sampler, RngLanes lanes[2], size_t n,
                                int n_features, float *x) {
    dense_fill_any(sampler, lanes, n, n_features, x);
}

static void gap_fill_baseline(double p, ValueLaw law, RngLanes lanes[2], int n_samples,
                              Batch *batch) {
    gap_fill_any(p, law, lanes, n_samples, batch);
}

static void values_fill_baseline(ValueLaw law, const RngLanes *lanes, int n, float *x) {
    values_fill(law, lanes, n, x);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void dense_fill_avx2(const DenseSampler *sampler,
                                                            RngLanes lanes[2], size_t n,
                                                            int n_features, float *x) {
    dense_fill_any(sampler, lanes, n, n_features, x);
}

__attribute__((target("avx2"))) static void gap_fill_avx2(double p, ValueLaw law, RngLanes lanes[2],
                                                          int n_samples, Batch *batch) {
    gap_fill_any(p, law, lanes, n_samples, batch);
}

__attribute__((target("avx2"))) static void values_fill_avx2(ValueLaw law, const RngLanes *lanes,
                                                             int n, float *x) {
    values_fill(law, lanes, n, x);
}

static bool has_avx2(void) {
    return __builtin_cpu_supports("avx2");
}
#else
#define dense_fill_avx2 dense_fill_baseline
#define gap_fill_avx2 gap_fill_baseline
#define values_fill_avx2 values_fill_baseline

static bool has_avx2(void) {
    return false;
}
#endif

void dense_sampler_draw(const DenseSampler *sampler, RngLanes lanes[2], int n_samples,
                        Batch *batch) {
    size_t n = (size_t)n_samples * (size_t)batch->n_features;
    (has_avx2() ? dense_fill_avx2 : dense_fill_baseline)(sampler, lanes, n, batch->n_features,
                                                         batch->x);
    batch->form = BATCH_ROWS;
    batch->n_rows = n_samples;
    batch->n_empty = 0;
}

void gap_sampler_draw(double p, ValueLaw law, RngLanes lanes[2], int n_samples, Batch *batch) {
    assert(p >= GAP_LEAST_PROBABILITY && p <= 0.5);
    assert((int64_t)n_samples * batch->n_features <= 128 * 100000); /* and a chunk: below 2^24 */
    (has_avx2() ? gap_fill_avx2 : gap_fill_baseline)(p, law, lanes, n_samples, batch);
    batch->form = BATCH_SPARSE;
    batch->n_empty = n_samples - batch->n_rows;
}

void values_sampler_draw(ValueLaw law, const RngLanes *lanes, int n, float *x) {
    (has_avx2() ? values_fill_avx2 : values_fill_baseline)(law, lanes, n, x);
}
