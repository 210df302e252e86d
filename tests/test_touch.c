/* A run that is changed while it trains: checked as a config is, and given back by one. */
#include "sim/base/npz.h"
#include "sim/experiment/live_settings.h"
#include "sim/experiment/touch.h"
#include "tests/configured.h"
#include "tests/folder.h"

#include <criterion/criterion.h>
#include <string.h>

static void touch(Touched *touched, int64_t step, const char *key, const char *value) {
    Arena arena = {0};
    Problems problems = {.arena = &arena};
    Text said = {0};
    bool ok = touched_set(touched, step, key, value, &problems);
    problems_print(&problems, &said);
    cr_assert(ok, "%s", text_of(&said));
    text_release(&said);
    arena_release(&arena);
}

/* What it says of a touch that it refuses, one problem a line. */
static const char *refusal(Touched *touched, int64_t step, const char *key, const char *value,
                           Arena *arena) {
    Problems problems = {.arena = arena};
    Text said = {0};
    cr_assert_not(touched_set(touched, step, key, value, &problems), "%s: %s", key, value);
    problems_print(&problems, &said);
    const char *copy = arena_copy(arena, text_of(&said));
    text_release(&said);
    return copy;
}

static Experiment *read_printed(const Touched *touched, int64_t n_steps, Arena *arena) {
    Text text = {0};
    touched_print(touched, n_steps, &text);
    Experiment *experiment = read_config(text_of(&text), arena);
    text_release(&text);
    return experiment;
}

static Training *open_run(const Run *run, Arena *arena) {
    Training *training = NULL;
    Error error = {0};
    bool ok = training_open(&training, run->phases, run->n_phases, run->restart, 1, isa_best(),
                            NULL, arena, &error);
    cr_assert(ok, "%s", error.text);
    return training;
}

static void advance(Training *training, int64_t step) {
    Error error = {0};
    bool ok = training_advance(training, step, NULL, NULL, &error);
    cr_assert(ok, "%s", error.text);
    cr_assert_eq(training_step(training), step);
}

static bool same_bits(Training *a, Training *b) {
    const Model *x = training_model(a), *y = training_model(b);
    int64_t n, m;
    const float *u = training_states(a, &n), *v = training_states(b, &m);
    return training_step(a) == training_step(b) && x->n_parameters == y->n_parameters && n == m &&
           memcmp(x->parameters, y->parameters, (size_t)x->n_parameters * sizeof(float)) == 0 &&
           (n == 0 || memcmp(u, v, (size_t)n * sizeof(float)) == 0);
}

static const char sweep[] =
    "title: 'Sets: correlated'\n"
    "data: {kind: correlated, n_features: 6, set_size: 2, feature_probability: 0.5}\n"
    "task: {importance: {decay: 0.9}}\n"
    "model: {kind: relu_output, n_hidden: 2}\n"
    "train: {batch: 200, steps: 60, learning_rate: 0.01, schedule: cosine, restarts: 4, seed: 9}\n"
    "sweep: {data.feature_probability: [0.4, 0.1], train.optimizer.kind: [sgd, adamw]}\n"
    "changes: [{step: 45, set: {train.learning_rate: 0.03, train.momentum: 0.5}}]\n"
    "record: {snapshots: {log: 5}, metrics: [gram]}\n"
    "figures: [directions]\n"
    "expect: [{metric: loss, at: {train.optimizer.kind: sgd}, between: [0, 1]}]\n";

/* Touches of the run at their steps; the config's own change comes at 45, the run's end at 60. */
static const struct {
    int64_t step;
    const char *key, *value;
} touches[] = {
    {0, "task.importance.decay", "0.8"},
    {7, "data.feature_probability", "0.3"},
    {7, "train.batch", "70"},
    {7, "data.feature_probability", "0.35"},
    {19, "train.weight_decay", "0.2"},
    {30, "model.hidden_penalty", "0.01"},
    {45, "data.correlation", "0.5"},
    {58, "train.learning_rate", "0.02"},
    {75, "data.feature_probability", "0.05"},
    {75, "train.batch", "200"},
};
enum { N_TOUCHES = sizeof touches / sizeof *touches };

