/* store: what is put in comes out, whole runs or none, damage and strangers are refused. Expected
 * values are those the test itself puts in. */
#include "sim/store/internal.h"
#include "tests/folder.h"

#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char path[64];

static void begin(void) {
    make_folder();
    snprintf(path, sizeof path, "%s/x.db", folder);
}

static Store *open_store(StoreMode mode) {
    Store *store;
    Error error = {0};
    cr_assert(store_open(&store, path, mode, &error), "%s", error.text);
    return store;
}

static void close_store(Store *store) {
    Error error = {0};
    cr_assert(store_close(store, &error), "%s", error.text);
}

enum { N_ROWS = 5, N_COLUMNS = 2, N_STEPS = 2 };

/* Value i of tensor `kind` of run `seed` at `step`. */
static float tensor_value(int64_t seed, int64_t step, int kind, int i) {
    return (float)(seed * 1000 + step * 100 + kind * 50 + i) / 8;
}

typedef struct Sample {
    float W[N_STEPS][N_ROWS * N_COLUMNS], b[N_STEPS][N_ROWS];
    double norms[N_ROWS], geometry, loss;
    char identity[33], axes[64];
    StoredTensor tensors[2 * N_STEPS];
    StoredMeasurement measurements[3];
    StoredRun run;
} Sample;

static const char *const shapes[] = {"digon", "pen\"tagon"};

/* A run of two restarts a point, with a snapshot at step 0 and the end at step 10. */
static void fill(Sample *sample, int64_t number, double loss) {
    static const Tensor W = {.name = "W", .n_rows = N_ROWS, .n_columns = N_COLUMNS};
    static const Tensor b = {.name = "b",
                             .n_rows = N_ROWS,
                             .n_columns = 1,
                             .is_vector = true,
                             .offset = N_ROWS * N_COLUMNS};
    memset(sample, 0, sizeof *sample);
    for (int t = 0; t < N_STEPS; t++) {
        for (int i = 0; i < N_ROWS * N_COLUMNS; i++)
            sample->W[t][i] = tensor_value(number, 10 * t, 0, i);
        for (int i = 0; i < N_ROWS; i++)
            sample->b[t][i] = tensor_value(number, 10 * t, 1, i);
        sample->tensors[2 * t] = (StoredTensor){10 * t, W, sample->W[t]};
        sample->tensors[2 * t + 1] = (StoredTensor){10 * t, b, sample->b[t]};
    }
    for (int i = 0; i < N_ROWS; i++)
        sample->norms[i] = i == 3 ? (double)NAN : i / 7.0;
    sample->loss = loss;
    sample->geometry = 1;
    sample->measurements[0] = (StoredMeasurement){
        10, "loss", "loss_samples: 4096", {"loss", 0, {0}, &sample->loss, 0, 0}};
    sample->measurements[1] = (StoredMeasurement){
        10, "feature_norm", "", {"feature_norm", 1, {N_ROWS}, sample->norms, 0, 0}};
    sample->measurements[2] =
        (StoredMeasurement){10, "geometry", "", {"geometry", 0, {0}, &sample->geometry, shapes, 2}};
    snprintf(sample->identity, sizeof sample->identity, "%032llx", (long long)number);
    snprintf(sample->axes, sizeof sample->axes, "{\"train.seed\": %lld}", (long long)number / 2);
    sample->run = (StoredRun){.number = number,
                              .point = number / 2,
                              .restart = number % 2,
                              .seed = number / 2,
                              .identity = sample->identity,
                              .settings = "{model: {kind: linear}}",
                              .axes = sample->axes,
                              .status = RUN_DONE,
                              .steps = 10,
                              .wall_s = 0.5,
                              .cpu_s = 0.25,
                              .loss = loss};
}

static void add(Store *store, int64_t number, double loss) {
    Sample sample;
    Error error = {0};
    fill(&sample, number, loss);
    cr_assert(store_add_run(store, &sample.run, sample.tensors, 2 * N_STEPS, sample.measurements, 3,
                            &error),
              "%s", error.text);
    cr_assert_gt(sample.run.id, 0);
}

