/* render: the View: what each key, click and drag leads to; no window. */
#include "render/state/state.h"
#include "render/view/view.h"
#include "tests/viewed.h"

static const char *const config = FOUR_IN_TWO;

Test(view, trains_at_the_speed_it_says) {
    Bench bench = bench_open(config, NULL, 0);
    View *view = bench.view;
    frame(&bench);
    cr_assert_float_eq(speeds[view->speed], 120, 0); /* nearest to 2000 steps in 20 s */
    int64_t from = steps_of(&bench);
    frames(&bench, 60);
    cr_assert(llabs(steps_of(&bench) - from - 120) <= 1, "%lld", (long long)steps_of(&bench));
    key(&bench, '+');
    cr_assert_float_eq(speeds[view->speed], 300, 0);
    key(&bench, '-');
    key(&bench, '-');
    cr_assert_float_eq(speeds[view->speed], 60, 0);
    for (int i = 0; i < 30; i++)
        key(&bench, '-');
    cr_assert_eq(view->speed, 0);
    for (int i = 0; i < 30; i++)
        key(&bench, '=');
    cr_assert(isinf(speeds[view->speed]));
    frame(&bench);
    cr_assert_eq(steps_of(&bench), 2000);
    cr_assert_eq(history_state(view->stage->histories[0]), STATE_DONE);
    bench_close(&bench);
}

/* At full tilt the training is ahead of what any pace would have allowed. */
Test(view, goes_on_at_once_when_it_slows_down) {
    Bench bench = bench_open(config, NULL, 0);
    stage_allow(bench.view->stage, 500);
    live_wait(bench.view->stage->live);
    frames(&bench, 3);
    cr_assert_gt(steps_of(&bench), 500);
    cr_assert_lt(steps_of(&bench), 2000);
    bench_close(&bench);
}

Test(view, pauses_and_steps) {
    Bench bench = bench_open(config, NULL, 0);
    frames(&bench, 10);
    key(&bench, ' ');
    int64_t step = steps_of(&bench);
    frames(&bench, 10);
    cr_assert_eq(steps_of(&bench), step);
    key(&bench, KEY_RIGHT);
    key(&bench, KEY_RIGHT);
    cr_assert_eq(steps_of(&bench), step + 2);
    key(&bench, ' ');
    frames(&bench, 10);
    cr_assert_geq(steps_of(&bench), step + 20);
    key(&bench, KEY_RIGHT); /* pauses where it went on */
    cr_assert(bench.view->is_paused);
    bench_close(&bench);
}

Test(view, starts_again_and_with_another_seed) {
    Bench bench = bench_open(config, NULL, 0);
    View *view = bench.view;
    frames(&bench, 30);
    float first = history_moments(view->stage->histories[0], &(int){0})[0].parameters[0];
    cr_assert_gt(steps_of(&bench), 50);
    key(&bench, 'r');
    cr_assert_leq(steps_of(&bench), 4, "%lld", (long long)steps_of(&bench));
    cr_assert_eq(history_moments(view->stage->histories[0], &(int){0})[0].parameters[0], first);
    key(&bench, 'n');
    cr_assert_neq(history_moments(view->stage->histories[0], &(int){0})[0].parameters[0], first);
    cr_assert_eq(live_settings_first(view->stage->live, 0)->train.seed, 1);
    key(&bench, 'n');
    cr_assert_eq(live_settings_first(view->stage->live, 0)->train.seed, 2);
    cr_assert_eq(view->options.n_overrides, 1);
    bench_close(&bench);
}

Test(view, looks_back_while_the_training_goes_on) {
    Bench bench = bench_open(config, NULL, 0);
    View *view = bench.view;
    frames(&bench, 120);
    double y = HEIGHT - 40, left = 12 + 8, width = WIDTH - 24 - 312 - 16; /* of the time line */
    pointer(&bench, INPUT_MOVE, left + width * 0.5, y);
    pointer(&bench, INPUT_PRESS, left + width * 0.05, y);
    cr_assert_not(view->is_now);
    cr_assert(llabs(view->step - 100) <= 2, "%lld", (long long)view->step);
    pointer(&bench, INPUT_MOVE, left + width * 0.025, y);
    cr_assert(llabs(view->step - 50) <= 2, "%lld", (long long)view->step);
    pointer(&bench, INPUT_RELEASE, left + width * 0.025, y);
    int64_t looked_at = view->step, step = steps_of(&bench);
    frames(&bench, 30);
    cr_assert_eq(view->step, looked_at);
    cr_assert_gt(steps_of(&bench), step);
    key(&bench, KEY_END);
    cr_assert(view->is_now);
    cr_assert_geq(view->step, step);
    bench_close(&bench);
}

/* Looking back is a recording: it stands, plays up to now, or begins again and again; meanwhile the
 * training goes on. */
