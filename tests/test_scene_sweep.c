/* render: scenes over the runs of a sweep. Expected classes are those of Elhage et al. 2022,
 * "Superposition as a phase change". */
#include "render/panel/phase.h"
#include "render/scene/diagram.h"
#include "render/scene/loss_curve.h"
#include "render/scene/run_names.h"
#include "sim/theory/phase.h"
#include "tests/watched.h"

#include <math.h>

static const Rect rect = {8, 12, 900, 640};

/* Densities 0.1, 0.01 and importances 0.5, 1, 2, in the order of a config; two restarts. */
enum { N_DENSITIES = 2, N_IMPORTANCES = 3, N_RUNS = 2 * N_DENSITIES * N_IMPORTANCES };

typedef struct Swept {
    Watched watched;
    SweepRun runs[N_RUNS];
    SweepMap map;
    History *all[1];
    int64_t number;
} Swept;

static void swept_open(Swept *swept) {
    static const double densities[] = {0.1, 0.01}, importances[] = {0.5, 1, 2};
    static const char *const density_labels[] = {"0.1", "0.01"};
    static const char *const importance_labels[] = {"0.5", "1", "2"};
    const float parameters[4] = {1, -1, 0, 0};
    *swept = (Swept){.number = 0};
    watched_open(&swept->watched, "{kind: independent, n_features: 2, feature_probability: 0.1}",
                 "{kind: relu_output, n_hidden: 1}");
    watched_add(&swept->watched, 10, 0.1, parameters);
    for (int i = 0; i < N_RUNS; i++)
        swept->runs[i] = (SweepRun){STATE_WAITING, NAN, NAN, NAN};
    swept->map = (SweepMap){
        .n_axes = 2,
        .axes = {{"data.feature_probability", "density", 2, densities, density_labels},
                 {"task.importance.last", "importance", 3, importances, importance_labels}},
        .n_points = 6,
        .restarts = 2,
        .runs = swept->runs};
}

static SceneInput swept_input(Swept *swept) {
    SceneInput input = watched_input(&swept->watched);
    input.sweep = &swept->map;
    input.numbers = &swept->number;
    return input;
}

static void finish(Swept *swept, int64_t run, double loss, double norm, double interference) {
    swept->runs[run] = (SweepRun){STATE_DONE, loss, norm, interference};
    swept->map.n_done++;
}

/* ---- plane ---- */

Test(plane, importance_goes_right_and_density_up) {
    Swept swept;
    swept_open(&swept);
    SceneInput input = swept_input(&swept);
    Plane plane = plane_of(&input);
    cr_assert(plane.axes[0] == 1 && plane.axes[1] == 0);
    cr_assert(plane.sizes[0] == 3 && plane.sizes[1] == 2);
    /* Points count through the axes, the last one fastest; the lower density is at the bottom. */
    static const int points[2][3] = {{3, 4, 5}, {0, 1, 2}};
    for (int row = 0; row < 2; row++)
        for (int column = 0; column < 3; column++) {
            int found_column, found_row;
            cr_assert_eq(plane_point(&plane, column, row), points[row][column]);
            cr_assert(plane_find(&plane, points[row][column], &found_column, &found_row));
            cr_assert(found_column == column && found_row == row);
        }
    Axis x = plane_axis(&plane, 0, input.arena), y = plane_axis(&plane, 1, input.arena);
    cr_assert(x.form == AXIS_LOG && y.form == AXIS_LINEAR, "two values have no spacing");
    for (int column = 0; column < 3; column++)
        cr_assert_float_eq(axis_place(&x, plane_value(&plane, 0, column)), (column + 0.5) / 3, 1e-9,
                           "values are in the middle of their cells");
    cr_assert_float_eq(axis_place(&y, plane_value(&plane, 1, 1)), 0.75, 1e-9);
    watched_close(&swept.watched);
}

