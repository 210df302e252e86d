/* The loss of a run as a plot of a Course: the losses of single batches scatter, so a smoothed line
 * stands over them. */
#ifndef SUPERPOSE_RENDER_SCENE_LOSS_PLOT_H
#define SUPERPOSE_RENDER_SCENE_LOSS_PLOT_H

#include "render/scene/course.h"

typedef struct LossPlot {
    const double *loss;   /* [n] of the moments */
    const double *smooth; /* [n]: a running median, which keeps sudden falls sharp; NULL: the losses
                             hardly scatter */
    CoursePlot plot; /* its axis: logarithmic where the loss spans more than a factor of five */
    LegendEntry legend[2];
} LossPlot;

/** Makes it in the arena of the course's input. With overlays its levels are those of k-gons, where
 * these are the theory of the run: kgon_loss. */
LossPlot *loss_plot_of(const Course *course, const Style *style);

/** Draws its lines into the course's plot. */
void loss_plot_draw(const LossPlot *loss, const Course *course, int plot, cairo_t *cairo,
                    const Style *style);

/** Adds the loss of a moment to what a pick says. */
void loss_plot_pick(const LossPlot *loss, const Course *course, int moment, Pick *pick);

/** A running median over n values by windows of `width` (odd); at the beginning they are as long as
 * they can be around their value, so that a first fall stays, at the end they reach back alone.
 * Values that are NaN count for nothing, and stay NaN. */
void running_median(const double *values, int n, int width, double *out);

#endif
