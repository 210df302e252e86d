/* What vector samplers are written in: vectors of LANES numbers, and their random bits. Vector code
 * is written once, in functions that are always inlined, with vectors behind pointers (so none
 * crosses a call), and compiled for several instruction sets. Integer steps, conversions and single
 * roundings give the same bits in all of them. */
#ifndef SUPERPOSE_DATA_LANES_H
#define SUPERPOSE_DATA_LANES_H

#include <stdbool.h>
#include <stdint.h>

#ifndef LANES /* the Makefile sets it, with LEVEL, where a source is compiled for every level */
#define LANES 8
#define LEVEL baseline
#endif

typedef uint32_t UintLanes __attribute__((vector_size(4 * LANES)));
typedef int32_t IntLanes __attribute__((vector_size(4 * LANES)));
typedef float FloatLanes __attribute__((vector_size(4 * LANES)));

#define INLINE static inline __attribute__((always_inline))

/* The next 32 random bits of each lane: xoshiro128+. */
INLINE void next_lanes(UintLanes s[4], UintLanes *result) {
    UintLanes t = s[1] << 9;
    *result = s[0] + s[3];
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 11) | (s[3] >> 21);
}

#endif
