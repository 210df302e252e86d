/* Adam (Kingma & Ba 2015) and AdamW (Loshchilov & Hutter 2019), as PyTorch computes them: at step
 * t, with gradient g,
 *     m = beta1 m + (1 - beta1) g
 *     v = beta2 v + (1 - beta2) g^2
 *     p = p - learning_rate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon).
 * Adam first adds weight_decay p to g; AdamW first multiplies p by 1 - learning_rate weight_decay.
 * Both are one loop: what a kind does not do is done with 0 or with 1. */
#include "sim/train/optimizer.h"

#include <math.h>

typedef struct AdamSettings {
    double beta1, beta2, epsilon;
} AdamSettings;

/* 1 - beta^t. As beta^t <= exp(-t (1 - beta)), it is 1 to the last bit once that exponent passes
 * 38; a model of a few parameters feels the time of a power at every step. */
static double correction(double beta, double t) {
    return t * (1 - beta) > 38 ? 1 : 1 - pow(beta, t);
}

/* rate = learning_rate / (1 - beta1^t), scale = 1 / sqrt(1 - beta2^t) */
static Factors factors_of(const AdamSettings *settings, const Update *update) {
    double t = (double)update->step;
    return (Factors){
        .beta1 = (float)settings->beta1,
        .beta2 = (float)settings->beta2,
        .rest1 = (float)(1 - settings->beta1),
        .rest2 = (float)(1 - settings->beta2),
        .rate = (float)(update->learning_rate / correction(settings->beta1, t)),
        .scale = (float)(1 / sqrt(correction(settings->beta2, t))),
        .epsilon = (float)settings->epsilon,
        .shrink = 1,
    };
}

static Factors adam_factors(const void *settings, const Update *update) {
    Factors factors = factors_of(settings, update);
    factors.decay = (float)update->weight_decay;
    return factors;
}

static Factors adamw_factors(const void *settings, const Update *update) {
    Factors factors = factors_of(settings, update);
    factors.shrink = (float)(1 - update->learning_rate * update->weight_decay);
    return factors;
}

static void descend(Factors f, int64_t n, float *restrict p, const float *restrict gradient,
                    float *restrict m, float *restrict v) {
    for (int64_t i = 0; i < n; i++) {
        float g = gradient[i] + f.decay * p[i];
        m[i] = f.beta1 * m[i] + f.rest1 * g;
        v[i] = f.beta2 * v[i] + f.rest2 * (g * g);
        p[i] = f.shrink * p[i] - f.rate * m[i] / (sqrtf(v[i]) * f.scale + f.epsilon);
    }
}

static void step(const Factors *factors, int64_t n, float *parameters, const float *gradient,
                 float *const *states) {
    descend(*factors, n, parameters, gradient, states[0], states[1]);
}

static void constants(const void *settings, double *out) {
    const AdamSettings *adam = settings;
    out[0] = adam->beta1;
    out[1] = adam->beta2;
    out[2] = adam->epsilon;
}

static const Field fields[] = {
    {.name = "beta1",
     .type = FIELD_REAL,
     .offset = offsetof(AdamSettings, beta1),
     .fallback = "0.9",
     .maximum = 0.999999,
     .help = "how much of the mean gradient is kept at a step"},
    {.name = "beta2",
     .type = FIELD_REAL,
     .offset = offsetof(AdamSettings, beta2),
     .fallback = "0.999",
     .maximum = 0.999999,
     .help = "how much of the mean squared gradient is kept at a step"},
    {.name = "epsilon",
     .type = FIELD_REAL,
     .offset = offsetof(AdamSettings, epsilon),
     .fallback = "1e-8",
     .maximum = HUGE_VAL,
     .is_open = true,
     .help = "added to the root of the mean squared gradient"},
};

const OptimizerKind optimizer_adam = {
    .kind = {.name = "adam",
             .summary = "Adam; weight decay is added to the gradient",
             .source = "torch.optim.Adam; Kingma & Ba 2015",
             .fields = fields,
             .n_fields = sizeof fields / sizeof *fields,
             .settings_size = sizeof(AdamSettings)},
    .n_states = 2,
    .factors = adam_factors,
    .step = step,
    .constants = constants,
};

const OptimizerKind optimizer_adamw = {
    .kind = {.name = "adamw",
             .summary = "Adam with decoupled weight decay",
             .source = "torch.optim.AdamW; Loshchilov & Hutter 2019",
             .fields = fields,
             .n_fields = sizeof fields / sizeof *fields,
             .settings_size = sizeof(AdamSettings)},
    .n_states = 2,
    .weight_decay = 0.01,
    .factors = adamw_factors,
    .step = step,
    .constants = constants,
};
