/* The workspace: memory, stages, chunks, and the sum over chunks. What is computed in between is
 * the path's (path.h).
 *
 * A batch is drawn in blocks of data_block(n_features) samples. Each block is a chunk with a
 * gradient of its own, so that any worker can take any chunk; only where all these gradients would
 * need more than 64 MiB does a chunk have several blocks. Chunks are added in their order. Nothing
 * here knows how many workers there are but the size of the scratch. */
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

static int ceil_divide(int n, int divisor) {
    return (n + divisor - 1) / divisor;
}

/* Chunks of as many blocks as the bound on memory asks for. */
static void set_chunks(Workspace *workspace, int64_t n_parameters) {
    int64_t most = most_chunk_bytes / (int64_t)sizeof(float) / n_parameters;
    int n_blocks = workspace->n_blocks, n = most < n_blocks ? (int)most : n_blocks;
    workspace->chunk_blocks = n > 1 ? ceil_divide(n_blocks, n) : n_blocks;
    workspace->n_chunks = ceil_divide(n_blocks, workspace->chunk_blocks);
    workspace->n_gradients = workspace->round_chunks = workspace->n_chunks;
}

/* Every block is a chunk: nothing is kept for one but the block. */
static void set_rounds(Workspace *workspace) {
    workspace->chunk_blocks = workspace->n_gradients = 1;
    workspace->n_chunks = workspace->n_blocks;
    workspace->n_rounds = ceil_divide(workspace->n_chunks, workspace->round_chunks);
}

static int64_t whole_lines(int64_t n_bytes) {
    return (n_bytes + LINE - 1) / LINE * LINE;
}

/* Room for a draw block's targets, as batch_init has it: paths read whole tiles. */
static int64_t target_bytes(int64_t n_features) {
    return n_features * (data_block((int)n_features) + BATCH_GROUP) * (int64_t)sizeof(float);
}

void workspace_size(Workspace *workspace, const Path *path, const Model *model, int batch_size) {
    workspace->path = path;
    workspace->n_features = model->n_features;
    workspace->n_hidden = model->n_hidden;
    workspace->is_tied = model->kind->is_tied;
    workspace->has_hidden_bias = model->b_hidden != NULL;
    workspace->hidden = model->hidden;
    workspace->output = model->output;
    workspace->batch_size = batch_size;
    workspace->n_blocks = ceil_divide(batch_size, data_block(model->n_features));
    workspace->stages[0].takes_blocks = true;
    workspace->n_stages = workspace->n_rounds = 1;
    workspace->n_active = model->n_features;
    path->plan(workspace);
    workspace->scratch_bytes = whole_lines(workspace->scratch_bytes);
    workspace->takes_input_off = model->kind->adds_input && !path->adds_input;
    workspace->targets_at = workspace->scratch_bytes;
    workspace->mixes = workspace->takes_input_off && model->M;
    if (workspace->takes_input_off)
        workspace->scratch_bytes +=
            (workspace->mixes ? 2 : 1) * whole_lines(target_bytes(model->n_features));
    workspace->layout.n_floats = (workspace->layout.n_floats + PADDING - 1) / PADDING * PADDING;
    if (path->keep)
        set_rounds(workspace);
    else
        set_chunks(workspace, model_count_effective(model));
}

static double workspace_bytes(const Workspace *workspace) {
    return sizeof(float) * ((double)workspace->n_gradients * (double)workspace->layout.n_floats +
                            (double)workspace->n_prepared) +
           (double)workspace->n_workers * (double)workspace->scratch_bytes;
}

static bool allocate(Workspace *workspace, Arena *arena) {
    size_t n_gradients = (size_t)workspace->n_gradients, n_workers = (size_t)workspace->n_workers;
    size_t gradient_bytes = (size_t)workspace->layout.n_floats * sizeof(float);
    workspace->importance = ARENA_TRY(arena, float, workspace->n_features + PADDING);
    workspace->prepared = ARENA_TRY(arena, float, workspace->n_prepared + PADDING);
    workspace->sums = ARENA_TRY(arena, LossSums, workspace->n_chunks);
    workspace->gradients = arena_try(arena, n_gradients, gradient_bytes);
    workspace->scratch = arena_try(arena, n_workers, (size_t)workspace->scratch_bytes);
    return workspace->importance && workspace->prepared && workspace->sums &&
           workspace->gradients && workspace->scratch;
}

double workspace_need(const Model *model, int batch_size, int n_workers, Isa isa) {
    Workspace workspace = {.n_workers = n_workers};
    workspace_size(&workspace, path_choose(isa, model), model, batch_size);
    return workspace_bytes(&workspace);
}

