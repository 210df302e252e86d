/* render: what a viewer leaves when it is closed, and that it goes on from there: a run that was
 * closed on its way ends with the bits of one that never was, touched or not. */
#include "render/view/state.h"
#include "tests/folder.h"
#include "tests/opened_view.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *const config =
    "title: Four in two\n"
    "data: {kind: independent, n_features: 4, feature_probability: 0.1}\n"
    "model: {kind: relu_output, n_hidden: 2}\n"
    "train: {steps: 2000, batch: 64, learning_rate: 1e-2, schedule: cosine, restarts: 2}\n";

static const char *const store = "results/four.view.db";

static void enter(void) {
    enter_folder();
    write_text("four.yaml", config);
}

TestSuite(keep, .init = enter, .fini = leave_folder);

static View *open_view(int64_t run, const char *override) {
    ViewOptions options = {.path = "four.yaml",
                           .overrides = &override,
                           .n_overrides = override != NULL,
                           .only_run = run,
                           .n_threads = 1,
                           .isa = isa_best(),
                           .keeps = true};
    return opened_view(&options);
}

static void train(View *view, int64_t step) {
    bool is_new;
    Error error = {0};
    live_allow(view->stage->live, step);
    live_wait(view->stage->live);
    cr_assert(stage_collect(view->stage, &is_new, &error));
}

static void touch(View *view, const char *key, const char *value) {
    Error trouble;
    view_touch(view, key, value);
    live_wait(view->stage->live);
    train(view, stage_step(view->stage));
    cr_assert_not(live_trouble(view->stage->live, &trouble), "%s", trouble.text);
}

static const Moment *newest(const View *view, int run) {
    int n;
    const Moment *moments = history_moments(view->stage->histories[run], &n);
    return &moments[n - 1];
}

/* The last parameters of a run that nobody closed. */
static void train_through(int64_t run, const char *key, const char *value, float last[12]) {
    View *view = open_view(run, NULL);
    unlink(store);
    cr_assert_not(view->stage->has_resumed);
    train(view, 700);
    if (key)
        touch(view, key, value);
    train(view, 2000);
    cr_assert_eq(newest(view, 0)->step, 2000);
    memcpy(last, newest(view, 0)->parameters, 12 * sizeof *last);
    view_close(view);
}

Test(keep, goes_on_to_the_same_bits) {
    const char *const keys[] = {NULL, "data.feature_probability"};
    for (int i = 0; i < 2; i++) {
        float last[12];
        train_through(1, keys[i], "0.02", last);
        View *view = open_view(1, NULL);
        train(view, 700);
        if (keys[i])
            touch(view, keys[i], "0.02");
        train(view, 900);
        int n_moments, n_left;
        history_moments(view->stage->histories[0], &n_moments);
        keep_and_close(view);
        view = open_view(1, NULL);
        cr_assert(view->stage->has_resumed);
        cr_assert_eq(stage_step(view->stage), 900);
        cr_assert_eq(newest(view, 0)->step, 900);
        history_moments(view->stage->histories[0], &n_left);
        cr_assert_eq(n_left, n_moments);
        const World *world = history_world(view->stage->histories[0], 800);
        cr_assert_float_eq(world->input.data->kind->probability(world->input.data, 0),
                           i ? 0.02 : 0.1, 1e-12);
        train(view, 1500);
        keep_and_close(view); /* a second time */
        view = open_view(1, NULL);
        train(view, 2000);
        cr_assert_arr_eq(newest(view, 0)->parameters, last, sizeof last, "touched %d", i);
        keep_and_close(view);
        unlink(store);
    }
}

