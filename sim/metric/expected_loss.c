/* The expected loss by number of active features, exactly: L = sum_k L_k, where L_k is what samples
 * of k active features add (sim/theory/expected_loss.h). Where data are sparse the first terms are
 * nearly all of it, and samples of two active features are too rare to be drawn. */
#include "sim/theory/expected_loss.h"
#include "sim/metric/metric.h"

#include <math.h>
#include <string.h>

/* L_3 costs n^4 / 6 integrals, 10 ms for 20 features; L_2 n^3 / 2, a quarter of a second for 200.
 * Larger models have L_0 and L_1, n^2. */
enum { N_TERMS = MAX_ACTIVE + 1, MAX_TRIPLED = 20, MAX_PAIRED = 200, MAX_EXPECTED = 2000 };

/* Independent features, uniform on [0, 1], that are to be copied; squared error, and nothing more.
 */
static bool is_closed(const MetricInput *input) {
    const ValueSettings *values = input->data->values;
    const Model *model = input->model;
    return strcmp(input->data->kind->kind.name, "independent") == 0 &&
           strcmp(input->task->kind->kind.name, "identity") == 0 && values &&
           values->value == VALUE_UNIFORM && values->value_scale == 1 && !values->unit_norm &&
           !model->kind->adds_input && model->hidden == ACTIVATION_LINEAR &&
           (model->output == ACTIVATION_LINEAR || model->output == ACTIVATION_RELU) &&
           input->loss_exponent == 2 && input->hidden_penalty == 0;
}

static bool find(const MetricInput *input, ExpectedLoss *found, Arena *scratch, Error *error) {
    int n = input->model->n_features;
    double *probability = ARENA_NEW(scratch, double, n);
    ExpectedLossInput of;
    for (int i = 0; i < n; i++)
        probability[i] = input->data->kind->probability(input->data, i);
    if (!expected_loss_input(input->model, probability, input->task->importance, scratch, &of,
                             error))
        return false;
    int max_active = n <= MAX_TRIPLED ? 3 : n <= MAX_PAIRED ? 2 : 1;
    expected_loss_terms(&of, max_active, NULL, found);
    return true;
}

static bool measure(const MetricInput *input, Measurements *measurements, Error *error) {
    int n = input->model->n_features;
    if (n > MAX_EXPECTED)
        return error_set(error, "it is measured up to %d features, not %d", MAX_EXPECTED, n);
    Arena scratch = {0};
    ExpectedLoss found = {.max_active = -1};
    bool good = !is_closed(input) || find(input, &found, &scratch, error);
    arena_release(&scratch);
    if (!good)
        return false;
    int64_t n_terms = N_TERMS;
    double *terms = measurement_add(measurements, "expected_loss", 1, &n_terms);
    double *probability = measurement_add(measurements, "expected_loss_probability", 1, &n_terms);
    for (int k = 0; k < N_TERMS; k++) {
        terms[k] = k <= found.max_active ? found.terms[k] : (double)NAN;
        probability[k] = k <= found.max_active ? found.probability[k] : (double)NAN;
    }
    bool is_found = found.max_active >= 0;
    measurement_add_scalar(measurements, "expected_loss_total",
                           is_found ? found.total : (double)NAN);
    measurement_add_scalar(measurements, "expected_loss_bound",
                           is_found ? found.bound : (double)NAN);
    return true;
}

static const char *const more[] = {"expected_loss_probability", "expected_loss_total",
                                   "expected_loss_bound", NULL};

const MetricKind metric_expected_loss = {
    .kind = {.name = "expected_loss",
             .summary =
                 "what samples of 0, 1, 2 and 3 active features add to the loss, exactly [4], "
                 "with expected_loss_probability, how many samples these are [4], "
                 "expected_loss_total, the sum, and expected_loss_bound, the most that "
                 "samples of more could add; NaN unless data are independent, uniform on "
                 "[0, 1], the task identity, the model without a residual path, its hidden layer "
                 "linear, the output linear or "
                 "ReLU, loss_exponent 2 and no hidden_penalty; the fourth term up to 20 features, "
                 "the third up "
                 "to 200, all up to 2000",
             .source = "Elhage et al. 2022, Mathematical understanding"},
    .measure = measure,
    .max_features = MAX_EXPECTED,
    .more = more,
};
