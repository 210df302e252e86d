/* Snapshot: a copy of a training at a step, for who looks at it while it goes on. */
#ifndef SUPERPOSE_TRAIN_SNAPSHOT_H
#define SUPERPOSE_TRAIN_SNAPSHOT_H

#include "sim/train/train.h"

typedef struct Snapshot {
    int64_t step;         /* updates done */
    double loss;          /* of the last batch before its update; NaN before the first */
    double learning_rate; /* of the last update, before the first that of the first */
    int64_t n_parameters;
    float *parameters; /* [n_parameters] */
} Snapshot;

/** Copies the training as it is into a snapshot that has room for its parameters. */
void snapshot_take(Snapshot *snapshot, Training *training);

#endif
