/* Phase theory: what theory has to say of a sweep that is a phase diagram (2 features in 1
 * dimension or 3 in 2, over their density and the last one's importance), whatever words its config
 * has for these. The exact optima of a fine map take seconds, so a thread of their own finds them
 * while the map is on the screen already. */
#ifndef SUPERPOSE_RENDER_RUNS_PHASE_THEORY_H
#define SUPERPOSE_RENDER_RUNS_PHASE_THEORY_H

#include "render/scene/sweep.h"
#include "sim/experiment/experiment.h"

typedef struct PhaseTheory PhaseTheory;

/** Looks whether the experiment, whose map it is, is a phase diagram: the map then has a theory,
 * which lives as long as the arena. Values of importance that are no numbers ([1, 2], {last: 2})
 * become those of the last feature's importance, relative to the others'. NULL: it is none. */
PhaseTheory *phase_theory_open(const Experiment *experiment, SweepMap *map, Arena *arena);

/** Gives the map the exact optima once they are found; true: it has just done so. NULL is allowed
 * here and below. */
bool phase_theory_collect(PhaseTheory *theory);

/** Waits until they are found. */
void phase_theory_wait(PhaseTheory *theory);

/** Stops looking for them, and waits for that: some milliseconds. */
void phase_theory_close(PhaseTheory *theory);

#endif
