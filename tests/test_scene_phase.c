/* render: the scene phase, the map of a sweep that fills in while runs are done. */
#include "render/panel/phase.h"
#include "render/scene/loss_curve.h"
#include "sim/theory/phase.h"
#include "tests/swept.h"

Test(phase, refuses_a_single_run) {
    Swept swept;
    swept_open(&swept);
    SceneInput input = watched_input(&swept.watched);
    cr_assert_not_null(scene_of("phase")->refuses(&input));
    input = swept_input(&swept);
    cr_assert_null(scene_of("phase")->refuses(&input));
    watched_close(&swept.watched);
}

static Color color_at(const SceneKind *scene, const SceneInput *input, double x, double y) {
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 920, 680);
    cairo_t *cairo = cairo_create(surface);
    scene->draw(input, cairo, rect, style_of(THEME_LIGHT));
    cairo_surface_flush(surface);
    const unsigned char *pixel = cairo_image_surface_get_data(surface) +
                                 (int)y * cairo_image_surface_get_stride(surface) + 4 * (int)x;
    Color color = {pixel[2] / 255.0, pixel[1] / 255.0, pixel[0] / 255.0, 1};
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    return color;
}

static void expect_color(Color found, Color expected, const char *what) {
    cr_assert(fabs(found.red - expected.red) < 0.01 && fabs(found.green - expected.green) < 0.01 &&
                  fabs(found.blue - expected.blue) < 0.01,
              "%s: %.2f %.2f %.2f", what, found.red, found.green, found.blue);
}

/* A cell is neutral until a run of its point is done, and has the colour of the best one then. */
Test(phase, the_map_fills_in) {
    Swept swept;
    double x, y;
    char text[512];
    const Style *style = style_of(THEME_LIGHT);
    const SceneKind *scene = scene_of("phase");
    swept_open(&swept);
    SceneInput input = swept_input(&swept);
    cr_assert(find_run(scene, &input, 8, &x, &y, text)); /* point 4: 0.01, 1 */
    cr_assert_str_eq(text, "density = 0.01, importance = 1: waiting (restart 0 of 2)");
    x += 20; /* from the corner of its cell inwards, and not to its middle, where marks are */
    y += 20;
    expect_color(color_at(scene, &input, x, y), phase_panel_color(style, NAN, NAN), "waiting");
    finish(&swept, 8, 0.5, 1.01, 0.98);
    expect_color(color_at(scene, &input, x, y), phase_panel_color(style, 1.01, 0.98), "shared");
    finish(&swept, 9, 0.25, 0.99, 0.125);
    expect_color(color_at(scene, &input, x, y), phase_panel_color(style, 0.99, 0.125), "better");
    Pick pick = pick_nothing();
    cr_assert(scene->pick(&input, rect, style, x, y, &pick) && pick.run == 9);
    cr_assert_str_eq(pick.text, "density = 0.01, importance = 1: done, loss 0.25, "
                                "‖<i>W<sub>n</sub></i>‖ 0.99, interference 0.125 (restart 1 of 2)");
    watched_close(&swept.watched);
}

/* Marks stand in cells that are at work or failed. */
Test(phase, cells_at_work_and_failed_ones_are_marked) {
    Swept swept;
    double x, y;
    char text[512];
    const SceneKind *scene = scene_of("phase");
    static const RunState states[] = {STATE_TRAINING, STATE_FAILED};
    for (int k = 0; k < 2; k++) {
        swept_open(&swept);
        SceneInput input = swept_input(&swept);
        cr_assert(find_run(scene, &input, 8, &x, &y, text));
        double right = x, bottom = y;
        for (Pick pick = {.run = 8}; pick.run == 8; right += 1)
            cr_assert(scene->pick(&input, rect, style_of(THEME_LIGHT), right, y + 9, &pick));
        for (Pick pick = {.run = 8}; pick.run == 8 && bottom < 680; bottom += 1) {
            pick = pick_nothing();
            scene->pick(&input, rect, style_of(THEME_LIGHT), x + 9, bottom, &pick);
        }
        int n_before = 0, n_after = 0;
        for (int after = 0; after < 2; after++) {
            for (int dx = -6; dx <= 6; dx++) {
                Color color = color_at(scene, &input, (x + right) / 2 + dx, (y + bottom) / 2);
                *(after ? &n_after : &n_before) += color_luminance(color) < 0.4;
            }
            swept.runs[8].state = states[k];
        }
        cr_assert(n_before == 0 && n_after > 0, "%d: %d, %d", k, n_before, n_after);
        watched_close(&swept.watched);
    }
}

