/* Plot: one panel of the figure `curves`: its settings, read from the store into a CurvesPanel. */
#ifndef SUPERPOSE_RENDER_FIGURE_PLOT_H
#define SUPERPOSE_RENDER_FIGURE_PLOT_H

#include "render/draw/scale.h"
#include "render/figure/series.h"
#include "render/panel/curves.h"

typedef enum PlotScale { SCALE_AUTO, SCALE_LINEAR, SCALE_LOG } PlotScale;

typedef struct PlotSettings {
    SeriesSettings series;
    int x_scale, y_scale;          /* PlotScale */
    const char *x_label, *y_label; /* plain text; "auto": what the quantities are called */
    const char *heading;           /* plain text; "none" */
    const Yaml *x_range, *y_range; /* NULL or "auto", or [from, to] */
    const Yaml *guides;            /* NULL, or a list: guides.h */
} PlotSettings;

typedef struct Plot {
    SeriesSet set;
    CurvesPanel panel;
    bool is_thinned; /* too many runs to draw: the band of all of them stands for their marks */
    ColorScale by;   /* instead of a legend where `by` is a number with many values; title NULL:
                        there is a legend */
} Plot;

/** Reads and lays out one plot. Fails as series_read does, and where a range, a guide or the number
 * of series cannot be drawn. */
bool plot_compose(const FigureInput *input, const PlotSettings *settings, Plot *plot, Error *error);

#endif
