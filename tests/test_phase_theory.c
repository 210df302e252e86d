/* view: what theory says of a sweep that is a phase diagram. The exact optimum's boundary
 * for 2->1 at importance 1 is at a density of 0.713 (theory/phase_optimum.h). */
#include "render/runs/phase_theory.h"
#include "tests/viewed.h"

static const char *config_of(Arena *arena, int n, const char *importance, const char *axis,
                             const char *more) {
    return arena_print(arena,
                       "data: {kind: independent, n_features: %d, feature_probability: 0.1%s}\n"
                       "task: {kind: identity, importance: %s}\n"
                       "model: {kind: relu_output, n_hidden: %d}\n"
                       "train: {optimizer: sgd, learning_rate: 0.01, batch: 16, steps: 4}\n"
                       "sweep:\n  data.feature_probability: [0.9, 0.5, 0.1]\n  %s\n",
                       n, more, importance, n - 1, axis);
}

/* Every way to say the last feature's importance. */
Test(phase_theory, reads_settings_and_not_keys) {
    static const struct {
        int n;
        const char *importance, *axis;
    } ways[] = {{2, "{last: 1}", "task.importance.last: [0.25, 2]"},
                {3, "{last: 1}", "task.importance.last: [0.25, 2]"},
                {2, "{decay: 1}", "task.importance.decay: [0.25, 2]"},
                {2, "1", "task.importance: [[4, 1], [1, 2]]"},
                {3, "1", "task.importance: [[2, 2, 0.5], [1, 1, 2]]"},
                {3, "1", "task.importance: [{last: 0.25}, {last: 2}]"}};
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
        Arena arena = {0};
        Bench bench =
            bench_open(config_of(&arena, ways[w].n, ways[w].importance, ways[w].axis, ""), NULL, 0);
        const SweepMap *map = &bench.view->stage->map;
        cr_assert(map->theory, "%s", ways[w].axis);
        cr_assert_eq(map->theory->n_features, ways[w].n);
        cr_assert(map->theory->axes[0] == 1 && map->theory->axes[1] == 0);
        cr_assert_float_eq(map->theory->importance[0], 0.25, 1e-12, "%s", ways[w].axis);
        cr_assert_float_eq(map->theory->importance[1], 2, 1e-12, "%s", ways[w].axis);
        cr_assert_float_eq(map->theory->density[1], 0.5, 1e-7);
        cr_assert_float_eq(map->axes[1].values[0], 0.25, 1e-12, "lists get a place, too");
        bench_close(&bench);
        arena_release(&arena);
    }
}

/* What is another problem has no theory. */
Test(phase_theory, is_of_no_other_problem) {
    static const struct {
        int n;
        const char *importance, *axis, *more, *override;
    } others[] = {
        {3, "{decay: 1}", "task.importance.decay: [0.25, 2]", "", NULL},
        {2, "1", "task.importance: [1, 2]", "", NULL},
        {3, "1", "task.importance: [[1, 2, 3], [1, 1, 2]]", "", NULL},
        {2, "{last: 1}", "task.importance.last: [1, 2]", ", value: signed_uniform", NULL},
        {2, "{last: 1}", "task.importance.last: [1, 2]", ", value_scale: 2", NULL},
        {2, "{last: 1}", "task.importance.last: [1, 2]", "", "model.bias=false"},
        {2, "{last: 1}", "task.importance.last: [1, 2]", "", "model.kind=linear"},
        {2, "{last: 1}", "task.importance.last: [1, 2]", "", "model.n_hidden=2"},
        {2, "{last: 1}", "task.importance.last: [1, 2]", "", "train.loss_exponent=4"},
        {2, "{last: 1}", "task.importance.last: [1, 2]\n  train.loss_exponent: [2, 4]", "", NULL},
        {4, "{last: 1}", "task.importance.last: [1, 2]", "", NULL}};
    for (size_t o = 0; o < sizeof others / sizeof *others; o++) {
        Arena arena = {0};
        Bench bench = bench_open(
            config_of(&arena, others[o].n, others[o].importance, others[o].axis, others[o].more),
            &others[o].override, others[o].override != NULL);
        cr_assert_null(bench.view->stage->map.theory, "%s%s", others[o].axis, others[o].more);
        bench_close(&bench);
        arena_release(&arena);
    }
}

/* Found by a thread: the scene has them a frame after they are there. */
Test(phase_theory, finds_the_exact_optima) {
    Arena arena = {0};
    Bench bench = bench_open(
        config_of(&arena, 2, "{last: 1}", "task.importance.last: [0.98, 1.02]", ""), NULL, 0);
    Stage *stage = bench.view->stage;
    phase_theory_wait(stage->theory);
    frame(&bench);
    const PhaseOptimum *optima = stage->map.theory->optima;
    cr_assert_not_null(optima);
    static const PhaseClass expected[3][2] = {{PHASE_NOT_REPRESENTED, PHASE_DEDICATED},
                                              {PHASE_SUPERPOSITION, PHASE_SUPERPOSITION},
                                              {PHASE_SUPERPOSITION, PHASE_SUPERPOSITION}};
    for (int i = 0; i < 6; i++) {
        cr_assert_eq(optima[i].class, expected[i / 2][i % 2], "cell %d", i);
        double ideal =
            phase_ideal(2, stage->map.theory->density[i / 2], stage->map.theory->importance[i % 2])
                .loss;
        cr_assert(optima[i].loss < ideal && optima[i].loss > 0.7 * ideal, "cell %d", i);
    }
    bench_close(&bench);
    arena_release(&arena);
}
