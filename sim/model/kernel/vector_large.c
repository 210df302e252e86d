/* Path for large models, whose gradient there is room for only once. Tasks own ranges of features
 * instead of samples, and add their rows of the one gradient themselves. The weights are read where
 * they are; what is kept beside them is of size samples x n_hidden.
 *
 * A round is some draw blocks, S samples. Its stages:
 *
 *   keep    (block)   a copy of the block;  H = act(X W + b_hidden), and H^T
 *   decode  (range)   panel after panel of some features of the range:
 *
 *                         samples
 *                       +-----------+     Z = W2 H^T, then in one pass, in place: + b, activation,
 *              features | Z  ->  G  |     loss, gradient with respect to z; gb = sum of G
 *                       +-----------+     gW2 += G H,  D += G^T W2 [S][m]: one for each range
 *
 *   join    (columns) D = sum over ranges, in order, and the hidden penalty's part;  D *= act'(H);
 *                     gb_hidden += D
 *   encode  (range)   gW += X^T D, rows of the range
 *
 * Where not many outputs of a panel are active, gW2 and D go over lists of these (large_product.h);
 * late in training only Z is left to do. The empty samples of a block are one more row with a
 * weight; rows that a block does not need have weight 0, and h = 0. */
#include "sim/model/kernel/large_product.h"

/* Parts of a panel's outputs that are active. Measured at n_hidden = 1000: below 0.6 of them lists
 * cost less than products, above 0.08 a list is long. */
static const double LISTED_PART = 0.6, LONG_PART = 0.08;

enum { STAGE_KEEP, STAGE_DECODE, STAGE_JOIN, STAGE_ENCODE, N_STAGES };

static void plan(Workspace *workspace) {
    Sizes s = sizes_of(workspace);
    int64_t n_bytes;
    workspace->layout = layout_of(workspace, s.m, s.n);
    round_of(&s, NULL, &n_bytes);
    workspace->n_prepared = n_bytes / 4;
    scratch_of(&s, NULL, &workspace->scratch_bytes);
    workspace->round_chunks = s.n_slots;
    workspace->n_stages = N_STAGES;
    workspace->stages[STAGE_DECODE] = (Stage){.n_tasks = N_RANGES};
    workspace->stages[STAGE_JOIN] = (Stage){.n_tasks = N_PIECES};
    workspace->stages[STAGE_ENCODE] = (Stage){.n_tasks = N_RANGES};
}

/* The part-th of n_parts parts of n_all things: *first ... returned end. */
static int part_of(int n_all, int n_parts, int part, int *first) {
    *first = (int)((int64_t)n_all * part / n_parts);
    return (int)((int64_t)n_all * (part + 1) / n_parts);
}

static int range_of(const Sizes *s, int range, int *first) {
    int end = part_of((s->n + s->panel - 1) / s->panel, N_RANGES, range, first) * s->panel;
    *first *= s->panel;
    return end < s->n ? end : s->n;
}

/* ---- keep ---- */

/* Dense batches become rows, whatever they were. */
static void copy_block(const Sizes *s, const Batch *batch, float *values, Batch *kept) {
    size_t n = (size_t)block_floats(s), n_entries;
    *kept = *batch;
    kept->x = values;
    kept->y = batch->y == batch->x ? kept->x : values + n;
    kept->index = (int *)(void *)(values + 2 * n);
    kept->start = kept->index + n;
    if (batch->form == BATCH_SPARSE) {
        n_entries = (size_t)batch->start[batch->n_rows];
        memcpy(kept->start, batch->start, ((size_t)batch->n_rows + 1) * sizeof(int));
        memcpy(kept->index, batch->index, n_entries * sizeof(int));
        memcpy(kept->x, batch->x, n_entries * sizeof(float));
        if (kept->y != kept->x)
            memcpy(kept->y, batch->y, n_entries * sizeof(float));
        return;
    }
    kept->form = BATCH_ROWS;
    for (int row = 0; row < batch->n_rows; row++) {
        batch_row(batch, batch->x, row, kept->x + (int64_t)row * s->n);
        if (kept->y != kept->x)
            batch_row(batch, batch->y, row, kept->y + (int64_t)row * s->n);
    }
}

