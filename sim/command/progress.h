/* Progress of a session on stderr: one rewritten line on a terminal, else a plain line every 10 s.
 */
#ifndef SUPERPOSE_COMMAND_PROGRESS_H
#define SUPERPOSE_COMMAND_PROGRESS_H

#include "sim/experiment/runner.h"

typedef struct ProgressLine ProgressLine;

/** Starts showing; NULL (nothing is shown) where no thread can be had or `quiet`. */
ProgressLine *progress_start(const Progress *progress, bool quiet);

/** Stops and clears the rewritten line. NULL is allowed. */
void progress_stop(ProgressLine *line);

/** Seconds as people say them: "0.4 s", "12 s", "3 min 20 s", "2 h 5 min"; buffer [32]. Returns it.
 */
const char *progress_duration(char *buffer, double seconds);

#endif
