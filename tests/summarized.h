/* A store with runs of few numbers for tests of summaries. */
#ifndef SUPERPOSE_TESTS_SUMMARIZED_H
#define SUPERPOSE_TESTS_SUMMARIZED_H

#include "sim/experiment/experiment.h"
#include "tests/no_problems.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NONE ((double)NAN)

static Arena arena;
static Store *store;
static char path[64];

static inline void open_store(void) {
    Error error = {0};
    sprintf(path, "/tmp/test_summary-%d.db", (int)getpid());
    unlink(path);
    cr_assert(store_open(&store, path, STORE_WRITE, &error), "%s", error.text);
}

static inline void close_store(void) {
    Error error = {0};
    cr_assert(store_close(store, &error), "%s", error.text);
    unlink(path);
    arena_release(&arena);
}

/* A run as a summary sees it: three restarts a point. */
typedef struct Numbers {
    RunStatus status;
    double loss, count;
    const char *shape;
} Numbers;

static inline StoredRun run_of(int64_t number, const char *axes, const Numbers *numbers) {
    return (StoredRun){.number = number,
                       .point = number / 3,
                       .restart = number % 3,
                       .identity = arena_print(&arena, "%032lld", (long long)number),
                       .settings = "{}",
                       .axes = axes,
                       .status = numbers->status,
                       .steps = 100,
                       .loss = numbers->loss,
                       .error = numbers->status == RUN_FAILED ? "step 7" : NULL};
}

static inline void add_run(int64_t number, const char *axes, const Numbers *numbers) {
    StoredRun run = run_of(number, axes, numbers);
    double loss = numbers->loss, count = numbers->count, code = 0,
           norms[] = {(double)number, 2 * (double)number};
    const StoredMeasurement made[] = {
        {100, "loss", "", {"loss", 0, {0}, &loss, NULL, 0}},
        {100, "count", "", {"count", 0, {0}, &count, NULL, 0}},
        {100, "norms", "", {"norms", 1, {2}, norms, NULL, 0}},
        {100, "shape", "", {"shape", 0, {0}, &code, &numbers->shape, 1}}};
    int n = numbers->status == RUN_DONE ? numbers->shape ? 4 : 3 : 0;
    Error error = {0};
    cr_assert(store_add_run(store, &run, NULL, 0, made, n, &error), "%s", error.text);
}

static inline Choices rows_of(const char *text) {
    Problems problems = {.arena = &arena};
    const Yaml *list = yaml_parse("test", text, strlen(text), &arena, &problems);
    Choices rows = {ARENA_NEW(&arena, Choice, list->n), list->n};
    for (int i = 0; i < list->n; i++)
        choice_read(&summary_table, list->items[i], list->items[i]->place, NULL, 0, &rows.items[i],
                    &arena, &problems);
    expect_no_problems(true, &problems, text);
    return rows;
}

static inline StoredMeasurement whole(const char *name) {
    StoredMeasurement stored;
    Error error = {0};
    bool found;
    cr_assert(store_measurement(store, 0, name, 0, &arena, &stored, &found, &error));
    cr_assert(found, "%s", name);
    return stored;
}

/* Makes the rows [{kind: …, name: …, …}, …]; what is of the whole experiment has all its parts. */
static inline void make(const char *text) {
    Choices rows = rows_of(text);
    Error error = {0};
    cr_assert(summaries_make(&rows, store, &error), "%s", error.text);
    for (int r = 0; r < rows.n; r++) {
        const SummaryKind *kind = (const SummaryKind *)rows.items[r].kind;
        for (int i = 0; i < kind->n_parts && !kind->is_per_run; i++) {
            const char *name = summary_name(&rows.items[r]), *ending = kind->parts[i].ending;
            StoredMeasurement made =
                whole(ending ? arena_print(&arena, "%s_%s", name, ending) : name);
            cr_assert_eq(made.measurement.labels != NULL, kind->parts[i].is_text, "%s %s", name,
                         ending);
            cr_assert_str_eq(made.maker, kind->kind.name);
        }
    }
}

static inline bool is_there(const char *name) {
    StoredMeasurement stored;
    Error error = {0};
    bool found;
    cr_assert(store_measurement(store, 0, name, 0, &arena, &stored, &found, &error));
    return found;
}

static inline void check_close(double value, double expected, const char *about, int64_t i) {
    if (isnan(expected))
        cr_assert(isnan(value), "%s[%d] is %g, not NaN", about, (int)i, value);
    else
        cr_assert_float_eq(value, expected, 1e-12 * fmax(1, fabs(expected)), "%s[%d] is %.17g",
                           about, (int)i, value);
}

static inline void check_whole(const char *name, int64_t n, const double *expected) {
    StoredMeasurement stored = whole(name);
    cr_assert_eq(measurement_count(&stored.measurement), n, "%s", name);
    for (int64_t i = 0; i < n; i++)
        check_close(stored.measurement.values[i], expected[i], name, i);
}

/* Two points, p = 1 and 0.05, of three restarts. */
static const Numbers few[] = {
    {RUN_DONE, 0.4, 1, "digon"},  {RUN_DONE, 0.2, 2, "digon"},   {RUN_FAILED, NONE, 0, NULL},
    {RUN_DONE, 0.01, 4, "digon"}, {RUN_DONE, 0.0195, 7, "cube"}, {RUN_DONE, 0.011, 6, "cube"},
};

static inline void add_few(int n) {
    Error error = {0};
    cr_assert(store_set_fact(store, "axes", "[\"p\"]", &error));
    for (int i = 0; i < n; i++)
        add_run(i, i < 3 ? "{\"p\": 1}" : "{\"p\": 0.05}", &few[i]);
}

/* The value of each run, by number; NaN: it has none. */
static inline StoreColumn column_of(const char *name, int64_t *n) {
    StoredRun *runs;
    StoreColumn column;
    Error error = {0};
    cr_assert(store_runs(store, &arena, &runs, n, &error));
    cr_assert(store_column(store, runs, *n, name, &arena, &column, &error), "%s", error.text);
    return column;
}

#endif
