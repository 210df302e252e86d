/* render: a sweep is trained whole, those of its runs that are watched last; any can be opened.
 * What the map and a guest show is held to what the runner stores without a window. */
#include "render/state/state.h"
#include "render/state/transport.h"
#include "render/state/world.h"
#include "render/view/view.h"
#include "sim/base/clock.h"
#include "tests/folder.h"
#include "tests/opened_view.h"
#include "tests/stored.h"

#include <stdlib.h>
#include <time.h>

#define MODEL                                                                                      \
    "title: Four in two\n"                                                                         \
    "data: {kind: independent, n_features: 4, feature_probability: 0.1}\n"                         \
    "model: {kind: relu_output, n_hidden: 2}\n"

enum { N_RUNS = 12, N_WATCHED = 3, N_STEPS = 3000 };

/* Of twelve runs three are watched, the first restart of each density. */
static const char *const small =
    MODEL "train: {steps: 3000, batch: 64, learning_rate: 1e-2, schedule: cosine, restarts: 4}\n"
          "sweep: {data.feature_probability: [0.05, 0.2, 0.6]}\n";

static const char *const kept = "results/four.view.db";

TestSuite(sweeper, .init = enter_folder, .fini = leave_folder);

static View *open_view(const char *config) {
    ViewOptions options = {
        .path = "four.yaml", .only_run = -1, .n_threads = 1, .isa = isa_best(), .keeps = true};
    write_text("four.yaml", config);
    return opened_view(&options);
}

/* A frame of a window in which the watched runs hardly move. */
static void tick(View *view) {
    static const struct timespec millisecond = {.tv_nsec = 1000000};
    view_tick(view, view->clock < 0 ? 1 : view->clock + 1e-5);
    nanosleep(&millisecond, NULL);
}

static bool is_known(const SweepRun *run) {
    return run->state == STATE_DONE && !isnan(run->last_norm);
}

/* Until so many runs are done, and all is known of them. */
static void await_done(View *view, int64_t n_done) {
    const SweepMap *map = &view->stage->map;
    double begun = clock_wall();
    int64_t n = 0;
    while (n < n_done && clock_wall() - begun < 60) {
        tick(view);
        n = 0;
        for (int64_t i = 0; i < sweep_n_runs(map); i++)
            n += is_known(&map->runs[i]);
    }
    cr_assert_geq(n, n_done, "%s", view->message);
}

/* The same runs without a window. */
static StoredRun *train_alone(Stored *stored, const char *config, int64_t n_wanted) {
    Store *store;
    StoredRun *runs;
    int64_t n;
    Error error = {0};
    stored_init(stored, config);
    stored_train(stored, -1);
    cr_assert(store_open(&store, stored->path, STORE_READ, &error), "%s", error.text);
    cr_assert(store_runs(store, &stored->arena, &runs, &n, &error) && n == n_wanted);
    cr_assert(store_close(store, &error));
    return runs;
}

/* A cell has the stored loss, of more samples than a window's own, as soon as there is one. */
static void expect_losses(View *view, const StoredRun *runs) {
    const SweepMap *map = &view->stage->map;
    double begun = clock_wall();
    int64_t i = 0;
    while (i < sweep_n_runs(map) && clock_wall() - begun < 60) {
        tick(view);
        for (i = 0; i < sweep_n_runs(map) && map->runs[i].loss == runs[i].loss;)
            i++;
    }
    cr_assert_eq(i, sweep_n_runs(map), "run %lld has loss %.9g", (long long)i, map->runs[i].loss);
    cr_assert_eq(map->n_done, i);
}

/* Every run of the sweep is in the window's store once, under its number and done, beside n_others
 * of no number; and it is one plain file. */
static void expect_store(const StoredRun *runs, int64_t n, int64_t n_others) {
    Store *store;
    StoredRun *found;
    int64_t n_found;
    Arena arena = {0};
    Error error = {0};
    char wal[64];
    snprintf(wal, sizeof wal, "%s-wal", kept);
    cr_assert_neq(access(wal, F_OK), 0);
    cr_assert(store_open(&store, kept, STORE_READ, &error), "%s", error.text);
    cr_assert(store_runs(store, &arena, &found, &n_found, &error));
    cr_assert_eq(n_found, n + n_others);
    for (int64_t i = 0; i < n; i++)
        cr_assert(found[i].number == i && found[i].status == RUN_DONE &&
                      found[i].steps == runs[i].steps && found[i].loss == runs[i].loss,
                  "run %lld", (long long)i);
    for (int64_t i = n; i < n_found; i++)
        cr_assert_eq(found[i].number, -1);
    cr_assert(store_close(store, &error));
    arena_release(&arena);
}

