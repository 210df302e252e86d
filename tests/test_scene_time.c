/* render: scenes over the steps of a run, and what they are drawn with. Expected dimensionalities
 * are those of Elhage et al. 2022, "The geometry of superposition": a digon's features have 1/2
 * each, one that is alone has 1. */
#include "render/scene/loss_plot.h"
#include "tests/watched.h"

#include <math.h>
#include <stdlib.h>

static const Rect rect = {10, 20, 900, 640};

/* ---- trace ---- */

enum { SIDE = 40 };

/* How much of column x (or of row y) the line covers, in pixels. */
static void measure(const TraceLine *line, double columns[SIDE], double rows[SIDE]) {
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, SIDE, SIDE);
    cairo_t *cairo = cairo_create(surface);
    trace_draw(cairo, (Rect){0, 0, SIDE, SIDE}, line, 1);
    const unsigned char *data = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    for (int i = 0; i < SIDE; i++)
        columns[i] = rows[i] = 0;
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            double share = data[y * stride + 4 * x] / 255.0;
            columns[x] += share;
            rows[y] += share;
        }
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
}

/* A straight line of width w and slope s takes w sqrt(1 + s^2) of each column. */
Test(trace, lines_are_as_thick_as_they_should_be) {
    const double slopes[] = {0, 0.3, 1, -0.8};
    double columns[SIDE], rows[SIDE];
    for (int k = 0; k < 4; k++) {
        double x[] = {-5, 45}, middle = 20.3;
        double y[] = {middle - 25 * slopes[k], middle + 25 * slopes[k]};
        TraceLine line = {2, x, y, {1, 1, 1, 1}, 2};
        measure(&line, columns, rows);
        for (int i = 8; i < SIDE - 8; i++)
            cr_assert_float_eq(columns[i], 2 * hypot(1, slopes[k]), 0.35, "slope %g: %g", slopes[k],
                               columns[i]);
    }
    double x[] = {20.2, 20.2}, y[] = {-5, 45};
    TraceLine upright = {2, x, y, {1, 1, 1, 1}, 2};
    measure(&upright, columns, rows);
    for (int i = 0; i < SIDE; i++)
        cr_assert_float_eq(rows[i], 2, 0.4, "%g", rows[i]);
}

Test(trace, a_point_without_a_place_breaks_the_line) {
    double columns[SIDE], rows[SIDE], x[] = {0, 10, 20, 30, 40}, y[] = {9, 9, NAN, 9, 9};
    TraceLine line = {5, x, y, {1, 1, 1, 1}, 2};
    measure(&line, columns, rows);
    cr_assert_float_eq(columns[5], 2, 0.02);
    cr_assert_float_eq(columns[20], 0, 1e-9);
    cr_assert_float_eq(columns[35], 2, 0.02);
}

/* ---- running median ---- */

