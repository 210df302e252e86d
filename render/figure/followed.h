/* Followed: one run of a store over its training, beside the other runs of its point. */
#ifndef SUPERPOSE_RENDER_FIGURE_FOLLOWED_H
#define SUPERPOSE_RENDER_FIGURE_FOLLOWED_H

#include "render/figure/shown.h"

/* What the settings of figures that follow a run begin with. */
typedef struct FollowedSettings {
    FigureSettings figure;
    const char *run; /* "best": of the first point; or a run's number */
} FollowedSettings;

/* Their field. */
#define FOLLOWED_FIELD                                                                             \
    {                                                                                              \
        .name = "run", .type = FIELD_TEXT, .offset = offsetof(FollowedSettings, run),              \
        .fallback = "best", .help = "the number of the run, or best: that of the first point"      \
    }

typedef struct Followed {
    ShownModel shown;      /* the run at its end */
    const StoredRun *runs; /* [n_runs]: those of its point that are done, itself among them */
    int64_t n_runs;
    const char *about; /* markup: which run it is ("1 − S = 0.3, restart 4 (of 16)"); NULL: the only
                          one */
} Followed;

/** Finds the run and reads its model. Fails where the store has no such run that is done. */
bool followed_read(const FigureInput *input, const char *run, Followed *followed, Error *error);

/** The snapshots to show: those nearest to the steps in a list, which must increase; NULL or
 * "auto": six, the first and the last among them, with as many others between any two. Into steps
 * [FOLLOWED_STEPS]; *n tells how many. Fails where the run has none but its last. */
enum { FOLLOWED_STEPS = 8 };
bool followed_steps(const FigureInput *input, const Followed *followed, const Yaml *wanted,
                    int64_t steps[FOLLOWED_STEPS], int *n, Error *error);

#endif