static const Moment *newest(const View *view, int run) {
    int n;
    const Moment *moments = history_moments(view->stage->histories[run], &n);
    return &moments[n - 1];
}

/* A guest comes along in more than one frame. */
static void train(View *view, int64_t step) {
    bool is_new;
    Error error = {0};
    Live *live = view->stage->live;
    int last = live_n(live) - 1;
    do {
        live_allow(live, step);
        live_wait(live);
        cr_assert(stage_collect(view->stage, &is_new, &error), "%s", error.text);
    } while (live_step(live, last) < step && live_step(live, last) < live_n_steps(live, last));
}

static void touch(View *view) {
    Error trouble;
    view_touch(view, "data.feature_probability", "0.9");
    live_wait(view->stage->live);
    train(view, stage_step(view->stage));
    cr_assert_not(live_trouble(view->stage->live, &trouble), "%s", trouble.text);
}

/* The last parameters of a run that was trained without a window. */
static const float *stored_parameters(Stored *stored, const StoredRun *run) {
    Store *store;
    StoredTensor *tensors;
    int n;
    Error error = {0};
    cr_assert(store_open(&store, stored->path, STORE_READ, &error) &&
              store_tensors(store, run->id, run->steps, &stored->arena, &tensors, &n, &error));
    float *all = ARENA_NEW(&stored->arena, float, 12); /* W [4][2], b [4] */
    cr_assert(n == 2 && store_close(store, &error));
    memcpy(all, tensors[0].values, 8 * sizeof *all);
    memcpy(all + 8, tensors[1].values, 4 * sizeof *all);
    return all;
}

/* The map is that of the same config without a window, also where the watched runs are on their
 * way; what is left of these takes no result's place, and they go on when it is opened again. */
Test(sweeper, fills_the_map_with_what_a_run_stores) {
    Stored stored;
    const StoredRun *runs = train_alone(&stored, small, N_RUNS);
    View *view = open_view(small);
    cr_assert(view->stage->n == N_WATCHED && stage_is_sweeping(view->stage));
    train(view, 100);
    expect_losses(view, runs);
    cr_assert_not(stage_is_sweeping(view->stage));
    int64_t step = stage_step(view->stage);
    cr_assert_lt(step, N_STEPS / 2);
    int n_moments, n_left;
    history_moments(view->stage->histories[1], &n_moments);
    cr_assert_gt(n_moments, 1);
    keep_and_close(view);
    expect_store(runs, N_RUNS, 0);

    view = open_view(small);
    cr_assert(view->stage->has_resumed && stage_step(view->stage) == step);
    history_moments(view->stage->histories[1], &n_left);
    cr_assert_geq(n_left, n_moments); /* the store may have snapshots of its own, too */
    cr_assert_eq(newest(view, 1)->step, step);
    expect_losses(view, runs);
    train(view, N_STEPS);
    for (int i = 0; i < N_WATCHED; i++)
        cr_assert_arr_eq(newest(view, i)->parameters,
                         stored_parameters(&stored, &runs[view->stage->numbers[i]]),
                         12 * sizeof(float));
    keep_and_close(view);
    expect_store(runs, N_RUNS, 0);
    view = open_view(small);
    cr_assert(view->stage->has_resumed && stage_step(view->stage) == N_STEPS);
    cr_assert_eq(history_moments(view->stage->histories[1], &n_left)->step, 0);
    cr_assert_geq(n_left, n_moments);
    expect_losses(view, runs);
    view_close(view);
    stored_release(&stored);
}

/* Closed in the middle and opened again it ends with the same. */
Test(sweeper, goes_on_where_it_was_closed) {
    static const char *const large = MODEL "train: {steps: 300000, batch: 64, restarts: 2}\n"
                                           "record: {snapshots: {linear: 4}}\n"
                                           "sweep: {data.feature_probability: [0.05, 0.2, 0.6]}\n";
    Stored stored;
    const StoredRun *runs = train_alone(&stored, large, 6);
    View *view = open_view(large);
    await_done(view, 1);
    int64_t n_done = view->stage->map.n_done;
    cr_assert(n_done < 6 && stage_is_sweeping(view->stage));
    keep_and_close(view);
    view = open_view(large);
    await_done(view, n_done);
    expect_losses(view, runs);
    keep_and_close(view);
    expect_store(runs, 6, 0);
    stored_release(&stored);
}

