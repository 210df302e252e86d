/* Each run's loss over the lowest of its point: 1 for the best restart; local minima show as
 * values above. */
#include "sim/summary/summary.h"

#include <math.h>

static bool summarize(const SummaryInput *input, Measurements *measurements, Error *error) {
    (void)error;
    double *values = summary_add(input, measurements, NULL, 1, &input->n_runs);
    for (int64_t first = 0, end; first < input->n_runs; first = end) {
        double lowest = HUGE_VAL;
        for (end = first; end < input->n_runs && input->runs[end].point == input->runs[first].point;
             end++)
            lowest = fmin(lowest, input->runs[end].loss); /* a NaN is passed over */
        for (int64_t i = first; i < end; i++) {
            double loss = input->runs[i].loss;
            values[i] = loss == lowest ? 1 : loss / lowest; /* 0 over 0 is the best run's too */
        }
    }
    return true;
}

static const SummaryPart parts[] = {{NULL,
                                     "loss over the lowest of the point's runs; NaN where "
                                     "the run has no loss",
                                     false}};

const SummaryKind summary_loss_ratio = {
    .kind = {.name = "loss_ratio",
             .summary = "each run's loss over the lowest loss of its point's restarts",
             .source = "Elhage et al. 2022, The geometry of superposition (local minima)"},
    .is_per_run = true,
    .parts = parts,
    .n_parts = sizeof parts / sizeof *parts,
    .summarize = summarize,
};
