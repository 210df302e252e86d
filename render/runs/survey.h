/* Survey: an experiment's runs as the window knows them: the map of its sweep, what each run is
 * called, and which of them are watched when there are too many to train side by side. */
#ifndef SUPERPOSE_RENDER_RUNS_SURVEY_H
#define SUPERPOSE_RENDER_RUNS_SURVEY_H

#include "render/scene/sweep.h"
#include "sim/experiment/experiment.h"
#include "sim/store/store.h"

/** The map of all runs, each waiting; memory from the arena. Of an axis that moves several settings
 * the first one names it. Axes beyond MAX_SWEEP_AXES are an error. */
bool survey_map(const Experiment *experiment, Arena *arena, SweepMap *map, Error *error);

/** "1 − S = 0.05, learning rate = 0.001" in markup; "" where there are no axes. With restarts,
 * which one: "…, restart 3". */
const char *survey_name(const SweepMap *map, int64_t number, Arena *arena);

/** Chooses at most `most` runs to watch into numbers [most], increasing: the first restart of every
 * point; where points are too many, those with the first seed, unless they differ in nothing else;
 * where still, those at some values of each axis, evenly spread and both ends among them, so that
 * what is watched is a small copy of the sweep. Of a single point its restarts. Returns how many.
 */
int survey_choose(const SweepMap *map, int most, int64_t *numbers);

/** Puts in the place of each of the n chosen runs the best of its point among those that are
 * stored; where they are of one point they stay as they are. *first: the first of them that is the
 * best of its point, or as it was. */
bool survey_choose_stored(const SweepMap *map, Store *store, int n, int64_t *numbers, int *first,
                          Error *error);

/** What a run has come to, as the map shows it: where it is done its loss on fresh samples, and
 * what its last feature got. */
SweepRun survey_result(History *history);

/** What holds in a run from `step` on, under these settings, as scenes ask for it; memory from the
 * arena. Fails where data or task cannot be opened. */
bool survey_world(const Experiment *experiment, int64_t step, const Settings *settings, Isa isa,
                  Arena *arena, World *world, Error *error);

/** What changes from some settings to others, in markup: "1 − S: 0.3 → 0.05, batch: 1024 → 64". Of
 * live settings that are numbers; "other settings" where it is none of these. */
const char *survey_change(const Settings *before, const Settings *now, Arena *arena);

#endif