static int by_real(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Against sorting each window. */
Test(running_median, is_the_middle_of_each_window) {
    enum { N = 40, WIDTH = 7 };
    double values[N], found[N];
    for (int i = 0; i < N; i++)
        values[i] = i % 11 == 5 ? NAN : sin(17.0 * i * i);
    running_median(values, N, WIDTH, found);
    for (int i = 0; i < N; i++) {
        int back = i < WIDTH / 2 ? i : WIDTH / 2, forth = N - 1 - i < back ? N - 1 - i : back,
            n = 0;
        double window[WIDTH];
        for (int k = i - back; k <= i + forth; k++)
            if (!isnan(values[k]))
                window[n++] = values[k];
        qsort(window, n, sizeof *window, by_real);
        if (isnan(values[i]))
            cr_assert(isnan(found[i]));
        else
            cr_assert_eq(found[i], (window[(n - 1) / 2] + window[n / 2]) / 2, "%d", i);
    }
}

/* A fall stays where it is and as sharp as it is. */
Test(running_median, keeps_falls) {
    enum { N = 60 };
    double values[N], found[N];
    for (int i = 0; i < N; i++)
        values[i] = i < 31 ? 2 : 1;
    running_median(values, N, 9, found);
    for (int i = 0; i < N; i++)
        cr_assert_eq(found[i], values[i], "%d", i);
}

/* ---- scenes ---- */

/* W_0 = -W_1 = (1, 0), W_2 = (0, 1) at steps 0, 100, … 1000; the loss is 1/2, 1/4, … */
static void open_digon(Watched *watched) {
    const float parameters[9] = {1, 0, -1, 0, 0, 1};
    watched_open(watched, "{kind: independent, n_features: 3, feature_probability: 0.5}",
                 "{kind: relu_output, n_hidden: 2}");
    for (int k = 0; k <= 10; k++)
        watched_add(watched, 100 * k, pow(0.5, k), parameters);
}

Test(dimensionality, tells_feature_and_step_under_the_pointer) {
    Watched watched;
    open_digon(&watched);
    SceneInput input = watched_input(&watched);
    const SceneKind *scene = scene_of("dimensionality");
    const Style *style = style_of(THEME_LIGHT);
    double found[3] = {NAN, NAN, NAN};
    for (double y = rect.y; y < rect.y + rect.height; y += 1) {
        Pick pick = pick_nothing();
        if (!scene->pick(&input, rect, style, rect.x + 0.5 * rect.width, y, &pick))
            continue;
        cr_assert(pick.step >= 400 && pick.step <= 600, "%lld", (long long)pick.step);
        if (pick.feature < 0)
            continue;
        found[pick.feature] = y;
        cr_assert(strstr(pick.text, pick.feature == 2 ? "<i>D</i> = 1," : "<i>D</i> = 0.5,"), "%s",
                  pick.text);
        cr_assert(strstr(pick.text, "‖ = 1"), "%s", pick.text);
    }
    cr_assert(found[2] < fmin(isnan(found[0]) ? HUGE_VAL : found[0],
                              isnan(found[1]) ? HUGE_VAL : found[1]),
              "1 lies above 1/2: %g, %g and %g", found[2], found[0], found[1]);
    watched_close(&watched);
}

/* Of two on one level the selected one is meant. */
Test(dimensionality, the_selected_feature_is_in_front) {
    Watched watched;
    open_digon(&watched);
    const SceneKind *scene = scene_of("dimensionality");
    for (int selected = 0; selected < 2; selected++) {
        SceneInput input = watched_input(&watched);
        input.selected = selected;
        int n_found = 0;
        for (double y = rect.y; y < rect.y + rect.height; y += 2) {
            Pick pick = pick_nothing();
            scene->pick(&input, rect, style_of(THEME_DARK), rect.x + 300, y, &pick);
            cr_assert(pick.feature != 1 - selected);
            n_found += pick.feature == selected;
        }
        cr_assert_gt(n_found, 0);
    }
    watched_close(&watched);
}

/* From the left end, 0, to the right end, the newest. */
Test(dimensionality, steps_go_from_left_to_right) {
    Watched watched;
    open_digon(&watched);
    SceneInput input = watched_input(&watched);
    const SceneKind *scene = scene_of("dimensionality");
    int64_t first = -1, last = -1;
    for (double x = rect.x; x < rect.x + rect.width; x += 1) {
        Pick pick = pick_nothing();
        if (!scene->pick(&input, rect, style_of(THEME_LIGHT), x, rect.y + 300, &pick))
            continue;
        first = first < 0 ? pick.step : first;
        cr_assert_geq(pick.step, last);
        last = pick.step;
    }
    cr_assert(first == 0 && last == 1000, "%lld … %lld", (long long)first, (long long)last);
    watched_close(&watched);
}

Test(dimensionality, tells_losses_and_marks) {
    Watched watched;
    open_digon(&watched);
    history_add_mark(watched.history, 700, TIME_CHANGE, "sparser");
    history_add_mark(watched.history, 900, TIME_JUMP, "a fall");
    SceneInput input = watched_input(&watched);
    const SceneKind *scene = scene_of("dimensionality");
    int n_loss = 0, n_change = 0, n_jump = 0;
    for (double y = rect.y; y < rect.y + rect.height; y += 3)
        for (double x = rect.x; x < rect.x + rect.width; x += 3) {
            Pick pick = pick_nothing();
            scene->pick(&input, rect, style_of(THEME_LIGHT), x, y, &pick);
            if (strstr(pick.text, "loss 0.25"))
                n_loss += pick.step == 200;
            n_change += strcmp(pick.text, "step 700: sparser") == 0 && pick.step == 700;
            n_jump += strcmp(pick.text, "step 900: a fall") == 0 && pick.step == 900;
        }
    cr_assert(n_loss > 50 && n_change && n_jump, "%d, %d, %d", n_loss, n_change, n_jump);
    input.step = 250; /* with a playhead */
    input.moment = history_moment_at(watched.history, 250);
    draw_everywhere(scene, &input);
    watched_close(&watched);
}

Test(dimensionality, many_features_are_drawn_and_too_many_refused) {
    const SceneKind *scene = scene_of("dimensionality");
    for (int n = 200; n <= 2001; n += 1801) {
        Watched watched;
        watched_open(&watched,
                     n == 200 ? "{kind: independent, n_features: 200, feature_probability: 0.5}"
                              : "{kind: independent, n_features: 2001, feature_probability: 0.5}",
                     "{kind: relu_output, n_hidden: 1}");
        float *parameters = ARENA_NEW(&watched.arena, float, 2 * n);
        for (int k = 0; k < 5; k++) {
            parameters[k] = 1;
            watched_add(&watched, k, 1, parameters);
        }
        SceneInput input = watched_input(&watched);
        cr_assert_eq(scene->refuses(&input) != NULL, n > 2000);
        if (n <= 2000)
            draw_everywhere(scene, &input);
        watched_close(&watched);
    }
}

/* 2 / 3 = m / ||W||_F^2 for three features of length 1 in two dimensions. */
Test(dynamics, tells_what_holds_at_a_step) {
    Watched watched;
    open_digon(&watched);
    SceneInput input = watched_input(&watched);
    const SceneKind *scene = scene_of("dynamics");
    int n_loss = 0, n_dimensions = 0, n_represented = 0;
    for (double y = rect.y; y < rect.y + rect.height; y += 2) {
        Pick pick = pick_nothing();
        scene->pick(&input, rect, style_of(THEME_LIGHT), rect.x + rect.width - 80, y, &pick);
        n_loss += strstr(pick.text, ": loss ") != NULL;
        n_dimensions += strstr(pick.text, "<i>D</i>* = 0.6667") != NULL;
        n_represented += strstr(pick.text, "3 of 3 features represented, in 2 dim") != NULL;
    }
    cr_assert(n_loss > 50 && n_dimensions > 50 && n_represented > 50, "%d, %d, %d", n_loss,
              n_dimensions, n_represented);
    cr_assert_null(scene->refuses(&input));
    draw_everywhere(scene, &input);
    watched_close(&watched);
}

Test(dynamics, draws_the_levels_of_k_gons) {
    Watched watched;
    float parameters[18] = {0};
    watched_open(&watched, "{kind: one_hot, n_features: 6}", "{kind: relu_output, n_hidden: 2}");
    for (int i = 0; i < 5; i++) {
        parameters[2 * i] = (float)cos(2 * M_PI * i / 5);
        parameters[2 * i + 1] = (float)sin(2 * M_PI * i / 5);
    }
    for (int k = 0; k < 4; k++)
        watched_add(&watched, k, 0.1 + 0.01 * (k % 2), parameters);
    SceneInput input = watched_input(&watched);
    Course course = course_of(&input);
    cr_assert_eq(loss_plot_of(&course, style_of(THEME_LIGHT))->plot.n_levels, 0);
    watched.state.has_overlays = true;
    const LossPlot *loss = loss_plot_of(&course, style_of(THEME_LIGHT));
    cr_assert_eq(loss->plot.n_levels, 5, "2-gon … 6-gon");
    for (int k = 0; k + 1 < 5; k++)
        cr_assert_gt(loss->plot.levels[k].value, loss->plot.levels[k + 1].value);
    /* Of 6 features a digon keeps 2: the other 4 each cost E[x^2] / 6 = 1 / 18. */
    cr_assert_float_eq(loss->plot.levels[0].value, 4 / 18., 1e-9);
    draw_everywhere(scene_of("dynamics"), &input);
    watched_close(&watched);
}

/* Two runs side by side, one of 300 steps from a loss of 2, one of 200 from a loss of 9: whichever
 * is drawn, its axes are those of both. */
Test(course, runs_side_by_side_share_their_axes) {
    Watched runs[2];
    const float parameters[2][18] = {{0.9f, 0, 0, 0.9f}, {0.8f, 0, 0, 0.8f}};
    const Style *style = style_of(THEME_LIGHT);
    for (int r = 0; r < 2; r++) {
        watched_open(&runs[r], "{kind: one_hot, n_features: 6}",
                     "{kind: relu_output, n_hidden: 2}");
        for (int k = 0; k <= 3 - r; k++)
            watched_add(&runs[r], 100 * k, (r ? 9 : 2) - 0.01 * k, parameters[r]);
    }
    for (int r = 0; r < 2; r++) {
        SceneInput input = watched_input(&runs[r]);
        input.beside = runs[1 - r].history;
        Course course = course_of(&input);
        cr_assert_eq(course.steps.to, 300);
        const LossPlot *loss = loss_plot_of(&course, style);
        cr_assert(loss->plot.y.from < 2 && loss->plot.y.to > 9, "%g to %g", loss->plot.y.from,
                  loss->plot.y.to);
        cr_assert_eq(loss->loss[course.n - 1], r ? 8.98 : 1.97);
        input.beside = NULL;
        course = course_of(&input);
        loss = loss_plot_of(&course, style);
        cr_assert_eq(course.steps.to, r ? 200 : 300);
        cr_assert(r ? loss->plot.y.from > 8 : loss->plot.y.to < 3);
    }
    for (int r = 0; r < 2; r++)
        watched_close(&runs[r]);
}

/* Before the first step: whole steps on the axis, no numbers of a loss that nobody knows, and the
 * one moment is a dot. Then the axis goes as far as the run. */
Test(dynamics, begins_with_a_dot) {
    Watched watched;
    const float parameters[18] = {1};
    watched_open(&watched, "{kind: one_hot, n_features: 6}", "{kind: relu_output, n_hidden: 2}");
    watched_add(&watched, 0, (double)NAN, parameters);
    SceneInput input = watched_input(&watched);
    const Style *style = style_of(THEME_LIGHT);
    Course course = course_of(&input);
    cr_assert(course.steps.from == 0 && course.steps.to == 10);
    cr_assert(loss_plot_of(&course, style)->plot.y.hides_numbers);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 200, 100);
    cairo_t *cairo = cairo_create(surface);
    const double value = 0.5;
    const CourseLine line = {&value, {1, 0, 0, 1}, 1};
    course.n_plots = 1;
    course.plots[0] = (CoursePlot){.y = {.from = 0, .to = 1}, .rect = {50, 20, 100, 60}};
    course_draw_lines(&course, 0, cairo, &line, 1);
    cairo_surface_flush(surface);
    const unsigned char *data = cairo_image_surface_get_data(surface);
    cr_assert_eq(data[50 * cairo_image_surface_get_stride(surface) + 4 * 50 + 2], 255, "at 0, 0.5");
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    watched_add(&watched, 2000, 0.25, parameters);
    input = watched_input(&watched);
    course = course_of(&input);
    cr_assert_eq(course.steps.to, 2000);
    cr_assert_not(loss_plot_of(&course, style)->plot.y.hides_numbers);
    watched_close(&watched);
}
