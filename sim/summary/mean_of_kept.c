/* A point's mean over its restarts but for the worst: the paper trains ten models at each point of
 * its phase diagrams, leaves out the one of highest loss, and shows the mean of the rest. */
#include "sim/summary/summary.h"

#include <math.h>
#include <stdlib.h>

typedef struct Settings {
    SummarySettings summary;
    const char *metric;
    int64_t discard;
} Settings;

static const Field fields[] = {
    {.name = "metric",
     .type = FIELD_TEXT,
     .offset = offsetof(Settings, metric),
     .fallback = "loss",
     .help = "what is averaged: a measurement, or NAME[i]"},
    SUMMARY_DISCARD_FIELD(Settings),
};

static const SummaryUse uses[] = {{"metric", SUMMARY_COLUMN}};

static const SummaryPart parts[] = {
    {NULL, "mean at each point [points]; NaN where no run is done", false}};

static int by_loss(const void *a, const void *b) {
    const StoredRun *x = a, *y = b;
    if (isnan(x->loss) || isnan(y->loss))
        return isnan(x->loss) - isnan(y->loss);
    return (x->loss > y->loss) - (x->loss < y->loss);
}

/* Reads the column of a point's runs [n], sorted by loss, and averages those that are kept. */
static double mean_of(const double *values, int64_t n, int64_t discard) {
    int64_t n_kept = summary_kept(n, discard), n_used = 0;
    double sum = 0;
    for (int64_t i = 0; i < n_kept; i++)
        if (!isnan(values[i])) {
            sum += values[i];
            n_used++;
        }
    return n_used ? sum / (double)n_used : (double)NAN;
}

static bool summarize(const SummaryInput *input, Measurements *measurements, Error *error) {
    const Settings *settings = input->settings;
    StoredRun *runs = ARENA_NEW(input->arena, StoredRun, input->n_runs);
    StoreColumn column;
    for (int64_t i = 0; i < input->n_runs; i++)
        runs[i] = input->runs[i];
    for (int64_t first = 0, end; first < input->n_runs; first = end) {
        for (end = first; end < input->n_runs && runs[end].point == runs[first].point;)
            end++;
        qsort(runs + first, (size_t)(end - first), sizeof *runs, by_loss);
    }
    if (!store_column(input->store, runs, input->n_runs, settings->metric, input->arena, &column,
                      error))
        return false;
    double *means = summary_add(input, measurements, NULL, 1, &input->n_points);
    for (int64_t point = 0; point < input->n_points; point++)
        means[point] = (double)NAN;
    for (int64_t first = 0, end; first < input->n_runs; first = end) {
        for (end = first; end < input->n_runs && runs[end].point == runs[first].point;)
            end++;
        means[runs[first].point] = mean_of(column.values + first, end - first, settings->discard);
    }
    return true;
}

const SummaryKind summary_mean_of_kept = {
    .kind = {.name = "mean_of_kept",
             .summary =
                 "mean of a measurement over each point's runs but for those of highest loss",
             .source = "Elhage et al. 2022, Superposition as a phase change",
             .fields = fields,
             .n_fields = sizeof fields / sizeof *fields,
             .settings_size = sizeof(Settings)},
    .parts = parts,
    .n_parts = sizeof parts / sizeof *parts,
    .uses = uses,
    .n_uses = sizeof uses / sizeof *uses,
    .summarize = summarize,
};
