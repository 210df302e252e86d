/* Sorts runs by what they draw, and cuts where a cohort would get too large. */
#include "sim/experiment/cohort.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A cohort's draws cost little beside its models once it has some dozens. */
enum { MOST_RUNS = 64, COHORTS_FOR_A_THREAD = 4 };

static const double MOST_BYTES = 512 * 1024;

int cohort_most(double bytes) {
    double n = floor(MOST_BYTES / bytes);
    return n < 1 ? 1 : n > MOST_RUNS ? MOST_RUNS : (int)n;
}

static int by_batches(const void *a, const void *b) {
    const PlannedRun *x = a, *y = b;
    if (x->twin != y->twin)
        return x->twin < y->twin ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static int by_seconds(const void *a, const void *b) {
    const Cohort *x = a, *y = b;
    if (x->seconds != y->seconds)
        return x->seconds < y->seconds ? 1 : -1;
    return (x->runs->number > y->runs->number) - (x->runs->number < y->runs->number);
}

static int64_t most_runs(int64_t n_runs, int n_threads) {
    int64_t most = n_threads > 1 ? n_runs / (COHORTS_FOR_A_THREAD * n_threads) : n_runs;
    return most < 1 ? 1 : most > MOST_RUNS ? MOST_RUNS : most;
}

/* The cohort that starts with the first of n_left runs. */
static Cohort take_cohort(const PlannedRun *runs, int64_t n_left, int64_t most) {
    Cohort cohort = {.runs = runs};
    double n_bytes = 0;
    for (; cohort.n < n_left && cohort.n < most; cohort.n++) {
        const PlannedRun *run = &runs[cohort.n];
        n_bytes += run->bytes;
        if (cohort.n && (run->twin != runs->twin || n_bytes > MOST_BYTES))
            break;
        cohort.seconds += run->seconds;
    }
    return cohort;
}

Cohorts cohorts_make(const Plan *plan, int n_threads, Arena *arena) {
    int64_t n = plan->n_pending, most = most_runs(n, n_threads);
    PlannedRun *runs = ARENA_NEW(arena, PlannedRun, n);
    Cohort *cohorts = ARENA_NEW(arena, Cohort, n);
    int64_t n_cohorts = 0;
    memcpy(runs, plan->pending, (size_t)n * sizeof *runs);
    qsort(runs, (size_t)n, sizeof *runs, by_batches);
    for (int64_t first = 0; first < n; first += cohorts[n_cohorts++].n)
        cohorts[n_cohorts] = take_cohort(runs + first, n - first, most);
    qsort(cohorts, (size_t)n_cohorts, sizeof *cohorts, by_seconds);
    return (Cohorts){cohorts, n_cohorts};
}
