#include "sim/theory/expected_loss.h"

#include <assert.h>
#include <math.h>

/* P(A) is that of no feature but the certain ones (p = 1), times p / (1 - p) for each uncertain one
 * in A; it is 0 unless all certain ones are in A. */
typedef struct Odds {
    double none; /* product of 1 - p over the uncertain */
    int n_certain;
} Odds;

/* A walk over the sets of at most max_active features, for one output. */
typedef struct Walk {
    const ExpectedLossInput *input;
    Odds odds;
    int output, max_active;
    int features[MAX_ACTIVE];
    double c[MAX_ACTIVE]; /* what they add to the output */
    int target;           /* which of them is the output's own; -1: none */
    double terms[MAX_ACTIVE + 1];
    double *dG, *db; /* the output's row of dG, and its derivative by b; NULL: not wanted */
} Walk;

static bool is_certain(const ExpectedLossInput *input, int i) {
    return input->probability[i] >= 1;
}

static Odds odds_of(const ExpectedLossInput *input) {
    Odds odds = {.none = 1};
    for (int i = 0; i < input->n_features; i++)
        if (is_certain(input, i))
            odds.n_certain++;
        else
            odds.none *= 1 - input->probability[i];
    return odds;
}

/* Adds the set of the walk's first k features, of probability `weight`. */
static void add_set(Walk *walk, int k, double weight) {
    const ExpectedLossInput *input = walk->input;
    double gradient[MAX_ACTIVE + 1], b = input->b[walk->output];
    double *wanted = walk->dG ? gradient : NULL;
    double loss = input->output == ACTIVATION_RELU
                      ? relu_integral(k, walk->c, b, walk->target, wanted)
                      : linear_integral(k, walk->c, b, walk->target, wanted);
    walk->terms[k] += weight * loss;
    if (!walk->dG)
        return;
    for (int j = 0; j < k; j++)
        walk->dG[walk->features[j]] += weight * gradient[j];
    *walk->db += weight * gradient[k];
}

/* Adds the set as it is and all that features from `first` on complete it to. */
static void add_sets(Walk *walk, int k, int first, int n_certain, double weight) {
    const ExpectedLossInput *input = walk->input;
    if (n_certain == walk->odds.n_certain)
        add_set(walk, k, weight);
    if (k == walk->max_active)
        return;
    for (int j = first; j < input->n_features; j++) {
        double p = input->probability[j];
        if (p <= 0)
            continue;
        bool certain = is_certain(input, j);
        walk->features[k] = j;
        walk->c[k] = input->G[(size_t)walk->output * input->n_features + j];
        int before = walk->target;
        walk->target = j == walk->output ? k : before;
        add_sets(walk, k + 1, j + 1, n_certain + certain, certain ? weight : weight * p / (1 - p));
        walk->target = before;
    }
}

/* The terms of one output, importance and all. */
static void walk_output(Walk *walk, int i) {
    walk->output = i;
    walk->target = -1;
    for (int k = 0; k <= walk->max_active; k++)
        walk->terms[k] = 0;
    double weight = walk->odds.none * walk->input->importance[i];
    if (weight > 0)
        add_sets(walk, 0, 0, 0, weight);
}

/* Distribution of the number of active features up to max_active, and the rest beyond, feature
 * after feature: all sums of positive numbers. */
static void count_active(const ExpectedLossInput *input, ExpectedLoss *out) {
    double *probability = out->probability;
    probability[0] = 1;
    for (int i = 0; i < input->n_features; i++) {
        double p = input->probability[i];
        out->left_out += p * probability[out->max_active];
        for (int k = out->max_active; k > 0; k--)
            probability[k] = (1 - p) * probability[k] + p * probability[k - 1];
        probability[0] *= 1 - p;
    }
}

/* The largest (t - y')^2 of output i on any sample. The error t - z is linear, so it lies between
 * sums over the corners; a ReLU puts y' at 0 where z is below, and the error at t in [0, 1]. */
static double worst_error(const ExpectedLossInput *input, int i) {
    double lowest = 0, highest = 0;
    for (int j = 0; j < input->n_features; j++) {
        double d = (i == j) - input->G[(size_t)i * input->n_features + j];
        bool is_active = input->probability[j] > 0;
        lowest += is_active ? fmin(d, 0) : 0;
        highest += is_active ? fmax(d, 0) : 0;
    }
    lowest -= input->b[i];
    highest -= input->b[i];
    if (input->output == ACTIVATION_RELU) {
        highest = 1; /* y' >= 0 */
        lowest = fmin(lowest, 0);
    }
    return fmax(lowest * lowest, highest * highest);
}

void expected_loss_terms(const ExpectedLossInput *input, int max_active, double *feature_terms,
                         ExpectedLoss *out) {
    assert(max_active >= 0 && max_active <= MAX_ACTIVE);
    *out = (ExpectedLoss){.max_active = max_active};
    count_active(input, out);
    Walk walk = {.input = input, .odds = odds_of(input), .max_active = max_active};
    double worst = 0;
    for (int i = 0; i < input->n_features; i++) {
        walk_output(&walk, i);
        worst += input->importance[i] * worst_error(input, i);
        for (int k = 0; k <= max_active; k++) {
            out->terms[k] += walk.terms[k];
            if (feature_terms)
                feature_terms[(size_t)k * input->n_features + i] = walk.terms[k];
        }
    }
    for (int k = 0; k <= max_active; k++)
        out->total += out->terms[k];
    out->bound = out->left_out * worst;
}

double expected_loss_gradient(const ExpectedLossInput *input, int max_active, double *dG,
                              double *db) {
    assert(max_active >= 0 && max_active <= MAX_ACTIVE);
    int n = input->n_features;
    Walk walk = {.input = input, .odds = odds_of(input), .max_active = max_active};
    double total = 0;
    for (int i = 0; i < n; i++) {
        walk.dG = dG + (size_t)i * n;
        walk.db = db + i;
        for (int j = 0; j < n; j++)
            walk.dG[j] = 0;
        db[i] = 0;
        walk_output(&walk, i);
        for (int k = 0; k <= max_active; k++)
            total += walk.terms[k];
    }
    return total;
}

static double row_dot(const float *a, const float *b, int n) {
    double sum = 0;
    for (int k = 0; k < n; k++)
        sum += (double)a[k] * (double)b[k];
    return sum;
}

bool expected_loss_input(const Model *model, const double *probability, const double *importance,
                         Arena *arena, ExpectedLossInput *input, Error *error) {
    int n = model->n_features, m = model->n_hidden;
    if (model->kind->adds_input || model->hidden != ACTIVATION_LINEAR ||
        model->output == ACTIVATION_GELU)
        return error_set(error,
                         "expected loss: no closed form but for a linear hidden layer and outputs "
                         "that are linear or have a ReLU, without a residual path (%s)",
                         model->kind->kind.name);
    double *G = ARENA_TRY(arena, double, (size_t)n *n);
    double *b = ARENA_TRY(arena, double, n);
    if (!G || !b)
        return error_set(error, "expected loss: no memory for %d x %d numbers", n, n);
    for (int i = 0; i < n; i++) {
        const float *reads = model->W2 + (size_t)i * m;
        b[i] = (double)model->b[i] + (model->b_hidden ? row_dot(reads, model->b_hidden, m) : 0);
        for (int j = 0; j < n; j++)
            G[(size_t)i * n + j] = row_dot(reads, model->W + (size_t)j * m, m);
    }
    *input = (ExpectedLossInput){n, model->output, G, b, probability, importance};
    return true;
}
