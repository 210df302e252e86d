/* Diagram: the map of a sweep over density and importance, the paper's phase diagram: what the last
 * feature gets in the runs that have been trained, or in theory, and where theory has its
 * boundaries. */
#ifndef SUPERPOSE_RENDER_SCENE_DIAGRAM_H
#define SUPERPOSE_RENDER_SCENE_DIAGRAM_H

#include "render/draw/mark.h"
#include "render/panel/phase.h"
#include "render/scene/plane.h"

/* What is shown, in the order of SceneState.map. */
typedef enum DiagramMap { DIAGRAM_TRAINED, DIAGRAM_OPTIMUM, DIAGRAM_IDEAL } DiagramMap;

/** Whether the axes are those of the phase diagram, and runs say what the last feature gets. */
bool diagram_suits(const Plane *plane);

/** What theory says of the sweep along the plane's axes; NULL: nothing. */
const SweepTheory *diagram_theory(const Plane *plane);

/** What is shown of it: trained runs where there is no theory. */
DiagramMap diagram_map(const SceneInput *input, const Plane *plane);

/** The panel's cells: norm, interference, class; each at the point's best run. */
void diagram_fill(const SceneInput *input, const Plane *plane, PhasePanel *panel);

/** Adds the classes' names and the boundaries of theory to a panel that has its axes; entries [2]
 * say which line is which: returns how many. */
int diagram_add_overlay(const SceneInput *input, const Plane *plane, const Style *style,
                        PhasePanel *panel, LegendEntry entries[2]);

/** What theory says of a point, on a line of its own: "\nexact optimum: superposition, expected
 * loss 0.1 …"
 * "" where it says nothing. */
const char *diagram_text(const SceneInput *input, const Plane *plane, int64_t point);

#endif
