/* The one door to fast code: loss and gradient of a model on batches.
 *
 * Inside are a plain reference, written to be read, and vector kernels, built once for each
 * instruction-set level (Isa) from one source. Lane layout, alignment, transposes and blocking stay
 * inside; outside, a model is W [n_features][n_hidden] and so on.
 *
 * A training step of a batch: workspace_prepare (once), then for every chunk, by any worker in any
 * order: workspace_begin, workspace_add for each of its draw blocks in order; then workspace_gather
 * (once), which sums chunks in their order. The number of chunks is a function of the model's sizes
 * and the batch alone, so the bits are the same at any number of threads. */
#ifndef SUPERPOSE_MODEL_KERNEL_KERNEL_H
#define SUPERPOSE_MODEL_KERNEL_KERNEL_H

#include "sim/model/model.h"
#include "sim/model/task.h"

typedef enum Isa { ISA_PLAIN, ISA_BASELINE, ISA_AVX2, ISA_AVX512 } Isa;

/** The best level this machine runs. */
Isa isa_best(void);

/** "plain", "baseline", "avx2", "avx512": the names of --isa and of the store. */
const char *isa_name(Isa isa);

/** By name; false where there is none such, or this machine cannot run it. */
bool isa_find(const char *name, Isa *isa, Error *error);

/* What is minimised: the mean over samples of sum_i I_i |y_i - y'_i|^exponent. */
typedef struct Objective {
    const double *importance; /* [n_outputs] */
    double exponent;          /* > 0; 2 is the squared error */
} Objective;

typedef struct Workspace Workspace;

/** Scratch and chunk gradients for training `model` with batches of `batch_size` on n_workers
 * threads; n_workers changes memory only, never a result. Memory comes from the arena; fails,
 * saying how much it needs, where that is short. */
bool workspace_open(Workspace **workspace, const Model *model, const Objective *objective,
                    int batch_size, int n_workers, Isa isa, Arena *arena, Error *error);

/** Bytes that workspace_open would take. */
double workspace_need(const Model *model, int batch_size, int n_workers, Isa isa);

/** New importance or exponent, from the next step on. */
void workspace_set_objective(Workspace *workspace, const Objective *objective);

/** Number of chunks, and the draw blocks [first, end) of one. */
int workspace_n_chunks(const Workspace *workspace);
void workspace_blocks(const Workspace *workspace, int chunk, int *first, int *end);

/** Takes over the model's present weights (transposes, products of weights). */
void workspace_prepare(Workspace *workspace, const Model *model);

/** Clears the chunk's gradient and loss. */
void workspace_begin(Workspace *workspace, int chunk);

/** Adds the gradient and the loss of a block. */
void workspace_add(Workspace *workspace, const Model *model, const Batch *batch, int chunk,
                   int worker);

/** The gradient of the batch's mean loss, gradient [n_parameters] in the model's order; returns the
 * mean loss. */
double workspace_gather(Workspace *workspace, float *gradient);

/* Sums over samples of the loss and of its square, from which come a mean and its standard error.
 */
typedef struct LossSums {
    int64_t n_samples;
    double loss, loss_squared;
} LossSums;

/** Adds the losses of a block; needs workspace_prepare before it. */
void workspace_losses(Workspace *workspace, const Model *model, const Batch *batch, int worker,
                      LossSums *sums);

/** Outputs y' of one dense input x [n_features] and its hidden code h [n_hidden] (may be NULL); out
 * [n_features]. Plain code, for metrics and tests. */
void model_forward(const Model *model, const float *x, float *h, float *out);

#endif
