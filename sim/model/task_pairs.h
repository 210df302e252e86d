/* Tasks of pairs: outputs i and i xor 1 both give one function of features i and i xor 1. (As many
 * outputs as features, so that a model of any kind fits; the two outputs of a pair want the same.)
 */
#ifndef SUPERPOSE_MODEL_TASK_PAIRS_H
#define SUPERPOSE_MODEL_TASK_PAIRS_H

#include "sim/model/task.h"

/** f(a, b) = f(b, a), with f(0, 0) = 0. */
typedef float PairFunction(float a, float b);

/** Fails where the number of features is odd. */
bool pairs_open(const Task *task, Error *error);

/** Fills y with the function of both features of every pair. A sparse sample is given entries of x
 * = 0 for the other feature of a pair with one active feature, as its output may not be 0. */
void pairs_complete(PairFunction *function, Batch *batch);

#endif