/* Trains the run as a viewer does: touched when its training has come to the step, and sent on
 * beyond its end. */
static Training *train_touched(Touched *touched, int64_t n_steps, Arena *arena) {
    Run run = touched_run(touched, 60, arena);
    Training *training = open_run(&run, arena);
    for (int i = 0; i < N_TOUCHES; i++) {
        Error error = {0};
        int64_t longest = touches[i].step > 60 ? n_steps : 60;
        run = touched_run(touched, longest, arena);
        cr_assert(training_set_phases(training, run.phases, run.n_phases, arena, &error));
        advance(training, touches[i].step);
        touch(touched, touches[i].step, touches[i].key, touches[i].value);
        run = touched_run(touched, longest, arena);
        cr_assert(training_set_phases(training, run.phases, run.n_phases, arena, &error), "%s",
                  error.text);
    }
    advance(training, n_steps);
    return training;
}

/* Run 15: the second probability, adamw, restart 3. */
Test(touch, a_touched_run_is_given_back_bit_for_bit_by_its_config) {
    Arena arena = {0};
    Touched *touched = touched_open(read_config(sweep, &arena), 15, &arena);
    Training *trained = train_touched(touched, 90, &arena);
    Experiment *saved = read_printed(touched, 90, &arena);
    cr_assert_eq(saved->n_runs, 1);
    cr_assert_eq(saved->record.metrics.n, 1);
    cr_assert_null(saved->figures);
    cr_assert_eq(saved->n_claims, 0);
    Run run = experiment_run(saved, 0, &arena);
    cr_assert_eq(run.restart, 3);
    Training *again = open_run(&run, &arena);
    advance(again, 90);
    cr_assert(same_bits(trained, again));
    cr_assert_eq(training_loss(trained), training_loss(again));
    arena_release(&arena);
}

/* Saved on the way, the config ends where the training was. */
Test(touch, a_config_saved_on_the_way_ends_there) {
    Arena arena = {0};
    Experiment *base = read_config(sweep, &arena);
    for (int64_t n_steps = 1; n_steps <= 90; n_steps += 11) {
        Touched *touched = touched_open(base, 15, &arena);
        Run untouched = touched_run(touched, 60, &arena);
        Training *training = open_run(&untouched, &arena);
        for (int i = 0; i < N_TOUCHES && touches[i].step < n_steps; i++) {
            Error error = {0};
            Run run = touched_run(touched, 1000, &arena);
            cr_assert(training_set_phases(training, run.phases, run.n_phases, &arena, &error));
            advance(training, touches[i].step);
            touch(touched, touches[i].step, touches[i].key, touches[i].value);
        }
        Run run = touched_run(touched, 1000, &arena);
        Error error = {0};
        cr_assert(training_set_phases(training, run.phases, run.n_phases, &arena, &error));
        advance(training, n_steps);
        Run saved = experiment_run(read_printed(touched, n_steps, &arena), 0, &arena);
        Training *again = open_run(&saved, &arena);
        cr_assert_eq(saved.phases[0].settings->train.steps, n_steps);
        advance(again, n_steps);
        cr_assert(same_bits(training, again), "%lld steps", (long long)n_steps);
    }
    arena_release(&arena);
}

/* Every run of the sweep, untouched, is the run that the base trains, and what is printed has the
 * identity that was told. */
