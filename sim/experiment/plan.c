#include "sim/experiment/plan.h"

#include "sim/experiment/cost.h"

#include <stdlib.h>
#include <string.h>

/* Stored runs by identity. */
typedef struct Index {
    const StoredRun **sorted; /* [n] */
    int64_t n;
} Index;

static int by_identity(const void *a, const void *b) {
    const StoredRun *const *x = a, *const *y = b;
    return strcmp((*x)->identity, (*y)->identity);
}

static bool index_open(Index *index, Store *store, Arena *arena, Error *error) {
    StoredRun *runs;
    if (!store_runs(store, arena, &runs, &index->n, error))
        return false;
    index->sorted = ARENA_NEW(arena, const StoredRun *, index->n + 1);
    for (int64_t i = 0; i < index->n; i++)
        index->sorted[i] = &runs[i];
    if (index->n)
        qsort(index->sorted, (size_t)index->n, sizeof *index->sorted, by_identity);
    return true;
}

static const StoredRun *index_find(const Index *index, const char *identity) {
    StoredRun key = {.identity = identity};
    const StoredRun *wanted = &key;
    if (!index->n)
        return NULL;
    const StoredRun **found =
        bsearch(&wanted, index->sorted, (size_t)index->n, sizeof *index->sorted, by_identity);
    return found ? *found : NULL;
}

static bool shares_a_run(const Experiment *experiment, const Index *index) {
    bool shares = false;
    for (int64_t number = 0; number < experiment->n_runs && !shares; number++) {
        Arena scratch = {0};
        shares = index_find(index, experiment_run(experiment, number, &scratch).identity) != NULL;
        arena_release(&scratch);
    }
    return shares;
}

static const char *axes_list(const Experiment *experiment, Arena *arena) {
    Text text = {0};
    for (int i = 0; i < experiment->n_axes; i++)
        for (int k = 0; k < experiment->axes[i].n_keys; k++)
            text_add(&text, "%s\"%s\"", text.n ? ", " : "", experiment->axes[i].keys[k]);
    const char *list = arena_print(arena, "[%s]", text_of(&text));
    text_release(&text);
    return list;
}

/* The instruction sets that the runs come from: a later session may use another. */
static bool write_isa(Store *store, const char *isa, Arena *arena, Error *error) {
    const char *known = store_fact(store, "isa", arena);
    if (!known || !*known)
        return store_set_fact(store, "isa", isa, error);
    return strstr(known, isa) ||
           store_set_fact(store, "isa", arena_print(arena, "%s, %s", known, isa), error);
}

static bool write_facts(const Experiment *experiment, Store *store, Arena *arena, Error *error) {
    Text config = {0};
    experiment_print(experiment, &config);
    bool ok = store_set_fact(store, "name", experiment->name, error) &&
              store_set_fact(store, "title", experiment->title, error) &&
              store_set_fact(store, "config", text_of(&config), error) &&
              store_set_fact(store, "axes", axes_list(experiment, arena), error) &&
              store_set_fact(store, "restarts",
                             arena_print(arena, "%lld", (long long)experiment->restarts), error) &&
              store_set_fact(store, "runs",
                             arena_print(arena, "%lld", (long long)experiment->n_runs), error);
    text_release(&config);
    return ok;
}

static bool is_chosen(const RunChoice *choice, const Run *run) {
    if (choice->only_run >= 0)
        return run->number == choice->only_run;
    return run->point % choice->n_shards == choice->shard;
}

/* One run of the experiment: number it where it is stored, plan it where it is not. */
static bool plan_run(Plan *plan, const Run *run, const StoredRun *stored, const RunChoice *choice,
                     Store *store, Error *error) {
    if (stored &&
        !store_set_number(store, stored->id, run->number, run->point, run->axes_json, error))
        return false;
    if (!is_chosen(choice, run))
        return true;
    plan->n_runs++;
    if (stored && stored->status == RUN_DONE) {
        plan->n_stored++;
    } else if (stored && stored->status == RUN_FAILED && !choice->retry_failed) {
        plan->n_failed++;
    } else {
        plan->pending[plan->n_pending++] = (PlannedRun){run->number, cost_seconds(run)};
        plan->steps_pending += run->phases[0].settings->train.steps;
    }
    return true;
}

static int by_cost(const void *a, const void *b) {
    const PlannedRun *x = a, *y = b;
    if (x->seconds != y->seconds)
        return x->seconds < y->seconds ? 1 : -1;
    return (x->number > y->number) - (x->number < y->number);
}

bool plan_make(const Experiment *experiment, Store *store, const char *isa, const RunChoice *choice,
               Arena *arena, Plan *plan, Error *error) {
    Index index;
    Arena stored = {0};
    *plan = (Plan){.pending = ARENA_NEW(arena, PlannedRun, experiment->n_runs)};
    bool ok = index_open(&index, store, &stored, error);
    if (ok && index.n && !shares_a_run(experiment, &index)) {
        ok = error_set(error,
                       "its runs have other settings than %s asks for; use -o for another store, "
                       "or --fresh to "
                       "start over (the old store is kept as .bak)",
                       experiment->path);
    }
    ok = ok && store_begin(store, error) && write_facts(experiment, store, arena, error) &&
         store_clear_numbers(store, error);
    for (int64_t number = 0; ok && number < experiment->n_runs; number++) {
        Arena scratch = {0};
        Run run = experiment_run(experiment, number, &scratch);
        ok = plan_run(plan, &run, index_find(&index, run.identity), choice, store, error);
        arena_release(&scratch);
    }
    ok = ok && (!plan->n_pending || write_isa(store, isa, arena, error));
    arena_release(&stored);
    if (ok && plan->n_pending)
        qsort(plan->pending, (size_t)plan->n_pending, sizeof *plan->pending, by_cost);
    return ok && store_commit(store, error);
}
