/* A program run to its end, as a user would run it: what it printed, and the most memory it held.
 */
#ifndef SUPERPOSE_TESTS_BENCH_CHILD_H
#define SUPERPOSE_TESTS_BENCH_CHILD_H

#include "sim/base/text.h"

#include <stdbool.h>

typedef struct Child {
    Text output;    /* its stdout; its stderr is ours */
    int code;       /* its exit code, or 128 + the signal that ended it */
    double wall_s;  /* from start to end */
    double max_mib; /* largest resident memory (ru_maxrss); at least what this process held when it
                       started the child */
} Child;

/** Runs words [NULL-ended], words[0] looked for on the PATH; false where it cannot be started. The
 * caller releases `output`. */
bool child_run(const char *const *words, Child *child);

#endif
