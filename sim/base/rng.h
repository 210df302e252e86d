/* Random streams. A stream belongs to (seed, restart, purpose) and to nothing else: never to a
 * thread, a run's number or another setting. What a stream gives at (step, block) is a pure
 * function of its key and these two numbers, so a batch can be drawn by any thread, at any time,
 * and a resumed run needs no saved state.
 *
 * Generators: xoshiro256++ for single numbers, xoshiro128+ in eight lanes for batches (Blackman &
 * Vigna 2021, "Scrambled Linear Pseudorandom Number Generators"), both seeded by splitmix64
 * (Steele, Lea & Flood 2014). */
#ifndef SUPERPOSE_BASE_RNG_H
#define SUPERPOSE_BASE_RNG_H

#include <stdint.h>

typedef enum Purpose {
    PURPOSE_INIT = 1,   /* a model's first weights */
    PURPOSE_TRAIN,      /* the batches it trains on */
    PURPOSE_EVALUATE,   /* fresh samples behind a stored loss */
    PURPOSE_INSTRUMENT, /* what an instrument draws for itself */
    PURPOSE_DATASET     /* the samples of a finite dataset */
} Purpose;

/** The stream's key: a hash of the three. */
uint64_t rng_key(uint64_t seed, uint64_t restart, Purpose purpose);

/* One number at a time. */
typedef struct Rng {
    uint64_t s[4];
} Rng;

/** The stream at (step, block). */
void rng_init(Rng *rng, uint64_t key, uint64_t step, uint64_t block);

/** 64 random bits. */
uint64_t rng_next(Rng *rng);

/** Uniform in [0, 1): 53 random bits. */
double rng_uniform(Rng *rng);

/** Standard normal (Box-Muller; two uniforms a number). */
double rng_normal(Rng *rng);

/* Eight lanes of xoshiro128+; the vector code that advances them is in sim/data/sampler. */
typedef struct RngLanes {
    _Alignas(32) uint32_t s[4][8]; /* word, lane */
} RngLanes;

/** The stream at (step, block), each lane with a state of its own. */
void rng_lanes_init(RngLanes *lanes, uint64_t key, uint64_t step, uint64_t block);

#endif
