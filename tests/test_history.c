/* render: History, what the viewer knows of a run, and SweepMap. Expected dimensionalities are
 * those of Elhage et al. 2022, "The geometry of superposition": a digon's features have 1/2 each,
 * one that is alone has 1. */
#include "render/scene/sweep.h"
#include "tests/choose.h"

#include <math.h>

typedef struct Watched {
    Arena arena;
    Data data;
    Task task;
    History *history;
} Watched;

/* Three features in two dimensions. */
static void watched_open(Watched *watched, size_t most_bytes) {
    *watched = (Watched){0};
    Arena *arena = &watched->arena;
    Error error = {0};
    Choice *choices = ARENA_NEW(arena, Choice, 2); /* settings stay where they are */
    choices[0] =
        choose(&data_table, "{kind: independent, n_features: 3, feature_probability: 0.5}", arena);
    choices[1] = choose(&task_table, "identity", arena);
    Choice model = choose(&model_table, "{kind: relu_output, n_hidden: 2}", arena);
    cr_assert(data_open(&watched->data, &choices[0], arena, &error) &&
              task_open(&watched->task, &choices[1], 3, arena, &error));
    cr_assert(history_open(&watched->history, "a run", &model, 3, most_bytes, &error), "%s",
              error.text);
    World world = {0,
                   {.data = &watched->data,
                    .task = &watched->task,
                    .loss_exponent = 2,
                    .loss_samples = 64,
                    .isa = isa_best()}};
    history_add_world(watched->history, &world);
}

static void watched_close(Watched *watched) {
    history_close(watched->history);
    arena_release(&watched->arena);
}

/* W_0 = -W_1 = (length, 0), W_2 = (0, 1). */
static void add(Watched *watched, int64_t step, float length) {
    Error error = {0};
    const float parameters[9] = {length, 0, -length, 0, 0, 1};
    cr_assert(
        history_add(watched->history, step, 1.0 / (double)(1 + step), 1e-3, parameters, &error),
        "%s", error.text);
}

Test(history, measures_each_moment_when_it_comes) {
    Watched watched;
    int n;
    watched_open(&watched, 1 << 20);
    add(&watched, 0, 0.25f);
    add(&watched, 10, 2);
    const Moment *moments = history_moments(watched.history, &n);
    cr_assert_eq(n, 2);
    cr_assert_eq(moments[0].features_represented, 1);
    cr_assert_eq(moments[1].features_represented, 3);
    cr_assert_float_eq(moments[1].dimensions_per_feature, 2.0 / 9, 1e-12); /* 4 + 4 + 1 */
    cr_assert_float_eq(moments[1].feature_norm[1], 2, 1e-6);
    for (int i = 0; i < 3; i++)
        cr_assert_float_eq(moments[1].dimensionality[i], i < 2 ? 0.5 : 1, 1e-6);
    cr_assert_float_eq(moments[1].loss, 1.0 / 11, 1e-12);
    watched_close(&watched);
}

/* Whatever a history is asked for, it is answered from the moment asked, and again the same. */
Test(history, measures_any_metric_of_any_moment) {
    Watched watched;
    const char *why;
    watched_open(&watched, 1 << 20);
    add(&watched, 0, 0.25f);
    add(&watched, 10, 2);
    for (int round = 0; round < 2; round++)
        for (int moment = 0; moment < 2; moment++) {
            const Measurement *gram = history_measure(watched.history, moment, "gram", &why);
            cr_assert(gram, "%s", why);
            double length = moment ? 2 : 0.25;
            cr_assert_float_eq(gram->values[1], -length * length, 1e-6);
            cr_assert_float_eq(history_model(watched.history, moment)->W[0], length, 1e-6);
        }
    add(&watched, 10, 3); /* again, in place of the newest */
    cr_assert_float_eq(history_measure(watched.history, 1, "gram", NULL)->values[1], -9, 1e-6);
    cr_assert(history_measure(watched.history, 1, "loss", NULL));
    watched_close(&watched);
}

Test(history, finds_the_moment_at_a_step) {
    Watched watched;
    watched_open(&watched, 1 << 20);
    cr_assert_eq(history_moment_at(watched.history, 5), -1);
    add(&watched, 3, 1);
    add(&watched, 7, 1);
    add(&watched, 20, 1);
    const int64_t steps[] = {0, 3, 6, 7, 19, 20, 1000};
    const int found[] = {0, 0, 0, 1, 1, 2, 2};
    for (int i = 0; i < 7; i++)
        cr_assert_eq(history_moment_at(watched.history, steps[i]), found[i], "%d", i);
    watched_close(&watched);
}

