/* The one door to fast code: loss and gradient of a model on batches.
 *
 * Inside are a plain reference, written to be read, and vector kernels, built once for each
 * instruction-set level (Isa) from one source. Lane layout, alignment, transposes and blocking stay
 * inside; outside, a model is W [n_features][n_hidden] and so on.
 *
 * A training step of a batch is workspace_prepare, then the workspace's stages in order, then
 * workspace_loss and workspace_gradient. A stage is a number of tasks, which any workers run in any
 * order, all of them before the next stage begins:
 *
 *     for each stage, for each of its tasks:
 *         if workspace_blocks(stage, task, &first, &end)  the task takes draw blocks first … end-1:
 *             workspace_add(block) for each in order      the caller draws them, one after another
 *         else                                            the task only computes:
 *             workspace_run(stage, task)
 *
 * Most models have one stage, whose tasks take the batch chunk by chunk. Stages, tasks, and the
 * order of every sum are functions of the model's sizes and the batch alone, so the bits are the
 * same at any number of threads. */
#ifndef SUPERPOSE_MODEL_KERNEL_KERNEL_H
#define SUPERPOSE_MODEL_KERNEL_KERNEL_H

#include "sim/model/model.h"
#include "sim/model/task.h"

typedef enum Isa { ISA_PLAIN, ISA_BASELINE, ISA_AVX2, ISA_AVX512, N_ISA } Isa;

/** Whether this program has code for the level, and whether this machine runs it. */
bool isa_is_built(Isa isa);
bool isa_runs(Isa isa);

/** The best level this machine runs. */
Isa isa_best(void);

/** "plain", "baseline", "avx2", "avx512": the names of --isa and of the store. */
const char *isa_name(Isa isa);

/** What it needs of a machine, in a few words. */
const char *isa_summary(Isa isa);

/** By name; false where there is none such, or this machine cannot run it. */
bool isa_find(const char *name, Isa *isa, Error *error);

/* What is minimised: the mean over samples of sum_i I_i |y_i - y'_i|^exponent
 * + hidden_penalty sum_k |h_k|. Every loss here has both parts. */
typedef struct Objective {
    const double *importance; /* [n_outputs] */
    double exponent;          /* > 0; 2 is the squared error */
    double hidden_penalty;    /* >= 0 */
} Objective;

typedef struct Workspace Workspace;

/** Scratch and chunk gradients for training `model` with batches of `batch_size` on n_workers
 * threads; n_workers changes memory only, never a result. Memory comes from the arena; fails,
 * saying how much it needs, where that is short. */
bool workspace_open(Workspace **workspace, const Model *model, const Objective *objective,
                    int batch_size, int n_workers, Isa isa, Arena *arena, Error *error);

/** Bytes that workspace_open would take. */
double workspace_need(const Model *model, int batch_size, int n_workers, Isa isa);

/** New importance, exponent or penalty, from the next step on. */
void workspace_set_objective(Workspace *workspace, const Objective *objective);

/** How many features of a sample are active, expected (data_active_features), from the next step
 * on; before: all. Where they are few, code for sparse samples may cost less: whether it does is a
 * formula of this number, the model's sizes and the batch. */
void workspace_set_active(Workspace *workspace, double n_active);

/** Takes over the model's present weights (transposes), and forgets the batch before. */
void workspace_prepare(Workspace *workspace, const Model *model);

/** Stages of a step, and tasks of one. */
int workspace_n_stages(const Workspace *workspace);
int workspace_n_tasks(const Workspace *workspace, int stage);

/** Whether the task takes draw blocks, and then which: *first … *end - 1. */
bool workspace_blocks(const Workspace *workspace, int stage, int task, int *first, int *end);

/** Takes a block of the batch, which may be overwritten then. */
void workspace_add(Workspace *workspace, const Model *model, const Batch *batch, int block,
                   int worker);

/** Runs a task that takes no blocks. */
void workspace_run(Workspace *workspace, const Model *model, int stage, int task, int worker);

/** The mean loss of the batch, when all stages are done. */
double workspace_loss(const Workspace *workspace);

/** The gradient of the batch's mean loss with respect to numbers begin … begin + n - 1, in the
 * order W, W2, b_hidden, b (without an embedding the model's own): either in room [n], or where the
 * workspace has it already. Any ranges, by any workers at the same time, when all stages are done.
 */
const float *workspace_gradient(const Workspace *workspace, int64_t begin, int64_t n, float *room);

/* Sums over samples of the loss and of its square, from which come a mean and its standard error.
 */
typedef struct LossSums {
    int64_t n_samples;
    double loss, loss_squared;
} LossSums;

/** Adds the losses of a block; needs workspace_prepare before it, and no stage. */
void workspace_losses(Workspace *workspace, const Model *model, const Batch *batch, int worker,
                      LossSums *sums);

/** Outputs y' of one dense input x [n_features] and its hidden code h [n_hidden] (may be NULL); out
 * [n_features]. Plain code, for metrics and tests. */
void model_forward(const Model *model, const float *x, float *h, float *out);

/* About what the gradient of a step takes: counts that a rate each turns into time. */
typedef struct Work {
    double samples;       /* gone through: those with an active feature, where others are counted */
    double multiply_adds; /* of products, with their padding to whole vectors */
    double gathered;      /* multiply-adds with rows that a list points at: of active features, of
                             active outputs */
    double outputs;       /* that get a loss and a slope */
    double powers;        /* of these, by powf */
    double placed;        /* active features of samples that came as lists, put into lanes */
    double sums;          /* numbers of the chunks' gradients, which are added up */
} Work;

/* What the counts depend on beside the model's kind and sizes. */
typedef struct WorkOf {
    int batch_size;
    double n_active;  /* features of a sample that are not 0, on average */
    double filled;    /* chance that a sample has an active feature */
    bool is_dense;    /* all features are drawn */
    bool is_listed;   /* samples come as lists of active features, also in tiny models */
    bool has_settled; /* trained for a while, so that few outputs are active where few inputs are */
    double ignored;   /* part of the features whose importance is next to nothing: a settled model
                         gives their mean at every sample */
    double exponent;  /* of the loss */
    bool is_penalized; /* the hidden code is */
} WorkOf;

/** Counts it. Only the model's kind and sizes are read (model_sizes). */
Work workspace_work(const Model *model, const WorkOf *of, Isa isa);

#endif