/* Of three axes the one that is not drawn stays where the shown run has it. */
Test(plane, the_shown_run_fixes_other_axes) {
    static const double values[] = {3, 1, 2, 4};
    static const char *const labels[] = {"3", "1", "2", "4"}, *const kinds[] = {"a", "b"};
    static const double none[] = {NAN, NAN};
    Swept swept;
    swept_open(&swept);
    SweepRun runs[32] = {{0}};
    SweepMap map = {.n_axes = 3,
                    .axes = {{"train.seed", "seed", 4, values, labels},
                             {"model.kind", "kind", 2, none, kinds},
                             {"train.batch", "batch", 4, values, labels}},
                    .n_points = 32,
                    .restarts = 1,
                    .runs = runs};
    SceneInput input = swept_input(&swept);
    input.sweep = &map;
    swept.number = 1 * 8 + 1 * 4 + 2; /* seed 1, kind b, batch 2 */
    Plane plane = plane_of(&input);
    cr_assert(plane.axes[0] == 2 && plane.axes[1] == 0);
    cr_assert_str_eq(plane_fixed(&plane, input.arena), "kind = b");
    cr_assert_str_eq(plane_name(&plane, swept.number, input.arena),
                     "seed = 1, kind = b, batch = 2");
    for (int column = 0; column < 4; column++)
        for (int row = 0; row < 4; row++) {
            int64_t point = plane_point(&plane, column, row);
            cr_assert_eq(sweep_index(&map, point, 1), 1);
            cr_assert_eq(values[sweep_index(&map, point, 2)], column + 1, "sorted");
            cr_assert_eq(values[sweep_index(&map, point, 0)], row + 1, "sorted");
        }
    int column, row;
    cr_assert_not(plane_find(&plane, 0, &column, &row), "of the other kind");
    Plane turned = plane_turned(&plane);
    cr_assert_eq(plane_point(&turned, 1, 3), plane_point(&plane, 3, 1));
    watched_close(&swept.watched);
}

/* ---- phase ---- */

Test(phase, refuses_a_single_run) {
    Swept swept;
    swept_open(&swept);
    SceneInput input = watched_input(&swept.watched);
    cr_assert_not_null(scene_of("phase")->refuses(&input));
    input = swept_input(&swept);
    cr_assert_null(scene_of("phase")->refuses(&input));
    watched_close(&swept.watched);
}