/* A run that has ended has the loss that a run without a window has, and is not gone on with. */
Test(keep, leaves_an_ended_run_as_a_run_without_a_window) {
    View *view = open_view(0, "train.restarts=1");
    train(view, 2000);
    const Experiment *experiment = view->stage->experiment;
    Arena arena = {0};
    Error error = {0};
    Run run = experiment_run(experiment, 0, &arena);
    MetricInput input = history_world(view->stage->histories[0], 2000)->input;
    input.loss_samples = experiment->record.loss_samples;
    input.model = history_model(view->stage->histories[0], 0);
    int n;
    history_moments(view->stage->histories[0], &n);
    input.model = history_model(view->stage->histories[0], n - 1);
    Measurements made = {.arena = &arena};
    cr_assert(metric_making("loss")->measure(&input, &made, &error));
    double loss = made.items[0].values[0];
    char path[128];
    snprintf(path, sizeof path, "%s", view->stage->keep_path);
    char identity[33];
    snprintf(identity, sizeof identity, "%s", run.identity);
    keep_and_close(view);
    Store *kept;
    StoredRun *runs;
    int64_t n_runs;
    cr_assert(store_open(&kept, path, STORE_READ, &error), "%s", error.text);
    cr_assert(store_runs(kept, &arena, &runs, &n_runs, &error));
    cr_assert_eq(n_runs, 1);
    cr_assert(store_run_texts(kept, &runs[0], &arena, &error));
    cr_assert_str_eq(runs[0].identity, identity);
    cr_assert(runs[0].status == RUN_DONE && runs[0].number == 0 && runs[0].steps == 2000);
    cr_assert_float_eq(runs[0].loss, loss, 0);
    cr_assert(store_close(kept, &error));
    view = open_view(0, "train.restarts=1");
    cr_assert_not(view->stage->has_resumed);
    cr_assert_eq(stage_step(view->stage), 0);
    view_close(view);
    arena_release(&arena);
}

/* Of a sweep each run goes on from where it was; another config's runs stay beside them. */
Test(keep, keeps_all_runs_of_a_sweep) {
    const char *const sweep = "sweep={data.feature_probability: [0.1, 0.3]}";
    View *view = open_view(-1, sweep);
    cr_assert_eq(view->stage->n, 2);
    train(view, 300);
    float last[12];
    memcpy(last, newest(view, 1)->parameters, sizeof last);
    keep_and_close(view);
    view = open_view(-1, sweep);
    cr_assert(view->stage->kept[0] && view->stage->kept[1]);
    cr_assert_eq(newest(view, 1)->step, 300);
    cr_assert_arr_eq(newest(view, 1)->parameters, last, sizeof last);
    view_reset(view); /* anew, and what was left is left */
    cr_assert_not(view->stage->has_resumed);
    cr_assert_eq(stage_step(view->stage), 0);
    view_close(view);
    view = open_view(-1, sweep);
    cr_assert_eq(stage_step(view->stage), 300);
    view_close(view);
}

/* What a run is left at in the store; 0: it is not there. */
static int64_t step_kept(int64_t run) {
    View *view = open_view(run, NULL);
    int64_t step = stage_step(view->stage);
    view_close(view);
    return step;
}

static void change_store(const char *sql) {
    sqlite3 *db;
    char *why = NULL;
    cr_assert_eq(sqlite3_open(store, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, &why), SQLITE_OK, "%s", why);
    cr_assert_eq(sqlite3_changes(db), 1);
    sqlite3_close(db);
}

/* A run whose config can no longer be read begins anew and says so; the one after it goes on. */
Test(keep, reads_what_is_left_beside_what_it_cannot_read) {
    View *view = open_view(-1, NULL);
    cr_assert_eq(view->stage->n, 2);
    train(view, 300);
    view->shown = 0;
    touch(view, "data.feature_probability", "0.02");
    keep_and_close(view);
    change_store("UPDATE fact SET value = 'model: {kind: none}' WHERE key LIKE 'left %' "
                 "AND value <> 'untouched'");
    view = open_view(-1, NULL);
    cr_assert(!view->stage->kept[0] && view->stage->kept[1]);
    cr_assert_eq(newest(view, 1)->step, 300);
    cr_assert(strstr(view->stage->why_anew, "run 0 begins anew: "), "%s", view->stage->why_anew);
    view_close(view);
}

