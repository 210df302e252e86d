/* Task: what the output should be, y = f(x), and how much each output counts (importance I_i >= 0).
 *
 * To add a task: one file here with one TaskKind, one line in task.c's table. */
#ifndef SUPERPOSE_MODEL_TASK_H
#define SUPERPOSE_MODEL_TASK_H

#include "sim/data/data.h"

typedef struct Task Task;

/* What every kind's settings begin with. */
typedef struct TaskSettings {
    FeatureValues importance;
} TaskSettings;

typedef struct TaskKind {
    Kind kind;
    /** Checks what it was opened for; may be NULL. */
    bool (*open)(const Task *task, Error *error);
    /** Fills batch->y from batch->x; a kind that copies points y at x. f(0) = 0, so empty samples
     * have target 0. */
    void (*complete)(const Task *task, Batch *batch);
    bool needs_targets; /* y is what comes with the data */
} TaskKind;

struct Task {
    const TaskKind *kind;
    const void *settings;
    int n_outputs;
    double *importance; /* [n_outputs] */
};

extern const KindTable task_table;

/** Opens the chosen task for data of n_features features. */
bool task_open(Task *task, const Choice *choice, int n_features, Arena *arena, Error *error);

/** Whether the task can be set on such data: its targets are there. */
bool task_suits(const Task *task, const Data *data, Error *error);

/** Draws a block of data and completes it with its targets. */
void task_draw(const Task *task, const Data *data, uint64_t key, uint64_t step, uint64_t block,
               int batch_size, Batch *batch);

#endif
