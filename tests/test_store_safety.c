/* store: one writer and any readers, each of whom sees whole runs or none; damage and strangers are
 * refused. Writers that are killed: test_store_killed.c. */
#include "tests/store_sample.h"
#include "tests/stored.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

Test(store_safety, has_one_writer_and_any_readers, .init = begin, .fini = remove_folder) {
    Arena arena = {0};
    Error error = {0};
    Store *writer = open_store(STORE_WRITE), *second;
    add(writer, 0, 1);
    cr_assert_not(store_open(&second, path, STORE_WRITE, &error), "in the same process");
    cr_assert(strstr(error.text, "another process is writing this store"), "%s", error.text);
    cr_assert_null(second);
    pid_t child = fork();
    if (child == 0)
        _exit(store_open(&second, path, STORE_WRITE, &error) ? 1 : 0);
    int status;
    waitpid(child, &status, 0);
    cr_assert_eq(status, 0, "in another process");
    Store *reader = open_store(STORE_READ);
    read_runs(reader, &arena, 1);
    cr_assert(store_begin(writer, &error));
    add(writer, 1, 1);
    read_runs(reader, &arena, 1);
    cr_assert(store_commit(writer, &error));
    StoredRun *runs = read_runs(reader, &arena, 2);
    check_tensors(reader, &runs[1]);
    close_store(reader);
    close_store(writer);
    cr_assert_eq(count_files("*"), 1);
    writer = open_store(STORE_WRITE);
    close_store(writer);
    arena_release(&arena);
}

typedef struct Bytes {
    unsigned char *data;
    size_t n;
} Bytes;

