/* Guides: lines across a plot at values that mean something. */
#ifndef SUPERPOSE_RENDER_FIGURE_GUIDES_H
#define SUPERPOSE_RENDER_FIGURE_GUIDES_H

#include "render/figure/figure.h"
#include "render/panel/curves.h"
#include "render/panel/curves.h"

/** Adds the rows of a `guides` list (NULL: none) to a panel whose axes are set: {x: v} is an
 * upright line, {y: v} a level one, v a number or the name of a summary, whose first value it is,
 * and which is left out where that is NaN; {slope: s, from: c} is y = c + s x. Each may have a
 * label. `curves` is the panel's series, with room for one more a row. */
bool guides_add(const FigureInput *input, const Yaml *list, CurvesPanel *panel, CurveSeries *curves,
                Error *error);

#endif