static void check_tensors(Store *store, const StoredRun *run) {
    Arena arena = {0};
    Error error = {0};
    int64_t *steps;
    int n, n_steps;
    StoredTensor *tensors;
    cr_assert(store_steps(store, run->id, &arena, &steps, &n_steps, &error));
    cr_assert(n_steps == N_STEPS && steps[0] == 0 && steps[1] == 10);
    for (int t = 0; t < N_STEPS; t++) {
        cr_assert(store_tensors(store, run->id, steps[t], &arena, &tensors, &n, &error), "%s",
                  error.text);
        cr_assert_eq(n, 2);
        cr_assert_str_eq(tensors[0].tensor.name, "W");
        cr_assert_str_eq(tensors[1].tensor.name, "b");
        cr_assert(tensors[0].tensor.n_rows == N_ROWS && tensors[0].tensor.n_columns == N_COLUMNS);
        cr_assert(tensors[1].tensor.is_vector && tensors[1].tensor.n_columns == 1);
        cr_assert_eq(tensors[1].tensor.offset, N_ROWS * N_COLUMNS);
        cr_assert_eq(tensors[0].step, steps[t]);
        for (int kind = 0; kind < 2; kind++)
            for (int i = 0; i < (kind ? N_ROWS : N_ROWS * N_COLUMNS); i++)
                cr_assert_eq(tensors[kind].values[i],
                             tensor_value(run->point * 2 + run->restart, steps[t], kind, i));
    }
    cr_assert_not(store_tensors(store, run->id, 5, &arena, &tensors, &n, &error));
    cr_assert(strstr(error.text, "no parameters at step 5"));
    arena_release(&arena);
}

static void check_measurements(Store *store, const StoredRun *run) {
    Arena arena = {0};
    Error error = {0};
    StoredMeasurement got;
    bool found;
    cr_assert(store_measurement(store, run->id, "feature_norm", 10, &arena, &got, &found, &error));
    cr_assert(found && got.measurement.rank == 1 && got.measurement.shape[0] == N_ROWS);
    for (int i = 0; i < N_ROWS; i++)
        cr_assert(i == 3 ? isnan(got.measurement.values[i]) : got.measurement.values[i] == i / 7.0);
    cr_assert_null(got.measurement.labels);
    cr_assert(store_measurement(store, run->id, "geometry", 10, &arena, &got, &found, &error));
    cr_assert(found && got.measurement.rank == 0 && got.measurement.n_labels == 2);
    cr_assert_str_eq(got.measurement.labels[(int)got.measurement.values[0]], "pen\"tagon");
    cr_assert(store_measurement(store, run->id, "loss", 10, &arena, &got, &found, &error));
    cr_assert(found && got.step == 10);
    cr_assert_str_eq(got.maker, "loss");
    cr_assert_str_eq(got.settings, "loss_samples: 4096");
    cr_assert(store_measurement(store, run->id, "loss", 9, &arena, &got, &found, &error));
    cr_assert_not(found);
    arena_release(&arena);
}

static StoredRun *read_runs(Store *store, Arena *arena, int64_t n_expected) {
    StoredRun *runs;
    int64_t n;
    Error error = {0};
    cr_assert(store_runs(store, arena, &runs, &n, &error), "%s", error.text);
    cr_assert_eq(n, n_expected, "%lld runs", (long long)n);
    return runs;
}

Test(store, gives_back_whole_runs, .init = begin, .fini = remove_folder) {
    static const int64_t piece_sizes[] = {4, 12, 40, STORE_PIECE};
    for (int k = 0; k < 4; k++) {
        Store *store = open_store(STORE_WRITE);
        Arena arena = {0};
        store->piece_bytes = piece_sizes[k];
        for (int64_t i = 0; i < 20; i++)
            add(store, 19 - i, 19 - i); /* the same runs as before are replaced */
        close_store(store);
        cr_assert_eq(count_files("*"), 1, "one plain file");
        store = open_store(STORE_READ);
        StoredRun *runs = read_runs(store, &arena, 20);
        for (int64_t i = 0; i < 20; i++) {
            cr_assert(runs[i].number == i && runs[i].point == i / 2 && runs[i].restart == i % 2);
            cr_assert(runs[i].seed == i / 2 && runs[i].steps == 10 && runs[i].loss == (double)i);
            cr_assert(runs[i].wall_s == 0.5 && runs[i].cpu_s == 0.25);
            cr_assert(store_run_texts(store, &runs[i], &arena, &(Error){0}));
            cr_assert(runs[i].status == RUN_DONE && !runs[i].error);
            cr_assert_str_eq(runs[i].settings, "{model: {kind: linear}}");
            cr_assert_eq(runs[i].is_best, i % 2 == 0);
            check_tensors(store, &runs[i]);
            check_measurements(store, &runs[i]);
        }
        close_store(store);
        arena_release(&arena);
    }
    close_store(NULL);
}

