/* Optimizer: the update of a flat parameter array from its gradient, with PyTorch's exact rules
 * (torch.optim.SGD, Adam, AdamW).
 *
 * To add one: one file here with one OptimizerKind, one line in optimizer.c's table. */
#ifndef SUPERPOSE_TRAIN_OPTIMIZER_H
#define SUPERPOSE_TRAIN_OPTIMIZER_H

#include "sim/base/error.h"
#include "sim/config/kind.h"

#include <stdint.h>

/* What an update needs beside its kind's settings; may change from step to step. */
typedef struct Update {
    int64_t step;         /* from 1 */
    double learning_rate; /* of this step */
    double weight_decay;  /* on all parameters; decoupled for adamw, added to the gradient for the
                             others */
    double momentum;      /* of the kind momentum */
} Update;

/* The numbers of an update, made once a step and used for every parameter; a kind sets those it
 * uses. */
typedef struct Factors {
    float rate;                       /* multiplies the direction that a parameter goes */
    float decay;                      /* times the parameter, added to its gradient */
    float shrink;                     /* multiplies the parameter */
    float momentum;                   /* how much of the sum of gradients is kept */
    float beta1, beta2, rest1, rest2; /* of the means of gradient and square; rest = 1 - beta */
    float scale;                      /* multiplies the root of the mean square */
    float epsilon;                    /* added to it */
} Factors;

enum { MAX_OPTIMIZER_STATES = 2 };

typedef struct OptimizerKind {
    Kind kind;
    int n_states;        /* arrays of optimizer state: momentum 1, adam 2 */
    double weight_decay; /* the default: 0.01 for adamw, else 0 */
    /** The factors of one update. */
    Factors (*factors)(const void *settings, const Update *update);
    /** parameters [n], gradient [n], states[0 … n_states-1] each [n], 0 at the start; none overlaps
     * another. Elementwise: any range may be done apart, with the same bits. */
    void (*step)(const Factors *factors, int64_t n, float *parameters, const float *gradient,
                 float *const *states);
    /** beta1, beta2, epsilon for `trace` (NULL: it has none): out [3]. */
    void (*constants)(const void *settings, double *out);
} OptimizerKind;

extern const KindTable optimizer_table;

#endif
