/* Follow: runs that are in a store, whether it is finished or another process is writing it. It
 * fills Histories and the map of the sweep with what a Reader finds; nothing here trains, and
 * follow_collect does not wait for the disk.
 *
 *     reading thread    store → NewsQueue
 *     drawing thread              follow_collect → History, SweepMap
 */
#ifndef SUPERPOSE_RENDER_RUNS_FOLLOW_H
#define SUPERPOSE_RENDER_RUNS_FOLLOW_H

#include "render/runs/reader.h"

typedef struct Follow Follow;

typedef struct FollowOptions {
    Store *store; /* open for reading: closed by follow_close, and where follow_open fails */
    const Experiment *experiment; /* the store's */
    SweepMap *map;                /* of it: filled by follow_collect */
    int n_slots; /* runs that can be watched at a time; 0: only the map is filled */
    Isa isa;
    size_t most_bytes; /* that all histories may take */
} FollowOptions;

/** Whether a file is a store, by its first bytes, or is called one. */
bool follow_is_store(const char *path);

/** Opens a store with the experiment that it holds. NULL with problems. */
Experiment *follow_experiment(const char *path, Store **store, Arena *arena, Problems *problems);

/** Starts to read the store; nothing is watched yet. */
bool follow_open(Follow **follow, const FollowOptions *options, Error *error);

/** Ends it; NULL is allowed. */
void follow_close(Follow *follow);

/** Watches a run of the experiment in a slot, instead of what was watched there; its history fills
 * from now on. `name` as in history_open. */
bool follow_watch(Follow *follow, int slot, int64_t number, const char *name, Error *error);

/** What is known of the run in a slot. */
History *follow_history(const Follow *follow, int slot);

/** The run as it was set: it lives as long as it is watched. */
const Run *follow_run(const Follow *follow, int slot);

/** The step at which the run ended as it is stored, or is to end. */
int64_t follow_n_steps(const Follow *follow, int slot);

/** Whether all that is stored of the run is in its history. */
bool follow_is_read(const Follow *follow, int slot);

/** Reads the run in this slot before others. */
void follow_prefer(Follow *follow, int slot);

/** Lets go of the file for somebody who writes, and returns when it has; and takes it up again.
 * Only where nothing can be watched. */
void follow_hold(Follow *follow);
void follow_go_on(Follow *follow);

/** Brings what is new into histories and map, for a few milliseconds; *is_new tells whether there
 * was anything. Fails, and can go on, where the store cannot be read. */
bool follow_collect(Follow *follow, bool *is_new, Error *error);

/** Collects until something of the run in this slot is known, or there is nothing, or so many
 * seconds have gone by. What goes wrong is told by the next follow_collect. */
void follow_await(Follow *follow, int slot, double seconds);

/** Collects until all that is stored now is known. */
bool follow_wait(Follow *follow, Error *error);

#endif
