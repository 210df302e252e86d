/* render: the scene of many runs side by side, and what they are called there. */
#include "render/scene/run_names.h"
#include "tests/swept.h"

/* What tells runs apart, in as many words as there is room for. */
Test(grid, captions_are_as_long_as_they_can_be) {
    static const double densities[] = {0.12345, 0.01};
    static const char *const labels[] = {"0.1235", "0.01"};
    Watchers watchers;
    SceneInput input = watchers_open(&watchers);
    watchers.swept.map.axes[0].values = densities;
    watchers.swept.map.axes[0].labels = labels;
    cr_assert_str_eq(run_caption(&input, N_WATCHED, 1, false, 0),
                     "density = 0.1235, importance = 1");
    cr_assert_str_eq(run_caption(&input, N_WATCHED, 1, true, 0), "0.1235, 1");
    cr_assert_str_eq(run_caption(&input, N_WATCHED, 1, true, 2), "0.12, 1");
    cr_assert_str_eq(run_axes(&input, N_WATCHED), "density, importance");
    cr_assert_str_eq(run_axes(&input, 3), "importance", "of one density");
    watchers_close(&watchers);
}

Test(grid, stands_as_the_sweep_does) {
    Watchers watchers;
    SceneInput input = watchers_open(&watchers);
    const SceneKind *scene = scene_of("grid");
    double x[N_WATCHED], y[N_WATCHED];
    char text[512];
    cr_assert_null(scene->refuses(&input));
    for (int i = 0; i < N_WATCHED; i++)
        cr_assert(find_run(scene, &input, 2 * i, &x[i], &y[i], text), "run %d", 2 * i);
    for (int i = 0; i < N_WATCHED; i++) {
        cr_assert_eq(y[i], y[i / 3 * 3], "one density is one row");
        cr_assert_eq(x[i], x[i % 3], "one importance is one column");
    }
    cr_assert(x[0] < x[1] && x[1] < x[2] && y[0] < y[3]);
    finish(&watchers.swept, 2, 0.5, NAN, NAN);
    cr_assert(find_run(scene, &input, 2, &x[1], &y[1], text));
    cr_assert_str_eq(text,
                     "density = 0.1, importance = 1: done, loss 0.5 (restart 0 of 2), step 20");
    history_set_state(watchers.all[2], STATE_FAILED, "step 3: the loss is nan");
    history_set_state(watchers.all[3], STATE_TRAINING, NULL);
    draw_everywhere(scene, &input);
    watchers_close(&watchers);
}

/* Two restarts of a point have no place of their own in rows and columns: then in order. */
Test(grid, restarts_stand_in_order) {
    Watchers watchers;
    SceneInput input = watchers_open(&watchers);
    const SceneKind *scene = scene_of("grid");
    double x, y, last = 0;
    char text[512];
    for (int i = 0; i < N_WATCHED; i++)
        watchers.numbers[i] = i;
    for (int i = 0; i < N_WATCHED; i++) {
        cr_assert(find_run(scene, &input, i, &x, &y, text), "run %d", i);
        cr_assert_gt(x + 10000 * y, last);
        last = x + 10000 * y;
    }
    draw_everywhere(scene, &input);
    input.sweep = NULL; /* two runs that are compared */
    input.numbers = NULL;
    cr_assert(find_run(scene, &input, 1, &x, &y, text));
    draw_everywhere(scene, &input);
    input.n_all = 1;
    cr_assert_not_null(scene->refuses(&input));
    watchers_close(&watchers);
}