Test(store, keeps_facts_claims_and_summaries, .init = begin, .fini = remove_folder) {
    Arena arena = {0};
    Error error = {0};
    Store *store = open_store(STORE_WRITE);
    cr_assert_null(store_fact(store, "name", &arena));
    cr_assert(store_set_fact(store, "name", "old", &error));
    cr_assert(store_set_fact(store, "name", "intro", &error));
    static const StoredClaim claims[] = {{"a", "1", "held", "the paper", NULL, NULL},
                                         {"b", "2", "known", NULL, "why", "gram"}};
    cr_assert(store_set_claims(store, claims, 2, &error));
    cr_assert(store_set_claims(store, claims, 2, &error));
    double values[6] = {1, 2, 3, 4, 5, (double)INFINITY};
    StoredMeasurement slope = {0, "slope", "", {"slope", 2, {3, 2}, values, NULL, 0}};
    cr_assert(store_put_measurement(store, 0, &slope, &error));
    values[0] = 7;
    cr_assert(store_put_measurement(store, 0, &slope, &error));
    add(store, 0, 1);
    close_store(store);
    store = open_store(STORE_READ);
    cr_assert_str_eq(store_fact(store, "name", &arena), "intro");
    StoredClaim *read;
    int n;
    cr_assert(store_claims(store, &arena, &read, &n, &error));
    cr_assert_eq(n, 2);
    cr_assert_str_eq(read[0].source, "the paper");
    cr_assert(!read[0].known && !read[1].source);
    cr_assert_str_eq(read[1].known, "why");
    cr_assert_null(read[0].figure);
    cr_assert_str_eq(read[1].figure, "gram");
    StoredMeasurement got;
    bool found;
    cr_assert(store_measurement(store, 0, "slope", 0, &arena, &got, &found, &error));
    cr_assert(found && got.measurement.rank == 2 && got.measurement.shape[0] == 3);
    cr_assert(memcmp(got.measurement.values, values, sizeof values) == 0);
    const char **names;
    cr_assert(store_measurement_names(store, false, false, &arena, &names, &n, &error));
    cr_assert(n == 1 && strcmp(names[0], "slope") == 0);
    cr_assert(store_measurement_names(store, true, false, &arena, &names, &n, &error));
    cr_assert(n == 3 && strcmp(names[0], "loss") == 0 && strcmp(names[2], "geometry") == 0);
    cr_assert(store_measurement_names(store, true, true, &arena, &names, &n, &error));
    cr_assert_eq(n, 0);
    cr_assert_not(store_set_fact(store, "name", "other", &error), "a reader does not write");
    close_store(store);
    arena_release(&arena);
}

Test(store, takes_names_of_measurements_over_time, .init = begin, .fini = remove_folder) {
    Arena arena = {0};
    Error error = {0};
    const char **names;
    int n;
    Store *store = open_store(STORE_WRITE);
    add(store, 0, 1);
    StoredRun *runs = read_runs(store, &arena, 1);
    double value = 3;
    StoredMeasurement early = {0, "loss", "", {"loss", 0, {0}, &value, NULL, 0}};
    cr_assert(store_put_measurement(store, runs[0].id, &early, &error));
    cr_assert(store_measurement_names(store, true, true, &arena, &names, &n, &error));
    cr_assert(n == 1 && strcmp(names[0], "loss") == 0);
    close_store(store);
    arena_release(&arena);
}

