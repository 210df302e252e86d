/* store: what is put in comes out. Expected values are those the test itself puts in. */
#include "tests/store_sample.h"

#include <math.h>

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

/* What a maker knows of the way to a step: a snapshot at each of these. */
static void put_past(Store *store, int64_t id, const int64_t *steps, int n, int64_t until) {
    static const float W[4];
    static double values[2] = {0.5, 0.25};
    StoredTensor tensors[8];
    StoredMeasurement made[16];
    Error error = {0};
    for (int i = 0; i < n; i++) {
        tensors[i] = (StoredTensor){steps[i], {.name = "W", .n_rows = 2, .n_columns = 2}, W};
        made[2 * i] = (StoredMeasurement){steps[i], "view", "", {"rate", 0, {0}, values, 0, 0}};
        made[2 * i + 1] =
            (StoredMeasurement){steps[i], "view", "", {"batch", 0, {0}, values + 1, 0, 0}};
    }
    StoredPast past = {"view", "rate", until, tensors, n, made, 2 * n};
    cr_assert(store_put_past(store, id, &past, &error), "%s", error.text);
}

static void expect_steps(Store *store, int64_t id, const int64_t *steps, int n) {
    Arena arena = {0};
    Error error = {0};
    int64_t *found;
    int n_found;
    cr_assert(store_steps(store, id, &arena, &found, &n_found, &error));
    cr_assert_eq(n_found, n);
    cr_assert_arr_eq(found, steps, (size_t)n * sizeof *steps);
    arena_release(&arena);
}

/* A maker's snapshots take the place of its older ones up to their step, and nobody else's: the
 * run has some at 0 and at its end, 10. */
Test(store, puts_a_past_beside_what_there_is, .init = begin, .fini = remove_folder) {
    Arena arena = {0};
    Error error = {0};
    bool has[3];
    Store *store = open_store(STORE_WRITE);
    add(store, 0, 1);
    StoredRun *runs = read_runs(store, &arena, 1);
    int64_t id = runs[0].id;
    put_past(store, id, (int64_t[]){0, 2, 4, 6, 10}, 5, 10);
    expect_steps(store, id, (int64_t[]){0, 2, 4, 6, 10}, 5);
    put_past(store, id, (int64_t[]){0, 3, 5}, 3, 5);
    put_past(store, id, (int64_t[]){0, 3, 5}, 3, 5);
    expect_steps(store, id, (int64_t[]){0, 3, 5, 6, 10}, 5);
    cr_assert(store_has_measurement(store, id, "batch", 0, "", &has[0], &error) &&
              store_has_measurement(store, id, "batch", 2, "", &has[1], &error) &&
              store_has_measurement(store, id, "rate", 0, "", &has[2], &error));
    cr_assert(has[0] && !has[1] && !has[2]);
    cr_assert(store_has_measurement(store, id, "batch", 10, "", &has[0], &error) && !has[0]);
    check_measurements(store, &runs[0]);
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
