/* Three snapshots: one the writer fills, one the reader reads, and one in between, which both swap
 * for their own in a single atomic step. */
#include "sim/train/mailbox.h"

#include <stdatomic.h>

enum { FRESH = 4 }; /* beside the index in between: the reader has not seen it */

struct Mailbox {
    Snapshot snapshots[3];
    int writing, reading; /* each belongs to one thread */
    atomic_int between;
};

Mailbox *mailbox_open(int64_t n_parameters, Arena *arena) {
    Mailbox *mailbox = ARENA_NEW(arena, Mailbox, 1);
    for (int i = 0; i < 3; i++) {
        float *parameters = ARENA_TRY(arena, float, n_parameters);
        if (!parameters)
            return NULL;
        mailbox->snapshots[i] = (Snapshot){.n_parameters = n_parameters, .parameters = parameters};
    }
    mailbox->reading = 1;
    atomic_init(&mailbox->between, 2);
    return mailbox;
}

void mailbox_post(Mailbox *mailbox, Training *training) {
    snapshot_take(&mailbox->snapshots[mailbox->writing], training);
    mailbox->writing = atomic_exchange(&mailbox->between, mailbox->writing | FRESH) & ~FRESH;
}

const Snapshot *mailbox_take(Mailbox *mailbox) {
    if (!(atomic_load(&mailbox->between) & FRESH))
        return NULL;
    mailbox->reading = atomic_exchange(&mailbox->between, mailbox->reading) & ~FRESH;
    return &mailbox->snapshots[mailbox->reading];
}
