/* render: the View and the world of its run: what sliders, sizes, kinds and presets do, and the
 * config that is saved. */
#include "render/page/parts.h"
#include "render/state/state.h"
#include "render/state/world.h"
#include "render/view/view.h"
#include "tests/viewed.h"

static const char *const config = FOUR_IN_TWO;

/* Where the knob of the i-th slider can be pressed for a value at that place (0 … 1). */
static void drag_slider(Bench *bench, int i, double from, double to) {
    const UiPlace *place = widget_place(bench, ID_SLIDERS + i);
    cr_assert(place, "slider %d is not there", i);
    Rect track = widget_slider_track(&bench->view->style, place->rect);
    double y = track.y + track.height / 2;
    pointer(bench, INPUT_MOVE, track.x + track.width * from, y);
    pointer(bench, INPUT_PRESS, track.x + track.width * from, y);
    for (int k = 1; k <= 5; k++)
        pointer(bench, INPUT_MOVE, track.x + track.width * (from + (to - from) * k / 5), y);
    pointer(bench, INPUT_RELEASE, track.x + track.width * to, y);
}

static double density_at(const Bench *bench, int64_t step) {
    const World *world = history_world(bench->view->stage->histories[0], step);
    return world->input.data->kind->probability(world->input.data, 0);
}

/* 0.1 is at 2/3 of the way from 0.001 to 1; at 1/3 is 0.01. */
Test(view_world, slides_the_density_of_a_running_model) {
    Bench bench = bench_open(config, NULL, 0);
    View *view = bench.view;
    int n;
    frames(&bench, 30);
    int64_t before = steps_of(&bench);
    drag_slider(&bench, 0, 2.0 / 3, 1.0 / 3);
    frames(&bench, 2);
    cr_assert_float_eq(density_at(&bench, before - 1), 0.1, 1e-12);
    cr_assert_float_eq(density_at(&bench, steps_of(&bench)), 0.01, 2e-4);
    const TimeMark *marks = history_marks(view->stage->histories[0], &n);
    cr_assert_eq(n, 1, "%d", n); /* one hand, one mark */
    cr_assert(marks[0].step >= before && marks[0].step <= steps_of(&bench));
    cr_assert(strstr(marks[0].text, "0.1 → 0.01"), "%s", marks[0].text);
    drag_slider(&bench, 0, 1.0 / 3, 2.0 / 3);
    frames(&bench, 2);
    history_marks(view->stage->histories[0], &n);
    cr_assert_eq(n, 2);
    cr_assert_geq(steps_of(&bench), before + 20); /* it went on meanwhile */
    bench_close(&bench);
}

/* What is saved of a slider is what it shows: three digits, wherever it stands. */
Test(view_world, saves_what_a_slider_shows) {
    Bench bench = bench_open(config, NULL, 0);
    Text saved = {0};
    for (int i = 0; i < 5; i++)
        frame(&bench);
    for (int i = 0; i < 20; i++) {
        drag_slider(&bench, 0, 0.5, 0.3 + 0.021 * i);
        frame(&bench);
    }
    live_print(bench.view->stage->live, 0, steps_of(&bench), &saved);
    cr_assert(strstr(text_of(&saved), "feature_probability: 0.0"), "%s", text_of(&saved));
    cr_assert_null(strstr(text_of(&saved), "00000000"), "%s", text_of(&saved));
    cr_assert_null(strstr(text_of(&saved), "99999999"), "%s", text_of(&saved));
    text_release(&saved);
    bench_close(&bench);
}

/* What a config changes by itself has its marks, which say what. */
Test(view_world, marks_what_a_config_changes) {
    const char *const changes =
        "changes=[{step: 50, set: {data.feature_probability: 0.2, train.batch: 32}},"
        " {step: 90, set: {task.importance: [1, 2, 3, 4]}}]";
    Bench bench = bench_open(config, &changes, 1);
    int n;
    const TimeMark *marks = history_marks(bench.view->stage->histories[0], &n);
    cr_assert_eq(n, 2);
    cr_assert(marks[0].step == 50 && marks[1].step == 90);
    cr_assert(strstr(marks[0].text, "0.1 → 0.2") && strstr(marks[0].text, "batch: 64 → 32"), "%s",
              marks[0].text);
    cr_assert_str_eq(marks[1].text, "other settings");
    for (int i = 0; i < 5; i++) /* long before them */
        frame(&bench);
    drag_slider(&bench, 0, 2.0 / 3, 1.0 / 3);
    frame(&bench);
    frame(&bench);
    marks = history_marks(bench.view->stage->histories[0], &n);
    cr_assert_eq(n, 3);
    cr_assert(strstr(marks[0].text, "0.1 → 0.01") && strstr(marks[1].text, "0.2") &&
              strcmp(marks[2].text, "other settings") == 0);
    bench_close(&bench);
}

/* Beyond its end, where its schedule has left no learning rate, a run goes on at the full one,
 * asked for by itself or by a slider: one mark in either case. */
