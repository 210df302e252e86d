/* Scene: a way to look at runs while they train: panels laid out from Histories into a rectangle of
 * the window, at the step the viewer stands at.
 *
 * To add one: one file here with one SceneKind, one line in scene.c's table. A scene draws with the
 * panels that figures use, and keeps nothing between two frames but what SceneState has. */
#ifndef SUPERPOSE_RENDER_SCENE_SCENE_H
#define SUPERPOSE_RENDER_SCENE_SCENE_H

#include "render/draw/canvas.h"
#include "render/panel/solid.h"
#include "render/scene/history.h"
#include "render/scene/sweep.h"

/* How models of more than three hidden dimensions are seen. */
typedef enum Projection {
    PROJECTION_GRAPH, /* which features lean on which, by component */
    PROJECTION_PCA,   /* onto the three directions that hold most of W */
    PROJECTION_PAIRS, /* onto a plane of two hidden dimensions after the other */
    PROJECTION_TOUR   /* onto a space that wanders through all (grand tour, Asimov 1985) */
} Projection;

/* What the user has chosen in scenes; survives a change of scene. */
typedef struct SceneState {
    Camera camera; /* of what has depth; all 0: not chosen yet */
    bool is_held;  /* the user turned it: it no longer turns by itself */
    int projection;
    bool has_overlays; /* names, levels and bounds from theory over the picture */
    int64_t sample;    /* which one the scene `samples` shows */
    int map;           /* what the scene `phase` shows: a DiagramMap */
} SceneState;

typedef struct SceneInput {
    History *history;       /* of the run that is shown */
    History *const *all;    /* [n_all]: of all runs that are watched */
    const int64_t *numbers; /* [n_all]: which runs of the sweep these are */
    int n_all;
    History *beside; /* of the run that stands beside it, to be compared by eye: their axes are
                        the same; NULL: it stands alone */
    bool has_guest;  /* one more, at [n_all] of both, that was opened by hand */
    const SweepMap *sweep; /* NULL: a single run */
    int64_t step;          /* that the viewer stands at */
    int moment;            /* of `history` at that step; -1: there is none yet */
    int selected;          /* feature; -1: none */
    double time;           /* seconds that have passed on the viewer's clock, for slow turning */
    SceneState *state;
    Arena *arena; /* scratch for this frame */
} SceneInput;

/* What lies under a point. */
typedef struct Pick {
    int feature;    /* -1: none */
    int64_t run;    /* number in the sweep; -1: none */
    int64_t step;   /* on a time axis; -1: none */
    char text[512]; /* markup: exact values, for a tooltip of one line or more; "": nothing to
                       say */
} Pick;

/** Sets its text; markup that is too long would be broken, and is left out. */
void pick_say(Pick *pick, const char *markup);

/* A choice that a scene offers, shown as a row of words above it. */
typedef struct SceneOption {
    const char *label;        /* markup */
    const char *const *words; /* NULL-ended */
    size_t offset;            /* of an int in SceneState */
} SceneOption;

typedef struct SceneKind {
    Kind kind;
    bool shows_all; /* runs at once: there is no second one to put beside it */
    /** Why it has nothing to show of these runs, one sentence for the user; NULL: it has. */
    const char *(*refuses)(const SceneInput *input);
    /** Draws itself; there is a moment. */
    void (*draw)(const SceneInput *input, cairo_t *cairo, Rect rect, const Style *style);
    /** Finds what lies at x, y; false: nothing. */
    bool (*pick)(const SceneInput *input, Rect rect, const Style *style, double x, double y,
                 Pick *pick);
    /** Whether dragging turns state->camera; NULL: never. */
    bool (*turns)(const SceneInput *input);
    /** Whether the picture changes while nothing but the time goes on; NULL: never. */
    bool (*moves)(const SceneInput *input);
    const SceneOption *(*options)(const SceneInput *input, int *n); /* NULL: none */
} SceneKind;

extern const KindTable scene_table;

#endif
