#include "render/figure/followed.h"

#include "render/figure/caption.h"

#include <stdlib.h>
#include <string.h>

enum { AUTO_STEPS = 6 };

/* Of the first point with a run that is done: its best, or, where none has a loss, its first. */
static const StoredRun *best_run(const StoredRun *runs, int64_t n) {
    const StoredRun *first = NULL;
    for (int64_t i = 0; i < n; i++) {
        if (runs[i].status != RUN_DONE || runs[i].number < 0 ||
            (first && runs[i].point != first->point))
            continue;
        if (runs[i].is_best)
            return &runs[i];
        first = first ? first : &runs[i];
    }
    return first;
}

static const StoredRun *find_run(const StoredRun *runs, int64_t n, const char *which,
                                 Error *error) {
    char *end;
    if (strcmp(which, "best") == 0) {
        const StoredRun *best = best_run(runs, n);
        if (!best)
            error_set(error, "no run has finished");
        return best;
    }
    long long number = strtoll(which, &end, 10);
    if (*end || end == which || number < 0) {
        error_set(error, "run: %s is no number of a run, nor best", which);
        return NULL;
    }
    for (int64_t i = 0; i < n; i++)
        if (runs[i].number == number && runs[i].status == RUN_DONE)
            return &runs[i];
    error_set(error, "the store has no finished run %lld", number);
    return NULL;
}

/* Its axis values and its restart, where there are others. */
static bool describe(const FigureInput *input, Followed *followed, Error *error) {
    ShownLayout layout;
    if (!captions_write(input, &followed->shown, 1, &layout, error))
        return false;
    followed->about = followed->shown.caption;
    if (followed->n_runs > 1)
        followed->about =
            arena_print(input->arena, "%s%srestart %lld (of %lld)",
                        followed->about ? followed->about : "", followed->about ? ", " : "",
                        (long long)followed->shown.run->restart, (long long)followed->n_runs);
    return true;
}

bool followed_read(const FigureInput *input, const char *run, Followed *followed, Error *error) {
    StoredRun *all;
    int64_t n;
    *followed = (Followed){0};
    if (!store_runs(input->store, input->arena, &all, &n, error))
        return false;
    const StoredRun *found = find_run(all, n, run, error);
    if (!found)
        return false;
    StoredRun *runs = ARENA_NEW(input->arena, StoredRun, n);
    for (int64_t i = 0; i < n; i++)
        if (all[i].point == found->point && all[i].status == RUN_DONE)
            runs[followed->n_runs++] = all[i];
    followed->runs = runs;
    return shown_open(input, found, &followed->shown, error) && describe(input, followed, error);
}

static int64_t nearest(const int64_t *steps, int n, int64_t wanted) {
    int64_t best = steps[0];
    for (int i = 1; i < n; i++)
        if (llabs(steps[i] - wanted) < llabs(best - wanted))
            best = steps[i];
    return best;
}

static int add_step(int64_t step, int64_t chosen[FOLLOWED_STEPS], int n) {
    if (n && chosen[n - 1] >= step)
        return n;
    chosen[n] = step;
    return n + 1;
}

static bool take_steps(const Yaml *wanted, const int64_t *steps, int n,
                       int64_t chosen[FOLLOWED_STEPS], int *n_chosen, Error *error) {
    long long step;
    if (wanted->type != YAML_LIST || wanted->n < 1 || wanted->n > FOLLOWED_STEPS)
        return error_set(error, "steps: must be auto, or a list of 1 to %d steps", FOLLOWED_STEPS);
    for (int i = 0; i < wanted->n; i++) {
        int before = *n_chosen;
        if (!yaml_is_integer(wanted->items[i], &step) || step < 0)
            return error_set(error, "steps: must be whole numbers, from 0");
        *n_chosen = add_step(nearest(steps, n, step), chosen, before);
        if (*n_chosen == before)
            return error_set(error,
                             "steps: the snapshot nearest to %lld, %lld, is not after the one "
                             "before it",
                             step, (long long)nearest(steps, n, step));
    }
    return true;
}

bool followed_steps(const FigureInput *input, const Followed *followed, const Yaml *wanted,
                    int64_t chosen[FOLLOWED_STEPS], int *n_chosen, Error *error) {
    int64_t *steps;
    int n;
    *n_chosen = 0;
    if (!store_steps(input->store, followed->shown.run->id, input->arena, &steps, &n, error))
        return false;
    if (n < 2)
        return error_set(error,
                         "run %lld has no snapshots: record.snapshots says when to keep them",
                         (long long)followed->shown.run->number);
    if (wanted && (wanted->type != YAML_SCALAR || strcmp(wanted->text, "auto") != 0))
        return take_steps(wanted, steps, n, chosen, n_chosen, error);
    for (int c = 0; c < AUTO_STEPS; c++)
        *n_chosen = add_step(steps[(int64_t)c * (n - 1) / (AUTO_STEPS - 1)], chosen, *n_chosen);
    return true;
}
