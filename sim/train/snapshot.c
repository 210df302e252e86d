#include "sim/train/snapshot.h"

#include <string.h>

void snapshot_take(Snapshot *snapshot, Training *training) {
    int64_t step = training_step(training);
    snapshot->step = step;
    snapshot->loss = training_loss(training);
    snapshot->learning_rate = training_learning_rate(training, step > 0 ? step - 1 : 0);
    memcpy(snapshot->parameters, training_model(training)->parameters,
           (size_t)snapshot->n_parameters * sizeof *snapshot->parameters);
}
