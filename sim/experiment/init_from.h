/* model.init_from: first weights from a file instead of random ones. */
#ifndef SUPERPOSE_EXPERIMENT_INIT_FROM_H
#define SUPERPOSE_EXPERIMENT_INIT_FROM_H

#include "sim/model/model.h"

/** Overwrites the model's parameters with those that `text` names; "none" leaves them alone.
 * FILE.npz: W and b (untied kinds also W2, and b_hidden where it is on; with an embedding W_in,
 * W_out, b_out and W_E instead, from which W, W2, b and M follow), shaped as the model's;
 * leading dimensions of 1, as in the export of a single run, are dropped. STORE.db#run: the final
 * weights of that run number. Relative paths start from the folder of the config. Fails where
 * something is missing, has another shape, or is NaN or infinite; the parameters are then not to be
 * used. */
bool init_from_load(const char *text, const char *config_path, Model *model, Arena *arena,
                    Error *error);

/** A hash of the weights that a model of this choice starts from, 16 hex digits; "unreadable" where
 * they cannot be had. Part of a run's identity: other weights in the same file are another run. */
const char *init_from_content(const Choice *choice, int n_features, const char *config_path,
                              Arena *arena);

#endif
