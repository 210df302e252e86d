/* Help on the parts of a config that no table describes: one row a topic. */
#ifndef SUPERPOSE_COMMAND_TOPICS_H
#define SUPERPOSE_COMMAND_TOPICS_H

typedef struct Topic {
    const char *name, *text;
} Topic;

/** The topic of that name, or NULL. */
const Topic *topic_find(const char *name);

#endif
