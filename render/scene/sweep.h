/* SweepMap: what is known so far of all runs of a sweep: where each stands on the axes, how far it
 * is, what came out. runs/ fills it; the scenes phase and grid read it. */
#ifndef SUPERPOSE_RENDER_SCENE_SWEEP_H
#define SUPERPOSE_RENDER_SCENE_SWEEP_H

#include "render/scene/history.h"
#include "sim/theory/phase_optimum.h"

enum { MAX_SWEEP_AXES = 8 };

typedef struct SweepAxis {
    const char *key;           /* data.feature_probability */
    const char *label;         /* markup: 1 − <i>S</i> */
    int n;                     /* values */
    const double *values;      /* [n]; NaN where a value is no number */
    const char *const *labels; /* [n] markup */
} SweepAxis;

/* One run. */
typedef struct SweepRun {
    RunState state;
    double loss;                    /* final; NaN while it is not known */
    double last_norm, interference; /* of the last feature: ||W_n||, and what others add along it;
                                       NaN likewise */
} SweepRun;

/* What theory has to say of a sweep that is a phase diagram: 2 features in 1 dimension or 3 in 2,
 * over their density and the last one's importance, the others' being 1. */
typedef struct SweepTheory {
    int n_features;
    int axes[2];                /* of the importances, of the densities */
    const double *importance;   /* at the values of its axis */
    const double *density;      /* likewise */
    const PhaseOptimum *optima; /* [densities][importances]: the exact ones; NULL: they are not
                                   found yet */
} SweepTheory;

/* Run number = point * restarts + restart; points count through the axes, the last one fastest. */
typedef struct SweepMap {
    int n_axes;
    SweepAxis axes[MAX_SWEEP_AXES];
    int64_t n_points, restarts;
    SweepRun *runs;            /* [n_points * restarts] */
    int64_t n_done, n_failed;  /* of them */
    const SweepTheory *theory; /* NULL: it is no phase diagram */
} SweepMap;

/** How many runs it has. */
int64_t sweep_n_runs(const SweepMap *map);

/** The run of a point with the lowest loss so far, -1 where none is done. */
int64_t sweep_best(const SweepMap *map, int64_t point);

/** Index of a point's value on an axis. */
int sweep_index(const SweepMap *map, int64_t point, int axis);

#endif