/* Another training of a run that is watched leaves its states in the store, too, and drops them at
 * its end: neither takes the other's. */
Test(keep, leaves_the_states_of_another_training) {
    const float others[] = {1, 2, 3};
    const StatePart part = {others, 3};
    Arena arena = {0};
    Error error = {0};
    Store *kept;
    int64_t step, n;
    float *state;
    bool found;
    View *view = open_view(1, NULL);
    char identity[33];
    snprintf(identity, sizeof identity, "%s",
             experiment_run(view->stage->experiment, 1, &arena).identity);
    train(view, 300);
    cr_assert(stage_keep(view->stage, &error), "%s", error.text);
    cr_assert(store_open(&kept, store, STORE_WRITE, &error));
    cr_assert(store_put_checkpoint(kept, identity, 900, isa_name(isa_best()), &part, 1, &error));
    cr_assert(store_close(kept, &error));
    stage_go_on(view->stage);
    train(view, 400);
    keep_and_close(view);
    cr_assert(store_open(&kept, store, STORE_WRITE, &error));
    cr_assert(store_checkpoint(kept, identity, isa_name(isa_best()), &arena, &step, &state, &n,
                               &found, &error));
    cr_assert(found && step == 900 && n == 3);
    cr_assert_arr_eq(state, others, sizeof others);
    cr_assert(store_drop_checkpoint(kept, identity, &error) && store_close(kept, &error));
    cr_assert_eq(step_kept(1), 400);
    arena_release(&arena);
}

/* However the path is spelled, what was trained till now is what the next stage goes on from. */
Test(keep, goes_on_under_another_spelling_of_the_path) {
    View *view = open_view(-1, NULL);
    train(view, 300);
    view_load(view, "./four.yaml");
    cr_assert_eq(stage_step(view->stage), 300);
    view_close(view);
}

/* A store that cannot be written is one clear line, and one that cannot be read is in nobody's way.
 */
Test(keep, says_what_it_cannot_write) {
    View *view = open_view(0, "train.restarts=1");
    char path[128];
    Error error = {0};
    snprintf(path, sizeof path, "%s", view->stage->keep_path);
    cr_assert(system("/bin/mkdir -p results") == 0);
    write_text(path, "not a store");
    train(view, 50);
    cr_assert_not(view_keep(view, &error));
    cr_assert(strstr(error.text, path), "%s", error.text);
    view_close(view);
    view = open_view(0, "train.restarts=1");
    cr_assert_eq(stage_step(view->stage), 0);
    view_close(view);
}

/* ---- now and then ---- */

/* Lets so many seconds go by for a view whose runs stand still. */
static void wait_for(View *view, double seconds) {
    view->is_paused = true;
    view_tick(view, view->clock < 0 ? 100 : view->clock + seconds);
    do {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        view_tick(view, view->clock + 1e-3);
    } while (!keeper_is_resting(view->stage->keeper));
}

static void expect_sound(void) {
    sqlite3 *db;
    sqlite3_stmt *query;
    cr_assert_eq(sqlite3_open(store, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &query, NULL), SQLITE_OK);
    cr_assert_eq(sqlite3_step(query), SQLITE_ROW);
    cr_assert_str_eq((const char *)sqlite3_column_text(query, 0), "ok");
    sqlite3_finalize(query);
    sqlite3_close(db);
}

/* Killed without a word, 400 steps after it was kept: it goes on from there, to the same bits. */
Test(keep, loses_little_where_it_is_killed) {
    float last[12];
    train_through(1, "data.feature_probability", "0.02", last);
    pid_t child = fork();
    cr_assert_geq(child, 0);
    if (child == 0) {
        View *view = open_view(1, NULL);
        wait_for(view, 0);
        train(view, 700);
        touch(view, "data.feature_probability", "0.02");
        wait_for(view, 9);
        if (access(store, F_OK) == 0)
            _exit(1); /* too early */
        train(view, 900);
        wait_for(view, 2);
        train(view, 1300);
        wait_for(view, 20); /* too early again */
        kill(getpid(), SIGKILL);
    }
    int status;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    expect_sound();
    View *view = open_view(1, NULL);
    cr_assert(view->stage->has_resumed);
    cr_assert_eq(newest(view, 0)->step, 900);
    train(view, 2000);
    cr_assert_arr_eq(newest(view, 0)->parameters, last, sizeof last);
    view_close(view);
}

