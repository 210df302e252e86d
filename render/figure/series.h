/* Series: the runs of a store as points and lines over a common axis. Runs with one x and one
 * series, which are restarts, seeds and what else is swept, are a group: its best run, or its
 * median, is one point of the line. Where x is itself a measurement no two runs share it; then the
 * runs of one point of the sweep are a group, and the line goes from point to point in the order of
 * the sweep. */
#ifndef SUPERPOSE_RENDER_FIGURE_SERIES_H
#define SUPERPOSE_RENDER_FIGURE_SERIES_H

#include "render/figure/quantity.h"

typedef enum SeriesRuns { SERIES_BEST, SERIES_ALL, SERIES_BOTH, SERIES_SPREAD } SeriesRuns;

typedef struct SeriesSettings {
    const char *x;     /* "auto": the first axis with several values */
    const Yaml *y;     /* a name, or a list of names */
    const char *by;    /* "auto": the second such axis; "none" */
    int runs;          /* SeriesRuns */
    const Yaml *at;    /* NULL, or a map: name → value or list of values that runs must have */
    const Yaml *names; /* NULL, or a map: y's name, or a value of x or by → what a reader sees */
} SeriesSettings;

/* One value of `by`, one y. */
typedef struct RunSeries {
    const char *name; /* markup; NULL: there is no other series */
    int by, quantity; /* which value of `by`, which y, from 0 */
    int64_t n_all;    /* its runs */
    const double *all_x, *all_y;
    int64_t n; /* its groups: the best run of each, or the median with lowest and highest */
    const double *x, *y, *low, *high; /* [n]; low and high NULL but for SERIES_SPREAD */
} RunSeries;

typedef struct SeriesSet {
    Quantity x, by;    /* texts as a reader sees them; by.name NULL: none */
    const Quantity *y; /* [n_y] */
    int n_y, n_by;
    const double *by_values; /* [n_by], increasing */
    RunSeries *series;       /* [n], by values of `by` */
    int n;
} SeriesSet;

/** Reads the finished runs that the settings choose. Fails where a name is unknown, a setting is
 * none, or no run has both x and y. */
bool series_read(const FigureInput *input, const SeriesSettings *settings, SeriesSet *set,
                 Error *error);

#endif