/* to [n] += x * from [n] */
static void add_scaled(float x, const float *from, int n, float *to) {
    Vec factor = splat(x);
    int k = 0;
    for (; k + LANES <= n; k += LANES)
        store(to + k, load(to + k) + factor * load(from + k));
    for (; k < n; k++)
        to[k] += x * from[k];
}

/* A panel of x, [row][panel], from all blocks; rows that are not listed are 0. */
static void load_inputs(const Sizes *s, const Batch *blocks, int n_samples, const Panel *panel,
                        float *x) {
    for (int64_t sample = 0; sample < n_samples; sample++) {
        const Batch *batch = &blocks[sample / s->slot];
        int row = (int)(sample % s->slot);
        for (int i = 0; i < panel->n; i++)
            x[sample * s->panel + i] =
                row < batch->n_rows ? batch->x[batch_place(batch, row, panel->first + i)] : 0;
    }
}

static void encode_dense(const Sizes *s, const Model *model, const Batch *batch, Scratch *scratch) {
    for (int first = 0; first < s->n; first += s->panel) {
        Panel panel = panel_at(s, first);
        load_inputs(s, batch, s->slot, &panel, scratch->g);
        copy_rows(model->W + (int64_t)first * s->m, panel.n, s->m, NULL, scratch->W2, s->step);
        products(s->slot, round_up(s->m, LANES), panel.n, (Operand){scratch->g, s->panel, 1},
                 (Operand){scratch->W2, TILE_COLUMNS, s->step}, scratch->h, s->step, scratch->room);
    }
}

/* h [slot][width] of a block, weights of its rows, and HT; what no row needs is 0. */
static void encode(const Workspace *workspace, const Sizes *s, const Model *model,
                   const Batch *batch, Scratch *scratch, float *weight, float *HT) {
    int n_rows = row_count(batch), m = s->m;
    Mask always = always_passing(workspace->hidden);
    memset(scratch->h, 0, (size_t)s->slot * (size_t)s->step * sizeof(float));
    for (int64_t row = 0; model->b_hidden && row < n_rows; row++)
        memcpy(scratch->h + row * s->step, model->b_hidden, (size_t)m * sizeof(float));
    if (batch->form != BATCH_SPARSE)
        encode_dense(s, model, batch, scratch);
    for (int64_t row = 0; batch->form == BATCH_SPARSE && row < batch->n_rows; row++)
        for (int e = batch->start[row]; e < batch->start[row + 1]; e++)
            add_scaled(batch->x[e], model->W + (int64_t)batch->index[e] * m, m,
                       scratch->h + row * s->step);
    for (int64_t i = 0; i < (int64_t)n_rows * s->step; i += LANES)
        store(scratch->h + i, keep(load(scratch->h + i), passing(load(scratch->h + i), always)));
    for (int row = 0; row < s->slot; row++)
        weight[row] = row < n_rows ? (float)row_weight(batch, row) : 0;
    for (int64_t sample = 0; sample < s->slot; sample++) {
        int64_t strip = sample / TILE_COLUMNS, lane = sample % TILE_COLUMNS;
        for (int64_t k = 0; k < m; k++)
            HT[(strip * m + k) * TILE_COLUMNS + lane] = scratch->h[sample * s->step + k];
    }
}

static void keep_block(Workspace *workspace, const Model *model, const Batch *batch, int block,
                       void *memory) {
    Sizes s = sizes_of(workspace);
    Round round = workspace_round(workspace, &s);
    Scratch scratch = worker_scratch(&s, memory);
    int64_t slot = block % s.n_slots, sample = slot * s.slot;
    copy_block(&s, batch, round.values + slot * (3 * block_floats(&s) + s.slot + 1),
               &round.blocks[slot]);
    encode(workspace, &s, model, &round.blocks[slot], &scratch, round.weight + sample,
           round.HT + sample * s.m);
    memcpy(round.H + sample * s.step, scratch.h, (size_t)s.slot * (size_t)s.step * sizeof(float));
}

