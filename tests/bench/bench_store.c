/* Runs a second that a store takes in, small ones (5 x 2, seven measurements each) at several sizes
 * of a transaction; how long the finished store takes to open and list, and to give one value
 * for each run; the largest resident memory.
 *
 *     bench_store [folder [runs]]      the store is made there (/tmp) and removed */
#include "sim/base/clock.h"
#include "sim/store/column.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

/* Ends the program where something failed. */
static void must(bool good, const Error *error) {
    if (good)
        return;
    fprintf(stderr, "bench_store: %s\n", error->text);
    exit(1);
}

static void add_run(Store *store, int64_t number) {
    static const char *const names[] = {"digon", "pentagon"};
    static const float W[10] = {1}, b[5] = {2};
    static double values[25];
    char identity[40], axes[80];
    uint64_t hash = ((uint64_t)number + 1) * 0x9e3779b97f4a7c15u; /* as scattered as real ones */
    snprintf(identity, sizeof identity, "%016llx%016llx", (unsigned long long)hash,
             (unsigned long long)(hash * hash));
    snprintf(axes, sizeof axes, "{\"data.feature_probability\": 0.05, \"train.seed\": %lld}",
             (long long)number);
    StoredRun run = {.number = number,
                     .point = number,
                     .identity = identity,
                     .settings = "{data: {kind: independent, n_features: 5}, model: {n_hidden: 2}}",
                     .axes = axes,
                     .steps = 1000};
    const StoredTensor tensors[] = {
        {1000, {.name = "W", .n_rows = 5, .n_columns = 2}, W},
        {1000, {.name = "b", .n_rows = 5, .n_columns = 1, .is_vector = true, .offset = 10}, b}};
    const StoredMeasurement measurements[] = {
        {1000, "loss", "", {"loss", 0, {0}, values, NULL, 0}},
        {1000, "loss", "", {"loss_se", 0, {0}, values, NULL, 0}},
        {1000, "feature_norm", "", {"feature_norm", 1, {5}, values, NULL, 0}},
        {1000, "interference", "", {"interference", 1, {5}, values, NULL, 0}},
        {1000, "feature_dimensionality", "", {"feature_dimensionality", 1, {5}, values, NULL, 0}},
        {1000, "gram", "", {"gram", 2, {5, 5}, values, NULL, 0}},
        {1000, "geometry", "", {"geometry", 0, {0}, values, names, 2}}};
    Error error;
    must(store_add_run(store, &run, tensors, 2, measurements, 7, &error), &error);
}

static double write_store(const char *path, int64_t n_runs, int64_t n_together) {
    Store *store;
    Error error;
    remove(path);
    double start = clock_wall();
    must(store_open(&store, path, STORE_WRITE, &error), &error);
    must(store_set_fact(store, "axes", "[\"train.seed\"]", &error), &error);
    for (int64_t i = 0; i < n_runs; i++) {
        if (i % n_together == 0)
            must(store_begin(store, &error), &error);
        add_run(store, i);
        if (i % n_together == n_together - 1 || i == n_runs - 1)
            must(store_commit(store, &error), &error);
    }
    must(store_close(store, &error), &error);
    return clock_wall() - start;
}

static double read_store(const char *path) {
    Store *store;
    Error error;
    Arena arena = {0};
    StoredRun *runs;
    int64_t n;
    double start = clock_wall();
    must(store_open(&store, path, STORE_READ, &error), &error);
    must(store_runs(store, &arena, &runs, &n, &error), &error);
    must(store_close(store, &error), &error);
    arena_release(&arena);
    return clock_wall() - start;
}

static double read_columns(const char *path) {
    static const char *const names[] = {"train.seed", "geometry", "feature_norm[-1]"};
    Store *store;
    Error error;
    Arena arena = {0};
    StoredRun *runs;
    StoreColumn column;
    int64_t n;
    must(store_open(&store, path, STORE_READ, &error), &error);
    must(store_runs(store, &arena, &runs, &n, &error), &error);
    double start = clock_wall();
    for (int i = 0; i < 3; i++)
        must(store_column(store, runs, n, names[i], &arena, &column, &error), &error);
    double took = clock_wall() - start;
    must(store_close(store, &error), &error);
    arena_release(&arena);
    return took / 3;
}

int main(int n_arguments, char **arguments) {
    int64_t n_runs = n_arguments > 2 ? atoll(arguments[2]) : 20000;
    char path[512];
    struct rusage used;
    snprintf(path, sizeof path, "%s/bench_store.db", n_arguments > 1 ? arguments[1] : "/tmp");
    printf("%lld runs of 5 x 2\n%20s %10s\n", (long long)n_runs, "runs a transaction", "runs/s");
    for (int64_t together = 1000; together >= 1; together /= 10)
        printf("%20lld %10.0f\n", (long long)together,
               (double)n_runs / write_store(path, n_runs, together));
    getrusage(RUSAGE_SELF, &used);
    printf("memory: %.1f MiB\n", (double)used.ru_maxrss / 1024);
    printf("opened, checked and listed in %.2f s\n", read_store(path));
    printf("a column (one value for each run) in %.3f s\n", read_columns(path));
    remove(path);
    return 0;
}
