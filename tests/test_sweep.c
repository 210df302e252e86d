/* experiment: axes of every form, the numbers of runs, which runs share what; a run of a sweep
 * alone. */
#include "sim/base/clock.h"
#include "sim/experiment/cohort.h"
#include "sim/model/model.h"
#include "sim/model/task.h"
#include "tests/configured.h"

#include <math.h>
#include <stdlib.h>

/* The last axis is the fastest, restarts are faster still: run 17 of a 2 x 3 grid with 4 restarts
 * is restart 1 of point 4 = (1, 1). */
Test(sweep, runs_are_numbered_through_the_axes_as_written) {
    Arena arena = {0};
    Experiment *experiment = read_config(BASE "train: {restarts: 4}\n"
                                              "sweep:\n"
                                              "  model.n_hidden: [2, 3]\n"
                                              "  train.seed: {range: [0, 3]}\n",
                                         &arena);
    cr_expect_eq(experiment->n_points, 6);
    cr_expect_eq(experiment->n_runs, 24);
    Run run = experiment_run(experiment, 17, &arena);
    cr_expect_eq(run.point, 4);
    cr_expect_eq(run.restart, 1);
    cr_expect_str_eq(run.axes_json, "{\"model.n_hidden\": 3, \"train.seed\": 1}");
    cr_expect_eq(((const ModelSettings *)run.phases[0].settings->model.settings)->n_hidden, 3);
    cr_expect_eq(run.phases[0].settings->train.seed, 1);
    arena_release(&arena);
}

/* Densities and restarts draw for themselves, and other sizes are other models; importance, rate
 * and optimizer do not matter. Axes: 3 x 2 x 2 x 2 points of 2 restarts. */
Test(sweep, knows_which_runs_can_train_in_step) {
    Arena arena = {0};
    Experiment *experiment =
        read_config(BASE "task: {importance: {last: 1}}\n"
                         "train: {restarts: 2}\n"
                         "sweep:\n"
                         "  task.importance.last: [0.5, 1, 2]\n"
                         "  data.feature_probability: [1, 0.1]\n"
                         "  zip: [{train.learning_rate: 0.1, train.optimizer: sgd},\n"
                         "        {train.learning_rate: 0.2, train.optimizer: adam}]\n"
                         "  model.n_hidden: [2, 3]\n",
                    &arena);
    cr_assert_eq(experiment->n_runs, 48);
    for (int64_t number = 0; number < 48; number++) {
        int64_t restart = number % 2, hidden = number / 2 % 2, density = number / 8 % 2;
        cr_expect_eq(experiment_twin(experiment, number), 8 * density + 2 * hidden + restart);
    }
    arena_release(&arena);
}

/* Cohorts hold every run once, go together only where the batches are the same, leave work for all
 * threads, and are dealt longest first. 200 runs of each kind go by at most 64, or a quarter of a
 * thread's share: 1000 / (4 x 4) = 62, 1000 / (4 x 16) = 15. */
Test(sweep, puts_runs_of_the_same_batches_into_cohorts) {
    enum { N = 1000 };
    static PlannedRun pending[N];
    for (int i = 0; i < N; i++) /* 5 kinds of batches; some of the last kind fill a cache alone */
        pending[i] = (PlannedRun){
            .number = i, .twin = i % 5, .seconds = 1 + i % 3, .bytes = i % 10 == 9 ? 1e9 : 100};
    Plan plan = {.pending = pending, .n_pending = N};
    for (int t = 0; t < 3; t++) {
        static const struct {
            int n_threads, n_cohorts;
        } cases[] = {{1, 4 * 4}, {4, 4 * 4}, {16, 4 * 14}};
        Arena arena = {0};
        int n_light = 0;
        Cohorts cohorts = cohorts_make(&plan, cases[t].n_threads, &arena);
        bool *seen = ARENA_NEW(&arena, bool, N);
        double before = HUGE_VAL;
        int64_t n_runs = 0;
        for (int64_t c = 0; c < cohorts.n; c++) {
            const Cohort *cohort = &cohorts.items[c];
            double seconds = 0, bytes = 0;
            for (int i = 0; i < cohort->n; i++, n_runs++) {
                const PlannedRun *run = &cohort->runs[i];
                cr_assert_eq(run->twin, cohort->runs[0].twin);
                cr_assert_not(seen[run->number]);
                seen[run->number] = true;
                seconds += run->seconds;
                bytes += run->bytes;
            }
            cr_assert(cohort->n == 1 || bytes < 1e9);
            n_light += cohort->runs[0].twin < 4;
            cr_assert_float_eq(cohort->seconds, seconds, 1e-9);
            cr_assert_leq(cohort->seconds, before);
            before = cohort->seconds;
        }
        cr_assert_eq(n_runs, N);
        cr_assert_eq(n_light, cases[t].n_cohorts);
        arena_release(&arena);
    }
}

