#include "tests/bench/measuring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const Experiment *measuring_experiment(const char *config, const char *const *overrides,
                                       int n_overrides, Arena *arena) {
    Problems problems = {.arena = arena};
    Text why = {0};
    const Experiment *experiment =
        experiment_parse("bench", config, strlen(config), overrides, n_overrides, arena, &problems);
    if (!experiment) {
        problems_print(&problems, &why);
        fputs(text_of(&why), stderr);
        exit(1);
    }
    return experiment;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double measuring_median(double *values, int n) {
    qsort(values, (size_t)n, sizeof *values, by_value);
    return values[n / 2];
}
