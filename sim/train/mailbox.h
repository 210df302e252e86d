/* Mailbox: hands the latest Snapshot of a training from its thread to another one, without either
 * waiting for the other. One thread posts, one takes; what was posted before the latest is lost. */
#ifndef SUPERPOSE_TRAIN_MAILBOX_H
#define SUPERPOSE_TRAIN_MAILBOX_H

#include "sim/train/snapshot.h"

typedef struct Mailbox Mailbox;

/** An empty mailbox for snapshots of so many parameters; NULL where memory is short. */
Mailbox *mailbox_open(int64_t n_parameters, Arena *arena);

/** Posts a copy of the training as it is. */
void mailbox_post(Mailbox *mailbox, Training *training);

/** The latest one, which stays as it is until the next call; NULL: nothing came since the last. */
const Snapshot *mailbox_take(Mailbox *mailbox);

#endif
