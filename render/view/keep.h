/* Keep: what was watched, in a store: each run with its snapshots, and where it has not ended its
 * state too, so that the same config goes on from there when it is opened again. */
#ifndef SUPERPOSE_RENDER_VIEW_KEEP_H
#define SUPERPOSE_RENDER_VIEW_KEEP_H

#include "render/scene/history.h"
#include "sim/experiment/experiment.h"

/* A run that was left, as it is read back. */
typedef struct KeptRun {
    const Experiment *experiment; /* of a touched run: its config, touches and all */
    int64_t number;               /* of it in that experiment */
    int64_t step;
    const float *state; /* training_set_state's */
    int n_moments;
    Moment *moments; /* [n_moments]: step, loss, learning rate and parameters */
} KeptRun;

/* A run that is left. */
typedef struct LeftRun {
    int64_t number;
    const char *config; /* that trains it to its end, touches and all; NULL: nobody touched it */
    int64_t step;
    const float *parameters, *states; /* of the training at that step */
    int64_t n_parameters, n_states;
    History *history;
} LeftRun;

/** results/NAME.view.db for results/NAME.db. */
const char *keep_path(const Experiment *experiment, Arena *arena);

/** Reads the run that was left of this run of the experiment; NULL: there is none that this
 * instruction set can go on with. Fails where the store cannot be read. */
bool keep_read(const char *path, const Experiment *experiment, int64_t number, Isa isa,
               Arena *arena, KeptRun **kept, Error *error);

/** Writes runs [n] of the experiment, beside what is there. Fails where the store cannot be
 * written, with what it has already in it whole. */
bool keep_write(const char *path, const Experiment *experiment, Isa isa, const LeftRun *runs, int n,
                Error *error);

#endif