/* Where a run lies on the page; false: nowhere. */
static bool find_run(const SceneKind *scene, const SceneInput *input, int64_t run, double *x,
                     double *y, char text[512]) {
    for (*y = rect.y; *y < rect.y + rect.height; *y += 5)
        for (*x = rect.x; *x < rect.x + rect.width; *x += 5) {
            Pick pick = pick_nothing();
            if (scene->pick(input, rect, style_of(THEME_LIGHT), *x, *y, &pick) && pick.run == run) {
                strcpy(text, pick.text);
                return true;
            }
        }
    return false;
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

/* ---- theory ---- */

/* The runs of Swept: densities 0.1, 0.01, importances 0.5, 1, 2. */
static const double theory_density[] = {0.1, 0.01}, theory_importance[] = {0.5, 1, 2};

static PhasePanel theory_panel(const SceneInput *input, const Plane *plane) {
    return (PhasePanel){
        .axes = {.x = plane_axis(plane, 0, input->arena), .y = plane_axis(plane, 1, input->arena)}};
}

/* Also over axes whose values are not evenly spaced, which lie as far from each other as others:
 * s = min(4r / (5r + 2), 4 / (2r + 5)), theory/phase.h, between values by their logarithms. */
Test(diagram, boundaries_lie_between_the_values) {
    static const double importances[] = {0.5, 1, 8};
    Swept swept;
    swept_open(&swept);
    SweepTheory theory = {2, {1, 0}, importances, theory_density, NULL};
    swept.map.theory = &theory;
    swept.map.axes[1].values = importances;
    SceneInput input = swept_input(&swept);
    Plane plane = plane_of(&input);
    PhasePanel panel = theory_panel(&input, &plane);
    LegendEntry entries[2];
    diagram_fill(&input, &plane, &panel);
    int n = diagram_add_overlay(&input, &plane, style_of(THEME_LIGHT), &panel, entries);
    cr_assert(n == 1 && panel.n_lines == 2, "the exact optimum is not known");
    cr_assert_float_eq(panel.lines[1].x[0], 1, 1e-9, "importance 1 is the middle column");
    for (int i = 0; i < panel.lines[0].n; i += 20) {
        double r = plane_number(&plane, 0, importances, panel.lines[0].x[i]);
        double s = plane_number(&plane, 1, theory_density, panel.lines[0].y[i]);
        cr_assert_float_eq(s, fmin(4 * r / (5 * r + 2), 4 / (2 * r + 5)), 1e-9);
    }
    cr_assert_float_eq(plane_number(&plane, 0, importances, 1.5), sqrt(8), 1e-9);
    cr_assert_float_eq(plane_coordinate(&plane, 0, importances, 4), 1 + 2 / 3., 1e-9);
    watched_close(&swept.watched);
}

/* The line goes where the class changes, and nowhere else. */
Test(diagram, the_exact_optimum_has_a_line_between_its_classes) {
    PhaseOptimum optima[N_DENSITIES * N_IMPORTANCES];
    Swept swept;
    swept_open(&swept);
    for (int i = 0; i < N_DENSITIES * N_IMPORTANCES; i++)
        optima[i] = (PhaseOptimum){.class = PHASE_SUPERPOSITION, .norm = 1, .interference = 1};
    optima[2].class = PHASE_DEDICATED; /* density 0.1 (above), importance 2 (right) */
    SweepTheory theory = {2, {1, 0}, theory_importance, theory_density, optima};
    swept.map.theory = &theory;
    SceneInput input = swept_input(&swept);
    Plane plane = plane_of(&input);
    PhasePanel panel = theory_panel(&input, &plane);
    LegendEntry entries[2];
    diagram_fill(&input, &plane, &panel);
    cr_assert_eq(diagram_add_overlay(&input, &plane, style_of(THEME_LIGHT), &panel, entries), 2);
    const PhaseLine *line = &panel.lines[2];
    cr_assert(line->is_solid && line->n == 6, "two sides of a cell, each with a gap after it");
    const double expected[2][4] = {{2 / 3., 0.5, 1, 0.5}, {2 / 3., 0.5, 2 / 3., 1}};
    for (int side = 0; side < 2; side++) {
        int at = side == 0 ? 3 : 0;
        for (int end = 0; end < 2; end++) {
            cr_assert_float_eq(axis_place(&panel.axes.x, line->x[at + end]),
                               expected[side][2 * end], 1e-9);
            cr_assert_float_eq(axis_place(&panel.axes.y, line->y[at + end]),
                               expected[side][2 * end + 1], 1e-9);
        }
        cr_assert(isnan(line->x[at + 2]));
    }
    watched_close(&swept.watched);
}

/* What is chosen is shown; where the pointer is, all is said. At density 0.1 and importance 2 the
 * best idealised model has h = (1 + r) s^2 / 6 = 0.005. */
Test(diagram, shows_any_of_three_maps) {
    PhaseOptimum optima[N_DENSITIES * N_IMPORTANCES] = {{.loss = 1}};
    Swept swept;
    double x, y;
    char text[512];
    swept_open(&swept);
    optima[2] = (PhaseOptimum){.loss = 0.0047, .norm = 0.9, .interference = 0.25};
    optima[2].class = PHASE_DEDICATED;
    SweepTheory theory = {2, {1, 0}, theory_importance, theory_density, optima};
    swept.map.theory = &theory;
    finish(&swept, 4, 0.006, 1.5, 0.5);
    SceneInput input = swept_input(&swept);
    const SceneKind *scene = scene_of("phase");
    Plane plane = plane_of(&input);
    static const double norm[] = {1.5, 0.9, 1}, interference[] = {0.5, 0.25, 1};
    static const PhaseClass class[] = {PHASE_SUPERPOSITION, PHASE_DEDICATED, PHASE_SUPERPOSITION};
    for (int map = DIAGRAM_TRAINED; map <= DIAGRAM_IDEAL; map++) {
        PhasePanel panel = {.n_lines = 0};
        input.state->map = map;
        diagram_fill(&input, &plane, &panel);
        cr_assert_eq(panel.norm[2], norm[map]);
        cr_assert_eq(panel.interference[2], interference[map]);
        cr_assert_eq(panel.region[2], (int)class[map]);
        cr_assert(find_run(scene, &input, 4, &x, &y, text));
        cr_assert(strstr(text, "loss 0.006,") &&
                      strstr(text, "\nexact optimum: dedicated dimension, "
                                   "expected loss 0.0047\nidealised theory: "
                                   "superposition, expected loss 0.005"),
                  "%s", text);
        draw_everywhere(scene, &input);
    }
    watched_close(&swept.watched);
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

/* ---- grid ---- */

enum { N_WATCHED = 6 };

typedef struct Watchers {
    Swept swept;
    Watched watched[N_WATCHED];
    History *all[N_WATCHED];
    int64_t numbers[N_WATCHED];
} Watchers;

/* The first restart of every point; the last one has no moment yet. */
static SceneInput watchers_open(Watchers *watchers) {
    const float parameters[4] = {1, -1, 0, 0};
    swept_open(&watchers->swept);
    for (int i = 0; i < N_WATCHED; i++) {
        watched_open(&watchers->watched[i],
                     "{kind: independent, n_features: 2, feature_probability: 0.1}",
                     "{kind: relu_output, n_hidden: 1}");
        for (int k = 0; k < 3 && i + 1 < N_WATCHED; k++)
            watched_add(&watchers->watched[i], 10 * k, 0.1, parameters);
        watchers->all[i] = watchers->watched[i].history;
        watchers->numbers[i] = 2 * i;
    }
    SceneInput input = swept_input(&watchers->swept);
    input.history = watchers->all[1];
    input.all = watchers->all;
    input.numbers = watchers->numbers;
    input.n_all = N_WATCHED;
    input.step = 20;
    input.moment = 2;
    return input;
}

static void watchers_close(Watchers *watchers) {
    for (int i = 0; i < N_WATCHED; i++)
        watched_close(&watchers->watched[i]);
    watched_close(&watchers->swept.watched);
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
