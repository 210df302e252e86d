/* The figure phase: constructed maps, what lands on the page, and what is said where there is none.
 */
#include "render/panel/phase.h"
#include "sim/theory/phase.h"
#include "tests/pictured.h"

#include <math.h>

enum { N = 12 };

static const char *const map_row = "{kind: phase, summary: map}";

static void put(const char *name, int rank, const double *values, const char *const *labels) {
    Error error = {0};
    StoredMeasurement stored = {.maker = "phase_agreement",
                                .settings = "",
                                .measurement = {.name = arena_print(&arena, "map%s", name),
                                                .rank = rank,
                                                .shape = {N, rank == 2 ? N : 0},
                                                .values = (double *)(uintptr_t)values,
                                                .labels = labels,
                                                .n_labels = labels ? N_PHASE_CLASSES : 0}};
    cr_assert(store_put_measurement(store, 0, &stored, &error), "%s", error.text);
}

/* A quarter not represented, a quarter alone, the lower half shared; its class in each cell. */
static void put_map(const char *norm, const char *interference, const char *class) {
    static const char *const labels[] = {"a", "b", "c"};
    double norms[N * N], interferences[N * N], classes[N * N];
    for (int i = 0; i < N * N; i++) {
        PhaseClass c = i / N >= N / 2   ? PHASE_SUPERPOSITION
                       : i % N >= N / 2 ? PHASE_DEDICATED
                                        : PHASE_NOT_REPRESENTED;
        classes[i] = c;
        norms[i] = c != PHASE_NOT_REPRESENTED;
        interferences[i] = c == PHASE_SUPERPOSITION;
    }
    put(class, 2, classes, labels);
    if (norm)
        put(norm, 2, norms, NULL);
    if (interference)
        put(interference, 2, interferences, NULL);
}

/* Densities 1 … 0.01, importances 0.1 … 10; losses 3/4 of the idealised. */
static void put_all(double features) {
    double density[N], importance[N], ideal[N * N], optimum[N * N];
    for (int i = 0; i < N; i++) {
        density[i] = pow(10, -2. * i / (N - 1));
        importance[i] = pow(10, -1 + 2. * i / (N - 1));
    }
    for (int i = 0; i < N * N; i++) {
        ideal[i] = i + 1;
        optimum[i] = 0.75 * (i + 1);
    }
    put("_density", 1, density, NULL);
    put("_importance", 1, importance, NULL);
    put("_ideal_loss", 2, ideal, NULL);
    put("_optimum_loss", 2, optimum, NULL);
    put("_n_features", 0, &features, NULL);
    static const char *const percents[] = {"", "_optimum", "_best", "_best_optimum"};
    for (int i = 0; i < 4; i++)
        put(percents[i], 0, (const double[]){90.25 + i}, NULL);
    put_map("_norm", "_interference", "_class");
    put_map("_best_norm", "_best_interference", "_best_class");
    put_map("_optimum_norm", "_optimum_interference", "_optimum_class");
    put_map(NULL, NULL, "_ideal_class");
}

TestSuite(figure_phase, .init = begin, .fini = end);

/* All four maps show twice as many shared cells as dedicated ones, but for what lines and names
 * cover; of three features the line between those goes on below. */
Test(figure_phase, shows_as_many_cells_as_there_are) {
    for (int theme = THEME_LIGHT; theme <= THEME_DARK; theme++) {
        const Style *style = style_of((Theme)theme);
        Error error = {0};
        int64_t shared[2];
        for (int k = 0; k < 2; k++) {
            put_all(2 + k);
            cr_assert(draw(map_row, (Theme)theme, &error), "%s", error.text);
            shared[k] = count_pixels(phase_panel_color(style, 1, 1));
            int64_t alone = count_pixels(phase_panel_color(style, 1, 0));
            double quotient = (double)shared[k] / (double)alone;
            cr_assert(quotient > 1.85 && quotient < 2.3, "%g", quotient);
            cr_assert_gt(alone, 4 * 150 * 150, "a quarter of four maps at twice the scale");
        }
        cr_assert_neq(shared[0], shared[1], "another line");
    }
}

static void check_refused(const char *message) {
    Error error = {0};
    cr_assert_not(draw(map_row, THEME_LIGHT, &error));
    cr_assert_str_eq(error.text, message);
    cr_assert_neq(access(picture, F_OK), 0);
}

Test(figure_phase, says_what_is_missing) {
    check_refused(
        "x.db: figure phase: map_density was not made: give the config the summary {kind: "
        "phase_agreement}");
    put_all(2);
    put("_norm", 1, (const double[N]){0}, NULL);
    check_refused("x.db: figure phase: map_norm has 12 values, not 144");
    put_all(2);
    double density[N];
    for (int i = 0; i < N; i++)
        density[i] = 1 - i / (double)N;
    put("_density", 1, density, NULL);
    check_refused("x.db: figure phase: map_density is not evenly spaced on a logarithmic scale: "
                  "take logspace");
}
