/* Plan: an experiment held against its store: which runs are stored already, under which number
 * they go now, and which are to be trained, longest first. */
#ifndef SUPERPOSE_EXPERIMENT_PLAN_H
#define SUPERPOSE_EXPERIMENT_PLAN_H

#include "sim/experiment/experiment.h"
#include "sim/store/store.h"

/* Which runs of the experiment a session looks at. */
typedef struct RunChoice {
    int shard, n_shards; /* points with point % n_shards == shard; 0, 1: all */
    int64_t only_run;    /* this run alone; -1: all */
    bool retry_failed;
    bool keeps_others; /* a store whose runs are all of other experiments will do, too */
} RunChoice;

typedef struct PlannedRun {
    int64_t number;
    int64_t twin;          /* the first run of the experiment that it can train in step with */
    double seconds, bytes; /* expected */
} PlannedRun;

typedef struct Plan {
    PlannedRun *pending;                   /* [n_pending]: to be trained, longest first */
    int64_t n_pending, n_stored, n_failed; /* of the chosen runs: stored as done, as failed */
    int64_t n_runs;                        /* chosen runs */
    int64_t steps_pending;
} Plan;

/** Makes the plan, gives every stored run of the experiment its number, and writes the store's
 * facts. Refuses, before anything is written, a store whose runs are all of another experiment. */
bool plan_make(const Experiment *experiment, Store *store, const char *isa, const RunChoice *choice,
               Arena *arena, Plan *plan, Error *error);

#endif
