/* The workspace: memory, chunks, and the sum over chunks. What is computed in between is the path's
 * (path.h).
 *
 * A batch is drawn in blocks of data_block(n_features) samples. Each block is a chunk with a
 * gradient of its own, so that any worker can take any chunk; only where all these gradients would
 * need more than 64 MiB is the whole batch one chunk. Chunks are added in their order. Nothing here
 * knows how many workers there are but the size of the scratch. */
#include "sim/model/kernel/path.h"

#include "sim/base/memory.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const int64_t most_chunk_bytes = 64LL << 20;

enum { LINE = 64, PADDING = 16 }; /* bytes; floats */

Layout layout_of(const Workspace *workspace, int stride, int64_t n_rows) {
    Layout layout = {.stride = stride};
    int64_t n_matrix = n_rows * stride;
    layout.W2 = workspace->is_tied ? 0 : n_matrix;
    layout.b_hidden = layout.W2 + n_matrix;
    layout.b = layout.b_hidden + (workspace->has_hidden_bias ? stride : 0);
    layout.n_floats = layout.b + n_rows;
    return layout;
}

static void set_sizes(Workspace *workspace, const Model *model, Isa isa) {
    workspace->path = path_choose(isa, model->n_features, model->n_hidden);
    workspace->n_features = model->n_features;
    workspace->n_hidden = model->n_hidden;
    workspace->is_tied = model->kind->is_tied;
    workspace->has_hidden_bias = model->b_hidden != NULL;
    workspace->hidden = model->kind->hidden;
    workspace->output = model->kind->output;
    workspace->path->plan(workspace);
    workspace->scratch_bytes = (workspace->scratch_bytes + LINE - 1) / LINE * LINE;
    workspace->layout.n_floats = (workspace->layout.n_floats + PADDING - 1) / PADDING * PADDING;
}

static void set_chunks(Workspace *workspace, const Model *model, int batch_size) {
    int block = data_block(model->n_features);
    workspace->n_blocks = (batch_size + block - 1) / block;
    int64_t most = most_chunk_bytes / (int64_t)sizeof(float) / model->n_parameters;
    workspace->n_chunks = workspace->n_blocks <= most ? workspace->n_blocks : 1;
}

static double workspace_bytes(const Workspace *workspace) {
    return sizeof(float) * ((double)workspace->n_chunks * (double)workspace->layout.n_floats +
                            (double)workspace->n_prepared) +
           (double)workspace->n_workers * (double)workspace->scratch_bytes;
}

static bool allocate(Workspace *workspace, Arena *arena) {
    size_t n_chunks = (size_t)workspace->n_chunks, n_workers = (size_t)workspace->n_workers;
    size_t gradient_bytes = (size_t)workspace->layout.n_floats * sizeof(float);
    workspace->importance = ARENA_TRY(arena, float, workspace->n_features + PADDING);
    workspace->prepared = ARENA_TRY(arena, float, workspace->n_prepared + PADDING);
    workspace->sums = ARENA_TRY(arena, LossSums, n_chunks);
    workspace->gradients = arena_try(arena, n_chunks, gradient_bytes);
    workspace->scratch = arena_try(arena, n_workers, (size_t)workspace->scratch_bytes);
    return workspace->importance && workspace->prepared && workspace->sums &&
           workspace->gradients && workspace->scratch;
}

double workspace_need(const Model *model, int batch_size, int n_workers, Isa isa) {
    Workspace workspace = {.n_workers = n_workers};
    set_sizes(&workspace, model, isa);
    set_chunks(&workspace, model, batch_size);
    return workspace_bytes(&workspace);
}

bool workspace_open(Workspace **opened, const Model *model, const Objective *objective,
                    int batch_size, int n_workers, Isa isa, Arena *arena, Error *error) {
    assert(batch_size > 0 && n_workers > 0);
    Workspace *workspace = ARENA_NEW(arena, Workspace, 1);
    workspace->n_workers = n_workers;
    set_sizes(workspace, model, isa);
    set_chunks(workspace, model, batch_size);
    double need = workspace_bytes(workspace);
    if (!memory_suffices(need) || !allocate(workspace, arena))
        return error_set(
            error,
            "training %d features in %d hidden dimensions needs %.3g GiB for gradients and "
            "scratch (%d workers); %.3g GiB are available",
            model->n_features, model->n_hidden, need * 0x1p-30, n_workers,
            (double)memory_available() * 0x1p-30);
    workspace_set_objective(workspace, objective);
    *opened = workspace;
    return true;
}

