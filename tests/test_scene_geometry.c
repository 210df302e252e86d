/* render: the scenes geometry, gram and neurons: what they find under a point, what they say of it,
 * whom they refuse, and that their pictures do not jump. Expected values are closed forms: of a
 * regular pentagon of length 1 (D = 2/5; interference sum of squared cosines, 5/2 - 1; coherence
 * cos 36; Welch bound sqrt(3 / 8)), and the k-gon losses of Chen et al. 2023 (theory/kgon.h). */
#include "render/draw/label.h"
#include "render/scene/graph_places.h"
#include "render/scene/overlay.h"
#include "sim/theory/kgon.h"
#include "tests/watched.h"

#include <math.h>
#include <stdio.h>

static const Rect page = {10, 20, 640, 480};

/* A moment with these first parameters [n]; the others are 0. */
static void add(Watched *watched, int64_t step, const float *parameters, int n) {
    float all[4096] = {0};
    memcpy(all, parameters, n * sizeof *parameters);
    watched_add(watched, step, 0.5, all);
}

/* Its newest moment at a time of the viewer's clock. */
static SceneInput input_at(Watched *watched, int selected, double time) {
    SceneInput input = watched_input(watched);
    input.selected = selected;
    input.time = time;
    return input;
}

static void open_pentagon(Watched *watched, const char *data) {
    float W[10];
    watched_open(watched, data, "{kind: relu_output, n_hidden: 2}");
    for (int i = 0; i < 5; i++) {
        W[2 * i] = (float)cos(2 * M_PI * i / 5);
        W[2 * i + 1] = (float)sin(2 * M_PI * i / 5);
    }
    add(watched, 0, W, 10);
}

static void draw(const SceneKind *scene, const SceneInput *input, Rect rect, Theme theme) {
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 700, 520);
    cairo_t *cairo = cairo_create(surface);
    scene->draw(input, cairo, rect, style_of(theme));
    cr_assert_eq(cairo_status(cairo), CAIRO_STATUS_SUCCESS);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
}

/* Without captions the plane fills the height: 240 pixels for a radius of 1.3. */
Test(scene_geometry, finds_arrows_and_tells_their_values) {
    Watched watched;
    open_pentagon(&watched, "{kind: independent, n_features: 5, feature_probability: 1}");
    const SceneKind *scene = scene_of("geometry");
    SceneInput input = input_at(&watched, -1, 0);
    cr_assert_null(scene->refuses(&input));
    for (int i = 0; i < 5; i++) {
        Pick pick;
        char expected[200];
        double x = 330 + 240 / 1.3 * cos(2 * M_PI * i / 5),
               y = 260 - 240 / 1.3 * sin(2 * M_PI * i / 5);
        cr_assert(scene->pick(&input, page, style_of(THEME_LIGHT), x, y, &pick));
        cr_assert(pick.feature == i && pick.run == -1 && pick.step == -1);
        snprintf(expected, sizeof expected,
                 "‖<i>W</i><sub>%d</sub>‖ = 1, <i>D</i><sub>%d</sub> = 0.4, interference 1.5", i,
                 i);
        cr_assert_str_eq(pick.text, expected);
    }
    Pick pick;
    cr_assert_not(scene->pick(&input, page, style_of(THEME_LIGHT), 20, 30, &pick));
    watched_close(&watched);
}

/* An arrow of length 1, alone (the plane goes to 1.3) and beside one of length 2 (to 2.2). */
Test(scene_geometry, runs_side_by_side_have_one_scale) {
    Watched runs[2];
    Pick pick;
    for (int r = 0; r < 2; r++) {
        const float W[2] = {(float)(r + 1), 0};
        watched_open(&runs[r], "{kind: independent, n_features: 1, feature_probability: 1}",
                     "{kind: relu_output, n_hidden: 2}");
        add(&runs[r], 0, W, 2);
    }
    SceneInput input = watched_input(&runs[0]);
    for (int is_beside = 0; is_beside < 2; is_beside++) {
        const SceneKind *scene = scene_of("geometry");
        double tip = 240 / (is_beside ? 2.2 : 1.3);
        input.beside = is_beside ? runs[1].history : NULL;
        cr_assert(scene->pick(&input, page, style_of(THEME_LIGHT), 330 + tip, 260, &pick));
        cr_assert_not(scene->pick(&input, page, style_of(THEME_LIGHT), 360 + tip, 260, &pick));
    }
    for (int r = 0; r < 2; r++)
        watched_close(&runs[r]);
}

