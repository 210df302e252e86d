/* Twelve sums of vectors, a = a x + y, each waiting for itself alone: more than the latency of a
 * fused multiply-add times the number that a core starts in a cycle, and few enough for the sixteen
 * registers of AVX2. The sums have names, so that they stay in them. One function a level, from one
 * text; this file is compiled with -ffp-contract=fast, which fuses where the level can. */
#include "tests/bench/peak.h"

#include "sim/base/clock.h"

#include <math.h>

enum { N_SUMS = 12, N_STEPS = 1 << 20, N_ROUNDS = 60 };

#define EACH_SUM(do)                                                                               \
    do                                                                                             \
    (0) do(1) do(2) do(3) do(4) do(5) do(6) do(7) do(8) do(9) do(10) do(11)

#define DECLARE(k) Vec a##k = x * (k);
#define MULTIPLY_ADD(k) a##k = a##k * x + y;
#define ADD_UP(k) total += a##k;

/* Returns what it summed, so that it has to be computed. */
#define MULTIPLY_ADDS(name, n_lanes)                                                               \
    static float name(float factor, float term) {                                                  \
        typedef float Vec __attribute__((vector_size(4 * (n_lanes))));                             \
        Vec x = factor - (Vec){0}, y = term - (Vec){0}, total = {0};                               \
        EACH_SUM(DECLARE)                                                                          \
        for (int step = 0; step < N_STEPS; step++) {                                               \
            EACH_SUM(MULTIPLY_ADD)                                                                 \
        }                                                                                          \
        EACH_SUM(ADD_UP)                                                                           \
        return total[0] + total[(n_lanes)-1];                                                      \
    }

MULTIPLY_ADDS(with_baseline, 4)
#ifdef __x86_64__
__attribute__((target("avx2,fma"))) MULTIPLY_ADDS(with_avx2, 8) __attribute__((target("avx512f")))
MULTIPLY_ADDS(with_avx512, 16)
#else
#define with_avx2 with_baseline
#define with_avx512 with_baseline
#endif

    static const struct {
    float (*run)(float factor, float term);
    int n_lanes;
} levels[] = {
    [ISA_PLAIN] = {with_baseline, 4},
    [ISA_BASELINE] = {with_baseline, 4},
    [ISA_AVX2] = {with_avx2, 8},
    [ISA_AVX512] = {with_avx512, 16},
};

double peak_gflops(Isa isa) {
    volatile float factor = 0.5f, term = 0.5f, total;
    double best = HUGE_VAL;
    for (int round = 0; round < N_ROUNDS; round++) {
        double start = clock_thread_cpu();
        total = levels[isa].run(factor, term);
        best = fmin(best, clock_thread_cpu() - start);
    }
    (void)total;
    return 2e-9 * N_SUMS * N_STEPS * levels[isa].n_lanes / best;
}
