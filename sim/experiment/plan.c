#include "sim/experiment/plan.h"

#include "sim/experiment/cost.h"

#include <stdlib.h>
#include <string.h>

static bool shares_a_run(const Experiment *experiment, Store *store, bool *shares, Error *error) {
    *shares = false;
    for (int64_t number = 0; number < experiment->n_runs && !*shares; number++) {
        Arena scratch = {0};
        int64_t id;
        RunStatus status;
        Run run = experiment_run(experiment, number, &scratch);
        bool ok = store_find_run(store, run.identity, &id, &status, error);
        arena_release(&scratch);
        if (!ok)
            return false;
        *shares = id != 0;
    }
    return true;
}

static bool refuse_others(const Experiment *experiment, Store *store, int64_t n_stored,
                          Error *error) {
    bool shares;
    if (n_stored == 0)
        return true;
    if (!shares_a_run(experiment, store, &shares, error))
        return false;
    return shares ||
           error_set(error,
                     "its runs have other settings than %s asks for; use -o for another store, "
                     "or --fresh to "
                     "start over (the old store is kept as .bak)",
                     experiment->path);
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

/* Where the config's files are looked for, from the root. */
static const char *folder_of(const Experiment *experiment, Arena *arena) {
    char *full = realpath(text_path(".", experiment->beside, arena), NULL);
    const char *folder = full ? arena_copy(arena, full) : "";
    free(full);
    return folder;
}

static bool write_facts(const Experiment *experiment, Store *store, Arena *arena, Error *error) {
    Text config = {0};
    experiment_print(experiment, &config);
    bool ok = store_set_fact(store, "name", experiment->name, error) &&
              store_set_fact(store, "title", experiment->title, error) &&
              store_set_fact(store, "config", text_of(&config), error) &&
              store_set_fact(store, "folder", folder_of(experiment, arena), error) &&
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

/* What is stored, as the pass over the experiment's runs meets it. */
typedef struct Stock {
    Store *store;
    int64_t n;           /* runs stored before this session */
    unsigned char *kept; /* bit of each id: the experiment has this run */
} Stock;

static bool stock_open(Stock *stock, Store *store, Arena *arena, Error *error) {
    int64_t largest_id;
    if (!store_count_runs(store, &stock->n, &largest_id, error))
        return false;
    stock->store = store;
    stock->kept = ARENA_NEW(arena, unsigned char, largest_id / 8 + 1);
    return true;
}

/* Numbers a run where it is stored; plans it where it is not. */
static bool plan_run(Plan *plan, const Experiment *experiment, const Run *run, const Stock *stock,
                     const RunChoice *choice, Error *error) {
    int64_t id = 0;
    RunStatus status = RUN_INTERRUPTED;
    if (stock->n && !store_find_run(stock->store, run->identity, &id, &status, error))
        return false;
    if (id && !store_set_number(stock->store, id, run->number, run->point, run->axes_json, error))
        return false;
    if (id)
        stock->kept[id / 8] |= (unsigned char)(1 << id % 8);
    if (!is_chosen(choice, run))
        return true;
    plan->n_runs++;
    if (status == RUN_DONE) {
        plan->n_stored++;
    } else if (status == RUN_FAILED && !choice->retry_failed) {
        plan->n_failed++;
    } else {
        plan->pending[plan->n_pending++] =
            (PlannedRun){.number = run->number,
                         .twin = experiment_twin(experiment, run->number),
                         .seconds = cost_seconds(run),
                         .bytes = cost_bytes(run)};
        plan->steps_pending += run->phases[0].settings->train.steps;
    }
    return true;
}

static bool plan_runs(Plan *plan, const Experiment *experiment, const Stock *stock,
                      const RunChoice *choice, Error *error) {
    bool ok = true;
    for (int64_t number = 0; ok && number < experiment->n_runs; number++) {
        Arena scratch = {0};
        Run run = experiment_run(experiment, number, &scratch);
        ok = plan_run(plan, experiment, &run, stock, choice, error);
        arena_release(&scratch);
    }
    return ok && (!stock->n || store_clear_numbers(stock->store, stock->kept, error));
}

static int by_cost(const void *a, const void *b) {
    const PlannedRun *x = a, *y = b;
    if (x->seconds != y->seconds)
        return x->seconds < y->seconds ? 1 : -1;
    return (x->number > y->number) - (x->number < y->number);
}

bool plan_make(const Experiment *experiment, Store *store, const char *isa, const RunChoice *choice,
               Arena *arena, Plan *plan, Error *error) {
    Stock stock;
    Arena scratch = {0};
    *plan = (Plan){.pending = ARENA_NEW(arena, PlannedRun, experiment->n_runs)};
    bool has_begun = stock_open(&stock, store, &scratch, error) &&
                     (choice->keeps_others || refuse_others(experiment, store, stock.n, error)) &&
                     store_begin(store, error);
    bool ok = has_begun && write_facts(experiment, store, arena, error) &&
              plan_runs(plan, experiment, &stock, choice, error) &&
              (!plan->n_pending || write_isa(store, isa, arena, error)) &&
              store_commit(store, error);
    arena_release(&scratch);
    if (has_begun && !ok) /* no config beside numbers of another */
        store_roll_back(store);
    if (ok && plan->n_pending)
        qsort(plan->pending, (size_t)plan->n_pending, sizeof *plan->pending, by_cost);
    return ok;
}
