/* render: what a viewer keeps now and then, and of what it leaves: little is lost where it is
 * killed, and a store that cannot be written for a while is tried again. */
#include "render/state/state.h"
#include "render/state/transport.h"
#include "render/state/world.h"
#include "render/view/view.h"
#include "tests/kept.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

TestSuite(keeper, .init = enter, .fini = leave_folder);

/* Lets so many seconds go by for a view whose runs stand still. */
static void wait_for(View *view, double seconds) {
    view->is_paused = true;
    view_tick(view, view->clock < 0 ? 100 : view->clock + seconds);
    do {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        view_tick(view, view->clock + 1e-3);
    } while (!keeper_is_resting(view->stage->keeper));
}

/* Frame after frame, while hardly any time goes by for the view. */
static void tick_until(View *view, bool (*holds)(const View *)) {
    for (int i = 0; i < 5000 && !holds(view); i++) {
        view_tick(view, view->clock < 0 ? 100 : view->clock + 1e-3);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    cr_assert(holds(view), "%s", view->message);
}

static bool is_writing(const View *view) {
    return keeper_is_writing(view->stage->keeper);
}

static bool has_left(const View *view) {
    return !view->leaving;
}

static bool is_told(const View *view) {
    return strstr(view->message, "what was left is not kept yet");
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
Test(keeper, loses_little_where_it_is_killed) {
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
Test(keeper, survives_a_kill_while_it_writes) {
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
Test(keeper, keeps_what_has_ended) {
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

static void expect_runs(int n_runs, int n_states) {
    sqlite3 *db;
    sqlite3_stmt *query;
    cr_assert_eq(sqlite3_open(store, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_prepare_v2(db,
                                    "SELECT (SELECT count(*) FROM run), count(DISTINCT identity) "
                                    "FROM checkpoint",
                                    -1, &query, NULL),
                 SQLITE_OK);
    cr_assert_eq(sqlite3_step(query), SQLITE_ROW);
    cr_assert_eq(sqlite3_column_int(query, 0), n_runs, "%d", sqlite3_column_int(query, 0));
    cr_assert_eq(sqlite3_column_int(query, 1), n_states, "%d", sqlite3_column_int(query, 1));
    sqlite3_finalize(query);
    sqlite3_close(db);
}

/* Touched between two times of keeping it is kept once; what a start left behind stays. */
Test(keeper, keeps_a_touched_run_once) {
    static const char *const values[] = {"0.02", "0.03", "0.04"};
    View *view = open_view(1, NULL);
    wait_for(view, 0);
    for (int i = 0; i < 3; i++) {
        train(view, 100 * (i + 1));
        touch(view, "data.feature_probability", values[i]);
        train(view, 100 * (i + 1) + 50);
        wait_for(view, 31);
        expect_runs(1, 1);
    }
    view_reset(view);
    train(view, 10);
    touch(view, "data.feature_probability", "0.05");
    train(view, 20);
    keep_and_close(view);
    expect_runs(2, 2);
    cr_assert_eq(step_kept(1), 20);
}

/* A full disk while it trains is told once, and the run goes on; when there is room again it is
 * kept. */
Test(keeper, goes_on_where_the_disk_is_full) {
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
Test(keeper, waits_for_another_writer) {
    View *view = open_view(1, NULL);
    Error error = {0};
    Store *other;
    wait_for(view, 0);
    train(view, 100);
    cr_assert_eq(system("/bin/mkdir -p results"), 0);
    cr_assert(store_open(&other, store, STORE_WRITE, &error), "%s", error.text);
    view->is_paused = true;
    view_tick(view, view->clock + 11);
    tick_until(view, is_writing);
    view_reset(view); /* is not in the way of another beginning */
    cr_assert_eq(stage_step(view->stage), 0);
    cr_assert_not_null(view->leaving);
    cr_assert(store_close(other, &error));
    tick_until(view, has_left);
    view_close(view);
    cr_assert_eq(step_kept(1), 100);
}

/* Where it cannot be written it is told, and there until it can be. */
Test(keeper, keeps_what_is_left_behind_when_it_can) {
    View *view = open_view(1, NULL);
    train(view, 300);
    cr_assert(system("/bin/mkdir -p results") == 0);
    write_text(store, "not a store");
    view_reset(view);
    view_pause(view);
    tick_until(view, is_told);
    cr_assert(view->leaving && !stage_has_left(view->leaving));
    unlink(store);
    view_tick(view, view->clock + 700);
    tick_until(view, has_left);
    view_close(view);
    cr_assert_eq(step_kept(1), 300);
}

/* What another start leaves behind is kept, without being waited for; the same config, opened
 * again, goes on from there. */
Test(keeper, keeps_what_is_left_behind) {
    View *view = open_view(0, NULL);
    wait_for(view, 0);
    train(view, 500);
    touch(view, "data.feature_probability", "0.02");
    train(view, 600);
    view_reset(view);
    cr_assert_eq(stage_step(view->stage), 0);
    tick_until(view, has_left);
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
