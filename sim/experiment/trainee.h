/* Trainee: one run of a session, from its settings to its place in the store.
 *
 * Who trains it (runner.c) calls trainee_open, then trainee_visit whenever its training has come to
 * trainee_next, until it has an outcome; then trainee_keep. */
#ifndef SUPERPOSE_EXPERIMENT_TRAINEE_H
#define SUPERPOSE_EXPERIMENT_TRAINEE_H

#include "sim/experiment/recorder.h"
#include "sim/experiment/session.h"

/* What happened to a run. */
typedef enum Outcome { OUTCOME_NONE, OUTCOME_DONE, OUTCOME_FAILED, OUTCOME_STOPPED } Outcome;

typedef struct Trainee {
    Session *session;
    Arena *arena;
    Run run;
    Training *training; /* NULL where it could not be opened */
    Recording recording;
    const int64_t *snapshots; /* [n_snapshots]: at which steps */
    int n_snapshots, n_taken;
    double wall_s, cpu_s;       /* of the training loop, in this session */
    int64_t n_steps, n_samples; /* in this session */
    Outcome outcome;
    Error why; /* it failed */
} Trainee;

/** Resolves run `number`, opens its training, in step with `company` (see training_open), and goes
 * on from its checkpoint where there is one of this instruction set. A failure is its outcome. */
void trainee_open(Trainee *trainee, Session *session, int64_t number, const Training *company,
                  Arena *arena);

/** The next step at which it wants to be visited: of a snapshot, or its last. */
int64_t trainee_next(const Trainee *trainee);

/** At that step: takes the snapshot; at the last step measures the trained model, which gives the
 * outcome. Elsewhere it does nothing. */
void trainee_visit(Trainee *trainee);

/** Stores the training's state, so that the run can go on from here; under no lock. */
void trainee_leave_checkpoint(Trainee *trainee);

/** Stores the run where it is done or has failed, and adds it to the session's report; under the
 * lock. `worker` trained it. */
void trainee_keep(Trainee *trainee, int worker);

#endif
