/* Live: runs that train while somebody watches. They have threads of their own, and are told only
 * how far they may go; what they have become is copied to Histories whenever live_collect asks.
 *
 *     training thread   advance by slices → Mailbox of each run (the latest wins) → events
 *     drawing thread    live_allow, live_set …                    live_collect → History
 *
 * What a run computes does not depend on the speed, nor on how often it is looked at. */
#ifndef SUPERPOSE_RENDER_VIEW_LIVE_H
#define SUPERPOSE_RENDER_VIEW_LIVE_H

#include "render/scene/history.h"
#include "sim/experiment/experiment.h"

typedef struct Live Live;

enum { LIVE_MOST_RUNS = 64 };

/* What is to be trained, and with what. */
typedef struct LiveRuns {
    const Experiment *experiment;
    const int64_t *numbers;   /* [n] of its runs */
    const char *const *names; /* [n] markup, "" where a run is the only one */
    int n;                    /* 1 to LIVE_MOST_RUNS */
    int n_threads;
    Isa isa;
    size_t most_bytes; /* that all histories may take */
} LiveRuns;

/** Opens the runs at step 0 with nothing allowed yet, and starts the thread that trains them. */
bool live_open(Live **live, const LiveRuns *runs, Error *error);

/** Ends the training where it is; NULL is allowed. */
void live_close(Live *live);

/** The settings a run began with. */
const Run *live_run(const Live *live, int i);

/** What is known of a run; live_collect adds to it. */
History *live_history(const Live *live, int i);

/** Lets all runs train until `step` steps are done, and no further. */
void live_allow(Live *live, int64_t step);

/** Steps that the run has done; its history may be a frame behind. */
int64_t live_step(const Live *live, int i);

/** The step at which a run ends by itself. */
int64_t live_n_steps(const Live *live, int i);

/** Waits until every run has come to what is allowed, or its end. */
void live_wait(Live *live);

/** Brings what is new into the histories; *is_new tells whether anything was. Fails where memory is
 * short. */
bool live_collect(Live *live, bool *is_new, Error *error);

#endif
