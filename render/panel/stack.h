/* Stack panel: one column for each neuron, in it one block for each feature's weight, the first
 * feature next to the axis, negative weights below it (the paper's neuron stack plots). Features
 * that the neuron stores have their full colour, others are pale, and what is too small to be drawn
 * one by one is a grey block. The ground behind a neuron that stores several is shaded. */
#ifndef SUPERPOSE_RENDER_PANEL_STACK_H
#define SUPERPOSE_RENDER_PANEL_STACK_H

#include "render/draw/scale.h"

/* Neurons side by side that belong together. */
typedef struct StackGroup {
    int first, n;
    const char *label, *short_label; /* markup: what is written under them, and where that is too
                                        long */
} StackGroup;

typedef struct StackPanel {
    int n_neurons, n_features;
    const double *weights;    /* [n_neurons][n_features] */
    const bool *stores;       /* [n_neurons][n_features]: whether the neuron stores the feature */
    const double *shade;      /* [n_features] in [0, 1]: a block's colour by style_weight; NULL: by
                                 style_category */
    bool lumps_strays;        /* what a neuron does not store is one grey block; where it is torn
                                 at the top, its column's height stands above the panel */
    const char *title;        /* markup, above; NULL: none */
    double low, high;         /* values at the bottom and top: low <= 0 < high */
    const char *const *notes; /* [n_neurons] markup, under a column; NULL, or an entry NULL: none */
    const StackGroup *groups; /* [n_groups], brackets under their columns */
    int n_groups;
    bool hides_numbers; /* of features in blocks: hundreds take longer than all else */
    int selected;       /* this feature's blocks have an outline, others are paler; -1: none has */
} StackPanel;

/** The lowest and highest end of all stacks into low and high, without strays that are lumped where
 * these would take more than a third of the height. */
void stack_panel_cover(StackPanel *panel);

/** Whether strays reach beyond `high`. */
bool stack_panel_is_torn(const StackPanel *panel);

/** The width of a panel with columns of this width, and the height of one whose columns are drawn
 * that high: what stands above, below and beside them comes in addition. */
double stack_panel_width(double column_width, int n_neurons);
double stack_panel_height(const StackPanel *panel, double plot_height);

/** Draws it; the features' numbers stand in blocks that have room. */
void stack_panel_draw(cairo_t *cairo, Rect rect, const StackPanel *panel, const Style *style);

/** The column and the feature of the block at x, y; feature -1: the grey one, or none. False: no
 * column is there. */
bool stack_panel_pick(Rect rect, const StackPanel *panel, double x, double y, int *column,
                      int *feature);

/** The ground behind a neuron: the background where it stores one feature, another for several. */
Color stack_panel_ground(const Style *style, double n_stored);

/** What that other one means. */
extern const ColorScale stack_panel_scale;

#endif
