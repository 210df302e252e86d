/* Touched: a run that somebody changes while it trains, and what they changed so far.
 *
 * It is a config of its own: the run's point put into the base, without sweep and other restarts,
 * and rows of `changes`. Every touch is checked as such a row is, and the training that is given
 * the run it makes (training_set_phases) ends with the bits of the config that is printed. */
#ifndef SUPERPOSE_EXPERIMENT_TOUCH_H
#define SUPERPOSE_EXPERIMENT_TOUCH_H

#include "sim/experiment/experiment.h"

typedef struct Touched Touched;

/** Run `number` of an experiment, which must live as long, with nothing touched yet. The length of
 * its schedule is the run's from here on, however far it trains, and its files are named from the
 * root, wherever its config is kept. */
Touched *touched_open(const Experiment *base, int64_t number, Arena *arena);

/** From `step` (>= 0) on, the setting of a dotted key has the value that the text says, until a
 * later change of it. False, with the problems that such a row of a config would have, where it may
 * not; then nothing changes. */
bool touched_set(Touched *touched, int64_t step, const char *key, const char *value,
                 Problems *problems);

/** Takes back the last touch, which touched_set has just done: all is as it was before it. */
void touched_take_back(Touched *touched);

/** The run as touched so far, of n_steps steps: what touched_print prints, without the changes that
 * n_steps does not reach. It lives in `arena`, and its settings point into the Touched, too. */
Run touched_run(const Touched *touched, int64_t n_steps, Arena *arena);

/** A config that gives this run, and records what the base does; draws it, too, where that is one
 * run: figures of a sweep are of its points. */
void touched_print(const Touched *touched, int64_t n_steps, Text *text);

#endif
