/* What a View is opened with. */
#ifndef SUPERPOSE_RENDER_STATE_OPTIONS_H
#define SUPERPOSE_RENDER_STATE_OPTIONS_H

#include "render/state/habits.h"
#include "sim/experiment/experiment.h"

typedef struct View View;

typedef struct ViewOptions {
    const char *path;             /* of a config, or of a store */
    const char *const *overrides; /* KEY=VALUE [n_overrides] */
    int n_overrides;
    int64_t only_run;    /* -1: all that can be watched */
    const char *configs; /* folder of presets; NULL: none */
    int n_threads;       /* that train */
    Isa isa;
    bool keeps; /* what is watched is left in results/NAME.view.db, and goes on from there */
    Theme theme;
    const Habits *habits; /* how the window was at last, but for the theme; NULL: as at first */
    const char *scene;    /* its name; NULL: the first that has something to show */
    /* For a film that nobody waits for. */
    double film_seconds; /* > 0: training takes so long by the clock, which waits for it */
    bool is_bare;        /* no controls */
} ViewOptions;

#endif