Test(sweep, axes_of_every_form) {
    static const struct {
        const char *axis;
        int n;
        double values[6];
    } rows[] = {
        {"train.seed: [5, 3]", 2, {5, 3}},
        {"train.seed: {range: [2, 5]}", 3, {2, 3, 4}},
        {"train.seed: {range: [0, 10, 4]}", 3, {0, 4, 8}},
        {"train.seed: {range: [4, 0, -2]}", 2, {4, 2}},
        {"train.learning_rate: {linspace: [0, 1, 5]}", 5, {0, 0.25, 0.5, 0.75, 1}},
        {"train.learning_rate: {linspace: [0.3, 1, 1]}", 1, {0.3}},
        {"train.learning_rate: {logspace: [1, 0.01, 3]}", 3, {1, 0.1, 0.01}},
        {"train.learning_rate: {logspace: [1e-3, 1e3, 4]}", 4, {1e-3, 0.1, 10, 1000}},
    };
    for (int i = 0; i < COUNT(rows); i++) {
        Arena arena = {0};
        Experiment *experiment =
            read_config(arena_print(&arena, BASE "sweep: {%s}\n", rows[i].axis), &arena);
        cr_assert_eq(experiment->axes[0].n_values, rows[i].n, "%s", rows[i].axis);
        for (int v = 0; v < rows[i].n; v++) {
            double value;
            cr_assert(yaml_is_real(experiment->axes[0].values[v].value, &value));
            bool is_end = v == 0 || v == rows[i].n - 1;
            cr_expect(is_end ? value == rows[i].values[v]
                             : fabs(value - rows[i].values[v]) <= 1e-14 * rows[i].values[v],
                      "%s: %.17g", rows[i].axis, value);
        }
        arena_release(&arena);
    }
}

/* p = 20^-linspace(0, 1, 10), as in the paper's introduction. */
Test(sweep, logspace_is_the_papers_densities) {
    Arena arena = {0};
    Experiment *experiment =
        read_config(BASE "sweep: {data.feature_probability: {logspace: [1, 0.05, 10]}}\n", &arena);
    for (int i = 0; i < 10; i++) {
        double value;
        cr_assert(yaml_is_real(experiment->axes[0].values[i].value, &value));
        cr_expect_float_eq(value, pow(20, -i / 9.0), 1e-15);
    }
    arena_release(&arena);
}

Test(sweep, zipped_axes_move_together) {
    Arena arena = {0};
    Experiment *experiment =
        read_config(BASE "sweep:\n"
                         "  zip: [{model.n_hidden: 2, train.steps: 10}, {train.steps: 20, "
                         "model.n_hidden: 3}]\n"
                         "  task.kind: [identity, absolute_value]\n",
                    &arena);
    cr_expect_eq(experiment->n_runs, 4);
    expect_axes(experiment, 1,
                "{\"model.n_hidden\": 2, \"train.steps\": 10, \"task.kind\": \"absolute_value\"}");
    expect_axes(experiment, 2,
                "{\"model.n_hidden\": 3, \"train.steps\": 20, \"task.kind\": \"identity\"}");
    arena_release(&arena);
}

Test(sweep, axes_reach_into_values_and_kinds) {
    Arena arena = {0};
    Experiment *experiment =
        read_config("data: {n_features: 3, feature_probability: {first: 0.1, rest: 0.2}}\n"
                    "task: {importance: {last: 1}}\n"
                    "model: {kind: linear, n_hidden: 1}\n"
                    "train: {optimizer: {kind: adam, beta1: 0.8}}\n"
                    "sweep:\n"
                    "  data.feature_probability.first: [0.3]\n"
                    "  task.importance.last: [1, 0.5]\n"
                    "  train.optimizer.kind: [adam, sgd]\n"
                    "  train.schedule.final: [0.5]\n",
                    &arena);
    Run run = experiment_run(experiment, 3, &arena);
    cr_expect(strstr(run.settings_text, "feature_probability: {first: 0.3, rest: 0.2}"), "%s",
              run.settings_text);
    cr_expect(strstr(run.settings_text, "importance: {last: 0.5}"));
    cr_expect(strstr(run.settings_text, "optimizer: sgd"), "%s", run.settings_text);
    cr_expect(strstr(run.settings_text, "final: 0.5"));
    run = experiment_run(experiment, 2, &arena);
    cr_expect(strstr(run.settings_text, "optimizer: {kind: adam, beta1: 0.8"), "%s",
              run.settings_text);
    arena_release(&arena);
}

/* The run's axis values as overrides, which take the axes away. */
static Experiment *read_alone(const char *text, const Experiment *sweep, int64_t point,
                              Arena *arena) {
    const char *overrides[8];
    int n = 0;
    int64_t values[8];
    for (int i = sweep->n_axes - 1; i >= 0; i--) {
        values[i] = point % sweep->axes[i].n_values;
        point /= sweep->axes[i].n_values;
    }
    for (int i = 0; i < sweep->n_axes; i++)
        for (int k = 0; k < sweep->axes[i].n_keys; k++) {
            const Axis *axis = &sweep->axes[i];
            Text value = {0};
            yaml_print(axis->values[values[i] * axis->n_keys + k].value, &value);
            overrides[n++] = arena_print(arena, "%s=%s", axis->keys[k], text_of(&value));
            text_release(&value);
        }
    return read_config_with(text, overrides, n, arena);
}