/* cos 144 = -0.809 */
Test(scene_geometry, tells_the_product_with_the_selected_one) {
    Watched watched;
    open_pentagon(&watched, "{kind: independent, n_features: 5, feature_probability: 1}");
    SceneInput input = input_at(&watched, 0, 0);
    double x = 330 + 240 / 1.3 * cos(4 * M_PI / 5), y = 260 - 240 / 1.3 * sin(4 * M_PI / 5);
    Pick pick;
    cr_assert(scene_of("geometry")->pick(&input, page, style_of(THEME_LIGHT), x, y, &pick));
    cr_assert_eq(pick.feature, 2);
    const char *start = "<i>W</i><sub>0</sub>·<i>W</i><sub>2</sub> = −0.809, ";
    cr_assert_eq(strncmp(pick.text, start, strlen(start)), 0, "%s", pick.text);
    watched_close(&watched);
}

Test(scene_geometry, overlays_say_what_theory_knows) {
    const char *const data[] = {"{kind: independent, n_features: 5, feature_probability: 1}",
                                "{kind: one_hot, "
                                "n_features: 5}"};
    for (int d = 0; d < 2; d++) {
        Watched watched;
        open_pentagon(&watched, data[d]);
        SceneInput input = input_at(&watched, -1, 0);
        Captions captions = {.n_lines = 0};
        overlay_add_geometry(&input, true, "more", &captions);
        cr_assert_eq(captions.n_lines, 1);
        const char *known = arena_print(
            &watched.arena, "%s%s; more", "pentagon; coherence 0.809 (Welch bound 0.612)",
            d ? arena_print(&watched.arena, "; loss of a one-hot 5-gon %s",
                            label_number(&watched.arena, kgon_loss(5, 5, 0), 3))
              : "");
        cr_assert_str_eq(captions.lines[0], known);
        watched_close(&watched);
    }
}

/* An octahedron is three digons at right angles; where one is much shorter it is none. */
Test(scene_geometry, overlays_name_what_parts_make_together) {
    for (int is_flat = 0; is_flat < 2; is_flat++) {
        Watched watched;
        watched_open(&watched, "{kind: independent, n_features: 6, feature_probability: 0.1}",
                     "{kind: relu_output, n_hidden: 3}");
        float W[24] = {0};
        for (int i = 0; i < 6; i++)
            W[3 * i + i / 2] = (i % 2 ? -1.f : 1.f) * (is_flat && i < 2 ? 0.7f : 1.f);
        watched_add(&watched, 0, 0.1, W);
        SceneInput input = input_at(&watched, -1, 0);
        Captions captions = {.n_lines = 0};
        overlay_add_geometry(&input, true, NULL, &captions);
        const char *start =
            is_flat ? "3 digons; coherence 1" : "3 digons (an octahedron); coherence 1";
        cr_assert_eq(strncmp(captions.lines[0], start, strlen(start)), 0, "%s", captions.lines[0]);
        watched_close(&watched);
    }
}

/* It turns by itself, by 10 degrees a second, until it is held. */
Test(scene_geometry, a_solid_turns_until_it_is_held) {
    Watched watched;
    watched_open(&watched, "{kind: independent, n_features: 3, feature_probability: 1}",
                 "{kind: relu_output, n_hidden: 3}");
    const float W[9] = {1, 0, 0, /**/ 0, 1, 0, /**/ 0, 0, 1};
    const SceneKind *scene = scene_of("geometry");
    add(&watched, 0, W, 9);
    Camera at[3];
    for (int k = 0; k < 3; k++) {
        SceneInput input = input_at(&watched, 1, 3.0 * k);
        watched.state.is_held = k == 2;
        draw(scene, &input, page, THEME_DARK);
        at[k] = watched.state.camera;
    }
    double cosine = 0; /* of the turned level axis */
    for (int k = 0; k < 3; k++)
        cosine += at[0].axes[0][k] * at[1].axes[0][k];
    cr_assert_float_eq(cosine, cos(M_PI / 6), 1e-9);
    cr_assert_arr_eq(&at[1], &at[2], sizeof at[1]);
    SceneInput input = input_at(&watched, -1, 0);
    cr_assert(scene->turns(&input) && !scene->moves(&input));
    watched.state.is_held = false;
    cr_assert(scene->turns(&input) && scene->moves(&input));
    watched_close(&watched);
}

