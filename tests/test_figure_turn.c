/* render/figure: directions in a plane are turned so that a feature points up. */
#include "render/figure/turn.h"
#include "tests/figure_bench.h"

#include <criterion/criterion.h>

/* Turning changes no length and no angle, up to a mirror. */
static void check_turned(const float *before, const float *after, int n) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double was =
                (double)(before[2 * i] * before[2 * j] + before[2 * i + 1] * before[2 * j + 1]);
            double is = (double)(after[2 * i] * after[2 * j] + after[2 * i + 1] * after[2 * j + 1]);
            cr_assert_float_eq(is, was, 1e-5, "%d and %d: %g, not %g", i, j, is, was);
        }
}

Test(turn, a_feature_points_up_and_the_next_one_to_the_right) {
    float W[10], turned[10];
    for (int feature = 0; feature < 5; feature++)
        for (int is_mirrored = 0; is_mirrored < 2; is_mirrored++) {
            for (int i = 0; i < 5; i++)
                intro_direction(9, i, 2, W + (size_t)2 * i);
            for (int i = 0; is_mirrored && i < 5; i++)
                W[2 * i] = -W[2 * i];
            memcpy(turned, W, sizeof W);
            Model model = {.n_features = 5, .n_hidden = 2, .W = turned};
            turn_up(&model, feature);
            check_turned(W, turned, 5);
            cr_assert_float_eq(turned[2 * feature], 0, 1e-6);
            cr_assert_float_eq(turned[2 * feature + 1], 1.134, 1e-5);
            cr_assert_gt(turned[2 * (feature == 0)], 0.1);
        }
}

/* Two digons and a feature that is not there: nothing points up. */
Test(turn, where_the_feature_is_missing_its_place_stays_free) {
    const float W[] = {0.1f, 0.3f, 0.6f, -0.8f, 0.8f, 0.6f, -0.6f, 0.8f, -0.8f, -0.6f};
    float turned[10];
    memcpy(turned, W, sizeof W);
    Model model = {.n_features = 5, .n_hidden = 2, .W = turned};
    turn_up(&model, 0);
    check_turned(W, turned, 5);
    cr_assert_float_eq(turned[2], sqrt(0.5), 1e-6);
    cr_assert_float_eq(turned[3], sqrt(0.5), 1e-6);
    float none[4] = {0.1f, 0, 0, 0.2f};
    turn_up(&(Model){.n_features = 2, .n_hidden = 2, .W = none}, 1);
    cr_assert(none[0] == 0.1f && none[3] == 0.2f);
}
