/* Each run's loss over the lowest of its point: 1 for the best restart; local minima show as
 * values above. */
#include "sim/summary/summary.h"

#include <math.h>

static bool counts(const StoredRun *run) {
    return run->status == RUN_DONE && isfinite(run->loss);
}

static bool summarize(const SummaryInput *input, Measurements *measurements, Error *error) {
    (void)error;
    double *values = measurement_add(measurements, "loss_ratio", 1, &input->n_numbers);
    for (int64_t i = 0; i < input->n_numbers; i++)
        values[i] = (double)NAN;
    for (int64_t first = 0, end; first < input->n_runs; first = end) {
        double lowest = HUGE_VAL;
        for (end = first; end < input->n_runs && input->runs[end].point == input->runs[first].point;
             end++)
            if (counts(&input->runs[end]))
                lowest = fmin(lowest, input->runs[end].loss);
        for (int64_t i = first; i < end; i++) {
            const StoredRun *run = &input->runs[i];
            if (counts(run)) /* 0 over 0 is the best run's too */
                values[run->number] = run->loss == lowest ? 1 : run->loss / lowest;
        }
    }
    return true;
}

const SummaryKind summary_loss_ratio = {
    .kind = {.name = "loss_ratio",
             .summary = "each run's loss over the lowest loss of its point's restarts [runs]; NaN "
                        "where a run failed or has no loss",
             .source = "Elhage et al. 2022, The geometry of superposition (local minima)"},
    .summarize = summarize,
};
