/* Graph places: where the nodes of a feature geometry graph lie on the page while the graph
 * changes under training. Polytopes have their own picture; other components go on from where their
 * nodes were, a few steps of forces a frame; and what belongs somewhere else glides there. */
#ifndef SUPERPOSE_RENDER_SCENE_GRAPH_PLACES_H
#define SUPERPOSE_RENDER_SCENE_GRAPH_PLACES_H

#include "render/model/graph.h"
#include "render/scene/history.h"

/** Lays out those components [n] of the moment's graph that are not placed, into their x and y.
 * Costs a few milliseconds at most. */
void graph_places_lay_out(History *history, int moment, GraphComponent *components, int n);

/** Moves all nodes to where they are at `time` (seconds) on their way to the squares [n] that a
 * panel has for their components, in a body of this size: x and y then say that from the squares'
 * middles, and may lie outside of the unit disc. */
void graph_places_glide(History *history, double time, const Rect *squares, double width,
                        double height, GraphComponent *components, int n);

/** Whether nodes were still on their way when these were called last. */
bool graph_places_move(History *history);

#endif
