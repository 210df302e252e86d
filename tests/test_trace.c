/* The trace of a run: NumPy replays it (tests/trace_replay.py); what cannot be traced is refused.
 */
#include "sim/base/npz.h"
#include "sim/experiment/trace.h"
#include "tests/folder.h"
#include "tests/no_problems.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char base[] = "data: {n_features: 7, feature_probability: 0.3}\n"
                           "task: {importance: {decay: 0.9}}\n"
                           "model: {kind: relu_output, n_hidden: 3}\n"
                           "train: {learning_rate: 0.01, batch: 200, steps: 100, seed: 5}\n";

/* The base with these lines in its stead or beside it. */
static Experiment *load(const char *const *overrides, int n, Arena *arena) {
    char path[128];
    snprintf(path, sizeof path, "%s/base.yaml", folder);
    write_text(path, base);
    Problems problems = {.arena = arena};
    Experiment *experiment =
        experiment_load(arena_copy(arena, path), overrides, n, arena, &problems);
    expect_no_problems(experiment, &problems, path);
    return experiment;
}

static void write_traces(const Experiment *experiment, const char *name, Isa isa) {
    for (int64_t run = 0; run < experiment->n_runs; run++) {
        char path[256];
        Error error = {0};
        snprintf(path, sizeof path, "%s/%s-%lld.npz", folder, name, (long long)run);
        cr_assert(trace_write(experiment, run, 100, isa, path, &error), "%s", error.text);
    }
}

static int replay(const char *pattern) {
    char command[256];
    snprintf(command, sizeof command, "/usr/bin/python3 tests/trace_replay.py %s/%s", folder,
             pattern);
    fflush(NULL);
    return system(command);
}

Test(trace, is_replayed_by_numpy_for_every_model_and_optimizer, .init = make_folder,
     .fini = remove_folder) {
    static const char *const grid[] = {
        "sweep.model.kind=[linear, relu_output, relu_hidden, two_layer, residual]",
        "sweep.train.optimizer=[sgd, momentum, adam, adamw]",
    };
    Arena arena = {0};
    const Experiment *experiment = load(grid, 2, &arena);
    cr_assert_eq(experiment->n_runs, 20);
    write_traces(experiment, "grid", isa_best());
    cr_assert_eq(replay("grid-*.npz"), 0);
    arena_release(&arena);
}

