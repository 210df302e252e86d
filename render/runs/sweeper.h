/* Sweeper: trains all runs of a sweep, so that its map fills in; those that the window trains
 * itself come last, and may be stored by then. It goes through all that are not stored yet as
 * `superpose run` does, in threads of its own that give way to those of the window, and leaves each
 * in the stage's store; from there the map has them.
 *
 *     sweeping thread   plan → runner → store                 (again after each stop)
 *     drawing thread    sweeper_let, sweeper_stop      store → sweeper_collect → SweepMap
 */
#ifndef SUPERPOSE_RENDER_RUNS_SWEEPER_H
#define SUPERPOSE_RENDER_RUNS_SWEEPER_H

#include "render/scene/sweep.h"
#include "sim/experiment/experiment.h"

typedef struct Sweeper Sweeper;

typedef struct SweeperOptions {
    const Experiment *experiment;
    const char *path; /* of the store, which comes into being when it begins */
    SweepMap *map;    /* of the experiment: filled by sweeper_collect */
    int n_threads;
    Isa isa;
} SweeperOptions;

/** Nothing is trained, nor read, before sweeper_let. */
bool sweeper_open(Sweeper **sweeper, const SweeperOptions *options, Error *error);

/** Ends it where it is: runs on their way leave checkpoints, from which the next one goes on. NULL
 * is allowed. */
void sweeper_close(Sweeper *sweeper);

/** Trains these runs [n <= LIVE_MOST_RUNS + 1] after all others, from when it begins or goes on
 * next. To be asked every frame, before sweeper_let. */
void sweeper_put_last(Sweeper *sweeper, const int64_t *numbers, int n);

/** Lets it train, or has it stop; returns at once. To be asked every frame. */
void sweeper_let(Sweeper *sweeper, bool goes_on);

/** Has it stop, and waits until nobody writes or reads the store; sweeper_let goes on. */
void sweeper_stop(Sweeper *sweeper);

/** Whether nobody writes the store at the moment. */
bool sweeper_is_resting(Sweeper *sweeper);

/** Whether there are runs left that it will train, also while it is stopped. */
bool sweeper_has_work(Sweeper *sweeper);

/** Brings the results that are new into the map; *is_new tells whether there were any. Fails, once,
 * where the store cannot be written or read. */
bool sweeper_collect(Sweeper *sweeper, bool *is_new, Error *error);

#endif
