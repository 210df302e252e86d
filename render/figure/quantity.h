/* Quantity: one number for each run, by the name that a figure's row gives it (sim/store/column.h),
 * with what people call it. */
#ifndef SUPERPOSE_RENDER_FIGURE_QUANTITY_H
#define SUPERPOSE_RENDER_FIGURE_QUANTITY_H

#include "render/figure/figure.h"

typedef struct Quantity {
    const char *name;   /* as written */
    const char *label;  /* markup: what it is called on an axis */
    bool is_setting;    /* known before training: an axis of the sweep, seed, restart, point */
    double *values;     /* [n_runs]; NaN: the run has none */
    const char **texts; /* [n_texts]: what a value, which is then a code from 0, stands for; NULL:
                           values are plain numbers */
    int n_texts;
} Quantity;

/** Reads it of runs [n_runs]. Fails where no run has one of that name. */
bool quantity_read(const FigureInput *input, const StoredRun *runs, int64_t n_runs,
                   const char *name, Quantity *quantity, Error *error);

/** The keys of the sweep in their order into keys, which lives in the input's arena; returns how
 * many. */
int quantity_axes(const FigureInput *input, const char *const **keys);

#endif
