#include "sim/base/rng.h"

#include <math.h>

static const uint64_t GOLDEN = 0x9e3779b97f4a7c15u;

static uint64_t mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static uint64_t absorb(uint64_t hash, uint64_t word) {
    return mix(hash ^ mix(word + GOLDEN)) + GOLDEN;
}

uint64_t rng_key(uint64_t seed, uint64_t restart, Purpose purpose) {
    return absorb(absorb(absorb(GOLDEN, seed), restart), (uint64_t)purpose);
}

static uint64_t place(uint64_t key, uint64_t step, uint64_t block) {
    return absorb(absorb(key, step), block);
}

void rng_init(Rng *rng, uint64_t key, uint64_t step, uint64_t block) {
    uint64_t start = place(key, step, block);
    for (int i = 0; i < 4; i++)
        rng->s[i] = mix(start += GOLDEN);
}

static uint64_t rotate(uint64_t x, int k) {
    return (x << k) | (x >> (64 - k));
}

uint64_t rng_next(Rng *rng) {
    uint64_t *s = rng->s, result = rotate(s[0] + s[3], 23) + s[0], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

double rng_uniform(Rng *rng) {
    return (double)(rng_next(rng) >> 11) * 0x1p-53;
}

double rng_normal(Rng *rng) {
    double radius = sqrt(-2.0 * log(1.0 - rng_uniform(rng))); /* 1 - u is never 0 */
    return radius * cos(2.0 * M_PI * rng_uniform(rng));
}

void rng_lanes_init(RngLanes *lanes, uint64_t key, uint64_t step, uint64_t block) {
    uint64_t start = place(key, step, block);
    for (int word = 0; word < 4; word++)
        for (int lane = 0; lane < 8; lane += 2) {
            uint64_t bits = mix(start += GOLDEN);
            lanes->s[word][lane] = (uint32_t)bits;
            lanes->s[word][lane + 1] = (uint32_t)(bits >> 32);
        }
}
