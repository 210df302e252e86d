/* model.init_from: weights come from files and stores as they lie there, or not at all. */
#include "sim/base/npz.h"
#include "sim/experiment/init_from.h"
#include "sim/store/store.h"
#include "tests/folder.h"
#include "tests/settings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* n numbers that differ from tensor to tensor. */
static const float *numbers(float first, int n, Arena *arena) {
    float *values = ARENA_NEW(arena, float, n);
    for (int i = 0; i < n; i++)
        values[i] = first + (float)i;
    return values;
}

static Model open_model(const char *settings_text, int n_features, Arena *arena) {
    Text text = {0};
    text_add(&text, "{data: {n_features: %d, feature_probability: 1}, model: %s, train: {}}",
             n_features, settings_text);
    Settings settings = settings_read(text_of(&text), arena);
    text_release(&text);
    Model model = {0};
    Error error = {0};
    cr_assert(model_open(&model, &settings.model, n_features, arena, &error), "%s", error.text);
    return model;
}

static const char *config_path(Arena *arena) {
    return arena_print(arena, "%s/x.yaml", folder);
}

static void assert_tensor(const float *values, float first, int n) {
    for (int i = 0; i < n; i++)
        cr_assert_eq(values[i], first + (float)i);
}

Test(init_from, reads_an_npz_beside_the_config, .init = make_folder, .fini = remove_folder) {
    Arena arena = {0};
    Error error = {0};
    const NpzArray arrays[] = {
        {"b", NPZ_FLOAT32, 1, {4}, numbers(400, 4, &arena)},
        {"W", NPZ_FLOAT32, 2, {4, 3}, numbers(100, 12, &arena)},
        {"W2", NPZ_FLOAT32, 3, {1, 4, 3}, numbers(200, 12, &arena)},
        {"b_hidden", NPZ_FLOAT32, 2, {1, 3}, numbers(300, 3, &arena)},
        {"more", NPZ_FLOAT32, 1, {3}, numbers(0, 3, &arena)},
    };
    write_npz("all.npz", arrays, 5);
    Model tied = open_model("{kind: relu_output, n_hidden: 3}", 4, &arena);
    cr_assert(init_from_load("none", config_path(&arena), &tied, &arena, &error));
    assert_tensor(tied.parameters, 0, 1);
    cr_assert(init_from_load("all.npz", config_path(&arena), &tied, &arena, &error), "%s",
              error.text);
    assert_tensor(tied.W, 100, 12);
    assert_tensor(tied.b, 400, 4);
    Model untied = open_model("{kind: two_layer, n_hidden: 3, hidden_bias: true}", 4, &arena);
    const char *absolute = arena_print(&arena, "%s/all.npz", folder);
    cr_assert(init_from_load(absolute, "elsewhere/x.yaml", &untied, &arena, &error), "%s",
              error.text);
    assert_tensor(untied.W, 100, 12);
    assert_tensor(untied.W2, 200, 12);
    assert_tensor(untied.b_hidden, 300, 3);
    assert_tensor(untied.b, 400, 4);
    arena_release(&arena);
}

/* What follows from the trained tensors is not read: W of the file is another. */
Test(init_from, makes_what_follows_from_an_embedding, .init = make_folder, .fini = remove_folder) {
    Arena arena = {0};
    Error error = {0};
    const float identity[] = {1, 0, 0, 0, 1, 0, 0, 0, 1}, apart[] = {1, 0, 0, 0, 1, 0, 1, 0, 0};
    NpzArray arrays[] = {
        {"W", NPZ_FLOAT32, 2, {3, 2}, numbers(900, 6, &arena)},
        {"W_in", NPZ_FLOAT32, 2, {3, 2}, numbers(100, 6, &arena)},
        {"W_out", NPZ_FLOAT32, 3, {1, 3, 2}, numbers(200, 6, &arena)},
        {"b_out", NPZ_FLOAT32, 1, {3}, numbers(400, 3, &arena)},
        {"W_E", NPZ_FLOAT32, 2, {3, 3}, identity},
    };
    const char *yaml = "{kind: residual, n_hidden: 2, output_activation: linear, embedding: 3}";
    Model model = open_model(yaml, 3, &arena);
    write_npz("all.npz", arrays, 5);
    cr_assert(init_from_load("all.npz", config_path(&arena), &model, &arena, &error), "%s",
              error.text);
    assert_tensor(model.W, 100, 6);
    assert_tensor(model.W2, 200, 6);
    assert_tensor(model.b, 400, 3);
    for (int i = 0; i < 9; i++)
        cr_assert_eq(model.M[i], 0);
    arrays[4].values = apart; /* the third feature lies where the first does */
    write_npz("all.npz", arrays, 5);
    cr_assert(init_from_load("all.npz", config_path(&arena), &model, &arena, &error), "%s",
              error.text);
    assert_tensor(model.W, 100, 4);
    cr_assert(model.W[4] == 100 && model.W[5] == 101 && model.b[2] == 400);
    for (int i = 0; i < 9; i++)
        cr_assert_eq(model.M[i], i == 2 || i == 6 ? 1 : 0);
    write_npz("all.npz", arrays, 4);
    cr_assert_not(init_from_load("all.npz", config_path(&arena), &model, &arena, &error));
    cr_assert_str_eq(error.text, "model.init_from all.npz: there is no array W_E");
    arena_release(&arena);
}