/* Any other axes: the lowest loss stands out, the highest least. */
Test(phase, other_axes_show_the_loss) {
    Swept swept;
    double x, y;
    char text[512];
    const Style *style = style_of(THEME_LIGHT);
    const SceneKind *scene = scene_of("phase");
    swept_open(&swept);
    swept.map.axes[0].key = "train.learning_rate";
    for (int run = 0; run < N_RUNS; run++)
        finish(&swept, run, 1 + run / 2, 1, 1);
    SceneInput input = swept_input(&swept);
    for (int point = 0; point < 6; point += 5) {
        cr_assert(find_run(scene, &input, 2 * point, &x, &y, text));
        expect_color(color_at(scene, &input, x + 20, y + 20), style_weight(style, point ? 0 : 1),
                     "loss");
    }
    draw_everywhere(scene, &input);
    watched_close(&swept.watched);
}

/* The boundary of 2 -> 1 over the map: s = min(4r / (5r + 2), 4 / (2r + 5)), theory/phase.h. */
Test(phase, the_boundary_is_that_of_the_theory) {
    Arena arena = {0};
    Axes axes = {.x = {.form = AXIS_LOG, .from = 0.1, .to = 10},
                 .y = {.form = AXIS_LOG, .from = 0.01, .to = 1}};
    PhaseLine lines[2];
    phase_panel_boundary(&axes, 2, phase_boundary, lines, &arena);
    for (int i = 0; i < lines[0].n; i++) {
        double r = lines[0].x[i];
        cr_assert_float_eq(lines[0].y[i], fmin(4 * r / (5 * r + 2), 4 / (2 * r + 5)), 1e-12);
    }
    cr_assert_float_eq(lines[0].x[0], 0.1, 1e-12);
    cr_assert_float_eq(lines[0].x[lines[0].n - 1], 10, 1e-9);
    cr_assert(lines[1].x[0] == 1 && lines[1].x[1] == 1 && lines[1].y[1] == 1);
    cr_assert_float_eq(lines[1].y[0], 4 / 7., 1e-12, "the triple point");
    arena_release(&arena);
}

/* One axis: every run is a mark. */
Test(phase, one_axis_is_a_curve) {
    Swept swept;
    double x, y, last = 0;
    char text[512];
    const SceneKind *scene = scene_of("phase");
    swept_open(&swept);
    swept.map.n_axes = 1;
    swept.map.axes[0] = swept.map.axes[1];
    swept.map.n_points = 3;
    for (int run = 0; run < 5; run++)
        finish(&swept, run, 1 + run, NAN, NAN);
    swept.runs[5].state = STATE_FAILED;
    SceneInput input = swept_input(&swept);
    for (int run = 0; run < 6; run++) {
        cr_assert(find_run(scene, &input, run, &x, &y, text), "run %d", run);
        cr_assert(run % 2 || x > last, "points go from left to right");
        last = x;
        cr_assert_eq(strstr(text, run < 5 ? "done, loss " : "failed") != NULL, true, "%s", text);
    }
    draw_everywhere(scene, &input);
    watched_close(&swept.watched);
}

/* Only what is watched and trains has a loss before its end: that of its newest moment. */
Test(phase, what_trains_shows_the_loss_of_its_batch) {
    Watchers watchers;
    SceneInput input = watchers_open(&watchers);
    double x, y;
    char text[512];
    cr_assert(isnan(sweep_run_loss(&input, 2)), "it waits");
    watchers.swept.runs[2].state = watchers.swept.runs[3].state = STATE_TRAINING;
    cr_assert_float_eq(sweep_run_loss(&input, 2), 0.1, 1e-12);
    cr_assert(isnan(sweep_run_loss(&input, 3)), "nobody watches it");
    cr_assert(find_run(scene_of("phase"), &input, 2, &x, &y, text));
    cr_assert(strstr(text, "training, loss of its last batch 0.1"), "%s", text);
    finish(&watchers.swept, 2, 0.25, 1, 1);
    cr_assert_float_eq(sweep_run_loss(&input, 2), 0.25, 1e-12);
    watchers_close(&watchers);
}
