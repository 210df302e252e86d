/* What the two halves of Live share, and nobody else but their test includes: live.c, the drawing
 * thread's, with live_marks.c, and live_train.c, the training thread's. */
#ifndef SUPERPOSE_RENDER_RUNS_LIVE_INTERNAL_H
#define SUPERPOSE_RENDER_RUNS_LIVE_INTERNAL_H

#include "render/runs/live.h"
#include "render/runs/touches.h"
#include "sim/base/pool.h"
#include "sim/train/mailbox.h"

#include <stdatomic.h>

/* A run. The training thread has `training` and posts; the drawing thread has `history` and takes.
 */
typedef struct LiveRun {
    int64_t number;
    Arena arena;      /* of the training, and of `touched` */
    Touched *touched; /* under touch_lock */
    Training *training;
    Run followed; /* its phases, as they are now, and which of them was told last */
    int told;
    Arena phases; /* of `followed` since it was touched */
    Mailbox *mailbox;
    atomic_llong step, n_steps; /* done; at which it ends */
    atomic_bool is_wanted;      /* live_collect has taken what was posted last */
    atomic_bool has_failed;
    atomic_bool is_touched; /* it is no run of the experiment any more */
    int64_t slice;          /* steps that take SLICE_SECONDS */
    History *history;
    Arena worlds;        /* data and tasks of the history */
    Settings first, now; /* what held at first, and holds as the history knows it */
    int last_drag;       /* whose change was marked last */
    Settings before;     /* what held before it */
    float *copy; /* [n_parameters + n_states]: room for `left`; NULL before it is asked for */
    Text config; /* of it */
} LiveRun;

/* Whether copies of all runs are wanted, or there. */
typedef enum LeftState { LEFT_NONE, LEFT_WANTED, LEFT_READY } LeftState;

struct Live {
    Arena arena;
    const Experiment *experiment;
    Isa isa;
    LiveRun *runs; /* [n_watched + 1]: the last one is the guest's */
    int n;         /* runs that train; changes only while there is no thread */
    int n_watched;
    size_t most_bytes; /* of the history of each */
    Pool *pool;
    pthread_t thread;
    bool has_thread;
    pthread_mutex_t lock;
    pthread_cond_t wake, rested;         /* there may be work; there is none left */
    atomic_llong allowed, guest_allowed; /* steps of all; of the guest */
    atomic_int interrupt;                /* ends a slice: something is asked */
    atomic_bool is_closing;
    bool is_resting; /* under the lock */
    Touches touches;
    pthread_mutex_t touch_lock;
    Error trouble;
    LeftRun *left; /* [n]: the training thread's where they are wanted */
    _Atomic LeftState left_state;
};

/** Marks each change of the run's phases; of those that one hand has made one, where the steps at
 * which hands began are known, as in a LeftRun (or NULL). */
void live_mark_changes(LiveRun *run, const char *begins);

/** Says how a run is: where `is_copied` in copies, or else by what is the training's own. */
void live_leave(Live *live, int i, bool is_copied);

/** Steps of a run's next slice after one of `slice` steps, of which n_done were done in so many
 * seconds. One that was cut short does not tell that a longer one fits. */
int64_t live_next_slice(int64_t slice, int64_t n_done, double seconds);

/** Whether some run is behind what is allowed and its end. */
bool live_has_work(const Live *live);

/** The training thread: trains, follows touches, rests, until is_closing. */
void *live_train(void *live);

#endif