Test(view_world, goes_on_beyond_the_end_of_its_schedule) {
    for (int by_slider = 0; by_slider < 2; by_slider++) {
        Bench bench = bench_open(config, NULL, 0);
        const History *history = bench.view->stage->histories[0];
        int n;
        for (int i = 0; i < 20; i++)
            key(&bench, '+');
        for (int i = 0; i < 10; i++)
            frame(&bench);
        cr_assert_eq(steps_of(&bench), 2000);
        const Moment *moments = history_moments(history, &n);
        cr_assert_lt(moments[n - 1].learning_rate, 1e-7);
        if (by_slider)
            drag_slider(&bench, 0, 2.0 / 3, 1.0 / 3);
        else
            key(&bench, ' ');
        for (int i = 0; i < 20; i++)
            frame(&bench);
        cr_assert_geq(steps_of(&bench), 4000);
        moments = history_moments(history, &n);
        cr_assert_eq(moments[n - 1].learning_rate, 1e-2);
        const TimeMark *marks = history_marks(history, &n);
        cr_assert(n == 1 && marks[0].step == 2000);
        cr_assert(strstr(marks[0].text, "learning rate at the end: 0 → 0.01"), "%s", marks[0].text);
        cr_assert_eq(strstr(marks[0].text, "0.1 → 0.01") != NULL, by_slider, "%s", marks[0].text);
        bench_close(&bench);
    }
}

/* Trains what a saved config says, without a window: its last parameters. */
static const float *train_saved(const char *path, int64_t *n, Arena *arena) {
    Problems problems = {.arena = arena};
    Error error = {0};
    Training *training;
    Experiment *experiment = experiment_load(path, NULL, 0, arena, &problems);
    expect_no_problems(experiment, &problems, path);
    Run run = experiment_run(experiment, 0, arena);
    cr_assert(training_open(&training, run.phases, run.n_phases, run.restart, 1, isa_best(), NULL,
                            arena, &error) &&
              training_advance(training, INT64_MAX, NULL, NULL, &error));
    *n = training_step(training);
    return training_model(training)->parameters;
}

/* Slid down and up, another learning rate, beyond the end: what is on the screen is what the saved
 * config trains to, to the bit, now and where one looks back. */
Test(view_world, saves_a_config_that_trains_to_what_is_seen) {
    Bench bench = bench_open(config, NULL, 0);
    View *view = bench.view;
    Arena arena = {0};
    int n;
    frames(&bench, 30);
    drag_slider(&bench, 0, 2.0 / 3, 1.0 / 3);
    drag_slider(&bench, 2, 0.5, 0.6);
    drag_slider(&bench, 0, 1.0 / 3, 0.9);
    for (int i = 0; i < 20; i++)
        key(&bench, '+');
    frames(&bench, 10);
    cr_assert_eq(steps_of(&bench), 2000);
    key(&bench, ' '); /* goes on as long again */
    frames(&bench, 20);
    cr_assert_eq(steps_of(&bench), 4000);
    const Moment *moments = history_moments(view->stage->histories[0], &n);
    const int looked_at[] = {n - 1, n / 2};
    for (int i = 0; i < 2; i++) {
        const Moment *moment = &moments[looked_at[i]];
        int64_t n_steps;
        char *path;
        Text text = {0};
        live_print(view->stage->live, 0, moment->step, &text);
        path = arena_print(&arena, "%s.saved.yaml", bench.path);
        FILE *file = fopen(path, "w");
        cr_assert(file && fputs(text_of(&text), file) >= 0 && fclose(file) == 0);
        const float *parameters = train_saved(path, &n_steps, &arena);
        cr_assert_eq(n_steps, moment->step);
        cr_assert_arr_eq(parameters, moment->parameters, 12 * sizeof(float), "step %lld:\n%s",
                         (long long)moment->step, text_of(&text));
        unlink(path);
        text_release(&text);
    }
    arena_release(&arena);
    bench_close(&bench);
}

/* More and more dimensions, and fewer, by a pointer that stays where it is, whatever else appears
 * beside; down to one feature, though a claim of the config is about another. */
Test(view_world, takes_sizes_from_a_pointer_that_stays) {
    const char *const claim = "expect=[{metric: feature_norm, feature: 3, equals: 1}]";
    Bench bench = bench_open(config, &claim, 1);
    const struct { int id, n; } presses[] = {{ID_SIZES + 3, 4}, {ID_SIZES + 2, 5}, {ID_SIZES, 3}};
    frame(&bench);
    frame(&bench);
    for (int i = 0; i < 3; i++) {
        const Ui *ui = &bench.view->ui;
        Rect at = {0};
        for (int k = 0; k < ui->n_seen; k++)
            if (ui->seen[k].id == presses[i].id)
                at = ui->seen[k].rect;
        for (int k = 0; k < presses[i].n; k++) {
            pointer(&bench, INPUT_MOVE, at.x + at.width / 2, at.y + at.height / 2);
            pointer(&bench, INPUT_PRESS, at.x + at.width / 2, at.y + at.height / 2);
            pointer(&bench, INPUT_RELEASE, at.x + at.width / 2, at.y + at.height / 2);
            frame(&bench);
        }
        const Model *model = history_model(bench.view->stage->histories[0], 0);
        cr_assert_eq(model->n_hidden, i == 0 ? 6 : 1, "%d", model->n_hidden);
        cr_assert_eq(model->n_features, i < 2 ? 4 : 1, "%s", bench.view->message);
    }
    bench_close(&bench);
}