Test(view, plays_what_it_looks_back_on) {
    Bench bench = bench_open(config, NULL, 0);
    View *view = bench.view;
    frames(&bench, 120);
    key(&bench, KEY_LEFT);
    cr_assert(!view->is_now && !view->playback.is_playing && !view->is_paused);
    int64_t looked_at = view->step, trained = steps_of(&bench);
    frames(&bench, 30);
    cr_assert_eq(view->step, looked_at);
    cr_assert_gt(steps_of(&bench), trained + 30);
    key(&bench, KEY_RIGHT);
    cr_assert(!view->is_now && view->step > looked_at && !view->is_paused);
    view_go_to(view, 10);
    key(&bench, '+');
    key(&bench, '+'); /* 600 steps/s, five times as fast as it trains */
    cr_assert_float_eq(speeds[view->speed], 120, 0);
    key(&bench, ' ');
    frames(&bench, 15);
    cr_assert(!view->is_now && llabs(view->step - 170) <= 5, "%lld", (long long)view->step);
    frames(&bench, 60);
    cr_assert(view->is_now && !view->playback.is_playing); /* it has caught up */
    key(&bench, 'l');
    key(&bench, KEY_LEFT);
    key(&bench, ' ');
    frames(&bench, 4);
    cr_assert(!view->is_now && view->step < 100, "%lld", (long long)view->step);
    key(&bench, KEY_END);
    cr_assert(view->is_now && !view->playback.is_playing);
    key(&bench, ' ');
    cr_assert(view->is_paused);
    bench_close(&bench);
}

/* The time line reaches to the run's end, unless that is minutes away: of 1,000,000 steps at
 * 120 in a second to 2000 while these are less than three quarters full, then to 5000. */
Test(view, reaches_as_far_as_there_is_something_to_see) {
    const char *const overrides[] = {"train.steps=1000000"};
    Bench bench = bench_open(config, NULL, 0);
    frame(&bench);
    cr_assert_float_eq(bench.view->timeline_last, 2000, 0);
    bench_close(&bench);
    bench = bench_open(config, overrides, 1);
    View *view = bench.view;
    while (speeds[view->speed] > 120)
        key(&bench, '-');
    while (steps_of(&bench) < 1200)
        frames(&bench, 2);
    cr_assert_float_eq(view->timeline_last, 2000, 1e-9);
    while (steps_of(&bench) < 1510)
        frames(&bench, 2);
    cr_assert_float_eq(view->timeline_last, 5000, 1e-9);
    bench_close(&bench);
}

Test(view, shows_and_hides) {
    Bench bench = bench_open(config, NULL, 0);
    View *view = bench.view;
    frame(&bench);
    key(&bench, 't');
    cr_assert_eq(view->style.theme, THEME_DARK);
    key(&bench, KEY_TAB);
    cr_assert(view->is_bare);
    key(&bench, 'f');
    cr_assert(view_is_full_screen(view));
    key(&bench, KEY_F1);
    cr_assert(view->has_help);
    key(&bench, KEY_ESCAPE); /* one after the other */
    cr_assert(!view->has_help && view->is_full_screen);
    key(&bench, KEY_ESCAPE);
    cr_assert(!view->is_full_screen && view->is_bare);
    key(&bench, KEY_ESCAPE);
    cr_assert(!view->is_bare);
    bool had = view->scene_state.has_overlays;
    key(&bench, 'o');
    cr_assert_neq(view->scene_state.has_overlays, had);
    cr_assert_not(view_is_over(view));
    key(&bench, 'q');
    cr_assert(view_is_over(view));
    bench_close(&bench);
}

/* A map of one run there is not: neither its key nor its tab goes there, and both say why. */
Test(view, refuses_scenes_that_have_nothing_to_show) {
    Bench bench = bench_open(config, NULL, 0);
    View *view = bench.view;
    frame(&bench);
    int scene = view->scene;
    key(&bench, '5');
    cr_assert_eq(view->scene, scene);
    cr_assert(strstr(view->message, "one run"), "%s", view->message);
    for (int i = 0; i < scene_table.n_rows; i++) {
        bool is_of_sweeps = ((const SceneKind *)scene_table.rows[i])->shows_all;
        if (is_of_sweeps)
            cr_assert(strstr(view->refusals[i], "one"), "%s", view->refusals[i]);
    }
    cr_assert_str_empty(view->refusals[scene]);
    key(&bench, '2');
    cr_assert_eq(view->scene, 1);
    key(&bench, 'k'); /* of two runs there is one */
    frame(&bench);
    cr_assert_str_empty(view->refusals[4]);
    bench_close(&bench);
}

/* Five densities, two seeds, two restarts: 20 runs, all points of which are watched, each by its
 * first restart. */
