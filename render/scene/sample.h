/* Sample: one input drawn from a run's world, what its model makes of it, and the parts whose sum
 * each output is.
 *
 * Where the hidden layer is linear the parts of an output are the active features,
 *   y'_i = act(b_i + sum_j x_j W_j . W2_i),
 * and those with j != i are interference. Where it is not, they are the hidden neurons,
 *   y'_i = act(b_i + sum_k h_k W2_ik). */
#ifndef SUPERPOSE_RENDER_SCENE_SAMPLE_H
#define SUPERPOSE_RENDER_SCENE_SAMPLE_H

#include "render/scene/scene.h"

typedef struct Sample {
    const Model *model; /* of the moment */
    float *x, *y;       /* [n_features]: the input, and what the output should be */
    float *h, *out;     /* [n_hidden], [n_features] */
    int n_active;       /* features with x_i != 0 */
    bool by_feature;    /* parts are active features; else neurons with h_k != 0 */
    int *parts;         /* [n_parts]: numbers of features or neurons, the largest first */
    int n_parts;
    double error; /* sum_i I_i |y_i - y'_i|^exponent, importance and exponent as trained */
} Sample;

/** Draws sample input->state->sample of the world at input->step, with an active feature if there
 * is any among the first block that the data draw, and runs it through the model of input->moment.
 * The same number gives the same sample wherever the data are the same. False: no memory. */
bool sample_of(const SceneInput *input, Sample *sample);

/** What a part (its place in `parts`) adds to output i before its activation. */
double sample_adds(const Sample *sample, int part, int i);

/** What it gives to hidden dimension k: x_j W_jk; of features only. */
double sample_gives(const Sample *sample, int part, int k);

/** What is added to output i whatever the input: b_i, and where the hidden layer is linear what its
 * bias brings. */
double sample_bias(const Sample *sample, int i);

#endif
