/* What train.c, which opens a training and answers for it, and loop.c, which trains it, share. */
#ifndef SUPERPOSE_TRAIN_TRAINING_H
#define SUPERPOSE_TRAIN_TRAINING_H

#include "sim/train/train.h"

/* Parameters that are updated as one. A pool round costs a few microseconds and an update about 1
 * ns a parameter: below this length a range is not worth handing over, and a model of one range is
 * updated by the caller alone. */
enum { UPDATE_RANGE = 16384 };

/* A phase with all that its settings open. */
typedef struct OpenPhase {
    int64_t step;
    const Settings *settings;
    const TrainSettings *train; /* of the settings */
    Data data;
    Task task;
    Objective objective;
    double weight_decay;
    int batch_size;
    Workspace *workspace; /* for that batch; phases of the same batch share one */
} OpenPhase;

struct Training {
    const OpenPhase *phases; /* [n_phases] */
    int n_phases;
    const OpenPhase *first_phases; /* [n_first_phases]: those it was opened with, whose workspaces
                                      live as long as it does */
    int n_first_phases;
    const OpenPhase *phase; /* the one entered last; NULL before the first step */
    const OptimizerKind *optimizer;
    Isa isa;
    Model model;
    int64_t n_trained; /* parameters from model.trained_at on; the others stay, or follow */
    float *states;     /* [n_states][n_parameters]: of the trained ones first */
    float *effective; /* [model_count_effective]: with an embedding, the gradient with respect to W,
                         W2, b_hidden and b; else NULL */
    float *pulled;    /* [n_trained, and the bias]: with respect to what is trained; else NULL */
    float *room;      /* [n_workers][room_size]: the gradient of a range of parameters */
    int64_t room_size;
    Batch *batches; /* [n_workers]: a draw block for each */
    int n_workers;
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

/** Fills `effective` and `pulled` from the workspace, when all stages are done; nothing without an
 * embedding. */
void stream_pull(Training *training, Pool *pool);

/** What follows from the trained tensors, after an update of them: W, W2 and b of a model with an
 * embedding. */
void stream_push(Training *training, Pool *pool);

#endif