Test(init_from, refuses_a_file_that_does_not_fit, .init = make_folder, .fini = remove_folder) {
    static const struct {
        const char *file, *model;
        int n_features;
        const char *message; /* begins so */
    } rows[] = {
        {"W.npz", "{kind: linear, n_hidden: 3}", 4, "model.init_from W.npz: there is no array b"},
        {"Wb.npz", "{kind: linear, n_hidden: 3}", 5,
         "model.init_from Wb.npz: W is [4][3] there, but this model's is [5][3]"},
        {"Wb.npz", "{kind: linear, n_hidden: 3, hidden_bias: true}", 4,
         "model.init_from Wb.npz: there is no array b_hidden"},
        {"Wb.npz", "{kind: two_layer, n_hidden: 3}", 4,
         "model.init_from Wb.npz: there is no array W2"},
        {"runs.npz", "{kind: linear, n_hidden: 3}", 4,
         "model.init_from runs.npz: W is [2][4][3] there, but this model's is [4][3]"},
        {"nan.npz", "{kind: linear, n_hidden: 3}", 4,
         "model.init_from nan.npz: b has values that are NaN or infinite"},
        {"other.npz", "{kind: linear, n_hidden: 3}", 4, "model.init_from other.npz: "},
        {"other.db#1", "{kind: linear, n_hidden: 3}", 4, "model.init_from other.db#1: "},
        {"other.db", "{kind: linear, n_hidden: 3}", 4,
         "model.init_from takes none, FILE.npz or STORE.db#run, not other.db"},
        {"other.db#1x", "{kind: linear, n_hidden: 3}", 4,
         "model.init_from takes none, FILE.npz or STORE.db#run, not other.db#1x"},
        {"#1", "{kind: linear, n_hidden: 3}", 4,
         "model.init_from takes none, FILE.npz or STORE.db#run, not #1"},
    };
    Arena arena = {0};
    float broken[] = {0, 1, NAN, 2};
    const NpzArray W = {"W", NPZ_FLOAT32, 2, {4, 3}, numbers(0, 12, &arena)};
    const NpzArray b = {"b", NPZ_FLOAT32, 1, {4}, numbers(0, 4, &arena)};
    const NpzArray bad = {"b", NPZ_FLOAT32, 1, {4}, broken};
    const NpzArray runs = {"W", NPZ_FLOAT32, 3, {2, 4, 3}, numbers(0, 24, &arena)};
    write_npz("W.npz", &W, 1);
    write_npz("Wb.npz", (const NpzArray[]){W, b}, 2);
    write_npz("runs.npz", (const NpzArray[]){runs, b}, 2);
    write_npz("nan.npz", (const NpzArray[]){W, bad}, 2);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Error error = {0};
        Model model = open_model(rows[i].model, rows[i].n_features, &arena);
        cr_assert_not(init_from_load(rows[i].file, config_path(&arena), &model, &arena, &error));
        cr_assert_eq(strncmp(error.text, rows[i].message, strlen(rows[i].message)), 0,
                     "\"%s\" instead of \"%s\"", error.text, rows[i].message);
    }
    arena_release(&arena);
}

/* A store with runs 0 (done) and 1 (failed), both of this model. */
static void write_store(const Model *model) {
    char path[256];
    Error error = {0};
    Store *store = NULL;
    snprintf(path, sizeof path, "%s/runs.db", folder);
    cr_assert(store_open(&store, path, STORE_WRITE, &error), "%s", error.text);
    for (int number = 0; number < 2; number++) {
        StoredRun run = {.number = number,
                         .identity = number == 0 ? "00000000000000000000000000000000"
                                                 : "11111111111111111111111111111111",
                         .settings = "{}",
                         .axes = "{}",
                         .status = number == 0 ? RUN_DONE : RUN_FAILED,
                         .steps = 7,
                         .error = number == 0 ? NULL : "step 7: the loss is nan"};
        StoredTensor tensors[MAX_TENSORS];
        for (int i = 0; i < model->n_tensors; i++)
            tensors[i] = (StoredTensor){.step = 7,
                                        .tensor = model->tensors[i],
                                        .values = model->parameters + model->tensors[i].offset};
        cr_assert(store_add_run(store, &run, tensors, model->n_tensors, NULL, 0, &error), "%s",
                  error.text);
    }
    cr_assert(store_close(store, &error), "%s", error.text);
}

Test(init_from, reads_a_run_of_a_store, .init = make_folder, .fini = remove_folder) {
    static const struct {
        const char *from, *model, *message; /* NULL: it loads */
    } rows[] = {
        {"runs.db#0", "{kind: two_layer, n_hidden: 3}", NULL},
        {"runs.db#1", "{kind: two_layer, n_hidden: 3}",
         "model.init_from runs.db#1: run 1 has not finished"},
        {"runs.db#2", "{kind: two_layer, n_hidden: 3}",
         "model.init_from runs.db#2: there is no run 2"},
        {"runs.db#0", "{kind: two_layer, n_hidden: 2}",
         "model.init_from runs.db#0: W is [4][3] there, but this model's is [4][2]"},
        {"runs.db#0", "{kind: linear, n_hidden: 3, hidden_bias: true}",
         "model.init_from runs.db#0: that run has no tensor b_hidden"},
    };
    Arena arena = {0};
    Model stored = open_model("{kind: two_layer, n_hidden: 3}", 4, &arena);
    memcpy(stored.parameters, numbers(1, (int)stored.n_parameters, &arena),
           (size_t)stored.n_parameters * sizeof(float));
    write_store(&stored);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Error error = {0};
        Model model = open_model(rows[i].model, 4, &arena);
        bool ok = init_from_load(rows[i].from, config_path(&arena), &model, &arena, &error);
        cr_assert_eq(ok, !rows[i].message, "%s", error.text);
        if (ok)
            assert_tensor(model.parameters, 1, (int)stored.n_parameters);
        else
            cr_assert_str_eq(error.text, rows[i].message);
    }
    arena_release(&arena);
}