static Bytes read_bytes(void) {
    Bytes bytes = {malloc(1 << 20), 0};
    FILE *file = fopen(path, "rb");
    cr_assert(file);
    bytes.n = fread(bytes.data, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

static void write_bytes(const void *data, size_t n) {
    FILE *file = fopen(path, "wb");
    cr_assert(file && fwrite(data, 1, n, file) == n);
    fclose(file);
}

/* Neither mode opens the file, and it stays byte for byte. */
static void check_refused(const char *what, const char *why) {
    Bytes before = read_bytes();
    for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
        Store *store;
        Error error = {0};
        cr_assert_not(store_open(&store, path, (StoreMode)mode, &error), "%s", what);
        cr_assert(strstr(error.text, why), "%s: %s", what, error.text);
        cr_assert(strstr(error.text, path), "%s: %s", what, error.text);
        Bytes after = read_bytes();
        cr_assert(after.n == before.n && memcmp(after.data, before.data, after.n) == 0, "%s", what);
        cr_assert_eq(count_files("*"), 1, "%s", what);
        free(after.data);
    }
    free(before.data);
}

static void run_sqlite(const char *sql) {
    sqlite3 *db;
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
    sqlite3_close(db);
}

/* A reader that pauses keeps nobody from leaving one plain file, and learns what was written. */
Test(store_safety, pauses_while_others_write, .init = begin, .fini = remove_folder) {
    Error error = {0};
    Arena arena = {0};
    bool is_new;
    Store *writer = open_store(STORE_WRITE);
    add(writer, 0, 1);
    Store *reader = open_store(STORE_READ);
    read_runs(reader, &arena, 1);
    cr_assert(store_pause(reader, &error), "%s", error.text);
    cr_assert(store_resume(reader, &is_new, &error) && !is_new, "%s", error.text);
    read_runs(reader, &arena, 1);
    cr_assert(store_pause(reader, &error));
    add(writer, 1, 2);
    cr_assert(store_resume(reader, &is_new, &error) && is_new);
    read_runs(reader, &arena, 2);
    cr_assert(store_pause(reader, &error));
    close_store(writer);
    cr_assert_eq(count_files("*"), 1, "one plain file");
    cr_assert(store_resume(reader, &is_new, &error) && is_new);
    read_runs(reader, &arena, 2);
    cr_assert(store_pause(reader, &error));
    cr_assert_eq(unlink(path), 0);
    cr_assert_not(store_resume(reader, &is_new, &error));
    cr_assert(strstr(error.text, "has gone"), "%s", error.text);
    close_store(reader);
    arena_release(&arena);
}

/* Puts the program's mark in the head, or another's, as of the same moment. */
static void write_mark(const char mark[4], const struct timespec *when) {
    int file = open(path, O_WRONLY);
    struct timespec times[2] = {*when, *when};
    cr_assert_eq(pwrite(file, mark, 4, 68), 4);
    cr_assert_eq(futimens(file, times), 0);
    cr_assert_eq(close(file), 0);
}

/* What a look failed at is still new when the next one succeeds. */
Test(store_safety, resumes_to_what_is_new_after_a_failure, .init = begin, .fini = remove_folder) {
    Error error = {0};
    bool is_new;
    char mark[4];
    struct timespec when = {.tv_sec = 1000000000};
    Store *writer = open_store(STORE_WRITE);
    add(writer, 0, 1);
    close_store(writer);
    FILE *file = fopen(path, "rb");
    cr_assert(fseek(file, 68, SEEK_SET) == 0 && fread(mark, 1, 4, file) == 4);
    fclose(file);
    Store *reader = open_store(STORE_READ);
    cr_assert(store_pause(reader, &error));
    write_mark("none", &when);
    cr_assert_not(store_resume(reader, &is_new, &error));
    write_mark(mark, &when);
    cr_assert(store_resume(reader, &is_new, &error) && is_new, "%s", error.text);
    close_store(reader);
}

static void read_numbering(int64_t ids[3], char config[1024]) {
    Arena arena = {0};
    Error error = {0};
    StoredRun *runs;
    int64_t n;
    Store *store = open_store(STORE_READ);
    cr_assert(store_runs(store, &arena, &runs, &n, &error) && n == 3, "%s", error.text);
    for (int i = 0; i < 3; i++)
        ids[i] = runs[i].number == i ? runs[i].id : -1;
    snprintf(config, 1024, "%s", store_fact(store, "config", &arena));
    close_store(store);
    arena_release(&arena);
}

#define THREE                                                                                      \
    "data: {kind: independent, n_features: 3, feature_probability: 0.5}\n"                         \
    "model: {kind: linear, n_hidden: 2}\ntrain: {steps: 2, batch: 4}\nsweep: {train.seed: "

/* A config that cannot be put in place of another leaves that, and all its numbers. */
Test(store_safety, renumbers_all_or_nothing) {
    Stored stored, other;
    Error error = {0};
    Plan plan;
    RunChoice choice = {.n_shards = 1, .only_run = -1};
    int64_t before[3], after[3];
    char config[1024], config_after[1024];
    stored_init(&stored, THREE "[0, 1, 2]}\n");
    stored_train(&stored, -1);
    snprintf(path, sizeof path, "%s", stored.path);
    read_numbering(before, config);
    run_sqlite("CREATE TRIGGER refuse BEFORE UPDATE OF number ON run WHEN old.number = 0 "
               "BEGIN SELECT RAISE(ABORT, 'this one stays'); END");
    char copy[80];
    snprintf(copy, sizeof copy, "%s-kept", path);
    cr_assert_eq(rename(path, copy), 0); /* stored_init removes what is there */
    stored_init(&other, THREE "[2, 1, 0]}\n");
    cr_assert_eq(rename(copy, path), 0);
    Store *store = open_store(STORE_WRITE);
    cr_assert_not(plan_make(other.experiment, store, "c", &choice, &other.arena, &plan, &error));
    cr_assert(strstr(error.text, "this one stays"), "%s", error.text);
    close_store(store);
    read_numbering(after, config_after);
    cr_assert_arr_eq(after, before, sizeof before);
    cr_assert_str_eq(config_after, config);
    arena_release(&other.arena);
    stored_release(&stored);
}

Test(store_safety, refuses_what_is_no_sound_store, .init = begin, .fini = remove_folder) {
    Store *store = open_store(STORE_WRITE);
    for (int64_t i = 0; i < 30; i++)
        add(store, i, 1);
    close_store(store);
    Bytes good = read_bytes();

    write_bytes("a: 1\n", 5);
    check_refused("a short text", "is not a superpose store");
    unsigned char *text = malloc(8192);
    memset(text, '#', 8192);
    write_bytes(text, 8192);
    check_refused("a long text", "is not a superpose store");
    free(text);
    unlink(path);
    run_sqlite("CREATE TABLE run (id INTEGER); PRAGMA user_version = 1");
    check_refused("another database", "another program's database");
    write_bytes(good.data, good.n);
    run_sqlite("PRAGMA user_version = 3");
    check_refused("a newer schema", "newer superpose (schema 3; this one knows up to 2)");
    run_sqlite("PRAGMA user_version = 0");
    check_refused("no schema", "is damaged: no superpose wrote schema 0");
    run_sqlite("PRAGMA user_version = 1; DROP TABLE claim");
    check_refused("a missing table", "tables are missing");
    write_bytes(good.data, good.n / 2);
    check_refused("a cut file", "is damaged");
    memset(good.data + 2 * 4096, 0x55, 4096);
    write_bytes(good.data, good.n);
    check_refused("a page of noise", "is damaged");
    free(good.data);
}

static void check_claim(Store *store, const char *text, const char *figure) {
    Arena arena = {0};
    Error error = {0};
    StoredClaim *read;
    int n;
    cr_assert(store_claims(store, &arena, &read, &n, &error), "%s", error.text);
    cr_assert_eq(n, 1);
    cr_assert_str_eq(read->text, text);
    cr_assert(figure ? read->figure && strcmp(read->figure, figure) == 0 : !read->figure);
    arena_release(&arena);
}

/* As the first schema wrote it: claims had no figure. */
Test(store_safety, reads_and_upgrades_the_first_schema, .init = begin, .fini = remove_folder) {
    Error error = {0};
    close_store(open_store(STORE_WRITE));
    run_sqlite("DROP TABLE claim; CREATE TABLE claim (position INTEGER PRIMARY KEY, text TEXT NOT "
               "NULL, found TEXT NOT NULL, state TEXT NOT NULL, source TEXT, known TEXT -- why\n);"
               "INSERT INTO claim VALUES (0, 'a', '1', 'held', NULL, NULL);"
               "PRAGMA user_version = 1");
    Bytes before = read_bytes();
    for (StoreMode mode = STORE_READ; mode <= STORE_WRITE; mode++) {
        Store *store = open_store(mode);
        check_claim(store, "a", NULL);
        close_store(store);
    }
    Bytes after = read_bytes();
    cr_assert(before.n == after.n && memcmp(before.data, after.data, after.n) == 0,
              "only looked at, it keeps its bytes");
    Store *store = open_store(STORE_WRITE);
    add(store, 0, 1);
    check_claim(store, "a", NULL);
    const StoredClaim claim = {"b", "2", "held", NULL, NULL, "gram"};
    cr_assert(store_set_claims(store, &claim, 1, &error), "%s", error.text);
    close_store(store);
    store = open_store(STORE_READ);
    cr_assert_eq(store->schema, STORE_SCHEMA);
    check_claim(store, "b", "gram");
    close_store(store);
    free(before.data);
    free(after.data);
}

Test(store_safety, refuses_what_is_not_there, .init = begin, .fini = remove_folder) {
    Store *store;
    Error error = {0};
    cr_assert_not(store_open(&store, path, STORE_READ, &error));
    cr_assert(strstr(error.text, "x.db: No such file"), "%s", error.text);
    cr_assert_not(store_open(&store, folder, STORE_READ, &error));
    cr_assert_not(store_open(&store, folder, STORE_WRITE, &error));
    cr_assert(strstr(error.text, "is not a file"), "%s", error.text);
    cr_assert_not(store_open(&store, "/nowhere/x.db", STORE_WRITE, &error));
    cr_assert(strstr(error.text, "/nowhere/x.db: cannot be written: No such file"), "%s",
              error.text);
    write_bytes("", 0);
    cr_assert_not(store_open(&store, path, STORE_READ, &error));
    cr_assert(strstr(error.text, "empty file"), "%s", error.text);
    store = open_store(STORE_WRITE); /* an empty file is a new store */
    add(store, 0, 1);
    close_store(store);
    cr_assert_eq(count_files("*"), 1);
}

/* Flips one bit of the place where `data` lies in the file. */
static void flip(const void *data, size_t n) {
    Bytes bytes = read_bytes();
    size_t at = 0;
    while (at + n <= bytes.n && memcmp(bytes.data + at, data, n))
        at++;
    cr_assert(at + n <= bytes.n);
    bytes.data[at + n / 2] ^= 16;
    write_bytes(bytes.data, bytes.n);
    free(bytes.data);
}

Test(store_safety, finds_flipped_bits, .init = begin, .fini = remove_folder) {
    Arena arena = {0};
    Error error = {0};
    Sample sample;
    float state[40];
    for (int i = 0; i < 40; i++)
        state[i] = (float)i * 1.25f;
    fill(&sample, 3, 1);
    Store *store = open_store(STORE_WRITE);
    add(store, 3, 1);
    StatePart part = {state, 40};
    cr_assert(store_put_checkpoint(store, "unfinished", 5, "avx2", &part, 1, &error));
    close_store(store);
    flip(sample.W[1], sizeof sample.W[1]);
    flip(sample.norms, sizeof sample.norms);
    flip(state, sizeof state);
    store = open_store(STORE_READ);
    StoredRun *runs = read_runs(store, &arena, 1);
    StoredTensor *tensors;
    StoredMeasurement got;
    float *read;
    int64_t step, n_state;
    int n;
    bool found;
    cr_assert(store_tensors(store, runs[0].id, 0, &arena, &tensors, &n, &error), "still good");
    cr_assert_not(store_tensors(store, runs[0].id, 10, &arena, &tensors, &n, &error));
    cr_assert(strstr(error.text, "tensor W of run 1 at step 10: the checksum of piece 0 is wrong"),
              "%s", error.text);
    cr_assert_not(
        store_measurement(store, runs[0].id, "feature_norm", 10, &arena, &got, &found, &error));
    cr_assert(strstr(error.text, "feature_norm"), "%s", error.text);
    cr_assert_not(store_checkpoint(store, "unfinished", "avx2", &arena, &step, &read, &n_state,
                                   &found, &error));
    cr_assert(strstr(error.text, "checkpoint: the checksum"), "%s", error.text);
    close_store(store);
    arena_release(&arena);
}

Test(store_safety, finds_missing_pieces, .init = begin, .fini = remove_folder) {
    Arena arena = {0};
    Error error = {0};
    Store *store = open_store(STORE_WRITE);
    store->piece_bytes = 16;
    add(store, 0, 1);
    close_store(store);
    run_sqlite("DELETE FROM tensor WHERE name = 'W' AND step = 10 AND piece = 2");
    store = open_store(STORE_READ);
    StoredRun *runs = read_runs(store, &arena, 1);
    StoredTensor *tensors;
    int n;
    cr_assert_not(store_tensors(store, runs[0].id, 10, &arena, &tensors, &n, &error));
    cr_assert(strstr(error.text, "misses 8 bytes"), "%s", error.text);
    close_store(store);
    arena_release(&arena);
}
