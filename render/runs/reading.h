/* Reading: what a stored run has to tell the viewer, read in the thread of a Reader. */
#ifndef SUPERPOSE_RENDER_RUNS_READING_H
#define SUPERPOSE_RENDER_RUNS_READING_H

#include "render/runs/news.h"
#include "sim/experiment/experiment.h"
#include "sim/store/store.h"

/** The state of a stored run; waiting where its id is 0. */
RunState reading_state(const StoredRun *run);

/** What a done run came to: its loss, and the norm and interference of its last feature as stored,
 * or else made from its model. */
bool reading_result(Store *store, const Experiment *experiment, const StoredRun *run,
                    Result *result, Error *error);

/* A run that is watched. */
typedef struct Reading {
    Store *store;
    const Experiment *experiment;
    StoredRun run;
    NewsQueue *news;
    News head;    /* what all its news have in common: slot and turn */
    int most;     /* snapshots, evenly spread where there are more */
    int64_t told; /* the step of the last one that was told; -1: none */
    bool (*is_wanted)(void *context, const struct Reading *reading); /* still */
    void *context;
} Reading;

/** Tells its state, then its snapshots after `told`, which it moves on; last NEWS_READ, also where
 * it fails. */
bool reading_tell(Reading *reading, Error *error);

#endif
