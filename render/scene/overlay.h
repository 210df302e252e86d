/* Overlay: what theory says of the model that is shown, in a caption. */
#ifndef SUPERPOSE_RENDER_SCENE_OVERLAY_H
#define SUPERPOSE_RENDER_SCENE_OVERLAY_H

#include "render/scene/tell.h"

/** The name of the geometry unless something else says it (with that of what its parts make
 * together: "3 digons (an octahedron)"), the coherence beside Welch's bound, where it is known the
 * loss of the regular polygon with as many corners as features are represented, and what more there
 * is to say (NULL: nothing). */
void overlay_add_geometry(const SceneInput *input, bool has_name, const char *more,
                          Captions *captions);

/** Whether the losses of k-gons are the theory of the run: one of n features at a time, uniform on
 * [0, 1] and all of one importance, in two hidden dimensions (sim/theory/kgon.h). */
bool overlay_has_kgons(const SceneInput *input);

#endif
