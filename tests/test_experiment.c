/* experiment: axes, run numbers, identities, overrides, includes, changes, the printed config.
 * Expected values follow from the contract's words, or are worked out by hand beside them. */
#include "sim/base/clock.h"
#include "sim/experiment/cohort.h"
#include "sim/experiment/experiment.h"
#include "sim/metric/metric.h"
#include "sim/model/model.h"
#include "sim/model/task.h"
#include "tests/folder.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

#define BASE                                                                                       \
    "data: {n_features: 5, feature_probability: 0.05}\n"                                           \
    "model: {kind: relu_output, n_hidden: 2}\n"

static Experiment *read_config_with(const char *text, const char *const *overrides, int n_overrides,
                                    Arena *arena) {
    Problems problems = {.arena = arena};
    Text out = {0};
    Experiment *experiment =
        experiment_parse("t.yaml", text, strlen(text), overrides, n_overrides, arena, &problems);
    problems_print(&problems, &out);
    cr_assert(experiment, "%s\n%s", text, text_of(&out));
    text_release(&out);
    return experiment;
}

static Experiment *read_config(const char *text, Arena *arena) {
    return read_config_with(text, NULL, 0, arena);
}

static void expect_axes(const Experiment *experiment, int64_t number, const char *json) {
    Arena arena = {0};
    Run run = experiment_run(experiment, number, &arena);
    cr_expect_str_eq(run.axes_json, json, "run %d: %s", (int)number, run.axes_json);
    arena_release(&arena);
}

Test(experiment, a_single_run_has_all_defaults) {
    Arena arena = {0};
    Experiment *experiment = read_config(BASE, &arena);
    cr_expect_eq(experiment->n_runs, 1);
    cr_expect_str_eq(experiment->name, "t");
    cr_expect_str_eq(experiment->title, "t");
    Run run = experiment_run(experiment, 0, &arena);
    const Settings *settings = run.phases[0].settings;
    cr_expect_eq(run.n_phases, 1);
    cr_expect_str_eq(run.axes_json, "{}");
    cr_expect_str_eq(settings->data.kind->name, "independent");
    cr_expect_str_eq(settings->task.kind->name, "identity");
    cr_expect_eq(((const DataSettings *)settings->data.settings)->n_features, 5);
    cr_expect_eq(((const ModelSettings *)settings->model.settings)->n_hidden, 2);
    cr_expect_str_eq(settings->train.optimizer.kind->name, "adamw");
    cr_expect(isnan(settings->train.weight_decay));
    cr_expect_eq(settings->train.steps, 10000);
    cr_expect_eq(experiment->record.loss_samples, 65536);
    cr_expect_eq(experiment->record.metrics.n, 4);
    cr_expect_str_eq(experiment->record.metrics.items[1].kind->name, "feature_norm");
    cr_expect_eq(experiment->record.snapshots.form, CADENCE_NONE);
    arena_release(&arena);
}

/* The last axis is the fastest, restarts are faster still: run 17 of a 2 x 3 grid with 4 restarts
 * is restart 1 of point 4 = (1, 1). */
