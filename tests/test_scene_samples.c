/* render: samples, against products written out here, in double. */
#include "render/draw/label.h"
#include "render/panel/bars.h"
#include "render/scene/sample_words.h"
#include "tests/watched.h"

#include <math.h>

static const char data[] = "{kind: independent, n_features: 7, feature_probability: 0.3}";
static const char *const models[] = {
    "{kind: relu_output, n_hidden: 3}", "{kind: relu_output, n_hidden: 3, hidden_bias: true}",
    "{kind: linear, n_hidden: 2}", "{kind: relu_hidden, n_hidden: 4}",
    "{kind: two_layer, n_hidden: 5, hidden_bias: true}"};
enum { N_MODELS = sizeof models / sizeof *models, N_SAMPLES = 12 };

/* One moment with weights of all sizes and both signs. */
static void open_model(Watched *watched, const char *model, double phase) {
    watched_open(watched, data, model);
    float parameters[128];
    for (int i = 0; i < 128; i++)
        parameters[i] = (float)sin(phase + 12.9898 * i);
    watched_add(watched, 100, 0.5, parameters);
}

static double relu(const Model *model, bool is_output, double z) {
    Activation activation = is_output ? model->output : model->hidden;
    return activation == ACTIVATION_RELU ? fmax(z, 0) : z;
}

/* h, z and y' by the formulas of sim/model/model.h. */
static void check_products(const Sample *sample) {
    const Model *model = sample->model;
    int n = model->n_features, m = model->n_hidden;
    double h[8], error = 0;
    for (int k = 0; k < m; k++) {
        double z = model->b_hidden ? model->b_hidden[k] : 0;
        for (int i = 0; i < n; i++)
            z += (double)sample->x[i] * model->W[i * m + k];
        h[k] = relu(model, false, z);
        cr_assert_float_eq(sample->h[k], h[k], 1e-5);
    }
    for (int i = 0; i < n; i++) {
        double z = model->b[i], parts = sample_bias(sample, i);
        for (int k = 0; k < m; k++)
            z += h[k] * model->W2[i * m + k];
        for (int p = 0; p < sample->n_parts; p++)
            parts += sample_adds(sample, p, i);
        cr_assert_float_eq(parts, z, 1e-5, "output %d: %g, not %g", i, parts, z);
        cr_assert_float_eq(sample->out[i], relu(model, true, z), 1e-5);
        error += pow(sample->y[i] - relu(model, true, z), 2);
    }
    cr_assert_float_eq(sample->error, error, 1e-4);
}

Test(sample, is_what_the_model_makes_of_it) {
    for (int k = 0; k < N_MODELS; k++) {
        Watched watched;
        open_model(&watched, models[k], k);
        SceneInput input = watched_input(&watched);
        for (watched.state.sample = 0; watched.state.sample < N_SAMPLES; watched.state.sample++) {
            Sample sample;
            cr_assert(sample_of(&input, &sample));
            int n_active = 0;
            for (int i = 0; i < 7; i++) {
                n_active += sample.x[i] != 0;
                cr_assert_eq(sample.x[i], sample.y[i], "the task is the identity");
            }
            cr_assert(n_active == sample.n_active && n_active > 0);
            check_products(&sample);
        }
        watched_close(&watched);
    }
}

/* A linear code is the sum of what the features give to it. */
Test(sample, features_give_the_code) {
    Watched watched;
    open_model(&watched, models[0], 3);
    SceneInput input = watched_input(&watched);
    Sample sample;
    cr_assert(sample_of(&input, &sample) && sample.by_feature);
    for (int k = 0; k < 3; k++) {
        double sum = 0;
        for (int p = 0; p < sample.n_parts; p++)
            sum += sample_gives(&sample, p, k);
        cr_assert_float_eq(sum, sample.h[k], 1e-5);
    }
    for (int p = 0; p + 1 < sample.n_parts; p++)
        cr_assert_geq(sample.x[sample.parts[p]], sample.x[sample.parts[p + 1]]);
    watched_close(&watched);
}

