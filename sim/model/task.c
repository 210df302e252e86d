/* The table of tasks, and what all of them share. */
#include "sim/model/task.h"

#include <math.h>

extern const TaskKind task_identity, task_absolute_value, task_square, task_relu,
    task_residual_relu, task_max, task_and, task_given;

static const Kind *const rows[] = {&task_identity.kind,      &task_absolute_value.kind,
                                   &task_square.kind,        &task_relu.kind,
                                   &task_residual_relu.kind, &task_max.kind,
                                   &task_and.kind,           &task_given.kind};

static const Field fields[] = {
    {.name = "importance",
     .type = FIELD_FEATURES,
     .offset = offsetof(TaskSettings, importance),
     .fallback = "1",
     .maximum = HUGE_VAL,
     .is_live = true,
     .forms = FORM_SCALAR | FORM_DECAY | FORM_LAST | FORM_LIST,
     .help = "weight I_i of an output in the loss; decay: r^i, last: 1 for all but the last"}};

const KindTable task_table = {.name = "tasks",
                              .noun = "task kind",
                              .summary = "what the output should be",
                              .rows = rows,
                              .n_rows = sizeof rows / sizeof *rows,
                              .fields = fields,
                              .n_fields = sizeof fields / sizeof *fields,
                              .settings_size = sizeof(TaskSettings),
                              .fallback = "identity"};

bool task_open(Task *task, const Choice *choice, int n_features, Arena *arena, Error *error) {
    const TaskSettings *settings = choice->settings;
    *task = (Task){.kind = (const TaskKind *)choice->kind,
                   .settings = settings,
                   .n_outputs = n_features,
                   .importance = ARENA_TRY(arena, double, n_features)};
    if (!task->importance)
        return error_set(error, "no memory for the importance of %d outputs", n_features);
    if (!feature_values_expand(&settings->importance, n_features, task->importance, error))
        return error_prefix(error, "task.importance: ");
    return !task->kind->open || task->kind->open(task, error);
}

bool task_suits(const Task *task, const Data *data, Error *error) {
    return !task->kind->needs_targets || data->has_targets ||
           error_set(error,
                     "task %s takes targets from the data, and data of kind %s have none here",
                     task->kind->kind.name, data->kind->kind.name);
}

void task_draw(const Task *task, const Data *data, uint64_t key, uint64_t step, uint64_t block,
               int batch_size, Batch *batch) {
    data_draw(data, key, step, block, batch_size, batch);
    task->kind->complete(task, batch);
}
