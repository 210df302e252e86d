/* A store for tests of the viewer, made as `superpose run` makes it. */
#ifndef SUPERPOSE_TESTS_STORED_H
#define SUPERPOSE_TESTS_STORED_H

#include "sim/experiment/runner.h"
#include "tests/configured.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct Stored {
    Arena arena;
    char path[64];
    Experiment *experiment;
} Stored;

static inline void stored_init(Stored *stored, const char *config) {
    *stored = (Stored){0};
    snprintf(stored->path, sizeof stored->path, "/tmp/superpose-follow-%d.db", (int)getpid());
    unlink(stored->path);
    stored->experiment = read_config(config, &stored->arena);
}

static inline void stored_release(Stored *stored) {
    unlink(stored->path);
    arena_release(&stored->arena);
}

/* Trains one run into it, or all that it lacks (-1); the store is closed then. */
static inline void stored_train(Stored *stored, int64_t only_run) {
    Error error = {0};
    Plan plan;
    Store *store;
    RunReport report;
    Progress progress = {.best_loss = (double)NAN};
    RunChoice choice = {.n_shards = 1, .only_run = only_run};
    atomic_int stop = 0;
    cr_assert(store_open(&store, stored->path, STORE_WRITE, &error), "%s", error.text);
    cr_assert(plan_make(stored->experiment, store, isa_name(isa_best()), &choice, &stored->arena,
                        &plan, &error) &&
                  runner_train(stored->experiment, &plan, store, 1, isa_best(), &stop, &progress,
                               &report, &error),
              "%s", error.text);
    cr_assert(store_close(store, &error), "%s", error.text);
}

#endif
