#include "sim/experiment/recorder.h"

#include "sim/base/rng.h"

#include <math.h>
#include <string.h>

/* A list of metrics grows by one, unless it has it (or NULL is given). */
static void add_metric(const MetricKind **items, int *n, const MetricKind *metric) {
    for (int i = 0; i < *n; i++)
        if (items[i] == metric)
            return;
    if (metric)
        items[(*n)++] = metric;
}

static void add_chosen(const MetricKind **items, int *n, const Choices *chosen) {
    for (int i = 0; i < chosen->n; i++)
        add_metric(items, n, (const MetricKind *)chosen->items[i].kind);
}

/* What a claim looks at is measured, whether record.metrics has it or not. */
static void add_claimed(const MetricKind **items, int *n, const Claim *claim) {
    if (strcmp(claim->maker, "metric") == 0)
        add_metric(items, n, metric_making(claim->name));
    for (int i = 0; claim->where && i < claim->where->n; i++)
        add_metric(items, n, metric_making(claim->where->pairs[i].key));
    if (claim->feature == FEATURES_REPRESENTED)
        add_metric(items, n, metric_making("feature_norm"));
}

/* Nor must record.metrics have what a summary reads. */
static void add_read(const MetricKind **items, int *n, const Choice *summary, Arena *arena) {
    int n_names;
    const char *const *names = summary_reads(summary, arena, &n_names);
    for (int i = 0; i < n_names; i++)
        add_metric(items, n, metric_making(names[i]));
}

static void add_followed(const MetricKind **items, int *n, const Choice *summary) {
    const char *const *names = ((const SummaryKind *)summary->kind)->over_time;
    for (int i = 0; names && names[i]; i++)
        add_metric(items, n, metric_making(names[i]));
}

MetricList recorder_final_metrics(const Experiment *experiment, Arena *arena) {
    const RecordSettings *record = &experiment->record;
    const MetricKind **items = ARENA_NEW(arena, const MetricKind *, metric_table.n_rows);
    int n = 0;
    add_metric(items, &n, metric_making("loss"));
    add_chosen(items, &n, &record->metrics);
    if (record->snapshots.form != CADENCE_NONE)
        add_chosen(items, &n, &record->metrics_over_time);
    for (int i = 0; i < experiment->n_claims; i++)
        add_claimed(items, &n, &experiment->claims[i]);
    for (int i = 0; i < experiment->summaries.n; i++)
        add_read(items, &n, &experiment->summaries.items[i], arena);
    for (int i = 0; i < experiment->summaries.n; i++)
        add_followed(items, &n, &experiment->summaries.items[i]);
    return (MetricList){items, n};
}

MetricList recorder_snapshot_metrics(const Experiment *experiment, Arena *arena) {
    const MetricKind **items = ARENA_NEW(arena, const MetricKind *, metric_table.n_rows);
    int n = 0;
    add_chosen(items, &n, &experiment->record.metrics_over_time);
    for (int i = 0; i < experiment->summaries.n; i++)
        add_followed(items, &n, &experiment->summaries.items[i]);
    return (MetricList){items, n};
}

/* Room for one more; a list twice as long is copied into the arena when the old one is full. */
static void *grown(Arena *arena, void *items, int n, int *capacity, size_t size) {
    if (n < *capacity)
        return items;
    *capacity = *capacity ? 2 * *capacity : 16;
    void *longer = arena_alloc(arena, (size_t)*capacity, size);
    if (n)
        memcpy(longer, items, (size_t)n * size);
    return longer;
}

static void note_tensors(Recording *recording, const Model *model, const float *parameters,
                         int64_t step) {
    for (int i = 0; i < model->n_tensors; i++) {
        recording->tensors = grown(recording->arena, recording->tensors, recording->n_tensors,
                                   &recording->tensor_capacity, sizeof *recording->tensors);
        recording->tensors[recording->n_tensors++] =
            (StoredTensor){.step = step,
                           .tensor = model->tensors[i],
                           .values = parameters + model->tensors[i].offset};
    }
}