Test(store, renumbers_and_removes, .init = begin, .fini = remove_folder) {
    Arena arena = {0};
    Error error = {0};
    Store *store = open_store(STORE_WRITE);
    for (int64_t i = 0; i < 4; i++)
        add(store, i, 4 - i);
    StoredRun *runs = read_runs(store, &arena, 4);
    cr_assert(!runs[0].is_best && runs[1].is_best && !runs[2].is_best && runs[3].is_best);
    /* A new config: old 3 is now run 0, old 0 is run 1 of the same point, 1 and 2 are gone. */
    unsigned char kept[] = {(unsigned char)(1 << runs[3].id | 1 << runs[0].id)};
    cr_assert_lt(runs[3].id, 8);
    cr_assert(store_begin(store, &error));
    cr_assert(store_set_number(store, runs[3].id, 0, 0, "{\"a\": 1}", &error));
    cr_assert(store_set_number(store, runs[0].id, 1, 0, "{\"a\": 2}", &error));
    cr_assert(store_clear_numbers(store, kept, &error));
    cr_assert(store_commit(store, &error));
    StoredRun *now = read_runs(store, &arena, 4);
    cr_assert(!now[0].axes && store_run_texts(store, &now[0], &arena, &error));
    cr_assert(now[0].id == runs[3].id && now[0].is_best && strcmp(now[0].axes, "{\"a\": 1}") == 0);
    cr_assert(now[1].id == runs[0].id && !now[1].is_best);
    for (int i = 2; i < 4; i++)
        cr_assert(now[i].number == -1 && now[i].point == -1 && !now[i].is_best);
    close_store(store);
    arena_release(&arena);
}

/* Of a point's done runs the lowest loss, the first of equals; a NaN only where all are. */
Test(store, marks_the_best_of_each_point, .init = begin, .fini = remove_folder) {
    static const struct {
        double losses[2];
        RunStatus status[2];
        bool best[2];
    } rows[] = {
        {{1, 1}, {RUN_DONE, RUN_DONE}, {true, false}},
        {{2, 1}, {RUN_DONE, RUN_DONE}, {false, true}},
        {{2, 1}, {RUN_DONE, RUN_FAILED}, {true, false}},
        {{1, 1}, {RUN_FAILED, RUN_FAILED}, {false, false}},
        {{0, 1}, {RUN_INTERRUPTED, RUN_DONE}, {false, true}},
        {{(double)NAN, 1}, {RUN_DONE, RUN_DONE}, {false, true}},
        {{(double)NAN, (double)NAN}, {RUN_DONE, RUN_DONE}, {true, false}},
    };
    enum { N = sizeof rows / sizeof *rows };
    Arena arena = {0};
    Error error = {0};
    Store *store = open_store(STORE_WRITE);
    for (int i = 0; i < 2 * N; i++) {
        Sample sample;
        fill(&sample, i, rows[i / 2].losses[i % 2]);
        sample.run.status = rows[i / 2].status[i % 2];
        sample.run.error = sample.run.status == RUN_FAILED ? "loss is NaN at step 3" : NULL;
        cr_assert(store_add_run(store, &sample.run, NULL, 0, NULL, 0, &error));
    }
    StoredRun *runs = read_runs(store, &arena, 2 * N);
    for (int i = 0; i < 2 * N; i++) {
        cr_assert_eq(runs[i].is_best, rows[i / 2].best[i % 2], "run %d", i);
        cr_assert_eq(runs[i].status, rows[i / 2].status[i % 2]);
        cr_assert(store_run_texts(store, &runs[i], &arena, &error));
        cr_assert_eq(runs[i].error != NULL, runs[i].status == RUN_FAILED);
    }
    close_store(store);
    arena_release(&arena);
}

Test(store, drops_a_checkpoint_with_its_run, .init = begin, .fini = remove_folder) {
    Arena arena = {0};
    Error error = {0};
    Store *store = open_store(STORE_WRITE);
    Sample sample;
    float state[100], *got;
    int64_t step, n;
    bool found;
    fill(&sample, 7, 1);
    store->piece_bytes = 64;
    for (int round = 1; round <= 2; round++) {
        for (int i = 0; i < 100; i++)
            state[i] = (float)(i * round);
        StatePart parts[] = {{state, 20}, {state + 20, round == 1 ? 80 : 30}};
        cr_assert(
            store_put_checkpoint(store, sample.identity, 500 * round, "avx2", parts, 2, &error));
    }
    cr_assert(
        store_checkpoint(store, sample.identity, "neon", &arena, &step, &got, &n, &found, &error));
    cr_assert_not(found, "another instruction set");
    cr_assert(
        store_checkpoint(store, sample.identity, "avx2", &arena, &step, &got, &n, &found, &error));
    cr_assert(found && step == 1000 && n == 50 && memcmp(got, state, 50 * sizeof *state) == 0);
    add(store, 7, 1);
    cr_assert(
        store_checkpoint(store, sample.identity, "avx2", &arena, &step, &got, &n, &found, &error));
    cr_assert_not(found);
    close_store(store);
    arena_release(&arena);
}

