/* Phase grid: the trained models of a phase diagram, sorted into cells by density and by importance
 * of the last feature. */
#ifndef SUPERPOSE_SUMMARY_PHASE_GRID_H
#define SUPERPOSE_SUMMARY_PHASE_GRID_H

#include "sim/summary/summary.h"

/* What a model makes of the last feature, and its exact expected loss. */
typedef struct PhaseModel {
    double norm, interference, loss;
} PhaseModel;

typedef struct PhaseCell {
    PhaseModel *models; /* [n], lowest loss first */
    int n;              /* 0: no run of the point is done */
} PhaseCell;

typedef struct PhaseGrid {
    int n_features; /* 2 or 3, in one dimension less */
    int n_densities, n_importances;
    const double *densities;   /* [n_densities], largest first */
    const double *importances; /* [n_importances], smallest first */
    PhaseCell *cells;          /* [n_densities][n_importances] */
} PhaseGrid;

/** Reads the runs of the input by their axes `density` and `importance`, all in its arena. Fails
 * where the models are not relu_output of n = 2 or 3 features in n - 1 dimensions, their exact
 * expected loss is not defined, or several points fall into one cell. */
bool phase_grid_read(const SummaryInput *input, const char *density, const char *importance,
                     PhaseGrid *grid, Error *error);

/** The mean of a cell's models but for the `discard` of highest loss, at least of one; NaN where
 * there is none. */
PhaseModel phase_grid_mean(const PhaseCell *cell, int64_t discard);

#endif
