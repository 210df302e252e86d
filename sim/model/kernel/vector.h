/* What the vector paths are written in: GCC/Clang vectors of LANES floats. A vector source is
 * compiled once for each instruction-set level, with LANES and LEVEL set by the Makefile, and
 * -ffp-contract=fast turns a * b + c into fused multiply-adds where the level has them. */
#ifndef SUPERPOSE_MODEL_KERNEL_VECTOR_H
#define SUPERPOSE_MODEL_KERNEL_VECTOR_H

#include "sim/model/kernel/path.h"

#include <math.h>
#if defined(__AVX2__)
#include <immintrin.h>
#endif

#ifndef LANES /* the baseline, of every 64-bit machine */
#define LANES 4
#define LEVEL baseline
#endif

#define INLINE static inline __attribute__((always_inline))
#define PASTE_(a, b) a##_##b
#define PASTE(a, b) PASTE_(a, b)
#define LEVEL_NAME(name) PASTE(name, LEVEL)

typedef float Vec __attribute__((vector_size(4 * LANES)));
typedef int32_t Mask __attribute__((vector_size(4 * LANES))); /* lanes 0 or -1 */
typedef float VecAnywhere __attribute__((vector_size(4 * LANES), may_alias, aligned(4)));

typedef float Four __attribute__((vector_size(16)));
typedef float FourAnywhere __attribute__((vector_size(16), may_alias, aligned(4)));

/** Four numbers from anywhere. */
INLINE Four load_four(const float *from) {
    return *(const FourAnywhere *)from;
}

/** Four numbers to anywhere. */
INLINE void store_four(float *to, Four value) {
    *(FourAnywhere *)to = value;
}

/** LANES numbers from anywhere. */
INLINE Vec load(const float *from) {
    return *(const VecAnywhere *)from;
}

/** LANES numbers to anywhere. */
INLINE void store(float *to, Vec value) {
    *(VecAnywhere *)to = value;
}

/* Half a vector, where instructions on whole ones cost twice as much; else there is none. */
#if LANES == 16
enum { LEAST = 8 };
typedef float ShortVec __attribute__((vector_size(32)));
typedef float ShortVecAnywhere __attribute__((vector_size(32), may_alias, aligned(4)));

/** The first LEAST lanes. */
INLINE ShortVec lower_half(Vec value) {
    return __builtin_shufflevector(value, value, 0, 1, 2, 3, 4, 5, 6, 7);
}
#else
enum { LEAST = LANES };
typedef Vec ShortVec;
typedef VecAnywhere ShortVecAnywhere;

/** All lanes. */
INLINE ShortVec lower_half(Vec value) {
    return value;
}
#endif

/** LEAST numbers and zeros. */
INLINE Vec widen(ShortVec value) {
#if LANES == 16
    return __builtin_shufflevector(value, (ShortVec){0}, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
                                   13, 14, 15);
#else
    return value;
#endif
}

/** LEAST numbers from anywhere. */
INLINE ShortVec load_half(const float *from) {
    return *(const ShortVecAnywhere *)from;
}

/** LEAST numbers to anywhere. */
INLINE void store_half(float *to, ShortVec value) {
    *(ShortVecAnywhere *)to = value;
}

/** The number in every lane. */
INLINE Vec splat(float value) {
    return value - (Vec){0}; /* not +: that would not keep -0 */
}

/** The value where the mask is set, else 0. */
INLINE Vec keep(Vec value, Mask mask) {
    return (Vec)((Mask)value & mask);
}

/** The least multiple of `step` that is not less. */
INLINE int round_up(int n, int step) {
    return (n + step - 1) / step * step;
}

/** Lanes where the activation passes z on; NaN passes. `always` comes from always_passing. */
INLINE Mask passing(Vec z, Mask always) {
    return ~(Mask)(z <= 0) | always;
}

