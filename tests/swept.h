/* A sweep for tests of scenes over its runs: densities and importances of two features in one
 * dimension, of which a run, or one of every point, is watched. */
#ifndef SUPERPOSE_TESTS_SWEPT_H
#define SUPERPOSE_TESTS_SWEPT_H

#include "tests/watched.h"

#include <math.h>

static const Rect rect = {8, 12, 900, 640};

/* Densities 0.1, 0.01 and importances 0.5, 1, 2, in the order of a config; two restarts. */
enum { N_DENSITIES = 2, N_IMPORTANCES = 3, N_RUNS = 2 * N_DENSITIES * N_IMPORTANCES };

typedef struct Swept {
    Watched watched;
    SweepRun runs[N_RUNS];
    SweepMap map;
    History *all[1];
    int64_t number;
} Swept;

static inline void swept_watch(Watched *watched) {
    watched_open(watched, "{kind: independent, n_features: 2, feature_probability: 0.1}",
                 "{kind: relu_output, n_hidden: 1}");
}

static inline void swept_open(Swept *swept) {
    static const double densities[] = {0.1, 0.01}, importances[] = {0.5, 1, 2};
    static const char *const density_labels[] = {"0.1", "0.01"};
    static const char *const importance_labels[] = {"0.5", "1", "2"};
    const float parameters[4] = {1, -1, 0, 0};
    *swept = (Swept){.number = 0};
    swept_watch(&swept->watched);
    watched_add(&swept->watched, 10, 0.1, parameters);
    for (int i = 0; i < N_RUNS; i++)
        swept->runs[i] = (SweepRun){STATE_WAITING, NAN, NAN, NAN};
    swept->map = (SweepMap){
        .n_axes = 2,
        .axes = {{"data.feature_probability", "density", 2, densities, density_labels},
                 {"task.importance.last", "importance", 3, importances, importance_labels}},
        .n_points = 6,
        .restarts = 2,
        .runs = swept->runs};
}

static inline SceneInput swept_input(Swept *swept) {
    SceneInput input = watched_input(&swept->watched);
    input.sweep = &swept->map;
    input.numbers = &swept->number;
    return input;
}

static inline void finish(Swept *swept, int64_t run, double loss, double norm,
                          double interference) {
    swept->runs[run] = (SweepRun){STATE_DONE, loss, norm, interference};
    swept->map.n_done++;
}

/* Where a run lies on the page; false: nowhere. */
static inline bool find_run(const SceneKind *scene, const SceneInput *input, int64_t run, double *x,
                            double *y, char text[512]) {
    for (*y = rect.y; *y < rect.y + rect.height; *y += 5)
        for (*x = rect.x; *x < rect.x + rect.width; *x += 5) {
            Pick pick = pick_nothing();
            if (scene->pick(input, rect, style_of(THEME_LIGHT), *x, *y, &pick) && pick.run == run) {
                strcpy(text, pick.text);
                return true;
            }
        }
    return false;
}

/* The same sweep, of whose points each has a run that is watched. */
enum { N_WATCHED = 6 };

typedef struct Watchers {
    Swept swept;
    Watched watched[N_WATCHED];
    History *all[N_WATCHED];
    int64_t numbers[N_WATCHED];
} Watchers;

/* The first restart of every point; the last one has no moment yet. */
static inline SceneInput watchers_open(Watchers *watchers) {
    const float parameters[4] = {1, -1, 0, 0};
    swept_open(&watchers->swept);
    for (int i = 0; i < N_WATCHED; i++) {
        swept_watch(&watchers->watched[i]);
        for (int k = 0; k < 3 && i + 1 < N_WATCHED; k++)
            watched_add(&watchers->watched[i], 10 * k, 0.1, parameters);
        watchers->all[i] = watchers->watched[i].history;
        watchers->numbers[i] = 2 * i;
    }
    SceneInput input = swept_input(&watchers->swept);
    input.history = watchers->all[1];
    input.all = watchers->all;
    input.numbers = watchers->numbers;
    input.n_all = N_WATCHED;
    input.step = 20;
    input.moment = 2;
    return input;
}

static inline void watchers_close(Watchers *watchers) {
    for (int i = 0; i < N_WATCHED; i++)
        watched_close(&watchers->watched[i]);
    watched_close(&watchers->swept.watched);
}

#endif
