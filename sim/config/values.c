/* Settings that stand for many numbers: one for each feature, or a run's steps. */
#include "sim/config/field.h"

#include <math.h>

/* out_i = sum (i + 1)^-exponent / sum_j (j + 1)^-exponent. */
static void expand_zipf(double exponent, double sum, int n, double *out) {
    double total = 0;
    for (int i = n - 1; i >= 0; i--)
        total += out[i] = pow(i + 1, -exponent);
    for (int i = 0; i < n; i++)
        out[i] *= sum / total;
}

bool feature_values_expand(const FeatureValues *values, int n_features, double *out, Error *error) {
    if (values->form == FORM_LIST && values->n != n_features)
        return error_set(error, "a list of %d numbers for %d features", values->n, n_features);
    if (values->form == FORM_ZIPF) {
        expand_zipf(values->a, values->b, n_features, out);
        return true;
    }
    double power = 1;
    for (int i = 0; i < n_features; i++) {
        switch (values->form) {
        case FORM_SCALAR:
            out[i] = values->a;
            break;
        case FORM_LIST:
            out[i] = values->list[i];
            break;
        case FORM_FIRST_REST:
            out[i] = i ? values->b : values->a;
            break;
        case FORM_DECAY:
            out[i] = power;
            power *= values->a;
            break;
        case FORM_LAST:
            out[i] = i == n_features - 1 ? values->a : 1;
            break;
        case FORM_ZIPF:
            break;
        }
    }
    return true;
}

/* Step i of n that are evenly spaced from 0 to n_steps, in step or in log(1 + step). */
static int64_t spaced_step(CadenceForm form, int64_t i, int64_t n, int64_t n_steps) {
    double t = (double)i / (double)(n - 1), last = (double)n_steps;
    return llround(form == CADENCE_LOG ? expm1(t * log1p(last)) : t * last);
}

const int64_t *cadence_steps(Cadence cadence, int64_t n_steps, Arena *arena, int *n) {
    *n = 0;
    if (cadence.form == CADENCE_NONE)
        return NULL;
    bool is_every = cadence.form == CADENCE_EVERY;
    int64_t most = is_every ? n_steps / cadence.n + 2 : cadence.n < 2 ? 2 : cadence.n;
    int64_t *steps = ARENA_NEW(arena, int64_t, most);
    for (int64_t i = 0; i < most; i++) {
        int64_t step = is_every ? i * cadence.n : spaced_step(cadence.form, i, most, n_steps);
        if (step > n_steps || i == most - 1)
            step = n_steps;
        if (!*n || step > steps[*n - 1])
            steps[(*n)++] = step;
    }
    return steps;
}