/* A point of each arrow in every projection; projections are offered from four dimensions on. */
Test(scene_geometry, draws_any_size_in_any_projection) {
    const SceneKind *scene = scene_of("geometry");
    for (int m = 1; m <= 6; m++) {
        char model[80];
        float W[48];
        int n_options;
        snprintf(model, sizeof model, "{kind: relu_output, n_hidden: %d}", m);
        Watched watched;
        watched_open(&watched, "{kind: independent, n_features: 8, feature_probability: 1}", model);
        for (int i = 0; i < 8 * m; i++)
            W[i] = (float)sin(3.7 * i + 1);
        add(&watched, 0, W, 8 * m);
        for (int projection = PROJECTION_GRAPH; projection <= PROJECTION_TOUR; projection++) {
            SceneInput input = input_at(&watched, 2, 0.7);
            watched.state.projection = projection;
            watched.state.has_overlays = true;
            cr_assert_null(scene->refuses(&input));
            for (double side = 120; side <= 480; side += 120)
                draw(scene, &input, (Rect){0, 0, side, 600 - side}, THEME_LIGHT);
            scene->options(&input, &n_options);
            cr_assert_eq(n_options, m > 3);
            bool is_solid =
                m == 3 ||
                (m > 3 && (projection == PROJECTION_PCA || projection == PROJECTION_TOUR));
            cr_assert_eq(scene->turns(&input), is_solid);
            cr_assert_eq(scene->moves(&input), m >= 3); /* not held */
        }
        watched_close(&watched);
    }
}

/* Two digons at right angles: four nodes, each found where it is, and there again in the next
 * frame. */
Test(scene_geometry, finds_the_nodes_of_a_graph) {
    Watched watched;
    watched_open(&watched, "{kind: independent, n_features: 4, feature_probability: 1}",
                 "{kind: relu_output, n_hidden: 4}");
    const float W[16] = {1, 0, 0, 0, /**/ -1, 0, 0, 0, /**/ 0, 1, 0, 0, /**/ 0, -1, 0, 0};
    const SceneKind *scene = scene_of("geometry");
    add(&watched, 0, W, 16);
    double sum_x[2][4] = {{0}}, sum_y[2][4] = {{0}};
    int n_found[2][4] = {{0}};
    for (int frame = 0; frame < 2; frame++) {
        SceneInput input = input_at(&watched, -1, 0.1 * frame);
        for (int y = 20; y < 500; y += 4)
            for (int x = 10; x < 650; x += 4) {
                Pick pick;
                if (!scene->pick(&input, page, style_of(THEME_LIGHT), x, y, &pick))
                    continue;
                n_found[frame][pick.feature]++;
                sum_x[frame][pick.feature] += x;
                sum_y[frame][pick.feature] += y;
            }
    }
    for (int i = 0; i < 4; i++) {
        cr_assert_geq(n_found[0][i], 4);
        cr_assert_eq(n_found[0][i], n_found[1][i]);
        cr_assert_eq(sum_x[0][i], sum_x[1][i]);
        /* digons lie from the lower left to the upper right, the two middles of mates on a line */
        int mate = i ^ 1;
        double dx = (sum_x[0][i] / n_found[0][i] - sum_x[0][mate] / n_found[0][mate]),
               dy = (sum_y[0][i] / n_found[0][i] - sum_y[0][mate] / n_found[0][mate]);
        cr_assert(fabs(dx + dy) < 8 && fabs(dx) > 30, "%g %g", dx, dy);
    }
    watched_close(&watched);
}

/* A ring of 20 nodes that has no picture of its own; from frame to frame, and when the graph gets
 * an edge more, no node goes far. */