bool workspace_open_path(Workspace **opened, const Path *path, const Model *model,
                         const Objective *objective, int batch_size, int n_workers, Arena *arena,
                         Error *error) {
    assert(batch_size > 0 && n_workers > 0);
    Workspace *workspace = ARENA_NEW(arena, Workspace, 1);
    workspace->n_workers = n_workers;
    workspace_size(workspace, path, model, batch_size);
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

bool workspace_open(Workspace **opened, const Model *model, const Objective *objective,
                    int batch_size, int n_workers, Isa isa, Arena *arena, Error *error) {
    const Path *path = path_choose(isa, model);
    return workspace_open_path(opened, path, model, objective, batch_size, n_workers, arena, error);
}

void workspace_set_objective(Workspace *workspace, const Objective *objective) {
    static const Power powers[] = {POWER_ANY, POWER_1, POWER_2, POWER_3, POWER_4};
    double exponent = objective->exponent;
    bool is_small = exponent == floor(exponent) && exponent >= 1 && exponent <= 4;
    workspace->exponent = exponent;
    workspace->power = is_small ? powers[(int)exponent] : POWER_ANY;
    workspace->hidden_penalty = (float)objective->hidden_penalty;
    for (int i = 0; i < workspace->n_features; i++)
        workspace->importance[i] = (float)objective->importance[i];
}

void workspace_set_active(Workspace *workspace, double n_active) {
    workspace->n_active = n_active;
}

void workspace_prepare(Workspace *workspace, const Model *model) {
    if (workspace->path->prepare)
        workspace->path->prepare(workspace, model);
}

int workspace_n_stages(const Workspace *workspace) {
    return workspace->n_rounds * workspace->n_stages;
}

/* Chunks that are there before the round of that stage. */
static int chunks_before(const Workspace *workspace, int stage) {
    return stage / workspace->n_stages * workspace->round_chunks;
}

int workspace_n_tasks(const Workspace *workspace, int stage) {
    const Stage *row = &workspace->stages[stage % workspace->n_stages];
    int n_left = workspace->n_chunks - chunks_before(workspace, stage);
    if (!row->takes_blocks)
        return row->n_tasks;
    return n_left < workspace->round_chunks ? n_left : workspace->round_chunks;
}

bool workspace_blocks(const Workspace *workspace, int stage, int task, int *first, int *end) {
    int chunk = chunks_before(workspace, stage) + task;
    int last = (chunk + 1) * workspace->chunk_blocks;
    *first = chunk * workspace->chunk_blocks;
    *end = last < workspace->n_blocks ? last : workspace->n_blocks;
    return workspace->stages[stage % workspace->n_stages].takes_blocks;
}

static float *chunk_gradient(const Workspace *workspace, int chunk) {
    return workspace->gradients + chunk * workspace->layout.n_floats;
}

static char *worker_scratch(const Workspace *workspace, int worker) {
    assert(worker >= 0 && worker < workspace->n_workers);
    return workspace->scratch + worker * workspace->scratch_bytes;
}

/* Sparse samples as rows: what mixes has targets where there is no input. */
static void fill_rows(const Batch *batch, float *x, Batch *copy) {
    int64_t n = batch->n_features;
    copy->form = BATCH_ROWS;
    copy->x = x;
    for (int row = 0; row < batch->n_rows; row++) {
        batch_row(batch, batch->x, row, copy->x + row * n);
        batch_row(batch, batch->y, row, copy->y + row * n);
    }
}

/* y -= x M, of samples n_lanes apart: x, y [n][n_lanes]. */
static inline void unmix_group(const float *M, int n, const int n_lanes, const float *x, float *y) {
    for (int j = 0; j < n; j++, x += n_lanes) {
        bool is_active = false;
        for (int lane = 0; lane < n_lanes; lane++)
            is_active |= x[lane] != 0;
        for (int i = 0; is_active && i < n; i++)
            for (int lane = 0; lane < n_lanes; lane++)
                y[i * n_lanes + lane] -= x[lane] * M[(int64_t)j * n + i];
    }
}

static void unmix(const Model *model, Batch *batch) {
    int n = batch->n_features, n_values = batch_n_values(batch);
    if (batch->form == BATCH_LANES)
        for (int at = 0; at < n_values; at += n * BATCH_GROUP)
            unmix_group(model->M, n, BATCH_GROUP, batch->x + at, batch->y + at);
    else
        for (int at = 0; at < n_values; at += n)
            unmix_group(model->M, n, 1, batch->x + at, batch->y + at);
}

/* The batch with y - x, or y - x - x M, as targets: what a layer beside a residual path is to give.
 */
static Batch without_input(const Workspace *workspace, const Model *model, const Batch *batch,
                           char *scratch) {
    Batch copy = *batch;
    if (!workspace->takes_input_off)
        return copy;
    char *targets = scratch + workspace->targets_at;
    copy.y = (float *)(void *)targets;
    if (workspace->mixes && batch->form == BATCH_SPARSE) {
        fill_rows(batch, (float *)(void *)(targets + whole_lines(target_bytes(batch->n_features))),
                  &copy);
        batch = &copy;
    }
    int n = batch_n_values(batch);
    for (int i = 0; i < n; i++)
        copy.y[i] = batch->y[i] - batch->x[i];
    if (workspace->mixes)
        unmix(model, &copy);
    return copy;
}

void workspace_add(Workspace *workspace, const Model *model, const Batch *drawn, int block,
                   int worker) {
    char *scratch = worker_scratch(workspace, worker);
    const Batch targeted = without_input(workspace, model, drawn, scratch), *batch = &targeted;
    if (workspace->path->keep) {
        workspace->path->keep(workspace, model, batch, block, scratch);
        return;
    }
    int chunk = block / workspace->chunk_blocks;
    float *gradient = chunk_gradient(workspace, chunk);
    LossSums sums = {0}; /* not in place: neighbours' are on the same cache line */
    if (block % workspace->chunk_blocks == 0)
        memset(gradient, 0, (size_t)workspace->layout.n_floats * sizeof(float));
    else
        sums = workspace->sums[chunk];
    workspace->path->run(workspace, model, batch, scratch, gradient, &sums);
    workspace->sums[chunk] = sums;
}

void workspace_run(Workspace *workspace, const Model *model, int stage, int task, int worker) {
    workspace->path->compute(workspace, model, stage, task, worker_scratch(workspace, worker));
}

void workspace_losses(Workspace *workspace, const Model *model, const Batch *drawn, int worker,
                      LossSums *sums) {
    const Path *path = workspace->path;
    char *scratch = worker_scratch(workspace, worker);
    const Batch targeted = without_input(workspace, model, drawn, scratch), *batch = &targeted;
    if (path->losses)
        path->losses(workspace, model, batch, scratch, sums);
    else
        path->run(workspace, model, batch, scratch, NULL, sums);
}

double workspace_loss(const Workspace *workspace) {
    LossSums sums = {0};
    for (int chunk = 0; chunk < workspace->n_chunks; chunk++) {
        sums.n_samples += workspace->sums[chunk].n_samples;
        sums.loss += workspace->sums[chunk].loss;
    }
    assert(sums.n_samples == workspace->batch_size);
    return sums.loss / workspace->batch_size;
}

/* out [n] = scale * sum over chunks, in their order. */
static void gather(const Workspace *workspace, const float *restrict from, int64_t n, float scale,
                   float *restrict out) {
    if (workspace->n_chunks == 1) {
        for (int64_t i = 0; i < n; i++)
            out[i] = scale * from[i];
        return;
    }
    for (int64_t i = 0; i < n; i++)
        out[i] = from[i];
    for (int chunk = 1; chunk < workspace->n_chunks; chunk++) {
        from += workspace->layout.n_floats;
        for (int64_t i = 0; i < n; i++)
            out[i] += from[i];
    }
    for (int64_t i = 0; i < n; i++)
        out[i] *= scale;
}

/* A tensor: where it lies in a chunk's gradient, in rows `stride` apart. */
typedef struct Part {
    int64_t offset, n_rows, n_columns, stride;
} Part;

/* Numbers begin … end - 1 of the tensor, counted in the model's order. */
static void gather_part(const Workspace *workspace, Part part, int64_t begin, int64_t end,
                        float scale, float *out) {
    int64_t n_columns = part.n_columns, row = begin / n_columns, column = begin % n_columns;
    for (; begin < end; row++, column = 0) {
        int64_t n = n_columns - column < end - begin ? n_columns - column : end - begin;
        gather(workspace, workspace->gradients + part.offset + row * part.stride + column, n, scale,
               out);
        out += n;
        begin += n;
    }
}

/* Whether a chunk's gradient has no padding, and so is in the model's order. */
static bool is_compact(const Workspace *workspace) {
    const Layout *layout = &workspace->layout;
    return layout->stride == workspace->n_hidden &&
           layout->b_hidden - layout->W2 == (int64_t)workspace->n_features * workspace->n_hidden;
}

const float *workspace_gradient(const Workspace *workspace, int64_t begin, int64_t n, float *room) {
    if (workspace->path->keep)
        return workspace->gradients + begin;
    const Layout *layout = &workspace->layout;
    int n_features = workspace->n_features, n_hidden = workspace->n_hidden;
    const Part parts[] = {
        {layout->W, n_features, n_hidden, layout->stride},
        {layout->W2, workspace->is_tied ? 0 : n_features, n_hidden, layout->stride},
        {layout->b_hidden, workspace->has_hidden_bias ? 1 : 0, n_hidden, 0},
        {layout->b, 1, n_features, 0},
    };
    float scale = (float)(1.0 / workspace->batch_size), *out = room;
    if (is_compact(workspace)) {
        gather(workspace, workspace->gradients + begin, n, scale, room);
        return room;
    }
    for (int i = 0; i < 4 && n > 0; i++) {
        int64_t n_part = parts[i].n_rows * parts[i].n_columns;
        int64_t n_here = n_part - begin < n ? n_part - begin : n;
        if (n_here > 0) {
            gather_part(workspace, parts[i], begin, begin + n_here, scale, out);
            out += n_here;
            n -= n_here;
            begin += n_here;
        }
        begin -= n_part;
    }
    return room;
}
