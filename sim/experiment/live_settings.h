/* Which settings of a training can be changed while it runs, and what they are now: what a viewer
 * makes sliders of. */
#ifndef SUPERPOSE_EXPERIMENT_LIVE_SETTINGS_H
#define SUPERPOSE_EXPERIMENT_LIVE_SETTINGS_H

#include "sim/train/train.h"

/* A live setting that is a single number, or a number inside of one ({decay: 0.9}). */
typedef struct LiveSetting {
    const char *key;    /* for `changes`: task.importance.decay */
    const Field *field; /* of the whole setting: help, unit, is_open, FIELD_INTEGER or not */
    double value;
    double minimum, maximum; /* allowed; infinite where there is no limit */
} LiveSetting;

/** Those of a training, by sections: [n]. Lists, a word in a number's place, and the momentum of
 * other optimizers than that, are left out. */
const LiveSetting *live_settings(const Settings *settings, Arena *arena, int *n);

#endif