/* Killed at any time, also while it writes: what was kept before is there, whole. */
Test(keep, survives_a_kill_while_it_writes) {
    float last[12];
    train_through(1, NULL, NULL, last);
    int64_t before = 0;
    for (int i = 0; i < 12; i++) {
        pid_t child = fork();
        if (child == 0) {
            View *view = open_view(1, NULL);
            for (int64_t step = stage_step(view->stage) + 10;; step++) {
                train(view, step < 1990 ? step : 1990);
                wait_for(view, 31);
            }
        }
        for (int k = 0; i == 0 && k < 2000 && step_kept(1) == 0; k++)
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        nanosleep(&(struct timespec){.tv_nsec = 30000000 + 7000000 * i}, NULL);
        cr_assert_eq(kill(child, SIGKILL), 0);
        cr_assert_eq(waitpid(child, NULL, 0), child);
        expect_sound();
        int64_t step = step_kept(1);
        cr_assert_geq(step, before);
        before = step;
    }
    cr_assert_gt(before, 0);
    View *view = open_view(1, NULL);
    train(view, 2000);
    cr_assert_arr_eq(newest(view, 0)->parameters, last, sizeof last);
    view_close(view);
}

/* When all have ended they are kept at once, with the loss of a run without a window; what has not
 * changed is not written again. */
Test(keep, keeps_what_has_ended) {
    View *view = open_view(0, NULL);
    Arena arena = {0};
    Error error = {0};
    StoredRun *runs;
    int64_t n;
    Store *kept;
    wait_for(view, 0);
    train(view, 2000);
    wait_for(view, 0.1);
    cr_assert(store_open(&kept, store, STORE_READ, &error), "%s", error.text);
    cr_assert(store_runs(kept, &arena, &runs, &n, &error));
    cr_assert(n == 1 && runs[0].status == RUN_DONE && runs[0].steps == 2000);
    cr_assert_gt(runs[0].loss, 0);
    cr_assert(store_close(kept, &error));
    unlink(store);
    wait_for(view, 40);
    cr_assert_neq(access(store, F_OK), 0);
    view_close(view);
    arena_release(&arena);
}

/* A full disk while it trains is told once, and the run goes on; when there is room again it is
 * kept. */
Test(keep, goes_on_where_the_disk_is_full) {
    View *view = open_view(1, NULL);
    struct rlimit limit;
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    struct rlimit full = {8192, limit.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    wait_for(view, 0);
    train(view, 100);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &full), 0);
    wait_for(view, 11);
    cr_assert(strstr(view->message, store), "%s", view->message);
    view->message[0] = 0;
    train(view, 200);
    wait_for(view, 31);
    cr_assert_str_empty(view->message);
    cr_assert_eq(stage_step(view->stage), 200);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    wait_for(view, 31);
    cr_assert_str_empty(view->message);
    view_close(view); /* as a kill would */
    expect_sound();
    cr_assert_eq(step_kept(1), 200);
}

