/* What train.c, which opens a training and answers for it, and loop.c, which trains it, share. */
#ifndef SUPERPOSE_TRAIN_TRAINING_H
#define SUPERPOSE_TRAIN_TRAINING_H

#include "sim/train/train.h"

/* A phase with all that its settings open. */
typedef struct OpenPhase {
    int64_t step;
    const Settings *settings;
    const TrainSettings *train; /* of the settings */
    Data data;
    Task task;
    Objective objective;
    double weight_decay;
} OpenPhase;

struct Training {
    OpenPhase *phases; /* [n_phases] */
    int n_phases;
    const OpenPhase *phase; /* of the next step */
    const OptimizerKind *optimizer;
    Model model;
    float *gradient; /* [n_parameters] */
    float *states;   /* [n_states][n_parameters] */
    Workspace *workspace;
    Batch *batches; /* [n_workers]: a draw block for each */
    int n_workers;
    int batch_size;
    uint64_t key; /* the stream of batches */
    int64_t step, n_steps;
    double loss;
    Update update;         /* the present one */
    Factors factors;       /* of it */
    atomic_bool is_broken; /* the update made a parameter NaN or infinite */
    bool has_failed;
    Error error; /* where it has failed */
};

/** The last phase that has begun by that step. */
const OpenPhase *phase_at(const Training *training, int64_t step);

#endif