/* ---- decode ---- */

/* Z of a panel. */
static void project(const Sizes *s, const Model *model, const Samples *samples, const Panel *panel,
                    Scratch *scratch) {
    const float *rows = model->W2 + (int64_t)panel->first * s->m;
    size_t n_floats = (size_t)panel->n * (size_t)s->m;
    if (panel->n % TILE_ROWS) { /* the last panel: a tile would read past the weights */
        memset(scratch->sum, 0, (size_t)s->panel * (size_t)s->step * sizeof(float));
        rows = memcpy(scratch->sum, rows, n_floats * sizeof(float));
    }
    memset(scratch->g, 0, (size_t)s->panel * (size_t)s->sample_step * sizeof(float));
    products(panel->n, samples->n, s->m, (Operand){rows, s->m, 1},
             (Operand){samples->HT, (int64_t)s->m * TILE_COLUMNS, TILE_COLUMNS}, scratch->g,
             s->sample_step, scratch->room);
}

/* A row's first entry of a feature that is not less. */
static int entry_from(const Batch *batch, int row, int feature) {
    int first = batch->start[row], end = batch->start[row + 1];
    while (first < end) {
        int middle = first + (end - first) / 2;
        if (batch->index[middle] < feature)
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

/* Targets of the panel times `factor`, 1 or 0, over those before, [feature][sample]. */
static void load_targets(const Sizes *s, const Samples *samples, const Panel *panel, float factor,
                         float *y) {
    for (int sample = 0; sample < samples->n; sample++) {
        const Batch *batch = &samples->blocks[sample / s->slot];
        int row = sample % s->slot, end_feature = panel->first + panel->n;
        if (row >= batch->n_rows)
            continue;
        float *to = y + sample;
        if (batch->form != BATCH_SPARSE) {
            for (int64_t i = 0; i < panel->n; i++)
                to[i * s->sample_step] =
                    factor * batch->y[batch_place(batch, row, panel->first + (int)i)];
            continue;
        }
        for (int e = entry_from(batch, row, panel->first);
             e < batch->start[row + 1] && batch->index[e] < end_feature; e++)
            to[(int64_t)(batch->index[e] - panel->first) * s->sample_step] = factor * batch->y[e];
    }
}

/* Turns Z into G, and adds the samples' losses to scratch->row_loss; sum_b [panel->n]. */
INLINE void residuals(Power power, const Workspace *workspace, const Sizes *s, const Model *model,
                      const Samples *samples, Panel *panel, Scratch *scratch, float *sum_b) {
    float exponent = (float)workspace->exponent;
    Vec scale = splat(-exponent / (float)workspace->batch_size);
    Mask always = always_passing(workspace->output);
    for (int64_t j = 0; j < panel->n; j++) {
        Mask n_active = {0};
        float *g = scratch->g + j * s->sample_step;
        const float *y = scratch->y + j * s->sample_step;
        Vec b = splat(model->b[panel->first + j]), sum = {0};
        Vec importance = splat(workspace->importance[panel->first + j]);
        for (int i = 0; i < samples->n; i += LANES) {
            Vec loss = load(scratch->row_loss + i);
            Vec slope = residual(power, exponent, load(g + i) + b, load(y + i), importance,
                                 scale * load(samples->weight + i), always, &loss);
            store(scratch->row_loss + i, loss);
            store(g + i, slope);
            n_active -= slope != 0;
            sum += slope;
        }
        sum_b[j] = 0;
        panel->active[j] = 0;
        for (int lane = 0; lane < LANES; lane++) {
            sum_b[j] += sum[lane];
            panel->active[j] += n_active[lane];
        }
        panel->n_active += panel->active[j];
    }
}

static void add_residuals(const Workspace *workspace, const Sizes *s, const Model *model,
                          const Samples *samples, Panel *panel, Scratch *scratch, float *sum_b) {
    switch (workspace->power) {
    case POWER_ANY:
        residuals(POWER_ANY, workspace, s, model, samples, panel, scratch, sum_b);
        break;
    case POWER_1:
        residuals(POWER_1, workspace, s, model, samples, panel, scratch, sum_b);
        break;
    case POWER_2:
        residuals(POWER_2, workspace, s, model, samples, panel, scratch, sum_b);
        break;
    case POWER_3:
        residuals(POWER_3, workspace, s, model, samples, panel, scratch, sum_b);
        break;
    case POWER_4:
        residuals(POWER_4, workspace, s, model, samples, panel, scratch, sum_b);
        break;
    }
}

/* G of the panel; adds the samples' losses to loss [samples->n]. */
static void decode(const Workspace *workspace, const Sizes *s, const Model *model,
                   const Samples *samples, Panel *panel, Scratch *scratch, double *loss,
                   float *sum_b) {
    project(s, model, samples, panel, scratch);
    load_targets(s, samples, panel, 1, scratch->y);
    memset(scratch->row_loss, 0, (size_t)samples->n * sizeof(float));
    add_residuals(workspace, s, model, samples, panel, scratch, sum_b);
    load_targets(s, samples, panel, 0, scratch->y);
    for (int i = 0; i < samples->n; i++)
        loss[i] += (double)scratch->row_loss[i];
}

/* From G of the panel: sums of gW2 in scratch->sum, and the panel's part of D. */
static void decode_back(const Sizes *s, const Model *model, const Samples *samples,
                        const Panel *panel, const float *H, Scratch *scratch, float *D) {
    int n_columns = round_up(s->m, LANES), n_lists = samples->n / LIST_BLOCK;
    copy_rows(model->W2 + (int64_t)panel->first * s->m, panel->n, s->m, panel->active, scratch->W2,
              s->step);
    memset(scratch->sum, 0, (size_t)s->panel * (size_t)s->step * sizeof(float));
    if (panel->n_active > LISTED_PART * panel->n * samples->n) {
        products(panel->n, n_columns, samples->n, (Operand){scratch->g, s->sample_step, 1},
                 (Operand){H, TILE_COLUMNS, s->step}, scratch->sum, s->step, scratch->room);
        products(samples->n, n_columns, panel->n, (Operand){scratch->g, 1, s->sample_step},
                 (Operand){scratch->W2, TILE_COLUMNS, s->step}, D, s->step, scratch->room);
        return;
    }
    make_lists(s, samples, panel, scratch);
    bool is_long = panel->n_active > LONG_PART * panel->n * samples->n;
    Lists lists = {scratch->start, scratch->end, n_lists, scratch->index, scratch->value};
    for (int list = 0; list < n_lists; list++, lists.first++, lists.end++)
        products_listed(s, panel->n, lists, is_long, H + (int64_t)list * LIST_BLOCK * s->step,
                        LIST_BLOCK, scratch->sum, scratch->room);
    lists = (Lists){scratch->first, scratch->last, 1, scratch->sample_index, scratch->sample_value};
    products_listed(s, samples->n, lists, is_long, scratch->W2, panel->n, D, scratch->room);
}

/* Rows of a gradient [n_rows][m] become, or with is_sum get added, those of sum [n_rows][step];
 * where active [n_rows] is not NULL, rows with 0 there are 0. */
static void put_rows(const Sizes *s, const float *sum, int n_rows, const int *active, bool is_sum,
                     float *rows) {
    size_t n_bytes = (size_t)s->m * sizeof(float);
    for (int row = 0; row < n_rows; row++, rows += s->m, sum += s->step) {
        bool is_zero = active && !active[row];
        if (is_sum && !is_zero)
            add_scaled(1, sum, s->m, rows);
        else if (is_zero && !is_sum)
            memset(rows, 0, n_bytes);
        else if (!is_zero)
            memcpy(rows, sum, n_bytes);
    }
}

static Samples samples_of(const Workspace *workspace, const Sizes *s, const Round *round,
                          int number) {
    int n_left = workspace->n_blocks - number * s->n_slots;
    int n_slots = n_left < s->n_slots ? n_left : s->n_slots;
    return (Samples){round->blocks, n_slots * s->slot, round->HT, round->weight};
}

static void decode_range(const Workspace *workspace, const Sizes *s, const Model *model, int number,
                         int range, Scratch *scratch) {
    Round round = workspace_round(workspace, s);
    Samples samples = samples_of(workspace, s, &round, number);
    const Layout *layout = &workspace->layout;
    int64_t strips = (int64_t)s->sample_step * s->step, m = s->m;
    float *gradient = workspace->gradients, *D = round.D + range * strips;
    double *loss = round.loss + (int64_t)range * s->n_samples;
    int first, end = range_of(s, range, &first);
    memset(D, 0, (size_t)strips * sizeof(float));
    memset(loss, 0, (size_t)s->n_samples * sizeof(double));
    if (number == 0 && !workspace->is_tied)
        memset(gradient + layout->W + first * m, 0, (size_t)((end - first) * m) * sizeof(float));
    for (; first < end; first += s->panel) {
        Panel panel = panel_at(s, first);
        float sum_b[MAX_PANEL], *b = gradient + layout->b + first;
        decode(workspace, s, model, &samples, &panel, scratch, loss, sum_b);
        decode_back(s, model, &samples, &panel, round.H, scratch, D);
        put_rows(s, scratch->sum, panel.n, panel.active, number > 0,
                 gradient + layout->W2 + first * m);
        for (int j = 0; j < panel.n; j++)
            b[j] = sum_b[j] + (number > 0 ? b[j] : 0);
    }
}

/* ---- join ---- */

/* The hidden penalty of a sample's code [m]. */
static double hidden_loss(const Workspace *workspace, const Sizes *s, const float *h) {
    double sum = 0;
    if (workspace->hidden_penalty == 0)
        return 0;
    for (int k = 0; k < s->m; k++)
        sum += (double)fabsf(h[k]);
    return (double)workspace->hidden_penalty * sum;
}

static void sum_losses(const Workspace *workspace, const Sizes *s, const Round *round, int number) {
    Samples samples = samples_of(workspace, s, round, number);
    for (int slot = 0; slot < samples.n / s->slot; slot++) {
        LossSums sums = {0};
        for (int row = 0; row < row_count(&round->blocks[slot]); row++) {
            int64_t sample = (int64_t)slot * s->slot + row;
            double loss = hidden_loss(workspace, s, round->H + sample * s->step);
            for (int range = 0; range < N_RANGES; range++)
                loss += round->loss[(int64_t)range * s->n_samples + sample];
            sums_add(&sums, row_weight(&round->blocks[slot], row), loss);
        }
        workspace->sums[number * s->n_slots + slot] = sums;
    }
}

/* D in columns first … end - 1, in whole vectors, into that of the first range. */
static void join_columns(const Workspace *workspace, const Sizes *s, const Round *round, int number,
                         int first, int end) {
    int64_t range_step = (int64_t)s->sample_step * s->step;
    int n_samples = samples_of(workspace, s, round, number).n;
    float rate = workspace->hidden_penalty / (float)workspace->batch_size;
    Mask always = always_passing(workspace->hidden);
    for (int k = first; k < end; k += LANES) {
        Vec sum_b = {0};
        for (int64_t sample = 0, i = k; sample < n_samples; sample++, i += s->step) {
            Vec h = load(round->H + i);
            Vec sum = splat(rate * round->weight[sample]) * sign_of(h);
            for (int range = 0; range < N_RANGES; range++)
                sum += load(round->D + range * range_step + i);
            sum = keep(sum, passing(h, always));
            store(round->D + i, sum);
            sum_b += sum;
        }
        float *gradient = workspace->gradients + workspace->layout.b_hidden + k;
        for (int lane = 0; workspace->has_hidden_bias && lane < LANES && k + lane < s->m; lane++)
            gradient[lane] = sum_b[lane] + (number > 0 ? gradient[lane] : 0);
    }
}

static void join_piece(const Workspace *workspace, const Sizes *s, int number, int piece) {
    Round round = workspace_round(workspace, s);
    int first, end = part_of((s->m + LANES - 1) / LANES, N_PIECES, piece, &first);
    if (piece == 0)
        sum_losses(workspace, s, &round, number);
    join_columns(workspace, s, &round, number, first * LANES, end * LANES);
}

/* ---- encode ---- */

static void encode_back_dense(const Sizes *s, const Samples *samples, const Panel *panel,
                              const float *D, Scratch *scratch, float *gradient) {
    load_inputs(s, samples->blocks, samples->n, panel, scratch->g);
    memset(scratch->sum, 0, (size_t)s->panel * (size_t)s->step * sizeof(float));
    products(panel->n, round_up(s->m, LANES), samples->n, (Operand){scratch->g, 1, s->panel},
             (Operand){D, TILE_COLUMNS, s->step}, scratch->sum, s->step, scratch->room);
    put_rows(s, scratch->sum, panel->n, NULL, true, gradient);
}

/* Samples in order, each one's features of the range. */
static void encode_back_sparse(const Sizes *s, const Samples *samples, int first, int end,
                               const float *D, float *sum_W) {
    for (int64_t sample = 0; sample < samples->n; sample++) {
        const Batch *batch = &samples->blocks[sample / s->slot];
        int row = (int)(sample % s->slot);
        if (row >= batch->n_rows)
            continue;
        for (int e = entry_from(batch, row, first);
             e < batch->start[row + 1] && batch->index[e] < end; e++)
            add_scaled(batch->x[e], D + sample * s->step, s->m,
                       sum_W + (int64_t)batch->index[e] * s->m);
    }
}

static void encode_range(const Workspace *workspace, const Sizes *s, int number, int range,
                         Scratch *scratch) {
    Round round = workspace_round(workspace, s);
    Samples samples = samples_of(workspace, s, &round, number);
    float *sum_W = workspace->gradients + workspace->layout.W;
    int first, end = range_of(s, range, &first);
    if (round.blocks[0].form == BATCH_SPARSE)
        encode_back_sparse(s, &samples, first, end, round.D, sum_W);
    else
        for (; first < end; first += s->panel) {
            Panel panel = panel_at(s, first);
            encode_back_dense(s, &samples, &panel, round.D, scratch, sum_W + (int64_t)first * s->m);
        }
}

/* ---- the path ---- */

static void compute(Workspace *workspace, const Model *model, int stage, int task, void *memory) {
    Sizes s = sizes_of(workspace);
    Scratch scratch = worker_scratch(&s, memory);
    int number = stage / N_STAGES;
    switch (stage % N_STAGES) {
    case STAGE_DECODE:
        decode_range(workspace, &s, model, number, task, &scratch);
        break;
    case STAGE_JOIN:
        join_piece(workspace, &s, number, task);
        break;
    case STAGE_ENCODE:
        encode_range(workspace, &s, number, task, &scratch);
        break;
    }
}

/* Losses alone, of one block. */
static void losses(const Workspace *workspace, const Model *model, const Batch *batch, void *memory,
                   LossSums *sums) {
    Sizes s = sizes_of(workspace);
    Scratch scratch = worker_scratch(&s, memory);
    Samples samples = {batch, s.slot, scratch.HT, scratch.weight};
    float sum_b[MAX_PANEL];
    encode(workspace, &s, model, batch, &scratch, scratch.weight, scratch.HT);
    memset(scratch.loss, 0, (size_t)s.slot * sizeof(double));
    for (int first = 0; first < s.n; first += s.panel) {
        Panel panel = panel_at(&s, first);
        decode(workspace, &s, model, &samples, &panel, &scratch, scratch.loss, sum_b);
    }
    for (int row = 0; row < row_count(batch); row++)
        sums_add(sums, row_weight(batch, row),
                 scratch.loss[row] + hidden_loss(workspace, &s, scratch.h + (int64_t)row * s.step));
}

const Path LEVEL_NAME(path_large) = {
    .plan = plan, .keep = keep_block, .compute = compute, .losses = losses};
