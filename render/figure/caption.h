/* Captions: the axis values that tell one shown model from the others. */
#ifndef SUPERPOSE_RENDER_FIGURE_CAPTION_H
#define SUPERPOSE_RENDER_FIGURE_CAPTION_H

#include "render/figure/shown.h"

/** Writes each model's caption ("1 − S = 0.05, seed = 3"): the axes along which the shown models
 * differ, in the order of the sweep, with as many digits as keep different values apart; all axes
 * where one model is shown. Models of one point are told apart by their restart. Fills in the
 * layout too. */
bool captions_write(const FigureInput *input, ShownModel *shown, int n, ShownLayout *layout,
                    Error *error);

#endif