/* Of any model, at any time; and others under other numbers. */
Test(sample, is_the_same_under_the_same_number) {
    Watched watched[2];
    Sample samples[2];
    int n_different = 0;
    for (int64_t number = 0; number < N_SAMPLES; number++) {
        for (int k = 0; k < 2; k++) {
            open_model(&watched[k], models[k], 5 * k);
            watched[k].state.sample = k ? number : 0;
            SceneInput input = watched_input(&watched[k]);
            cr_assert(sample_of(&input, &samples[k]));
            if (!number && k)
                cr_assert_arr_eq(samples[0].x, samples[1].x, 7 * sizeof(float));
        }
        n_different += memcmp(samples[0].x, samples[1].x, 7 * sizeof(float)) != 0;
        for (int k = 0; k < 2; k++)
            watched_close(&watched[k]);
    }
    cr_assert_eq(n_different, N_SAMPLES - 1);
}

/* A digon, W = [1, -1] without biases: of one feature alone nothing is wrong, of two the sum of
 * both is cut off. The second feature's output is w times the first one's where W = [1, w]. */
Test(sample, is_told_in_sentences) {
    static const float second[] = {-1, 0.5f, 0};
    static const char *const adds[] = {"−", "", NULL};
    for (int k = 0; k < 3; k++) {
        Watched watched;
        watched_open(&watched, "{kind: one_hot, n_features: 2}",
                     "{kind: relu_output, n_hidden: 1}");
        const float parameters[4] = {1, second[k], 0, 0};
        watched_add(&watched, 100, 0.5, parameters);
        SceneInput input = watched_input(&watched);
        Arena *arena = &watched.arena;
        Sample sample;
        const char *words[SAMPLE_WORDS];
        do {
            watched.state.sample++;
            cr_assert(sample_of(&input, &sample));
        } while (sample.x[0] == 0);
        double x = sample.x[0];
        sample_words_make(&input, &sample, words);
        cr_assert_str_eq(words[0],
                         arena_print(arena, "Feature 0 is on, at %s.", label_number(arena, x, 3)));
        cr_assert(strstr(words[1], "1 number for 2 features"));
        if (adds[k])
            cr_assert_str_eq(words[2],
                             arena_print(arena,
                                         "Read back, feature 0 also adds %s%s to output 1: that is "
                                         "interference.",
                                         adds[k], label_number(arena, fabs(second[k] * x), 3)));
        else
            cr_assert(strstr(words[2], "nothing interferes"));
        if (k == 1)
            cr_assert(
                strstr(words[3], arena_print(arena, "output 1 is most wrong: %s, should be 0.",
                                             label_number(arena, 0.5 * x, 3))));
        else
            cr_assert(strstr(words[3], "all outputs are right"));
        draw_everywhere(scene_of("samples"), &input);
        watched_close(&watched);
    }
}

/* Every number of the sample is somewhere under the pointer. */
Test(samples, tells_the_numbers) {
    const SceneKind *scene = scene_of("samples");
    const Rect rect = {5, 7, 900, 640};
    for (int k = 0; k < N_MODELS; k++) {
        Watched watched;
        open_model(&watched, models[k], k);
        SceneInput input = watched_input(&watched);
        Sample sample;
        cr_assert(sample_of(&input, &sample));
        bool x_told[7] = {false}, out_told[7] = {false}, h_told[8] = {false};
        int n_adds = 0;
        for (double y = rect.y; y < rect.y + rect.height; y += 4)
            for (double x = rect.x; x < rect.x + rect.width; x += 4) {
                Pick pick = pick_nothing();
                if (!scene->pick(&input, rect, style_of(THEME_LIGHT), x, y, &pick))
                    continue;
                Arena *arena = &watched.arena;
                int i = pick.feature;
                for (int h = 0; h < sample.model->n_hidden; h++)
                    h_told[h] |=
                        strstr(pick.text, arena_print(arena, "<i>h</i><sub>%d</sub> = %s", h,
                                                      label_number(arena, sample.h[h], 4))) != NULL;
                n_adds += strstr(pick.text, " adds ") != NULL;
                if (i < 0)
                    continue;
                const char *in = arena_print(arena, "feature %d: <i>x</i> = %s", i,
                                             label_number(arena, sample.x[i], 4));
                const char *out = arena_print(
                    arena, "output %d: <i>y</i>′ = %s, should be %s, error ", i,
                    label_number(arena, sample.out[i], 4), label_number(arena, sample.y[i], 4));
                x_told[i] |= strcmp(pick.text, in) == 0;
                out_told[i] |= strncmp(pick.text, out, strlen(out)) == 0;
            }
        for (int i = 0; i < 7; i++)
            cr_assert(x_told[i] && out_told[i], "model %d, feature %d", k, i);
        for (int h = 0; h < sample.model->n_hidden; h++)
            cr_assert(h_told[h], "model %d, %d", k, h);
        cr_assert_gt(n_adds, 0);
        cr_assert_null(scene->refuses(&input));
        draw_everywhere(scene, &input);
        watched_close(&watched);
    }
}

