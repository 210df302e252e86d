/* Remeasuring: a config that asks for more metrics, or for other loss_samples, needs no training:
 * what the final model gives is computed from the stored one. */
#ifndef SUPERPOSE_EXPERIMENT_REMEASURE_H
#define SUPERPOSE_EXPERIMENT_REMEASURE_H

#include "sim/experiment/experiment.h"
#include "sim/model/kernel/kernel.h"
#include "sim/store/store.h"

#include <stdatomic.h>

/** Measures every stored, done run of the experiment that lacks a metric of record.metrics, or has
 * it with other settings. *n_measured: how many runs that were. Ends early, successfully, when
 * `stop` becomes non-zero. */
bool remeasure(const Experiment *experiment, Store *store, Isa isa, const atomic_int *stop,
               int64_t *n_measured, Error *error);

#endif
