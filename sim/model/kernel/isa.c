/* Instruction-set levels: their names, what this machine runs, and the path each level takes for a
 * model's sizes and the data's. */
#include "sim/model/kernel/path.h"

#include "sim/base/text.h"

#include <math.h>
#include <string.h>

typedef struct IsaRow {
    const char *name, *summary;
    int n_lanes;
    const Path *tiny, *block, *large; /* NULL: not built for this kind of machine */
} IsaRow;

static const IsaRow isa_rows[] = {
    [ISA_PLAIN] = {"plain", "the reference that the others are tested against; slow", 1,
                   &path_plain, &path_plain, &path_plain},
    [ISA_BASELINE] = {"baseline", "4 numbers at a time: every x86-64 (SSE2), or another processor",
                      4, &path_tiny_baseline, &path_block_baseline, &path_large_baseline},
#ifdef __x86_64__
    [ISA_AVX2] = {"avx2", "8 numbers at a time, fused multiply-adds: AVX2 and FMA", 8,
                  &path_tiny_avx2, &path_block_avx2, &path_large_avx2},
    [ISA_AVX512] = {"avx512", "16 numbers at a time: AVX-512 F, BW, DQ and VL", 16,
                    &path_tiny_avx512, &path_block_avx512, &path_large_avx512},
#else
    [ISA_AVX2] = {"avx2", "8 numbers at a time, fused multiply-adds: AVX2 and FMA", 8, NULL, NULL,
                  NULL},
    [ISA_AVX512] = {"avx512", "16 numbers at a time: AVX-512 F, BW, DQ and VL", 16, NULL, NULL,
                    NULL},
#endif
};

_Static_assert(sizeof isa_rows / sizeof *isa_rows == N_ISA, "a row for each level");

/* It should stay in the caches. */
static const double most_gram_bytes = 16 << 20;

/* Only blocks have code for an activation that is not a bend at 0. */
static bool is_smooth(const Model *model) {
    return model->hidden == ACTIVATION_GELU || model->output == ACTIVATION_GELU;
}

bool isa_is_built(Isa isa) {
    return isa_rows[isa].block != NULL;
}

bool isa_runs(Isa isa) {
#ifdef __x86_64__
    bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (isa == ISA_AVX2)
        return has_avx2;
    if (isa == ISA_AVX512)
        return has_avx2 && __builtin_cpu_supports("avx512f") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl");
#endif
    return isa_is_built(isa);
}

int isa_lanes(Isa isa) {
    return isa_rows[isa].n_lanes;
}

Isa isa_best(void) {
    Isa best = ISA_BASELINE;
    for (Isa isa = ISA_BASELINE; isa < N_ISA; isa++)
        if (isa_runs(isa))
            best = isa;
    return best;
}

const char *isa_name(Isa isa) {
    return isa_rows[isa].name;
}

const char *isa_summary(Isa isa) {
    return isa_rows[isa].summary;
}

bool isa_find(const char *name, Isa *isa, Error *error) {
    const char *names[N_ISA];
    for (Isa row = ISA_PLAIN; row < N_ISA; row++) {
        names[row] = isa_rows[row].name;
        if (strcmp(name, names[row]))
            continue;
        if (!isa_runs(row))
            return error_set(error, "this machine cannot run %s code; its best is %s", name,
                             isa_name(isa_best()));
        *isa = row;
        return true;
    }
    const char *nearest = text_nearest(name, names, N_ISA);
    return error_set(error, "no instruction set is called '%s'; %s%s%s", name,
                     nearest ? "did you mean " : "there are plain, baseline, avx2, avx512",
                     nearest ? nearest : "", nearest ? "?" : "");
}

bool is_tiny(const Model *model) {
    return model->n_features <= TINY_FEATURES && model->n_hidden <= TINY_HIDDEN &&
           !is_smooth(model);
}

const Path *path_choose(Isa isa, const Model *model) {
    const IsaRow *row = &isa_rows[isa];
    bool is_large = (int64_t)model->n_features * model->n_hidden >= LARGE_WEIGHTS;
    return is_tiny(model) ? row->tiny : is_large && !is_smooth(model) ? row->large : row->block;
}

bool rows_fit(const Workspace *workspace) {
    double n = workspace->n_features;
    return n > TINY_FEATURES && n * n * sizeof(float) <= most_gram_bytes;
}

bool rows_may_pay(const Workspace *workspace) {
    return rows_fit(workspace) && workspace->hidden == ACTIVATION_LINEAR &&
           workspace->output == ACTIVATION_RELU;
}

/* The outputs of a row cost an addition for every active feature, from the second-level cache,
 * instead of one for every hidden dimension, out of registers: twice the price. Few features must
 * be active for few outputs to be (measured: 400 features, 30 hidden dimensions, crossover at p = 1
 * in 30). And what the rows save must be more than the Gram matrix costs, of which a tied model
 * needs half; samples without an active feature are one row. */
bool rows_pay(const Workspace *workspace) {
    double n = workspace->n_features, active = workspace->n_active;
    double n_rows = workspace->batch_size * fmin(active, 1);
    double n_gram = workspace->is_tied ? n / 2 : n;
    return rows_may_pay(workspace) && workspace->hidden_penalty == 0 && 32 * active <= n &&
           2 * active <= workspace->n_hidden && n_gram <= n_rows;
}
