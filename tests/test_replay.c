/* render: the View over a store: what keys and pointer do to the time of a replay. The run has
 * snapshots at 0, 50, …, 2000. */
#include "render/state/state.h"
#include "render/state/world.h"
#include "render/view/view.h"
#include "sim/experiment/live_settings.h"
#include "tests/stored.h"
#include "tests/viewed.h"

#include <stdlib.h>

static const char *const config =
    "title: Four in two\n"
    "data: {kind: independent, n_features: 4, feature_probability: 0.1}\n"
    "model: {kind: relu_output, n_hidden: 2}\n"
    "train: {steps: 2000, batch: 64, learning_rate: 1e-2}\n"
    "changes: [{step: 1000, set: {data.feature_probability: 0.5}}]\n"
    "record: {snapshots: {every: 50}}\n";

static Bench replay_open(Stored *stored, const char *text) {
    Error error = {0};
    stored_init(stored, text);
    stored_train(stored, -1);
    ViewOptions options = {.path = stored->path, .only_run = -1, .n_threads = 1, .isa = isa_best()};
    Bench bench = bench_of(&options);
    cr_assert(stage_wait(bench.view->stage, &error), "%s", error.text);
    return bench;
}

static void replay_close(Bench *bench, Stored *stored) {
    bench_close(bench);
    stored_release(stored);
}

static bool is_near(const Bench *bench, int64_t step) {
    return llabs(bench->view->step - step) <= 3;
}

Test(replay, plays_at_the_rate_it_says) {
    Stored stored;
    Bench bench = replay_open(&stored, config);
    View *view = bench.view;
    frame(&bench);
    cr_assert(view->playback.is_playing);
    cr_assert_float_eq(speeds[view->playback.speed], 120, 0); /* nearest to 2000 steps in 20 s */
    int64_t from = view->step;
    frames(&bench, 60);
    cr_assert(is_near(&bench, from + 120), "%lld", (long long)view->step);
    key(&bench, '+');
    from = view->step;
    frames(&bench, 60);
    cr_assert(is_near(&bench, from + 300), "%lld", (long long)view->step);
    key(&bench, ' ');
    from = view->step;
    frames(&bench, 60);
    cr_assert_eq(view->step, from);
    key(&bench, ' ');
    frames(&bench, 30);
    cr_assert(is_near(&bench, from + 155), "%lld", (long long)view->step);
    for (int i = 0; i < 30; i++)
        key(&bench, '+'); /* never "as fast as it can" */
    cr_assert_eq(view->playback.speed, n_speeds - 2);
    replay_close(&bench, &stored);
}

/* At its end it stays, with L it begins again; Space and R begin from the start. */
Test(replay, ends_and_loops) {
    Stored stored;
    Bench bench = replay_open(&stored, config);
    View *view = bench.view;
    for (int i = 0; i < 4; i++)
        key(&bench, '+'); /* 3000 steps/s: 40 frames */
    frames(&bench, 60);
    cr_assert(view->is_now && view->step == 2000 && !view->playback.is_playing);
    key(&bench, ' ');
    cr_assert(view->playback.is_playing && view->step < 200);
    key(&bench, KEY_END);
    frames(&bench, 3);
    cr_assert(view->is_now && view->step == 2000);
    key(&bench, 'r');
    cr_assert(view->playback.is_playing && view->step < 200);
    key(&bench, 'l');
    int64_t before = 0, n_returns = 0;
    for (int i = 0; i < 120; i++, before = view->step) {
        frame(&bench);
        n_returns += view->step < before;
    }
    cr_assert(n_returns >= 2 && view->playback.is_playing);
    replay_close(&bench, &stored);
}

Test(replay, goes_by_moments_and_by_marks) {
    Stored stored;
    Bench bench = replay_open(&stored, config);
    View *view = bench.view;
    frames(&bench, 30);
    key(&bench, KEY_RIGHT);
    cr_assert_not(view->playback.is_playing);
    cr_assert_eq(view->step, 100);
    key(&bench, KEY_RIGHT);
    cr_assert_eq(view->step, 150);
    key(&bench, 'b');
    key(&bench, KEY_LEFT);
    key(&bench, KEY_LEFT);
    cr_assert_eq(view->step, 50);
    key(&bench, ',');
    cr_assert(view->step == 50 && view->message[0]); /* there is none before */
    key(&bench, '.');
    cr_assert_eq(view->step, 150);
    key(&bench, '.');
    cr_assert_eq(view->step, 1000); /* what the config changes */
    key(&bench, ',');
    cr_assert_eq(view->step, 150);
    key(&bench, 'b');
    key(&bench, KEY_LEFT);
    key(&bench, '.');
    cr_assert_eq(view->step, 1000);
    key(&bench, KEY_END);
    key(&bench, KEY_LEFT);
    cr_assert_eq(view->step, 1950);
    key(&bench, KEY_RIGHT);
    key(&bench, KEY_RIGHT);
    cr_assert(view->is_now && view->step == 2000);
    replay_close(&bench, &stored);
}

