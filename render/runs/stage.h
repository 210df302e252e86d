/* Stage: the runs that are on, whatever they come from, with their histories and the map of the
 * sweep they belong to. */
#ifndef SUPERPOSE_RENDER_RUNS_STAGE_H
#define SUPERPOSE_RENDER_RUNS_STAGE_H

#include "render/runs/follow.h"
#include "render/runs/keeper.h"
#include "render/runs/phase_theory.h"
#include "render/runs/sweeper.h"
#include "render/scene/jumps.h"
#include "render/scene/sweep.h"

enum { STAGE_MOST_RUNS = LIVE_MOST_RUNS + 1 };

typedef struct Stage {
    Arena arena;
    const Experiment *experiment;
    const char *window_title; /* it begins with superpose, as scripts expect */
    const char *lesson;       /* one line, plain text: what the config is there to show; "" */
    SweepMap map;
    int n;          /* runs that are watched */
    int first;      /* of them, to be shown first: in a replay one that is stored */
    bool has_guest; /* one more, at [n], that the user has opened: scenes show it alone */
    int64_t numbers[STAGE_MOST_RUNS];
    const char *names[STAGE_MOST_RUNS]; /* markup */
    History *histories[STAGE_MOST_RUNS];
    Jumps *jumps[STAGE_MOST_RUNS];
    uint64_t looked[STAGE_MOST_RUNS];       /* the moment that jumps has looked at last */
    KeptRun *kept[STAGE_MOST_RUNS];         /* where trainings began; NULL: at their start */
    const char *bookmarks[STAGE_MOST_RUNS]; /* that a store has of what is replayed; NULL: none */
    const char *path;                       /* of the store or config */
    bool keeps;                             /* what StageOptions says */
    Live *live;                             /* they train: NULL where they are replayed */
    Sweeper *sweeper;                       /* trains the sweep: NULL where nothing does */
    Follow *follow;                         /* they are in a store: NULL where they train */
    PhaseTheory *theory;                    /* of a phase diagram, else NULL */
    Isa isa;
    const char *keep_path; /* where runs are left; NULL: nowhere */
    Keeper *keeper;        /* leaves them there */
    bool is_left;          /* stage_stop was asked for */
    bool resumes;          /* runs go on from there */
    bool has_resumed;      /* some run did */
    const char *why_anew;  /* what was left of one cannot be read; NULL */
} Stage;

typedef struct StageOptions {
    const char *path;             /* of a config, or of a store */
    const char *const *overrides; /* KEY=VALUE [n_overrides] */
    int n_overrides;
    int64_t only_run; /* -1: all that can be watched */
    int n_threads;
    Isa isa;
    bool keeps;   /* runs are left in a store, and the whole sweep is trained */
    bool resumes; /* runs go on from where they were left */
} StageOptions;

/** Reads the config and opens its runs, or the store and what is in it. NULL with problems, which
 * say where they are. */
Stage *stage_open(const StageOptions *options, Problems *problems);

/** Once a frame, by a clock: keeps the runs now and then, where it keeps, or all after stage_stop.
 * Fails where that cannot be, once until it can. */
bool stage_keep_some(Stage *stage, double now, Error *error);

/** Stops its trainings and keeps them, where it keeps; of a replay its bookmarks. What is closed
 * without this is as it was kept last. */
bool stage_keep(Stage *stage, Error *error);

/** Goes on after stage_keep. */
void stage_go_on(Stage *stage);

/** Ends its trainings, for good, and has stage_keep_some keep them where it keeps, without anybody
 * waiting. */
void stage_stop(Stage *stage);

/** Whether that is done: stage_close loses nothing, and waits for nothing. */
bool stage_has_left(const Stage *stage);

/** Ends its trainings, or lets go of the store; NULL is allowed. */
void stage_close(Stage *stage);

/** Brings what is new into histories and map; *is_new tells whether anything was. */
bool stage_collect(Stage *stage, bool *is_new, Error *error);

/** Lets all runs train until `step` steps are done; nothing where there is no training. */
void stage_allow(Stage *stage, int64_t step);

/** Lets the other runs of the sweep train, and then those on it too, or has them stop; to be asked
 * every frame. */
void stage_sweep(Stage *stage, bool goes_on);

/** Whether some of them are still to be trained. */
bool stage_is_sweeping(const Stage *stage);

/** Waits until those that are watched have come to what is allowed, or until all that is stored is
 * known. */
bool stage_wait(Stage *stage, Error *error);

/** What held in a run at its first step, and at `step`; of a training that is always its newest. */
const Settings *stage_settings_first(const Stage *stage, int run);
const Settings *stage_settings_at(const Stage *stage, int run, int64_t step);

/** A config that trains the run to that step, with all that was changed before it. */
void stage_print(const Stage *stage, int run, int64_t step, Text *text);

/** The place of a run, by its number: one that is not watched becomes the guest, which is read, or
 * trained from its start. The guest before it is kept where somebody has changed it; else the same
 * bits come again whenever they are asked for. -1: it cannot be. */
int stage_find(Stage *stage, int64_t number, Error *error);

/** Tells that this run is shown: its snapshots are read before those of others. */
void stage_show(Stage *stage, int run);

/** Whether more moments of a run may come by themselves: it trains, or is still being read. */
bool stage_is_growing(const Stage *stage, int run);

/** What runs that are watched have failed, and why the first of them has: "run 3 failed: …, and 2
 * others"; NULL: none has. *is_all tells whether they are all that are watched. */
const char *stage_failure(const Stage *stage, Arena *arena, bool *is_all);

/** The most steps that a run on it has done, and at which the shown one ends. */
int64_t stage_step(const Stage *stage);
int64_t stage_n_steps(const Stage *stage, int run);

#endif