Test(graph_places, go_on_from_where_they_were) {
    enum { N = 20 };
    Watched watched;
    watched_open(&watched, "{kind: independent, n_features: 20, feature_probability: 1}",
                 "{kind: relu_output, n_hidden: 2}");
    int features[N];
    double x[N], y[N], old_x[N] = {0}, old_y[N] = {0};
    GraphEdge edges[N + 1];
    for (int i = 0; i < N; i++) {
        features[i] = i;
        edges[i] = (GraphEdge){i, (i + 1) % N, 1};
    }
    edges[N] = (GraphEdge){0, N / 2, 1};
    for (int frame = 0; frame < 60; frame++) {
        GraphComponent ring = {.features = features,
                               .n = N,
                               .edges = edges,
                               .n_edges = frame < 30 ? N : N + 1,
                               .x = x,
                               .y = y};
        const float W[2] = {(float)frame, 0};
        add(&watched, frame < 30 ? 0 : frame, W, 2);
        int n_moments;
        history_moments(watched.history, &n_moments);
        graph_places_lay_out(watched.history, n_moments - 1, &ring, 1);
        for (int i = 0; i < N; i++) {
            cr_assert_leq(hypot(x[i], y[i]), 1 + 1e-9);
            if (frame)
                cr_assert_lt(hypot(x[i] - old_x[i], y[i] - old_y[i]), 0.35, "node %d, frame %d", i,
                             frame);
            old_x[i] = x[i];
            old_y[i] = y[i];
        }
    }
    cr_assert_lt(hypot(x[0] - x[N / 2], y[0] - y[N / 2]), 1); /* the edge more has drawn them */
    watched_close(&watched);
}

/* A component whose square moves from one corner of the page to the other: its node is underway
 * after a frame, and there after a second. */
Test(graph_places, glide_to_where_they_belong) {
    Watched watched;
    watched_open(&watched, "{kind: independent, n_features: 1, feature_probability: 1}",
                 "{kind: relu_output, n_hidden: 2}");
    const float W[2] = {1, 0};
    const Rect squares[2] = {{0, 0, 100, 100}, {300, 200, 100, 100}};
    int feature = 0;
    double seen_x[62];
    add(&watched, 0, W, 2);
    for (int frame = 0; frame <= 61; frame++) {
        double x = 0, y = 0;
        Rect square = squares[frame > 0];
        GraphComponent alone = {.features = &feature, .n = 1, .x = &x, .y = &y, .is_placed = true};
        graph_places_glide(watched.history, frame / 60.0, &square, 400, 300, &alone, 1);
        seen_x[frame] = square.x + 50 + 0.36 * 100 * x;
        cr_assert(frame == 0 || seen_x[frame] >= seen_x[frame - 1]);
    }
    cr_assert_float_eq(seen_x[0], 50, 1e-9);
    cr_assert(seen_x[1] > 60 && seen_x[1] < 120, "%g", seen_x[1]); /* 300 (1 - e^(-1/9)) = 31 */
    cr_assert_float_eq(seen_x[61], 350, 1);
    watched_close(&watched);
}

/* In a square too small for captions the heat map is alone: 2 pixels to the edge, five cells. */
Test(scene_gram, tells_products_and_more) {
    Watched watched;
    open_pentagon(&watched, "{kind: independent, n_features: 5, feature_probability: 1}");
    const SceneKind *scene = scene_of("gram");
    const Rect small = {0, 0, 204, 204};
    SceneInput input = input_at(&watched, 3, 0);
    Pick pick;
    cr_assert_null(scene->refuses(&input));
    cr_assert(scene->pick(&input, small, style_of(THEME_LIGHT), 102, 142, &pick));
    cr_assert_eq(pick.feature, 2); /* the column */
    cr_assert_str_eq(pick.text, "<i>W</i><sub>3</sub>·<i>W</i><sub>2</sub> = 0.309");
    cr_assert(scene->pick(&input, small, style_of(THEME_LIGHT), 62, 62, &pick));
    cr_assert_str_eq(pick.text, "‖<i>W</i><sub>1</sub>‖² = 1");
    cr_assert_not(scene->pick(&input, small, style_of(THEME_LIGHT), 1, 100, &pick));
    for (double side = 120; side <= 480; side += 120)
        draw(scene, &input, (Rect){0, 0, side, 600 - side}, THEME_DARK);
    watched_close(&watched);
}

