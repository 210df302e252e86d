/* render: a store in the viewer beside the files of its config; stores that are damaged, others, or
 * that cannot be shown. */
#include "render/runs/stage.h"
#include "sim/base/clock.h"
#include "sim/base/npz.h"
#include "tests/followed.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <time.h>

typedef struct Files {
    char folder[64], own[64], first[64]; /* of the config; names of samples, of first weights */
    Stored stored;
} Files;

static void write_array(const char *path, const char *name, int n_columns) {
    float values[64];
    Error error = {0};
    NpzWriter *writer = NULL;
    const NpzArray array = {name, NPZ_FLOAT32, n_columns ? 2 : 1, {4, n_columns}, values};
    for (int i = 0; i < 64; i++)
        values[i] = (float)(i % 3) / 2;
    cr_assert(npz_create(&writer, path, &error), "%s", error.text);
    cr_assert(npz_add(writer, &array, &error), "%s", error.text);
    if (strcmp(name, "W") == 0)
        cr_assert(npz_add(writer, &(NpzArray){"b", NPZ_FLOAT32, 1, {4}, values}, &error));
    cr_assert(npz_close(writer, &error), "%s", error.text);
}

/* A store in /tmp of a config in a folder of its own, where its two files are. */
static void make_files(Files *files) {
    char config[512];
    snprintf(files->folder, sizeof files->folder, "/tmp/superpose-files-XXXXXX");
    cr_assert(mkdtemp(files->folder) && chdir(files->folder) == 0);
    snprintf(files->own, sizeof files->own, "superpose-x-%d.npz", (int)getpid());
    snprintf(files->first, sizeof files->first, "superpose-w-%d.npz", (int)getpid());
    write_array(files->own, "X", 4);
    write_array(files->first, "W", 2);
    snprintf(config, sizeof config,
             "data: {kind: file, path: %s}\n"
             "model: {kind: relu_output, n_hidden: 2, init_from: %s}\n"
             "train: {steps: 40, batch: 8}\nrecord: {snapshots: {every: 20}}\n",
             files->own, files->first);
    stored_init(&files->stored, config);
    stored_train(&files->stored, -1);
    cr_assert_eq(chdir("/"), 0);
}

static void expect_replay(const Files *files) {
    Stage *stage = open_stage(files->stored.path, -1);
    Text text = {0};
    int n;
    read_all(stage);
    history_moments(stage->histories[0], &n);
    cr_assert_eq(n, 3);
    stage_print(stage, 0, 40, &text); /* a config of it can be saved */
    cr_assert(strstr(text_of(&text), files->first));
    text_release(&text);
    stage_close(stage);
}

/* They lie beside the config, or beside a store that was taken along; what only began the training
 * need not be anywhere any more; and samples that are not are told once. */
Test(follow, finds_the_files_of_the_config) {
    Files files;
    char there[160], beside[160], first[160];
    Problems problems = {.arena = &files.stored.arena};
    make_files(&files);
    snprintf(there, sizeof there, "%s/%s", files.folder, files.own);
    snprintf(first, sizeof first, "%s/%s", files.folder, files.first);
    snprintf(beside, sizeof beside, "/tmp/%s", files.own);
    expect_replay(&files);
    cr_assert_eq(unlink(first), 0);
    expect_replay(&files);
    cr_assert_eq(rename(there, beside), 0);
    expect_replay(&files);
    cr_assert_eq(unlink(beside), 0);
    StageOptions options = {.path = files.stored.path, .only_run = -1, .isa = isa_best()};
    cr_assert_null(stage_open(&options, &problems));
    Text why = {0};
    problems_print(&problems, &why);
    cr_assert_eq(problems.n, 1);
    cr_assert(strstr(text_of(&why), "data.path") && strstr(text_of(&why), there) &&
                  strstr(text_of(&why), "No such file"),
              "%s", text_of(&why));
    text_release(&why);
    cr_assert_eq(rmdir(files.folder), 0);
    stored_release(&files.stored);
}

static void execute(const char *path, const char *sql) {
    sqlite3 *db;
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
    cr_assert_eq(sqlite3_close(db), SQLITE_OK);
}

/* What cannot be read is told once, and the rest is shown. */
Test(follow, tells_of_damage_and_goes_on) {
    Stored stored;
    Error error = {0};
    int n;
    stored_init(&stored, sweep);
    stored_train(&stored, -1);
    execute(stored.path, "UPDATE tensor SET data = zeroblob(length(data)) "
                         "WHERE step = 100 AND run_id = (SELECT id FROM run WHERE number = 2)");
    Stage *stage = open_stage(stored.path, -1);
    cr_assert_not(stage_wait(stage, &error));
    cr_assert(strstr(error.text, "checksum"), "%s", error.text);
    read_all(stage);
    history_moments(stage->histories[2], &n);
    cr_assert_eq(n, 2); /* steps 0 and 50 */
    history_moments(stage->histories[3], &n);
    cr_assert_eq(n, 5);
    cr_assert_eq(stage->map.n_done, 4);
    stage_close(stage);
    stored_release(&stored);
}

/* Another file under its name is not taken for it. */
Test(follow, notices_another_file) {
    Stored stored;
    Error error = {0};
    char old[80];
    bool is_new, has_told = false;
    double begun = clock_wall();
    stored_init(&stored, single);
    stored_train(&stored, -1);
    Stage *stage = open_stage(stored.path, -1);
    read_all(stage);
    snprintf(old, sizeof old, "%s.bak", stored.path);
    cr_assert_eq(rename(stored.path, old), 0);
    stored_train(&stored, -1);
    while (!has_told && clock_wall() - begun < 20) {
        has_told = !stage_collect(stage, &is_new, &error);
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
    cr_assert(has_told && strstr(error.text, "another file"), "%s", error.text);
    stage_close(stage);
    unlink(old);
    stored_release(&stored);
}

Test(follow, refuses_what_it_cannot_show) {
    Stored stored;
    Arena arena = {0};
    const char *const overrides[] = {"train.steps=5"};
    char junk[64];
    snprintf(junk, sizeof junk, "/tmp/superpose-junk-%d.db", (int)getpid());
    FILE *file = fopen(junk, "w");
    cr_assert(file && fputs("neither a store nor a config\n", file) >= 0 && fclose(file) == 0);
    stored_init(&stored, single);
    stored_train(&stored, -1);
    const struct {
        StageOptions options;
        const char *says;
    } cases[] = {
        {{.path = stored.path, .overrides = overrides, .n_overrides = 1, .only_run = -1},
         "train.steps=5 cannot be set"},
        {{.path = stored.path, .only_run = 1}, "runs 0 to 0"},
        {{.path = "/tmp/no-such.db", .only_run = -1}, "No such file"},
        {{.path = junk, .only_run = -1}, "is not a superpose store"},
    };
    for (int i = 0; i < 4; i++) {
        Problems problems = {.arena = &arena};
        Text text = {0};
        cr_expect_null(stage_open(&cases[i].options, &problems));
        problems_print(&problems, &text);
        cr_expect(strstr(text_of(&text), cases[i].says), "%s", text_of(&text));
        text_release(&text);
    }
    unlink(junk);
    arena_release(&arena);
    stored_release(&stored);
}
