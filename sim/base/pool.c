#define _GNU_SOURCE /* sched_getaffinity */
#include "sim/base/pool.h"

#include "sim/base/clock.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

/* A round is one pool_run. `round` is raised under the lock when work is there; workers watch it
 * without the lock for a while, then wait on `started`. A task is claimed by lowering `n_waiting`,
 * and a round is over when all its tasks are done: a worker that the system has given no time since
 * is not waited for. It may come late, into another round; so what a round is about is read only
 * after a claim, which holds the round open until the task is done. */
typedef struct Worker {
    Pool *pool;
    int index;
    pthread_t thread;
} Worker;

struct Pool {
    int n_workers;
    Worker *workers;
    pthread_mutex_t lock;
    pthread_cond_t started, finished;
    atomic_uint round;
    atomic_int n_waiting, n_undone;
    int n_tasks;
    PoolTask *task;
    void *context;
    atomic_bool is_closing;
};

static const double SPIN_SECONDS = 20e-6;

static void pause_a_little(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

/* Takes a task of the present round: its number, or -1 where none is left. */
static int claim(Pool *pool) {
    int n_waiting = atomic_load(&pool->n_waiting);
    while (n_waiting > 0)
        if (atomic_compare_exchange_weak(&pool->n_waiting, &n_waiting, n_waiting - 1))
            return pool->n_tasks - n_waiting;
    return -1;
}

static void work(Pool *pool, int worker) {
    for (int task; (task = claim(pool)) >= 0;) {
        pool->task(pool->context, task, worker);
        if (atomic_fetch_sub(&pool->n_undone, 1) > 1 || worker == 0)
            continue;
        pthread_mutex_lock(&pool->lock);
        pthread_cond_signal(&pool->finished);
        pthread_mutex_unlock(&pool->lock);
    }
}

static void await_round(Pool *pool, unsigned seen) {
    double until = clock_wall() + SPIN_SECONDS;
    do {
        for (int i = 0; i < 64; i++) {
            if (atomic_load(&pool->round) != seen)
                return;
            pause_a_little();
        }
    } while (clock_wall() < until);
    pthread_mutex_lock(&pool->lock);
    while (atomic_load(&pool->round) == seen)
        pthread_cond_wait(&pool->started, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}

static void *worker_main(void *argument) {
    Worker *worker = argument;
    Pool *pool = worker->pool;
    for (unsigned seen = 0;;) {
        await_round(pool, seen);
        seen = atomic_load(&pool->round);
        if (atomic_load(&pool->is_closing))
            return NULL;
        work(pool, worker->index);
    }
}

static void wake_workers(Pool *pool) {
    pthread_mutex_lock(&pool->lock);
    atomic_fetch_add(&pool->round, 1);
    pthread_cond_broadcast(&pool->started);
    pthread_mutex_unlock(&pool->lock);
}

static void await_tasks(Pool *pool) {
    double until = clock_wall() + SPIN_SECONDS;
    do {
        for (int i = 0; i < 64; i++) {
            if (atomic_load(&pool->n_undone) == 0)
                return;
            pause_a_little();
        }
    } while (clock_wall() < until);
    pthread_mutex_lock(&pool->lock);
    while (atomic_load(&pool->n_undone) > 0)
        pthread_cond_wait(&pool->finished, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}

void pool_run(Pool *pool, int n_tasks, PoolTask *task, void *context) {
    if (!pool || pool->n_workers == 1 || n_tasks == 1) {
        for (int i = 0; i < n_tasks; i++)
            task(context, i, 0);
        return;
    }
    pool->n_tasks = n_tasks;
    pool->task = task;
    pool->context = context;
    atomic_store(&pool->n_undone, n_tasks);
    atomic_store(&pool->n_waiting, n_tasks);
    wake_workers(pool);
    work(pool, 0);
    await_tasks(pool);
}

bool pool_open(Pool **out, int n_threads, Error *error) {
    Pool *pool = calloc(1, sizeof *pool);
    Worker *workers = calloc((size_t)(n_threads > 1 ? n_threads : 1), sizeof *workers);
    if (!pool || !workers) {
        free(pool);
        free(workers);
        return error_set(error, "no memory for %d threads", n_threads);
    }
    *pool = (Pool){.n_workers = 1, .workers = workers};
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->started, NULL);
    pthread_cond_init(&pool->finished, NULL);
    for (; pool->n_workers < n_threads; pool->n_workers++) {
        Worker *worker = &workers[pool->n_workers];
        *worker = (Worker){.pool = pool, .index = pool->n_workers};
        if (pthread_create(&worker->thread, NULL, worker_main, worker) != 0) {
            int n_started = pool->n_workers;
            pool_close(pool);
            return error_set(error, "the system gives no more than %d of %d threads", n_started,
                             n_threads);
        }
    }
    *out = pool;
    return true;
}

void pool_close(Pool *pool) {
    if (!pool)
        return;
    atomic_store(&pool->is_closing, true);
    wake_workers(pool);
    for (int i = 1; i < pool->n_workers; i++)
        pthread_join(pool->workers[i].thread, NULL);
    pthread_cond_destroy(&pool->finished);
    pthread_cond_destroy(&pool->started);
    pthread_mutex_destroy(&pool->lock);
    free(pool->workers);
    free(pool);
}

int pool_size(const Pool *pool) {
    return pool ? pool->n_workers : 1;
}

int pool_processors(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return CPU_COUNT(&set);
    return 1;
}
