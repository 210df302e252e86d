/* Run names: what tells watched runs of a sweep from each other, in as many words as there is room
 * for. Runs are those of input->all, by their place. */
#ifndef SUPERPOSE_RENDER_SCENE_RUN_NAMES_H
#define SUPERPOSE_RENDER_SCENE_RUN_NAMES_H

#include "render/scene/scene.h"

/** The value of an axis that run i has, a number with so many digits; 0: as on the axis. */
const char *run_value(const SceneInput *input, int axis, int i, int digits);

/** What tells run i from the others of the first n: "1 − S = 0.1, restart 3", or short "0.1, #3";
 * numbers as run_value. */
const char *run_caption(const SceneInput *input, int n, int i, bool is_short, int digits);

/** What short captions are the values of: "1 − S, importance". */
const char *run_axes(const SceneInput *input, int n);

/** The point of run i. */
int64_t run_point(const SceneInput *input, int i);

#endif
