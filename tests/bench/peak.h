/* How fast one core multiplies and adds single-precision numbers when nothing else is to be done:
 * the limit that products are held against. */
#ifndef SUPERPOSE_TESTS_BENCH_PEAK_H
#define SUPERPOSE_TESTS_BENCH_PEAK_H

#include "sim/model/kernel/kernel.h"

/** GFLOP/s of one core at an instruction-set level that this machine runs (ISA_PLAIN: that of
 * ISA_BASELINE), each multiply-add counted as 2; the fastest of several rounds of a few
 * milliseconds. */
double peak_gflops(Isa isa);

#endif