/* Until nobody writes the store. */
static void await_rest(View *view) {
    double begun = clock_wall();
    Store *store = NULL;
    Error error = {0};
    while (!store && clock_wall() - begun < 60) {
        tick(view);
        if (store_open(&store, kept, STORE_WRITE, &error))
            cr_assert(store_close(store, &error));
    }
    cr_assert(store, "%s", error.text);
}

static int64_t count_stored(void) {
    Store *store;
    Error error = {0};
    int64_t n = 0;
    cr_assert(store_open(&store, kept, STORE_READ, &error) &&
              store_count_runs(store, &n, NULL, &error) && store_close(store, &error));
    return n;
}

Test(sweeper, rests_with_the_window) {
    static const char *const large = MODEL "train: {steps: 300000, batch: 64, restarts: 4}\n"
                                           "sweep: {data.feature_probability: [0.05, 0.2, 0.6]}\n";
    View *view = open_view(large);
    await_done(view, 1);
    view_pause(view);
    await_rest(view);
    int64_t n = count_stored(), step = stage_step(view->stage);
    cr_assert_lt(n, N_RUNS);
    for (int i = 0; i < 200; i++)
        tick(view);
    cr_assert_eq(count_stored(), n);
    cr_assert_eq(stage_step(view->stage), step);
    cr_assert(view->is_paused && stage_is_sweeping(view->stage));
    view_pause(view);
    await_done(view, N_RUNS);
    view_close(view);
}

/* A click on a cell trains that run, whatever else goes on, to the bits that are stored. */
Test(sweeper, trains_the_run_that_is_clicked) {
    Stored stored;
    const StoredRun *runs = train_alone(&stored, small, N_RUNS);
    View *view = open_view(small);
    tick(view);
    train(view, 500);
    const int64_t clicked[] = {5, 10, 3};
    for (int i = 0; i < 3; i++) {
        view_open_run(view, clicked[i]);
        cr_assert_eq(view->shown, N_WATCHED, "%s", view->message);
        SceneInput input = view_scene_input(view);
        cr_assert(input.has_guest && input.numbers[N_WATCHED] == clicked[i] && input.moment >= 0);
        train(view, 500); /* where the others are */
        cr_assert_eq(stage_step(view->stage), 500);
        int n;
        history_moments(view->stage->histories[N_WATCHED], &n);
        cr_assert_geq(n, 500 * 128 / N_STEPS); /* it has a past */
    }
    train(view, N_STEPS);
    cr_assert_arr_eq(newest(view, N_WATCHED)->parameters, stored_parameters(&stored, &runs[3]),
                     12 * sizeof(float));
    cr_assert_eq(view->stage->map.runs[3].state, STATE_DONE);
    await_done(view, N_RUNS);
    expect_losses(view,
                  runs); /* a cell has the stored loss, of more samples, as soon as there is one */
    view_open_run(view, 4); /* which is watched */
    cr_assert_eq(view->shown, 1);
    view_close(view);
    stored_release(&stored);
}

/* What somebody changed is no point of the sweep: neither its cell nor its place in the store is
 * its. As a guest it is kept when another one comes, and goes on when it is clicked again. */
Test(sweeper, leaves_the_cells_of_changed_runs_to_the_sweep) {
    Stored stored;
    const StoredRun *runs = train_alone(&stored, small, N_RUNS);
    View *view = open_view(small);
    tick(view);
    train(view, 200);
    touch(view); /* run 0 */
    view_open_run(view, 5);
    train(view, 300);
    touch(view);
    train(view, 400);
    float left[12];
    memcpy(left, newest(view, N_WATCHED)->parameters, sizeof left);
    view_open_run(view, 6);
    cr_assert_eq(view->stage->numbers[N_WATCHED], 6, "%s", view->message);
    await_done(view, N_RUNS);
    view_open_run(view, 5);
    cr_assert_eq(newest(view, N_WATCHED)->step, 400);
    cr_assert_arr_eq(newest(view, N_WATCHED)->parameters, left, sizeof left);
    train(view, N_STEPS);
    tick(view);
    cr_assert_eq(history_state(view->stage->histories[0]), STATE_DONE);
    expect_losses(view, runs);
    keep_and_close(view);
    expect_store(runs, N_RUNS, 2);
    view = open_view(small);
    expect_losses(view, runs);
    view_close(view);
    stored_release(&stored);
}

