/* Schedule: the learning rate over steps, as a factor of train.learning_rate.
 *
 * To add one: one row in schedule.c. */
#ifndef SUPERPOSE_TRAIN_SCHEDULE_H
#define SUPERPOSE_TRAIN_SCHEDULE_H

#include "sim/config/kind.h"

/* What every schedule has. */
typedef struct ScheduleSettings {
    int64_t warmup; /* steps over which the factor rises linearly to 1: (t+1)/warmup */
    double final;   /* fraction of the learning rate left at the end */
    int64_t steps;  /* T: over how many steps, warm-up included; 0 (auto): those of the run */
} ScheduleSettings;

typedef struct ScheduleKind {
    Kind kind;
    /** The factor, 1 … 0, after `step` of n_steps steps (from 0), without warm-up and final. */
    double (*factor)(int64_t step, int64_t n_steps);
    double end; /* the factor of all steps from n_steps on */
} ScheduleKind;

extern const KindTable schedule_table;

/** The factor for the step-th update (from 0) of a run of n_steps: warm-up, then final + (1 -
 * final) factor(t - warmup, T - warmup) until T, and final + (1 - final) end from there on. */
double schedule_factor(const Choice *choice, int64_t step, int64_t n_steps);

#endif
