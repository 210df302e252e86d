/* sim: snapshots and their way from the training thread to another. What was posted must arrive
 * whole: the reader compares every snapshot with a training of its own that stands at its step. */
#include "sim/train/mailbox.h"
#include "tests/settings.h"

#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static const char *const yaml =
    "{data: {kind: independent, n_features: 20, feature_probability: 0.3}, task: identity,"
    " model: {kind: relu_output, n_hidden: 5},"
    " train: {batch: 16, steps: 4000, learning_rate: 1e-2, schedule: linear}}";

static Training *open_training(const Settings *settings, Arena *arena) {
    Training *training;
    Error error = {0};
    Phase phase = {0, settings};
    cr_assert(training_open(&training, &phase, 1, 0, 1, isa_best(), NULL, arena, &error), "%s",
              error.text);
    return training;
}

static void advance(Training *training, int64_t step) {
    Error error = {0};
    cr_assert(training_advance(training, step, NULL, NULL, &error), "%s", error.text);
}

Test(mailbox, hands_over_the_latest_once) {
    Arena arena = {0};
    Settings settings = settings_read(yaml, &arena);
    Training *training = open_training(&settings, &arena);
    Mailbox *mailbox = mailbox_open(training_model(training)->n_parameters, &arena);
    cr_assert_null(mailbox_take(mailbox));
    mailbox_post(mailbox, training);
    const Snapshot *first = mailbox_take(mailbox);
    cr_assert(first && first->step == 0 && isnan(first->loss));
    cr_assert_float_eq(first->learning_rate, 1e-2, 1e-12);
    cr_assert_null(mailbox_take(mailbox));
    for (int step = 1; step <= 3; step++) {
        advance(training, step);
        mailbox_post(mailbox, training);
    }
    cr_assert_eq(first->step, 0); /* it stays until the next is taken */
    const Snapshot *latest = mailbox_take(mailbox);
    cr_assert(latest && latest->step == 3);
    cr_assert_float_eq(latest->loss, training_loss(training), 0);
    cr_assert_float_eq(latest->learning_rate, 1e-2 * (1 - 2.0 / 4000), 1e-12); /* linear, t = 2 */
    cr_assert_arr_eq(latest->parameters, training_model(training)->parameters,
                     latest->n_parameters * sizeof(float));
    arena_release(&arena);
}

typedef struct Writer {
    Training *training;
    Mailbox *mailbox;
    atomic_bool is_done;
    atomic_int n_taken; /* by the reader */
} Writer;

static void *post_all(void *context) {
    Writer *writer = context;
    for (int64_t step = 1; step <= 4000; step++) {
        Error error = {0};
        training_advance(writer->training, step, NULL, NULL, &error);
        mailbox_post(writer->mailbox, writer->training);
        while (step == 2000 && !atomic_load(&writer->n_taken)) /* it may have been asleep */
            sched_yield();
    }
    atomic_store(&writer->is_done, true);
    return NULL;
}

Test(mailbox, is_whole_whatever_the_other_thread_does) {
    Arena arena = {0};
    Settings settings = settings_read(yaml, &arena);
    Training *follower = open_training(&settings, &arena);
    Writer writer = {.training = open_training(&settings, &arena)};
    writer.mailbox = mailbox_open(training_model(follower)->n_parameters, &arena);
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, post_all, &writer), 0);
    for (bool is_last = false; !is_last;) {
        is_last = atomic_load(&writer.is_done);
        const Snapshot *snapshot = mailbox_take(writer.mailbox);
        if (!snapshot)
            continue;
        cr_assert_gt(snapshot->step, training_step(follower));
        advance(follower, snapshot->step);
        cr_assert_arr_eq(snapshot->parameters, training_model(follower)->parameters,
                         snapshot->n_parameters * sizeof(float), "step %lld",
                         (long long)snapshot->step);
        atomic_fetch_add(&writer.n_taken, 1);
    }
    pthread_join(thread, NULL);
    cr_assert_eq(training_step(follower), 4000); /* the last one arrived */
    cr_assert_gt(atomic_load(&writer.n_taken), 1);
    arena_release(&arena);
}