Test(touch, an_untouched_run_is_the_run_itself) {
    Arena arena = {0};
    Experiment *base = read_config(sweep, &arena);
    for (int64_t number = 0; number < base->n_runs; number++) {
        Touched *touched = touched_open(base, number, &arena);
        Run own = experiment_run(base, number, &arena), alone = touched_run(touched, 60, &arena);
        Run saved = experiment_run(read_printed(touched, 60, &arena), 0, &arena);
        Training *a = open_run(&own, &arena), *b = open_run(&alone, &arena);
        advance(a, 60);
        advance(b, 60);
        cr_assert(same_bits(a, b), "run %lld", (long long)number);
        cr_expect_str_eq(alone.identity, saved.identity, "%s\n%s", alone.settings_text,
                         saved.settings_text);
    }
    arena_release(&arena);
}

/* The rows by hand: at one step one row, its last value, in the order of the steps, the config's
 * own among them; what lies beyond the steps is left out. */
Test(touch, touches_become_rows_of_changes) {
    static const char *const rows[] = {
        "{step: 7, set: {train.batch: 70, data.feature_probability: 0.35}}",
        "{step: 19, set: {train.weight_decay: 0.2}}",
        "{step: 30, set: {model.hidden_penalty: 0.01}}",
        "{step: 45, set: {train.learning_rate: 0.03, train.momentum: 0.5, data.correlation: 0.5}}",
        "{step: 58, set: {train.learning_rate: 0.02}}",
        "{step: 75, set: {train.batch: 200, data.feature_probability: 0.05}}",
    };
    Arena arena = {0};
    Touched *touched = touched_open(read_config(sweep, &arena), 15, &arena);
    for (int i = N_TOUCHES - 1; i >= 0; i--) /* in whatever order, but for one key at one step */
        if (i != 1)
            touch(touched, touches[i].step, touches[i].key, touches[i].value);
    touch(touched, 7, touches[1].key, "0.3");
    touch(touched, 7, touches[1].key, "0.35");
    Text text = {0}, expected = {0};
    touched_print(touched, 75, &text);
    for (int i = 0; i < 5; i++)
        text_add(&expected, "  - %s\n", rows[i]);
    text_append(&expected, "record:\n");
    const char *changes = strstr(text_of(&text), "changes:\n");
    cr_assert(changes, "%s", text_of(&text));
    cr_assert_eq(strncmp(changes + 9, text_of(&expected), expected.n), 0, "%s", text_of(&text));
    cr_assert(strstr(text_of(&text), "task:\n  kind: identity\n  importance: {decay: 0.8}\n"));
    cr_assert(strstr(text_of(&text), "  steps: 75\n"));
    cr_assert(strstr(text_of(&text), "{kind: cosine, warmup: 0, final: 0, steps: 60}"));
    text_release(&text);
    touched_print(touched, 76, &text);
    cr_assert(strstr(text_of(&text), rows[5]));
    text_release(&text);
    text_release(&expected);
    arena_release(&arena);
}

/* A later change of the same setting holds, whatever is touched before it; one that a list of
 * another length or a range forbids is refused with the words of a config, and nothing changes. */
Test(touch, refuses_what_a_config_refuses) {
    static const struct {
        const char *key, *value, *message;
    } rows[] = {
        {"train.learning_rate", "-1", "train.learning_rate takes number >= 0, not -1"},
        {"train.batch", "0.5", "train.batch takes integer in [1, 1000000], not 0.5"},
        {"data.feature_probability", "[0.1", "not YAML: did not find expected ',' or ']'"},
        {"train.zebra", "1", "train has no setting"},
        {"data.feature_probability.first", "0.1",
         "\"data.feature_probability.first\" reaches into data.feature_probability, which is not "
         "{first: …} in this config"},
        {"task.importance", "[1, 2]",
         "task.importance is a list of 2 numbers, but there are 6 features"},
        {"data.set_size", "3", "\"data.set_size\" cannot change while a run trains; these can: "},
        {"train.steps", "3", "\"train.steps\" cannot change while a run trains; these can: "},
    };
    Arena arena = {0};
    Touched *touched = touched_open(read_config(sweep, &arena), 15, &arena);
    touch(touched, 20, "train.batch", "33");
    char *identity = arena_copy(&arena, touched_run(touched, 60, &arena).identity);
    static const int64_t steps[] = {0, 10, 20, 50};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int k = 0; k < 4; k++) {
            const char *said = refusal(touched, steps[k], rows[i].key, rows[i].value, &arena);
            const char *place = arena_print(&arena, "%s=%s: ", rows[i].key, rows[i].value);
            cr_expect_eq(strncmp(said, place, strlen(place)), 0, "%s", said);
            cr_expect(strstr(said, rows[i].message), "%s", said);
            cr_expect_str_eq(touched_run(touched, 60, &arena).identity, identity);
        }
    arena_release(&arena);
}