/* Whatever the axes touch, a run of the sweep is the run of the config with its values written in:
 * the same settings, so the same identity. */
Test(sweep, a_run_of_a_sweep_is_the_run_alone) {
    static const char *const configs[] = {
        BASE "sweep: {data.feature_probability: [1, 0.5, [1, 0.5, 0.2, 0.1, 0.05]]}\n",
        BASE "task: {importance: {decay: 0.9}}\n"
             "sweep: {task.importance.decay: [0.5, 1], train.seed: [0, 8999999999999999]}\n",
        BASE "sweep: {zip: [{model.n_hidden: 3, train.steps: 5}, {model.n_hidden: 4, train.steps: "
             "1e3}], model.init_std: [xavier, 0.1]}\n",
        BASE "sweep: {train.optimizer.kind: [adam, sgd, adamw, momentum]}\n",
        BASE "train: {optimizer: {kind: adam, beta1: 0.8}, weight_decay: 0.3}\n"
             "sweep: {train.optimizer: [adamw, {kind: adam, beta2: 0.5}], train.weight_decay: "
             "[-0.1, default]}\n",
        BASE "train: {restarts: 2}\n"
             "sweep: {train.schedule.kind: [cosine, linear], train.schedule.final: [0, 0.5], "
             "train.schedule.warmup: [0, 7]}\n",
        BASE "sweep: {model.kind: [linear, relu_output], task.kind: [identity, absolute_value]}\n",
        BASE "sweep: {data: [{kind: independent, n_features: 3, feature_probability: 0.1}, {kind: "
             "independent, n_features: 4, feature_probability: 1}], train.batch: [8, 16]}\n",
        BASE
        "sweep: {data.value: [uniform, signed_uniform], data.n_features: [2, 6]}\n"
        "changes: [{step: 4, set: {data.feature_probability: 0.2, train.learning_rate: 0.1}}]\n",
    };
    for (int i = 0; i < COUNT(configs); i++) {
        Arena arena = {0};
        Experiment *sweep = read_config(configs[i], &arena);
        cr_assert_gt(sweep->n_points, 1);
        for (int64_t number = 0; number < sweep->n_runs; number++) {
            Run run = experiment_run(sweep, number, &arena);
            Run alone = experiment_run(read_alone(configs[i], sweep, run.point, &arena),
                                       run.restart, &arena);
            cr_expect_str_eq(run.settings_text, alone.settings_text);
            cr_expect_str_eq(run.identity, alone.identity);
            cr_expect_eq(run.phases[0].settings->train.batch,
                         alone.phases[0].settings->train.batch);
            cr_expect_eq(run.phases[0].settings->train.seed, alone.phases[0].settings->train.seed);
        }
        arena_release(&arena);
    }
}

/* restart: 3 is the fourth restart without the others: the same streams, so the same run. */
Test(sweep, a_restart_can_stand_alone) {
    Arena arena = {0};
    static const char sweep[] = "sweep: {train.seed: [4, 5]}\n";
    Experiment *all =
        read_config(arena_print(&arena, BASE "train: {restarts: 5}\n%s", sweep), &arena);
    Experiment *two = read_config(
        arena_print(&arena, BASE "train: {restarts: 2, restart: 3}\n%s", sweep), &arena);
    cr_assert_eq(two->n_runs, 4);
    for (int64_t number = 0; number < 4; number++) {
        Run run = experiment_run(two, number, &arena);
        Run same = experiment_run(all, run.point * 5 + run.restart, &arena);
        cr_expect_eq(run.restart, 3 + number % 2);
        cr_expect_eq(run.restart, same.restart);
        cr_expect_str_eq(run.identity, same.identity);
        cr_expect_str_eq(run.axes_json, same.axes_json);
    }
    expect_round_trip(BASE "train: {restarts: 2, restart: 3}\n");
    arena_release(&arena);
}

/* 100,000 runs are resolved while others train: a run must cost far less than training it. */
Test(sweep, a_large_sweep_is_quick) {
    Arena arena = {0};
    Experiment *experiment = read_config(
        BASE "sweep: {data.feature_probability: {logspace: [1, 0.01, 100]}, train.seed: "
             "{range: [0, 1000]}}\n",
        &arena);
    cr_assert_eq(experiment->n_runs, 100000);
    double start = clock_wall();
    enum { N = 2000 };
    for (int i = 0; i < N; i++) {
        Arena scratch = {0};
        experiment_run(experiment, i * 50, &scratch);
        arena_release(&scratch);
    }
    double each = (clock_wall() - start) / N;
    fprintf(stderr, "experiment_run: %.2f us\n", each * 1e6);
    cr_expect_lt(each, 1e-3, "%g s a run", each);
    arena_release(&arena);
}