/* More features than have room: active ones come first. */
Test(samples, active_features_are_never_left_out) {
    const SceneKind *scene = scene_of("samples");
    const Rect rect = {0, 0, 500, 640};
    Watched watched;
    watched_open(&watched, "{kind: independent, n_features: 300, feature_probability: 0.03}",
                 "{kind: relu_output, n_hidden: 2}");
    float *parameters = ARENA_NEW(&watched.arena, float, 900);
    parameters[0] = 1;
    watched_add(&watched, 1, 1, parameters);
    SceneInput input = watched_input(&watched);
    Sample sample;
    cr_assert(sample_of(&input, &sample));
    cr_assert(sample.n_active > 2 && sample.n_active < 30);
    bool is_seen[300] = {false};
    int n_seen = 0;
    for (double y = 0; y < rect.height; y += 8)
        for (double x = 0; x < rect.width; x += 3) {
            Pick pick = pick_nothing();
            if (scene->pick(&input, rect, style_of(THEME_LIGHT), x, y, &pick) && pick.feature >= 0)
                is_seen[pick.feature] = true;
        }
    for (int i = 0; i < 300; i++) {
        n_seen += is_seen[i];
        cr_assert(is_seen[i] || sample.x[i] == 0, "%d", i);
    }
    cr_assert(n_seen >= 15 && n_seen < 60, "%d", n_seen);
    draw_everywhere(scene, &input);
    watched_close(&watched);
}

/* ---- the panel ---- */

Test(bars_panel, finds_the_bar_under_a_point) {
    const Bar bars[] = {{0, 0, 1, {0, 0, 0, 1}, BAR_SOLID, 0, 1},
                        {1, 0, -1, {0, 0, 0, 1}, BAR_SOLID, 0, 1},
                        {1, -1, -2, {0, 0, 0, 1}, BAR_SOLID, 0, 1},
                        {1, 0, 1, {0, 0, 0, 1}, BAR_HOLLOW, 0, 1}};
    BarsPanel panel = {.n_columns = 2, .bars = bars, .n_bars = 4, .pitch = 50, .left = 10};
    bars_panel_cover(&panel);
    cr_assert(panel.low < -2 && panel.low > -2.5 && panel.high > 1 && panel.high < 1.5);
    panel.low = -2;
    panel.high = 1;
    double head = bars_panel_head(&panel), foot = bars_panel_foot(&panel);
    Rect rect = {0, 0, 110, 300 + head + foot}; /* 100 pixels for 1 */
    const struct {
        double x, y;
        int column, bar;
    } rows[] = {{35, 50, 0, 0},  {35, 150, 0, -1}, {85, 50, 1, -1},   {85, 150, 1, 1},
                {85, 250, 1, 2}, {5, 50, -1, -1},  {115, 50, -1, -1}, {35, -3, -1, -1}};
    for (int r = 0; r < 8; r++) {
        int bar;
        cr_assert_eq(bars_panel_at(rect, &panel, rows[r].x, head + rows[r].y, &bar), rows[r].column,
                     "row %d", r);
        cr_assert_eq(bar, rows[r].bar, "row %d: %d", r, bar);
    }
}
