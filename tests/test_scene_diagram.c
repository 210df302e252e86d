/* render: what theory and exact optima add to a phase diagram. Expected classes are those of Elhage
 * et al. 2022, "Superposition as a phase change". */
#include "render/panel/phase.h"
#include "render/scene/diagram.h"
#include "tests/swept.h"

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
