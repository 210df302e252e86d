/* Jumps: a detector of energy-level jumps. It looks at a History as moments come, and marks where a
 * feature's dimensionality D_i moves from one level to another while the loss drops (Elhage et al.
 * 2022, "Superposition and learning dynamics").
 *
 *     level      the mean of a D_i that stands: over the last `window` steps, all under the same
 *                settings and with at least 4 moments, it stays within a range of 0.03
 *     jump       from a level to another one at least 0.08 away, both under the same settings; D_i
 *                comes to stand again at most 8 windows after it left
 *     drop       the mean loss of the window at the new level is below that of the last window at
 *                the old one by more than 3 standard errors of the difference
 *     its step   the first moment that has D_i beyond the middle between the levels
 *
 * Features that jump within two windows of a mark belong to that one. So neither noise, nor a slow
 * drift, nor what a change of settings does before D_i stands again is a jump. The summary
 * level_jumps looks at a whole run at once, and may take its noise from all of it. */
#ifndef SUPERPOSE_RENDER_SCENE_JUMPS_H
#define SUPERPOSE_RENDER_SCENE_JUMPS_H

#include "render/scene/history.h"

typedef struct Jumps Jumps;

/** The window that suits a run of so many steps: a 32nd, as ten of the 320 snapshots of
 * configs/paper/energy_levels.yaml. */
int64_t jumps_window(int64_t n_steps);

/** A detector of a run whose models have n_features; memory from the arena. */
Jumps *jumps_open(int n_features, int64_t window, Arena *arena);

/** Looks at the moments that came since the last call, of the one history it is for, and adds a
 * mark TIME_JUMP for each jump; returns how many. Nothing is found where D_i is not followed. */
int jumps_look(Jumps *jumps, History *history);

#endif
