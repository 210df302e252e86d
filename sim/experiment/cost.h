/* What a run will cost, from its settings alone: used to deal the longest runs first and by
 * `check`.
 *
 * A step of a batch of B samples of n features, of which n_active are not 0 on average, takes
 *
 *     draws     min(uniform n, gap n_active) B + block, for every draw block of B; where they are
 *               not vector code throughout, number, choice and log for each sample, times their
 *               count in the kind's DrawWork (data.h)
 *     gradient  multiply_add, gathered, output, power, placed, sum, sample: each times its count in
 *               workspace_work (kernel.h), which follows the kernels' own choice of a path
 *     update    parameter P, of P parameters
 *     embedding embed, times 4 n m d for W_E of d dimensions, and n (4 + n_active) B for samples
 *               mixed by it
 *     and       step
 *
 * In the first steps, 0.1 / learning rate of Adam, most outputs are active, and later, where
 * samples have few active features, few: the cost is linear in steps from there on. Runs that draw
 * the same batches train in step, and share the draws. */
#ifndef SUPERPOSE_EXPERIMENT_COST_H
#define SUPERPOSE_EXPERIMENT_COST_H

#include "sim/experiment/experiment.h"

/* What the pieces of a step take, in ns of one processor. */
typedef struct CostRates {
    double uniform, gap, block;    /* a feature drawn; an active one; to start */
    double number, choice, log;    /* of DrawWork: what is drawn one by one */
    double multiply_add, gathered; /* of a product; with a row from a list */
    double output, power;          /* its loss and slope; what powf adds */
    double placed;                 /* an active feature, from a list into its lane */
    double sum, sample;            /* a number of a chunk's gradient; a sample */
    double parameter;              /* optimizer, and weights in kernels' order */
    double embed;                  /* a multiply-add with W_E, or with what it mixes */
    double step;
} CostRates;

/* This program's, fitted to times on a 3.25 GHz Zen 4 core with AVX-512: nearly always within 1.5
 * of what is measured there, also at sizes they were not fitted to (tests/bench/bench_cost.c). */
extern const CostRates cost_rates;

/** Rates that a machine could reach whose core does peak_gflops GFLOP/s of fused multiply-adds:
 * all multiply-adds at that speed, draws and update as a loop of nothing else does them, and the
 * rest for nothing. */
CostRates cost_limit_rates(double peak_gflops);

/* Seconds of one processor for training a run. */
typedef struct Cost {
    double draws, rest;
} Cost;

/** Of a run alone. */
Cost cost_of(const Run *run, const CostRates *rates);

/** Draws and rest together, at this program's rates. */
double cost_seconds(const Run *run);

/** Seconds for all runs of an experiment on one thread, where those that draw the same batches
 * share them. Of a large one every k-th run is looked at. */
double cost_experiment(const Experiment *experiment, const CostRates *rates);

/** Seconds for measuring them: fresh samples, drawn and judged, of each metric that needs samples,
 * at the end and at snapshots. Metrics of the weights alone are not counted. */
double cost_measuring(const Experiment *experiment, const CostRates *rates);

/** About how many bytes training a run takes: parameters, gradient, the optimizer's states, two
 * copies of the weights that kernels keep, and gradients of chunks. */
double cost_bytes(const Run *run);

#endif
