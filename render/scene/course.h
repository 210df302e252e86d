/* Course: plots over the steps of a run, one below the other on one time axis from 0 to the last
 * step known, the run's marks as thin lines through all of them, and a playhead where the viewer
 * stands at an earlier moment.
 *
 * A scene fills in axes and levels, places the plots, draws their frames, its own content into
 * them, and the signs over it. */
#ifndef SUPERPOSE_RENDER_SCENE_COURSE_H
#define SUPERPOSE_RENDER_SCENE_COURSE_H

#include "render/draw/trace.h"
#include "render/panel/levels.h"
#include "render/scene/scene.h"

typedef struct CoursePlot {
    Axis y;                    /* its label stands in the row above the plot */
    double share;              /* of the height: > 0 */
    const LegendEntry *legend; /* [n_legend], in that row too, where they have room */
    int n_legend;
    const NamedLevel *levels; /* [n_levels], highest first: LevelsPanel */
    int n_levels;
    Rect rect; /* course_place: where values are */
} CoursePlot;

enum { MAX_COURSE_PLOTS = 3 };

typedef struct Course {
    const SceneInput *input;
    const Moment *moments; /* [n] */
    int n;
    Axis steps;
    CoursePlot plots[MAX_COURSE_PLOTS];
    int n_plots;
    double left, right; /* course_place: beside the plots */
    Rect rect;
} Course;

/** The run's moments and their axis, which is also that of a run beside it; no plots yet. */
Course course_of(const SceneInput *input);

/** The moments [*n] of what an axis covers: 0, the run; 1, the one that stands beside it, if any.
 */
const Moment *course_moments(const Course *course, int run, int *n);

/** Finds the place of each plot in the rectangle. */
void course_place(Course *course, Rect rect, const Style *style);

/** Draws axes, levels and legends. */
void course_draw_frames(const Course *course, cairo_t *cairo, const Style *style);

/* Values [n] of the moments; those that are NaN are passed over. */
typedef struct CourseLine {
    const double *y;
    Color color;
    double width;
} CourseLine;

/** Draws lines [n_lines] into a plot. */
void course_draw_lines(const Course *course, int plot, cairo_t *cairo, const CourseLine *lines,
                       int n_lines);

/** Draws marks and playhead over the plots. */
void course_draw_signs(const Course *course, cairo_t *cairo, const Style *style);

/** What lies there: the plot (-1: none, but between or beside them), and the moment nearest in
 * time; sets pick->step, and pick->text where a mark is pointed at (then `plot` is -1). False:
 * outside of the time axis. */
bool course_pick(const Course *course, double x, double y, Pick *pick, int *plot, int *moment);

#endif
