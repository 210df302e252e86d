/* data of kind file: the user's samples as they lie there, n_features from the file, and all that
 * can be wrong with one. */
#include "sim/base/npz.h"
#include "sim/experiment/experiment.h"
#include "tests/folder.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

enum { N_SAMPLES = 5, N = 4 };

/* A sample without an active feature and a target, another with a target. */
static const float X[N_SAMPLES][N] = {
    {0, 0.5f, 0, -2}, {0, 0, 0, 0}, {1, 2, 3, 4}, {0, 0, 0, 0}, {0, 0, 0.25f, 0}};
static const float Y[N_SAMPLES][N] = {
    {1, 0, 0, 0}, {0, 7, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0.5f, -1}};
static const float bad_values[N_SAMPLES][N] = {{0}, {0}, {0, 0, (float)NAN}};

static void make_files(void) {
    make_folder();
    const NpzArray x = {"X", NPZ_FLOAT32, 2, {N_SAMPLES, N}, X};
    const NpzArray y = {"Y", NPZ_FLOAT32, 2, {N_SAMPLES, N}, Y};
    const NpzArray flat = {"X", NPZ_FLOAT32, 1, {N_SAMPLES * N}, X};
    const NpzArray wide = {"X", NPZ_FLOAT32, 2, {2, 2 * N}, X};
    const NpzArray none = {"X", NPZ_FLOAT32, 2, {0, N}, X};
    const NpzArray short_y = {"Y", NPZ_FLOAT32, 2, {N_SAMPLES - 1, N}, Y};
    const NpzArray bad = {"X", NPZ_FLOAT32, 2, {N_SAMPLES, N}, bad_values};
    write_npz("x.npz", &x, 1);
    write_npz("xy.npz", (NpzArray[]){y, x}, 2);
    write_npz("y.npz", &y, 1);
    write_npz("flat.npz", &flat, 1);
    write_npz("wide.npz", &wide, 1);
    write_npz("none.npz", &none, 1);
    write_npz("bad.npz", &bad, 1);
    write_npz("short.npz", (NpzArray[]){x, short_y}, 2);
}

/* A config of these sections beside the files; NULL, with `problems` without the folder's name,
 * where it is refused. */
static Experiment *load(const char *sections, Arena *arena, char problems[1024]) {
    char *path = arena_print(arena, "%s/c.yaml", folder);
    write_text(path, sections);
    Problems found = {.arena = arena};
    Text text = {0};
    Experiment *experiment = experiment_load(path, NULL, 0, arena, &found);
    problems_print(&found, &text);
    char *out = problems;
    for (const char *at = text_of(&text); *at && out < problems + 1023;)
        if (strncmp(at, folder, strlen(folder)) == 0)
            at += strlen(folder) + 1;
        else
            *out++ = *at++;
    *out = 0;
    text_release(&text);
    return experiment;
}

static Run run_of(const char *sections, int64_t number, Arena *arena) {
    char problems[1024];
    const Experiment *experiment = load(sections, arena, problems);
    cr_assert(experiment, "%s", problems);
    return experiment_run(experiment, number, arena);
}

#define MODEL "model: {kind: relu_output, n_hidden: 2}\n"

/* Opens what the run trains on; its batches are as long as the file. */
static Training *open_training(const Run *run, Arena *arena) {
    Training *training;
    Error error = {0};
    cr_assert(training_open(&training, run->phases, 1, 0, 1, isa_best(), NULL, arena, &error), "%s",
              error.text);
    return training;
}