/* R begins the watched runs, and a guest, anew; the map has what is stored. */
Test(sweeper, starts_again_with_a_full_map) {
    View *view = open_view(small);
    await_done(view, N_RUNS);
    view_open_run(view, 7);
    train(view, 300);
    view_reset(view);
    cr_assert(view->stage->numbers[view->shown] == 7 && stage_step(view->stage) == 0);
    await_done(view, N_RUNS);
    cr_assert_lt(stage_step(view->stage), 300);
    view_close(view);
}

/* Who cannot write the store, since somebody else does, shows what is in it, and says so once. */
Test(sweeper, shows_what_another_window_stores) {
    Stored stored;
    Store *other;
    Error error = {0};
    const StoredRun *runs = train_alone(&stored, small, N_RUNS);
    char command[128];
    snprintf(command, sizeof command, "/bin/mkdir results && /bin/cp %s %s", stored.path, kept);
    cr_assert_eq(system(command), 0);
    View *view = open_view(small); /* the same name, so the same config: it numbers the runs */
    expect_losses(view, runs);
    keep_and_close(view);
    cr_assert(store_open(&other, kept, STORE_WRITE, &error), "%s", error.text);
    view = open_view(small);
    expect_losses(view, runs);
    cr_assert(strstr(view->message, "another process is writing"), "%s", view->message);
    cr_assert_not(stage_is_sweeping(view->stage));
    view_close(view);
    cr_assert(store_close(other, &error));
    stored_release(&stored);
}

/* Which runs of a sweep are watched, and where: on a grid. Returns how many. */
static int watched_of(const char *config, int64_t *numbers) {
    View *view = open_view(config);
    int n = view->stage->n;
    cr_assert_str_eq(view_scene(view)->kind.name, "grid");
    memcpy(numbers, view->stage->numbers, (size_t)n * sizeof *numbers);
    view_close(view);
    return n;
}

/* Many restarts, or seeds, of one point are watched as many runs; a map that is too large as a
 * smaller one, with values of both axes from end to end: 8 x 8 of 10 x 20, which are nearest to the
 * k / 7 of the way. */
Test(sweeper, watches_a_small_copy_of_what_is_too_much) {
    const char *const train = MODEL "train: {steps: 10, batch: 16, restarts: 100}\n";
    const char *const few = MODEL "train: {steps: 10, batch: 16, restarts: 5}\n";
    const char *const seeds =
        MODEL "train: {steps: 10, batch: 16}\nsweep: {train.seed: {range: [0, 200]}}\n";
    const char *const map = MODEL "train: {steps: 10, batch: 16, restarts: 2}\n"
                                  "sweep: {data.feature_probability: {linspace: [0.1, 1, 10]},\n"
                                  "        train.learning_rate: {logspace: [1e-3, 1e-1, 20]}}\n";
    const int rows[] = {0, 1, 3, 4, 5, 6, 8, 9}, columns[] = {0, 3, 5, 8, 11, 14, 16, 19};
    int64_t numbers[STAGE_MOST_RUNS];
    cr_assert_eq(watched_of(train, numbers), 64);
    cr_assert_eq(watched_of(few, numbers), 5);
    cr_assert(numbers[1] == 1 && numbers[4] == 4);
    cr_assert_eq(watched_of(seeds, numbers), 64);
    cr_assert(numbers[0] == 0 && numbers[63] == 199);
    cr_assert_eq(watched_of(small, numbers), N_WATCHED);
    cr_assert_eq(watched_of(map, numbers), 64);
    for (int i = 0; i < 64; i++)
        cr_assert_eq(numbers[i], 2 * (20 * rows[i / 8] + columns[i % 8]), "%d: %lld", i,
                     (long long)numbers[i]);
}

/* Start after start leaves store after store behind: each is one plain file, though the map was
 * being read. */
Test(sweeper, leaves_plain_files_behind) {
    View *view = open_view(small);
    char seed[16];
    for (int i = 1; i < 12; i++) {
        for (int k = 0; k < 15 * i; k++)
            tick(view);
        snprintf(seed, sizeof seed, "%d", i);
        train(view, 50);
        view_restart_with(view, "train.seed", seed);
    }
    while (view->leaving)
        tick(view);
    keep_and_close(view);
    cr_assert_eq(system("test -z \"$(find results -name '*-wal' -o -name '*-shm')\""), 0);
}
