/* Recorder: what is kept of one run: copies of its parameters and measurements, both at steps.
 * Metrics over time are measured at every snapshot; the others, and always the loss, at the end. */
#ifndef SUPERPOSE_EXPERIMENT_RECORDER_H
#define SUPERPOSE_EXPERIMENT_RECORDER_H

#include "sim/experiment/experiment.h"
#include "sim/metric/metric.h"
#include "sim/store/store.h"

/* What was kept; grows in its arena. */
typedef struct Recording {
    Arena *arena;
    StoredTensor *tensors; /* [n_tensors] */
    int n_tensors, tensor_capacity;
    StoredMeasurement *measurements; /* [n_measurements] */
    int n_measurements, measurement_capacity;
} Recording;

/* Metrics to measure. */
typedef struct MetricList {
    const MetricKind *const *items; /* [n] */
    int n;
} MetricList;

/** Metrics of a run's end: the loss, record.metrics, and, where there are snapshots, those over
 * time, whose last value is this one. */
MetricList recorder_final_metrics(const Experiment *experiment, Arena *arena);

/** Metrics of a snapshot before the end: record.metrics_over_time, and what summaries follow. */
MetricList recorder_snapshot_metrics(const Experiment *experiment, Arena *arena);

/** Copies the model's tensors as they are at `step`. Fails where memory is short. */
bool recorder_copy(Recording *recording, const Model *model, int64_t step, Error *error);

/** Records the model's tensors as those of `step` without a copy: they must stay as they are. */
void recorder_take(Recording *recording, const Model *model, int64_t step);

/** The way back: fills a model with the tensors that are stored of a run at a step. Fails where
 * they are damaged, or do not fit the model. */
bool recorder_load(Store *store, const StoredRun *run, int64_t step, Model *model, Error *error);

/** What metrics get of a model under these settings. Evaluation samples depend on the seed alone,
 * so that restarts are judged on the same ones. */
MetricInput recorder_input(const Settings *settings, const Model *model, const Data *data,
                           const Task *task, int64_t loss_samples, Isa isa);

/** Measures a model and keeps what the metrics return. */
bool recorder_measure(Recording *recording, MetricList metrics, const MetricInput *input,
                      int64_t step, Error *error);

/** What a metric depends on beside the model, for StoredMeasurement.settings: "loss_samples:
 * 65536", or "". */
const char *recorder_settings(const MetricKind *metric, int64_t loss_samples, Arena *arena);

/** The single number of that name at `step`; NaN where it was not measured. */
double recorder_scalar(const Recording *recording, const char *name, int64_t step);

#endif
