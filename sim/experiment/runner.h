/* Runner: trains the runs of a plan on all threads and stores each when it is finished. Runs go
 * side by side where there are at least as many as threads, and in step where they draw the same
 * batches (cohort.h); otherwise one at a time, its batch in chunks over the threads. Either way the
 * same bits come out. */
#ifndef SUPERPOSE_EXPERIMENT_RUNNER_H
#define SUPERPOSE_EXPERIMENT_RUNNER_H

#include "sim/experiment/plan.h"

#include <stdatomic.h>

/* How far a session is: written by its threads, read by who shows it. */
typedef struct Progress {
    atomic_llong n_runs, n_done, n_failed; /* to train in this session; finished; failed of these */
    atomic_llong steps, steps_done;        /* of all these runs */
    _Atomic double best_loss;              /* NaN before the first */
} Progress;

/* What a session did. */
typedef struct RunReport {
    int64_t n_trained, n_failed;      /* runs that ended in this session; failed of these */
    int64_t steps, samples;           /* trained in this session */
    double train_wall_s, train_cpu_s; /* training loops only: draws, gradients, updates; wall: of
                                         the busiest thread */
    bool was_stopped;
} RunReport;

/** Trains the pending runs. A run that fails (NaN) is stored as failed and the rest goes on; false
 * only where the store or a thread fails. `stop`: where it becomes non-zero, each run ends its
 * step, leaves a checkpoint, and the call returns. */
bool runner_train(const Experiment *experiment, const Plan *plan, Store *store, int n_threads,
                  Isa isa, const atomic_int *stop, Progress *progress, RunReport *report,
                  Error *error);

#endif
