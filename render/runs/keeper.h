/* Keeper: keeps the runs of a Live now and then while they train, so that little is lost where the
 * program is ended by force, and all of them at the end.
 *
 *     training thread       copies its runs between two slices       live_ask_left
 *     drawing thread        adds what the histories know             keeper_tick
 *     a thread of its own   writes it into the store
 *
 * Nobody waits for the disk but the last of these. */
#ifndef SUPERPOSE_RENDER_RUNS_KEEPER_H
#define SUPERPOSE_RENDER_RUNS_KEEPER_H

#include "render/runs/live.h"

typedef struct Keeper Keeper;

/** Keeps runs of the experiment at this path; all of it must live longer. */
Keeper *keeper_open(const char *path, const Experiment *experiment, Isa isa, Live *live,
                    Arena *arena);

/** Once a frame, in seconds of a clock that only goes forward: keeps the runs 10 s after the first
 * of them, then every 30 s, or less often where writing takes long, and when all have ended. Fails
 * where they cannot be kept, once until they can. */
bool keeper_tick(Keeper *keeper, double now, Error *error);

/** The training has stopped for good and its histories stay as they are: has keeper_tick keep all
 * that is known next, and nothing more. Where it cannot be kept that is told, once, and tried again
 * as always. */
void keeper_leave(Keeper *keeper);

/** Whether something is being written; keeper_close would wait for it. */
bool keeper_is_writing(const Keeper *keeper);

/** Whether all was kept that keeper_leave asks for. */
bool keeper_has_left(const Keeper *keeper);

/** Whether it leaves the store alone until it is time again: who else writes it lets go while not.
 */
bool keeper_is_resting(const Keeper *keeper);

/** Ends the training and keeps all that is known. */
bool keeper_end(Keeper *keeper, Error *error);

/** Waits for what is being written; NULL is allowed. */
void keeper_close(Keeper *keeper);

#endif
