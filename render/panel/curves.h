/* Curves panel: series of points and lines over common axes, with bands, guide lines and a legend.
 */
#ifndef SUPERPOSE_RENDER_PANEL_CURVES_H
#define SUPERPOSE_RENDER_PANEL_CURVES_H

#include "render/draw/axes.h"
#include "render/draw/mark.h"

typedef struct CurveSeries {
    const char *name; /* markup, in the legend; NULL: not there */
    Color color;
    Mark mark;
    double mark_size; /* diameter */
    bool has_line, is_dashed;
    bool is_endless; /* it goes on beyond the axes by its nature: where it leaves says nothing */
    int64_t n;
    const double *x, *y;      /* [n]; a point that has no place on the axes breaks the line */
    const double *low, *high; /* [n]: a band around the line; NULL: none */
} CurveSeries;

/* A line across the plot at a value that means something. */
typedef struct CurveGuide {
    bool is_vertical;
    double value;
    const char *label; /* markup; NULL: none */
    bool is_faint;     /* where it only marks a place */
} CurveGuide;

typedef struct CurvesPanel {
    Axes axes;
    const CurveSeries *series; /* [n_series], the later over the earlier */
    int n_series;
    const CurveGuide *guides; /* [n_guides]; those outside of the axes are left out */
    int n_guides;
    bool hides_legend; /* it stands elsewhere */
    double legend;     /* room for it, to align plots; 0: what it needs */
} CurvesPanel;

/** What its legend says of the series that have a name into entries; returns how many. */
enum { CURVES_LEGEND = 16 };
int curves_panel_legend(const CurvesPanel *panel, LegendEntry entries[CURVES_LEGEND]);

/** Sets both axes' ends so that all points and bands lie inside, with a small margin. */
void curves_panel_cover(CurvesPanel *panel);

/** The room that its legend needs at this width. */
double curves_panel_legend_height(const CurvesPanel *panel, const Style *style, double width);

/** The plot that curves_panel_draw would return. */
Rect curves_panel_plot(Rect rect, const CurvesPanel *panel, const Style *style);

/** Draws it, the legend above the plot; returns the plot. Where a line leaves the plot at the top
 * or bottom an arrowhead says so, with the value that it goes to; a point further beyond than the
 * plot is high is not followed to the edge. */
Rect curves_panel_draw(cairo_t *cairo, Rect rect, const CurvesPanel *panel, const Style *style);

#endif