/* Files are named from the root: the printed config is read as if it lay elsewhere. */
Test(touch, a_config_with_files_may_be_kept_elsewhere) {
    static const float X[6] = {0, 1, 0.5f, 0, 0.25f, 0.75f}, W[2] = {0.5f, -0.25f},
                       b[2] = {0, 0.1f};
    static const NpzArray samples = {.name = "X", .rank = 2, .shape = {3, 2}, .values = X};
    static const NpzArray weights[] = {{.name = "W", .rank = 2, .shape = {2, 1}, .values = W},
                                       {.name = "b", .rank = 1, .shape = {2}, .values = b}};
    static const char config[] = "data: {kind: file, path: x.npz}\n"
                                 "model: {kind: relu_output, n_hidden: 1, init_from: w.npz}\n"
                                 "train: {steps: 30, batch: 8}\n";
    Arena arena = {0};
    Problems problems = {.arena = &arena};
    make_folder();
    const char *x = arena_print(&arena, "%s/x.npz", folder);
    const char *w = arena_print(&arena, "%s/w.npz", folder);
    write_npz("x.npz", &samples, 1);
    write_npz("w.npz", weights, 2);
    Experiment *base = experiment_parse(arena_print(&arena, "%s/t.yaml", folder), config,
                                        strlen(config), NULL, 0, &arena, &problems);
    cr_assert(base);
    Touched *touched = touched_open(base, 0, &arena);
    touch(touched, 4, "train.learning_rate", "0.1");
    Run run = touched_run(touched, 30, &arena);
    Run saved = experiment_run(read_printed(touched, 30, &arena), 0, &arena);
    cr_expect_str_eq(run.identity, saved.identity);
    cr_expect(strstr(saved.settings_text, x) && strstr(saved.settings_text, w));
    remove_folder();
    arena_release(&arena);
}

/* Evaluated only, until somebody trains it. */
Test(touch, a_run_of_no_steps_can_go_on) {
    Arena arena = {0};
    Touched *touched = touched_open(
        read_config("data: {n_features: 4, feature_probability: 0.5}\n"
                    "model: {kind: relu_output, n_hidden: 2}\ntrain: {steps: 0, batch: 50}\n"
                    "figures: [gram, directions]\n",
                    &arena),
        0, &arena);
    Run run = touched_run(touched, 0, &arena);
    Training *training = open_run(&run, &arena);
    Error error = {0};
    run = touched_run(touched, 20, &arena);
    cr_assert(training_set_phases(training, run.phases, run.n_phases, &arena, &error));
    advance(training, 20);
    Experiment *printed = read_printed(touched, 20, &arena);
    cr_assert_eq(printed->figures->n, 2);
    Run saved = experiment_run(printed, 0, &arena);
    Training *again = open_run(&saved, &arena);
    advance(again, 20);
    cr_assert(same_bits(training, again));
    arena_release(&arena);
}

/* ---- live settings ---- */

static void expect_live(const char *config, const char *expected) {
    Arena arena = {0};
    Text text = {0};
    char number[3][32];
    int n;
    Run run = experiment_run(read_config(config, &arena), 0, &arena);
    const LiveSetting *list = live_settings(run.phases[0].settings, &arena, &n);
    for (int i = 0; i < n; i++)
        text_add(&text, "%s %s in %s %s\n", list[i].key, text_number(number[0], list[i].value),
                 text_number(number[1], list[i].minimum), text_number(number[2], list[i].maximum));
    cr_expect_str_eq(text_of(&text), expected);
    text_release(&text);
    arena_release(&arena);
}