/* A run that cannot be stored (the same tensor twice) leaves no trace, and its neighbours stay. */
Test(store, keeps_the_rest_when_one_run_fails, .init = begin, .fini = remove_folder) {
    Arena arena = {0};
    Error error = {0};
    Store *store = open_store(STORE_WRITE);
    Sample sample;
    cr_assert(store_begin(store, &error));
    add(store, 0, 1);
    fill(&sample, 1, 1);
    sample.tensors[3] = sample.tensors[2];
    cr_assert_not(
        store_add_run(store, &sample.run, sample.tensors, 4, sample.measurements, 3, &error));
    cr_assert(strstr(error.text, "UNIQUE"), "%s", error.text);
    add(store, 2, 1);
    cr_assert(store_commit(store, &error));
    close_store(store);
    store = open_store(STORE_READ);
    StoredRun *runs = read_runs(store, &arena, 2);
    check_tensors(store, &runs[0]);
    check_tensors(store, &runs[1]);
    close_store(store);
    arena_release(&arena);
}

/* The child stores runs for ever, three a transaction, and is killed wherever it happens to be. */
Test(store, survives_a_kill_at_any_time, .init = begin, .fini = remove_folder) {
    int64_t n_before = 0;
    for (int round = 0; round < 8; round++) {
        pid_t child = fork();
        if (child == 0) {
            Store *store = open_store(STORE_WRITE);
            Error error;
            store->piece_bytes = 8;
            for (int64_t i = 0;; i++) {
                if (i % 3 == 0)
                    store_begin(store, &error);
                add(store, n_before + i, 1);
                if (i % 3 == 2)
                    store_commit(store, &error);
            }
        }
        nanosleep(&(struct timespec){.tv_nsec = 20000000 + 3700000 * round}, NULL);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        if (access(path, F_OK)) /* killed before the store was there */
            continue;
        for (int reader = 0; reader < 2; reader++) { /* a reader first, then the next writer */
            Arena arena = {0};
            Store *store = open_store(reader == 0 ? STORE_READ : STORE_WRITE);
            StoredRun *runs;
            int64_t n;
            Error error = {0};
            cr_assert(store_runs(store, &arena, &runs, &n, &error));
            cr_assert(n >= n_before && n % 3 == 0, "%lld runs", (long long)n);
            for (int64_t i = 0; i < n; i += 1 + n / 20) {
                check_tensors(store, &runs[i]);
                check_measurements(store, &runs[i]);
            }
            n_before = n;
            close_store(store);
            arena_release(&arena);
        }
        cr_assert_eq(count_files("*"), 1);
    }
    cr_assert_gt(n_before, 0);
}

Test(store, has_one_writer_and_any_readers, .init = begin, .fini = remove_folder) {
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
Test(store, pauses_while_others_write, .init = begin, .fini = remove_folder) {
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

Test(store, refuses_what_is_no_sound_store, .init = begin, .fini = remove_folder) {
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
Test(store, reads_and_upgrades_the_first_schema, .init = begin, .fini = remove_folder) {
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

Test(store, refuses_what_is_not_there, .init = begin, .fini = remove_folder) {
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

Test(store, finds_flipped_bits, .init = begin, .fini = remove_folder) {
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

Test(store, finds_missing_pieces, .init = begin, .fini = remove_folder) {
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

/* The Python text that `help store` ends with, run as it stands (tests/schema_snippet.py). */
Test(store, has_a_schema_whose_snippet_works, .init = begin, .fini = remove_folder) {
    Store *store = open_store(STORE_WRITE);
    store->piece_bytes = 8;
    for (int64_t i = 0; i < 4; i++)
        add(store, i, 4 - i);
    close_store(store);
    char name[80], command[256];
    snprintf(name, sizeof name, "%s/schema.txt", folder);
    write_text(name, store_schema());
    snprintf(command, sizeof command, "/usr/bin/python3 tests/schema_snippet.py %s %s", name, path);
    cr_assert_eq(system(command), 0);
}
