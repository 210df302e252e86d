/* libFuzzer: any bytes as a config. Either it has problems, or every run of it can be resolved and
 * the printed config reads back to the same runs. */
#include "sim/experiment/experiment.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_RUNS = 20 };

static void require(bool holds, const char *what, const char *text) {
    if (holds)
        return;
    fprintf(stderr, "%s\n%s\n", what, text);
    abort();
}

static void compare_runs(const Experiment *first, const Experiment *second, const char *text) {
    require(first->n_runs == second->n_runs, "another number of runs", text);
    for (int64_t i = 0; i < first->n_runs && i < MOST_RUNS; i++) {
        Arena arena = {0};
        Run a = experiment_run(first, i, &arena), b = experiment_run(second, i, &arena);
        require(strcmp(a.identity, b.identity) == 0, "another identity", text);
        arena_release(&arena);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Arena arena = {0};
    Problems problems = {.arena = &arena};
    Text said = {0}, printed = {0};
    const Experiment *first =
        experiment_parse("f.yaml", (const char *)data, size, NULL, 0, &arena, &problems);
    require(!first == (problems.n > 0), "problems and an experiment", "");
    problems_print(&problems, &said);
    if (first) {
        experiment_print(first, &printed);
        const Experiment *second =
            experiment_parse("f.yaml", text_of(&printed), printed.n, NULL, 0, &arena, &problems);
        problems_print(&problems, &said);
        require(second, text_of(&said), text_of(&printed));
        compare_runs(first, second, text_of(&printed));
    }
    text_release(&said);
    text_release(&printed);
    arena_release(&arena);
    return 0;
}
