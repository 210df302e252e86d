/* Shown models: the trained models of a store that a figure draws, one a cell: which they are, what
 * their cell is called, and their measurements. */
#ifndef SUPERPOSE_RENDER_FIGURE_SHOWN_H
#define SUPERPOSE_RENDER_FIGURE_SHOWN_H

#include "render/figure/figure.h"
#include "sim/data/data.h"
#include "sim/model/model.h"

/* Settings of figures that show the points of a sweep side by side. */
typedef struct PointsSettings {
    FigureSettings figure;
    const Yaml *points; /* NULL or "all", or a list of point numbers */
    int runs;           /* 0: the best of each point; 1: all */
    int64_t columns;    /* 0: what looks well */
} PointsSettings;

enum { N_POINTS_FIELDS = 3 };
extern const Field points_fields[N_POINTS_FIELDS];
extern const char *const points_run_words[];

/* The same, for kinds that add settings of their own; POINTS_ROWS is without `columns`. */
#define POINTS_ROWS                                                                                \
    {.name = "points",                                                                             \
     .type = FIELD_TREE,                                                                           \
     .offset = offsetof(PointsSettings, points),                                                   \
     .fallback = "all",                                                                            \
     .help = "which points of the sweep: all, or a list of their numbers, from 0"},                \
    {                                                                                              \
        .name = "runs", .type = FIELD_WORD, .offset = offsetof(PointsSettings, runs),              \
        .fallback = "best", .words = points_run_words,                                             \
        .help = "the best restart of each point, or all restarts"                                  \
    }
#define POINTS_FIELDS                                                                              \
    POINTS_ROWS, {                                                                                 \
        .name = "columns", .type = FIELD_INTEGER, .offset = offsetof(PointsSettings, columns),     \
        .fallback = "0", .minimum = 0, .maximum = 100,                                             \
        .help = "cells in a row; 0: what gives a page a little wider than high and keeps the "     \
                "last axis together"                                                               \
    }

typedef struct ShownModel {
    const StoredRun *run; /* NULL: no run of the point has finished */
    int64_t point;
    int64_t step;             /* of the model: the run's last, but for shown_at */
    Model model;              /* parameters, kind and activations */
    const double *importance; /* [n_features] */
    Data data;                /* described, not open */
    const char *caption;      /* markup: the axis values that tell it from the others; NULL: none */
    const char *row_caption,
        *cell_caption; /* its halves: of the row, of the cell in it; NULL: none */
} ShownModel;

/* What several shown models have in common. */
typedef struct ShownLayout {
    const char *common; /* markup: axis values that all of them share; NULL: none */
    int row; /* how many in a row differ in the last axis, or restart, alone; 1: no grid */
} ShownLayout;

/** The chosen models in the order of their points; at least one of them has a run. Fails where a
 * point is not there, nothing has finished, or there are more than would fit on a page. */
bool shown_read(const FigureInput *input, ShownModel **shown, int *n, ShownLayout *layout,
                Error *error);

/** The final model of one run, without captions. */
bool shown_open(const FigureInput *input, const StoredRun *run, ShownModel *shown, Error *error);

/** The same run at another step, at which it has a snapshot. */
bool shown_at(const FigureInput *input, const ShownModel *shown, int64_t step, ShownModel *then,
              Error *error);

/** A measurement of the model: as stored, or else made from its stored parameters by the
 * metric `metric`, which must need nothing else. */
bool shown_measure(const FigureInput *input, const ShownModel *shown, const char *metric,
                   const char *name, Measurement *measurement, Error *error);

/** What stands in a cell without a model. */
void shown_draw_none(cairo_t *cairo, Rect rect, const Style *style);

#endif