/* Listed samples come first, and those without any entry last: the other two. */
Test(data_file, is_gone_through_in_its_order_with_its_targets, .init = make_files,
     .fini = remove_folder) {
    static const struct {
        const char *data, *task;
        bool has_y;
        int order[N_SAMPLES];
    } rows[] = {{"xy.npz", "given", true, {0, 1, 2, 4, 3}},
                {"xy.npz", "identity", false, {0, 1, 2, 4, 3}},
                {"x.npz", "identity", false, {0, 2, 4, 1, 3}}};
    for (int r = 0; r < COUNT(rows); r++) {
        Arena arena = {0};
        float x[N_SAMPLES * N], y[N_SAMPLES * N];
        const char *sections =
            arena_print(&arena,
                        "data: {kind: file, path: %s, order: fixed}\ntask: %s\n" MODEL
                        "train: {batch: 5, steps: 9}\n",
                        rows[r].data, rows[r].task);
        Run run = run_of(sections, 0, &arena);
        Training *training = open_training(&run, &arena);
        training_batch(training, 3, x, y);
        for (int t = 0; t < N_SAMPLES; t++) {
            int at = rows[r].order[t];
            cr_assert_arr_eq(x + t * N, X[at], sizeof X[0], "%d", t);
            cr_assert_arr_eq(y + t * N, rows[r].has_y ? Y[at] : X[at], sizeof X[0], "%d", t);
        }
        const Data *data = training_data(training);
        cr_assert_eq(data_empty(data), 0.4); /* of no active feature, whatever their y */
        cr_assert_eq(data->kind->probability(data, 1), 0.4);
        cr_assert_eq(data_active_features(data), 1.4);
        Error error = {0};
        cr_assert(training_advance(training, 9, NULL, NULL, &error), "%s", error.text);
        arena_release(&arena);
    }
}

/* 40 features are more than go into lanes: a twentieth of them active are drawn sparse, half of
 * them as rows. Sample 2 has nothing, and comes last. */
Test(data_file, is_drawn_in_any_form, .init = make_files, .fini = remove_folder) {
    enum { N_WIDE = 40 };
    static float x[N_SAMPLES][N_WIDE], y[N_SAMPLES][N_WIDE];
    static float drawn_x[N_SAMPLES][N_WIDE], drawn_y[N_SAMPLES][N_WIDE];
    static const int order[N_SAMPLES] = {0, 1, 3, 4, 2};
    for (int every = 2; every <= 20; every += 18) {
        Arena arena = {0};
        for (int t = 0; t < N_SAMPLES; t++)
            for (int i = 0; i < N_WIDE; i++) {
                x[t][i] = t == 2 || (t + i) % every ? 0 : (float)(t - i);
                y[t][i] = t == 2 || (t + i + 7) % every ? 0 : (float)(t + i + 1);
            }
        const NpzArray arrays[] = {{"X", NPZ_FLOAT32, 2, {N_SAMPLES, N_WIDE}, x},
                                   {"Y", NPZ_FLOAT32, 2, {N_SAMPLES, N_WIDE}, y}};
        write_npz("form.npz", arrays, 2);
        Run run = run_of("data: {kind: file, path: form.npz, order: fixed}\ntask: given\n" MODEL
                         "train: {batch: 5, steps: 9}\n",
                         0, &arena);
        Training *training = open_training(&run, &arena);
        training_batch(training, 4, drawn_x[0], drawn_y[0]);
        for (int t = 0; t < N_SAMPLES; t++) {
            cr_assert_arr_eq(drawn_x[t], x[order[t]], sizeof x[0], "%d, %d", every, t);
            cr_assert_arr_eq(drawn_y[t], y[order[t]], sizeof y[0], "%d, %d", every, t);
        }
        Batch batch;
        cr_assert(batch_init(&batch, N_WIDE, N_SAMPLES, &arena));
        data_draw(training_data(training), 1, 0, 0, N_SAMPLES, &batch);
        cr_assert_eq(batch.form, every == 2 ? BATCH_ROWS : BATCH_SPARSE);
        arena_release(&arena);
    }
}

Test(data_file, tells_how_many_features_there_are, .init = make_files, .fini = remove_folder) {
    Arena arena = {0};
    const char *swept = "data: {kind: file}\nsweep: {data.path: [x.npz, wide.npz]}\n" MODEL;
    for (int number = 0; number < 2; number++) {
        Run run = run_of(swept, number, &arena);
        const DataSettings *data = run.phases[0].settings->data.settings;
        cr_assert_eq(data->n_features, number ? 2 * N : N);
        cr_assert(strstr(run.settings_text,
                         number ? "n_features: 8, path: wide.npz" : "n_features: 4, path: x.npz"),
                  "%s", run.settings_text);
        open_training(&run, &arena);
    }
    Run said = run_of("data: {kind: file, path: x.npz, n_features: 4}\n" MODEL, 0, &arena);
    Run unsaid = run_of("data: {kind: file, path: x.npz}\n" MODEL, 0, &arena);
    cr_assert_str_eq(said.identity, unsaid.identity);
    arena_release(&arena);
}