Test(experiment, runs_are_numbered_through_the_axes_as_written) {
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
Test(experiment, knows_which_runs_can_train_in_step) {
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
Test(experiment, puts_runs_of_the_same_batches_into_cohorts) {
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

Test(experiment, axes_of_every_form) {
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
Test(experiment, logspace_is_the_papers_densities) {
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

Test(experiment, zipped_axes_move_together) {
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

Test(experiment, axes_reach_into_values_and_kinds) {
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

static const char *identity(const char *text, int64_t number, Arena *arena) {
    Run run = experiment_run(read_config(text, arena), number, arena);
    return arena_copy(arena, run.identity);
}

/* What is not trained does not count, and neither do other runs. */
Test(experiment, identities_are_kept_by_what_trains_nothing) {
    static const struct {
        const char *more;
        int64_t number;
    } rows[] = {
        {"title: another\n", 0},
        {"train: {restarts: 7}\n", 0},
        {"record: {metrics: [loss], snapshots: {log: 3}}\n", 0},
        {"figures: [directions]\n", 0},
        {"expect: [{metric: loss, between: [0, 1]}]\n", 0},
        {"sweep: {train.seed: [3, 0]}\n", 1},
        {"sweep: {data.feature_probability: [0.2, 0.05], train.seed: {range: [0, 3]}}\n", 3},
        {"train: {weight_decay: 0.01, steps: 1e4, optimizer: {kind: adamw, beta1: 0.90}}\n", 0},
        {"task: identity\ntrain:\nchanges: []\n", 0},
    };
    Arena arena = {0};
    const char *base = identity(BASE, 0, &arena);
    cr_expect_eq(strlen(base), 32);
    for (int i = 0; i < COUNT(rows); i++)
        cr_expect_str_eq(
            identity(arena_print(&arena, BASE "%s", rows[i].more), rows[i].number, &arena), base,
            "%s", rows[i].more);
    arena_release(&arena);
}

Test(experiment, identities_differ_with_what_is_trained) {
    static const struct {
        const char *more;
        int64_t number;
    } rows[] = {
        {"", 0},
        {"train: {restarts: 2}\n", 1},
        {"train: {seed: 1}\n", 0},
        {"train: {steps: 9999}\n", 0},
        {"train: {optimizer: {kind: adamw, beta1: 0.8}}\n", 0},
        {"train: {optimizer: adam}\n", 0},
        {"task: absolute_value\n", 0},
        {"task: {importance: {decay: 0.9}}\n", 0},
        {"changes: [{step: 4, set: {train.learning_rate: 0.1}}]\n", 0},
        {"changes: [{step: 5, set: {train.learning_rate: 0.1}}]\n", 0},
        {"changes: [{step: 5, set: {train.learning_rate: 0.2}}]\n", 0},
        {"sweep: {model.init_std: [0.1, 0.2]}\n", 0},
        {"sweep: {model.init_std: [0.1, 0.2]}\n", 1},
    };
    Arena arena = {0};
    const char *seen[COUNT(rows)];
    for (int i = 0; i < COUNT(rows); i++) {
        seen[i] = identity(arena_print(&arena, BASE "%s", rows[i].more), rows[i].number, &arena);
        for (int k = 0; k < i; k++)
            cr_expect_str_neq(seen[i], seen[k], "%s%s", rows[i].more, rows[k].more);
    }
    arena_release(&arena);
}

Test(experiment, settings_are_hashed_in_one_canonical_form) {
    Arena arena = {0};
    Run run = experiment_run(read_config(BASE, &arena), 0, &arena);
    static const char *const start =
        "{data: {kind: independent, n_features: 5, feature_probability: 0.05, value: uniform, "
        "value_scale: 1, unit_norm: false}, "
        "task: {kind: identity, importance: 1}, model: {kind: relu_output, n_hidden: 2, init_std: "
        "xavier, init_from: none, bias: true, hidden_bias: false, hidden_penalty: 0}, train: "
        "{optimizer: "
        "{kind: adamw, ";
    cr_expect_eq(strncmp(run.settings_text, start, strlen(start)), 0, "%s", run.settings_text);
    cr_expect(text_ends(run.settings_text, "steps: 10000, seed: 0}, changes: [], restart: 0}"),
              "%s", run.settings_text);
    arena_release(&arena);
}

Test(experiment, overrides_are_read_as_yaml_and_come_last) {
    static const char *const config = BASE "train: {optimizer: {kind: adam, beta1: 0.8}}\n"
                                           "sweep:\n"
                                           "  data.feature_probability: [1, 0.5]\n"
                                           "  train.seed: [0, 1, 2]\n"
                                           "  zip: [{train.steps: 5, train.batch: 2}]\n";
    static const struct {
        const char *override;
        int64_t n_runs, number;
        const char *json, *part;
        bool changes_runs;
    } rows[] = {
        {"train.steps=7", 6, 5,
         "{\"data.feature_probability\": 0.5, \"train.seed\": 2, \"train.batch\": 2}", "steps: 7",
         true},
        {"train.seed=9", 2, 1,
         "{\"data.feature_probability\": 0.5, \"train.steps\": 5, \"train.batch\": 2}", "seed: 9",
         true},
        {"sweep.train.seed=[4, 8]", 4, 3,
         "{\"data.feature_probability\": 0.5, \"train.seed\": 8, \"train.steps\": 5, "
         "\"train.batch\": 2}",
         "seed: 8", true},
        {"sweep.model.n_hidden={range: [1, 3]}", 12, 1,
         "{\"data.feature_probability\": 1, \"train.seed\": 0, \"train.steps\": 5, "
         "\"train.batch\": 2, \"model.n_hidden\": 2}",
         "n_hidden: 2", true},
        {"data.feature_probability={first: 0.1, rest: 0.2}", 3, 0,
         "{\"train.seed\": 0, \"train.steps\": 5, \"train.batch\": 2}",
         "feature_probability: {first: 0.1, rest: 0.2}", true},
        {"train.optimizer.kind=sgd", 6, 0,
         "{\"data.feature_probability\": 1, \"train.seed\": 0, \"train.steps\": 5, "
         "\"train.batch\": 2}",
         "optimizer: sgd", true},
        {"record.loss_samples=9", 6, 0,
         "{\"data.feature_probability\": 1, \"train.seed\": 0, \"train.steps\": 5, "
         "\"train.batch\": 2}",
         "beta1: 0.8", false},
        {"title=x=y", 6, 0,
         "{\"data.feature_probability\": 1, \"train.seed\": 0, \"train.steps\": 5, "
         "\"train.batch\": 2}",
         "beta1: 0.8", false},
    };
    for (int i = 0; i < COUNT(rows); i++) {
        Arena arena = {0};
        Experiment *experiment = read_config_with(config, &rows[i].override, 1, &arena);
        cr_expect_eq(experiment->n_runs, rows[i].n_runs, "%s", rows[i].override);
        cr_expect_eq(experiment->changes_runs, rows[i].changes_runs, "%s", rows[i].override);
        expect_axes(experiment, rows[i].number, rows[i].json);
        Run run = experiment_run(experiment, rows[i].number, &arena);
        cr_expect(strstr(run.settings_text, rows[i].part), "%s: %s", rows[i].override,
                  run.settings_text);
        arena_release(&arena);
    }
}

Test(experiment, the_store_is_named_by_the_config_and_its_overrides) {
    Arena arena = {0};
    static const char *const one[] = {"train.steps=5", "train.seed=1"};
    static const char *const other[] = {"train.seed=1", "train.steps=5"};
    static const char *const third[] = {"train.seed=2", "train.steps=5"};
    cr_expect_str_eq(experiment_store_path(read_config(BASE, &arena), &arena), "results/t.db");
    const char *path = experiment_store_path(read_config_with(BASE, one, 2, &arena), &arena);
    cr_expect_eq(strlen(path), strlen("results/t@01234567.db"), "%s", path);
    cr_expect_eq(strncmp(path, "results/t@", 10), 0);
    cr_expect_str_eq(experiment_store_path(read_config_with(BASE, other, 2, &arena), &arena), path);
    cr_expect_str_neq(experiment_store_path(read_config_with(BASE, third, 2, &arena), &arena),
                      path);
    arena_release(&arena);
}

static const char *write_file(const char *in, const char *name, const char *text, Arena *arena) {
    const char *path = arena_print(arena, "%s/%s", in, name);
    write_text(path, text);
    return path;
}

/* Maps merge; lists, values in map form and axes are replaced; a new kind drops the settings that
 * only the old one has. */
Test(experiment, includes_start_from_another_file) {
    Arena arena = {0};
    make_folder();
    const char *inner = arena_print(&arena, "%s/base", folder);
    cr_assert_eq(mkdir(inner, 0700), 0);
    const char *paths[] = {
        write_file(inner, "first.yaml", BASE "title: first\nfigures: [gram]\n", &arena),
        write_file(inner, "second.yaml",
                   "include: first.yaml\n"
                   "task: {importance: {decay: 0.9}}\n"
                   "train: {steps: 5, optimizer: {kind: adam, beta1: 0.8}, schedule: {kind: "
                   "linear, warmup: 3}}\n"
                   "sweep: {train.seed: {range: [0, 4]}, train.batch: [1, 2]}\n",
                   &arena),
        write_file(folder, "third.yaml",
                   "include: base/second.yaml\n"
                   "title: third\n"
                   "data: {n_features: 6}\n"
                   "task: {importance: {last: 0.5}}\n"
                   "train: {optimizer: {kind: sgd}, schedule: {final: 0.5}, batch: 3}\n"
                   "sweep: {train.seed: [7]}\n",
                   &arena)};
    Problems problems = {.arena = &arena};
    Experiment *experiment = experiment_load(paths[2], NULL, 0, &arena, &problems);
    cr_assert(experiment);
    cr_expect_str_eq(experiment->name, "third");
    cr_expect_str_eq(experiment->title, "third");
    cr_expect_eq(experiment->n_runs, 2);
    cr_expect_eq(experiment->figures->n, 1);
    Run run = experiment_run(experiment, 1, &arena);
    static const char *const parts[] = {
        "n_features: 6, feature_probability: 0.05",
        "importance: {last: 0.5}",
        "optimizer: sgd",
        "schedule: {kind: linear, warmup: 3, final: 0.5, steps: auto}",
        "steps: 5",
        "batch: 2, "};
    for (int i = 0; i < COUNT(parts); i++)
        cr_expect(strstr(run.settings_text, parts[i]), "%s: %s", parts[i], run.settings_text);
    remove_folder();
    arena_release(&arena);
}

Test(experiment, changes_make_phases) {
    Arena arena = {0};
    Experiment *experiment = read_config(
        BASE "train: {steps: 100}\n"
             "changes:\n"
             "  - {step: 10, set: {data.feature_probability: 0.20, train.learning_rate: 1}}\n"
             "  - {step: 50, set: {train.learning_rate: 2}}\n"
             "sweep: {data.feature_probability: [0.5, 0.6], model.n_hidden: [1, 2]}\n",
        &arena);
    Run run = experiment_run(experiment, 3, &arena);
    static const double rates[] = {1e-3, 1, 2};
    static const int64_t steps[] = {0, 10, 50};
    static const double probabilities[] = {0.6, 0.2, 0.2};
    cr_assert_eq(run.n_phases, 3);
    for (int i = 0; i < 3; i++) {
        const Settings *settings = run.phases[i].settings;
        Data data;
        Error error = {0};
        cr_expect_eq(run.phases[i].step, steps[i]);
        cr_expect_eq(settings->train.learning_rate, rates[i]);
        cr_expect_eq(((const ModelSettings *)settings->model.settings)->n_hidden, 2);
        cr_assert(data_open(&data, &settings->data, &arena, &error));
        cr_expect_float_eq(data_active_features(&data), 5 * probabilities[i], 1e-12);
    }
    cr_expect(text_ends(run.settings_text,
                        "changes: [{step: 10, set: {data.feature_probability: 0.2, "
                        "train.learning_rate: 1}}, {step: 50, set: {train.learning_rate: 2}}], "
                        "restart: 0}"),
              "%s", run.settings_text);
    arena_release(&arena);
}

Test(experiment, claims_are_read) {
    Arena arena = {0};
    Experiment *experiment = read_config(
        BASE "sweep: {data.feature_probability: {logspace: [1, 0.05, 10]}}\n"
             "expect:\n"
             "  - {metric: feature_dimensionality, at: {data.feature_probability: 0.05}, runs: "
             "best, feature: 4, between: [0.39, 0.41], source: here, known: there}\n"
             "  - {metric: loss_se, reduce: max, equals: 1e-3}\n"
             "  - {metric: geometry_name, is: [pentagon, 2 digons], where: {geometry_name: "
             "pentagon}}\n"
             "  - {metric: feature_norm, feature: represented, reduce: count, above: 0.5, "
             "equals: 5}\n"
             "  - {metric: loss, at: {data.feature_probability: 0.71687116428}, between: [0, 1]}\n",
        &arena);
    const Claim *claims = experiment->claims;
    cr_assert_eq(experiment->n_claims, 5);
    cr_expect(claims[0].is_best && claims[0].feature == 4 && claims[0].test == CLAIM_BETWEEN);
    cr_expect(claims[0].low == 0.39 && claims[0].high == 0.41 && claims[0].reduce == REDUCE_EACH);
    cr_expect_str_eq(claims[0].source, "here");
    cr_expect_str_eq(claims[0].known, "there");
    cr_expect(claims[1].test == CLAIM_EQUALS && claims[1].low == 1e-3 && claims[1].high == 1e-3);
    cr_expect(claims[1].reduce == REDUCE_MAX && !claims[1].is_best && claims[1].feature == -1);
    cr_expect(claims[2].test == CLAIM_IS && claims[2].n_names == 2);
    cr_expect_str_eq(claims[2].names[1], "2 digons");
    cr_expect_eq(claims[2].where->n, 1);
    cr_expect(claims[3].reduce == REDUCE_COUNT && claims[3].above == 0.5 &&
              claims[3].feature == -2);
    cr_expect_str_eq(claims[3].maker, "metric");
    arena_release(&arena);
}

/* The same runs, in the same order, from the printed config; printing it again changes nothing. */
static void expect_round_trip(const char *config) {
    Arena arena = {0};
    Text once = {0}, twice = {0};
    Experiment *first = read_config(config, &arena);
    experiment_print(first, &once);
    Experiment *second = read_config(text_of(&once), &arena);
    experiment_print(second, &twice);
    cr_expect_str_eq(text_of(&once), text_of(&twice));
    cr_assert_eq(first->n_runs, second->n_runs, "%s", text_of(&once));
    cr_expect_eq(first->n_claims, second->n_claims);
    for (int64_t i = 0; i < first->n_runs; i++) {
        Run a = experiment_run(first, i, &arena), b = experiment_run(second, i, &arena);
        cr_expect_str_eq(a.identity, b.identity, "%s\n%s\n%s", text_of(&once), a.settings_text,
                         b.settings_text);
        cr_expect_str_eq(a.axes_json, b.axes_json);
    }
    text_release(&once);
    text_release(&twice);
    arena_release(&arena);
}

Test(experiment, the_printed_config_has_the_same_runs) {
    static const char *const configs[] = {
        BASE,
        "title: 'Yes: a #title'\ndata: {n_features: 5, feature_probability: 0.05}\n"
        "model: {kind: two_layer, n_hidden: 3, init_std: 0.25}\n",
        BASE "train: {restarts: 3, optimizer: sgd, schedule: {kind: cosine, warmup: 5, steps: 70}}"
             "\n"
             "sweep:\n"
             "  data.feature_probability: {logspace: [1, 0.05, 10]}\n"
             "  train.seed: {range: [0, 2]}\n"
             "record: {snapshots: {log: 64}, metrics: [loss, gram]}\n"
             "figures: [gram, {kind: directions, columns: 3}]\n"
             "expect: [{metric: loss, at: {train.seed: 1}, between: [0, 1], source: 'a, b'}]\n"
             "changes: [{step: 5, set: {train.learning_rate: 1e-2}}]\n",
        BASE "train: {optimizer: {kind: adam, beta1: 0.8}}\n"
             "task: {importance: {last: 1}}\n"
             "sweep:\n"
             "  train.optimizer.kind: [adam, momentum, adamw, sgd]\n"
             "  model.kind: [relu_output, linear, two_layer]\n"
             "  task.importance.last: [0.5, 2]\n"
             "  zip: [{train.steps: 5, train.schedule: cosine}, {train.steps: 6, train.schedule: "
             "{kind: linear, final: 0.1}}]\n",
        BASE "sweep: {train.seed: {range: [0, 100]}, data: [{n_features: 3, feature_probability: "
             "[0.1, 0.2, 0.3]}, {n_features: 4, feature_probability: {first: 1, rest: 0.1}}]}\n",
    };
    for (int i = 0; i < COUNT(configs); i++)
        expect_round_trip(configs[i]);
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
Test(experiment, a_run_of_a_sweep_is_the_run_alone) {
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
Test(experiment, a_restart_can_stand_alone) {
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
Test(experiment, a_large_sweep_is_quick) {
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
