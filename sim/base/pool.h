/* Threads behind one call: do task 0 … n-1, whoever is free takes the next one, return when all are
 * done.
 *
 * What a task computes must not depend on the worker that takes it, nor on the order of tasks: then
 * results have the same bits at any number of threads. Workers spin for a few microseconds before
 * they sleep, so that a pool can be used for parts of one training step. */
#ifndef SUPERPOSE_BASE_POOL_H
#define SUPERPOSE_BASE_POOL_H

#include "sim/base/error.h"

typedef struct Pool Pool;

/** `worker` is 0 … pool_size-1; one worker does one task at a time, so scratch can be kept for each
 * worker. */
typedef void PoolTask(void *context, int task, int worker);

/** Starts n_threads - 1 threads (the caller is worker 0). Fails where the system gives no threads.
 */
bool pool_open(Pool **pool, int n_threads, Error *error);

/** Stops and joins them; NULL is allowed. */
void pool_close(Pool *pool);

/** Number of workers; 1 for NULL. */
int pool_size(const Pool *pool);

/** Runs the tasks and waits. A NULL pool runs them in order on the caller. Not to be called from
 * inside a task of the same pool. */
void pool_run(Pool *pool, int n_tasks, PoolTask *task, void *context);

/** Processors this process may use (at least 1). */
int pool_processors(void);

#endif
