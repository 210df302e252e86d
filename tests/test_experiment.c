/* experiment: defaults, identities, overrides, includes, changes, claims, the printed config.
 * Expected values follow from the contract of the config. */
#include "sim/metric/metric.h"
#include "tests/configured.h"
#include "tests/folder.h"

#include <math.h>
#include <sys/stat.h>

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
