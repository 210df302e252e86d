/* render: stores in the viewer. What a replay shows is held to the training that it is of, run
 * again; what follows a writer, to what the writer stored. */
#include "render/runs/stage.h"
#include "sim/base/clock.h"
#include "tests/followed.h"

#include <time.h>

static void expect_bits_of_the_training(const Experiment *experiment, History *history) {
    Arena arena = {0};
    Error error = {0};
    Training *training;
    int n;
    const Moment *moments = history_moments(history, &n);
    Run run = experiment_run(experiment, 0, &arena);
    cr_assert(training_open(&training, run.phases, run.n_phases, run.restart, 1, isa_best(), NULL,
                            &arena, &error));
    for (int i = 0; i < n; i++) {
        int64_t last = moments[i].step > 0 ? moments[i].step - 1 : 0;
        cr_assert(training_advance(training, moments[i].step, NULL, NULL, &error));
        cr_assert_arr_eq(moments[i].parameters, training_model(training)->parameters,
                         (size_t)training_model(training)->n_parameters * sizeof(float),
                         "step %lld", (long long)moments[i].step);
        cr_assert_eq(moments[i].learning_rate, training_learning_rate(training, last));
    }
    arena_release(&arena);
}

Test(follow, replays_the_training) {
    Stored stored;
    stored_init(&stored, single);
    stored_train(&stored, -1);
    Stage *stage = open_stage(stored.path, -1);
    History *history = stage->histories[0];
    int n;
    read_all(stage);
    const Moment *moments = history_moments(history, &n);
    cr_assert_eq(n, 21);
    for (int i = 0; i < n; i++)
        cr_assert_eq(moments[i].step, 20 * i);
    cr_assert_eq(history_state(history), STATE_DONE);
    cr_assert_eq(stage_n_steps(stage, 0), 400);
    cr_assert_eq(stage_step(stage), 400);
    cr_assert_not(stage_is_growing(stage, 0));
    expect_bits_of_the_training(stored.experiment, history);
    /* fresh samples of the same stream as when they were stored */
    for (int i = 0; i + 1 < n; i++)
        cr_assert_float_eq(moments[i].loss, history_measure(history, i, "loss", NULL)->values[0],
                           1e-12, "step %lld", (long long)moments[i].step);
    const SweepRun *run = &stage->map.runs[0];
    cr_assert(run->state == STATE_DONE && stage->map.n_done == 1);
    cr_assert_eq(moments[n - 1].loss, run->loss);
    cr_assert_float_eq(run->last_norm, moments[n - 1].feature_norm[3], 1e-6);
    stage_close(stage);
    stored_release(&stored);
}

/* Of a run without snapshots the last model is there; what was not measured is made from it. */
Test(follow, makes_what_was_not_stored) {
    Stored stored;
    stored_init(&stored, MODEL "train: {steps: 100, batch: 64}\nrecord: {metrics: [loss]}\n");
    stored_train(&stored, -1);
    Stage *stage = open_stage(stored.path, -1);
    int n;
    read_all(stage);
    const Moment *moments = history_moments(stage->histories[0], &n);
    cr_assert(n == 1 && moments[0].step == 100);
    const SweepRun *run = &stage->map.runs[0];
    const Measurement *interference = history_measure(stage->histories[0], 0, "interference", NULL);
    cr_assert_float_eq(run->last_norm, moments[0].feature_norm[3], 1e-6);
    cr_assert_float_eq(run->interference, interference->values[3], 1e-12);
    stage_close(stage);
    stored_release(&stored);
}

