/* Tell: the words of scenes: quiet captions below a picture, which small rectangles leave out, and
 * exact values under the pointer. */
#ifndef SUPERPOSE_RENDER_SCENE_TELL_H
#define SUPERPOSE_RENDER_SCENE_TELL_H

#include "render/draw/scale.h"
#include "render/scene/scene.h"

enum { MAX_CAPTIONS = 3, MAX_CAPTION_SCALES = 2 };

/* What stands below a picture. */
typedef struct Captions {
    const char *lines[MAX_CAPTIONS]; /* markup, from the left */
    int n_lines;
    ColorScale scales[MAX_CAPTION_SCALES]; /* from the right, in the last line */
    int n_scales;
} Captions;

/** Adds a line; NULL is none. */
void captions_add(Captions *captions, const char *markup);

/** The part of the rectangle above the captions; where it is too small for them they become none.
 */
Rect captions_part(Captions *captions, Rect rect, const Style *style);

/** Draws them at the foot of the rectangle. */
void captions_draw(cairo_t *cairo, Rect rect, const Captions *captions, const Style *style);

/** Whether the rectangle is so small that a picture there is alone. */
bool is_small(Rect rect);

/** The importances of the features at the step shown. */
const double *importances_of(const SceneInput *input);

/** The scale of the arrows' colours, where importances differ. */
void captions_add_importance(Captions *captions, const SceneInput *input);

/** A feature under the pointer: its norm, dimensionality and interference, and its product with the
 * selected one. */
void tell_feature(const SceneInput *input, int feature, Pick *pick);

/** An entry of W W^T. */
void tell_product(const SceneInput *input, int row, int column, Pick *pick);

/** Nothing under the pointer but a text, of feature -1 or one. */
void tell_text(int feature, const char *markup, Pick *pick);

#endif