/* Two windows on the same runs, and another writer: each waits for the other. */
Test(keep, waits_for_another_writer) {
    View *view = open_view(1, NULL);
    Error error = {0};
    Store *other;
    wait_for(view, 0);
    train(view, 100);
    cr_assert_eq(system("/bin/mkdir -p results"), 0);
    cr_assert(store_open(&other, store, STORE_WRITE, &error), "%s", error.text);
    view->is_paused = true;
    view_tick(view, view->clock + 11);
    for (int i = 0; i < 4000 && !keeper_is_writing(view->stage->keeper); i++) {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        view_tick(view, view->clock + 1e-3);
    }
    cr_assert(keeper_is_writing(view->stage->keeper));
    view_reset(view); /* is not in the way of another beginning */
    cr_assert_eq(stage_step(view->stage), 0);
    cr_assert_not_null(view->leaving);
    cr_assert(store_close(other, &error));
    for (int i = 0; view->leaving && i < 1000; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
        view_tick(view, view->clock + 1e-3);
    }
    cr_assert_null(view->leaving);
    view_close(view);
    cr_assert_eq(step_kept(1), 100);
}

/* Where it cannot be written it is told, and there until it can be. */
Test(keep, keeps_what_is_left_behind_when_it_can) {
    View *view = open_view(1, NULL);
    train(view, 300);
    cr_assert(system("/bin/mkdir -p results") == 0);
    write_text(store, "not a store");
    view_reset(view);
    view_pause(view);
    for (int i = 0; i < 4000 && !strstr(view->message, "what was left is not kept yet"); i++) {
        view_tick(view, view->clock < 0 ? 100 : view->clock + 1e-3);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    cr_assert(strstr(view->message, "what was left is not kept yet"), "%s", view->message);
    cr_assert(view->leaving && !stage_has_left(view->leaving));
    unlink(store);
    view_tick(view, view->clock + 700);
    for (int i = 0; i < 4000 && view->leaving; i++) {
        view_tick(view, view->clock + 1e-3);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    cr_assert_null(view->leaving);
    view_close(view);
    cr_assert_eq(step_kept(1), 300);
}

/* What another start leaves behind is kept, without being waited for; the same config, opened
 * again, goes on from there. */
Test(keep, keeps_what_is_left_behind) {
    View *view = open_view(0, NULL);
    wait_for(view, 0);
    train(view, 500);
    touch(view, "data.feature_probability", "0.02");
    train(view, 600);
    view_reset(view);
    cr_assert_eq(stage_step(view->stage), 0);
    for (int i = 0; view->leaving && i < 1000; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
        view_tick(view, view->clock + 1e-3);
    }
    cr_assert_null(view->leaving);
    cr_assert_eq(step_kept(0), 600);
    train(view, 700);
    view_load(view, "four.yaml");
    cr_assert(view->stage->has_resumed);
    cr_assert_eq(stage_step(view->stage), 700);
    view->is_paused = true;
    view_tick(view, view->clock + 1); /* what was kept is not of this second */
    cr_assert_eq(view->steps_per_second, 0);
    view->is_paused = false;
    cr_assert_eq(system("/bin/mv four.yaml gone.yaml"), 0);
    view_load(view, "four.yaml"); /* it cannot be: the runs that are on go on */
    train(view, 800);
    cr_assert_eq(stage_step(view->stage), 800);
    keep_and_close(view);
}

static int count_bookmarks(const View *view, int64_t step) {
    int n, found = 0;
    const TimeMark *marks = history_marks(view->stage->histories[0], &n);
    for (int i = 0; i < n; i++)
        found += marks[i].kind == TIME_BOOKMARK && marks[i].step == step;
    return found;
}

/* Bookmarks are the run's; what was taken away stays away. */
Test(keep, keeps_bookmarks) {
    View *view = open_view(1, NULL);
    train(view, 300);
    playback_bookmark(view);
    train(view, 700);
    playback_bookmark(view);
    keep_and_close(view);
    view = open_view(1, NULL);
    cr_assert_eq(count_bookmarks(view, 300), 1);
    cr_assert_eq(count_bookmarks(view, 700), 1);
    for (int i = 0; i < 2; i++) {
        view_go_to(view, i ? 700 : 300);
        playback_bookmark(view);
    }
    train(view, 800);
    keep_and_close(view);
    view = open_view(1, NULL);
    cr_assert_eq(count_bookmarks(view, 300) + count_bookmarks(view, 700), 0);
    view_close(view);
}
