/* Gradient descent with momentum, in PyTorch's form: the buffer v sums gradients and the learning
 * rate multiplies the sum, v = momentum v + g + weight_decay p, p -= learning_rate v. Dampening is
 * 0, so the first v is the first gradient, which a buffer that starts at 0 gives by itself. */
#include "sim/train/optimizer.h"

static void descend(int64_t n, float rate, float momentum, float decay, float *restrict p,
                    const float *restrict g, float *restrict v) {
    for (int64_t i = 0; i < n; i++) {
        v[i] = momentum * v[i] + (g[i] + decay * p[i]);
        p[i] -= rate * v[i];
    }
}

static Factors factors(const void *settings, const Update *update) {
    (void)settings;
    return (Factors){.rate = (float)update->learning_rate,
                     .momentum = (float)update->momentum,
                     .decay = (float)update->weight_decay};
}

static void step(const Factors *factors, int64_t n, float *parameters, const float *gradient,
                 float *const *states) {
    descend(n, factors->rate, factors->momentum, factors->decay, parameters, gradient, states[0]);
}

const OptimizerKind optimizer_momentum = {
    .kind = {.name = "momentum",
             .summary = "stochastic gradient descent with momentum (train.momentum)",
             .source = "torch.optim.SGD with momentum; Sutskever et al. 2013"},
    .n_states = 1,
    .factors = factors,
    .step = step,
};