void workspace_set_objective(Workspace *workspace, const Objective *objective) {
    static const Power powers[] = {POWER_ANY, POWER_1, POWER_2, POWER_3, POWER_4};
    double exponent = objective->exponent;
    bool is_small = exponent == floor(exponent) && exponent >= 1 && exponent <= 4;
    workspace->exponent = exponent;
    workspace->power = is_small ? powers[(int)exponent] : POWER_ANY;
    for (int i = 0; i < workspace->n_features; i++)
        workspace->importance[i] = (float)objective->importance[i];
}

int workspace_n_chunks(const Workspace *workspace) {
    return workspace->n_chunks;
}

void workspace_blocks(const Workspace *workspace, int chunk, int *first, int *end) {
    bool is_whole = workspace->n_chunks == 1;
    *first = is_whole ? 0 : chunk;
    *end = is_whole ? workspace->n_blocks : chunk + 1;
}

void workspace_prepare(Workspace *workspace, const Model *model) {
    if (workspace->path->prepare)
        workspace->path->prepare(workspace, model);
}

static float *chunk_gradient(const Workspace *workspace, int chunk) {
    return workspace->gradients + chunk * workspace->layout.n_floats;
}

static void *worker_scratch(const Workspace *workspace, int worker) {
    assert(worker >= 0 && worker < workspace->n_workers);
    return workspace->scratch + worker * workspace->scratch_bytes;
}

void workspace_begin(Workspace *workspace, int chunk) {
    size_t n_floats = (size_t)workspace->layout.n_floats;
    memset(chunk_gradient(workspace, chunk), 0, n_floats * sizeof(float));
    workspace->sums[chunk] = (LossSums){0};
}

void workspace_add(Workspace *workspace, const Model *model, const Batch *batch, int chunk,
                   int worker) {
    LossSums sums = workspace->sums[chunk]; /* neighbours' are on the same cache line */
    workspace->path->run(workspace, model, batch, worker_scratch(workspace, worker),
                         chunk_gradient(workspace, chunk), &sums);
    workspace->sums[chunk] = sums;
}

void workspace_losses(Workspace *workspace, const Model *model, const Batch *batch, int worker,
                      LossSums *sums) {
    workspace->path->run(workspace, model, batch, worker_scratch(workspace, worker), NULL, sums);
}

/* out [n_rows][n_columns] = scale * sum over chunks, in order, of rows `step` floats apart. */
static void gather_rows(const Workspace *workspace, int64_t offset, int64_t n_rows,
                        int64_t n_columns, int64_t step, float scale, float *restrict out) {
    for (int64_t row = 0; row < n_rows; row++, out += n_columns) {
        const float *restrict from = workspace->gradients + offset + row * step;
        for (int64_t i = 0; i < n_columns; i++)
            out[i] = from[i];
        for (int chunk = 1; chunk < workspace->n_chunks; chunk++) {
            from += workspace->layout.n_floats;
            for (int64_t i = 0; i < n_columns; i++)
                out[i] += from[i];
        }
        for (int64_t i = 0; i < n_columns; i++)
            out[i] *= scale;
    }
}

double workspace_gather(Workspace *workspace, float *gradient) {
    LossSums sums = {0};
    for (int chunk = 0; chunk < workspace->n_chunks; chunk++) {
        sums.n_samples += workspace->sums[chunk].n_samples;
        sums.loss += workspace->sums[chunk].loss;
    }
    assert(sums.n_samples > 0);
    const Layout *layout = &workspace->layout;
    int64_t n = workspace->n_features, m = workspace->n_hidden, n_matrix = n * m;
    float scale = (float)(1.0 / (double)sums.n_samples);
    gather_rows(workspace, layout->W, n, m, layout->stride, scale, gradient);
    gradient += n_matrix;
    if (!workspace->is_tied) {
        gather_rows(workspace, layout->W2, n, m, layout->stride, scale, gradient);
        gradient += n_matrix;
    }
    if (workspace->has_hidden_bias) {
        gather_rows(workspace, layout->b_hidden, 1, m, m, scale, gradient);
        gradient += m;
    }
    gather_rows(workspace, layout->b, 1, n, n, scale, gradient);
    return sums.loss / (double)sums.n_samples;
}
