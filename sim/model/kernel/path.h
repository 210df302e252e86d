/* Inside the door: what workspace.c and the paths share. A Path is one way to compute loss and
 * gradient; paths are rows (plain, and two vector paths for each instruction-set level), and which
 * one a workspace takes is a formula of the model (path_choose), and of the data's where a
 * path has code for sparse samples (rows_pay).
 *
 *            workspace_open           plan: how the chunk gradients are laid out, how much scratch,
 *                                     stages that only compute
 *            workspace_prepare        prepare: weights in the path's own order
 *            workspace_run            compute: a task of such a stage
 *   batch -> workspace_add / losses   run: loss sums, and the gradient added to a chunk's
 *            workspace_gradient       chunks in order, back to the model's order
 */
#ifndef SUPERPOSE_MODEL_KERNEL_PATH_H
#define SUPERPOSE_MODEL_KERNEL_PATH_H

#include "sim/model/kernel/kernel.h"

/* The exponents that have a form of their own in vector code; POWER_ANY calls powf. */
typedef enum Power { POWER_ANY, POWER_1, POWER_2, POWER_3, POWER_4 } Power;

/* Where the tensors start in a chunk's gradient, in floats: W [n_features][stride], then W2 (in
 * tied models W itself), b_hidden [stride], b [n_features]. */
typedef struct Layout {
    int stride; /* >= n_hidden */
    int64_t W, W2, b_hidden, b;
    int64_t n_floats; /* of all, with padding */
} Layout;

/* A stage of a step: either its tasks take the batch, one chunk each, or they are n_tasks that only
 * compute. */
typedef struct Stage {
    bool takes_blocks;
    int n_tasks;
} Stage;

enum { MAX_STAGES = 4 };

typedef struct Path Path;

struct Workspace {
    const Path *path;
    int n_features, n_hidden;
    bool is_tied, has_hidden_bias;
    bool takes_input_off; /* paths get y - x as targets, in place of adding x to outputs */
    bool mixes;           /* and y - x - x M */
    Activation hidden, output;
    double n_active; /* features of a sample, expected */

    double exponent;
    Power power;
    float hidden_penalty;
    float *importance; /* [n_features], then zeros: room for a whole vector more */

    Layout layout;
    int64_t n_prepared;    /* floats */
    int64_t scratch_bytes; /* of one worker */
    float *prepared;       /* [n_prepared]; what no path writes stays 0 */
    char *scratch;         /* [n_workers][scratch_bytes] */
    int64_t targets_at; /* where a worker's scratch has room for targets of its own, and where the
                           model mixes for inputs after them */

    Stage stages[MAX_STAGES]; /* of a round */
    int n_stages;
    int n_rounds, round_chunks; /* the stages are gone through for so many chunks at a time */

    int batch_size, n_blocks, n_workers;
    int n_chunks, chunk_blocks; /* draw blocks of a chunk; the last may have fewer */
    LossSums *sums;             /* [n_chunks] */
    int n_gradients;            /* n_chunks; 1 where the path keeps blocks */
    float *gradients;           /* [n_chunks][layout.n_floats] */
};

struct Path {
    bool adds_input; /* itself, in kinds that do */
    /** Sets layout, n_prepared and scratch_bytes from the sizes, and the stages where there are
     * more than the one that takes the batch. */
    void (*plan)(Workspace *workspace);
    /** Fills workspace->prepared from the weights; NULL where the path reads the model. */
    void (*prepare)(Workspace *workspace, const Model *model);
    /** Keeps a block for the stages that follow, which leave the gradient of the mean loss in the
     * model's order in workspace->gradients, and loss sums in workspace->sums of the block; then
     * every block is a chunk, and plan sets round_chunks. NULL: run is called instead. */
    void (*keep)(Workspace *workspace, const Model *model, const Batch *batch, int block,
                 void *scratch);
    /** Adds the batch's loss sums: of a path that keeps blocks. */
    void (*losses)(const Workspace *workspace, const Model *model, const Batch *batch,
                   void *scratch, LossSums *sums);
    /** Runs a task of a stage that only computes; NULL where there is none. */
    void (*compute)(Workspace *workspace, const Model *model, int stage, int task, void *scratch);
    /** Adds the batch's loss sums and, unless `gradient` [layout.n_floats] is NULL, the gradient of
     * the summed loss. */
    void (*run)(const Workspace *workspace, const Model *model, const Batch *batch, void *scratch,
                float *gradient, LossSums *sums);
};

/** workspace_open on a path that the sizes would not choose: for tests. */
bool workspace_open_path(Workspace **workspace, const Path *path, const Model *model,
                         const Objective *objective, int batch_size, int n_workers, Arena *arena,
                         Error *error);

/** The path for an instruction-set level and a model's sizes and activations. */
const Path *path_choose(Isa isa, const Model *model);

/** Whether that is the one with samples across the lanes. */
bool is_tiny(const Model *model);

/** Numbers in a vector of the level. */
int isa_lanes(Isa isa);

/** Sizes, plan and chunks of a workspace of that path, without any memory. */
void workspace_size(Workspace *workspace, const Path *path, const Model *model, int batch_size);

/** Whether data of so many features is for sparse rows (vector_rows.c): the Gram matrix must not be
 * large. Then there is a stage for it, so that all models of the same data have the same stages. */
bool rows_fit(const Workspace *workspace);

/** Whether sparse rows can pay for the model, too: what an input adds to an output must not go
 * through a bend, and outputs must be able to be 0. */
bool rows_may_pay(const Workspace *workspace);

/** Whether they do, for data of workspace->n_active active features a sample. */
bool rows_pay(const Workspace *workspace);

/** The layout in the model's own order with rows of W padded to `stride` floats, and room for
 * n_rows >= n_features rows of W, W2 and b. */
Layout layout_of(const Workspace *workspace, int stride, int64_t n_rows);

extern const Path path_plain;

/* vector_tiny.c: samples across the lanes; vector_block.c: blocks of samples, tiled products, and
 * with vector_rows.c sparse samples one by one; vector_large.c: the whole batch against panels of
 * features, one gradient. */
extern const Path path_tiny_baseline, path_block_baseline, path_large_baseline;
#ifdef __x86_64__
extern const Path path_tiny_avx2, path_block_avx2, path_large_avx2;
extern const Path path_tiny_avx512, path_block_avx512, path_large_avx512;
#endif

/* The largest sizes that go with samples across the lanes: above them a group's gradient no longer
 * fits into the first-level cache and the hidden code not into registers. */
enum { TINY_FEATURES = 32, TINY_HIDDEN = 8 };

/* The most features of a tied model whose gradient is taken by the Gram matrix (vector_gram.c):
 * beyond them the n^2 products a sample cost more than 5 n m of the other way. */
enum { GRAM_FEATURES = 6 };

/* From so many weights on, gradients of 8 chunks would need more than 64 MiB. */
enum { LARGE_WEIGHTS = 2 << 20 };

/** The weight of row r of a batch whose last row, n_rows, stands for its empty samples. */
static inline int row_weight(const Batch *batch, int row) {
    return row < batch->n_rows ? 1 : batch->n_empty;
}

/** Rows to run: the listed ones and, where there are empty samples, one for them all. */
static inline int row_count(const Batch *batch) {
    return batch->n_rows + (batch->n_empty > 0);
}

/** Adds `weight` samples of that loss. */
static inline void sums_add(LossSums *sums, int weight, double loss) {
    sums->n_samples += weight;
    sums->loss += weight * loss;
    sums->loss_squared += weight * loss * loss;
}

#endif