/* The other settings that a step reads: each row is an experiment of its own. */
Test(trace, is_replayed_by_numpy_with_other_settings, .init = make_folder, .fini = remove_folder) {
    static const char *const rows[][4] = {
        {"model={kind: two_layer, n_hidden: 3, hidden_bias: true}", "task.kind=absolute_value",
         "data.value=signed_uniform", "train.weight_decay=0.1"},
        {"train.loss_exponent=4",
         "train.optimizer={kind: adam, beta1: 0.5, beta2: 0.9, "
         "epsilon: 1e-3}",
         "train.weight_decay=0.3", "data.n_features=40"},
        {"train.loss_exponent=1.5", "train.weight_decay=-1", "model.hidden_bias=true",
         "train.schedule={kind: cosine, warmup: 10, final: 0.1}"},
        {"data.feature_probability=0.02", "train.optimizer=momentum", "train.momentum=0.5",
         "train.weight_decay=0.5"},
        {"sweep.model.kind=[linear, relu_output, relu_hidden, two_layer]",
         "model.hidden_penalty=0.2", "model.hidden_bias=true", "train.optimizer=sgd"},
        {"model={kind: two_layer, n_hidden: 3}",
         "sweep.model.hidden_activation=[linear, relu, gelu]",
         "sweep.model.output_activation=[linear, relu, gelu]", "data.value=signed_uniform"},
        {"model={kind: residual, n_hidden: 3, hidden_bias: true}", "task.kind=residual_relu",
         "sweep.model.output_activation=[relu, linear]", "data.value=signed_uniform"},
        {"sweep.model.kind=[linear, relu_output, two_layer]", "model.bias=false",
         "model.hidden_bias=true", "train.weight_decay=0.1"},
        {"sweep.model.kind=[linear, relu_hidden]", "model.hidden_penalty=0.02",
         "data.value=signed_uniform", "data.n_features=40"},
        {"model={kind: residual, n_hidden: 3, output_activation: linear, hidden_bias: true}",
         "sweep.model.embedding=[1, 5, 7, 30]", "task.kind=residual_relu",
         "data.value=signed_uniform"},
        {"model={kind: residual, n_hidden: 9, output_activation: linear, embedding: 50}",
         "sweep.model.hidden_activation=[linear, relu, gelu]", "model.bias=false",
         "model.hidden_penalty=0.02"},
        {"model={kind: residual, n_hidden: 20, output_activation: linear, embedding: 60}",
         "data={n_features: 40, feature_probability: 0.05}", "train.loss_exponent=4",
         "train.optimizer=momentum"},
        {"changes=[{step: 30, set: {data.feature_probability: 0.8, train.learning_rate: 0.1}}]",
         "train.optimizer=sgd", "model.kind=linear", "task.importance=1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena arena = {0};
        char name[32];
        snprintf(name, sizeof name, "other-%zu", i);
        write_traces(load(rows[i], 4, &arena), name, isa_best());
        arena_release(&arena);
    }
    cr_assert_eq(replay("other-*.npz"), 0);
}

static bool has_field(const Kind *kind, const char *name) {
    for (int i = 0; i < kind->n_fields; i++)
        if (strcmp(kind->fields[i].name, name) == 0)
            return true;
    return false;
}

/* Samples and targets in a file beside the config. */
static const char *const FILE_DATA = "data={kind: file, path: samples.npz}";

static void write_samples(void) {
    static float values[40][6];
    Error error = {0};
    NpzWriter *writer;
    const NpzArray x = {"X", NPZ_FLOAT32, 2, {20, 6}, values};
    const NpzArray y = {"Y", NPZ_FLOAT32, 2, {20, 6}, values[20]};
    char path[128];
    for (int i = 0; i < 40; i++)
        for (int j = 0; j < 6; j++)
            values[i][j] = (i + j) % 3 ? 0 : (float)(i - 2 * j) / 40;
    snprintf(path, sizeof path, "%s/samples.npz", folder);
    cr_assert(npz_create(&writer, path, &error) && npz_add(writer, &x, &error) &&
                  npz_add(writer, &y, &error) && npz_close(writer, &error),
              "%s", error.text);
}

/* Every kind of data, with tasks in turn; that of the file's targets with the file. */
Test(trace, is_replayed_by_numpy_with_every_kind_of_data, .init = make_folder,
     .fini = remove_folder) {
    write_samples();
    for (int i = 0; i < data_table.n_rows; i++) {
        Arena arena = {0};
        const Kind *kind = data_table.rows[i];
        bool is_file = has_field(kind, "path");
        const char *task = task_table.rows[i % task_table.n_rows]->name;
        const char *overrides[] = {
            is_file
                ? FILE_DATA
                : arena_print(
                      &arena, "data={kind: %s, n_features: 6%s, value: signed_uniform}", kind->name,
                      has_field(kind, "feature_probability") ? ", feature_probability: 0.1" : ""),
            arena_print(&arena, "task.kind=%s",
                        is_file                      ? "given"
                        : strcmp(task, "given") == 0 ? "identity"
                                                     : task)};
        write_traces(load(overrides, 2, &arena), arena_print(&arena, "kind-%s", kind->name),
                     isa_best());
        arena_release(&arena);
    }
    cr_assert_eq(replay("kind-*.npz"), 0);
}

/* A replay that could not fail would prove nothing: a number is off by 2e-4 at one step. */
static void check_finds(const char *const *overrides, int n, const char *array, const char *place) {
    Arena arena = {0};
    char command[512];
    write_traces(load(overrides, n, &arena), "good", isa_best());
    snprintf(command, sizeof command,
             "/usr/bin/python3 -c 'import numpy as n; d = dict(n.load(\"%s/good-0.npz\")); "
             "d[\"%s\"][%s] += 2e-4; n.savez(\"%s/bad-0.npz\", **d)'",
             folder, array, place, folder);
    cr_assert_eq(system(command), 0);
    cr_assert_eq(replay("good-0.npz"), 0);
    cr_assert_neq(replay("bad-0.npz"), 0, "%s", array);
    arena_release(&arena);
}

Test(trace, replay_finds_a_difference, .init = make_folder, .fini = remove_folder) {
    static const char *const embedded[] = {
        "model={kind: residual, n_hidden: 3, output_activation: linear, embedding: 9}"};
    check_finds(NULL, 0, "W_t", "50, 2, 1");
    check_finds(embedded, 1, "W_out_t", "50, 8, 1");
    check_finds(embedded, 1, "W2_t", "50, 2, 1");
    check_finds(embedded, 1, "M", "2, 1");
}

Test(trace, refuses_what_it_cannot_write, .init = make_folder, .fini = remove_folder) {
    static const struct {
        const char *override;
        int64_t run, steps;
        const char *message;
    } rows[] = {
        {"train.seed=1", 1, 10, "there is no run 1: runs are 0 … 0"},
        {"train.seed=1", 0, 101, "run 0 has 100 steps: a trace of 101 is not possible"},
        {"train.seed=1", 0, 0, "run 0 has 100 steps: a trace of 0 is not possible"},
        /* 4 B (2 * 100 * 1e6 * 7 samples' numbers + 101 * 28 parameters) = 5.215 GiB */
        {"train.batch=1000000", 0, 100,
         "a trace of 100 steps would take 5.22 GiB, more than the 1 GiB it may: take fewer --steps "
         "or a smaller train.batch"},
        {"changes=[{step: 7, set: {train.batch: 3}}]", 0, 8,
         "train.batch changes at step 7: trace at most 7 steps"},
        {"changes=[{step: 7, set: {train.loss_exponent: 3}}]", 0, 8,
         "train.loss_exponent changes at step 7: trace at most 7 steps"},
        {"changes=[{step: 7, set: {train.weight_decay: 3}}]", 0, 8,
         "train.weight_decay changes at step 7: trace at most 7 steps"},
        {"changes=[{step: 7, set: {model.hidden_penalty: 1}}]", 0, 8,
         "model.hidden_penalty changes at step 7: trace at most 7 steps"},
        {"changes=[{step: 7, set: {task.importance: 1}}]", 0, 8,
         "task.importance changes at step 7: trace at most 7 steps"},
    };
    char path[128];
    snprintf(path, sizeof path, "%s/t.npz", folder);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena arena = {0};
        Error error = {0};
        const Experiment *experiment = load(&rows[i].override, 1, &arena);
        cr_assert_not(
            trace_write(experiment, rows[i].run, rows[i].steps, isa_best(), path, &error));
        cr_assert_str_eq(error.text, rows[i].message);
        cr_assert_neq(access(path, F_OK), 0, "nothing is left behind");
        arena_release(&arena);
    }
}