/* With Shift a size goes by ten, and no lower than to one. */
Test(view_world, takes_sizes_by_ten) {
    Bench bench = bench_open(config, NULL, 0);
    const int ids[] = {ID_SIZES + 1, ID_SIZES}, expected[] = {14, 4};
    frame(&bench);
    frame(&bench);
    for (int i = 0; i < 3; i++) {
        Rect at = widget_place(&bench, ids[i > 0])->rect;
        Input input = {.kind = INPUT_PRESS,
                       .x = at.x + at.width / 2,
                       .y = at.y + at.height / 2,
                       .button = BUTTON_LEFT,
                       .clicks = 1,
                       .modifiers = MODIFIER_SHIFT};
        view_input(bench.view, &input);
        pointer(&bench, INPUT_RELEASE, input.x, input.y);
        frame(&bench);
        int n = history_model(bench.view->stage->histories[0], 0)->n_features;
        cr_assert_eq(n, i < 2 ? expected[i] : 1, "%d: %d", i, n);
    }
    bench_close(&bench);
}

/* A kind or a size starts again; what does not go together is told, and the run stays. */
Test(view_world, starts_again_with_other_sizes_and_kinds) {
    Bench bench = bench_open(config, NULL, 0);
    View *view = bench.view;
    frames(&bench, 30);
    view_restart_with(view, "model.n_hidden", "3");
    frame(&bench);
    cr_assert_leq(steps_of(&bench), 4);
    cr_assert_eq(history_model(view->stage->histories[0], 0)->n_hidden, 3);
    view_restart_with(view, "model.kind", "relu_hidden");
    frame(&bench);
    cr_assert_str_eq(live_settings_first(view->stage->live, 0)->model.kind->name, "relu_hidden");
    cr_assert_eq(history_model(view->stage->histories[0], 0)->n_hidden, 3);
    view_restart_with(view, "model.n_hidden", "0");
    cr_assert(strstr(view->message, "n_hidden"), "%s", view->message);
    cr_assert_eq(history_model(view->stage->histories[0], 0)->n_hidden, 3);
    cr_assert_eq(view->options.n_overrides, 2);
    bench_close(&bench);
}

/* The folder's configs, and those of the paper, by name, with their first lines as lessons. */
Test(view_world, goes_through_presets) {
    Arena arena = {0};
    const Presets *presets = presets_find("configs", &arena);
    cr_assert_geq(presets->n, 20);
    cr_assert_str_eq(presets->items[0].path, "configs/intro.yaml");
    for (int i = 0; i < presets->n; i++)
        cr_assert(*presets->items[i].lesson && *presets->items[i].title &&
                      presets->items[i].title[0] != '"',
                  "%s", presets->items[i].path);
    Bench bench = bench_open(config, NULL, 0);
    View *view = bench.view;
    view->presets = presets;
    frame(&bench);
    key(&bench, 'p');
    cr_assert_eq(view->menu, MENU_PRESETS);
    key(&bench, KEY_ESCAPE);
    cr_assert_eq(view->menu, MENU_NONE);
    key(&bench, ']');
    cr_assert_str_eq(view->options.path, "configs/intro.yaml");
    cr_assert_str_eq(view_title(view), "Five features in two dimensions");
    key(&bench, ']');
    cr_assert_str_eq(view->options.path, presets->items[1].path);
    key(&bench, '[');
    key(&bench, '[');
    cr_assert_str_eq(view->options.path, presets->items[presets->n - 1].path);
    bench_close(&bench);
    arena_release(&arena);
}

/* A bad config is told where it is wrong; nothing opens. */
Test(view_world, refuses_a_bad_config) {
    Arena arena = {0};
    Problems problems = {.arena = &arena};
    const char *const overrides[] = {"train.stepz=5"};
    ViewOptions options = {.path = "configs/intro.yaml",
                           .overrides = overrides,
                           .n_overrides = 1,
                           .only_run = -1,
                           .n_threads = 1,
                           .isa = isa_best()};
    View *view;
    Text text = {0};
    cr_assert_not(view_open(&view, &options, &problems));
    problems_print(&problems, &text);
    cr_assert(strstr(text_of(&text), "steps"), "%s", text_of(&text));
    options.n_overrides = 0;
    options.only_run = 80;
    problems = (Problems){.arena = &arena};
    text_release(&text);
    text = (Text){0};
    cr_assert_not(view_open(&view, &options, &problems));
    problems_print(&problems, &text);
    cr_assert(strstr(text_of(&text), "runs 0 to 79"), "%s", text_of(&text));
    text_release(&text);
    arena_release(&arena);
}
