/* What check.c, which reads every setting, and check_open.c, which opens what they say, share. */
#ifndef SUPERPOSE_EXPERIMENT_CHECKER_H
#define SUPERPOSE_EXPERIMENT_CHECKER_H

#include "sim/experiment/internal.h"

/* A distribution that was opened: the next runs often have the same, and it may be a large file. */
typedef struct Opened {
    Data data;
    Text text;   /* its section, by which it is known again */
    Arena arena; /* of it */
} Opened;

typedef struct Checker {
    const Experiment *experiment;
    Problems *problems;
    const Settings *base; /* a section without a kind could not be read */
    int64_t *values;      /* [n_axes]: those being tried */
    bool is_whole;        /* all sections could be read */
    bool has_changes;     /* changes were checked and can be applied */
    int64_t n_features;   /* the most of any run seen */
    int64_t rank;         /* likewise the lesser of n_features and n_hidden */
    Opened opened;
    Arena scratch;
} Checker;

/** Adds a problem where data and task of these settings, which hold after the change (NULL: from
 * the start), cannot be opened or do not go together. */
void check_phase(Checker *checker, const Change *change, const Settings *settings);

/** Opens data, task and model as the runs would, and adds a problem where that fails: for all
 * combinations of the axes that have a say in it, before and after each of the changes. `settings`
 * are those of the base. */
void check_opens(Checker *checker, const Settings *settings);

#endif
