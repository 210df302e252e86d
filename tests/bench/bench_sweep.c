/* A sweep of many runs that train nothing: what is timed is all that surrounds training, from
 * reading the config to the finished store, and then everything that reads such a store. Runs a
 * second of the whole program, and the most memory it held.
 *
 *     bench_sweep PROGRAM [folder [thousands of runs]]     100,000 runs; made there (/tmp), removed
 */
#include "tests/bench/child.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_WORDS = 12 };

typedef struct Sweep {
    const char *program, *config, *store, *csv;
    long n_runs;
} Sweep;

static const char *const tiny = "data: {kind: independent, n_features: 5, feature_probability: 1}\n"
                                "model: {kind: relu_output, n_hidden: 2}\n"
                                "train: {steps: 0}\n"
                                "sweep:\n"
                                "  data.feature_probability: {linspace: [0.001, 1, 1000]}\n"
                                "  train.seed: {range: [0, %ld]}\n"
                                "record: {snapshots: none, metrics: [loss], loss_samples: 1}\n";

static bool write_config(const char *path, long n_seeds) {
    FILE *file = fopen(path, "w");
    bool good = file && fprintf(file, tiny, n_seeds) > 0;
    return file && fclose(file) == 0 && good;
}

/* One line of the table; false where the program failed. */
static bool measure(const Sweep *sweep, const char *name, const char *const *words) {
    const char *all[MOST_WORDS + 2] = {sweep->program};
    Child child;
    for (int i = 0; words[i] && i < MOST_WORDS; i++)
        all[i + 1] = words[i];
    if (!child_run(all, &child)) {
        fprintf(stderr, "bench_sweep: %s cannot be started\n", sweep->program);
        return false;
    }
    text_release(&child.output);
    if (child.code != 0) {
        fprintf(stderr, "bench_sweep: %s %s ended with %d\n", sweep->program, words[0], child.code);
        return false;
    }
    printf("%-16s %8.2f %9.0f %8.1f\n", name, child.wall_s, (double)sweep->n_runs / child.wall_s,
           child.max_mib);
    fflush(stdout);
    return true;
}

static bool measure_all(const Sweep *sweep) {
    const char *config = sweep->config, *store = sweep->store;
    const struct {
        const char *name, *words[MOST_WORDS];
    } rows[] = {
        {"check", {"check", config}},
        {"run, 1 thread", {"run", config, "-o", store, "-j1", "-q", "--no-figures", "--fresh"}},
        {"run, all threads", {"run", config, "-o", store, "-q", "--no-figures", "--fresh"}},
        {"run again", {"run", config, "-o", store, "-q", "--no-figures"}},
        {"run again --json", {"run", config, "-o", store, "-q", "--no-figures", "--json"}},
        {"info", {"info", store}},
        {"export csv", {"export", store, "-o", sweep->csv}},
    };
    printf("%-16s %8s %9s %8s\n", "", "s", "runs/s", "MiB");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!measure(sweep, rows[i].name, rows[i].words))
            return false;
    return true;
}

int main(int argc, char **argv) {
    Arena arena = {0};
    const char *folder = argc > 2 ? argv[2] : "/tmp";
    long n_thousands = argc > 3 ? strtol(argv[3], NULL, 10) : 100;
    if (argc < 2 || n_thousands < 1) {
        fputs("usage: bench_sweep PROGRAM [folder [thousands of runs]]\n", stderr);
        return 2;
    }
    Sweep sweep = {argv[1], arena_print(&arena, "%s/bench-sweep.yaml", folder),
                   arena_print(&arena, "%s/bench-sweep.db", folder),
                   arena_print(&arena, "%s/bench-sweep.csv", folder), 1000 * n_thousands};
    bool good = write_config(sweep.config, n_thousands) && measure_all(&sweep);
    remove(sweep.config);
    remove(sweep.store);
    remove(arena_print(&arena, "%s.bak", sweep.store));
    remove(sweep.csv);
    arena_release(&arena);
    return good ? 0 : 1;
}