Test(scene_gram, refuses_what_is_not_legible) {
    Watched watched;
    watched_open(&watched, "{kind: independent, n_features: 1001, feature_probability: 1}",
                 "{kind: relu_output, n_hidden: 2}");
    add(&watched, 0, (const float[]){1, 0}, 2);
    SceneInput input = input_at(&watched, -1, 0);
    cr_assert_str_eq(scene_of("gram")->refuses(&input),
                     "1001 features would not be legible; up to 1000 are drawn");
    watched_close(&watched);
}

Test(scene_neurons, refuses_linear_hidden_layers) {
    Watched watched;
    open_pentagon(&watched, "{kind: independent, n_features: 5, feature_probability: 1}");
    SceneInput input = input_at(&watched, -1, 0);
    const char *why = scene_of("neurons")->refuses(&input);
    cr_assert(why && strstr(why, "linear"));
    watched_close(&watched);
}

/* Feature 0 in neuron 1 and feature 1 in neuron 0: columns by feature, so the left one is neuron 1.
 * Its block reaches from the axis, at the bottom, to 0.8 of 1 and a little. */
Test(scene_neurons, finds_blocks_in_the_order_of_features) {
    Watched watched;
    watched_open(&watched, "{kind: independent, n_features: 2, feature_probability: 1}",
                 "{kind: relu_hidden, n_hidden: 2}");
    const float W[4] = {0, 0.8f, /**/ 0.9f, 0};
    const SceneKind *scene = scene_of("neurons");
    add(&watched, 0, W, 4);
    SceneInput input = input_at(&watched, -1, 0);
    const Rect small = {0, 0, 200, 200};
    Pick pick;
    cr_assert_null(scene->refuses(&input));
    cr_assert(scene->pick(&input, small, style_of(THEME_LIGHT), 80, 150, &pick));
    cr_assert_eq(pick.feature, 0);
    cr_assert_str_eq(pick.text, "feature 0, neuron 1: <i>W</i> = 0.8");
    cr_assert(scene->pick(&input, small, style_of(THEME_LIGHT), 160, 150, &pick));
    cr_assert_str_eq(pick.text, "feature 1, neuron 0: <i>W</i> = 0.9");
    cr_assert(scene->pick(&input, small, style_of(THEME_LIGHT), 80, 12, &pick));
    cr_assert(pick.feature == -1 && strcmp(pick.text, "neuron 1") == 0, "%s", pick.text);
    for (double side = 120; side <= 480; side += 120)
        draw(scene, &input, (Rect){0, 0, side, 600 - side}, THEME_DARK);
    watched_close(&watched);
}

/* The columns' order is that of the newest moment that is a multiple of the largest power of two
 * with which there are 8 to 15 of them: 40 at 41, 41 itself only from 44 on. */
Test(scene_neurons, columns_stay_for_a_while) {
    Watched watched;
    watched_open(&watched, "{kind: independent, n_features: 2, feature_probability: 1}",
                 "{kind: relu_hidden, n_hidden: 2}");
    const float first[4] = {0, 0.8f, /**/ 0.9f, 0}, second[4] = {0.8f, 0, /**/ 0, 0.9f};
    const SceneKind *scene = scene_of("neurons");
    const char *const expected[] = {"feature 0, neuron 1: <i>W</i> = 0.8",
                                    "feature 1, neuron 1: <i>W</i> = 0.9",
                                    "feature 0, neuron 0: <i>W</i> = 0.8"};
    const int64_t steps[] = {40, 41, 44};
    for (int k = 0; k < 3; k++) {
        Pick pick;
        add(&watched, steps[k], k ? second : first, 4);
        SceneInput input = input_at(&watched, -1, 0);
        cr_assert(
            scene->pick(&input, (Rect){0, 0, 200, 200}, style_of(THEME_LIGHT), 80, 150, &pick));
        cr_assert_str_eq(pick.text, expected[k]);
    }
    watched_close(&watched);
}
