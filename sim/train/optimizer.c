/* The table of optimizers. */
#include "sim/train/optimizer.h"

extern const OptimizerKind optimizer_sgd, optimizer_momentum, optimizer_adam, optimizer_adamw;

static const Kind *const rows[] = {
    &optimizer_sgd.kind,
    &optimizer_momentum.kind,
    &optimizer_adam.kind,
    &optimizer_adamw.kind,
};

const KindTable optimizer_table = {
    .name = "optimizers",
    .noun = "optimizer",
    .summary = "how a gradient changes the parameters",
    .rows = rows,
    .n_rows = sizeof rows / sizeof *rows,
    .fallback = "adamw",
};
