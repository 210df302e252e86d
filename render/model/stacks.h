/* Stacks of a model: its neurons as columns for the stack panel (the paper's neuron stack plots).
 * Of up to FEW_NEURONS both layers are shown, and what belongs together; of more, as in the paper,
 * the sizes of W alone. Of untied kinds W stands above W2, each neuron scaled so that its largest
 * weight in W is 1: its ReLU does not notice that. */
#ifndef SUPERPOSE_RENDER_MODEL_STACKS_H
#define SUPERPOSE_RENDER_MODEL_STACKS_H

#include "render/panel/stack.h"
#include "sim/metric/measurement.h"
#include "sim/metric/neurons.h"

enum { FEW_NEURONS = 16, MAX_NEURONS = 400 };

/* The measurements neuron_weights [n_hidden][n_features] and neuron_group [n_hidden] of a model,
 * and which neurons store what. */
typedef struct StackSource {
    const Model *model;
    const Measurement *weights, *group;
    const Measurement *roles; /* asymmetric_motif [n_hidden]; NULL: not shown */
    Neurons neurons;
    const double *importance; /* [n_features] */
} StackSource;

/* A neuron among the columns. */
typedef struct StackColumn {
    int neuron, group, main; /* main: the feature with its largest weight */
    bool is_negative;        /* that weight */
} StackColumn;

typedef struct Stacks {
    StackPanel in, out;    /* their ends are open; out.n_neurons = 0: not shown */
    int n_alone, n_shared; /* neurons that store one feature, several */
} Stacks;

/** The neurons in the order of their columns [n_hidden]: by group, then by main feature, positive
 * weights before negative ones; those that store nothing come last. */
StackColumn *stacks_order(const StackSource *source, Arena *arena);

/** The panels of the model with its neurons in that order, which may be that of another step: what
 * stands together only there has no bracket. */
void stacks_fill(const StackSource *source, const StackColumn *columns, Stacks *stacks,
                 Arena *arena);

/** Gives the panels [n] the same ends, which hold all of their stacks and have some air. */
void stacks_share_ends(Stacks *stacks, int n);

#endif
