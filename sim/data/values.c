/* Values are drawn in the two laws that samplers know; what else the settings want is one pass over
 * what was drawn. */
#include "sim/data/values.h"

#include <math.h>

const char *const value_words[] = {[VALUE_UNIFORM] = "uniform",
                                   [VALUE_SIGNED_UNIFORM] = "signed_uniform",
                                   [VALUE_BINARY] = "binary",
                                   NULL};

ValueLaw values_drawn(const ValueSettings *settings) {
    return settings->value == VALUE_SIGNED_UNIFORM ? VALUE_SIGNED_UNIFORM : VALUE_UNIFORM;
}

/* The numbers of a row: n of them, `step` apart. */
static float *row_values(const Batch *batch, int row, int *n, int *step) {
    *step = batch->form == BATCH_LANES ? BATCH_GROUP : 1;
    *n = batch->n_features;
    if (batch->form != BATCH_SPARSE)
        return batch->x + batch_place(batch, row, 0);
    *n = batch->start[row + 1] - batch->start[row];
    return batch->x + batch->start[row];
}

static void normalise_row(const Batch *batch, int row, double norm) {
    int n, step;
    float *x = row_values(batch, row, &n, &step);
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += (double)x[i * step] * (double)x[i * step];
    double factor = sum > 0 ? norm / sqrt(sum) : 0;
    for (int i = 0; i < n; i++)
        x[i * step] = (float)((double)x[i * step] * factor);
}

void values_finish(const ValueSettings *settings, Batch *batch) {
    int n = batch_n_values(batch);
    float scale = (float)settings->value_scale;
    if (settings->value == VALUE_BINARY)
        for (int i = 0; i < n; i++)
            batch->x[i] = batch->x[i] != 0 ? 1.0f : 0.0f;
    if (settings->unit_norm)
        for (int row = 0; row < batch->n_rows; row++)
            normalise_row(batch, row, settings->value_scale);
    else if (scale != 1)
        for (int i = 0; i < n; i++)
            batch->x[i] *= scale;
}

bool feature_probabilities(const FeatureValues *values, int n_features, double *out, Error *error) {
    if (!feature_values_expand(values, n_features, out, error))
        return error_prefix(error, "data.feature_probability: ");
    if (values->form != FORM_ZIPF || out[0] <= 1)
        return true;
    return error_set(error,
                     "data.feature_probability: %g active features with the exponent %g give the "
                     "first one a probability of %g; at most %g can be active",
                     values->b, values->a, out[0], values->b / out[0]);
}

double probability_of_none(const double *probabilities, int n_features) {
    double log_none = 0;
    for (int i = 0; i < n_features; i++)
        log_none += log1p(-probabilities[i]);
    return exp(log_none);
}
