/* render: what a viewer leaves when it is closed, and that it goes on from there: a run that was
 * closed on its way ends with the bits of one that never was, touched or not. */
#include "render/state/playback.h"
#include "render/state/state.h"
#include "render/state/world.h"
#include "render/view/view.h"
#include "tests/kept.h"

#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(keep, .init = enter, .fini = leave_folder);

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
    arena_release(&arena);
}

static int count_bookmarks(const View *view, int64_t step) {
    int n, found = 0;
    const TimeMark *marks = history_marks(view->stage->histories[0], &n);
    for (int i = 0; i < n; i++)
        found += marks[i].kind == TIME_BOOKMARK && marks[i].step == step;
    return found;
}

static View *train_to_end(const char *key) {
    View *view = open_view(1, NULL);
    train(view, 300);
    playback_bookmark(view);
    train(view, 700);
    if (key)
        touch(view, key, "0.02");
    train(view, 2000);
    return view;
}

static void go_beyond(View *view, float last[12]) {
    view_go_beyond(view);
    train(view, 2600);
    train(view, 2600); /* it has heard of it now */
    cr_assert_eq(newest(view, 0)->step, 2600);
    memcpy(last, newest(view, 0)->parameters, 12 * sizeof *last);
}

/* An ended run opens at its end, with its past and its bookmarks, and nothing trains; beyond it
 * goes on to the bits of one that nobody closed. */
Test(keep, opens_an_ended_run_at_its_end) {
    const char *const keys[] = {NULL, "data.feature_probability"};
    for (int i = 0; i < 2; i++) {
        float last[12], last_again[12];
        int n_moments, n_left, n_marks, n_marks_left;
        View *view = train_to_end(keys[i]);
        go_beyond(view, last);
        view_close(view);
        view = train_to_end(keys[i]);
        history_moments(view->stage->histories[0], &n_moments);
        history_marks(view->stage->histories[0], &n_marks);
        for (int k = 0; k < 2; k++) { /* and again */
            keep_and_close(view);
            view = open_view(1, NULL);
            cr_assert(view->stage->has_resumed && newest(view, 0)->step == 2000);
            view_tick(view, 1e5); /* a clock has any beginning: what was said is there to be read */
            cr_assert(strstr(view->message, "at its end, step 2000"), "%s", view->message);
            history_moments(view->stage->histories[0], &n_left);
            history_marks(view->stage->histories[0], &n_marks_left);
            cr_assert_eq(n_left, n_moments);
            cr_assert_eq(n_marks_left, n_marks);
            cr_assert_eq(count_bookmarks(view, 300), 1);
            cr_assert_eq(history_state(view->stage->histories[0]), STATE_DONE);
        }
        go_beyond(view, last_again);
        cr_assert_arr_eq(last_again, last, sizeof last, "touched %d", i);
        keep_and_close(view);
        cr_assert_eq(step_kept(1), 2600);
        unlink(store);
    }
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

/* A hand on a slider leaves many changes and one mark, also when the run is opened again. */
Test(keep, keeps_the_mark_of_one_hand) {
    View *view = open_view(1, NULL);
    char value[32];
    int n;
    for (int hand = 0; hand < 2; hand++) {
        train(view, 300 + 300 * hand);
        view->drag++;
        for (int i = 0; i < 5; i++) {
            snprintf(value, sizeof value, "0.0%d", 2 + i + hand);
            touch(view, "data.feature_probability", value);
            train(view, 310 + 10 * i + 300 * hand);
        }
    }
    for (int k = 0; k < 3; k++) {
        const TimeMark *marks = history_marks(view->stage->histories[0], &n);
        cr_assert(n == 2 && marks[0].step == 300 && marks[1].step == 600, "%d", n);
        cr_assert(strstr(marks[0].text, "0.1 → 0.06"), "%s", marks[0].text);
        cr_assert(strstr(marks[1].text, "0.06 → 0.07"), "%s", marks[1].text);
        keep_and_close(view);
        view = open_view(1, NULL);
    }
    view_close(view);
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

static View *open_replay(const char *path) {
    ViewOptions options = {
        .path = path, .only_run = -1, .n_threads = 1, .isa = isa_best(), .keeps = true};
    View *view = opened_view(&options);
    Error error = {0};
    cr_assert(stage_wait(view->stage, &error), "%s", error.text);
    return view;
}

/* A replay shows the bookmarks that were set when it trained, touched or not, and keeps its own;
 * where they are the same it writes nothing, and where it cannot write it says so. */
Test(keep, keeps_bookmarks_of_a_replay) {
    View *view = open_view(0, "train.restarts=1");
    Error error = {0};
    char path[64];
    snprintf(path, sizeof path, "%s", view->stage->keep_path);
    train(view, 300);
    playback_bookmark(view);
    train(view, 700);
    touch(view, "data.feature_probability", "0.02");
    train(view, 900);
    keep_and_close(view);
    view = open_replay(path);
    cr_assert_eq(count_bookmarks(view, 300), 1);
    view_go_to(view, 900);
    playback_bookmark(view);
    keep_and_close(view);
    cr_assert_eq(system("test -z \"$(find results -name '*-wal' -o -name '*-shm')\""), 0);
    cr_assert_eq(system("/bin/mkdir before && /bin/cp results/*.db before"), 0);
    view = open_replay(path);
    cr_assert_eq(count_bookmarks(view, 300) + count_bookmarks(view, 900), 2);
    keep_and_close(view);
    cr_assert_eq(system("/usr/bin/diff -r results before"), 0);
    view = open_replay(path);
    view_go_to(view, 300);
    playback_bookmark(view);
    Store *other;
    cr_assert(store_open(&other, path, STORE_WRITE, &error), "%s", error.text);
    cr_assert_not(view_keep(view, &error));
    cr_assert(strstr(error.text, "bookmarks are not kept: "), "%s", error.text);
    cr_assert(store_close(other, &error));
    view_close(view);
}
