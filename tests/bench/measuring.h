/* What benchmarks share: what they train, and the middle of what they measured. */
#ifndef SUPERPOSE_TESTS_BENCH_MEASURING_H
#define SUPERPOSE_TESTS_BENCH_MEASURING_H

#include "sim/experiment/experiment.h"

/** The experiment of a config, with overrides KEY=VALUE [n_overrides]; where it is wrong the
 * program says why and ends. */
const Experiment *measuring_experiment(const char *config, const char *const *overrides,
                                       int n_overrides, Arena *arena);

/** The middle of values [n >= 1], which are sorted. */
double measuring_median(double *values, int n);

#endif
