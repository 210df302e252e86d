#include "sim/metric/metric.h"

#include <string.h>

/* One line a metric: the file <name>.c defines metric_<name>. */
#define METRICS(ROW)                                                                               \
    ROW(loss)                                                                                      \
    ROW(task_loss)                                                                                 \
    ROW(loss_by_feature)                                                                           \
    ROW(expected_loss)                                                                             \
    ROW(feature_norm)                                                                              \
    ROW(interference)                                                                              \
    ROW(feature_dimensionality)                                                                    \
    ROW(dimensions_per_feature)                                                                    \
    ROW(features_represented)                                                                      \
    ROW(gram)                                                                                      \
    ROW(neuron_weights)                                                                            \
    ROW(bias)                                                                                      \
    ROW(leverage)                                                                                  \
    ROW(coherence)                                                                                 \
    ROW(mean_squared_overlap)                                                                      \
    ROW(frame_potential)                                                                           \
    ROW(effective_rank)                                                                            \
    ROW(participation_ratio)                                                                       \
    ROW(polysemanticity)                                                                           \
    ROW(neuron_code)                                                                               \
    ROW(neuron_activity)                                                                           \
    ROW(asymmetric_motif)                                                                          \
    ROW(adversarial_vulnerability)                                                                 \
    ROW(partner_overlap)                                                                           \
    ROW(adjacent_angle)                                                                            \
    ROW(set_angle)                                                                                 \
    ROW(set_overlap)                                                                               \
    ROW(set_interference)                                                                          \
    ROW(collapsed_sets)                                                                            \
    ROW(geometry)                                                                                  \
    ROW(geometry_graph)

#define DECLARE(name) extern const MetricKind metric_##name;
METRICS(DECLARE)

#define ROW_OF(name) &metric_##name.kind,
static const Kind *const rows[] = {METRICS(ROW_OF)};

const KindTable metric_table = {
    .name = "metrics",
    .noun = "metric",
    .summary = "cheap numbers of one model, at the end of a run or while it trains",
    .rows = rows,
    .n_rows = sizeof rows / sizeof *rows,
};

const MetricKind *metric_making(const char *measurement) {
    for (int i = 0; i < metric_table.n_rows; i++) {
        const MetricKind *metric = (const MetricKind *)metric_table.rows[i];
        if (strcmp(metric->kind.name, measurement) == 0)
            return metric;
        for (int k = 0; metric->more && metric->more[k]; k++)
            if (strcmp(metric->more[k], measurement) == 0)
                return metric;
    }
    return NULL;
}

const MetricKind *metric_labelling(const char *measurement) {
    const MetricKind *metric = metric_making(measurement);
    for (int i = 0; metric && metric->texts && metric->texts[i]; i++)
        if (strcmp(metric->texts[i], measurement) == 0)
            return metric;
    return NULL;
}

bool metric_is_label(const MetricKind *metric, const char *measurement, const char *text) {
    if (metric->is_label)
        return metric->is_label(measurement, text);
    for (int i = 0; metric->labels && metric->labels[i]; i++)
        if (strcmp(metric->labels[i], text) == 0)
            return true;
    return false;
}

const char **metric_measurements(Arena *arena, int *n) {
    int capacity = 0;
    for (int i = 0; i < metric_table.n_rows; i++) {
        const MetricKind *metric = (const MetricKind *)metric_table.rows[i];
        capacity++;
        for (int k = 0; metric->more && metric->more[k]; k++)
            capacity++;
    }
    const char **names = ARENA_NEW(arena, const char *, capacity);
    *n = 0;
    for (int i = 0; i < metric_table.n_rows; i++) {
        const MetricKind *metric = (const MetricKind *)metric_table.rows[i];
        names[(*n)++] = metric->kind.name;
        for (int k = 0; metric->more && metric->more[k]; k++)
            names[(*n)++] = metric->more[k];
    }
    return names;
}