bool recorder_copy(Recording *recording, const Model *model, int64_t step, Error *error) {
    float *copy = ARENA_TRY(recording->arena, float, model->n_parameters);
    if (!copy)
        return error_set(error, "no memory for a snapshot of %lld parameters at step %lld",
                         (long long)model->n_parameters, (long long)step);
    memcpy(copy, model->parameters, (size_t)model->n_parameters * sizeof *copy);
    note_tensors(recording, model, copy, step);
    return true;
}

void recorder_take(Recording *recording, const Model *model, int64_t step) {
    note_tensors(recording, model, model->parameters, step);
}

static bool load(const StoredRun *run, const StoredTensor *tensors, int n, Model *model,
                 Error *error) {
    for (int i = 0; i < n; i++) {
        const Tensor *to = model_tensor(model, tensors[i].tensor.name);
        if (!to || to->n_rows != tensors[i].tensor.n_rows ||
            to->n_columns != tensors[i].tensor.n_columns)
            return error_set(error, "run %lld: its stored tensor %s does not fit its settings",
                             (long long)run->number, tensors[i].tensor.name);
        memcpy(model->parameters + to->offset, tensors[i].values,
               (size_t)to->n_rows * (size_t)to->n_columns * sizeof(float));
    }
    return true;
}

bool recorder_load(Store *store, const StoredRun *run, int64_t step, Model *model, Error *error) {
    Arena scratch = {0};
    StoredTensor *tensors;
    int n;
    bool good = store_tensors(store, run->id, step, &scratch, &tensors, &n, error) &&
                load(run, tensors, n, model, error);
    arena_release(&scratch);
    return good;
}

const char *recorder_settings(const MetricKind *metric, int64_t loss_samples, Arena *arena) {
    return metric->needs_model_only
               ? ""
               : arena_print(arena, "loss_samples: %lld", (long long)loss_samples);
}

MetricInput recorder_input(const Settings *settings, const Model *model, const Data *data,
                           const Task *task, int64_t loss_samples, Isa isa) {
    const ModelSettings *model_settings = settings->model.settings;
    return (MetricInput){.model = model,
                         .data = data,
                         .task = task,
                         .loss_exponent = settings->train.loss_exponent,
                         .hidden_penalty = model_settings->hidden_penalty,
                         .loss_samples = loss_samples,
                         .key = rng_key((uint64_t)settings->train.seed, 0, PURPOSE_EVALUATE),
                         .isa = isa};
}

bool recorder_measure(Recording *recording, MetricList metrics, const MetricInput *input,
                      int64_t step, Error *error) {
    for (int i = 0; i < metrics.n; i++) {
        Measurements made = {.arena = recording->arena};
        if (!metrics.items[i]->measure(input, &made, error))
            return error_prefix(error, "metric %s: ", metrics.items[i]->kind.name);
        for (int j = 0; j < made.n; j++) {
            recording->measurements =
                grown(recording->arena, recording->measurements, recording->n_measurements,
                      &recording->measurement_capacity, sizeof *recording->measurements);
            recording->measurements[recording->n_measurements++] =
                (StoredMeasurement){.step = step,
                                    .maker = metrics.items[i]->kind.name,
                                    .settings = recorder_settings(
                                        metrics.items[i], input->loss_samples, recording->arena),
                                    .measurement = made.items[j]};
        }
    }
    return true;
}

double recorder_scalar(const Recording *recording, const char *name, int64_t step) {
    for (int i = 0; i < recording->n_measurements; i++) {
        const StoredMeasurement *kept = &recording->measurements[i];
        if (kept->step == step && kept->measurement.rank == 0 &&
            strcmp(kept->measurement.name, name) == 0)
            return kept->measurement.values[0];
    }
    return (double)NAN;
}
