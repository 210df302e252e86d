/* A session trains the runs of a plan: what its threads share (runner.c, trainee.c). */
#ifndef SUPERPOSE_EXPERIMENT_SESSION_H
#define SUPERPOSE_EXPERIMENT_SESSION_H

#include "sim/experiment/runner.h"

#include <pthread.h>

/* `lock` guards the store, the report and the error. */
typedef struct Session {
    const Experiment *experiment;
    const Plan *plan;
    Store *store;
    Pool *inner; /* for the chunks of one run; NULL where runs go side by side */
    Isa isa;
    const atomic_int *stop;
    Progress *progress;
    RunReport *report;
    double *wall_s; /* [workers]: in training loops */
    pthread_mutex_t lock;
    double committed_at;
    atomic_bool is_broken; /* the store failed: nobody starts anything new */
    Error *error;
} Session;

/** Whether nothing more is to be trained: the user stopped it, or the store failed. */
bool session_is_stopped(const Session *session);

/** Makes what was stored last through a kill; under the lock. */
bool session_commit(Session *session, Error *error);

/** Says that the session cannot go on; the first reason stays. Under the lock. */
void session_break_off(Session *session, const Error *error);

#endif
