/* Curves: how a measurement goes along an axis, one curve for each class of runs. What several
 * summaries share: their settings, and the way from runs to points of a curve. */
#ifndef SUPERPOSE_SUMMARY_CURVE_H
#define SUPERPOSE_SUMMARY_CURVE_H

#include "sim/summary/summary.h"

/* How the runs that meet in a point of a curve become one. */
typedef enum CurveRuns {
    CURVE_BEST, /* the one of lowest loss */
    CURVE_MEAN,
    CURVE_MEDIAN,
    CURVE_LOWEST,
    CURVE_HIGHEST,
    CURVE_ALL /* they do not: each is a point of its own */
} CurveRuns;

typedef enum CurveLog { LOG_NONE, LOG_X, LOG_Y, LOG_BOTH } CurveLog;

/* Settings of all of them; a kind has fields for those that it takes. */
typedef struct CurveSettings {
    SummarySettings summary;
    const char *metric, *with; /* columns; with: "none", or one for a second curve */
    const char *axis;          /* the column that is x */
    const char *by;            /* the column that tells classes apart, or "none" */
    const Yaml *classes;       /* list of its values, or of lists of them; NULL: all there are */
    int runs, log;             /* CurveRuns, CurveLog */
} CurveSettings;

/* Fields for a kind's table; those of curves that any may take. */
#define CURVE_FIELD_METRIC(preset)                                                                 \
    {                                                                                              \
        .name = "metric", .type = FIELD_TEXT, .offset = offsetof(CurveSettings, metric),           \
        .fallback = preset, .help = "what is looked at: a measurement, NAME[i], or 1/NAME"         \
    }
#define CURVE_FIELD_AXIS                                                                           \
    {                                                                                              \
        .name = "axis", .type = FIELD_TEXT, .offset = offsetof(CurveSettings, axis),               \
        .fallback = "auto", .help = "along which axis of the sweep; auto: its only one"            \
    }
#define CURVE_FIELD_BY(preset, words)                                                              \
    {                                                                                              \
        .name = "by", .type = FIELD_TEXT, .offset = offsetof(CurveSettings, by),                   \
        .fallback = preset, .help = words                                                          \
    }
#define CURVE_FIELD_CLASSES(words)                                                                 \
    {                                                                                              \
        .name = "classes", .type = FIELD_TREE, .offset = offsetof(CurveSettings, classes),         \
        .help = words                                                                              \
    }
#define CURVE_FIELD_RUNS(words_of, words_help)                                                     \
    {                                                                                              \
        .name = "runs", .type = FIELD_WORD, .offset = offsetof(CurveSettings, runs),               \
        .fallback = "best", .words = words_of, .help = words_help                                  \
    }
#define CURVE_FIELD_LOG(words_of)                                                                  \
    {                                                                                              \
        .name = "log", .type = FIELD_WORD, .offset = offsetof(CurveSettings, log),                 \
        .fallback = "none", .words = curve_log_words, .help = words_of                             \
    }

extern const char *const curve_runs_words[]; /* without all */
extern const char *const curve_all_words[];  /* with it */
extern const char *const curve_log_words[];

/* A curve: points of increasing x, without NaN. */
typedef struct Curve {
    const char *label; /* of its class; NULL where there is one curve */
    double *x, *y;     /* [n] */
    int64_t *n_runs;   /* [n]: how many met there */
    int64_t n;
} Curve;

typedef struct Curves {
    Curve *items; /* [n], in the order of `classes`, or in which the runs have them */
    int n;
} Curves;

/** Reads the curves of a metric. Runs without x, y or class are left out; runs of a class meet
 * where their x is the same (within 1e-9), or, with by_point, where they are of one point, whose x
 * is then the best run's, or the mean of theirs. Logarithms are not yet taken. */
bool curves_read(const SummaryInput *input, const char *metric, bool by_point, Curves *curves,
                 Error *error);

/** The points at which both curves are: x, and y of either; returns how many, [n of the first]. */
int64_t curves_meet(const Curve *a, const Curve *b, double *x, double *y_a, double *y_b);

/** All x that either of two curves has, in x [n of both]; returns how many. */
int64_t curves_join(const Curve *a, const Curve *b, double *x);

/** The y of a curve at this x; NaN: it has no such point. */
double curve_at(const Curve *curve, double x);

/** Takes the (natural) logarithms that the setting `log` wants; fails where there is none. */
bool curves_take_log(const CurveSettings *settings, Curves *curves, Error *error);
bool curve_log_x(const CurveSettings *settings);
bool curve_log_y(const CurveSettings *settings);

/** Whether there is a curve for each class. */
bool curve_has_classes(const CurveSettings *settings);

/** Adds a part with the labels of the curves as its labels: code i for curve i in values [n]. */
void curve_add_labels(const SummaryInput *input, const Curves *curves, Measurements *measurements,
                      const char *ending, int rank, const int64_t *shape, const double *values);

/** Adds a problem unless the setting `classes` is a list of n. */
void curve_check_classes(const CurveSettings *settings, int n, Place place, Problems *problems);

#endif
