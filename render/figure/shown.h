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

typedef struct ShownModel {
    const StoredRun *run; /* NULL: no run of the point has finished */
    int64_t point;
    int64_t step;             /* of the model: the run's last, but for shown_at */
    Model model;              /* parameters; its kind is not set */
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

#endif
