#include "sim/metric/neurons.h"

#include <math.h>

double neuron_part(const Model *model, int i, int k) {
    size_t at = (size_t)i * model->n_hidden + k;
    double in = (double)model->W[at], out = (double)model->W2[at];
    double bias = model->b_hidden ? (double)model->b_hidden[k] : 0, rest = fmax(bias, 0);
    if (model->hidden == ACTIVATION_LINEAR)
        return in * out;
    return fmax((fmax(bias + in, 0) - rest) * out, (fmax(bias - in, 0) - rest) * out);
}

static void find_units(const Model *model, int i, Neurons *neurons) {
    int m = model->n_hidden;
    double sum = 0, largest = 0;
    for (int k = 0; k < m; k++) {
        double part = neuron_part(model, i, k);
        sum += fmax(part, 0);
        largest = fmax(largest, part);
    }
    for (int k = 0; k < m; k++)
        if (sum > STORED_SUM && neuron_part(model, i, k) > STORED_SHARE * largest) {
            neurons->stores[(size_t)i * m + k] = true;
            neurons->features[k]++;
            neurons->units[i]++;
        }
}

bool neurons_find(const Model *model, Arena *arena, Neurons *neurons, Error *error) {
    int n = model->n_features, m = model->n_hidden;
    *neurons = (Neurons){n, m, ARENA_TRY(arena, bool, (size_t)n *m), ARENA_TRY(arena, int, m),
                         ARENA_TRY(arena, int, n)};
    if (!neurons->stores || !neurons->features || !neurons->units)
        return error_set(error, "not enough memory for what %d units store of %d features", m, n);
    for (int i = 0; i < n; i++)
        find_units(model, i, neurons);
    return true;
}
