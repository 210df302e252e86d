/* superpose info: what a store holds. */
#include "sim/command/command.h"
#include "sim/command/report.h"
#include "sim/store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

const struct argp info_argp = {NULL,
                               words_parse,
                               "STORE",
                               "Says what a store holds: its config, runs done, failed and "
                               "missing, what was measured, claims, size.",
                               NULL,
                               NULL,
                               NULL};

static bool print_runs(Store *store, Arena *arena, Error *error) {
    StoredRun *runs;
    int64_t n, n_done = 0, n_failed = 0, n_other = 0;
    const char *expected = store_fact(store, "runs", arena);
    if (!store_runs(store, arena, &runs, &n, error))
        return false;
    for (int64_t i = 0; i < n; i++) {
        bool is_ours = runs[i].number >= 0;
        n_done += is_ours && runs[i].status == RUN_DONE;
        n_failed += is_ours && runs[i].status == RUN_FAILED;
        n_other += !is_ours;
    }
    long long n_missing = (expected ? atoll(expected) : 0) - n_done - n_failed;
    printf("runs      %lld done, %lld failed, %lld missing\n", (long long)n_done,
           (long long)n_failed, n_missing > 0 ? n_missing : 0);
    if (n_other)
        printf("          %lld more of an earlier form of the config\n", (long long)n_other);
    for (int64_t i = 0; i < n; i++)
        if (runs[i].number >= 0 && runs[i].status == RUN_FAILED) {
            if (!store_run_texts(store, &runs[i], arena, error))
                return false;
            printf("          run %lld failed: %s\n", (long long)runs[i].number, runs[i].error);
        }
    return true;
}

static bool print_names(Store *store, Arena *arena, Error *error) {
    const char **names;
    for (int over_time = 0; over_time < 2; over_time++) {
        int n;
        if (!store_measurement_names(store, true, over_time, arena, &names, &n, error))
            return false;
        if (n)
            printf("%-9s", over_time ? "over time" : "measured");
        for (int i = 0; i < n; i++)
            printf(" %s", names[i]);
        if (n)
            putchar('\n');
    }
    return true;
}

static void print_facts(Store *store, const char *path, Arena *arena) {
    static const char *const facts[] = {"title", "name", "program", "isa", "created"};
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        const char *value = store_fact(store, facts[i], arena);
        if (value && *value)
            printf("%-9s %s\n", facts[i], value);
    }
    struct stat file;
    if (stat(path, &file) == 0)
        printf("size      %.3g MB\n", (double)file.st_size / 1e6);
}

static bool print_store(Store *store, const char *path, Arena *arena, Error *error) {
    print_facts(store, path, arena);
    if (!print_runs(store, arena, error) || !print_names(store, arena, error))
        return false;
    if (!report_summaries(store, error) || !report_claims(store, error))
        return false;
    const char *config = store_fact(store, "config", arena);
    if (config)
        printf("config\n%s", config);
    return true;
}

ExitCode command_info(const Program *program, int argc, char **argv) {
    Words words = {.least = 1, .most = 1, .wanted = "a store"};
    Arena arena = {0};
    Error error = {0};
    Store *store = NULL;
    argp_parse(&info_argp, argc, argv, 0, NULL, &words);
    const char *path = command_store(program, words.items[0], &arena);
    ExitCode code = path ? EXIT_DONE : EXIT_USAGE;
    if (path && (!store_open(&store, path, STORE_READ, &error) ||
                 !print_store(store, path, &arena, &error)))
        code = command_fail(EXIT_FAILED, "%s", error.text);
    store_close(store, &error);
    arena_release(&arena);
    return code;
}