/* Dragging moves a replay that plays, which goes on from there. */
Test(replay, plays_on_from_where_it_is_dragged) {
    Stored stored;
    Bench bench = replay_open(&stored, config);
    View *view = bench.view;
    frames(&bench, 3);
    double y = HEIGHT - 40, left = 12 + 8, width = WIDTH - 24 - 312 - 16; /* of the time line */
    pointer(&bench, INPUT_MOVE, left + width * 0.5, y);
    pointer(&bench, INPUT_PRESS, left + width * 0.5, y);
    cr_assert(is_near(&bench, 1000), "%lld", (long long)view->step);
    pointer(&bench, INPUT_RELEASE, left + width * 0.5, y);
    frames(&bench, 60);
    cr_assert(is_near(&bench, 1120), "%lld", (long long)view->step);
    replay_close(&bench, &stored);
}

/* What needs a training says so, and changes nothing; settings shown are those of the step. */
Test(replay, trains_nothing) {
    Stored stored;
    Bench bench = replay_open(&stored, config);
    View *view = bench.view;
    Stage *stage = view->stage;
    frame(&bench);
    cr_assert(view_why_no_training(view));
    key(&bench, 'n');
    cr_assert(view->stage == stage && strstr(view->message, "replay"), "%s", view->message);
    view->message[0] = 0;
    view_touch(view, "train.learning_rate", "1");
    cr_assert(strstr(view->message, "replay"), "%s", view->message);
    const double expected[] = {0.1, 0.5};
    for (int i = 0; i < 2; i++) {
        int n;
        Arena arena = {0};
        const LiveSetting *settings =
            live_settings(stage_settings_at(stage, 0, i ? 1000 : 999), &arena, &n);
        int k = 0;
        while (k < n && strcmp(settings[k].key, "data.feature_probability") != 0)
            k++;
        cr_assert(k < n && settings[k].value == expected[i]);
        arena_release(&arena);
    }
    replay_close(&bench, &stored);
}

/* Of a sweep any run can be opened, also one that is not among those that are watched. */
Test(replay, opens_any_run_of_a_sweep) {
    Stored stored;
    Bench bench =
        replay_open(&stored, "data: {kind: independent, n_features: 4, feature_probability: 0.1}\n"
                             "model: {kind: relu_output, n_hidden: 2}\n"
                             "train: {steps: 20, batch: 16}\n"
                             "sweep: {data.feature_probability: {linspace: [0.1, 1, 10]},\n"
                             "        train.learning_rate: {logspace: [1e-3, 1e-1, 10]}}\n");
    View *view = bench.view;
    frames(&bench, 2);
    cr_assert_eq(view->stage->n, 64); /* of 100 */
    int64_t number = 0;
    for (int i = 0; i < 64 && view->stage->numbers[i] == number; i++)
        number++;
    view_open_run(view, number);
    cr_assert_eq(view->shown, 64);
    frames(&bench, 2);
    SceneInput input = view_scene_input(view);
    cr_assert(input.n_all == 64 && input.has_guest && input.numbers[64] == number);
    cr_assert_eq(input.history, input.all[64]);
    key(&bench, KEY_PAGE_DOWN);
    cr_assert_eq(view->shown, 0);
    view_open_run(view, number);
    cr_assert_eq(view->shown, 64);
    replay_close(&bench, &stored);
}

/* A store has one model of each run where no snapshots were kept: there is nothing to play. */
Test(replay, of_a_last_model_stands_there) {
    Stored stored;
    Bench bench =
        replay_open(&stored, "data: {kind: independent, n_features: 4, feature_probability: 0.1}\n"
                             "model: {kind: relu_output, n_hidden: 2}\n"
                             "train: {steps: 100, batch: 64}\n");
    View *view = bench.view;
    frames(&bench, 5);
    cr_assert(view->is_now && view->step == 100 && !view->playback.is_playing);
    key(&bench, ' ');
    frames(&bench, 3);
    cr_assert(strstr(view->message, "record.snapshots"), "%s", view->message);
    cr_assert(view->is_now && !view->playback.is_playing);
    replay_close(&bench, &stored);
}
