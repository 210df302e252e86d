/* Density: shown models as series over 1/(1 − S), the paper's axis from dense to sparse features.
 */
#ifndef SUPERPOSE_RENDER_FIGURE_DENSITY_H
#define SUPERPOSE_RENDER_FIGURE_DENSITY_H

#include "render/figure/shown.h"

/* Models that differ in 1 − S, and their restart, alone. */
typedef struct DensitySeries {
    const char *name;          /* markup: what tells it from the others; NULL: it is the only one */
    const ShownModel **models; /* [n], each with a run; densest first, of a point in their order */
    const double *x;           /* [n]: 1/(1 − S) >= 1 */
    int n;
} DensitySeries;

/** Groups the shown models [n] by the axes other than data.feature_probability, in the order of the
 * sweep; those without a run are left out. Fails where that axis is not swept. */
bool density_series(const FigureInput *input, const ShownModel *shown, int n,
                    DensitySeries **series, int *n_series, Error *error);

#endif
