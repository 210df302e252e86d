/* Graph look: which features of a moment's model lean on which, component by component, laid out
 * for a scene. */
#ifndef SUPERPOSE_RENDER_SCENE_GRAPH_LOOK_H
#define SUPERPOSE_RENDER_SCENE_GRAPH_LOOK_H

#include "render/model/graph.h"
#include "render/scene/tell.h"

typedef struct GraphLook {
    ModelGraph graph;
    GraphComponent *components; /* [graph.panel.n_parts] */
} GraphLook;

/** Finds the components of the model and lays them out, each by itself; a caption counts them.
 * Without a geometry there are none. */
void graph_look_make(const SceneInput *input, const Style *style, GraphLook *look,
                     Captions *captions);

/** Finds their places in the rectangle, on their way from where they were; returns the part of it
 * that the panel takes. */
Rect graph_look_place(const SceneInput *input, Rect rect, GraphLook *look);

#endif