/* 1,000,000 steps in the room of 64: evenly spread, the first and the newest among them, none twice
 * and none lost on the way that a bound of twice the even distance would have kept. */
Test(history, thins_evenly_and_keeps_the_newest) {
    Watched watched;
    watched_open(&watched, 1); /* the least there is */
    int64_t step = 0;
    for (int i = 0; i < 10000; i++, step += 100) {
        int n;
        add(&watched, step, (float)i);
        const Moment *moments = history_moments(watched.history, &n);
        cr_assert_leq(n, 64);
        cr_assert_eq(moments[n - 1].step, step);
        cr_assert_eq(moments[0].step, 0);
        for (int k = 0; k + 1 < n; k++) {
            int64_t gap = moments[k + 1].step - moments[k].step;
            cr_assert(gap > 0 && gap <= 4 * (step / 64 + 100), "%lld at %d of %d after %lld",
                      (long long)gap, k, n, (long long)step);
        }
        for (int k = 0; k < n; k++) /* its parameters are still its own */
            cr_assert_eq(moments[k].parameters[0], (float)(moments[k].step / 100));
        if (i >= 128)
            cr_assert_geq(n, 30, "%d", n);
    }
    watched_close(&watched);
}

Test(history, keeps_marks_in_order_and_drops_only_bookmarks) {
    Watched watched;
    int n;
    watched_open(&watched, 1);
    history_add_mark(watched.history, 50, TIME_BOOKMARK, "b");
    history_add_mark(watched.history, 20, TIME_CHANGE, "a");
    history_add_mark(watched.history, 55, TIME_JUMP, "c");
    cr_assert_not(history_drop_bookmark(watched.history, 20, 10));
    cr_assert_not(history_drop_bookmark(watched.history, 61, 10));
    const TimeMark *marks = history_marks(watched.history, &n);
    cr_assert(n == 3 && marks[0].step == 20 && marks[1].step == 50 && marks[2].step == 55);
    cr_assert(history_drop_bookmark(watched.history, 55, 10));
    marks = history_marks(watched.history, &n);
    cr_assert(n == 2 && *marks[0].text == 'a' && *marks[1].text == 'c');
    watched_close(&watched);
}

/* A world that is replaced, and the one that held before it. */
Test(history, knows_what_held_at_a_step) {
    Watched watched;
    watched_open(&watched, 1);
    World world = *history_world(watched.history, 0);
    for (int i = 0; i < 3; i++) {
        world.step = i < 2 ? 10 : 20;
        world.input.loss_exponent = 3 + i;
        history_add_world(watched.history, &world);
    }
    const double expected[][2] = {{0, 2}, {9, 2}, {10, 4}, {19, 4}, {20, 5}, {99, 5}};
    for (int i = 0; i < 6; i++)
        cr_assert_eq(history_world(watched.history, (int64_t)expected[i][0])->input.loss_exponent,
                     expected[i][1]);
    watched_close(&watched);
}

/* Two axes of 3 and 2 values, two restarts. */
Test(sweep_map, knows_where_points_are_and_which_run_is_best) {
    SweepRun runs[12] = {{0}};
    SweepMap map = {
        .n_axes = 2, .axes = {{.n = 3}, {.n = 2}}, .n_points = 6, .restarts = 2, .runs = runs};
    for (int point = 0; point < 6; point++) {
        cr_assert_eq(sweep_index(&map, point, 0), point / 2);
        cr_assert_eq(sweep_index(&map, point, 1), point % 2);
    }
    cr_assert_eq(sweep_best(&map, 1), -1);
    runs[3] = (SweepRun){.state = STATE_DONE, .loss = 2};
    cr_assert_eq(sweep_best(&map, 1), 3);
    runs[2] = (SweepRun){.state = STATE_FAILED, .loss = NAN};
    cr_assert_eq(sweep_best(&map, 1), 3);
    runs[2] = (SweepRun){.state = STATE_DONE, .loss = 1};
    cr_assert_eq(sweep_best(&map, 1), 2);
}
