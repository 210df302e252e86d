/* Help on what no table of kinds describes, mostly parts of a config: one row a topic. */
#ifndef SUPERPOSE_COMMAND_TOPICS_H
#define SUPERPOSE_COMMAND_TOPICS_H

#include "sim/base/text.h"

typedef struct Topic {
    const char *name, *text;
    void (*add)(Text *text); /* adds what depends on the machine; NULL: nothing does */
} Topic;

/** The topic of that name, or NULL. */
const Topic *topic_find(const char *name);

#endif
