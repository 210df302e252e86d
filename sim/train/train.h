/* The only training loop: Data → batch → Model → gradient → Optimizer, until a step, on one thread
 * or many.
 *
 * Step t (from 0) draws batch t of the run's stream, computes the gradient of the mean loss, and
 * updates. The state after t steps is a pure function of the settings, seed and restart, at any
 * number of threads and however it was paused. */
#ifndef SUPERPOSE_TRAIN_TRAIN_H
#define SUPERPOSE_TRAIN_TRAIN_H

#include "sim/base/pool.h"
#include "sim/model/kernel/kernel.h"
#include "sim/train/optimizer.h"
#include "sim/train/schedule.h"

#include <stdatomic.h>

/* The section `train` of a config. */
typedef struct TrainSettings {
    Choice optimizer, schedule;
    double learning_rate;
    double weight_decay; /* NaN: the optimizer's default */
    double momentum;
    double loss_exponent;
    int64_t batch, steps, seed, restarts;
    int64_t restart; /* of a point's first run */
} TrainSettings;

extern const Field train_fields[];
extern const int n_train_fields;

/* All that defines a training at one time. */
typedef struct Settings {
    Choice data, task, model;
    TrainSettings train;
} Settings;

/* Settings that hold from a step on: `changes` makes several of them. Only live fields may differ
 * between two. */
typedef struct Phase {
    int64_t step;
    const Settings *settings;
} Phase;

typedef struct Training Training;

/** Opens a training at step 0 with fresh weights. phases [n_phases], the first at step 0. Memory
 * from the arena. n_workers: the size of the pool that training_advance will get. `company`: an
 * open training that sees the same batches and that this one will only train together with, which
 * spares it room of its own for them; NULL: none. */
bool training_open(Training **training, const Phase *phases, int n_phases, int64_t restart,
                   int n_workers, Isa isa, const Training *company, Arena *arena, Error *error);

/** From the present step on, the training follows these phases, also to another number of steps:
 * that of their settings. Of [n_phases] only those from the one that holds now are opened, in the
 * arena, which must live until the next call or the end; what was before is the caller's word. A
 * training that had them from the start ends with the same bits. Where it fails nothing changes. */
bool training_set_phases(Training *training, const Phase *phases, int n_phases, Arena *arena,
                         Error *error);

/** Whether both can train in step: models of the same kind and sizes that see the same batches,
 * which is the same seed and restart and, from the same steps on, the same batch size, and data and
 * task of the same settings but for the importance. Of the latter only kinds and numbers of
 * features are looked at here; the others are the caller's word. */
bool training_is_like(const Training *training, const Training *other);

/** Trains until `step` steps are done (at most train.steps). On NaN or Inf in the loss or a
 * parameter, looked for at every step, it fails: "step 120: W[3][1] is nan (learning_rate 10,
 * optimizer sgd)", where 120 updates were done. `stop` (may be NULL) is looked at every step and
 * ends it early, successfully. */
bool training_advance(Training *training, int64_t step, Pool *pool, const atomic_int *stop,
                      Error *error);

/** The same for n of them at once, which draws every batch only once: they are alike, and those
 * that have not failed are at the same step. Each ends with the same bits as alone; one
 * that fails (training_failure) stays where it is, and the others go on. */
void training_advance_all(Training *const *trainings, int n, int64_t step, Pool *pool,
                          const atomic_int *stop);

/** Why it cannot go on; NULL while it can. */
const Error *training_failure(const Training *training);

/** Steps done so far. */
int64_t training_step(const Training *training);

/** The model as it is now; changes with training. */
Model *training_model(Training *training);

/** Loss of the last batch before its update; NaN before the first step. */
double training_loss(const Training *training);

/** What holds now: settings, data and task of the phase that the next step belongs to; with
 * `changes` they differ from phase to phase. */
const Settings *training_settings(const Training *training);
const Data *training_data(const Training *training);
const Task *training_task(const Training *training);

/** How many samples the steps from … to - 1 take: the batches of their phases. */
int64_t training_samples(const Training *training, int64_t from, int64_t to);

/** The batch of a step as it is trained on: dense, x and y [batch][n_features], of the step's
 * phase. */
void training_batch(Training *training, int64_t step, float *x, float *y);

/** The learning rate of the step-th update (from 0). */
double training_learning_rate(const Training *training, int64_t step);

/** State for a checkpoint: parameters, then optimizer states; n floats. Setting it also sets the
 * step. */
int64_t training_state_count(const Training *training);

/** The optimizer's states as they are now, *n floats; NULL where there are none. */
const float *training_states(const Training *training, int64_t *n);

/** Goes on from a state at that step. */
void training_set_state(Training *training, int64_t step, const float *state);

#endif
