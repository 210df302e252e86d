/* What is wrong with a user's input: every problem of a file is collected and shown in one go, in
 * the file's order. */
#ifndef SUPERPOSE_CONFIG_PROBLEM_H
#define SUPERPOSE_CONFIG_PROBLEM_H

#include "sim/base/arena.h"
#include "sim/base/error.h"
#include "sim/base/text.h"

#include <stdbool.h>

/* Where a value was written. line and column count from 1; line 0: no place in a file, `file` alone
 * is shown (an override on the command line is its own "file": `train.steps=abc`). */
typedef struct Place {
    const char *file;
    int line, column;
} Place;

typedef struct Problem Problem;

typedef struct Problems {
    Arena *arena;
    Problem *first;
    int n;         /* how many */
    int n_reports; /* how often one was added, repeats too: whether a step went well */
    bool is_cut;   /* looking was given up: there may be more */
} Problems;

/** Adds "FILE:LINE:COL: message". The same message at the same place is kept once. */
void problem_add(Problems *problems, Place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Adds `<what> "<word>"; did you mean "<the nearest name>"?`, or all names where none is near.
 * names [n]. */
void problem_add_unknown(Problems *problems, Place place, const char *what, const char *word,
                         const char *const *names, int n);

/** The first of them as a failure, without its place: for a part of a file that is read late.
 * Returns false. */
bool problems_fail(const Problems *problems, Error *error);

/** All of them, one a line, ordered by place; at most 50, then "… and N more". */
void problems_print(const Problems *problems, Text *text);

#endif