/* The ranges are those of `superpose help`. */
Test(live_settings, are_the_numbers_that_changes_may_set) {
    expect_live("data: {n_features: 4, feature_probability: 0.5}\n"
                "task: {importance: {decay: 0.9}}\n"
                "model: {kind: relu_output, n_hidden: 2}\n",
                "data.feature_probability 0.5 in 0 1\n"
                "data.value_scale 1 in 1e-06 1000000\n"
                "task.importance.decay 0.9 in 0 inf\n"
                "model.hidden_penalty 0 in 0 inf\n"
                "train.learning_rate 0.001 in 0 inf\n"
                "train.weight_decay 0.01 in -inf inf\n"
                "train.loss_exponent 2 in 0 inf\n"
                "train.batch 1024 in 1 1000000\n");
    expect_live("data: {kind: correlated, n_features: 4, set_size: 2, feature_probability: 0.5}\n"
                "task: {importance: [1, 2, 3, 4]}\n"
                "model: {kind: relu_output, n_hidden: 2}\n"
                "train: {optimizer: momentum, batch: 7}\n",
                "data.feature_probability 0.5 in 0 1\n"
                "data.correlation 1 in 0 1\n"
                "data.value_scale 1 in 1e-06 1000000\n"
                "model.hidden_penalty 0 in 0 inf\n"
                "train.learning_rate 0.001 in 0 inf\n"
                "train.weight_decay 0 in -inf inf\n"
                "train.momentum 0.9 in 0 0.999999\n"
                "train.loss_exponent 2 in 0 inf\n"
                "train.batch 7 in 1 1000000\n");
    expect_live("data: {n_features: 4, feature_probability: {zipf: 1, active: 0.5}}\n"
                "task: {importance: {last: 3}}\n"
                "model: {kind: linear, n_hidden: 2}\n",
                "data.feature_probability.zipf 1 in 0 inf\n"
                "data.feature_probability.active 0.5 in 0 inf\n"
                "data.value_scale 1 in 1e-06 1000000\n"
                "task.importance.last 3 in 0 inf\n"
                "model.hidden_penalty 0 in 0 inf\n"
                "train.learning_rate 0.001 in 0 inf\n"
                "train.weight_decay 0.01 in -inf inf\n"
                "train.loss_exponent 2 in 0 inf\n"
                "train.batch 1024 in 1 1000000\n");
}

/* Each can be touched by its key, and then has the value that it was given. */
Test(live_settings, can_be_touched) {
    Arena arena = {0};
    Touched *touched = touched_open(
        read_config("data: {n_features: 4, feature_probability: {first: 0.1, rest: 0.2}}\n"
                    "task: {importance: {decay: 0.9}}\n"
                    "model: {kind: relu_output, n_hidden: 2}\ntrain: {optimizer: momentum}\n",
                    &arena),
        0, &arena);
    Run run = touched_run(touched, 100, &arena);
    int n, n_after;
    const LiveSetting *before = live_settings(run.phases[0].settings, &arena, &n);
    cr_assert_eq(n, 10);
    for (int i = 0; i < n; i++)
        touch(touched, 5, before[i].key, before[i].field->type == FIELD_INTEGER ? "3" : "0.25");
    run = touched_run(touched, 100, &arena);
    const LiveSetting *after = live_settings(run.phases[1].settings, &arena, &n_after);
    cr_assert_eq(n, n_after);
    for (int i = 0; i < n; i++) {
        cr_expect_str_eq(before[i].key, after[i].key);
        cr_expect_eq(after[i].value, after[i].field->type == FIELD_INTEGER ? 3 : 0.25, "%s",
                     after[i].key);
    }
    arena_release(&arena);
}