Test(view, watches_the_runs_of_a_sweep) {
    const char *const overrides[] = {"sweep={data.feature_probability: [0.1, 0.2, 0.3, 0.4, 0.5], "
                                     "train.seed: [7, 8]}",
                                     "train.restarts=2"};
    Bench bench = bench_open(config, overrides, 2);
    View *view = bench.view;
    frame(&bench);
    cr_assert_eq(view->stage->n, 10);
    cr_assert_eq(view->stage->numbers[3], 6);
    cr_assert(strstr(view->stage->names[0], "0.1") && strstr(view->stage->names[0], "seed = 7"),
              "%s", view->stage->names[0]);
    frames(&bench, 60);
    for (int i = 0; i < 10; i++)
        cr_assert_geq(live_step(view->stage->live, i), 100);
    key(&bench, KEY_PAGE_DOWN);
    cr_assert_eq(view->shown, 1);
    key(&bench, KEY_PAGE_UP);
    key(&bench, KEY_PAGE_UP);
    cr_assert_eq(view->shown, 9);
    bench_close(&bench);
}

/* Runs that are done have their results in the map; started again they have none. */
Test(view, fills_the_map_of_a_sweep) {
    const char *const overrides[] = {"sweep={data.feature_probability: [0.1, 0.5]}",
                                     "train.steps=150"};
    Bench bench = bench_open(config, overrides, 2);
    Stage *stage = bench.view->stage;
    frame(&bench);
    cr_assert(stage->map.n_done == 0 && isnan(stage->map.runs[1].loss));
    for (int i = 0; i < 2000 && stage->map.n_done < 2; i++)
        frame(&bench);
    cr_assert_eq(stage->map.n_done, 2);
    for (int i = 0; i < 2; i++) {
        int n;
        const Moment *moments = history_moments(stage->histories[i], &n);
        const SweepRun *run = &stage->map.runs[i];
        cr_assert(run->state == STATE_DONE && run->loss > 0 && run->interference >= 0);
        cr_assert_float_eq(run->last_norm, moments[n - 1].feature_norm[3], 1e-6);
        cr_assert_eq(run->loss,
                     history_measure(stage->histories[i], n - 1, "loss", NULL)->values[0]);
    }
    key(&bench, 'r');
    frame(&bench);
    stage = bench.view->stage;
    cr_assert(stage->map.n_done == 0 && isnan(stage->map.runs[0].loss));
    bench_close(&bench);
}

/* What nobody touches ends as it does without a window, whatever the speed and however it is looked
 * at. */
Test(view, leaves_the_same_bits_as_no_window) {
    Bench bench = bench_open(config, NULL, 0);
    View *view = bench.view;
    Arena arena = {0};
    Error error = {0};
    Run run = experiment_run(view->stage->experiment, 0, &arena);
    Training *training;
    cr_assert(training_open(&training, run.phases, run.n_phases, run.restart, 1, isa_best(), NULL,
                            &arena, &error) &&
              training_advance(training, INT64_MAX, NULL, NULL, &error));
    for (int i = 0; steps_of(&bench) < 2000; i++) {
        if (i % 7 == 3)
            key(&bench, i % 2 ? '+' : ' ');
        if (i % 50 == 9)
            key(&bench, KEY_RIGHT);
        frame(&bench);
        cr_assert_lt(i, 5000);
    }
    frame(&bench);
    int n;
    const Moment *moments = history_moments(view->stage->histories[0], &n);
    cr_assert_eq(moments[n - 1].step, 2000);
    cr_assert_arr_eq(moments[n - 1].parameters, training_model(training)->parameters,
                     (size_t)training_model(training)->n_parameters * sizeof(float));
    arena_release(&arena);
    bench_close(&bench);
}

/* A drag turns the solid, which then stays; a double click lets it turn by itself again. */
Test(view, a_solid_is_held_by_a_drag_and_let_go_by_a_double_click) {
    const char *const overrides[] = {"model.n_hidden=3"};
    Bench bench = bench_open(config, overrides, 1);
    bench.view->scene = 0;
    frame(&bench);
    pointer(&bench, INPUT_MOVE, 500, 400);
    pointer(&bench, INPUT_PRESS, 500, 400);
    pointer(&bench, INPUT_MOVE, 560, 420);
    pointer(&bench, INPUT_RELEASE, 560, 420);
    cr_assert(bench.view->scene_state.is_held);
    Camera held = bench.view->scene_state.camera;
    frame(&bench);
    cr_assert_arr_eq(&bench.view->scene_state.camera, &held, sizeof held);
    pointer(&bench, INPUT_PRESS, 560, 420);
    pointer(&bench, INPUT_RELEASE, 560, 420);
    cr_assert(bench.view->scene_state.is_held, "a click is no reason to turn");
    Input twice = {.kind = INPUT_PRESS, .x = 560, .y = 420, .button = BUTTON_LEFT, .clicks = 2};
    view_input(bench.view, &twice);
    frames(&bench, 2);
    cr_assert_not(bench.view->scene_state.is_held);
    cr_assert_neq(memcmp(&bench.view->scene_state.camera, &held, sizeof held), 0);
    bench_close(&bench);
}
