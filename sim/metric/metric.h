/* Metric: a cheap pure function of (Model, Data, Task, stream). It may run during training.
 *
 * To add one: one file here with one MetricKind, one line in metric.c's table. */
#ifndef SUPERPOSE_METRIC_METRIC_H
#define SUPERPOSE_METRIC_METRIC_H

#include "sim/metric/measurement.h"
#include "sim/model/kernel/kernel.h"

typedef struct MetricInput {
    const Model *model;
    const Data *data;
    const Task *task;
    double loss_exponent, hidden_penalty;
    int64_t loss_samples; /* fresh samples behind a loss */
    uint64_t key;         /* stream of evaluation samples: the same for all restarts */
    Isa isa;
} MetricInput;

typedef struct MetricKind {
    Kind kind;
    /** Adds its measurements; the first has the metric's name. Scratch may come from
     * measurements->arena. */
    bool (*measure)(const MetricInput *input, Measurements *measurements, Error *error);
    int max_features;         /* refused where there are more; 0: no limit */
    int max_rank;             /* refused where both features and hidden dimensions are more; 0: no
                                 limit */
    bool needs_model_only;    /* and what data_describe tells of the data: no samples are drawn */
    const char *const *more;  /* names of its further measurements, NULL-ended; NULL: none */
    const char *const *texts; /* those of its measurements that are codes with labels, NULL-ended;
                                 NULL: none */
    /** Whether the text can be a label of such a measurement; NULL: where it is one of `labels`. */
    bool (*is_label)(const char *measurement, const char *text);
    const char *const *labels; /* all labels, or those that a misspelt one may mean, NULL-ended */
} MetricKind;

extern const KindTable metric_table;

/** The metric that makes the measurement of that name, its own or a further one; NULL: none does.
 */
const MetricKind *metric_making(const char *measurement);

/** The metric whose measurement of that name is codes with labels; NULL: it is numbers, or none. */
const MetricKind *metric_labelling(const char *measurement);

/** Whether the text can be a label of the metric's measurement of that name. */
bool metric_is_label(const MetricKind *metric, const char *measurement, const char *text);

/** Names of all measurements that metrics make: [n]. */
const char **metric_measurements(Arena *arena, int *n);

#endif
