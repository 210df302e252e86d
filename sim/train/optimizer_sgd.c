/* Plain gradient descent on minibatches: p -= learning_rate (g + weight_decay p). */
#include "sim/train/optimizer.h"

static void descend(int64_t n, float rate, float decay, float *restrict p,
                    const float *restrict g) {
    for (int64_t i = 0; i < n; i++)
        p[i] -= rate * (g[i] + decay * p[i]);
}

static Factors factors(const void *settings, const Update *update) {
    (void)settings;
    return (Factors){.rate = (float)update->learning_rate, .decay = (float)update->weight_decay};
}

static void step(const Factors *factors, int64_t n, float *parameters, const float *gradient,
                 float *const *states) {
    (void)states;
    descend(n, factors->rate, factors->decay, parameters, gradient);
}

const OptimizerKind optimizer_sgd = {
    .kind = {.name = "sgd",
             .summary = "stochastic gradient descent",
             .source = "torch.optim.SGD without momentum"},
    .factors = factors,
    .step = step,
};
