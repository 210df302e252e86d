/* Keep: what was watched, in a store: each run with its snapshots and its state, so that the same
 * config goes on from there when it is opened again, or from its end beyond it. */
#ifndef SUPERPOSE_RENDER_RUNS_KEEP_H
#define SUPERPOSE_RENDER_RUNS_KEEP_H

#include "render/scene/history.h"
#include "sim/experiment/experiment.h"
#include "sim/train/snapshot.h"

/* A run that was left, as it is read back. */
typedef struct KeptRun {
    const Experiment *experiment; /* of a touched run: its config, touches and all */
    int64_t number;               /* of it in that experiment */
    int64_t step;
    const float *state;              /* training_set_state's */
    const char *bookmarks, *changes; /* as in a LeftRun, or NULL */
    int n_moments;
    Moment *moments; /* [n_moments]: step, loss, learning rate and parameters */
} KeptRun;

enum { KEEP_NAME = 33 }; /* an identity */

/* A run that is left, as it was after a step. */
typedef struct LeftRun {
    int64_t number;
    const char *config;  /* that trains it to its end, touches and all; NULL: nobody touched it */
    RunState state;      /* STATE_TRAINING: it goes on from here */
    const char *why;     /* it has failed */
    Snapshot now;        /* its newest moment */
    const float *states; /* [n_states] of its optimizer */
    int64_t n_states;
    const Moment *moments; /* [n_moments] before that, as keep_choose gives them */
    int n_moments;
    const char *bookmarks; /* their steps, "120 3400"; "" */
    char *kept_as;         /* [KEEP_NAME]: as what a touched run was kept last, "" before: that it
                              replaces; keep_write says as what it is now. NULL: nobody asks */
    const char *changes;   /* so of marks of changes: a hand on a slider makes many, and one mark */
} LeftRun;

/** results/NAME.view.db for results/NAME.db. */
const char *keep_path(const Experiment *experiment, Arena *arena);

/** Reads what was left of these runs [n] of the experiment into kept [n]; NULL: nothing is, or
 * nothing that this instruction set can go on with. Where there is no store nothing is left. Fails
 * where it cannot be read; and, once all others are read, where something of a run cannot, of the
 * last of which the error tells. */
bool keep_read(const char *path, const Experiment *experiment, const int64_t *numbers, int n,
               Isa isa, Arena *arena, KeptRun **kept, Error *error);

/** How much of what is known is kept of each of n_runs runs: so many moments, and bytes, of all of
 * them together. */
typedef struct KeepLimit {
    int n_runs;
    double most_bytes;
} KeepLimit;

/** Chooses the moments of a run that are kept of it: evenly of those before a step; *n tells how
 * many. They stay until the next history_add. */
const Moment *keep_choose(const History *history, const LeftRun *left, KeepLimit limit,
                          Arena *arena, int *n);

/** Writes runs [n] of the experiment, beside what is there, each with its state unless it has
 * failed. A run that is stored to its end stays as it is, but for moments on its way. Fails where
 * the store cannot be written, and is cut off where the program is killed, with every run in it as
 * it was before; another writer is waited for, a while. */
bool keep_write(const char *path, const Experiment *experiment, Isa isa, const LeftRun *runs, int n,
                Error *error);

/** The bookmarks that were kept of runs [n], as in a LeftRun, or NULL each: of a store that is
 * replayed. */
bool keep_read_bookmarks(const char *path, const Experiment *experiment, const int64_t *numbers,
                         int n, Arena *arena, const char **bookmarks, Error *error);

/** Keeps them in such a store, and touches nothing else there. Fails where another one writes it.
 */
bool keep_write_bookmarks(const char *path, const Experiment *experiment, const int64_t *numbers,
                          int n, const char *const *bookmarks, Error *error);

#endif