/** Bit `lane` is set where the rectifier passes z on. */
INLINE unsigned passing_bits(Vec z) {
#if LANES == 16 && defined(__AVX512F__)
    return _mm512_cmp_ps_mask((__m512)z, _mm512_setzero_ps(), _CMP_NLE_UQ);
#elif LANES == 8 && defined(__AVX2__)
    return (unsigned)_mm256_movemask_ps(_mm256_cmp_ps((__m256)z, _mm256_setzero_ps(), _CMP_NLE_UQ));
#else
    Mask pass = ~(Mask)(z <= 0);
    unsigned bits = 0;
    for (int lane = 0; lane < LANES; lane++)
        bits |= (unsigned)(pass[lane] & 1) << lane;
    return bits;
#endif
}

/** Bit `lane` is set where the number is not 0; NaN is not. */
INLINE unsigned nonzero_bits(Vec value) {
#if LANES == 16 && defined(__AVX512F__)
    return _mm512_cmp_ps_mask((__m512)value, _mm512_setzero_ps(), _CMP_NEQ_UQ);
#elif LANES == 8 && defined(__AVX2__)
    return (unsigned)_mm256_movemask_ps(
        _mm256_cmp_ps((__m256)value, _mm256_setzero_ps(), _CMP_NEQ_UQ));
#else
    Mask differs = value != 0;
    unsigned bits = 0;
    for (int lane = 0; lane < LANES; lane++)
        bits |= (unsigned)(differs[lane] & 1) << lane;
    return bits;
#endif
}

/** The lanes of a vector added up in four. */
INLINE Four fold(Vec v) {
#if LANES == 4
    return v;
#else
#if LANES == 16
    typedef float Eight __attribute__((vector_size(32)));
    Eight low = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7);
    Eight half = low + __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
#else
    Vec half = v;
#endif
    return __builtin_shufflevector(half, half, 0, 1, 2, 3) +
           __builtin_shufflevector(half, half, 4, 5, 6, 7);
#endif
}

/** The sum of the lanes. */
INLINE float sum_of_lanes(Vec value) {
    Four four = fold(value);
    return (four[0] + four[1]) + (four[2] + four[3]);
}

/** All lanes for the linear activation, none for the rectifier. */
INLINE Mask always_passing(Activation activation) {
    return (Mask){0} - (activation == ACTIVATION_LINEAR);
}

/** |r|^(exponent-1) sign(r), 0 where r = 0. */
INLINE Vec power_slope(Power power, float exponent, Vec r) {
    const Mask sign_bit = (Mask){0} + INT32_MIN;
    Vec magnitude = keep(r, ~sign_bit);
    Mask sign = (Mask)r & sign_bit;
    switch (power) {
    case POWER_1:
        return keep((Vec)((Mask)splat(1) | sign), r != 0);
    case POWER_2:
        return r;
    case POWER_3:
        return magnitude * r;
    case POWER_4:
        return r * r * r;
    case POWER_ANY:
        break;
    }
    for (int lane = 0; lane < LANES; lane++)
        magnitude[lane] = magnitude[lane] == 0 ? 0 : powf(magnitude[lane], exponent - 1);
    return (Vec)((Mask)magnitude | sign);
}

/** 1 where the number is above 0, -1 below, 0 at it. */
INLINE Vec sign_of(Vec value) {
    return power_slope(POWER_1, 1, value);
}

/** |value|. */
INLINE Vec magnitude_of(Vec value) {
    return keep(value, ~((Mask){0} + INT32_MIN));
}

/** One output before its activation, z, against its target y: adds I |r|^q to `loss` and returns
 * factor * I |r|^(q-1) sign(r) act'(z), which with factor = -q is the gradient with respect to z.
 */
INLINE Vec residual(Power power, float exponent, Vec z, Vec y, Vec importance, Vec factor,
                    Mask always, Vec *loss) {
    Mask pass = passing(z, always);
    Vec r = y - keep(z, pass);
    Vec slope = importance * power_slope(power, exponent, r);
    *loss += slope * r;
    return keep(factor * slope, pass);
}

#endif
