/* Feature scatter: the dimensionality of every feature of a series of models over 1/(1 − S), in the
 * colours of the shapes that they form, over the levels that polytopes give. */
#ifndef SUPERPOSE_RENDER_FIGURE_FEATURE_SCATTER_H
#define SUPERPOSE_RENDER_FIGURE_FEATURE_SCATTER_H

#include "render/figure/density.h"
#include "render/panel/levels.h"

/** Fills in the panel's series and levels and its y axis. Features of one model stand side by side,
 * up to 0.28 of the way to the next model, those of equal dimensionality evenly spread. Features
 * with less than 1/200 of a dimension are one dot. */
bool feature_scatter(const FigureInput *input, const DensitySeries *series, LevelsPanel *panel,
                     Error *error);

#endif