Test(data_file, is_another_run_with_other_samples, .init = make_files, .fini = remove_folder) {
    Arena arena = {0};
    const char *sections = "data: {kind: file, path: x.npz}\n" MODEL;
    Run first = run_of(sections, 0, &arena);
    const NpzArray other = {"X", NPZ_FLOAT32, 2, {N_SAMPLES, N}, Y};
    write_npz("x.npz", &other, 1);
    Run second = run_of(sections, 0, &arena);
    cr_assert_str_neq(first.identity, second.identity);
    const NpzArray same = {"X", NPZ_FLOAT32, 2, {N_SAMPLES, N}, X};
    write_npz("x.npz", &same, 1);
    Run third = run_of(sections, 0, &arena);
    cr_assert_str_eq(first.identity, third.identity);
    arena_release(&arena);
}

Test(data_file, refuses_what_it_cannot_use, .init = make_files, .fini = remove_folder) {
    static const struct {
        const char *sections, *problems;
    } rows[] = {
        {"data: {kind: file}\n" MODEL, "c.yaml:1:7: data.path must be given: text\n"},
        {"data: {kind: file, path: gone.npz}\n" MODEL,
         "c.yaml:1:26: data.path: gone.npz: No such file\n"},
        {"data: {kind: file, path: gone.npz, n_features: 4}\n" MODEL,
         "c.yaml:1:26: data.path: gone.npz: No such file\n"},
        {"data: {kind: file, path: x.csv}\n" MODEL,
         "c.yaml:1:26: data.path: it takes FILE.npz, not x.csv\n"},
        {"data: {kind: file, path: y.npz}\n" MODEL,
         "c.yaml:1:26: data.path: y.npz: there is no array X\n"},
        {"data: {kind: file, path: flat.npz}\n" MODEL,
         "c.yaml:1:26: data.path: flat.npz: X has one dimension; it takes two, "
         "[samples][features]\n"},
        {"data: {kind: file, path: none.npz}\n" MODEL,
         "c.yaml:1:26: data.path: none.npz: X is [0][4]: there are no samples\n"},
        {"data: {kind: file, path: x.npz, n_features: 5}\n" MODEL,
         "c.yaml:1:26: data.path: x.npz: X is [5][4], but data.n_features is 5\n"},
        {"data: {kind: file, path: short.npz}\n" MODEL,
         "c.yaml:1:26: data.path: short.npz: X is [5][4], but Y is [4][4]\n"},
        {"data: {kind: file, path: bad.npz}\n" MODEL,
         "c.yaml:1:26: data.path: bad.npz: X[2][2] is nan\n"},
        {"data: {kind: file, path: x.npz}\ntask: given\n" MODEL,
         "c.yaml:2:7: task given takes targets from the data, and data of kind file have none "
         "here\n"},
        {"data: {n_features: 4, feature_probability: 1}\ntask: given\n" MODEL,
         "c.yaml:2:7: task given takes targets from the data, and data of kind independent have "
         "none here\n"},
        {"data: {kind: file}\nsweep: {data.path: [x.npz, bad.npz]}\n" MODEL,
         "c.yaml:2:28: data.path: bad.npz: X[2][2] is nan\n"},
        {"data: {kind: file}\nsweep: {data.path: [x.npz, gone.npz]}\n" MODEL,
         "c.yaml:2:28: data.path: gone.npz: No such file\n"},
        {"data: {kind: file, path: x.npz, n_features: 4, value: binary}\n" MODEL,
         "c.yaml:1:48: data has no setting \"value\"; known: n_features, path, order\n"},
    };
    for (int r = 0; r < COUNT(rows); r++) {
        Arena arena = {0};
        char problems[1024];
        cr_expect_null(load(rows[r].sections, &arena, problems));
        cr_expect_str_eq(problems, rows[r].problems, "%s", problems);
        arena_release(&arena);
    }
}
