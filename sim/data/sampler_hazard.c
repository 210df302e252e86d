/* The sampler for any probabilities of which few features are active: one step of an exponential
 * length to the next active feature, wherever it is. */
#include "sim/data/sampler.h"

#include <math.h>

/* The length of a feature that is always active: longer than any step, -log(2^-53) = 36.7. */
static const double ALWAYS = 40;

bool hazard_sampler_init(HazardSampler *sampler, const double *probabilities, int n_features,
                         ValueLaw law, Arena *arena) {
    double *end = ARENA_TRY(arena, double, n_features), sum = 0;
    if (!end)
        return false;
    for (int i = 0; i < n_features; i++)
        end[i] = sum += fmin(-log1p(-probabilities[i]), ALWAYS);
    *sampler = (HazardSampler){.law = law, .end = end};
    return true;
}

int first_end_after(const double *end, int n, double at) {
    int low = 0, high = n - 1;
    while (low < high) {
        int middle = (low + high) / 2;
        if (end[middle] > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

void hazard_sampler_draw(const HazardSampler *sampler, Rng *rng, int n_samples, Batch *batch) {
    const double *end = sampler->end, whole = end[batch->n_features - 1];
    int n_entries = 0, n_rows = 0, last_row = -1;
    double at = 0, row = 0; /* how far into which row */
    while (whole > 0) {
        at -= log(1.0 - rng_uniform(rng));
        double n_passed = floor(at / whole);
        row += n_passed;
        at = fmax(at - n_passed * whole, 0);
        if (row >= n_samples)
            break;
        int feature = first_end_after(end, batch->n_features, at);
        at = end[feature];
        if ((int)row != last_row)
            batch->start[n_rows++] = n_entries;
        last_row = (int)row;
        batch->index[n_entries] = feature;
        batch->x[n_entries++] = value_draw(sampler->law, rng);
    }
    batch->start[n_rows] = n_entries;
    batch->form = BATCH_SPARSE;
    batch->n_rows = n_rows;
    batch->n_empty = n_samples - n_rows;
}
