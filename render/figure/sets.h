/* Sets: what figures show of features in sets, where the data of a run has them: which features
 * belong together, and how they came to lie. */
#ifndef SUPERPOSE_RENDER_FIGURE_SETS_H
#define SUPERPOSE_RENDER_FIGURE_SETS_H

#include "render/figure/shown.h"

/** The number of the set of each feature [n_features]; NULL where features are in no sets, there is
 * one set only, or there are more than colours. */
const int *sets_of(const ShownModel *shown, Arena *arena);

/** In markup: "1 of 3 pairs collapsed" where sets share a direction, otherwise the angles between
 * features of a set ("mates at 65°"); NULL where features are in no sets, or too few of a set are
 * represented. */
bool sets_describe(const FigureInput *input, const ShownModel *shown, const char **text,
                   Error *error);

#endif
