#include "sim/experiment/remeasure.h"

#include "sim/experiment/recorder.h"

#include <math.h>

/* The metrics that every run is to have, and what their measurements depend on. */
typedef struct Wanted {
    MetricList metrics;
    const char **settings;      /* [metrics.n] */
    const MetricKind **missing; /* [metrics.n]: room for those that a run lacks */
} Wanted;

static Wanted list_wanted(const Experiment *experiment, Arena *arena) {
    MetricList metrics = recorder_final_metrics(experiment, arena);
    Wanted wanted = {metrics, ARENA_NEW(arena, const char *, metrics.n),
                     ARENA_NEW(arena, const MetricKind *, metrics.n)};
    for (int i = 0; i < metrics.n; i++)
        wanted.settings[i] =
            recorder_settings(metrics.items[i], experiment->record.loss_samples, arena);
    return wanted;
}

/* Metrics of the list that the run lacks, or has with other settings. */
static bool find_missing(Store *store, const StoredRun *stored, const Wanted *wanted,
                         MetricList *missing, Error *error) {
    *missing = (MetricList){wanted->missing, 0};
    for (int i = 0; i < wanted->metrics.n; i++) {
        bool has;
        if (!store_has_measurement(store, stored->id, wanted->metrics.items[i]->kind.name,
                                   stored->steps, wanted->settings[i], &has, error))
            return false;
        if (!has)
            wanted->missing[missing->n++] = wanted->metrics.items[i];
    }
    return true;
}

/* The settings at a run's end, where the metrics are measured. */
static const Settings *final_settings(const Run *run) {
    return run->phases[run->n_phases - 1].settings;
}

static bool measure(const Experiment *experiment, Store *store, const StoredRun *stored,
                    const Run *run, MetricList missing, Isa isa, Arena *arena, Error *error) {
    const Settings *settings = final_settings(run);
    Data data = {0};
    Task task = {0};
    Model model = {0};
    if (!data_open(&data, &settings->data, arena, error) ||
        !task_open(&task, &settings->task, data.n_features, arena, error) ||
        !model_open(&model, &settings->model, data.n_features, arena, error) ||
        !recorder_load(store, stored, stored->steps, &model, error))
        return false;
    Recording recording = {.arena = arena};
    MetricInput input =
        recorder_input(settings, &model, &data, &task, experiment->record.loss_samples, isa);
    if (!recorder_measure(&recording, missing, &input, stored->steps, error))
        return false;
    for (int i = 0; i < recording.n_measurements; i++)
        if (!store_put_measurement(store, stored->id, &recording.measurements[i], error))
            return false;
    double loss = recorder_scalar(&recording, "loss", stored->steps);
    return isnan(loss) || store_set_loss(store, stored->id, loss, error);
}

bool remeasure(const Experiment *experiment, Store *store, Isa isa, const atomic_int *stop,
               int64_t *n_measured, Error *error) {
    Arena arena = {0};
    StoredRun *runs;
    int64_t n;
    *n_measured = 0;
    bool ok = store_runs(store, &arena, &runs, &n, error) && store_begin(store, error);
    Wanted wanted = list_wanted(experiment, &arena);
    for (int64_t i = 0; ok && i < n && runs[i].number >= 0 && !atomic_load(stop); i++) {
        MetricList missing;
        if (runs[i].status != RUN_DONE)
            continue;
        ok = find_missing(store, &runs[i], &wanted, &missing, error);
        if (!ok || !missing.n)
            continue;
        Arena scratch = {0};
        Run run = experiment_run(experiment, runs[i].number, &scratch);
        ok = measure(experiment, store, &runs[i], &run, missing, isa, &scratch, error) &&
             store_commit(store, error) && store_begin(store, error);
        ++*n_measured;
        arena_release(&scratch);
    }
    arena_release(&arena);
    ok = ok && store_commit(store, error);
    if (!ok) /* the run that was begun; those before it are good */
        store_roll_back(store);
    return ok;
}
