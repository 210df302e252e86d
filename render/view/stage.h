/* Stage: the runs that are on, whatever they come from, with their histories and the map of the
 * sweep they belong to. */
#ifndef SUPERPOSE_RENDER_VIEW_STAGE_H
#define SUPERPOSE_RENDER_VIEW_STAGE_H

#include "render/view/live.h"
#include "render/scene/sweep.h"

typedef struct Stage {
    Arena arena;
    const Experiment *experiment;
    const char *lesson; /* one line, plain text: what the config is there to show; "" */
    SweepMap map;
    int n; /* runs that are watched */
    int64_t numbers[LIVE_MOST_RUNS];
    const char *names[LIVE_MOST_RUNS]; /* markup */
    History *histories[LIVE_MOST_RUNS];
    KeptRun *kept[LIVE_MOST_RUNS]; /* where runs began; NULL: at their start */
    Live *live;
    Isa isa;
    const char *keep_path; /* where runs are left; NULL: nowhere */
    bool has_resumed;      /* some run goes on from where it was left */
} Stage;

typedef struct StageOptions {
    const char *path;             /* of the config */
    const char *const *overrides; /* KEY=VALUE [n_overrides] */
    int n_overrides;
    int64_t only_run; /* -1: all that can be watched */
    int n_threads;
    Isa isa;
    bool keeps;   /* runs are left in a store when it closes … */
    bool resumes; /* … and go on from there */
} StageOptions;

/** Reads the config and opens its runs. NULL with problems, which say where they are. */
Stage *stage_open(const StageOptions *options, Problems *problems);

/** Stops its trainings and keeps them, where it keeps. What is closed without this is not kept. */
bool stage_keep(Stage *stage, Error *error);

/** Ends its trainings; NULL is allowed. */
void stage_close(Stage *stage);

/** Brings what is new into histories and map; *is_new tells whether anything was. */
bool stage_collect(Stage *stage, bool *is_new, Error *error);

/** The most steps that a run on it has done, and at which the shown one ends. */
int64_t stage_step(const Stage *stage);
int64_t stage_n_steps(const Stage *stage, int run);

#endif
