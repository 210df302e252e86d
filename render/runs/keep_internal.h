/* Keep's own: under which names a left run lies in a store. */
#ifndef SUPERPOSE_RENDER_RUNS_KEEP_INTERNAL_H
#define SUPERPOSE_RENDER_RUNS_KEEP_INTERNAL_H

#include "render/runs/keep.h"

/** What the fact "left" says of a run that nobody touched; of others it is their config. */
#define KEEP_UNTOUCHED "untouched"

/** The facts under which something of a left run is found by the identity it began with: its config
 * under "left", its "bookmarks", the marks of its "changes". */
const char *keep_fact(const char *what, const Experiment *experiment, int64_t number, Arena *arena);

/** Of its state, a key of its own: whoever trains the same run without being watched leaves its
 * states under the identity, and drops them at its end. */
const char *keep_state_key(const char *identity, Arena *arena);

/** A touched run's config, as an experiment beside `name`. */
const Experiment *keep_read_config(const char *name, const char *config, Arena *arena,
                                   Error *error);

#endif
