/* Runs that train while they are watched: what is told of their ends, changes and touches. */
#include "render/runs/live_internal.h"
#include "sim/base/text.h"
#include "tests/configured.h"

#include <criterion/criterion.h>
#include <string.h>

enum { MOST_BYTES = 1 << 26 };

/* A Live of the first n runs of a config, and what it lives on. */
typedef struct Watched {
    Arena arena;
    Live *live;
} Watched;

static Watched watch(const char *config, int n) {
    Watched watched = {0};
    Error error = {0};
    Experiment *experiment = read_config(config, &watched.arena);
    int64_t *numbers = ARENA_NEW(&watched.arena, int64_t, n);
    const char **names = ARENA_NEW(&watched.arena, const char *, n);
    for (int i = 0; i < n; i++) {
        numbers[i] = i;
        names[i] = "";
    }
    LiveRuns runs = {.experiment = experiment,
                     .numbers = numbers,
                     .names = names,
                     .n = n,
                     .n_threads = 2,
                     .isa = isa_best(),
                     .most_bytes = MOST_BYTES};
    cr_assert(live_open(&watched.live, &runs, &error), "%s", error.text);
    return watched;
}

static void unwatch(Watched *watched) {
    live_close(watched->live);
    arena_release(&watched->arena);
}

/* Trains to a step, and brings everything that comes of it. */
static void train_to(Live *live, int64_t step) {
    Error error = {0};
    live_allow(live, step);
    for (bool is_new = true; is_new;) {
        live_wait(live);
        cr_assert(live_collect(live, &is_new, &error), "%s", error.text);
    }
}

/* At this learning rate the weights are infinite after a few steps. */
Test(live, a_failed_run_stays_one_when_it_is_touched) {
    Watched watched = watch("data: {n_features: 4, feature_probability: 0.5}\n"
                            "model: {kind: relu_output, n_hidden: 2}\n"
                            "train: {steps: 500, batch: 32, learning_rate: 1e30, "
                            "optimizer: {kind: sgd}}\n",
                            1);
    Live *live = watched.live;
    const History *history = live_history(live, 0);
    Error trouble;
    train_to(live, 500);
    cr_assert_eq(history_state(history), STATE_FAILED);
    int64_t step = live_step(live, 0);
    cr_assert_lt(step, 500);
    live_touch(live, 0, &(LiveTouch){.key = "train.learning_rate", .value = "0.01"});
    train_to(live, 500);
    cr_expect_eq(history_state(history), STATE_FAILED);
    cr_expect(live_trouble(live, &trouble) && strstr(trouble.text, "has failed"), "%s",
              trouble.text);
    live_extend(live, 0, 1000);
    train_to(live, 1000);
    cr_expect_eq(history_state(history), STATE_FAILED);
    cr_expect(live_trouble(live, &trouble));
    cr_expect_eq(live_n_steps(live, 0), 500);
    cr_expect_eq(live_step(live, 0), step);
    cr_expect_not(live_is_touched(live, 0));
    unwatch(&watched);
}

/* What ends and is touched afterwards is done; sent beyond its end it trains, until it is there. */
Test(live, a_run_is_done_at_its_end_whatever_is_answered) {
    Watched watched = watch("data: {n_features: 4, feature_probability: 0.5}\n"
                            "model: {kind: relu_output, n_hidden: 2}\n"
                            "train: {steps: 20, batch: 32}\n",
                            1);
    Live *live = watched.live;
    const History *history = live_history(live, 0);
    train_to(live, 20);
    cr_assert_eq(history_state(history), STATE_DONE);
    live_touch(live, 0, &(LiveTouch){.key = "train.learning_rate", .value = "0.01"});
    train_to(live, 20);
    cr_expect_eq(history_state(history), STATE_DONE);
    live_extend(live, 0, 30);
    train_to(live, 25);
    cr_expect_eq(history_state(history), STATE_TRAINING);
    train_to(live, 30);
    cr_expect_eq(history_state(history), STATE_DONE);
    unwatch(&watched);
}

/* As many runs as can be watched, each of which passes more changes than a frame has room for. */
Test(live, every_run_tells_of_its_changes) {
    Watched watched = watch("data: {n_features: 4, feature_probability: 0.5}\n"
                            "model: {kind: relu_output, n_hidden: 2}\n"
                            "train: {steps: 40, batch: 16, restarts: 64}\n"
                            "changes:\n"
                            "  - {step: 1, set: {data.feature_probability: 0.4}}\n"
                            "  - {step: 3, set: {data.feature_probability: 0.3}}\n"
                            "  - {step: 15, set: {data.feature_probability: 0.2}}\n"
                            "  - {step: 31, set: {train.batch: 24}}\n",
                            LIVE_MOST_RUNS);
    train_to(watched.live, 40);
    for (int i = 0; i < LIVE_MOST_RUNS; i++) {
        cr_expect_eq(live_settings_now(watched.live, i)->train.batch, 24, "run %d", i);
        cr_expect_eq(history_state(live_history(watched.live, i)), STATE_DONE);
    }
    unwatch(&watched);
}

/* A slice grows where all of it was done in less than 2 ms, and shrinks where it took 4. */
Test(live, a_slice_that_was_cut_short_does_not_grow) {
    cr_expect_eq(live_next_slice(8, 8, 0.001), 16);
    cr_expect_eq(live_next_slice(8, 8, 0.003), 8);
    cr_expect_eq(live_next_slice(8, 8, 0.005), 4);
    cr_expect_eq(live_next_slice(8, 7, 0.001), 8);
    cr_expect_eq(live_next_slice(8, 0, 0), 8);
    cr_expect_eq(live_next_slice(8, 3, 0.005), 4);
    cr_expect_eq(live_next_slice(1, 1, 0.005), 1);
}