/* Waits until so many runs are known to be done. */
static void await_done(Stage *stage, int64_t n_done) {
    double begun = clock_wall();
    bool is_new;
    Error error = {0};
    while (stage->map.n_done < n_done && clock_wall() - begun < 20) {
        cr_assert(stage_collect(stage, &is_new, &error), "%s", error.text);
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
    cr_assert_eq(stage->map.n_done, n_done);
    read_all(stage);
}

/* Another session adds runs to a store that is being watched; it is in nobody's way. */
Test(follow, follows_who_writes) {
    Stored stored;
    char wal[80];
    int n;
    stored_init(&stored, sweep);
    stored_train(&stored, 1);
    Stage *stage = open_stage(stored.path, -1);
    read_all(stage);
    cr_assert_eq(stage->n, 4);
    cr_assert_eq(stage->first, 1); /* the one that there is */
    cr_assert_eq(stage->map.n_done, 1);
    cr_assert_eq(history_state(stage->histories[2]), STATE_WAITING);
    stored_train(&stored, 2);
    await_done(stage, 2);
    history_moments(stage->histories[2], &n);
    cr_assert(n == 5 && history_state(stage->histories[2]) == STATE_DONE);
    cr_assert(stage->map.runs[2].last_norm > 0 && isnan(stage->map.runs[0].loss));
    stored_train(&stored, -1);
    await_done(stage, 4);
    for (int i = 0; i < 4; i++) {
        history_moments(stage->histories[i], &n);
        cr_assert_eq(n, 5);
    }
    snprintf(wal, sizeof wal, "%s-wal", stored.path);
    cr_assert_neq(access(wal, F_OK), 0); /* the writer could leave one plain file */
    stage_close(stage);
    stored_release(&stored);
}

Test(follow, tells_what_failed) {
    Stored stored;
    int n;
    stored_init(&stored, MODEL "train: {steps: 50, batch: 64, optimizer: sgd}\n"
                               "sweep: {train.learning_rate: [0.1, 1e30]}\n");
    stored_train(&stored, -1);
    Stage *stage = open_stage(stored.path, -1);
    read_all(stage);
    cr_assert(stage->map.n_done == 1 && stage->map.n_failed == 1);
    cr_assert_eq(history_state(stage->histories[1]), STATE_FAILED);
    cr_assert(strstr(history_why(stage->histories[1]), "learning_rate"), "%s",
              history_why(stage->histories[1]));
    history_moments(stage->histories[1], &n);
    cr_assert_eq(n, 0);
    stage_close(stage);
    stored_release(&stored);
}

static int best_of(const SweepMap *map, int from, int to) {
    int best = from;
    for (int i = from; i < to; i++)
        if (map->runs[i].loss < map->runs[best].loss)
            best = i;
    return best;
}

/* Of a point the best restart is watched; another run comes when it is asked for. */
Test(follow, watches_the_best_and_any_other) {
    Stored stored;
    Error error = {0};
    int n;
    stored_init(&stored,
                MODEL "train: {steps: 100, restarts: 5}\nsweep: {train.batch: [64, 32]}\n");
    stored_train(&stored, -1);
    Stage *stage = open_stage(stored.path, -1);
    read_all(stage);
    int best = best_of(&stage->map, 0, 5);
    cr_assert(stage->n == 2 && stage->numbers[0] == best);
    cr_assert_eq(stage->numbers[1], best_of(&stage->map, 5, 10));
    cr_assert_eq(stage_find(stage, best, &error), 0);
    for (int other = 0; other < 5; other++) {
        if (other == best)
            continue;
        cr_assert_eq(stage_find(stage, other, &error), 2, "%s", error.text);
        read_all(stage);
        const Moment *moments = history_moments(stage->histories[2], &n);
        cr_assert(n == 1 && moments[0].loss == stage->map.runs[other].loss);
        cr_assert_eq(stage_find(stage, other, &error), 2);
    }
    stage_close(stage);
    stage = open_stage(stored.path, 3);
    cr_assert(stage->n == 1 && stage->numbers[0] == 3);
    stage_close(stage);
    stored_release(&stored);
}

/* All restarts of a single point are watched, the best of them first. */
Test(follow, watches_all_restarts_of_a_point) {
    Stored stored;
    stored_init(&stored, MODEL "train: {steps: 100, batch: 64, restarts: 5}\n");
    stored_train(&stored, -1);
    Stage *stage = open_stage(stored.path, -1);
    read_all(stage);
    cr_assert_eq(stage->n, 5);
    cr_assert_eq(stage->numbers[stage->first], best_of(&stage->map, 0, 5));
    stage_close(stage);
    stored_release(&stored);
}
