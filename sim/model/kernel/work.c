/* What a step takes, by path, in counts (workspace_work). n features, m hidden dimensions, R
 * samples that are run, s active features of one of them, a the share of outputs that are active;
 * m' and n' padded, to whole vectors and to halves:
 *
 *                 multiply_adds                gathered                outputs
 *     tiniest     2 R n^2                                              R n / 5: sums in registers
 *     tiny        5 R n m                                              R n
 *     blocks      R n' m' decode             + 2 R s m' encode         R n'
 *                 2 R n' m' encode, if dense + 2 R a n m' decode back,
 *                 2 R n' m' decode back        if few are active
 *     rows        n^2 m' / 2 Gram matrix       R n (1 + s) outputs     -
 *                                            + 2 R (s + a n) m'
 *
 * and each chunk's gradient is summed. The tiny paths take samples across lanes: the R s
 * features of those that come as lists are placed there first. Once a model has trained, few
 * outputs are active where few inputs are: measured from 50 to 1000 features, a n is about 2 s as
 * long as that is below m (with a rectified hidden code half of it), beside features of no
 * importance, whose mean is always given. Else, and before that, most outputs are active at every
 * sample. */
#include "sim/model/kernel/path.h"

#include <math.h>

/* Where most outputs are active: measured 0.6 to 0.97 of them. */
static const double DENSE_SHARE = 0.8;

/* A path goes over single outputs below this share (vector_block.c). */
static const double FEW_SHARE = 1.0 / 8;

/* Sparse rows are run one by one below this share (vector_block.c). */
static const double LISTED_SHARE = 0.3;

/* What a GELU takes more than a bend at 0, in losses and slopes of an output: measured. */
static const double OUTPUT_GELU = 4, HIDDEN_GELU = 1.5;

typedef struct Sizes {
    double n, m, n_padded, m_padded, rows, active; /* R, s */
    double share;                                  /* a */
} Sizes;

static double padded(int n, int step) {
    int n_steps = (n + step - 1) / step;
    return n_steps * step;
}

static double share_of(const Workspace *workspace, double n_active, double ignored) {
    double room = workspace->n_hidden * (workspace->hidden == ACTIVATION_LINEAR ? 0.5 : 0.25);
    if (workspace->output != ACTIVATION_RELU)
        return 1;
    double few = fmin(2 * n_active / workspace->n_features, 1);
    return n_active <= room ? ignored + (1 - ignored) * few : DENSE_SHARE;
}

static Sizes sizes_of(const Workspace *workspace, const WorkOf *of, Isa isa) {
    double n = workspace->n_features, n_active = workspace->n_active, filled = of->filled;
    Sizes sizes = {.n = n, .m = workspace->n_hidden};
    sizes.n_padded = padded(workspace->n_features, isa_lanes(isa));
    sizes.m_padded = padded(workspace->n_hidden, (isa_lanes(isa) + 1) / 2);
    sizes.rows = workspace->batch_size * (of->is_dense && n > TINY_FEATURES ? 1 : filled);
    sizes.active = filled > 0 ? n_active / filled : 0;
    sizes.share = of->has_settled ? share_of(workspace, sizes.active, of->ignored) : DENSE_SHARE;
    return sizes;
}

static void count_tiny(const Workspace *workspace, const Sizes *sizes, bool is_square,
                       bool is_listed, Work *work) {
    double n = sizes->n, outputs = sizes->rows * n;
    bool is_gram = workspace->n_features <= GRAM_FEATURES && workspace->is_tied &&
                   workspace->hidden == ACTIVATION_LINEAR && workspace->hidden_penalty == 0 &&
                   is_square;
    work->multiply_adds = sizes->rows * (is_gram ? 2 * n * n : 5 * n * sizes->m);
    work->outputs = is_gram ? outputs / 5 : is_square ? outputs : 2 * outputs;
    work->placed = is_listed ? sizes->rows * sizes->active : 0;
}

static void count_blocks(const Workspace *workspace, const Sizes *sizes, bool is_dense,
                         Work *work) {
    double n = sizes->n_padded, m = sizes->m_padded;
    bool few = sizes->share < FEW_SHARE;
    work->multiply_adds = sizes->rows * n * m * (1 + (is_dense ? 2 : 0) + (few ? 0 : 2));
    work->gathered =
        2 * sizes->rows * m * ((is_dense ? 0 : sizes->active) + (few ? sizes->share * n : 0));
    work->outputs = sizes->rows * n;
    if (workspace->output == ACTIVATION_GELU)
        work->outputs += OUTPUT_GELU * sizes->rows * n;
    if (workspace->hidden == ACTIVATION_GELU)
        work->outputs += HIDDEN_GELU * sizes->rows * m;
}

static void count_rows(const Workspace *workspace, const Sizes *sizes, Work *work) {
    double n = sizes->n, m = sizes->m_padded, s = sizes->active;
    work->multiply_adds = n * n * m * (workspace->is_tied ? 0.5 : 1);
    work->gathered = sizes->rows * (n * (1 + s) + 2 * (s + sizes->share * n) * m);
}

Work workspace_work(const Model *model, const WorkOf *of, Isa isa) {
    Workspace workspace = {.n_workers = 1};
    Work work = {0};
    const Path *path = path_choose(isa, model);
    workspace_size(&workspace, path, model, of->batch_size);
    workspace_set_active(&workspace, of->n_active);
    workspace.hidden_penalty = of->is_penalized;
    Sizes sizes = sizes_of(&workspace, of, isa);
    work.samples = is_tiny(model) ? 0 : sizes.rows;
    work.sums = (double)workspace.n_gradients * (double)model_count_effective(model);
    if (is_tiny(model))
        count_tiny(&workspace, &sizes, of->exponent == 2, of->is_listed, &work);
    else if (rows_pay(&workspace) && sizes.share < LISTED_SHARE)
        count_rows(&workspace, &sizes, &work);
    else
        count_blocks(&workspace, &sizes, of->is_dense, &work);
    if (of->exponent != floor(of->exponent) || of->exponent > 4)
        work.powers = sizes.rows * sizes.n;
    return work;
}
